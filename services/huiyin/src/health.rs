//! Health of the sources on its way into the database.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use huiyin_ingest::{HealthSink, SourceHealth};
use huiyin_store::{SourceState, Store};
use tokio_util::sync::CancellationToken;

/// How often what was gathered is written: a push must not wait for the database.
const PERIOD: Duration = Duration::from_secs(2);

/// Gathers reports in memory, by source.
#[derive(Default)]
pub(crate) struct HealthBook(Mutex<BTreeMap<String, SourceHealth>>);

#[async_trait]
impl HealthSink for HealthBook {
    async fn report(&self, health: SourceHealth) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = book.remove(&health.source);
        book.insert(health.source.clone(), joined(before, health));
    }
}

impl HealthBook {
    /// Writes what is gathered every now and then until `cancel`, and once more at the end.
    pub(crate) async fn run(&self, store: &Store, cancel: &CancellationToken) {
        while !cancel.is_cancelled() {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = tokio::time::sleep(PERIOD) => {}
            }
            self.write(store).await;
        }
    }

    async fn write(&self, store: &Store) {
        let gathered = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for health in gathered.into_values() {
            if let Err(error) = store.report_source(&state(health)).await {
                tracing::warn!(%error, "the health of a source was not kept");
            }
        }
    }
}

/// Two tries of one source: the counts of both, otherwise the later one.
fn joined(before: Option<SourceHealth>, health: SourceHealth) -> SourceHealth {
    let Some(before) = before else { return health };
    SourceHealth {
        last_ok_at: health.last_ok_at.or(before.last_ok_at),
        last_change_at: health.last_change_at.or(before.last_change_at),
        accepted: before.accepted + health.accepted,
        repeated: before.repeated + health.repeated,
        refused: before.refused + health.refused,
        cursor: if health.cursor.is_empty() { before.cursor } else { health.cursor },
        ..health
    }
}

/// As the database keeps it.
pub(crate) fn state(health: SourceHealth) -> SourceState {
    SourceState {
        source: health.source,
        kind: health.kind.as_str().into(),
        state: health.state.as_str().into(),
        message: health.message,
        last_try_at: health.last_try_at,
        last_ok_at: health.last_ok_at,
        last_change_at: health.last_change_at,
        accepted: health.accepted,
        repeated: health.repeated,
        refused: health.refused,
        cursor: health.cursor,
    }
}
