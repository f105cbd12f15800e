//! `GET /api/v1/matters`

use axum::Json;
use axum::extract::State;
use huiyin_domain::matter::{Decision, Matter, State as MatterState};
use huiyin_domain::{Actor, BEIJING, Grade, MatterNo, PlaceCode, Role, SystemCode, UnitId};
use huiyin_store::{Cursor, MatterFilter, MatterOrder, PromiseFilter, PromiseState, Promptness, Proposal};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::openapi::ReadRefusals;
use crate::problem::{ApiError, Code};
use crate::time::{parse_instant, whole_day};
use crate::wire::{MatterPageView, MatterSummary};

/// Rows of a page when none are asked for.
pub(crate) const LIMIT: u32 = 50;

/// Which matters, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MatterQuery {
    /// States, separated by commas: `new`, `assigned`, `accepted`, `responded`, `closed`, `dismissed`, `merged`.
    state: Option<String>,
    /// Id of a unit it was ever given to.
    unit: Option<String>,
    /// Code of a place, with everything below it.
    place: Option<String>,
    /// System.
    system: Option<String>,
    /// Grade in force: `extreme`, `major`, `considerable` or `ordinary`.
    grade: Option<String>,
    /// With or without words of danger to life.
    danger: Option<bool>,
    /// The machine was sure (`unit`) or not (`abstain`).
    decision: Option<String>,
    /// With a deadline unmet and past.
    overdue: Option<bool>,
    /// Received at or after; without a zone +08:00.
    from: Option<String>,
    /// Received before; without a zone +08:00.
    to: Option<String>,
    /// With a post written on this day, `YYYY-MM-DD`, Beijing time: by its time of publication where that is known, and
    /// otherwise by its receipt unless it came as a backfill. Posts that reached us over eight weeks later do not count.
    posted_on: Option<String>,
    /// The title contains this.
    q: Option<String>,
    /// `newest` (last received first) or `due` (next deadline first).
    #[param(inline)]
    order: Order,
    /// `false` leaves out matters merged into another.
    merged: Option<bool>,
    /// Opened from a backfill, or not.
    backfill: Option<bool>,
    /// With a post of this source.
    source: Option<String>,
    /// Code of a place itself, nothing below it; `none` for matters without a place.
    place_itself: Option<String>,
    /// Id of the unit that leads now.
    lead: Option<String>,
    /// Id of a unit that assists now.
    assist: Option<String>,
    /// How the response stands to its deadline, separated by commas: `in_time`, `late`, `overdue` (unmet and past),
    /// `waiting` (unmet, in time) or `none` (nothing due).
    response: Option<String>,
    /// How the signing of the unit that leads stands to its deadline; words as in `response`.
    signed: Option<String>,
    /// What became of the unit the machine proposed: `confirmed` (it leads) or `changed` (another one does).
    proposal: Option<String>,
    /// With a promise that is `kept`, `broken`, `open` or `overdue`, or `any`.
    promise: Option<String>,
    /// That promise was made at or after; without a zone +08:00.
    promised_from: Option<String>,
    /// That promise was made before; without a zone +08:00.
    promised_to: Option<String>,
    /// That promise is due on or after this day.
    promise_due_from: Option<String>,
    /// That promise is due before this day.
    promise_due_to: Option<String>,
    /// Also say how many there are on all pages together.
    count: Option<bool>,
    /// Where the last page ended: its `next`.
    cursor: Option<String>,
    /// Rows at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// Order of the list.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Last received first.
    #[default]
    Newest,
    /// Next deadline first.
    Due,
}

/// 事项列表
///
/// A liaison sees the matters that were ever given to its unit.
#[utoipa::path(
    get,
    path = "/api/v1/matters",
    operation_id = "list_matters",
    tag = "matters",
    params(MatterQuery),
    responses((status = 200, description = "A page of matters", body = MatterPageView), ReadRefusals),
)]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    QueryOf(query): QueryOf<MatterQuery>,
) -> Result<Json<MatterPageView>, ApiError> {
    let now = state.now();
    let counts = query.count == Some(true);
    let Some(filter) = query.filter(&actor, now)? else {
        let total = counts.then_some(0);
        return Ok(Json(MatterPageView {
            total,
            total_posts: total,
            total_promises: total,
            ..MatterPageView::default()
        }));
    };
    let page = state.store().matters(&filter).await?;
    let counted = if counts { Some(state.store().count_matters(&filter).await?) } else { None };
    let claims = match actor.role {
        Role::Liaison => Default::default(),
        _ => state.store().claims(now).await?,
    };
    let numbers: Vec<MatterNo> = page.matters.iter().map(|matter| matter.no.clone()).collect();
    let heat = state.ledger().heat(&numbers).await?;
    let summary = |matter: &Matter| {
        MatterSummary::of(matter, &actor, now).claimed(claims.get(&matter.no)).heated(heat.get(&matter.no).copied())
    };
    let matters = page.matters.iter().map(summary).collect();
    Ok(Json(MatterPageView {
        matters,
        next: page.next.map(|cursor| cursor.to_string()),
        total: counted.map(|counted| counted.matters),
        total_posts: counted.map(|counted| counted.posts),
        total_promises: counted.map(|counted| counted.promises),
    }))
}

