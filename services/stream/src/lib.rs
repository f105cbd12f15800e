//! The log between the stages of a post: one trait, two providers, one conformance suite.
//!
//! [`EmbeddedLog`] keeps everything in one directory of one process; [`KafkaLog`] uses Apache Kafka. Both keep these
//! promises, which `tests/conformance` checks on each:
//! - a record is durable before [`Log::append`] returns (embedded: fsync; Kafka: `acks=all`);
//! - records of one topic with the same key are read in the order in which one caller appended them;
//! - transport is at-least-once. A consumer that stores [`Batch::next`] together with its output and calls
//!   [`Subscription::seek`] at its start gets exactly-once effect;
//! - a group reads each partition in one member at a time, and groups do not see each other;
//! - retention removes only what it was asked to remove, and never silently: see [`LogError::Trimmed`] and
//!   [`Batch::from`].
//!
//! What this crate deliberately does not know: what is in a record (garbage is delivered as it is), the time (callers
//! give it), and how tasks are run (it starts none of its own).

mod budget;
mod embedded;
mod error;
mod kafka;
mod log;
mod partition;
mod record;
mod topic;

pub use embedded::{EmbeddedLog, EmbeddedOptions, Expired};
pub use error::{Cause, LogError};
pub use kafka::{KafkaLog, KafkaOptions};
pub use log::{Log, Subscription};
pub use partition::partition_of;
pub use record::{Batch, Incoming, Limits, Outgoing, PartitionEnd};
pub use topic::{ASSESSED, CATALOGUE, DEAD, POSTS, Retention, Topic, TopicOptions, TopicPlan};
