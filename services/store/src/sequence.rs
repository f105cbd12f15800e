//! The sequencer's SQL: dense numbers for committed entries.

use sqlx::Row;

use crate::{Store, StoreError};

impl Store {
    /// True while there are entries without a number.
    ///
    /// # Errors
    /// What the database said.
    pub async fn entries_waiting(&self) -> Result<bool, StoreError> {
        let sql = "select position from ledger_entry where number is null order by position limit 1";
        Ok(sqlx::query(sql).fetch_optional(&self.pool).await?.is_some())
    }

    /// Numbers up to `limit` committed entries that have no number yet, in order of position; returns how many.
    /// Only the holder of the sequencer's lease may call it.
    ///
    /// # Errors
    /// What the database said.
    pub async fn number_entries(&self, limit: u32) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        // Two holders (a lease that ran out in a pause) meet here: the counter's row makes the second one wait.
        let sql = "insert into counter (name, next) values ('ledger_number', 1) on conflict (name) do update set next = counter.next returning next";
        let next: i64 = sqlx::query(sql).fetch_one(&mut *tx.tx).await?.try_get("next")?;
        let done = sqlx::query(include_str!("../queries/ledger_entry/number.sql"))
            .bind(next - 1)
            .bind(i64::from(limit))
            .execute(&mut *tx.tx)
            .await?
            .rows_affected();
        let sql = "update counter set next = next + $1 where name = 'ledger_number'";
        sqlx::query(sql).bind(done.cast_signed()).execute(&mut *tx.tx).await?;
        tx.commit().await?;
        Ok(done)
    }
}
