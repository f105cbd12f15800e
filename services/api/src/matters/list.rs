//! `GET /api/v1/matters`

use axum::Json;
use axum::extract::State;
use huiyin_domain::matter::{Decision, State as MatterState};
use huiyin_domain::{Actor, Grade, PlaceCode, Role, SystemCode, UnitId};
use huiyin_store::{Cursor, MatterFilter, MatterOrder};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::openapi::ReadRefusals;
use crate::problem::{ApiError, Code};
use crate::time::parse_instant;
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
    /// The title contains this.
    q: Option<String>,
    /// `newest` (last received first) or `due` (next deadline first).
    #[param(inline)]
    order: Order,
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
    let Some(filter) = query.filter(&actor, now)? else {
        return Ok(Json(MatterPageView { matters: Vec::new(), next: None }));
    };
    let page = state.store().matters(&filter).await?;
    let matters = page.matters.iter().map(|matter| MatterSummary::of(matter, &actor, now)).collect();
    Ok(Json(MatterPageView { matters, next: page.next.map(|cursor| cursor.to_string()) }))
}

impl MatterQuery {
    /// The part of the query that a page of its own shows: state or overdue.
    pub(crate) fn shown(&self) -> String {
        match (&self.state, self.overdue) {
            (Some(state), _) if state.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b',') => {
                format!("state={state}")
            }
            (_, Some(true)) => "overdue=true".to_owned(),
            _ => String::new(),
        }
    }

    /// The filter; none when nothing that `actor` may see can fit.
    pub(crate) fn filter(self, actor: &Actor, now: Timestamp) -> Result<Option<MatterFilter>, ApiError> {
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
        Ok(Some(MatterFilter {
            states,
            unit,
            place: self.place.map(place_code).transpose()?,
            system: text("system", self.system)?.map(SystemCode::new),
            grade: self.grade.map(|word| known("grade", &word, Grade::parse(&word))).transpose()?,
            danger: self.danger,
            decision: decision.transpose()?,
            overdue_at: self.overdue.filter(|overdue| *overdue).map(|_| now),
            opened_from: self.from.map(|at| known("from", &at, parse_instant(&at))).transpose()?,
            opened_to: self.to.map(|at| known("to", &at, parse_instant(&at))).transpose()?,
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

fn place_code(code: String) -> Result<PlaceCode, ApiError> {
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
