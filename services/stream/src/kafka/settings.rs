//! librdkafka's settings, and which promise each one keeps.

use std::sync::Arc;

use rdkafka::ClientConfig;
use rdkafka::admin::AdminClient;
use rdkafka::config::FromClientConfigAndContext;
use rdkafka::consumer::StreamConsumer;
use rdkafka::producer::FutureProducer;

use super::KafkaOptions;
use super::context::{Context, MemberContext};
use crate::LogError;

/// Settings that the promises of the log rest on; `extra` must not touch them.
const OURS: [&str; 11] = [
    "acks",
    "auto.offset.reset",
    "bootstrap.servers",
    "delivery.timeout.ms",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.idempotence",
    "group.id",
    "message.timeout.ms",
    "metadata.broker.list",
    "request.required.acks",
];
/// What a record's framing may add to [`Limits::record_bytes_max`](crate::Limits::record_bytes_max).
pub(super) const FRAMING_BYTES_MAX: usize = 64 * 1024;
/// Messages librdkafka may hold; bytes are what really limits, see `pending_bytes_max`.
const QUEUE_MESSAGES_MAX: usize = 1_000_000;

pub(super) fn admin(options: &KafkaOptions) -> Result<AdminClient<Context>, LogError> {
    create(&base(options)?, Context)
}

pub(super) fn producer(options: &KafkaOptions) -> Result<FutureProducer<Context>, LogError> {
    let mut config = base(options)?;
    config
        // Every in-sync replica has it; retries neither repeat nor reorder.
        .set("acks", "all")
        .set("enable.idempotence", "true")
        .set("message.timeout.ms", options.append_timeout_ms.to_string())
        .set("message.max.bytes", (options.limits.record_bytes_max + FRAMING_BYTES_MAX).to_string())
        // Twice what callers may have in flight: the records of cancelled appends are in there too.
        .set("queue.buffering.max.kbytes", (options.limits.pending_bytes_max / 512).max(64).to_string())
        .set("queue.buffering.max.messages", QUEUE_MESSAGES_MAX.to_string());
    default(&mut config, options, "linger.ms", "1");
    default(&mut config, options, "compression.type", "lz4");
    create(&config, Context)
}

pub(super) fn consumer(options: &KafkaOptions, group: &str) -> Result<StreamConsumer<MemberContext>, LogError> {
    let mut config = base(options)?;
    config
        .set("group.id", group)
        // Positions are committed only when the caller says so.
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "earliest")
        .set("session.timeout.ms", options.session_timeout_ms.to_string())
        .set("heartbeat.interval.ms", (options.session_timeout_ms / 10).clamp(100, 3_000).to_string())
        .set("fetch.message.max.bytes", (options.limits.record_bytes_max + FRAMING_BYTES_MAX).to_string())
        // What is fetched ahead, all partitions together.
        .set("queued.max.messages.kbytes", (options.limits.batch_bytes_max / 256).max(1024).to_string());
    default(&mut config, options, "partition.assignment.strategy", "cooperative-sticky");
    default(&mut config, options, "isolation.level", "read_committed");
    default(&mut config, options, "fetch.wait.max.ms", "100");
    create(&config, MemberContext::default())
}

fn base(options: &KafkaOptions) -> Result<ClientConfig, LogError> {
    if let Some(key) = options.extra.keys().find(|key| OURS.contains(&key.as_str())) {
        return Err(LogError::Setting { what: format!("{key} is fixed, because the log's promises rest on it") });
    }
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &options.brokers).set("client.id", &options.client_id);
    for (key, value) in &options.extra {
        config.set(key, value);
    }
    Ok(config)
}

fn default(config: &mut ClientConfig, options: &KafkaOptions, key: &str, value: &str) {
    if !options.extra.contains_key(key) {
        config.set(key, value);
    }
}

fn create<C, T: FromClientConfigAndContext<C>>(config: &ClientConfig, context: C) -> Result<T, LogError>
where
    C: rdkafka::client::ClientContext,
{
    T::from_config_and_context(config, context).map_err(|error| match error {
        rdkafka::error::KafkaError::ClientConfig(_, why, key, _) => LogError::Setting { what: format!("{key}: {why}") },
        other => LogError::Kafka { doing: "be set up", retryable: false, source: Arc::new(other) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_settings() {
        let table = [
            ("acks", "1", "acks is fixed"),
            ("enable.idempotence", "false", "enable.idempotence is fixed"),
            ("no.such.setting", "1", "no.such.setting: "),
            ("linger.ms", "soon", "linger.ms: "),
        ];
        for (key, value, expected) in table {
            let mut options = KafkaOptions::new("127.0.0.1:1");
            options.extra.insert(key.to_owned(), value.to_owned());
            let error = producer(&options).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(expected), "{key}: {error}");
        }
    }
}
