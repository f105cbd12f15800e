//! The queue: every open matter that fits, as narrow rows in the order one works through them.

use huiyin_domain::matter::{Decision, Part, State};
use huiyin_domain::{Deadline, DeadlineKind, Grade, MatterNo, UnitId};
use jiff::Timestamp;
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::matter_filter::{Bind, push};
use crate::tx::time;
use crate::{Store, StoreError};

/// Most rows a queue may have.
pub const QUEUE_ROWS_MAX: u32 = 10_000;

/// Which open matters.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    /// Any of these states; all open ones when empty.
    pub states: Vec<State>,
    /// With a live assignment of this unit.
    pub unit: Option<UnitId>,
    /// Claimed by this login name at this instant.
    pub claimed_by: Option<(String, Timestamp)>,
    /// With a deadline unmet and past at this instant.
    pub overdue_at: Option<Timestamp>,
    /// Rows at most, 1 to [`QUEUE_ROWS_MAX`].
    pub limit: u32,
}

/// One open matter as the queue shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// Public number.
    pub no: MatterNo,
    /// Version of what is decided.
    pub decided_version: u64,
    /// Where it stands.
    pub state: State,
    /// Short text of the first post; none once erased.
    pub title: Option<String>,
    /// Source of the first post.
    pub source: String,
    /// Code of the place.
    pub place: Option<String>,
    /// Its full name.
    pub place_name: Option<String>,
    /// System as assessed.
    pub system: Option<String>,
    /// The unit that leads, or else the one proposed.
    pub unit: Option<String>,
    /// Its name.
    pub unit_name: Option<String>,
    /// The machine was sure, or abstained.
    pub decision: Decision,
    /// Grade in force.
    pub grade: Grade,
    /// A person has set or confirmed it.
    pub grade_confirmed: bool,
    /// Words of danger to life.
    pub danger: bool,
    /// Posts that belong to it, or that it shows of others.
    pub posts: u32,
    /// When the first post reached us.
    pub received_at: Timestamp,
    /// The earliest deadline unmet, those past included.
    pub due: Option<(DeadlineKind, Timestamp)>,
}

/// What is read of a matter's body; the rest is skipped.
#[derive(Deserialize)]
struct Body {
    first_post: Source,
    #[serde(default)]
    shown: Vec<Source>,
    place_name: Option<String>,
    suggestion: Proposed,
    assignments: Vec<Given>,
    deadlines: Vec<Deadline>,
}

#[derive(Deserialize)]
struct Source {
    source: String,
}

#[derive(Deserialize)]
struct Proposed {
    unit_name: Option<String>,
}

#[derive(Deserialize)]
struct Given {
    unit_name: String,
    part: Part,
    state: huiyin_domain::matter::AssignmentState,
}

impl Store {
    /// The fitting open matters, danger first, then by grade, next deadline and receipt; and how many there are.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn queue(&self, filter: &QueueFilter) -> Result<(Vec<QueueRow>, u64), StoreError> {
        let limit = filter.limit.clamp(1, QUEUE_ROWS_MAX);
        let mut binds = Vec::new();
        let wheres = wheres(filter, &mut binds);
        let mark = push(&mut binds, Bind::Number(i64::from(limit)));
        let sql = include_str!("../queries/queue/rows.sql").replace("{wheres}", &wheres).replace("{limit}", &mark);
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = bind.onto(query);
        }
        let rows = query.fetch_all(&self.pool).await?;
        let rows: Vec<QueueRow> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let mut total = rows.len() as u64;
        if total == u64::from(limit) {
            total = self.queue_length(filter).await?;
        }
        Ok((rows, total))
    }

    async fn queue_length(&self, filter: &QueueFilter) -> Result<u64, StoreError> {
        let mut binds = Vec::new();
        let sql = format!("select count(*) as total from matter m where {}", wheres(filter, &mut binds));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = bind.onto(query);
        }
        Ok(query.fetch_one(&self.pool).await?.try_get::<i64, _>("total")?.cast_unsigned())
    }
}

