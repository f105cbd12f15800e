//! One member of a Kafka consumer group.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers};
use rdkafka::{Message, Offset, TopicPartitionList};
use tokio::time::Instant;

use super::context::MemberContext;
use super::explain::{error_code, explain};
use super::{AT_HEADER, KafkaOptions, settings};
use crate::{Batch, Incoming, LogError, Subscription, Topic};

/// A partition that was just assigned cannot be sought in for a moment: how often to try, and the pause between.
const SEEK_TRIES_MAX: usize = 20;
const SEEK_PAUSE: Duration = Duration::from_millis(50);

/// One member of a group.
pub(super) struct KafkaSubscription {
    /// `None` only while being dropped.
    consumer: Option<Arc<StreamConsumer<MemberContext>>>,
    topic: Topic,
    brokers: String,
    request_timeout: Duration,
    batch_bytes_max: usize,
    /// Read from librdkafka and not delivered yet, by partition. At most one batch in total.
    read: BTreeMap<i32, VecDeque<Incoming>>,
    /// Where the next batch of a partition should begin, once that is known.
    expected: BTreeMap<i32, i64>,
    /// The partition delivered last; the others come first.
    last: i32,
}

impl KafkaSubscription {
    pub(super) fn join(options: &KafkaOptions, topic: &Topic, group: &str) -> Result<KafkaSubscription, LogError> {
        let consumer = settings::consumer(options, group)?;
        consumer.subscribe(&[topic.as_str()]).map_err(|error| explain(&options.brokers, "subscribe", error))?;
        Ok(KafkaSubscription {
            consumer: Some(Arc::new(consumer)),
            topic: topic.clone(),
            brokers: options.brokers.clone(),
            request_timeout: options.request_timeout(),
            batch_bytes_max: options.limits.batch_bytes_max,
            read: BTreeMap::new(),
            expected: BTreeMap::new(),
            last: -1,
        })
    }

    fn consumer(&self) -> &Arc<StreamConsumer<MemberContext>> {
        self.consumer.as_ref().expect("it is taken only by drop")
    }

    /// Forget what was read from partitions that were taken away.
    fn settle(&mut self) {
        for partition in self.consumer().context().with(|state| std::mem::take(&mut state.lost)) {
            self.read.remove(&partition);
            self.expected.remove(&partition);
        }
        let expected = &self.expected;
        self.read.retain(|partition, records| {
            // Records from before a seek can still be in the queue.
            if let Some(position) = expected.get(partition) {
                while records.front().is_some_and(|record| record.offset < *position) {
                    records.pop_front();
                }
            }
            !records.is_empty()
        });
    }

    /// A batch of what has been read, from the next partition in turn.
    async fn take(&mut self, records_max: usize) -> Result<Option<Batch>, LogError> {
        let after = self.read.range(self.last.saturating_add(1)..).next();
        let Some((&partition, records)) = after.or_else(|| self.read.iter().next()) else {
            return Ok(None);
        };
        let first = records.front().map_or(0, |record| record.offset);
        let from = match self.expected.get(&partition) {
            Some(&position) if position < first => self.across_gap(partition, position, first).await?,
            _ => first,
        };
        // Nothing awaits from here on: a cancelled call has not taken anything.
        let Some(records) = self.read.get_mut(&partition) else {
            return Ok(None);
        };
        let mut bytes = 0;
        let fits = |(at, record): &(usize, &Incoming)| {
            bytes += record.key.len() + record.payload.len();
            *at < records_max && (*at == 0 || bytes <= self.batch_bytes_max)
        };
        let count = records.iter().enumerate().take_while(fits).count();
        let records: Vec<Incoming> = records.drain(..count).collect();
        let next = records.last().map_or(from, |record| record.offset + 1);
        self.expected.insert(partition, next);
        self.last = partition;
        Ok(Some(Batch { partition, from, next, records }))
    }

    /// Where reading began when the first record is not the expected one: offsets may have gaps (transactions,
    /// compaction), which are nothing; or retention removed records, which must show.
    async fn across_gap(&self, partition: i32, position: i64, first: i64) -> Result<i64, LogError> {
        let (earliest, _) = self.watermarks(partition).await?;
        if earliest <= position {
            return Ok(position);
        }
        let from = earliest.min(first);
        metrics::counter!("stream_trimmed_records_total", "topic" => self.topic.to_string())
            .increment((from - position).unsigned_abs());
        tracing::warn!(topic = %self.topic, partition, position, earliest = from,
            "retention removed records before they were read");
        Ok(from)
    }

    /// (earliest, next)
    async fn watermarks(&self, partition: i32) -> Result<(i64, i64), LogError> {
        let (topic, timeout) = (self.topic.clone(), self.request_timeout);
        self.ask("read the ends of a partition", move |consumer| {
            consumer.fetch_watermarks(topic.as_str(), partition, timeout)
        })
        .await?
        .map_err(|error| explain(&self.brokers, "read the ends of a partition", error))
    }

