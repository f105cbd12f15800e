//! The Apache Kafka provider.

mod context;
mod explain;
mod settings;
mod subscription;
mod topics;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rdkafka::TopicPartitionList;
use rdkafka::admin::AdminClient;
use rdkafka::consumer::Consumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer};
use tokio::time::Instant;

use crate::budget::Budget;
use crate::topic::check_name;
use crate::{Limits, Log, LogError, Outgoing, PartitionEnd, Subscription, Topic, TopicPlan, partition_of};
use context::Context;
use subscription::KafkaSubscription;

/// Header that carries [`Outgoing::at_ms`], in decimal. Kafka's own timestamp stays the time of the append, because its
/// retention goes by it and would remove old posts that are loaded today.
const AT_HEADER: &str = "huiyin-at-ms";
/// Pause before a record is offered again to a full queue.
const QUEUE_FULL_PAUSE: Duration = Duration::from_millis(20);
/// Wait before a partition without a leader is asked for again.
const LEADER_WAIT: Duration = Duration::from_millis(100);

/// How to reach Kafka.
#[derive(Clone, Debug)]
pub struct KafkaOptions {
    /// `host:port`, several with commas.
    pub brokers: String,
    /// Shown in the broker's logs and metrics.
    pub client_id: String,
    /// What missing topics are created with. Retention of a topic that exists is left as it is.
    pub topics: TopicPlan,
    /// Copies of each partition of a topic that is created; `None` leaves it to the broker. From 3 on, two copies must
    /// have a record before it is acknowledged.
    pub replication: Option<i32>,
    /// Limits on records, appends and reads.
    pub limits: Limits,
    /// Longest wait for one append to be acknowledged, retries included. Default 30 s.
    pub append_timeout_ms: u64,
    /// Longest wait for any other answer of a broker. Default 10 s.
    pub request_timeout_ms: u64,
    /// A member silent for this long loses its partitions. Default 45 s; at least the broker's minimum (6 s).
    pub session_timeout_ms: u64,
    /// Passed to librdkafka as they are: `security.protocol`, `sasl.…`, `compression.type` … Settings that the promises
    /// of the log rest on (`acks`, `enable.idempotence`, …) are refused.
    pub extra: BTreeMap<String, String>,
}

impl KafkaOptions {
    /// The defaults, for `brokers`.
    pub fn new(brokers: impl Into<String>) -> KafkaOptions {
        KafkaOptions {
            brokers: brokers.into(),
            client_id: "huiyin".to_owned(),
            topics: TopicPlan::default(),
            replication: None,
            limits: Limits::default(),
            append_timeout_ms: 30_000,
            request_timeout_ms: 10_000,
            session_timeout_ms: 45_000,
            extra: BTreeMap::new(),
        }
    }

    fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }
}

/// A log on Apache Kafka, 2.4 or newer. Clones share the connections.
#[derive(Clone)]
pub struct KafkaLog {
    inner: Arc<Inner>,
}

struct Inner {
    options: KafkaOptions,
    admin: AdminClient<Context>,
    /// Replaced after a fatal error of the idempotent producer.
    producer: Mutex<FutureProducer<Context>>,
    budget: Budget,
    /// Topics known to exist, with their partitions.
    partitions: Mutex<HashMap<Topic, i32>>,
}

impl KafkaLog {
    /// Connect, and make sure that a broker answers. Needs a tokio runtime.
    ///
    /// # Errors
    /// [`LogError::Setting`] for options that librdkafka does not take, [`LogError::Unavailable`] (retryable) when no
    /// broker answers within the request timeout.
    pub async fn connect(options: KafkaOptions) -> Result<KafkaLog, LogError> {
        let admin = settings::admin(&options)?;
        let producer = Mutex::new(settings::producer(&options)?);
        let budget = Budget::new(options.limits.pending_bytes_max);
        let inner = Inner { options, admin, producer, budget, partitions: Mutex::default() };
        let log = KafkaLog { inner: Arc::new(inner) };
        log.ready().await?;
        Ok(log)
    }

