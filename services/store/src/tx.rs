//! One transaction: a change, its ledger entries and its position go together or not at all.

use jiff::Timestamp;
use sqlx::{Any, Row, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::{Dialect, Store, StoreError};

/// A writing transaction; dropped without [`Tx::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    pub(crate) tx: Transaction<'static, Any>,
    pub(crate) dialect: Dialect,
    _gate: Option<OwnedMutexGuard<()>>,
}

/// A consumer's position in one shard of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Who reads: `intake`, …
    pub consumer: &'static str,
    /// What it reads.
    pub topic: String,
    /// Partition.
    pub shard: i32,
}

/// What an earlier request with the same `Idempotency-Key` did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Digest of that request's body.
    pub body_digest: Vec<u8>,
    /// The matter it changed.
    pub matter: String,
    /// The matter's version after it.
    pub version: u64,
}

impl Store {
    /// Begins a writing transaction.
    ///
    /// # Errors
    /// What the database said.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let (gate, tx) = match self.dialect {
            Dialect::Sqlite => {
                let gate = self.write_gate.clone().lock_owned().await;
                (Some(gate), self.pool.begin_with("begin immediate").await?)
            }
            Dialect::Postgres => (None, self.pool.begin().await?),
        };
        Ok(Tx { tx, dialect: self.dialect, _gate: gate })
    }

    /// The stored position of `checkpoint`; none before its first commit.
    ///
    /// # Errors
    /// What the database said.
    pub async fn position(&self, checkpoint: &Checkpoint) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query("select next from checkpoint where consumer = $1 and topic = $2 and shard = $3")
            .bind(checkpoint.consumer)
            .bind(&checkpoint.topic)
            .bind(i64::from(checkpoint.shard))
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get("next")).transpose()?)
    }

    /// Takes or renews the lease `name` for `holder` until `until`; false while another holder has it.
    ///
    /// # Errors
    /// What the database said.
    pub async fn lease(&self, name: &str, holder: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(include_str!("../queries/lease/take.sql"))
            .bind(name)
            .bind(holder)
            .bind(until.as_microsecond())
            .bind(now.as_microsecond())
            .execute(&mut *tx.tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }
}

impl Tx {
    /// Makes everything durable.
    ///
    /// # Errors
    /// What the database said; then nothing was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }

    /// Moves a position from `from` to `next`, exactly once: false when it does not stand at `from`.
    ///
    /// # Errors
    /// What the database said.
    pub async fn advance(&mut self, checkpoint: &Checkpoint, from: i64, next: i64) -> Result<bool, StoreError> {
        let sql =
            "insert into checkpoint (consumer, topic, shard, next) values ($1, $2, $3, $4) on conflict do nothing";
        sqlx::query(sql)
            .bind(checkpoint.consumer)
            .bind(&checkpoint.topic)
            .bind(i64::from(checkpoint.shard))
            .bind(from)
            .execute(&mut *self.tx)
            .await?;
        let sql = "update checkpoint set next = $4 where consumer = $1 and topic = $2 and shard = $3 and next = $5";
        let done = sqlx::query(sql)
            .bind(checkpoint.consumer)
            .bind(&checkpoint.topic)
            .bind(i64::from(checkpoint.shard))
            .bind(next)
            .bind(from)
            .execute(&mut *self.tx)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The first of `count` fresh numbers of the counter `name`, from 1.
    ///
    /// # Errors
    /// What the database said.
    pub async fn numbers(&mut self, name: &str, count: usize) -> Result<i64, StoreError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let row = sqlx::query(include_str!("../queries/counter/take.sql"))
            .bind(name)
            .bind(count)
            .fetch_one(&mut *self.tx)
            .await?;
        Ok(row.try_get::<i64, _>("next")? - count)
    }

    /// What an earlier request with this key did.
    ///
    /// # Errors
    /// What the database said.
    pub async fn outcome(&mut self, key: &str) -> Result<Option<Outcome>, StoreError> {
        let sql = "select body_digest, matter, version from idempotency where key = $1";
        let row = sqlx::query(sql).bind(key).fetch_optional(&mut *self.tx).await?;
        let Some(row) = row else { return Ok(None) };
        let version = row.try_get::<i64, _>("version")?.cast_unsigned();
        Ok(Some(Outcome { body_digest: row.try_get("body_digest")?, matter: row.try_get("matter")?, version }))
    }

    /// Keeps what a request with this key did; false when another request with the key was faster.
    ///
    /// # Errors
    /// What the database said.
    pub async fn put_outcome(&mut self, key: &str, outcome: &Outcome, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "insert into idempotency (key, body_digest, matter, version, at) values ($1, $2, $3, $4, $5) on conflict do nothing";
        let done = sqlx::query(sql)
            .bind(key)
            .bind(outcome.body_digest.clone())
            .bind(&outcome.matter)
            .bind(outcome.version.cast_signed())
            .bind(at.as_microsecond())
            .execute(&mut *self.tx)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

/// Reads a stored time.
pub(crate) fn time(
    micros: i64,
    table: &'static str,
    column: &'static str,
    key: impl ToString,
) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Corrupt {
        table,
        column,
        key: key.to_string(),
        message: error.to_string(),
    })
}
