//! What can go wrong with a log.

use std::path::PathBuf;
use std::sync::Arc;

/// The error underneath: of the storage engine, the operating system or librdkafka. Shared, because one failed write
/// fails every append that was written with it.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// What can go wrong with a log. [`LogError::is_retryable`] tells whether the same call may work later.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// A topic or group name breaks the rule of [`Topic`](crate::Topic).
    #[error("{name:?} cannot name a topic or group: use 1 to 249 of a-z A-Z 0-9 . _ -")]
    Name {
        /// As given.
        name: String,
    },
    /// One record is over the limit. Nothing of the append was written.
    #[error("a record of {bytes} bytes is over the limit of {max}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// [`Limits::record_bytes_max`](crate::Limits::record_bytes_max).
        max: usize,
    },
    /// One append is over the limits. Nothing of it was written: split it.
    #[error("an append of {records} records and {bytes} bytes is over the limit of {records_max} and {bytes_max}")]
    BatchTooLarge {
        /// Records in the append.
        records: usize,
        /// [`Limits::append_records_max`](crate::Limits::append_records_max).
        records_max: usize,
        /// Bytes in the append.
        bytes: usize,
        /// [`Limits::append_bytes_max`](crate::Limits::append_bytes_max).
        bytes_max: usize,
    },
    /// Retention removed the offset asked for.
    #[error("retention removed that offset; the oldest kept is {earliest}")]
    Trimmed {
        /// The oldest offset kept.
        earliest: i64,
    },
    /// The log never reached the offset asked for: the position belongs to another log, or the log was restored from an
    /// older copy.
    #[error("offset {asked} of partition {partition} is beyond the end {next}")]
    BeyondEnd {
        /// The partition.
        partition: i32,
        /// The offset asked for.
        asked: i64,
        /// The offset the next record will get.
        next: i64,
    },
    /// The partition is not this member's (any more).
    #[error("partition {partition} is not assigned to this member of the group")]
    NotAssigned {
        /// The partition.
        partition: i32,
    },
    /// The topic has more partitions than asked for, or a number below 1 was asked for.
    #[error("topic {topic} has {found} partitions and the configuration says {asked}: set it to {found} or more")]
    Partitions {
        /// The topic.
        topic: String,
        /// From the configuration.
        asked: i32,
        /// What there is.
        found: i32,
    },
    /// Another process has the directory open, or this one has opened it already.
    #[error("another process has this log open: {}", directory.display())]
    Locked {
        /// The directory of the log.
        directory: PathBuf,
    },
    /// The directory cannot be created or written.
    #[error("cannot use {} for the log", directory.display())]
    Directory {
        /// The directory of the log.
        directory: PathBuf,
        /// What the operating system says.
        #[source]
        source: Cause,
    },
    /// The directory was written by a version of this program that this one cannot read.
    #[error("the log in {} has format {found}; this program reads format {known}", directory.display())]
    Format {
        /// The directory of the log.
        directory: PathBuf,
        /// In the directory.
        found: u64,
        /// The newest this program knows.
        known: u64,
    },
    /// The disk is full. Free space and try again; nothing acknowledged is lost.
    #[error("the disk of the log is full")]
    DiskFull {
        /// What the operating system says.
        #[source]
        source: Cause,
    },
    /// Reading or writing the embedded log failed. Nothing acknowledged is lost; the next call opens the file again.
    #[error("the embedded log could not {doing}")]
    Storage {
        /// A verb phrase.
        doing: &'static str,
        /// Of the storage engine.
        #[source]
        source: Cause,
    },
    /// A stored record or table is not what this program writes.
    #[error("the embedded log is damaged: {what}")]
    Damaged {
        /// Which item, and what is wrong with it.
        what: String,
    },
    /// Too much is waiting to be written for too long.
    #[error("too many records are waiting to be written")]
    Busy,
    /// A setting for Kafka that librdkafka does not take, or that is not the operator's to set.
    #[error("Kafka setting {what}")]
    Setting {
        /// Which one, and why not.
        what: String,
    },
    /// No broker can be reached, or none answered in time.
    #[error("Kafka at {brokers} could not {doing}: no answer from a broker")]
    Unavailable {
        /// As configured.
        brokers: String,
        /// A verb phrase.
        doing: &'static str,
        /// Of librdkafka.
        #[source]
        source: Cause,
    },
    /// Kafka refused.
    #[error("Kafka could not {doing}")]
    Kafka {
        /// A verb phrase.
        doing: &'static str,
        /// Whether it may work later.
        retryable: bool,
        /// Of librdkafka.
        #[source]
        source: Cause,
    },
    /// The log is shutting down; whether the record was written is unknown.
    #[error("the log is shutting down")]
    Closed,
}

impl LogError {
    /// Whether the same call may work later without anybody changing its input or the configuration.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            LogError::DiskFull { .. } | LogError::Storage { .. } | LogError::Busy | LogError::Unavailable { .. } => {
                true
            }
            LogError::Kafka { retryable, .. } => *retryable,
            LogError::Name { .. }
            | LogError::TooLarge { .. }
            | LogError::BatchTooLarge { .. }
            | LogError::Trimmed { .. }
            | LogError::BeyondEnd { .. }
            | LogError::NotAssigned { .. }
            | LogError::Partitions { .. }
            | LogError::Locked { .. }
            | LogError::Directory { .. }
            | LogError::Format { .. }
            | LogError::Damaged { .. }
            | LogError::Setting { .. }
            | LogError::Closed => false,
        }
    }
}
