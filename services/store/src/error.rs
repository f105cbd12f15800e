//! What can go wrong with the store.

/// A failed read or write; nothing of a failed transaction is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Neither SQLite nor PostgreSQL.
    #[error("store: the URL must begin with sqlite:// or postgres://")]
    Url,
    /// The database refused or could not be reached.
    #[error("store: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("store: migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not what this version writes: another version's data, or tampering.
    #[error("store: {table}.{column} of {key}: {message}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        key: String,
        /// What is wrong.
        message: String,
    },
    /// Another writer was faster: read again and decide again.
    #[error("store: {what} was changed meanwhile")]
    Raced {
        /// The row that changed.
        what: String,
    },
}

impl StoreError {
    /// Trying again later may succeed: the database was busy, away or full, or another writer was faster.
    pub fn is_retryable(&self) -> bool {
        match self {
            StoreError::Raced { .. } => true,
            StoreError::Database(error) => match error {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                // SQLite: 5 busy, 6 locked, 10 I/O, 13 full. PostgreSQL: 40xxx rollback, 53xxx resources, 57Pxx shutdown, 08xxx.
                sqlx::Error::Database(cause) => cause.code().is_some_and(|code| {
                    matches!(code.as_ref(), "5" | "6" | "10" | "13" | "261" | "517" | "778")
                        || ["40", "53", "57P", "08"].iter().any(|class| code.starts_with(class))
                }),
                _ => false,
            },
            _ => false,
        }
    }

    /// The disk is full: nothing more can be accepted until there is room.
    pub fn is_full(&self) -> bool {
        matches!(self, StoreError::Database(sqlx::Error::Database(cause))
            if cause.code().is_some_and(|code| matches!(code.as_ref(), "13" | "53100")))
    }
}