fn wheres(filter: &QueueFilter, binds: &mut Vec<Bind>) -> String {
    let states = State::ALL.into_iter().filter(|state| state.is_open());
    let states = states.filter(|state| filter.states.is_empty() || filter.states.contains(state));
    let states: Vec<String> = states.map(|state| push(binds, Bind::Text(state.as_str().into()))).collect();
    // No state left to ask for finds nothing, as an empty list does in SQLite but not in PostgreSQL.
    let states = if states.is_empty() { "null".to_owned() } else { states.join(", ") };
    let mut wheres = vec![format!("m.state in ({states})")];
    if let Some(unit) = &filter.unit {
        let mark = push(binds, Bind::Text(unit.to_string()));
        wheres.push(format!(
            "exists (select 1 from assignment a where a.matter = m.no and a.unit = {mark} and a.state in ('pending', 'accepted'))"
        ));
    }
    if let Some((holder, now)) = &filter.claimed_by {
        let holder = push(binds, Bind::Text(holder.clone()));
        let now = push(binds, Bind::Number(now.as_microsecond()));
        wheres.push(format!("m.no in (select c.matter from claim c where c.holder = {holder} and c.until > {now})"));
    }
    if let Some(now) = filter.overdue_at {
        let mark = push(binds, Bind::Number(now.as_microsecond()));
        wheres.push(format!(
            "exists (select 1 from deadline d where d.matter = m.no and d.met_at is null and d.due < {mark})"
        ));
    }
    wheres.join(" and ")
}

fn read(row: &AnyRow) -> Result<QueueRow, StoreError> {
    let no: String = row.try_get("no")?;
    let corrupt = |column, message: String| StoreError::Corrupt { table: "matter", column, key: no.clone(), message };
    let text = |column: &str| -> Result<Option<String>, StoreError> {
        Ok(Some(row.try_get::<String, _>(column)?).filter(|text| !text.is_empty()))
    };
    let flag = |column: &str| -> Result<bool, StoreError> { Ok(row.try_get::<i64, _>(column)? != 0) };
    let word = |column: &'static str| -> Result<String, StoreError> { Ok(row.try_get(column)?) };
    let unknown = |column| corrupt(column, "an unknown word".into());
    let body: String = row.try_get("body")?;
    let body: Body = serde_json::from_str(&body).map_err(|error| corrupt("body", error.to_string()))?;
    let lead = body.assignments.into_iter().find(|one| one.state.is_live() && one.part == Part::Lead);
    let unmet = body.deadlines.iter().filter(|one| one.met_at.is_none()).min_by_key(|one| one.due);
    Ok(QueueRow {
        decided_version: row.try_get::<i64, _>("decided_version")?.cast_unsigned(),
        state: State::parse(&word("state")?).ok_or_else(|| unknown("state"))?,
        title: text("title")?,
        source: body.first_post.source,
        place: text("place")?,
        place_name: body.place_name.filter(|name| !name.is_empty()),
        system: text("system")?,
        unit: text("unit")?,
        unit_name: lead.map(|lead| lead.unit_name).or(body.suggestion.unit_name).filter(|name| !name.is_empty()),
        decision: if word("decision")? == "unit" { Decision::Unit } else { Decision::Abstain },
        grade: Grade::parse(&word("grade")?).ok_or_else(|| unknown("grade"))?,
        grade_confirmed: flag("graded")?,
        danger: flag("danger")?,
        posts: u32::try_from(row.try_get::<i64, _>("posts")?)
            .unwrap_or(u32::MAX)
            .saturating_add(u32::try_from(body.shown.len()).unwrap_or(u32::MAX)),
        received_at: time(row.try_get("received_at")?, "matter", "received_at", &no)?,
        due: unmet.map(|one| (one.kind, one.due)),
        no: MatterNo::new(&no),
    })
}
