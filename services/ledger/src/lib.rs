//! Matters and their append-only ledger: intake of assessed posts, the actions of people, deadlines, the sequencer.
//!
//! Invariants: every change of a matter is one ledger entry, written in the transaction of the change; current-state
//! tables are a fold of the entries and [`rebuild`] makes them again identically; a batch of the log and the position
//! after it are one transaction, so reading the log again yields only no-ops. Deliberately unknown here: who follows the
//! ledger (alerts, briefings, search, the API's live events).

mod act;
mod claim;
mod entropy;
mod further;
mod heat;
mod intake;
mod leaf;
mod merge;
mod opening;
mod rebuild;
mod sequencer;
mod surges;
mod timers;
mod undo;

use std::sync::Arc;

use huiyin_domain::matter::{FoldError, Policy, Refusal};
use huiyin_domain::{Clock, MatterNo};
use huiyin_store::{Store, StoreError, StoredEntry};
use huiyin_stream::LogError;
use jiff::Timestamp;
use tokio::sync::{Notify, watch};

pub use act::{ActRequest, Acted, Idempotency};
pub use claim::{CLAIM_LIFE, Claimed};
pub use entropy::{Entropy, SeededEntropy};
pub use further::FurtherRequest;
pub use heat::{Heat, HeatLevel, WARM_POSTS};
pub use intake::{Intake, IntakeProgress};
pub use leaf::leaf;
pub use merge::MergeRequest;
pub use rebuild::{RebuildReport, rebuild};
pub use surges::{SurgeAreas, SurgeWarning};
pub use undo::UndoRequest;

/// The ledger of one installation; cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    policy: Arc<Policy>,
    /// Woken when entries were committed that have no number yet.
    appended: Arc<Notify>,
    numbered: Arc<watch::Sender<u64>>,
    surge_history: Arc<surges::SurgeHistory>,
}

/// Why the ledger did not do as asked; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// No matter of that number.
    #[error("matter {0}: no such matter")]
    NotFound(MatterNo),
    /// What is decided of the matter changed since the caller read it.
    #[error("changed meanwhile: now version {current}")]
    Conflict {
        /// The version to read again.
        current: u64,
        /// Who did what when.
        last: Option<Box<StoredEntry>>,
    },
    /// The rules do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The same `Idempotency-Key` came with another body before.
    #[error("the same Idempotency-Key was used with another body")]
    KeyReused,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log failed.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Entries that do not fold: a damaged or tampered ledger.
    #[error("ledger: {0}")]
    Fold(#[from] FoldError),
}

impl LedgerError {
    /// Trying again later may succeed.
    pub fn is_retryable(&self) -> bool {
        match self {
            LedgerError::Store(error) => error.is_retryable(),
            LedgerError::Log(error) => error.is_retryable(),
            _ => false,
        }
    }
}

impl Ledger {
    /// The ledger over `store`, with time, randomness and rules given.
    pub fn new(store: Store, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, policy: Policy) -> Ledger {
        let (numbered, _) = watch::channel(0);
        Ledger {
            store,
            clock,
            entropy,
            policy: Arc::new(policy),
            appended: Arc::new(Notify::new()),
            numbered: Arc::new(numbered),
            surge_history: Arc::default(),
        }
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The rules in force.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Rises with each numbered entry: read [`Store::entries_numbered`] after it changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.numbered.subscribe()
    }
}
