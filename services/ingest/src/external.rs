//! The topic that outside programs write: JSON lines or protobuf, unmasked, hours of retention.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use huiyin_proto::Message;
use huiyin_proto::v1::{DeadLetter, Post};
use huiyin_stream::{Batch, Incoming, LogError, Subscription, Topic};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, wait};
use crate::dead::{append_dead, dead_letter};
use crate::source::{HealthState, SourceKind};
use crate::{
    Collector, HealthSink, IngestError, RawPost, Receipt, Reception, Refused, Source, SourceHealth, parse_push,
};

/// The topic of outside programs. Its records are not masked: give it a retention of hours.
pub const EXTERNAL: Topic = Topic::new("external");
/// The consumer group on it.
const GROUP: &str = "collect";
/// Header that tells protobuf (a `Post`) from JSON, and its value.
const CONTENT_TYPE: &str = "content-type";
const PROTOBUF: &str = "application/x-protobuf";
/// Records read, pushed and committed together.
const BATCH_RECORDS_MAX: usize = 500;
/// One wait for records; so many without any make a report that nothing is new.
const WAIT: Duration = Duration::from_secs(5);
const QUIET_WAITS: u32 = 12;

/// How the topic is read.
#[derive(Clone, Debug)]
pub struct ExternalOptions {
    /// The topic, usually [`EXTERNAL`].
    pub topic: Topic,
    /// Source of posts that name none, and the name this source is reported under.
    pub source: String,
    /// Place of posts that give none; may be blank.
    pub default_place: String,
}

/// A source that reads a topic of the log. Positions are kept by the log, so it needs no cursor.
pub struct ExternalSource {
    options: ExternalOptions,
}

impl ExternalSource {
    /// A member of the group `collect` on the topic.
    #[must_use]
    pub fn new(options: ExternalOptions) -> ExternalSource {
        ExternalSource { options }
    }

    /// Returns when cancelled.
    async fn consume(
        &self,
        collector: &Arc<Collector>,
        health: &dyn HealthSink,
        cancel: &CancellationToken,
        backoff: &mut Backoff,
    ) -> Result<(), IngestError> {
        let mut subscription = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(()),
            subscription = collector.log().subscribe(&self.options.topic, GROUP) => subscription?,
        };
        let mut quiet = 0;
        loop {
            let batch = tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(()),
                batch = subscription.next(BATCH_RECORDS_MAX, WAIT) => batch?,
            };
            let at = collector.clock().now();
            if let Some(batch) = batch {
                let receipt = self.handle(collector, subscription.as_mut(), batch).await?;
                health.report(SourceHealth::of_receipt(&self.options.source, SourceKind::External, &receipt, at)).await;
                backoff.reset();
                quiet = 0;
                continue;
            }
            quiet += 1;
            if quiet % QUIET_WAITS == 1 {
                health.report(self.state(HealthState::Unchanged, String::new(), at)).await;
            }
        }
    }

    /// Posts first, then dead letters, then the position: at least once.
    async fn handle(
        &self,
        collector: &Arc<Collector>,
        subscription: &mut dyn Subscription,
        batch: Batch,
    ) -> Result<Receipt, IngestError> {
        let reception = Reception {
            received_at: collector.clock().now(),
            source: self.options.source.clone(),
            source_fixed: false,
            default_place: self.options.default_place.clone(),
            backfill: false,
        };
        let mut lines = Vec::new();
        let mut origins = Vec::new();
        for record in &batch.records {
            for (index, (_, line)) in decode(record).into_iter().enumerate() {
                lines.push((lines.len() as u64, line));
                origins.push((record, index));
            }
        }
        let now = reception.received_at;
        let receipt = collector.push(lines, reception).await?;
        let letter = |refusal: &crate::Refusal| -> Option<DeadLetter> {
            let (record, index) = origins.get(usize::try_from(refusal.line).ok()?)?;
            let reason = format!("{}；{}", refusal.reason, refusal.remedy);
            Some(match decode(record).into_iter().nth(*index) {
                Some((_, Ok(raw))) => {
                    let excerpt = format!("{}\n{}", raw.title, raw.text);
                    dead_letter(&self.options.topic, record, (&raw.source, &raw.id), reason, &excerpt, now)
                }
                _ => {
                    let excerpt = String::from_utf8_lossy(&record.payload);
                    dead_letter(&self.options.topic, record, ("", ""), reason, &excerpt, now)
                }
            })
        };
        let letters = receipt.refused.iter().filter_map(letter).collect();
        append_dead(collector.log().as_ref(), letters).await?;
        match subscription.commit(batch.partition, batch.next).await {
            Err(LogError::NotAssigned { .. }) => tracing::info!(batch.partition, "partition was reassigned"),
            committed => committed?,
        }
        Ok(receipt)
    }

    fn state(&self, state: HealthState, message: String, at: Timestamp) -> SourceHealth {
        SourceHealth::of_state(&self.options.source, SourceKind::External, state, message, at)
    }
}

#[async_trait]
impl Source for ExternalSource {
    fn name(&self) -> &str {
        &self.options.source
    }

    fn kind(&self) -> SourceKind {
        SourceKind::External
    }

    async fn run(self: Box<Self>, collector: Arc<Collector>, health: Arc<dyn HealthSink>, cancel: CancellationToken) {
        let mut backoff = Backoff::of_log();
        loop {
            let Err(error) = self.consume(&collector, health.as_ref(), &cancel, &mut backoff).await else { return };
            tracing::warn!(source = self.options.source, error = %error, "reading the external topic is interrupted");
            let message = "读写日志失败，稍后自动重试；已收下的不会丢".to_owned();
            health.report(self.state(HealthState::Failed, message, collector.clock().now())).await;
            if !wait(backoff.next(), &cancel).await {
                return;
            }
        }
    }
}

/// The posts of a record: one as protobuf, or one or more as JSON.
fn decode(record: &Incoming) -> Vec<(u64, Result<RawPost, Refused>)> {
    let is_protobuf = |(name, value): &(String, bytes::Bytes)| {
        name.eq_ignore_ascii_case(CONTENT_TYPE) && value.trim_ascii().starts_with(PROTOBUF.as_bytes())
    };
    if !record.headers.iter().any(is_protobuf) {
        return parse_push("", &record.payload);
    }
    let post = Post::decode(record.payload.clone());
    let refused =
        || Refused::line("不是 protobuf 的 Post 记录", "按 huiyin.proto 编码，或去掉 content-type 头改发 JSON");
    vec![(1, post.map_err(|_| refused()).map(raw))]
}

/// What an outside program says about masking, digest and receipt is not believed.
fn raw(post: Post) -> RawPost {
    let at = post.published_at_us.map(Timestamp::from_microsecond);
    RawPost {
        source: post.source,
        id: post.id,
        title: post.title,
        text: post.text,
        // An impossible number stays unreadable, so that it is refused by name.
        time: at.map(|at| at.map_or_else(|_| "?".to_owned(), |at| at.to_string())).unwrap_or_default(),
        place: post.place,
        url: post.url,
    }
}
