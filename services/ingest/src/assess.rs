//! Role `assess`: posts in, assessments out. Keeps no state; add processes to go faster.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use huiyin_domain::{BEIJING, Clock};
use huiyin_matching::{Scope, Subject};
use huiyin_proto::Message;
use huiyin_proto::v1::{DeadLetter, Post};
use huiyin_stream::{ASSESSED, Batch, Incoming, Log, LogError, Outgoing, POSTS, Subscription};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::assessed::{assessed, outgoing};
use crate::backoff::{Backoff, wait};
use crate::dead::{append_dead, dead_letter};
use crate::parallel::map_in_order;
use crate::split::split;
use crate::{Assessors, IngestError};

/// The consumer group on the topic `posts`.
const GROUP: &str = "assess";
/// Largest assessment the log takes by default, less something for its key.
const RECORD_BYTES_MAX: usize = (1 << 20) - 1_024;

/// How the role works.
#[derive(Clone, Copy, Debug)]
pub struct AssessOptions {
    /// Threads that assess. The outcome does not depend on it.
    pub workers: usize,
    /// Posts read, assessed and committed together.
    pub batch_posts_max: usize,
}

impl Default for AssessOptions {
    fn default() -> AssessOptions {
        AssessOptions { workers: 2, batch_posts_max: 500 }
    }
}

/// Reads the topic `posts`, writes the topic `assessed`.
pub struct AssessRole {
    log: Arc<dyn Log>,
    assessors: Arc<Assessors>,
    clock: Arc<dyn Clock>,
    options: AssessOptions,
}

impl AssessRole {
    /// A member of the group `assess`. `assessors` is filled by [`watch_catalogue`](crate::watch_catalogue) or by hand.
    pub fn new(
        log: Arc<dyn Log>,
        assessors: Arc<Assessors>,
        clock: Arc<dyn Clock>,
        options: AssessOptions,
    ) -> AssessRole {
        AssessRole { log, assessors, clock, options }
    }

    /// Assesses posts until `cancel`, then finishes and commits the batch in hand. Nothing is read before the catalogue
    /// versions are complete. Failures of the log are waited out; the posts in question are read again.
    ///
    /// # Errors
    /// What trying again does not mend.
    pub async fn run(&self, cancel: &CancellationToken) -> Result<(), IngestError> {
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(()),
            () = self.assessors.completed() => {}
        }
        let mut backoff = Backoff::of_log();
        loop {
            match self.consume(cancel, &mut backoff).await {
                Ok(()) => return Ok(()),
                Err(error) if error.is_retryable() => {
                    tracing::warn!(error = %error, "assessing is interrupted, will try again");
                    metrics::counter!("assess_failures_total").increment(1);
                    if !wait(backoff.next(), cancel).await {
                        return Ok(());
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns when cancelled.
    async fn consume(&self, cancel: &CancellationToken, backoff: &mut Backoff) -> Result<(), IngestError> {
        let mut subscription = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(()),
            subscription = self.log.subscribe(&POSTS, GROUP) => subscription?,
        };
        loop {
            let batch = tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(()),
                batch = subscription.next(self.options.batch_posts_max, Duration::from_secs(1)) => batch?,
            };
            if let Some(batch) = batch {
                self.handle(subscription.as_mut(), batch).await?;
                backoff.reset();
            }
        }
    }

    /// Output first, position after: at least once.
    async fn handle(&self, subscription: &mut dyn Subscription, batch: Batch) -> Result<(), IngestError> {
        let started = std::time::Instant::now();
        let (partition, next) = (batch.partition, batch.next);
        let (assessors, workers, now) = (self.assessors.clone(), self.options.workers, self.clock.now());
        let assessed = tokio::task::spawn_blocking(move || {
            map_in_order(&batch.records, workers, |record| assess_record(record, &assessors, now))
        });
        let assessed = assessed.await.map_err(|_| IngestError::Abandoned("assessing"))?;
        let (mut records, mut dead) = (Vec::with_capacity(assessed.len()), Vec::new());
        for outcome in assessed {
            match outcome {
                Ok((record, decision)) => {
                    metrics::counter!("assess_posts_total", "outcome" => decision).increment(1);
                    records.push(record);
                }
                Err(letter) => {
                    metrics::counter!("assess_posts_total", "outcome" => "dead").increment(1);
                    dead.push(*letter);
                }
            }
        }
        append_dead(self.log.as_ref(), dead).await?;
        for records in split(records) {
            self.log.append(&ASSESSED, records).await?;
        }
        match subscription.commit(partition, next).await {
            // Another member has the partition by now and reads these posts again; repeats are dropped at intake.
            Err(LogError::NotAssigned { .. }) => tracing::info!(partition, "partition was reassigned"),
            committed => committed?,
        }
        metrics::histogram!("assess_batch_seconds").record(started.elapsed());
        Ok(())
    }
}

/// Assesses one record of the topic `posts`; a dead letter says why it could not be.
fn assess_record(
    record: &Incoming,
    assessors: &Assessors,
    now: Timestamp,
) -> Result<(Outgoing, &'static str), Box<DeadLetter>> {
    let dead = |names: (&str, &str), reason: &str, excerpt: &str| {
        Box::new(dead_letter(&POSTS, record, names, reason.to_owned(), excerpt, now))
    };
    let Ok(post) = Post::decode(record.payload.clone()) else {
        return Err(dead(("", ""), "不是网帖记录，无法解码", &String::from_utf8_lossy(&record.payload)));
    };
    let (source, id) = (post.source.clone(), post.id.clone());
    let excerpt: String = post.title.chars().chain(post.text.chars()).take(1_000).collect();
    let names = (source.as_str(), id.as_str());
    let day = Timestamp::from_microsecond(post.received_at_us).map(|at| BEIJING.to_datetime(at).date());
    let Ok(day) = day else { return Err(dead(names, "收到时间不合法", &excerpt)) };
    let Some(assessor) = assessors.on(day) else { return Err(dead(names, "没有可用的职责目录", &excerpt)) };
    // A defect that one post brings out must not keep all others from being assessed.
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let subject =
            Subject { title: &post.title, text: &post.text, place: &post.place, on: day, scope: Scope::Region };
        let assessment = assessor.assess(&subject);
        let decision = assessment.decision.as_str();
        (outgoing(&assessed(post.clone(), &assessment, &assessor), &assessment, &assessor), decision)
    }));
    match judged {
        Err(_) => Err(dead(names, "研判程序出错，请报告开发者", &excerpt)),
        Ok((record, _)) if record.bytes() > RECORD_BYTES_MAX => Err(dead(names, "研判结果超过日志单条上限", &excerpt)),
        Ok(judged) => Ok(judged),
    }
}
