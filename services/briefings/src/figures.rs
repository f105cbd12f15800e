//! The figures of a month, as data.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Month;

/// All figures of a month.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MonthFigures {
    /// The month, `YYYY-MM`, Beijing time.
    #[schema(value_type = String)]
    pub month: Month,
    /// The month it is compared with.
    #[schema(value_type = String)]
    pub before: Month,
    /// When the figures were taken: states are those of this moment.
    pub at: Timestamp,
    /// The month is over.
    pub complete: bool,
    /// Name of the region the installation serves.
    pub region: String,
    /// Figures of the month as a whole.
    pub figures: Vec<Figure>,
    /// Share of answers in time.
    pub in_time: InTimeRate,
    /// Matters opened on each day of the month up to today.
    pub daily: Vec<DayFigure>,
    /// By state, in the order a matter passes them.
    pub states: Vec<Share>,
    /// By grade in force, gravest first.
    pub grades: Vec<Share>,
    /// By system, most matters first; the code is empty where none was found.
    pub systems: Vec<Share>,
    /// By place one level below the region, most matters first.
    pub places: Vec<Share>,
    /// By source, most matters first; a matter with posts of two sources counts for both.
    pub sources: Vec<Share>,
    /// By unit that leads, most matters first.
    pub units: Vec<UnitFigures>,
    /// The gravest matters of the month.
    pub matters: Vec<MonthMatter>,
    /// Promises made or due in the month, by due date.
    pub commitments: Vec<MonthPromise>,
    /// How the figures are counted, in Chinese.
    pub method: Vec<String>,
}

/// One figure with the list behind it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Figure {
    /// Stable word for programs.
    pub key: String,
    /// What it is, in Chinese.
    pub label: String,
    /// How many.
    pub value: u64,
    /// 件, 条 or 项.
    pub unit: String,
    /// How many in the month before.
    pub before: u64,
    /// More than in the month before; negative when fewer.
    pub change: i64,
    /// Which total of the query gives it: `matters`, `posts` or `promises`.
    pub counts: String,
    /// The console's address of the list; under `/api/v1` with `count=true` it gives the same number.
    pub query: String,
}

/// Answers in time, of those due.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct InTimeRate {
    /// 0 to 1; none when nothing was due.
    pub value: Option<f64>,
    /// The same of the month before.
    pub before: Option<f64>,
    /// Matters whose response was due.
    pub due: u64,
    /// Those matters.
    pub query: String,
}

/// Matters opened on a day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DayFigure {
    /// The day, Beijing time.
    #[schema(value_type = String)]
    pub date: Date,
    /// Matters opened.
    pub opened: u64,
    /// Matters opened on the day of the same number in the month before; none where it had no such day.
    pub before: Option<u64>,
    /// The list.
    pub query: String,
}

/// The matters of one state, grade, system, place or source.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Share {
    /// Word or code.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Matters of the month.
    pub matters: u64,
    /// Matters of the month before.
    pub before: u64,
    /// More than in the month before.
    pub change: i64,
    /// The list.
    pub query: String,
}

/// How a unit kept its deadlines, over the matters of the month that it leads.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct UnitFigures {
    /// Id of the unit.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// Matters it leads.
    pub assigned: u64,
    /// Matters it assists in.
    pub assisting: u64,
    /// Signed for in time.
    pub accepted_in_time: u64,
    /// Answered, in time or late.
    pub answered: u64,
    /// Answered in time.
    pub in_time: u64,
    /// Answered late.
    pub late: u64,
    /// Not answered, and the time is over.
    pub overdue: u64,
    /// Not answered, and there is time left.
    pub waiting: u64,
    /// `in_time` of those due (`in_time`, `late` and `overdue`), 0 to 1; none when nothing was due.
    pub rate: Option<f64>,
    /// The lists behind the figures.
    pub queries: UnitQueries,
}

