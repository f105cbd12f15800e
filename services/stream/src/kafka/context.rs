//! What librdkafka tells us on the side: log lines, errors, rebalances.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaError;

/// For producers and administration.
#[derive(Clone, Debug, Default)]
pub(super) struct Context;

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "Kafka client error");
    }
}

/// For one member of a group.
#[derive(Debug, Default)]
pub(super) struct MemberContext {
    state: Mutex<Membership>,
}

/// What a member reads, as the last rebalances left it.
#[derive(Debug, Default)]
pub(super) struct Membership {
    pub(super) assigned: BTreeSet<i32>,
    /// Partitions taken away since the member last looked. One may have come back since.
    pub(super) lost: BTreeSet<i32>,
}

impl MemberContext {
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Membership) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl ClientContext for MemberContext {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "Kafka client error");
    }
}

impl ConsumerContext for MemberContext {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let Rebalance::Revoke(list) = rebalance {
            self.with(|state| {
                for partition in list.elements().iter().map(|element| element.partition()) {
                    state.assigned.remove(&partition);
                    state.lost.insert(partition);
                }
            });
        }
    }

    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => self.with(|state| {
                state.assigned.extend(list.elements().iter().map(|element| element.partition()));
                tracing::debug!(assigned = ?state.assigned, "partitions assigned");
            }),
            Rebalance::Revoke(_) => {}
            Rebalance::Error(error) => tracing::warn!(%error, "rebalancing failed"),
        }
    }
}

fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical | RDKafkaLogLevel::Error => {
            tracing::error!(facility, "librdkafka: {message}");
        }
        RDKafkaLogLevel::Warning => tracing::warn!(facility, "librdkafka: {message}"),
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => tracing::info!(facility, "librdkafka: {message}"),
        RDKafkaLogLevel::Debug => tracing::debug!(facility, "librdkafka: {message}"),
    }
}
