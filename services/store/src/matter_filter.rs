//! Which matters to list, and how that reads in SQL.

use huiyin_domain::matter::{Decision, State};
use huiyin_domain::{Grade, PlaceCode, SystemCode, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::Cursor;
use crate::bulk::Bound;
use crate::spoken::{LATE_US_MAX, SPOKEN};

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
    /// With a post written at or after the first instant and before the second, that reached us within eight weeks.
    pub spoken: Option<(Timestamp, Timestamp)>,
    /// Title contains this.
    pub text: Option<String>,
    /// Without those merged into another.
    pub unmerged: bool,
    /// Opened from a backfill, or not.
    pub backfill: Option<bool>,
    /// With a post of this source.
    pub source: Option<String>,
    /// In this place itself, not below it; an empty code means no place.
    pub place_itself: Option<PlaceCode>,
    /// Led by this unit now: its assignment is pending or accepted.
    pub lead: Option<UnitId>,
    /// Assisted by this unit now.
    pub assist: Option<UnitId>,
    /// How its response stands to its deadline; all when empty.
    pub response: Vec<Promptness>,
    /// How the signing of the unit that leads stands to its deadline; all when empty.
    pub signed: Vec<Promptness>,
    /// What the officer made of the machine's proposal.
    pub proposal: Option<Proposal>,
    /// With a promise like this.
    pub promise: Option<PromiseFilter>,
    /// The instant by which `response` and `signed` are judged.
    pub judged_at: Timestamp,
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

/// How something due stands to its deadline. Exactly one fits each matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promptness {
    /// Done by the deadline.
    InTime,
    /// Done after it.
    Late,
    /// Not done, and the deadline is past.
    Overdue,
    /// Not done, and there is time left.
    Waiting,
    /// Nothing is due: a backfill, or it ended before.
    NothingDue,
}

impl Promptness {
    /// Every one, with the word used in requests.
    pub const ALL: [(Promptness, &str); 5] = [
        (Promptness::InTime, "in_time"),
        (Promptness::Late, "late"),
        (Promptness::Overdue, "overdue"),
        (Promptness::Waiting, "waiting"),
        (Promptness::NothingDue, "none"),
    ];

    /// Reads its word.
    pub fn parse(word: &str) -> Option<Promptness> {
        Promptness::ALL.into_iter().find(|(_, known)| *known == word).map(|(one, _)| one)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        Promptness::ALL.into_iter().find(|(one, _)| *one == self).map_or("none", |(_, word)| word)
    }
}

/// What became of the unit the machine proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// It leads.
    Confirmed,
    /// Another unit leads.
    Changed,
}

/// Which promises.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromiseFilter {
    /// Made at or after.
    pub made_from: Option<Timestamp>,
    /// Made before.
    pub made_to: Option<Timestamp>,
    /// Due on or after this day.
    pub due_from: Option<Date>,
    /// Due before this day.
    pub due_to: Option<Date>,
    /// Where it stands, and today in Beijing.
    pub state: Option<(PromiseState, Date)>,
}

/// Where a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseState {
    /// Verified as kept.
    Kept,
    /// Verified as broken.
    Broken,
    /// Not verified, its day is not over.
    Open,
    /// Not verified, its day is over.
    Overdue,
}

impl PromiseState {
    /// Every one, with the word used in requests.
    pub const ALL: [(PromiseState, &str); 4] = [
        (PromiseState::Kept, "kept"),
        (PromiseState::Broken, "broken"),
        (PromiseState::Open, "open"),
        (PromiseState::Overdue, "overdue"),
    ];

