//! Topics on the broker: found, created, grown, never shrunk.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use rdkafka::admin::{AdminOptions, NewPartitions, NewTopic, TopicReplication, TopicResult};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::metadata::Metadata;

use super::settings::FRAMING_BYTES_MAX;
use super::{Inner, explain};
use crate::{LogError, Topic, TopicOptions};

/// A change of a topic takes a moment to reach every broker: how often to look, and the pause between looks.
const LOOKS_MAX: usize = 50;
const LOOK_PAUSE: Duration = Duration::from_millis(100);

const MINUTE_MS: i64 = 60_000;
const WEEK_MS: i64 = 7 * 24 * 60 * MINUTE_MS;

impl Inner {
    /// Topics and their partitions. Asks for all topics: naming one could create it with the broker's defaults. Blocks.
    pub(super) fn metadata(&self) -> Result<Metadata, KafkaError> {
        self.admin.inner().fetch_metadata(None, self.options.request_timeout())
    }

    /// The number of partitions of `topic`, which is created when missing, and given more when the options say so.
    pub(super) async fn partitions(self: &Arc<Inner>, topic: &Topic) -> Result<i32, LogError> {
        if let Some(known) = self.partitions.lock().unwrap_or_else(PoisonError::into_inner).get(topic) {
            return Ok(*known);
        }
        let asked = self.options.topics.of(topic);
        for look in 0..LOOKS_MAX {
            if look > 0 {
                tokio::time::sleep(LOOK_PAUSE).await;
            }
            match self.find(topic).await? {
                None if look == 0 => self.create(topic, asked).await?,
                Some(found) if look == 0 && (1..asked.partitions).contains(&found) => {
                    tracing::warn!(%topic, from = found, to = asked.partitions, "adding partitions: keys may move");
                    self.grow(topic, asked).await?;
                }
                Some(found) if found > asked.partitions => {
                    return Err(LogError::Partitions { topic: topic.to_string(), asked: asked.partitions, found });
                }
                Some(found) if found == asked.partitions => {
                    self.partitions.lock().unwrap_or_else(PoisonError::into_inner).insert(topic.clone(), found);
                    return Ok(found);
                }
                _ => {}
            }
        }
        let error = KafkaError::AdminOp(RDKafkaErrorCode::UnknownTopicOrPartition);
        Err(explain::explain(&self.options.brokers, "create a topic in time", error))
    }

    async fn find(self: &Arc<Inner>, topic: &Topic) -> Result<Option<i32>, LogError> {
        let topic = topic.clone();
        self.ask("list its topics", move |inner| {
            let metadata = inner.metadata()?;
            let found =
                metadata.topics().iter().find(|found| found.name() == topic.as_str() && found.error().is_none());
            let count = found.map(|found| i32::try_from(found.partitions().len()).unwrap_or(i32::MAX));
            Ok(count.filter(|count| *count > 0))
        })
        .await
    }

    async fn create(&self, topic: &Topic, asked: TopicOptions) -> Result<(), LogError> {
        if asked.partitions < 1 {
            return Err(LogError::Partitions { topic: topic.to_string(), asked: asked.partitions, found: 1 });
        }
        let settings = topic_settings(asked, self.options.replication, self.options.limits.record_bytes_max);
        // -1 is "as the broker is configured".
        let replication = TopicReplication::Fixed(self.options.replication.unwrap_or(-1));
        let mut wanted = NewTopic::new(topic.as_str(), asked.partitions, replication);
        for (key, value) in &settings {
            wanted = wanted.set(key, value);
        }
        let outcome = self.admin.create_topics([&wanted], &self.admin_options()).await;
        self.judge("create a topic", outcome)
    }

    async fn grow(&self, topic: &Topic, asked: TopicOptions) -> Result<(), LogError> {
        let wanted = NewPartitions::new(topic.as_str(), usize::try_from(asked.partitions).unwrap_or(1));
        let outcome = self.admin.create_partitions([&wanted], &self.admin_options()).await;
        self.judge("add partitions to a topic", outcome)
    }

    fn admin_options(&self) -> AdminOptions {
        let timeout = self.options.request_timeout();
        AdminOptions::new().request_timeout(Some(timeout)).operation_timeout(Some(timeout))
    }

    /// That another process was faster is no error; the next look sees what it made.
    fn judge(&self, doing: &'static str, outcome: Result<Vec<TopicResult>, KafkaError>) -> Result<(), LogError> {
        let explained = |error| explain::explain(&self.options.brokers, doing, error);
        for result in outcome.map_err(explained)? {
            match result {
                Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists | RDKafkaErrorCode::InvalidPartitions)) => {}
                Err((_, code)) => return Err(explained(KafkaError::AdminOp(code))),
            }
        }
        Ok(())
    }
}

/// What a topic is created with, in Kafka's names.
fn topic_settings(
    asked: TopicOptions,
    replication: Option<i32>,
    record_bytes_max: usize,
) -> Vec<(&'static str, String)> {
    let mut settings = vec![
        ("cleanup.policy", "delete".to_owned()),
        ("retention.ms", asked.retention.age_ms.unwrap_or(-1).to_string()),
        ("max.message.bytes", (record_bytes_max + FRAMING_BYTES_MAX).to_string()),
    ];
    if let Some(bytes) = asked.retention.bytes_max {
        // Kafka counts by partition.
        settings.push(("retention.bytes", (bytes / i64::from(asked.partitions)).to_string()));
    }
    if let Some(age_ms) = asked.retention.age_ms {
        // Kafka removes whole segments once their newest record is due: short ones keep "at most 30 days" near 30 days.
        settings.push(("segment.ms", (age_ms / 30).clamp(10 * MINUTE_MS, WEEK_MS).to_string()));
    }
    if replication.is_some_and(|copies| copies >= 3) {
        settings.push(("min.insync.replicas", "2".to_owned()));
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Retention;

    #[test]
    fn settings_of_a_topic() {
        let month = TopicOptions { partitions: 4, retention: Retention::MONTH };
        let forever = TopicOptions { partitions: 1, retention: Retention::FOREVER };
        let small = TopicOptions { partitions: 2, retention: Retention { age_ms: None, bytes_max: Some(1000) } };
        let table = [
            (month, Some(3), "retention.ms=2592000000 segment.ms=86400000 min.insync.replicas=2"),
            (forever, Some(1), "retention.ms=-1"),
            (small, None, "retention.ms=-1 retention.bytes=500"),
        ];
        for (asked, replication, expected) in table {
            let settings = topic_settings(asked, replication, 1 << 20);
            let shown: Vec<String> = settings
                .iter()
                .filter(|(key, _)| !["cleanup.policy", "max.message.bytes"].contains(key))
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            assert_eq!(shown.join(" "), expected);
        }
    }
}
