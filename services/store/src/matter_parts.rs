//! Assignments, answers, promises and deadlines of a matter as rows one can filter and count.

use huiyin_domain::matter::{Assignment, Matter, Part};
use huiyin_domain::{MatterNo, PlaceCode, SystemCode, UnitId};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use crate::bulk;
use crate::tx::Tx;
use crate::{Store, StoreError};

impl Store {
    /// Matters whose rows stand without any ledger entry: nothing of ours writes such.
    ///
    /// # Errors
    /// What the database said.
    pub async fn matters_without_entries(&self) -> Result<Vec<MatterNo>, StoreError> {
        let sql =
            "select no from matter m where not exists (select 1 from ledger_entry e where e.matter = m.no) order by no";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok(MatterNo::new(row.try_get::<String, _>("no")?))).collect()
    }
}

impl Tx {
    /// True when every current-state row of the matter is as its fold says.
    ///
    /// # Errors
    /// What the database said.
    pub async fn rows_match(&mut self, matter: &Matter) -> Result<bool, StoreError> {
        let sql = include_str!("../queries/matter/rows.sql");
        let rows = sqlx::query(sql).bind(matter.no.as_str()).fetch_all(&mut *self.tx).await?;
        let mut stored: Vec<String> = rows.iter().map(|row| row.try_get("line")).collect::<Result<_, _>>()?;
        let mut expected = expected_lines(matter);
        stored.sort();
        expected.sort();
        Ok(stored == expected)
    }

