//! Removing records that are older, or more, than a topic keeps.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::tables::{self, Trim, Trimmed};
use super::{EmbeddedLog, Inner, TopicState};
use crate::LogError;

/// Records removed in one transaction, so that appends get their turn in between.
const TRIM_RECORDS_MAX: usize = 10_000;

/// What [`EmbeddedLog::expire`] removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Records removed.
    pub records: i64,
    /// Their stored bytes.
    pub bytes: i64,
    /// Records among them that some group had not committed past. Not 0 means that a consumer is too slow.
    pub unread: i64,
}

impl EmbeddedLog {
    /// Apply every topic's retention, with `now_ms` (milliseconds since 1970 UTC) as the time. Call it from a timer,
    /// at least hourly: ages are counted between calls. No record is removed before its age; it goes at most 1/256 of
    /// the age, or one interval between calls if that is longer, after it.
    ///
    /// Cancelled, it goes on to the end of one partition in the background.
    ///
    /// # Errors
    /// Storage errors. What had been removed stays removed; the next call goes on.
    pub async fn expire(&self, now_ms: i64) -> Result<Expired, LogError> {
        let mut expired = Expired::default();
        for topic in self.inner.all_topics() {
            let options = self.inner.options.topics.of(&topic.name);
            let partitions = topic.partition_count();
            for partition in 0..partitions {
                let ask = Trim {
                    topic: topic.number,
                    partition,
                    now_ms,
                    age_ms: options.retention.age_ms,
                    bytes_max: options.retention.bytes_max.map(|bytes| bytes / i64::from(partitions.max(1))),
                    records_max: TRIM_RECORDS_MAX,
                };
                if ask.age_ms.is_none() && ask.bytes_max.is_none() {
                    continue;
                }
                let (inner, topic) = (self.inner.clone(), topic.clone());
                let done = super::blocking(move || trim_partition(&inner, &topic, ask)).await?;
                expired.records += done.records;
                expired.bytes += done.bytes;
                expired.unread += done.unread;
            }
        }
        Ok(expired)
    }
}

fn trim_partition(inner: &Arc<Inner>, topic: &TopicState, ask: Trim) -> Result<Trimmed, LogError> {
    let mut total = Trimmed::default();
    loop {
        let step = inner.file.run("remove old records", |database| tables::trim(database, ask))?;
        if let Some(partition) = topic.partition(ask.partition) {
            partition.earliest.store(step.earliest, Ordering::Release);
        }
        total.records += step.records;
        total.bytes += step.bytes;
        total.unread += step.unread;
        if !step.more {
            break;
        }
    }
    if total.unread > 0 {
        tracing::warn!(topic = %topic.name, partition = ask.partition, records = total.unread,
            "retention removed records that a group had not read");
    }
    Ok(total)
}
