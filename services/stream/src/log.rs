//! The two traits every stage is written against.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use crate::{Batch, LogError, Outgoing, PartitionEnd, Topic};

/// A durable, partitioned log of topics.
#[async_trait]
pub trait Log: Send + Sync + 'static {
    /// Append `records` to `topic`, creating the topic when it is missing. Durable when it returns.
    ///
    /// Records with the same key keep the order they have in `records`. Waits while too much is in flight
    /// (back-pressure). After an error some of the records may be in the log all the same (embedded: all or none), so
    /// appending again may repeat them; consumers drop repeats.
    ///
    /// # Errors
    /// [`LogError::TooLarge`] and [`LogError::BatchTooLarge`] before anything is written; otherwise what
    /// [`LogError::is_retryable`] says.
    async fn append(&self, topic: &Topic, records: Vec<Outgoing>) -> Result<(), LogError>;

    /// Join `group` on `topic` as a new member. The member leaves when the subscription is dropped.
    ///
    /// Each partition starts at the group's committed position, without one at the oldest record kept.
    async fn subscribe(&self, topic: &Topic, group: &str) -> Result<Box<dyn Subscription>, LogError>;

    /// The readable range of every partition of `topic`, by partition number.
    async fn ends(&self, topic: &Topic) -> Result<Vec<PartitionEnd>, LogError>;

    /// The committed positions of `group` in `topic`, by partition; those without one are left out. The distance to
    /// [`Log::ends`] is what the group has not taken yet.
    async fn committed(&self, topic: &Topic, group: &str) -> Result<BTreeMap<i32, i64>, LogError>;

    /// Whether appends and reads can work now; for `/readyz`.
    async fn ready(&self) -> Result<(), LogError>;
}

/// One member of a consumer group reading one topic.
#[async_trait]
pub trait Subscription: Send {
    /// The next records of one of this member's partitions: at most `records_max`, at least one; `None` when none came
    /// within `wait`. Returns as soon as there is any record.
    ///
    /// Cancel-safe: a cancelled call loses nothing, the next one delivers what it would have. Call it at least every
    /// few minutes: Kafka takes the partitions of a member that does not.
    async fn next(&mut self, records_max: usize, wait: Duration) -> Result<Option<Batch>, LogError>;

    /// Make `next` the group's position in `partition`: where a member starts that is given the partition later.
    /// Durable when it returns. Commit after the effect of the records, never before.
    ///
    /// # Errors
    /// [`LogError::NotAssigned`] when another member reads the partition by now, and retryable errors while the group
    /// rebalances or a broker is away. In either case just go on with [`next`](Subscription::next): a later commit
    /// covers this one, or the next reader repeats these records.
    async fn commit(&mut self, partition: i32, next: i64) -> Result<(), LogError>;

    /// Go on reading `partition` at offset `next`, for positions kept elsewhere (SQL). Does not commit.
    ///
    /// # Errors
    /// [`LogError::Trimmed`] when retention removed that offset, [`LogError::BeyondEnd`] when the log never reached it,
    /// [`LogError::NotAssigned`] when the partition is another member's. The position is then as before.
    async fn seek(&mut self, partition: i32, next: i64) -> Result<(), LogError>;

    /// The partitions this member reads now, ascending. On Kafka empty until the first calls of
    /// [`next`](Subscription::next) have joined the group.
    fn assigned(&self) -> Vec<i32>;
}
