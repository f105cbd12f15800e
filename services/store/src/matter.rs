//! Matters: the current state, as tables one can filter, beside the folded matter itself.

use huiyin_domain::matter::{Decision, Matter};
use huiyin_domain::{MatterNo, PlaceCode, SystemCode, UnitId};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::bulk::{self, Bound};
use crate::matter_filter::{Bind, MatterFilter, MatterOrder, conditions, push};
use crate::tx::Tx;
use crate::{Cursor, PAGE_ROWS_MAX, Store, StoreError};

/// One page.
#[derive(Clone, Debug)]
pub struct MatterPage {
    /// The matters.
    pub matters: Vec<Matter>,
    /// Where the next page begins; none on the last.
    pub next: Option<Cursor>,
}

impl Store {
    /// One matter by its number.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn matter(&self, no: &MatterNo) -> Result<Option<Matter>, StoreError> {
        let sql = "select no, body from matter where no = $1";
        let row = sqlx::query(sql).bind(no.as_str()).fetch_optional(&self.pool).await?;
        row.as_ref().map(matter).transpose()
    }

    /// A page of matters.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn matters(&self, filter: &MatterFilter) -> Result<MatterPage, StoreError> {
        let limit = filter.limit.clamp(1, PAGE_ROWS_MAX);
        let mut binds: Vec<Bind> = Vec::new();
        let mut wheres = conditions(filter, &mut binds);
        let (column, sign, direction) = match filter.order {
            MatterOrder::Newest => ("received_at", "<", "desc"),
            MatterOrder::Due => ("next_due", ">", "asc"),
        };
        if let Some(cursor) = &filter.after {
            let (value, key) =
                (push(&mut binds, Bind::Number(cursor.value)), push(&mut binds, Bind::Text(cursor.key.clone())));
            wheres.push(format!("(m.{column}, m.no) {sign} ({value}, {key})"));
        }
        let wheres = if wheres.is_empty() { String::new() } else { format!("where {}", wheres.join(" and ")) };
        let rows = push(&mut binds, Bind::Number(i64::from(limit) + 1));
        let sql = format!(
            "select m.no, m.body, m.{column} as value from matter m {wheres} order by m.{column} {direction}, m.no {direction} limit {rows}"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = bind.onto(query);
        }
        let mut rows = query.fetch_all(&self.pool).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = match rows.last() {
            Some(last) if more => Some(Cursor { value: last.try_get("value")?, key: last.try_get("no")? }),
            _ => None,
        };
        Ok(MatterPage { matters: rows.iter().map(matter).collect::<Result<_, _>>()?, next })
    }

    /// Numbers of up to `limit` matters with a deadline that ran out by `now` and is not yet recorded as passed.
    ///
    /// # Errors
    /// What the database said.
    pub async fn matters_lapsed(&self, now: Timestamp, limit: u32) -> Result<Vec<MatterNo>, StoreError> {
        let sql = "select distinct matter from deadline where met_at is null and passed = 0 and due < $1 order by matter limit $2";
        let rows = sqlx::query(sql).bind(now.as_microsecond()).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(MatterNo::new(row.try_get::<String, _>("matter")?))).collect()
    }

    /// Up to `limit` numbers of matters after `after`, in order: for walks over all of them.
    ///
    /// # Errors
    /// What the database said.
    pub async fn matter_numbers(&self, after: Option<&MatterNo>, limit: u32) -> Result<Vec<MatterNo>, StoreError> {
        let sql = "select distinct matter from ledger_entry where matter > $1 order by matter limit $2";
        let after = after.map_or("", MatterNo::as_str);
        let rows = sqlx::query(sql).bind(after).bind(i64::from(limit)).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(MatterNo::new(row.try_get::<String, _>("matter")?))).collect()
    }
}