/// The lists behind a unit's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitQueries {
    /// Of `assigned`.
    pub assigned: String,
    /// Of `assisting`.
    pub assisting: String,
    /// Of `accepted_in_time`.
    pub accepted_in_time: String,
    /// Of `answered`.
    pub answered: String,
    /// Of `in_time`.
    pub in_time: String,
    /// Of `late`.
    pub late: String,
    /// Of `overdue`.
    pub overdue: String,
    /// Of `waiting`.
    pub waiting: String,
}

impl UnitFigures {
    /// Each figure with its list.
    pub fn listed(&self) -> [(u64, &str); 8] {
        let queries = &self.queries;
        [
            (self.assigned, &queries.assigned),
            (self.assisting, &queries.assisting),
            (self.accepted_in_time, &queries.accepted_in_time),
            (self.answered, &queries.answered),
            (self.in_time, &queries.in_time),
            (self.late, &queries.late),
            (self.overdue, &queries.overdue),
            (self.waiting, &queries.waiting),
        ]
    }
}

/// A matter the briefing tells of.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MonthMatter {
    /// Public number.
    pub no: String,
    /// Masked title; none once erased.
    pub title: Option<String>,
    /// Posts that belong to it.
    pub posts: u32,
    /// When it was received.
    pub received_at: Timestamp,
    /// Name of its place below the region.
    pub place_name: Option<String>,
    /// System.
    pub system: Option<String>,
    /// The unit that leads.
    pub unit_name: Option<String>,
    /// Grade in force.
    pub grade: String,
    /// The grade in Chinese.
    pub grade_name: String,
    /// Words of danger to life.
    pub danger: bool,
    /// Where it stands.
    pub state: String,
    /// The state in Chinese.
    pub state_name: String,
    /// `in_time`, `late`, `overdue`, `waiting` or `none`.
    pub response: String,
    /// The same in Chinese.
    pub response_name: String,
    /// When it was first answered with authority.
    pub responded_at: Option<Timestamp>,
    /// Where it was, in Chinese.
    pub channel_name: Option<String>,
    /// When the response is or was due.
    pub due: Option<Timestamp>,
    /// The console's address of it.
    pub query: String,
}

/// A promise the briefing tells of.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MonthPromise {
    /// Number of the matter.
    pub matter: String,
    /// Title of the matter.
    pub title: Option<String>,
    /// Number within the matter.
    pub number: u32,
    /// Id of the unit that owes it.
    pub owner: String,
    /// Its name.
    pub owner_name: String,
    /// What was promised, masked; none once erased.
    pub text: Option<String>,
    /// When it was promised.
    pub at: Timestamp,
    /// By the end of this day.
    #[schema(value_type = String)]
    pub due: Date,
    /// Made public.
    pub published: bool,
    /// `kept`, `broken`, `open` or `overdue`.
    pub state: String,
    /// The same in Chinese.
    pub state_name: String,
}

impl MonthFigures {
    /// A figure of the month as a whole by its key.
    pub fn figure(&self, key: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.key == key)
    }

    /// How many by key; 0 for an unknown one.
    pub(crate) fn value(&self, key: &str) -> u64 {
        self.figure(key).map_or(0, |figure| figure.value)
    }

    /// Every figure with its list and which total of the list it is: what a reader can follow and a test does.
    pub fn listed(&self) -> Vec<(u64, &str, &str)> {
        let whole = self.figures.iter().map(|one| (one.value, one.query.as_str(), one.counts.as_str()));
        let due = std::iter::once((self.in_time.due, self.in_time.query.as_str(), "matters"));
        let daily = self.daily.iter().map(|one| (one.opened, one.query.as_str(), "matters"));
        let lists = [&self.states, &self.grades, &self.systems, &self.places, &self.sources];
        let shares = lists.into_iter().flatten().map(|one| (one.matters, one.query.as_str(), "matters"));
        let units = self.units.iter().flat_map(UnitFigures::listed).map(|(value, query)| (value, query, "matters"));
        whole.chain(due).chain(daily).chain(shares).chain(units).collect()
    }
}