impl MatterQuery {
    /// The filter; none when nothing that `actor` may see can fit.
    pub(crate) fn filter(self, actor: &Actor, now: Timestamp) -> Result<Option<MatterFilter>, ApiError> {
        let promise = self.promise(now)?;
        let states = self.state.iter().flat_map(|states| states.split(',')).filter(|word| !word.is_empty());
        let states = states.map(|word| known("state", word, MatterState::parse(word))).collect::<Result<_, _>>()?;
        let unit = text("unit", self.unit)?.map(UnitId::new);
        let unit = match actor.role {
            Role::Liaison if unit.is_none() || unit == actor.unit => Some(actor.unit.clone()),
            Role::Liaison => None,
            _ => Some(unit),
        };
        let Some(unit) = unit.filter(|unit| actor.role != Role::Liaison || unit.is_some()) else { return Ok(None) };
        let decision = self.decision.map(|word| {
            let found = match word.as_str() {
                "unit" => Some(Decision::Unit),
                "abstain" => Some(Decision::Abstain),
                _ => None,
            };
            known("decision", &word, found)
        });
        let proposal = self.proposal.map(|word| match word.as_str() {
            "confirmed" => Ok(Proposal::Confirmed),
            "changed" => Ok(Proposal::Changed),
            _ => known("proposal", &word, None),
        });
        Ok(Some(MatterFilter {
            states,
            unit,
            unmerged: self.merged == Some(false),
            backfill: self.backfill,
            source: text("source", self.source)?,
            place_itself: self.place_itself.map(|code| nothing_or("place_itself", code, place_code)).transpose()?,
            lead: text("lead", self.lead)?.map(UnitId::new),
            assist: text("assist", self.assist)?.map(UnitId::new),
            response: promptness("response", self.response.as_deref())?,
            signed: promptness("signed", self.signed.as_deref())?,
            proposal: proposal.transpose()?,
            promise,
            judged_at: now,
            place: self.place.map(place_code).transpose()?,
            system: text("system", self.system)?.map(|code| SystemCode::new(if code == NONE { "" } else { &code })),
            grade: self.grade.map(|word| known("grade", &word, Grade::parse(&word))).transpose()?,
            danger: self.danger,
            decision: decision.transpose()?,
            overdue_at: self.overdue.filter(|overdue| *overdue).map(|_| now),
            opened_from: self.from.map(|at| known("from", &at, parse_instant(&at))).transpose()?,
            opened_to: self.to.map(|at| known("to", &at, parse_instant(&at))).transpose()?,
            spoken: self.posted_on.map(|day| known("posted_on", &day, whole_day(&day))).transpose()?,
            text: text("q", self.q)?,
            order: match self.order {
                Order::Newest => MatterOrder::Newest,
                Order::Due => MatterOrder::Due,
            },
            after: self.cursor.map(cursor).transpose()?,
            limit: limit(self.limit)?,
        }))
    }
}

impl MatterQuery {
    /// The condition on promises; none when nothing is asked of them.
    fn promise(&self, now: Timestamp) -> Result<Option<PromiseFilter>, ApiError> {
        let instant = |field: &str, value: &Option<String>| {
            value.as_deref().map(|text| known(field, text, parse_instant(text))).transpose()
        };
        let day = |field: &str, value: &Option<String>| {
            value.as_deref().map(|text| known(field, text, text.parse::<Date>().ok())).transpose()
        };
        let state = match self.promise.as_deref() {
            None | Some("any") => None,
            Some(word) => Some((known("promise", word, PromiseState::parse(word))?, BEIJING.to_datetime(now).date())),
        };
        let filter = PromiseFilter {
            made_from: instant("promised_from", &self.promised_from)?,
            made_to: instant("promised_to", &self.promised_to)?,
            due_from: day("promise_due_from", &self.promise_due_from)?,
            due_to: day("promise_due_to", &self.promise_due_to)?,
            state,
        };
        Ok((self.promise.is_some() || filter != PromiseFilter::default()).then_some(filter))
    }
}

/// The word for "without one".
const NONE: &str = "none";

fn nothing_or(
    field: &str,
    code: String,
    read: impl FnOnce(String) -> Result<PlaceCode, ApiError>,
) -> Result<PlaceCode, ApiError> {
    if code == NONE { Ok(PlaceCode::new("")) } else { read(code).map_err(|error| error.field(field)) }
}

