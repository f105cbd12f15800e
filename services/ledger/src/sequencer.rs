//! The sequencer: one leased task gives committed entries dense numbers, which followers read.

use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::{Ledger, LedgerError};

/// Entries numbered in one transaction.
const ENTRIES_MAX: u32 = 1_000;
/// A holder that stopped is replaced after this time.
const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// How long one waits for entries of other processes.
const POLL: Duration = Duration::from_millis(500);
/// Wait after a failure.
const RETRY: Duration = Duration::from_secs(1);

impl Ledger {
    /// Numbers entries until `cancel`; of several processes one does it at a time.
    ///
    /// # Errors
    /// A failure that trying again cannot mend.
    pub async fn run_sequencer(&self, holder: &str, cancel: CancellationToken) -> Result<(), LedgerError> {
        while !cancel.is_cancelled() {
            let wait = match self.sequence_once(holder).await {
                Ok(true) => continue,
                Ok(false) => POLL,
                Err(error) if error.is_retryable() => {
                    tracing::warn!(%error, "sequencer waits");
                    RETRY
                }
                Err(error) => return Err(error),
            };
            tokio::select! {
                () = cancel.cancelled() => {}
                () = self.appended.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        Ok(())
    }

    /// Numbers what waits, if this process holds the lease; true when there may be more.
    ///
    /// # Errors
    /// What the store said.
    pub async fn sequence_once(&self, holder: &str) -> Result<bool, LedgerError> {
        let now = self.clock.now();
        let until = now.saturating_add(LEASE).unwrap_or(now);
        let mut more = false;
        if self.store.entries_waiting().await? && self.store.lease("sequencer", holder, now, until).await? {
            more = self.store.number_entries(ENTRIES_MAX).await? == u64::from(ENTRIES_MAX);
        }
        // Another process may hold the lease: its numbers are announced here all the same.
        let last = self.store.last_number().await?;
        self.numbered.send_if_modified(|seen| std::mem::replace(seen, last) != last);
        Ok(more)
    }
}
