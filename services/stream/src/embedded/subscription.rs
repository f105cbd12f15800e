//! One member of a group reading the embedded log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::tables::{self, Change};
use super::{Inner, TopicState, blocking, encode, writer};
use crate::{Batch, Incoming, LogError, Subscription};

/// One member of a group.
pub(super) struct EmbeddedSubscription {
    inner: Arc<Inner>,
    topic: Arc<TopicState>,
    group: String,
    member: u64,
    held: BTreeMap<i32, Held>,
    /// The partition read last; the others come first.
    last: i32,
}

/// A partition that this member reads.
#[derive(Clone, Copy)]
struct Held {
    epoch: u64,
    position: i64,
}

impl EmbeddedSubscription {
    /// Join `group`, whose committed positions have been loaded.
    pub(super) fn join(inner: Arc<Inner>, topic: Arc<TopicState>, group: &str) -> EmbeddedSubscription {
        let member = topic.with_group(group, super::group::Group::join).unwrap_or_default();
        topic.changed.notify_waiters();
        let mut subscription =
            EmbeddedSubscription { inner, topic, group: group.to_owned(), member, held: BTreeMap::new(), last: -1 };
        subscription.refresh();
        subscription
    }

    /// Take over what the group assigned to this member, and let go of the rest.
    fn refresh(&mut self) {
        let held = std::mem::take(&mut self.held);
        let topic = &self.topic;
        let owned = topic.with_group(&self.group, |group| {
            let keep = |(partition, epoch)| {
                let position = match held.get(&partition) {
                    Some(held) if held.epoch == epoch => held.position,
                    _ => group.committed(partition).unwrap_or_else(|| topic.earliest(partition)),
                };
                (partition, Held { epoch, position })
            };
            group.owned(self.member).map(keep).collect()
        });
        self.held = owned.unwrap_or_default();
    }

    /// The next partition, in turn, that has something to read.
    fn pick(&self) -> Option<(i32, i64)> {
        let after = self.held.range(self.last.saturating_add(1)..);
        let until = self.held.range(..=self.last);
        after
            .chain(until)
            .map(|(partition, held)| (*partition, held.position))
            .find(|(partition, position)| self.topic.next(*partition) > *position)
    }

    async fn read(&self, partition: i32, from: i64, records_max: usize) -> Result<Vec<Incoming>, LogError> {
        let (inner, number) = (self.inner.clone(), self.topic.number);
        blocking(move || inner.read((number, partition), from, records_max)).await
    }

    fn check_owned(&self, partition: i32) -> Result<(), LogError> {
        let owned = self.topic.with_group(&self.group, |group| group.owns(self.member, partition));
        if owned == Some(true) { Ok(()) } else { Err(LogError::NotAssigned { partition }) }
    }
}

#[async_trait]
impl Subscription for EmbeddedSubscription {
    async fn next(&mut self, records_max: usize, wait: Duration) -> Result<Option<Batch>, LogError> {
        let deadline = Instant::now() + wait;
        let topic = self.topic.clone();
        loop {
            let changed = topic.changed.notified();
            tokio::pin!(changed);
            // From here on no append and no rebalance is missed.
            changed.as_mut().enable();
            self.refresh();
            let Some((partition, position)) = self.pick() else {
                if tokio::time::timeout_at(deadline, changed).await.is_err() {
                    return Ok(None);
                }
                continue;
            };
            let records = self.read(partition, position, records_max.max(1)).await?;
            // Nothing awaits between here and the return: a cancelled call has not moved the position.
            let from = match records.first() {
                Some(first) if first.offset == position => position,
                _ => topic.earliest(partition).max(position),
            };
            if from > position {
                metrics::counter!("stream_trimmed_records_total", "topic" => topic.name.to_string())
                    .increment((from - position).unsigned_abs());
                tracing::warn!(topic = %topic.name, group = %self.group, partition, position, earliest = from,
                    "retention removed records before they were read");
            }
            self.last = partition;
            let next = records.last().map_or(from, |last| last.offset + 1);
            if let Some(held) = self.held.get_mut(&partition) {
                held.position = next;
            }
            if !records.is_empty() {
                return Ok(Some(Batch { partition, from, next, records }));
            }
        }
    }

    async fn commit(&mut self, partition: i32, next: i64) -> Result<(), LogError> {
        self.check_owned(partition)?;
        let end = self.topic.next(partition);
        if !(0..=end).contains(&next) {
            return Err(LogError::BeyondEnd { partition, asked: next, next: end });
        }
        let change = Change::Position { topic: self.topic.number, partition, group: self.group.clone(), next };
        writer::submit(&self.inner, change, self.group.len(), None).await
    }

    async fn seek(&mut self, partition: i32, next: i64) -> Result<(), LogError> {
        self.refresh();
        let (earliest, end) = (self.topic.earliest(partition), self.topic.next(partition));
        let Some(held) = self.held.get_mut(&partition) else {
            return Err(LogError::NotAssigned { partition });
        };
        if next < earliest {
            return Err(LogError::Trimmed { earliest });
        }
        if next > end {
            return Err(LogError::BeyondEnd { partition, asked: next, next: end });
        }
        held.position = next;
        Ok(())
    }

    fn assigned(&self) -> Vec<i32> {
        let owned =
            |group: &mut super::group::Group| group.owned(self.member).map(|(partition, _)| partition).collect();
        self.topic.with_group(&self.group, owned).unwrap_or_default()
    }
}

impl Drop for EmbeddedSubscription {
    fn drop(&mut self) {
        self.topic.with_group(&self.group, |group| group.leave(self.member));
        self.topic.changed.notify_waiters();
    }
}

impl Inner {
    fn read(&self, key: (i32, i32), from: i64, records_max: usize) -> Result<Vec<Incoming>, LogError> {
        let bytes_max = self.options.limits.batch_bytes_max;
        let decoded = self.file.run("read", |database| {
            let mut records = Vec::new();
            tables::read(database, key, from, records_max, bytes_max, |offset, value| {
                records.push(encode::decode(key.1, offset, value).map_err(|what| (offset, what)));
            })?;
            Ok(records)
        })?;
        let damaged = |(offset, what): (i64, &str)| LogError::Damaged {
            what: format!("record {offset} of partition {}: {what}", key.1),
        };
        decoded.into_iter().map(|record| record.map_err(damaged)).collect()
    }
}
