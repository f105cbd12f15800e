//! Which matters to list, and how that reads in SQL.

use huiyin_domain::matter::{Decision, State};
use huiyin_domain::{Grade, PlaceCode, SystemCode, UnitId};
use jiff::Timestamp;

use crate::Cursor;
use crate::bulk::Bound;

/// Which matters to list.
#[derive(Clone, Debug, Default)]
pub struct MatterFilter {
    /// Any of these states; all when empty.
    pub states: Vec<State>,
    /// Ever assigned to this unit.
    pub unit: Option<UnitId>,
    /// In this place or below it.
    pub place: Option<PlaceCode>,
    /// Of this system.
    pub system: Option<SystemCode>,
    /// With this grade in force.
    pub grade: Option<Grade>,
    /// With or without danger to life.
    pub danger: Option<bool>,
    /// Where the machine was sure, or abstained.
    pub decision: Option<Decision>,
    /// With a deadline unmet and past at this instant.
    pub overdue_at: Option<Timestamp>,
    /// Received at or after.
    pub opened_from: Option<Timestamp>,
    /// Received before.
    pub opened_to: Option<Timestamp>,
    /// Title contains this.
    pub text: Option<String>,
    /// Order of the list.
    pub order: MatterOrder,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// Rows at most, 1 to [`PAGE_ROWS_MAX`].
    pub limit: u32,
}

/// Order of a list of matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MatterOrder {
    /// Last received first.
    #[default]
    Newest,
    /// Next deadline first, those without one last.
    Due,
}

pub(crate) enum Bind {
    Text(String),
    Number(i64),
}

impl Bind {
    pub(crate) fn onto(self, query: Bound<'_>) -> Bound<'_> {
        match self {
            Bind::Text(text) => query.bind(text),
            Bind::Number(number) => query.bind(number),
        }
    }
}

/// Adds a value and gives its placeholder.
pub(crate) fn push(binds: &mut Vec<Bind>, bind: Bind) -> String {
    binds.push(bind);
    format!("${}", binds.len())
}

/// A `like` pattern for "contains", with its own wildcards escaped by `!`.
pub(crate) fn contains(text: &str) -> String {
    let escaped: String = text.to_lowercase().chars().flat_map(|one| escape(one).into_iter().flatten()).collect();
    format!("%{escaped}%")
}

fn escape(one: char) -> [Option<char>; 2] {
    if matches!(one, '%' | '_' | '!') { [Some('!'), Some(one)] } else { [Some(one), None] }
}

/// Codes of a place and everything below it share a beginning: GB/T 2260 codes end in `00` above the county.
fn place_prefix(place: &PlaceCode) -> String {
    let code = place.as_str();
    code.strip_suffix("0000").or_else(|| code.strip_suffix("00")).filter(|_| code.len() == 6).unwrap_or(code).to_owned()
}

pub(crate) fn conditions(filter: &MatterFilter, binds: &mut Vec<Bind>) -> Vec<String> {
    let mut wheres = Vec::new();
    if !filter.states.is_empty() {
        let marks: Vec<String> =
            filter.states.iter().map(|state| push(binds, Bind::Text(state.as_str().into()))).collect();
        wheres.push(format!("m.state in ({})", marks.join(", ")));
    }
    if let Some(unit) = &filter.unit {
        let mark = push(binds, Bind::Text(unit.to_string()));
        wheres.push(format!("exists (select 1 from assignment a where a.matter = m.no and a.unit = {mark})"));
    }
    if let Some(place) = &filter.place {
        let prefix = place_prefix(place);
        let plain = push(binds, Bind::Text(format!("{prefix}%")));
        let ours = push(binds, Bind::Text(format!("X{prefix}%")));
        wheres.push(format!("(m.place like {plain} or m.place like {ours})"));
    }
    let texts = [
        ("m.system", filter.system.as_ref().map(ToString::to_string)),
        ("m.grade", filter.grade.map(|grade| grade.as_str().to_owned())),
        ("m.decision", filter.decision.map(|one| if one == Decision::Unit { "unit" } else { "abstain" }.to_owned())),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            let mark = push(binds, Bind::Text(value));
            wheres.push(format!("{column} = {mark}"));
        }
    }
    if let Some(danger) = filter.danger {
        let mark = push(binds, Bind::Number(i64::from(danger)));
        wheres.push(format!("m.danger = {mark}"));
    }
    if let Some(now) = filter.overdue_at {
        let mark = push(binds, Bind::Number(now.as_microsecond()));
        wheres.push(format!(
            "exists (select 1 from deadline d where d.matter = m.no and d.met_at is null and d.due < {mark})"
        ));
    }
    for (sign, bound) in [(">=", filter.opened_from), ("<", filter.opened_to)] {
        if let Some(bound) = bound {
            let mark = push(binds, Bind::Number(bound.as_microsecond()));
            wheres.push(format!("m.received_at {sign} {mark}"));
        }
    }
    if let Some(text) = filter.text.as_deref().filter(|text| !text.is_empty()) {
        let mark = push(binds, Bind::Text(contains(text)));
        wheres.push(format!("lower(m.title) like {mark} escape '!'"));
    }
    wheres
}
