//! librdkafka's errors in the terms of the log.

use std::sync::Arc;

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::LogError;

/// `doing` is a verb phrase.
pub(super) fn explain(brokers: &str, doing: &'static str, error: KafkaError) -> LogError {
    match error_code(&error) {
        Some(Code::QueueFull) => LogError::Busy,
        Some(
            Code::AllBrokersDown
            | Code::BrokerNotAvailable
            | Code::BrokerTransportFailure
            | Code::MessageTimedOut
            | Code::NetworkException
            | Code::OperationTimedOut
            | Code::RequestTimedOut
            | Code::Resolve
            | Code::TimedOutQueue,
        ) => LogError::Unavailable { brokers: brokers.to_owned(), doing, source: Arc::new(error) },
        code => LogError::Kafka { doing, retryable: code.is_some_and(may_pass), source: Arc::new(error) },
    }
}

/// The code of any kind of error.
pub(super) fn error_code(error: &KafkaError) -> Option<Code> {
    match error {
        KafkaError::AdminOp(code) => Some(*code),
        other => other.rdkafka_error_code(),
    }
}

/// Conditions of a cluster that changes leaders, loads, or has lost replicas for now. `Fatal` is among them because the
/// producer is replaced.
fn may_pass(code: Code) -> bool {
    matches!(
        code,
        Code::CoordinatorLoadInProgress
            | Code::CoordinatorNotAvailable
            | Code::Fatal
            | Code::IllegalGeneration
            | Code::ISRInsufficient
            | Code::InProgress
            | Code::LeaderNotAvailable
            | Code::NotCoordinator
            | Code::NotEnoughReplicas
            | Code::NotEnoughReplicasAfterAppend
            | Code::NotLeaderForPartition
            | Code::PollExceeded
            | Code::PurgeInflight
            | Code::PurgeQueue
            | Code::RebalanceInProgress
            | Code::ReplicaNotAvailable
            | Code::Retry
            | Code::State
            | Code::UnknownPartition
            | Code::UnknownTopic
            | Code::UnknownTopicOrPartition
            | Code::WaitCache
            | Code::WaitingForCoordinator
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retryable_or_final() {
        let table = [
            (KafkaError::MessageProduction(Code::QueueFull), true, "too many records"),
            (KafkaError::MessageProduction(Code::MessageTimedOut), true, "no answer from a broker"),
            (KafkaError::MetadataFetch(Code::BrokerTransportFailure), true, "Kafka at host:1 could not try"),
            (KafkaError::AdminOp(Code::NotEnoughReplicas), true, "Kafka could not try"),
            (KafkaError::ConsumerCommit(Code::GroupAuthorizationFailed), false, "Kafka could not try"),
            (KafkaError::MessageProduction(Code::MessageSizeTooLarge), false, "Kafka could not try"),
            (KafkaError::Canceled, false, "Kafka could not try"),
        ];
        for (error, retryable, text) in table {
            let explained = explain("host:1", "try", error);
            assert_eq!(explained.is_retryable(), retryable, "{explained:?}");
            assert!(explained.to_string().contains(text), "{explained}");
        }
    }
}