fn promptness(field: &str, words: Option<&str>) -> Result<Vec<Promptness>, ApiError> {
    let words = words.unwrap_or_default().split(',').filter(|word| !word.is_empty());
    words.map(|word| known(field, word, Promptness::parse(word))).collect()
}

/// A value that is one of those known.
pub(crate) fn known<T>(field: &str, word: &str, found: Option<T>) -> Result<T, ApiError> {
    let shown: String = word.chars().take(40).collect();
    found
        .ok_or_else(|| ApiError::new(Code::Malformed, format!("查询参数 {field} 的取值“{shown}”无法识别")).field(field))
}

/// A text to look for; blank means none.
pub(crate) fn text(field: &str, value: Option<String>) -> Result<Option<String>, ApiError> {
    let value = value.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match &value {
        Some(text) if text.contains('\0') || text.chars().count() > 200 => {
            Err(ApiError::new(Code::Malformed, format!("查询参数 {field} 超过 200 字或含有非法字符")).field(field))
        }
        _ => Ok(value),
    }
}

/// The place a page begins at.
pub(crate) fn cursor(text: String) -> Result<Cursor, ApiError> {
    let refused =
        |_| ApiError::new(Code::Malformed, "cursor 不是本服务给出的分页位置，去掉它可从第一页开始").field("cursor");
    text.parse().map_err(refused)
}

/// Rows of a page.
pub(crate) fn limit(asked: Option<u32>) -> Result<u32, ApiError> {
    match asked.unwrap_or(LIMIT) {
        rows @ 1..=huiyin_store::PAGE_ROWS_MAX => Ok(rows),
        _ => {
            let detail = format!("limit 须在 1 至 {} 之间", huiyin_store::PAGE_ROWS_MAX);
            Err(ApiError::new(Code::Malformed, detail).field("limit"))
        }
    }
}

pub(crate) fn place_code(code: String) -> Result<PlaceCode, ApiError> {
    let valid = code.len() <= 20 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    known("place", &code, (valid && !code.is_empty()).then(|| PlaceCode::new(code.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role, unit: Option<&str>) -> Actor {
        Actor { name: "某".into(), role, unit: unit.map(UnitId::new) }
    }

    #[test]
    fn a_liaison_is_held_to_its_unit() {
        let filter = |unit: Option<&str>, actor: &Actor| {
            let query = MatterQuery { unit: unit.map(str::to_owned), ..MatterQuery::default() };
            query.filter(actor, Timestamp::UNIX_EPOCH).unwrap().map(|filter| filter.unit.map(|unit| unit.to_string()))
        };
        let liaison = actor(Role::Liaison, Some("a"));
        assert_eq!(filter(None, &liaison), Some(Some("a".into())));
        assert_eq!(filter(Some("a"), &liaison), Some(Some("a".into())));
        assert_eq!(filter(Some("b"), &liaison), None);
        assert_eq!(filter(None, &actor(Role::Liaison, None)), None, "a liaison without a unit sees nothing");
        assert_eq!(filter(None, &actor(Role::Auditor, None)), Some(None));
        assert_eq!(filter(Some("b"), &actor(Role::Leader, None)), Some(Some("b".into())));
    }

    #[test]
    fn refusals_name_the_parameter() {
        let some = |text: &str| Some(text.to_owned());
        for (query, field) in [
            (MatterQuery { state: some("new,open"), ..MatterQuery::default() }, "state"),
            (MatterQuery { grade: some("x"), ..MatterQuery::default() }, "grade"),
            (MatterQuery { decision: some("x"), ..MatterQuery::default() }, "decision"),
            (MatterQuery { response: some("in_time,soon"), ..MatterQuery::default() }, "response"),
            (MatterQuery { proposal: some("x"), ..MatterQuery::default() }, "proposal"),
            (MatterQuery { promise: some("x"), ..MatterQuery::default() }, "promise"),
            (MatterQuery { promise_due_to: some("x"), ..MatterQuery::default() }, "promise_due_to"),
            (MatterQuery { posted_on: some("2026-11"), ..MatterQuery::default() }, "posted_on"),
            (MatterQuery { from: some("昨天"), ..MatterQuery::default() }, "from"),
            (MatterQuery { place: some("36%"), ..MatterQuery::default() }, "place"),
            (MatterQuery { cursor: some("x"), ..MatterQuery::default() }, "cursor"),
            (MatterQuery { limit: Some(0), ..MatterQuery::default() }, "limit"),
            (MatterQuery { limit: Some(201), ..MatterQuery::default() }, "limit"),
            (MatterQuery { q: some("a\0"), ..MatterQuery::default() }, "q"),
        ] {
            let error = query.filter(&actor(Role::Leader, None), Timestamp::UNIX_EPOCH).unwrap_err();
            assert!(error.detail().contains(field), "{field}: {}", error.detail());
        }
    }
}