impl Tx {
    /// One matter, locked against other writers until the transaction ends.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn matter(&mut self, no: &MatterNo) -> Result<Option<Matter>, StoreError> {
        let mut found = self.matters(std::slice::from_ref(no)).await?;
        Ok(found.pop())
    }

    /// Several matters, locked in order of number so that two writers never wait for each other.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn matters(&mut self, numbers: &[MatterNo]) -> Result<Vec<Matter>, StoreError> {
        let lock = if self.dialect == crate::Dialect::Postgres { " for update" } else { "" };
        let mut found = Vec::new();
        for chunk in numbers.chunks(100) {
            let sql =
                format!("select no, body from matter where no in ({}) order by no{lock}", bulk::list(1, chunk.len()));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for no in chunk {
                query = query.bind(no.as_str().to_owned());
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                found.push(matter(&row)?);
            }
        }
        Ok(found)
    }

    /// Writes new matters.
    ///
    /// # Errors
    /// What the database said.
    pub async fn insert_matters(&mut self, matters: &[&Matter]) -> Result<(), StoreError> {
        self.put_matters(matters, "").await?;
        self.insert_parts(matters).await
    }

    /// Writes changed matters over their old rows: each must stand one or more versions behind, else it was changed
    /// meanwhile. `parts` also rewrites assignments, answers, promises and deadlines, which a joined post leaves alone.
    ///
    /// # Errors
    /// [`StoreError::Raced`], or what the database said.
    pub async fn update_matters(&mut self, matters: &[(&Matter, u64)], parts: bool) -> Result<(), StoreError> {
        for (matter, expected) in matters {
            let sql = "update matter set version = version where no = $1 and version = $2";
            let done =
                sqlx::query(sql).bind(matter.no.as_str()).bind(expected.cast_signed()).execute(&mut *self.tx).await?;
            if done.rows_affected() != 1 {
                return Err(StoreError::Raced { what: format!("matter {}", matter.no) });
            }
        }
        let rows: Vec<&Matter> = matters.iter().map(|(matter, _)| *matter).collect();
        self.put_matters(&rows, include_str!("../queries/matter/replace.sql")).await?;
        if parts {
            self.replace_parts(&rows).await?;
        }
        Ok(())
    }

    /// Writes a matter whatever stood there before: for the rebuild alone.
    ///
    /// # Errors
    /// What the database said.
    pub async fn overwrite_matter(&mut self, matter: &Matter) -> Result<(), StoreError> {
        self.put_matters(&[matter], include_str!("../queries/matter/replace.sql")).await?;
        self.replace_parts(&[matter]).await
    }

    async fn put_matters(&mut self, matters: &[&Matter], tail: &str) -> Result<(), StoreError> {
        let rows: Vec<(&Matter, String)> =
            matters.iter().map(|matter| Ok((*matter, body(matter)?))).collect::<Result<_, StoreError>>()?;
        let head = "insert into matter (no, version, decided_version, state, title, place, system, unit, decision, grade, graded, danger, \
             backfill, posts, received_at, next_due, ended_at, body)";
        bulk::insert(&mut self.tx, head, tail, 18, &rows, |query, (matter, body)| bind_matter(query, matter, body))
            .await?;
        Ok(())
    }
}

fn bind_matter<'q>(query: Bound<'q>, matter: &Matter, body: &str) -> Bound<'q> {
    let unit = matter.lead().map(|lead| &lead.unit).or(matter.suggestion.unit.as_ref());
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    query
        .bind(matter.no.to_string())
        .bind(matter.version.cast_signed())
        .bind(matter.decided_version.cast_signed())
        .bind(matter.state.as_str())
        .bind(text(matter.title.as_deref()))
        .bind(text(matter.place.as_ref().map(PlaceCode::as_str)))
        .bind(text(matter.system.as_ref().map(SystemCode::as_str)))
        .bind(text(unit.map(UnitId::as_str)))
        .bind(if matter.suggestion.decision == Decision::Unit { "unit" } else { "abstain" })
        .bind(matter.grade_in_force().as_str())
        .bind(i64::from(matter.grade.is_some()))
        .bind(i64::from(matter.danger))
        .bind(i64::from(matter.backfill))
        .bind(i64::from(matter.posts))
        .bind(matter.received_at.as_microsecond())
        .bind(matter.next_due().map_or(i64::MAX, |deadline| deadline.due.as_microsecond()))
        .bind(matter.ended_at.map(Timestamp::as_microsecond))
        .bind(body.to_owned())
}

fn body(matter: &Matter) -> Result<String, StoreError> {
    serde_json::to_string(matter).map_err(|error| corrupt(&matter.no.to_string(), &error))
}

pub(crate) fn matter(row: &AnyRow) -> Result<Matter, StoreError> {
    let body: String = row.try_get("body")?;
    let no: String = row.try_get("no")?;
    serde_json::from_str(&body).map_err(|error| corrupt(&no, &error))
}

fn corrupt(key: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { table: "matter", column: "body", key: key.to_owned(), message: error.to_string() }
}