    /// Queue `records` in order, then wait for all that were queued.
    async fn produce(&self, topic: &Topic, partitions: i32, records: &[Outgoing]) -> Result<(), KafkaError> {
        let producer = self.inner.producer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let deadline = Instant::now() + Duration::from_millis(self.inner.options.append_timeout_ms);
        let mut deliveries = Vec::with_capacity(records.len());
        let mut failure = None;
        for record in records {
            match queue(&producer, topic, partitions, record, deadline).await {
                Ok(delivery) => deliveries.push(delivery),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        for delivery in deliveries {
            match delivery.await {
                Ok(Ok(_)) => {}
                Ok(Err((error, _))) => failure = failure.or(Some(error)),
                Err(_) => failure = failure.or(Some(KafkaError::Canceled)),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// What must change here after an append failed, so that the next can work.
    fn recover(&self, topic: &Topic, error: &KafkaError) -> Result<(), LogError> {
        use RDKafkaErrorCode::{UnknownPartition, UnknownTopic, UnknownTopicOrPartition};
        if matches!(error.rdkafka_error_code(), Some(UnknownPartition | UnknownTopic | UnknownTopicOrPartition)) {
            self.inner.partitions.lock().unwrap_or_else(PoisonError::into_inner).remove(topic);
        }
        let mut producer = self.inner.producer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((code, reason)) = producer.client().fatal_error() {
            tracing::warn!(%code, reason, "the Kafka producer failed for good; starting another");
            *producer = settings::producer(&self.inner.options)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Log for KafkaLog {
    /// Not all or none: after an error some of the records may have been written.
    async fn append(&self, topic: &Topic, records: Vec<Outgoing>) -> Result<(), LogError> {
        let bytes = self.inner.options.limits.check(&records)?;
        if records.is_empty() {
            return Ok(());
        }
        let partitions = self.inner.partitions(topic).await?;
        let _share = self.inner.budget.take(bytes).await?;
        if let Err(error) = self.produce(topic, partitions, &records).await {
            self.recover(topic, &error)?;
            return Err(explain::explain(&self.inner.options.brokers, "write", error));
        }
        metrics::counter!("stream_appended_records_total", "topic" => topic.to_string())
            .increment(records.len() as u64);
        Ok(())
    }

    async fn subscribe(&self, topic: &Topic, group: &str) -> Result<Box<dyn Subscription>, LogError> {
        check_name(group)?;
        self.inner.partitions(topic).await?;
        Ok(Box::new(KafkaSubscription::join(&self.inner.options, topic, group)?))
    }

    /// A topic just made, or one whose leader moves, has no leader for a moment: that is waited for.
    async fn ends(&self, topic: &Topic) -> Result<Vec<PartitionEnd>, LogError> {
        let partitions = self.inner.partitions(topic).await?;
        let deadline = Instant::now() + self.inner.options.request_timeout();
        loop {
            match self.inner.ends(topic, partitions).await {
                Err(LogError::Kafka { retryable: true, .. }) if Instant::now() < deadline => {
                    tokio::time::sleep(LEADER_WAIT).await;
                }
                told => return told,
            }
        }
    }

    async fn committed(&self, topic: &Topic, group: &str) -> Result<BTreeMap<i32, i64>, LogError> {
        let partitions = self.inner.partitions(topic).await?;
        let consumer = settings::consumer(&self.inner.options, group)?;
        let topic = topic.clone();
        self.inner
            .ask("read the positions of a group", move |inner| {
                let mut asked = TopicPartitionList::new();
                (0..partitions).for_each(|partition| {
                    asked.add_partition(topic.as_str(), partition);
                });
                // The consumer never subscribes, so it is no member of the group.
                let told = consumer.committed_offsets(asked, inner.options.request_timeout())?;
                let position = |one: &rdkafka::topic_partition_list::TopicPartitionListElem<'_>| {
                    one.offset().to_raw().filter(|offset| *offset >= 0).map(|offset| (one.partition(), offset))
                };
                Ok(told.elements().iter().filter_map(position).collect())
            })
            .await
    }

    async fn ready(&self) -> Result<(), LogError> {
        self.inner.ask("answer", |inner| inner.metadata().map(|_| ())).await
    }
}

impl fmt::Debug for KafkaLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KafkaLog").field("brokers", &self.inner.options.brokers).finish_non_exhaustive()
    }
}

impl Inner {
    async fn ends(self: &Arc<Inner>, topic: &Topic, partitions: i32) -> Result<Vec<PartitionEnd>, LogError> {
        let topic = topic.clone();
        self.ask("read the ends of a topic", move |inner| {
            let timeout = inner.options.request_timeout();
            let end = |partition| {
                let (earliest, next) = inner.admin.inner().fetch_watermarks(topic.as_str(), partition, timeout)?;
                Ok(PartitionEnd { partition, earliest, next })
            };
            (0..partitions).map(end).collect()
        })
        .await
    }

    /// A request that blocks, off the async threads.
    async fn ask<T: Send + 'static>(
        self: &Arc<Inner>,
        doing: &'static str,
        request: impl FnOnce(&Inner) -> Result<T, KafkaError> + Send + 'static,
    ) -> Result<T, LogError> {
        let inner = self.clone();
        let outcome = tokio::task::spawn_blocking(move || request(&inner)).await.map_err(|_| LogError::Closed)?;
        outcome.map_err(|error| explain::explain(&self.options.brokers, doing, error))
    }
}

/// Hand one record to librdkafka, waiting while its queue is full.
async fn queue(
    producer: &FutureProducer<Context>,
    topic: &Topic,
    partitions: i32,
    record: &Outgoing,
    deadline: Instant,
) -> Result<DeliveryFuture, KafkaError> {
    let at_ms = record.at_ms.to_string();
    let mut headers = OwnedHeaders::new_with_capacity(record.headers.len() + 1)
        .insert(Header { key: AT_HEADER, value: Some(&at_ms) });
    for (name, value) in &record.headers {
        headers = headers.insert(Header { key: name, value: Some(&value[..]) });
    }
    let mut waiting = FutureRecord::to(topic.as_str())
        .partition(partition_of(&record.key, partitions))
        .key(&record.key[..])
        .payload(&record.payload[..])
        .headers(headers);
    loop {
        match producer.send_result(waiting) {
            Ok(delivery) => return Ok(delivery),
            Err((error, returned)) => {
                let full = error.rdkafka_error_code() == Some(RDKafkaErrorCode::QueueFull);
                if !full || Instant::now() >= deadline {
                    return Err(error);
                }
                waiting = returned;
                tokio::time::sleep(QUEUE_FULL_PAUSE).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody listens on port 1: a clear, retryable error in bounded time.
    #[tokio::test]
    async fn a_broker_that_is_away() {
        let mut options = KafkaOptions::new("127.0.0.1:1");
        options.request_timeout_ms = 300;
        let error = KafkaLog::connect(options).await.unwrap_err();
        assert!(error.is_retryable(), "{error:?}");
        assert_eq!(error.to_string(), "Kafka at 127.0.0.1:1 could not answer: no answer from a broker");
    }
}
