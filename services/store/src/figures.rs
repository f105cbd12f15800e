//! Counting matters, posts and promises by the same filter that lists them: a figure and the list behind it cannot differ.

use std::collections::BTreeMap;

use huiyin_domain::matter::Matter;
use sqlx::{AssertSqlSafe, Row};

use crate::matter::matter;
use crate::matter_filter::{Bind, PromiseFilter, conditions, live, promises, push};
use crate::{MatterFilter, Store, StoreError};

/// How many a filter fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Matters.
    pub matters: u64,
    /// Posts that belong to them.
    pub posts: u64,
    /// Their promises, those alone that the filter's own condition on promises fits.
    pub promises: u64,
}

/// By what matters are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatterKey {
    /// Where they stand.
    State,
    /// Grade in force.
    Grade,
    /// Code of the system; empty where none was found.
    System,
    /// Code of the place; empty where none was found.
    Place,
    /// Day of receipt in Beijing, as days since 1970-01-01.
    Day,
    /// Source of any of their posts: a matter counts once for each.
    Source,
    /// The unit that leads now; matters without one are left out.
    Lead,
    /// Units that assist now; a matter counts once for each.
    Assist,
}

impl Store {
    /// How many matters the filter fits, with their posts and promises. Its order, cursor and limit do not matter.
    ///
    /// # Errors
    /// What the database said.
    pub async fn count_matters(&self, filter: &MatterFilter) -> Result<Counted, StoreError> {
        let mut binds = Vec::new();
        let wheres = conjoined(filter, &mut binds);
        let sql = format!(
            "select cast(count(*) as bigint) as matters, cast(coalesce(sum(m.posts), 0) as bigint) as posts from matter m {wheres}"
        );
        let rows = self.rows(sql, binds).await?;
        let mut counted = Counted::default();
        if let Some(row) = rows.first() {
            counted.matters = row.try_get::<i64, _>("matters")?.cast_unsigned();
            counted.posts = row.try_get::<i64, _>("posts")?.cast_unsigned();
        }
        let mut binds = Vec::new();
        let wheres = conjoined(filter, &mut binds);
        let which = promises(filter.promise.as_ref().unwrap_or(&PromiseFilter::default()), &mut binds);
        let sql = format!(
            "select cast(count(*) as bigint) as promises from matter m join commitment c on c.matter = m.no{which} {wheres}"
        );
        if let Some(row) = self.rows(sql, binds).await?.first() {
            counted.promises = row.try_get::<i64, _>("promises")?.cast_unsigned();
        }
        Ok(counted)
    }

    /// How many matters the filter fits, by a key. Keys without matters are left out.
    ///
    /// # Errors
    /// What the database said.
    pub async fn count_matters_by(
        &self,
        filter: &MatterFilter,
        key: MatterKey,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut binds = Vec::new();
        let wheres = conjoined(filter, &mut binds);
        let (column, join) = match key {
            MatterKey::State => ("m.state", String::new()),
            MatterKey::Grade => ("m.grade", String::new()),
            MatterKey::System => ("m.system", String::new()),
            MatterKey::Place => ("m.place", String::new()),
            // Microseconds of eight hours, and of a day.
            MatterKey::Day => ("cast((m.received_at + 28800000000) / 86400000000 as text)", String::new()),
            MatterKey::Source => ("s.source", "join membership s on s.matter = m.no".to_owned()),
            MatterKey::Lead => ("a.unit", format!("join assignment a on {}", live("lead"))),
            MatterKey::Assist => ("a.unit", format!("join assignment a on {}", live("assist"))),
        };
        let sql = format!(
            "select {column} as name, cast(count(distinct m.no) as bigint) as value from matter m {join} {wheres} group by {column}"
        );
        let rows = self.rows(sql, binds).await?;
        rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get::<i64, _>("value")?.cast_unsigned()))).collect()
    }

    /// The gravest matters the filter fits: danger to life first, then grade, then posts, then the latest.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn gravest_matters(&self, filter: &MatterFilter, limit: u32) -> Result<Vec<Matter>, StoreError> {
        let mut binds = Vec::new();
        let wheres = conjoined(filter, &mut binds);
        let rows = push(&mut binds, Bind::Number(i64::from(limit)));
        let sql = format!(
            "select m.no, m.body from matter m {wheres} order by m.danger desc, case m.grade when 'extreme' then 0 \
             when 'major' then 1 when 'considerable' then 2 else 3 end, m.posts desc, m.received_at desc, m.no limit {rows}"
        );
        self.rows(sql, binds).await?.iter().map(matter).collect()
    }

    async fn rows(&self, sql: String, binds: Vec<Bind>) -> Result<Vec<sqlx::any::AnyRow>, StoreError> {
        // Only this crate's own literals and numbered placeholders are in the text.
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = bind.onto(query);
        }
        Ok(query.fetch_all(&self.pool).await?)
    }
}

fn conjoined(filter: &MatterFilter, binds: &mut Vec<Bind>) -> String {
    let wheres = conditions(filter, binds);
    if wheres.is_empty() { String::new() } else { format!("where {}", wheres.join(" and ")) }
}
