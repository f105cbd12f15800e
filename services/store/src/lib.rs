//! All SQL of Huiyin: migrations and queries, one text for SQLite and PostgreSQL.
//!
//! Invariants: a change and its ledger entry go in one [`Tx`]; the ledger is append-only (triggers refuse anything
//! else on both databases); times are UTC microseconds, booleans 0 or 1; lists are paged by key. Everything written
//! here is masked already. Knows nothing of rules: what a matter may do is `domain`'s, what happens when is `ledger`'s.

mod alerts;
mod alerts_delivery;
mod alerts_work;
mod bulk;
mod catalogue;
mod claim;
mod commitment;
mod counts;
mod cursor;
mod entry;
mod error;
mod figures;
mod intake;
mod matter;
mod matter_filter;
mod matter_parts;
mod post;
mod queue;
mod search_feed;
mod sequence;
mod source;
mod spoken;
mod staff;
mod tx;

use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use tokio::sync::Mutex;

pub use alerts::{AlertRule, Channel, ChannelKind, ChannelSecret, ChannelState, DeliveryState, Signing};
pub use alerts_delivery::{CommitmentDue, Delivery, DeliveryCounts, DeliveryFilter, DeliveryTry, NewDelivery};
pub use alerts_work::{TakeLimits, Target, Verdict, Work};
pub use catalogue::CatalogueRow;
pub use claim::Claim;
pub use commitment::{CommitmentCounts, CommitmentFilter, CommitmentPage, CommitmentRow, CommitmentState};
pub use counts::Counts;
pub use cursor::{Cursor, CursorFault};
pub use entry::{NewEntry, StoredEntry, UndoneVersions};
pub use error::StoreError;
pub use figures::{Counted, MatterKey};
pub use intake::{Compared, KeyHit, NewPost, PriorPost};
pub use matter::MatterPage;
pub use matter_filter::{MatterFilter, MatterOrder, PromiseFilter, PromiseState, Promptness, Proposal};
pub use post::{AssessmentRow, Fate, PostFilter, PostPage, PostRow};
pub use queue::{QUEUE_ROWS_MAX, QueueFilter, QueueRow};
pub use search_feed::KeyedPost;
pub use source::{DeadLetterRow, SourceState};
pub use spoken::{SpokenCount, SpokenDay, day_number};
pub use staff::{Session, Staff, Token};
pub use tx::{Checkpoint, Outcome, Tx};

/// Most rows one page may have.
pub const PAGE_ROWS_MAX: u32 = 200;

/// Number, name, and the text for SQLite and for PostgreSQL. Only ever added to.
const MIGRATIONS: [(i64, &str, &str, &str); 5] = [
    (
        1,
        "way of a post",
        include_str!("../migrations/sqlite/0001_way_of_a_post.sql"),
        include_str!("../migrations/postgres/0001_way_of_a_post.sql"),
    ),
    (
        2,
        "alerts",
        include_str!("../migrations/sqlite/0002_alerts.sql"),
        include_str!("../migrations/postgres/0002_alerts.sql"),
    ),
    (
        3,
        "claims",
        include_str!("../migrations/sqlite/0003_claims.sql"),
        include_str!("../migrations/postgres/0003_claims.sql"),
    ),
    (
        4,
        "figures",
        include_str!("../migrations/sqlite/0004_figures.sql"),
        include_str!("../migrations/postgres/0004_figures.sql"),
    ),
    (
        5,
        "evidence",
        include_str!("../migrations/sqlite/0005_evidence.sql"),
        include_str!("../migrations/postgres/0005_evidence.sql"),
    ),
];

/// Where the data lives.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// `sqlite://PATH` (made when missing) or `postgres://…`.
    pub url: String,
    /// Connections at most; SQLite writes on one of them at a time.
    pub connections_max: u32,
}

/// Which database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// One file, one machine.
    Sqlite,
    /// PostgreSQL 14 or newer.
    Postgres,
}

/// The data of one installation.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    dialect: Dialect,
    /// SQLite has one writer: waiting here is fair, waiting for its file lock is not.
    write_gate: Arc<Mutex<()>>,
}

impl Store {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Url`] for another scheme, otherwise what the database said.
    pub async fn open(options: StoreOptions) -> Result<Store, StoreError> {
        sqlx::any::install_default_drivers();
        let (dialect, url) = match options.url.split_once("://") {
            Some(("sqlite", path)) if path.contains('?') => (Dialect::Sqlite, options.url.clone()),
            Some(("sqlite", path)) => (Dialect::Sqlite, format!("sqlite://{path}?mode=rwc")),
            Some(("postgres" | "postgresql", _)) => (Dialect::Postgres, options.url.clone()),
            _ => return Err(StoreError::Url),
        };
        let pool = AnyPoolOptions::new()
            .max_connections(options.connections_max.max(1))
            .acquire_timeout(Duration::from_secs(30))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if dialect == Dialect::Sqlite {
                        // FULL: an answer of 2xx to an officer survives a power cut. Checkpoints at 32 MB instead of
                        // 4, with temporary tables in memory: an import of 4,326 posts took 2.0 s instead of 2.3.
                        let pragmas = "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 10000; \
                             pragma foreign_keys = on; pragma cache_size = -32000; pragma journal_size_limit = 67108864; pragma wal_autocheckpoint = 8000; pragma temp_store = memory";
                        sqlx::raw_sql(pragmas).execute(connection).await?;
                    }
                    Ok(())
                })
            })
            .connect(&url)
            .await?;
        let store = Store { pool, dialect, write_gate: Arc::new(Mutex::new(())) };
        store.migrate().await?;
        Ok(store)
    }

    /// Which database answers.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// What the database said.
    pub async fn ready(&self) -> Result<(), StoreError> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes every connection; what is under way finishes first.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let migrations = MIGRATIONS.into_iter().map(|(number, name, sqlite, postgres)| {
            let sql = match self.dialect {
                Dialect::Sqlite => sqlite,
                Dialect::Postgres => postgres,
            };
            let sql = sqlx::SqlSafeStr::into_sql_str(sql);
            Migration::new(number, name.into(), MigrationType::Simple, sql, false)
        });
        Migrator::with_migrations(migrations.collect()).run(&self.pool).await?;
        Ok(())
    }
}

/// Opens a fresh store for tests: SQLite in `directory`, or, with `HUIYIN_TEST_POSTGRES` set to the URL of a server
/// whose user may create databases, a new database there.
#[cfg(any(test, feature = "testing"))]
pub mod testing;