    /// A request that blocks, off the async threads.
    async fn ask<T: Send + 'static>(
        &self,
        doing: &'static str,
        request: impl FnOnce(&StreamConsumer<MemberContext>) -> T + Send + 'static,
    ) -> Result<T, LogError> {
        let consumer = self.consumer().clone();
        tracing::trace!(doing, "asking Kafka");
        tokio::task::spawn_blocking(move || request(&consumer)).await.map_err(|_| LogError::Closed)
    }

    /// Keep `message`, and what else is there already, up to `records_max`.
    fn keep(&mut self, message: Incoming, records_max: usize) -> Option<KafkaError> {
        let mut bytes = message.payload.len();
        self.read.entry(message.partition).or_default().push_back(message);
        let consumer = self.consumer().clone();
        let mut stream = consumer.stream();
        for _ in 1..records_max {
            if bytes > self.batch_bytes_max {
                break;
            }
            match stream.next().now_or_never().flatten() {
                Some(Ok(message)) => {
                    let record = incoming(&message);
                    bytes += record.payload.len();
                    self.read.entry(record.partition).or_default().push_back(record);
                }
                Some(Err(error)) => return Some(error),
                None => break,
            }
        }
        None
    }

    fn check_assigned(&self, partition: i32) -> Result<(), LogError> {
        let assigned = self.consumer().context().with(|state| state.assigned.contains(&partition));
        if assigned { Ok(()) } else { Err(LogError::NotAssigned { partition }) }
    }

    fn position(&self, partition: i32, offset: i64) -> Result<TopicPartitionList, LogError> {
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(self.topic.as_str(), partition, Offset::Offset(offset))
            .map_err(|error| explain(&self.brokers, "take a position", error))?;
        Ok(list)
    }
}

#[async_trait]
impl Subscription for KafkaSubscription {
    async fn next(&mut self, records_max: usize, wait: Duration) -> Result<Option<Batch>, LogError> {
        let records_max = records_max.max(1);
        let deadline = Instant::now() + wait;
        let mut trouble = None;
        loop {
            self.settle();
            if let Some(batch) = self.take(records_max).await? {
                return Ok(Some(batch));
            }
            let consumer = self.consumer().clone();
            let received = match tokio::time::timeout_at(deadline, consumer.recv()).await {
                Err(_) => return trouble.map_or(Ok(None), Err),
                Ok(received) => received.map(|message| incoming(&message)),
            };
            let error = match received {
                Ok(record) => self.keep(record, records_max),
                Err(error) => Some(error),
            };
            if let Some(error) = error {
                let explained = explain(&self.brokers, "read", error);
                if !explained.is_retryable() {
                    return Err(explained);
                }
                // librdkafka goes on trying by itself; it is an error only if nothing comes.
                trouble = Some(explained);
            }
        }
    }

    async fn commit(&mut self, partition: i32, next: i64) -> Result<(), LogError> {
        self.check_assigned(partition)?;
        let list = self.position(partition, next)?;
        let outcome = self.ask("commit", move |consumer| consumer.commit(&list, CommitMode::Sync)).await?;
        outcome.map_err(|error| match error_code(&error) {
            Some(RDKafkaErrorCode::UnknownMemberId | RDKafkaErrorCode::AssignmentLost | RDKafkaErrorCode::Fenced) => {
                LogError::NotAssigned { partition }
            }
            _ => explain(&self.brokers, "commit", error),
        })
    }

    async fn seek(&mut self, partition: i32, next: i64) -> Result<(), LogError> {
        self.check_assigned(partition)?;
        let (earliest, end) = self.watermarks(partition).await?;
        if next < earliest {
            return Err(LogError::Trimmed { earliest });
        }
        if next > end {
            return Err(LogError::BeyondEnd { partition, asked: next, next: end });
        }
        let mut tries = 0;
        loop {
            let list = self.position(partition, next)?;
            let timeout = self.request_timeout;
            let outcome = self
                .ask("seek", move |consumer| {
                    let sought = consumer.seek_partitions(list, timeout)?;
                    sought.elements().iter().try_for_each(|element| element.error())
                })
                .await?;
            tries += 1;
            match outcome {
                Ok(()) => break,
                Err(error) if tries >= SEEK_TRIES_MAX => return Err(explain(&self.brokers, "seek", error)),
                Err(_) => {
                    self.check_assigned(partition)?;
                    tokio::time::sleep(SEEK_PAUSE).await;
                }
            }
        }
        self.settle();
        self.read.remove(&partition);
        self.expected.insert(partition, next);
        Ok(())
    }

    fn assigned(&self) -> Vec<i32> {
        self.consumer().context().with(|state| state.assigned.iter().copied().collect())
    }
}

impl Drop for KafkaSubscription {
    /// Leaving the group waits for the broker: not on an async thread.
    fn drop(&mut self) {
        let consumer = self.consumer.take();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(move || drop(consumer));
        }
    }
}

/// The message in our terms. Whatever an outside program wrote is delivered: no key and no payload are empty ones.
fn incoming(message: &BorrowedMessage<'_>) -> Incoming {
    let mut at_ms = message.timestamp().to_millis().unwrap_or(0);
    let mut headers = Vec::new();
    if let Some(found) = message.headers() {
        for at in 0..found.count() {
            // rdkafka panics on a header name that is not UTF-8; such a header is left out.
            let Ok(Some(header)) = catch_unwind(AssertUnwindSafe(|| found.try_get(at))) else {
                continue;
            };
            let value = header.value.unwrap_or_default();
            match std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()) {
                Some(ms) if header.key == AT_HEADER => at_ms = ms,
                _ => headers.push((header.key.to_owned(), Bytes::copy_from_slice(value))),
            }
        }
    }
    Incoming {
        partition: message.partition(),
        offset: message.offset(),
        key: Bytes::copy_from_slice(message.key().unwrap_or_default()),
        payload: Bytes::copy_from_slice(message.payload().unwrap_or_default()),
        headers,
        at_ms,
    }
}
