//! Claims (认领): who of the duty office works on a matter just now.

use std::collections::BTreeMap;

use huiyin_domain::MatterNo;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::tx::{Tx, time};
use crate::{Store, StoreError};

/// One person's hold on a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The matter.
    pub matter: MatterNo,
    /// Login name of the holder.
    pub holder: String,
    /// Name shown to others.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// It ends at this instant by itself.
    pub until: Timestamp,
}

impl Store {
    /// Takes or prolongs a claim from `claim.since` on, unless another holds one then and `take_over` is false. Gives
    /// the claim that stands afterwards: whose it is says how it went.
    ///
    /// # Errors
    /// What the database said.
    pub async fn claim(&self, claim: &Claim, take_over: bool) -> Result<Claim, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "delete from claim where until <= $1";
        sqlx::query(sql).bind(claim.since.as_microsecond()).execute(&mut *tx.tx).await?;
        let taken = sqlx::query(include_str!("../queries/claim/take.sql"))
            .bind(claim.matter.as_str())
            .bind(&claim.holder)
            .bind(&claim.name)
            .bind(claim.since.as_microsecond())
            .bind(claim.until.as_microsecond())
            .bind(i64::from(take_over))
            .fetch_optional(&mut *tx.tx)
            .await?;
        let sql = "select matter, holder, name, since, until from claim where matter = $1";
        let row = sqlx::query(sql).bind(claim.matter.as_str()).fetch_one(&mut *tx.tx).await?;
        let standing = read(&row)?;
        if taken.is_some() {
            tx.commit().await?;
        }
        Ok(standing)
    }

    /// Ends the claim of `holder` on a matter; false when there was none.
    ///
    /// # Errors
    /// What the database said.
    pub async fn release(&self, no: &MatterNo, holder: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "delete from claim where matter = $1 and holder = $2";
        let done = sqlx::query(sql).bind(no.as_str()).bind(holder).execute(&mut *tx.tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// The claim on a matter at `now`.
    ///
    /// # Errors
    /// What the database said.
    pub async fn claim_of(&self, no: &MatterNo, now: Timestamp) -> Result<Option<Claim>, StoreError> {
        let sql = "select matter, holder, name, since, until from claim where matter = $1 and until > $2";
        let row = sqlx::query(sql).bind(no.as_str()).bind(now.as_microsecond()).fetch_optional(&self.pool).await?;
        row.as_ref().map(read).transpose()
    }

    /// All claims at `now`, by matter: a handful for each officer on duty.
    ///
    /// # Errors
    /// What the database said.
    pub async fn claims(&self, now: Timestamp) -> Result<BTreeMap<MatterNo, Claim>, StoreError> {
        let sql = "select matter, holder, name, since, until from claim where until > $1 order by matter limit 10000";
        let rows = sqlx::query(sql).bind(now.as_microsecond()).fetch_all(&self.pool).await?;
        rows.iter().map(|row| read(row).map(|claim| (claim.matter.clone(), claim))).collect()
    }
}

impl Tx {
    /// Ends whatever claim there is on a matter; false when there was none.
    ///
    /// # Errors
    /// What the database said.
    pub async fn end_claim(&mut self, no: &MatterNo) -> Result<bool, StoreError> {
        let done = sqlx::query("delete from claim where matter = $1").bind(no.as_str()).execute(&mut *self.tx).await?;
        Ok(done.rows_affected() == 1)
    }
}

fn read(row: &AnyRow) -> Result<Claim, StoreError> {
    let matter: String = row.try_get("matter")?;
    let at = |column| time(row.try_get(column)?, "claim", column, &matter);
    Ok(Claim {
        holder: row.try_get("holder")?,
        name: row.try_get("name")?,
        since: at("since")?,
        until: at("until")?,
        matter: MatterNo::new(&matter),
    })
}