    /// Reads its word.
    pub fn parse(word: &str) -> Option<PromiseState> {
        PromiseState::ALL.into_iter().find(|(_, known)| *known == word).map(|(one, _)| one)
    }
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

/// What the codes of a place and of everything in it begin with; a zone's own code has nothing below it.
fn place_prefix(place: &PlaceCode) -> String {
    match place.stem() {
        (digits, "") => digits.to_owned(),
        _ => place.to_string(),
    }
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
    if let Some((from, to)) = filter.spoken {
        let times = [from.as_microsecond(), to.as_microsecond(), to.as_microsecond().saturating_add(LATE_US_MAX)];
        let [from, to, late] = times.map(|at| push(binds, Bind::Number(at)));
        wheres.push(format!(
            "m.no in (select s.matter from post p join membership s on s.source = p.source and s.id = p.id \
             where p.received_at >= {from} and p.received_at < {late} and p.revision = 0 \
             and {SPOKEN} >= {from} and {SPOKEN} < {to})"
        ));
    }
    if let Some(text) = filter.text.as_deref().filter(|text| !text.is_empty()) {
        let mark = push(binds, Bind::Text(contains(text)));
        wheres.push(format!("lower(m.title) like {mark} escape '!'"));
    }
    for (part, unit) in [("lead", &filter.lead), ("assist", &filter.assist)] {
        if let Some(unit) = unit {
            let mark = push(binds, Bind::Text(unit.to_string()));
            wheres.push(format!("exists (select 1 from assignment a where {} and a.unit = {mark})", live(part)));
        }
    }
    wheres.extend(of_month(filter, binds));
    wheres
}

/// The conditions that the month's figures add.
fn of_month(filter: &MatterFilter, binds: &mut Vec<Bind>) -> Vec<String> {
    let mut wheres = Vec::new();
    if filter.unmerged {
        wheres.push("m.state <> 'merged'".to_owned());
    }
    if let Some(backfill) = filter.backfill {
        let mark = push(binds, Bind::Number(i64::from(backfill)));
        wheres.push(format!("m.backfill = {mark}"));
    }
    if let Some(place) = &filter.place_itself {
        let mark = push(binds, Bind::Text(place.to_string()));
        wheres.push(format!("m.place = {mark}"));
    }
    if let Some(source) = &filter.source {
        let mark = push(binds, Bind::Text(source.clone()));
        wheres.push(format!("exists (select 1 from membership s where s.matter = m.no and s.source = {mark})"));
    }
    let now = filter.judged_at;
    if !filter.response.is_empty() {
        wheres.push(prompt(
            &filter.response,
            "from deadline d where d.matter = m.no and d.kind = 'response'",
            now,
            binds,
        ));
    }
    if !filter.signed.is_empty() {
        let from = format!(
            "from assignment a join deadline d on d.matter = a.matter and d.assignment = a.number and d.kind = 'sign' where {}",
            live("lead")
        );
        wheres.push(prompt(&filter.signed, &from, now, binds));
    }
    // The proposal stands in the folded matter alone: a quotation mark within a text would be escaped there.
    let proposed = "m.body like '%\"suggestion\":{\"decision\":\"unit\",\"unit\":\"' || a.unit || '\",%'";
    match filter.proposal {
        Some(Proposal::Confirmed) => {
            wheres.push(format!("exists (select 1 from assignment a where {} and {proposed})", live("lead")));
        }
        Some(Proposal::Changed) => wheres.push(format!(
            "m.decision = 'unit' and exists (select 1 from assignment a where {} and not {proposed})",
            live("lead")
        )),
        None => {}
    }
    if let Some(promise) = &filter.promise {
        let which = promises(promise, binds);
        wheres.push(format!("exists (select 1 from commitment c where c.matter = m.no{which})"));
    }
    wheres
}

/// The assignments of the matter that are in force, as a condition on `a`.
pub(crate) fn live(part: &str) -> String {
    format!("a.matter = m.no and a.part = '{part}' and a.state in ('pending', 'accepted')")
}

/// Conditions on the promises `c`, each led by `and`.
pub(crate) fn promises(filter: &PromiseFilter, binds: &mut Vec<Bind>) -> String {
    let mut text = String::new();
    for (sign, bound) in [(">=", filter.made_from), ("<", filter.made_to)] {
        if let Some(bound) = bound {
            text += &format!(" and c.at {sign} {}", push(binds, Bind::Number(bound.as_microsecond())));
        }
    }
    for (sign, bound) in [(">=", filter.due_from), ("<", filter.due_to)] {
        if let Some(bound) = bound {
            text += &format!(" and c.due {sign} {}", push(binds, Bind::Text(bound.to_string())));
        }
    }
    match filter.state {
        Some((PromiseState::Kept, _)) => text += " and c.kept = 1",
        Some((PromiseState::Broken, _)) => text += " and c.kept = 0",
        Some((PromiseState::Open, today)) => {
            text += &format!(" and c.kept is null and c.due >= {}", push(binds, Bind::Text(today.to_string())));
        }
        Some((PromiseState::Overdue, today)) => {
            text += &format!(" and c.kept is null and c.due < {}", push(binds, Bind::Text(today.to_string())));
        }
        None => {}
    }
    text
}

/// Any of these stands true of the deadlines `d` that `from` selects. Reopening gives a matter further deadlines: one that
/// is unmet says how things stand, and otherwise one late answer makes it late.
fn prompt(any: &[Promptness], from: &str, now: Timestamp, binds: &mut Vec<Bind>) -> String {
    let mark = push(binds, Bind::Number(now.as_microsecond()));
    let (unmet, late) = ("d.met_at is null", "d.met_at > d.due");
    let exists = |condition: &str| format!("exists (select 1 {from} and {condition})");
    let not = |condition: &str| format!("not {}", exists(condition));
    let past = format!("d.met_at is null and d.due < {mark}");
    let all: Vec<String> = any
        .iter()
        .map(|one| match one {
            Promptness::InTime => {
                format!("({} and {} and {})", exists("d.met_at is not null"), not(unmet), not(late))
            }
            Promptness::Late => format!("({} and {})", exists(late), not(unmet)),
            Promptness::Overdue => exists(&past),
            Promptness::Waiting => format!("({} and {})", exists(unmet), not(&past)),
            Promptness::NothingDue => format!("not exists (select 1 {from})"),
        })
        .collect();
    format!("({})", all.join(" or "))
}
