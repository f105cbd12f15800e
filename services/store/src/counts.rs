//! Figures of the whole installation.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::Row;

use crate::{Store, StoreError};

/// How many of what. Every post stored is counted once under its fate; revisions are counted apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Posts, each (source, id) once.
    pub posts: u64,
    /// Further texts of posts already stored.
    pub revisions: u64,
    /// Posts that opened or joined a matter.
    pub in_matters: u64,
    /// Posts set aside, by reason.
    pub asides: BTreeMap<String, u64>,
    /// Dead letters.
    pub dead_letters: u64,
    /// Matters, by state; merged ones included.
    pub matters: BTreeMap<String, u64>,
    /// Matters whose first post the machine was not sure about.
    pub abstained: u64,
    /// Matters with a deadline unmet and past.
    pub overdue: u64,
    /// Ledger entries.
    pub entries: u64,
    /// Promises made, and of those verified as kept and as broken.
    pub commitments: (u64, u64, u64),
}

impl Store {
    /// The figures at `now`.
    ///
    /// # Errors
    /// What the database said.
    pub async fn counts(&self, now: Timestamp) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for (name, key, value) in self.grouped(now).await? {
            match name.as_str() {
                "matter" => {
                    counts.matters.insert(key, value);
                }
                "aside" => {
                    counts.asides.insert(key, value);
                }
                "in_matters" => counts.in_matters = value,
                "revisions" => counts.revisions = value,
                "dead_letters" => counts.dead_letters = value,
                "abstained" => counts.abstained = value,
                "overdue" => counts.overdue = value,
                "entries" => counts.entries = value,
                "commitments" => counts.commitments.0 = value,
                "kept" => counts.commitments.1 = value,
                "broken" => counts.commitments.2 = value,
                _ => {}
            }
        }
        counts.posts = counts.in_matters + counts.asides.values().sum::<u64>();
        Ok(counts)
    }

    async fn grouped(&self, now: Timestamp) -> Result<Vec<(String, String, u64)>, StoreError> {
        let sql = include_str!("../queries/counts/all.sql");
        let rows = sqlx::query(sql).bind(now.as_microsecond()).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let value: i64 = row.try_get("value")?;
                Ok((row.try_get("name")?, row.try_get("key")?, value.cast_unsigned()))
            })
            .collect()
    }
}
