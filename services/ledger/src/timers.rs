//! Deadlines that run out are recorded, once each.

use std::time::Duration;

use huiyin_domain::matter::{Content, Event};
use huiyin_domain::{Actor, MatterNo};
use huiyin_store::StoreError;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::act::Change;
use crate::{Ledger, LedgerError};

/// How often deadlines are looked at: entries are late by this much at most.
const PERIOD: Duration = Duration::from_secs(5);
const LEASE: SignedDuration = SignedDuration::from_secs(30);
const MATTERS_MAX: u32 = 500;

impl Ledger {
    /// Records lapsed deadlines until `cancel`; of several processes one does it at a time.
    ///
    /// # Errors
    /// A failure that trying again cannot mend.
    pub async fn run_timers(&self, holder: &str, cancel: CancellationToken) -> Result<(), LedgerError> {
        while !cancel.is_cancelled() {
            let now = self.clock.now();
            let until = now.saturating_add(LEASE).unwrap_or(now);
            let turn = async {
                if self.store.lease("timers", holder, now, until).await? {
                    self.record_lapses().await?;
                }
                Ok::<(), LedgerError>(())
            };
            match turn.await {
                Ok(()) => {}
                Err(error) if error.is_retryable() => tracing::warn!(%error, "timers wait"),
                Err(error) => return Err(error),
            }
            tokio::select! {
                () = cancel.cancelled() => {}
                () = tokio::time::sleep(PERIOD) => {}
            }
        }
        Ok(())
    }

    /// Appends one entry for each deadline that ran out unmet; returns how many.
    ///
    /// # Errors
    /// What the store said.
    pub async fn record_lapses(&self) -> Result<u64, LedgerError> {
        let now = self.clock.now();
        let mut recorded = 0;
        for no in self.store.matters_lapsed(now, MATTERS_MAX).await? {
            match self.record_lapses_of(&no).await {
                Ok(count) => recorded += count,
                // Somebody acted on it just now: the next turn looks again.
                Err(LedgerError::Store(StoreError::Raced { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(recorded)
    }

    async fn record_lapses_of(&self, no: &MatterNo) -> Result<u64, LedgerError> {
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        let mut change = Change::new(self.current(&mut tx, no, None).await?);
        let lapsed: Vec<_> =
            change.matter.deadlines.iter().filter(|one| one.is_pending() && one.is_overdue(now)).cloned().collect();
        for one in &lapsed {
            let event = Event::DeadlinePassed { deadline: one.kind, assignment: one.assignment };
            change.push(event, Content::default(), now, &Actor::machine())?;
        }
        if !lapsed.is_empty() {
            self.write(&mut tx, &[&change], true).await?;
            tx.commit().await?;
            self.appended.notify_one();
        }
        Ok(lapsed.len() as u64)
    }
}