    /// Removes the rows of a matter that has no entries: for the rebuild alone.
    ///
    /// # Errors
    /// What the database said.
    pub async fn remove_matter(&mut self, no: &MatterNo) -> Result<(), StoreError> {
        for (table, column) in [
            ("assignment", "matter"),
            ("response", "matter"),
            ("commitment", "matter"),
            ("deadline", "matter"),
            ("membership", "matter"),
            ("matter", "no"),
        ] {
            let sql = format!("delete from {table} where {column} = $1");
            sqlx::query(AssertSqlSafe(sql)).bind(no.as_str()).execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    pub(crate) async fn replace_parts(&mut self, matters: &[&Matter]) -> Result<(), StoreError> {
        for matter in matters {
            for table in ["assignment", "response", "commitment", "deadline"] {
                let sql = format!("delete from {table} where matter = $1");
                sqlx::query(AssertSqlSafe(sql)).bind(matter.no.as_str()).execute(&mut *self.tx).await?;
            }
        }
        self.insert_parts(matters).await
    }

    pub(crate) async fn insert_parts(&mut self, matters: &[&Matter]) -> Result<(), StoreError> {
        let parts: Vec<_> = matters.iter().flat_map(|one| given(one).map(move |part| (&one.no, part))).collect();
        let head = "insert into assignment (matter, number, unit, part, state, assigned_at, answered_at)";
        bulk::insert(&mut self.tx, head, "", 7, &parts, |query, (no, part)| {
            query
                .bind(no.to_string())
                .bind(i64::from(part.number))
                .bind(part.unit.to_string())
                .bind(if part.part == Part::Lead { "lead" } else { "assist" })
                .bind(part.state.as_str())
                .bind(part.assigned_at.as_microsecond())
                .bind(part.answered_at.map(Timestamp::as_microsecond))
        })
        .await?;
        let parts: Vec<_> = matters.iter().flat_map(|one| one.responses.iter().map(|part| (&one.no, part))).collect();
        let head = "insert into response (matter, number, unit, kind, channel, at)";
        bulk::insert(&mut self.tx, head, "", 6, &parts, |query, (no, part)| {
            query
                .bind(no.to_string())
                .bind(i64::from(part.number))
                .bind(part.unit.as_ref().map_or(String::new(), ToString::to_string))
                .bind(word(&part.kind))
                .bind(word(&part.channel))
                .bind(part.at.as_microsecond())
        })
        .await?;
        let parts: Vec<_> = matters.iter().flat_map(|one| one.commitments.iter().map(|part| (&one.no, part))).collect();
        let head = "insert into commitment (matter, number, owner, due, published, kept, at)";
        bulk::insert(&mut self.tx, head, "", 7, &parts, |query, (no, part)| {
            query
                .bind(no.to_string())
                .bind(i64::from(part.number))
                .bind(part.owner.to_string())
                .bind(part.due.to_string())
                .bind(i64::from(part.published))
                .bind(part.kept.map(i64::from))
                .bind(part.at.as_microsecond())
        })
        .await?;
        let parts: Vec<_> = matters.iter().flat_map(|one| one.deadlines.iter().map(|part| (&one.no, part))).collect();
        let head = "insert into deadline (matter, kind, assignment, due, met_at, passed, started)";
        bulk::insert(&mut self.tx, head, "on conflict do nothing", 7, &parts, |query, (no, part)| {
            query
                .bind(no.to_string())
                .bind(part.kind.as_str())
                .bind(part.assignment.map_or(0, i64::from))
                .bind(part.due.as_microsecond())
                .bind(part.met_at.map(Timestamp::as_microsecond))
                .bind(i64::from(part.passed))
                .bind(part.started.as_microsecond())
        })
        .await?;
        Ok(())
    }
}

/// The rows of a matter as `queries/matter/rows.sql` writes them.
fn expected_lines(matter: &Matter) -> Vec<String> {
    let number = |value: i64| value.to_string();
    let time = |at: Timestamp| number(at.as_microsecond());
    let optional = |at: Option<Timestamp>| at.map_or(String::new(), time);
    let flag = |value: bool| number(i64::from(value));
    let unit = matter.lead().map(|lead| &lead.unit).or(matter.suggestion.unit.as_ref());
    let due = matter.next_due().map_or(i64::MAX, |deadline| deadline.due.as_microsecond());
    let mut lines = vec![line(&[
        "matter".into(),
        number(matter.version.cast_signed()),
        number(matter.decided_version.cast_signed()),
        matter.state.as_str().into(),
        matter.title.clone().unwrap_or_default(),
        matter.place.as_ref().map_or("", PlaceCode::as_str).into(),
        matter.system.as_ref().map_or("", SystemCode::as_str).into(),
        unit.map_or("", UnitId::as_str).into(),
        matter.grade_in_force().as_str().into(),
        flag(matter.grade.is_some()),
        flag(matter.danger),
        flag(matter.backfill),
        number(i64::from(matter.posts)),
        time(matter.received_at),
        number(due),
        optional(matter.ended_at),
    ])];
    lines.extend(given(matter).map(|one| {
        let part = if one.part == Part::Lead { "lead" } else { "assist" };
        let (number, assigned) = (number(i64::from(one.number)), time(one.assigned_at));
        let texts = ["assignment".into(), number, one.unit.to_string(), part.into(), one.state.as_str().into()];
        line(&[&texts[..], &[assigned, optional(one.answered_at)]].concat())
    }));
    lines.extend(matter.responses.iter().map(|one| {
        let unit = one.unit.as_ref().map_or(String::new(), ToString::to_string);
        line(&[
            "response".into(),
            number(i64::from(one.number)),
            unit,
            word(&one.kind),
            word(&one.channel),
            time(one.at),
        ])
    }));
    lines.extend(matter.commitments.iter().map(|one| {
        let kept = one.kept.map_or(String::new(), flag);
        let (number, owner, due) = (number(i64::from(one.number)), one.owner.to_string(), one.due.to_string());
        line(&["commitment".into(), number, owner, due, flag(one.published), kept, time(one.at)])
    }));
    lines.extend(matter.deadlines.iter().map(|one| {
        let assignment = number(one.assignment.map_or(0, i64::from));
        let (kind, due, met) = (one.kind.as_str().into(), time(one.due), optional(one.met_at));
        line(&["deadline".into(), kind, assignment, due, met, flag(one.passed), time(one.started)])
    }));
    lines
}

/// What was taken back was never given: no list or figure of a unit counts it.
fn given(matter: &Matter) -> impl Iterator<Item = &Assignment> {
    matter.assignments.iter().filter(|one| !one.withdrawn)
}

fn line(fields: &[String]) -> String {
    fields.join("|")
}

/// The snake-case word serde gives a unit variant.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
