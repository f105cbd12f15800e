//! Intake: assessed posts become posts of matters, one batch of the log in one transaction with the position after it.
//!
//! Grouping is independent of the order in which posts arrive: a post that links two matters nobody has touched merges
//! them, so the matters are the connected groups of [`huiyin_matching::grouping`], whatever came first.

mod batch;
mod dead;
mod members;
mod record;

use std::time::Duration;

use huiyin_store::{Checkpoint, StoreError};
use huiyin_stream::{Batch, Log, LogError, Subscription, Topic};
use tokio_util::sync::CancellationToken;

use crate::{Ledger, LedgerError};

/// Records taken into one transaction.
const RECORDS_MAX: usize = 500;
/// How long one call waits for records.
const WAIT: Duration = Duration::from_millis(500);
/// First and longest wait after a failure.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// The role `intake`.
pub struct Intake {
    ledger: Ledger,
    log: std::sync::Arc<dyn Log>,
    sketches: members::Sketches,
}

/// What one turn did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntakeProgress {
    /// Records read.
    pub records: u64,
    /// Posts stored for the first time, revisions included.
    pub stored: u64,
    /// Records already known: no-ops.
    pub repeated: u64,
    /// Matters opened.
    pub opened: u64,
    /// Posts that joined a matter.
    pub joined: u64,
    /// Posts set aside.
    pub aside: u64,
    /// Records that could not be read.
    pub dead: u64,
}

impl Intake {
    /// Intake into `ledger` from the topics `assessed` and `dead` of `log`.
    pub fn new(ledger: Ledger, log: std::sync::Arc<dyn Log>) -> Intake {
        Intake { ledger, log, sketches: members::Sketches::default() }
    }

    /// Takes in assessed posts until `cancel`; the batch under way is finished first.
    ///
    /// # Errors
    /// A failure that trying again cannot mend.
    pub async fn run(&self, cancel: CancellationToken) -> Result<(), LedgerError> {
        self.follow(&huiyin_stream::ASSESSED, cancel).await
    }

    /// Takes in dead letters until `cancel`.
    ///
    /// # Errors
    /// A failure that trying again cannot mend.
    pub async fn run_dead_letters(&self, cancel: CancellationToken) -> Result<(), LedgerError> {
        self.follow(&huiyin_stream::DEAD, cancel).await
    }

    async fn follow(&self, topic: &Topic, cancel: CancellationToken) -> Result<(), LedgerError> {
        let mut retry = RETRY.0;
        while !cancel.is_cancelled() {
            let failed = match self.session(topic, &cancel).await {
                Ok(()) => return Ok(()),
                Err(error) if error.is_retryable() => error,
                Err(error) => return Err(error),
            };
            tracing::warn!(error = %failed, topic = %topic, "intake waits and goes on from its stored position");
            metrics::counter!("huiyin_intake_retries_total").increment(1);
            tokio::select! {
                () = cancel.cancelled() => {}
                () = tokio::time::sleep(retry) => {}
            }
            retry = (retry * 2).min(RETRY.1);
        }
        Ok(())
    }

    /// Reads with one subscription until `cancel` or a failure. Nothing is lost by either: the position is in SQL.
    async fn session(&self, topic: &Topic, cancel: &CancellationToken) -> Result<(), LedgerError> {
        let mut subscription = self.log.subscribe(topic, "intake").await?;
        while !cancel.is_cancelled() {
            let next = tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                next = subscription.next(RECORDS_MAX, WAIT) => next,
            };
            match next {
                Ok(None) => {}
                Ok(Some(batch)) => {
                    self.take(topic, subscription.as_mut(), &batch).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Takes one batch in, or moves the subscription to where the ledger stands; the ledger's position is the truth,
    /// the log's own only says where to begin.
    async fn take(
        &self,
        topic: &Topic,
        subscription: &mut dyn Subscription,
        batch: &Batch,
    ) -> Result<IntakeProgress, LedgerError> {
        let checkpoint = Checkpoint { consumer: "intake", topic: topic.as_str().to_owned(), shard: batch.partition };
        let stands = self.ledger.store.position(&checkpoint).await?.unwrap_or(0);
        if stands != batch.from {
            let next = match subscription.seek(batch.partition, stands).await {
                Ok(()) => stands,
                Err(LogError::Trimmed { earliest, .. }) => {
                    let lost = earliest - stands;
                    tracing::error!(%topic, partition = batch.partition, lost, "retention removed records before this ledger \
                        read them; keep the log longer than the oldest backup of the ledger");
                    metrics::counter!("huiyin_intake_lost_records_total").increment(lost.unsigned_abs());
                    self.skip(&checkpoint, stands, earliest).await?;
                    match subscription.seek(batch.partition, earliest).await {
                        Ok(()) => earliest,
                        Err(LogError::NotAssigned { .. }) => return Ok(IntakeProgress::default()),
                        Err(error) => return Err(error.into()),
                    }
                }
                // The partition went to another member: what was read is that member's now.
                Err(LogError::NotAssigned { .. }) => return Ok(IntakeProgress::default()),
                Err(error) => return Err(error.into()),
            };
            // A process may end between the ledger's commit and the log's. When nothing is left to read, no later batch
            // would bring the log's position up, and whoever waits for it would wait for ever.
            self.note(subscription, batch.partition, next).await;
            return Ok(IntakeProgress::default());
        }
        let progress = self.take_in(&checkpoint, batch).await?;
        self.note(subscription, batch.partition, batch.next).await;
        Ok(progress)
    }

    /// Tells the log where the ledger stands; the ledger's own position is durable already.
    async fn note(&self, subscription: &mut dyn Subscription, partition: i32, next: i64) {
        match subscription.commit(partition, next).await {
            Ok(()) | Err(LogError::NotAssigned { .. }) => {}
            Err(error) => tracing::warn!(%error, "the log did not keep the position; the ledger did"),
        }
    }

    /// Moves the stored position over records retention removed.
    async fn skip(&self, checkpoint: &Checkpoint, from: i64, next: i64) -> Result<(), LedgerError> {
        let mut tx = self.ledger.store.begin().await?;
        if !tx.advance(checkpoint, from, next).await? {
            return Err(StoreError::Raced { what: "an intake position".into() }.into());
        }
        Ok(tx.commit().await?)
    }

    /// One batch and the position after it, in one transaction.
    async fn take_in(&self, checkpoint: &Checkpoint, batch: &Batch) -> Result<IntakeProgress, LedgerError> {
        let mut tx = self.ledger.store.begin().await?;
        tx.lock_shard(checkpoint.shard).await?;
        if !tx.advance(checkpoint, batch.from, batch.next).await? {
            return Err(StoreError::Raced { what: "an intake position".into() }.into());
        }
        let (progress, sketches) = if checkpoint.topic == huiyin_stream::DEAD.as_str() {
            (dead::take_in(&mut tx, batch).await?, Vec::new())
        } else {
            batch::take_in(&self.ledger, &mut tx, &self.sketches, batch).await?
        };
        tx.commit().await?;
        self.sketches.keep(sketches);
        self.ledger.appended.notify_one();
        metrics::counter!("huiyin_intake_records_total").increment(progress.records);
        metrics::counter!("huiyin_intake_posts_total", "fate" => "matter").increment(progress.opened + progress.joined);
        metrics::counter!("huiyin_intake_posts_total", "fate" => "aside").increment(progress.aside);
        metrics::counter!("huiyin_intake_repeated_total").increment(progress.repeated);
        Ok(progress)
    }
}
