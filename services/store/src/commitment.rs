//! Promises over all matters: who owes what by when.

use huiyin_domain::matter::Commitment;
use huiyin_domain::{MatterNo, UnitId};
use jiff::civil::Date;
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::matter_filter::{Bind, push};
use crate::{Cursor, PAGE_ROWS_MAX, Store, StoreError};

/// Which promises.
#[derive(Clone, Debug)]
pub struct CommitmentFilter {
    /// How they stand.
    pub state: CommitmentState,
    /// Owed by this unit.
    pub unit: Option<UnitId>,
    /// What was due before this day and is not verified is overdue.
    pub today: Date,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// Rows at most, 1 to [`PAGE_ROWS_MAX`].
    pub limit: u32,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommitmentState {
    /// Not verified yet, overdue ones among them.
    #[default]
    Open,
    /// Not verified and past its day.
    Overdue,
    /// Verified as kept.
    Kept,
    /// Verified as broken.
    Broken,
    /// All of them.
    All,
}

/// A promise with the matter it was made in.
#[derive(Clone, Debug, PartialEq)]
pub struct CommitmentRow {
    /// The matter.
    pub matter: MatterNo,
    /// Its short text; none once erased.
    pub title: Option<String>,
    /// The promise.
    pub commitment: Commitment,
    /// Name of the unit that owes it, at the time.
    pub owner_name: Option<String>,
}

/// One page of promises.
#[derive(Clone, Debug)]
pub struct CommitmentPage {
    /// The promises: those not verified first, by day due.
    pub rows: Vec<CommitmentRow>,
    /// Where the next page begins; none on the last.
    pub next: Option<Cursor>,
}

/// How many promises stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommitmentCounts {
    /// Not verified yet, overdue ones among them.
    pub open: u64,
    /// Not verified and past their day.
    pub overdue: u64,
    /// Verified as kept.
    pub kept: u64,
    /// Verified as broken.
    pub broken: u64,
}

#[derive(Deserialize)]
struct Body {
    commitments: Vec<Commitment>,
    assignments: Vec<Given>,
}

#[derive(Deserialize)]
struct Given {
    unit: UnitId,
    unit_name: String,
}

const RANK: &str = "cast(case when c.kept is null then 0 else 1 end as bigint)";

impl Store {
    /// A page of promises: those not verified first, by day due.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn commitments(&self, filter: &CommitmentFilter) -> Result<CommitmentPage, StoreError> {
        let limit = filter.limit.clamp(1, PAGE_ROWS_MAX);
        let mut binds = Vec::new();
        let mut wheres = wheres(filter, &mut binds);
        if let Some((rank, due, matter, number)) = filter.after.as_ref().and_then(position) {
            let rank = push(&mut binds, Bind::Number(rank));
            let (due, matter) = (push(&mut binds, Bind::Text(due)), push(&mut binds, Bind::Text(matter)));
            let number = push(&mut binds, Bind::Number(number));
            wheres.push(format!("({RANK}, c.due, c.matter, c.number) > ({rank}, {due}, {matter}, {number})"));
        }
        let wheres = if wheres.is_empty() { "1 = 1".to_owned() } else { wheres.join(" and ") };
        let rows = push(&mut binds, Bind::Number(i64::from(limit) + 1));
        let sql = format!(
            "select c.matter, c.number, c.due, {RANK} as rank, m.title, m.body from commitment c join matter m on m.no = c.matter \
             where {wheres} order by {RANK}, c.due, c.matter, c.number limit {rows}"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = bind.onto(query);
        }
        let mut rows = query.fetch_all(&self.pool).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(cursor).transpose()?;
        Ok(CommitmentPage { rows: rows.iter().map(read).collect::<Result<_, _>>()?, next })
    }

    /// How many promises stand how, of `unit` or of all.
    ///
    /// # Errors
    /// What the database said.
    pub async fn commitment_counts(&self, unit: Option<&UnitId>, today: Date) -> Result<CommitmentCounts, StoreError> {
        let sql = include_str!("../queries/commitment/count.sql");
        let unit = unit.map_or("", UnitId::as_str);
        let row = sqlx::query(sql).bind(today.to_string()).bind(unit).fetch_one(&self.pool).await?;
        let count = |column: &str| Ok::<u64, StoreError>(row.try_get::<i64, _>(column)?.cast_unsigned());
        Ok(CommitmentCounts {
            open: count("open")?,
            overdue: count("overdue")?,
            kept: count("kept")?,
            broken: count("broken")?,
        })
    }
}

fn wheres(filter: &CommitmentFilter, binds: &mut Vec<Bind>) -> Vec<String> {
    let mut wheres = Vec::new();
    match filter.state {
        CommitmentState::All => {}
        CommitmentState::Open => wheres.push("c.kept is null".to_owned()),
        CommitmentState::Kept => wheres.push("c.kept = 1".to_owned()),
        CommitmentState::Broken => wheres.push("c.kept = 0".to_owned()),
        CommitmentState::Overdue => {
            let today = push(binds, Bind::Text(filter.today.to_string()));
            wheres.push(format!("c.kept is null and c.due < {today}"));
        }
    }
    if let Some(unit) = &filter.unit {
        let mark = push(binds, Bind::Text(unit.to_string()));
        wheres.push(format!("c.owner = {mark}"));
    }
    wheres
}

fn cursor(row: &AnyRow) -> Result<Cursor, StoreError> {
    let (due, matter): (String, String) = (row.try_get("due")?, row.try_get("matter")?);
    let number: i64 = row.try_get("number")?;
    Ok(Cursor { value: row.try_get("rank")?, key: format!("{due}/{matter}/{number}") })
}

fn position(cursor: &Cursor) -> Option<(i64, String, String, i64)> {
    let mut parts = cursor.key.split('/');
    let (due, matter, number) = (parts.next()?, parts.next()?, parts.next()?);
    Some((cursor.value, due.to_owned(), matter.to_owned(), number.parse().ok()?))
}

fn read(row: &AnyRow) -> Result<CommitmentRow, StoreError> {
    let (matter, body): (String, String) = (row.try_get("matter")?, row.try_get("body")?);
    let corrupt = |message| StoreError::Corrupt { table: "matter", column: "body", key: matter.clone(), message };
    let body: Body = serde_json::from_str(&body).map_err(|error| corrupt(error.to_string()))?;
    let number: i64 = row.try_get("number")?;
    let commitment = body.commitments.into_iter().find(|one| i64::from(one.number) == number);
    let commitment = commitment.ok_or_else(|| corrupt(format!("no commitment {number}")))?;
    let title: String = row.try_get("title")?;
    let owner = body.assignments.into_iter().find(|one| one.unit == commitment.owner);
    Ok(CommitmentRow {
        title: Some(title).filter(|title| !title.is_empty()),
        owner_name: owner.map(|owner| owner.unit_name),
        commitment,
        matter: MatterNo::new(&matter),
    })
}
