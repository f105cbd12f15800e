//! `GET /api/v1/search`: posts and matters by their words.
//!
//! Whoever asks finds what it may see: a liaison the matters ever given to its unit, and their posts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use huiyin_catalogue::Catalogue;
use huiyin_domain::matter::State as MatterState;
use huiyin_domain::{Actor, Grade, PlaceCode, Role, SystemCode, UnitId};
use huiyin_search::{Facet, FacetValue, Filter, Found, Hit, Item, Kind, Marks, Order, Query, SearchError};
use huiyin_text::readable;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::matters::list::{known, place_code, text};
use crate::matters::matter_no;
use crate::openapi::ReadRefusals;
use crate::problem::{ApiError, Code};
use crate::time::parse_instant;

/// Hits given when no number is asked for.
const LIMIT: u32 = 20;
/// Hits given at most.
const LIMIT_MAX: u32 = 100;

/// What to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Words that all have to be there; `"…"` for exactly these characters, `-word` for what must not be there. 200
    /// characters at most; without it everything that fits is found, last received first.
    q: Option<String>,
    /// `post` or `matter`; both when left out.
    kind: Option<String>,
    /// Number of a matter: it and its posts.
    matter: Option<String>,
    /// Source.
    source: Option<String>,
    /// Code of a place, with everything below it.
    place: Option<String>,
    /// System.
    system: Option<String>,
    /// Id of a unit: what it leads, is proposed for, or was ever given.
    unit: Option<String>,
    /// States of the matter, separated by commas.
    state: Option<String>,
    /// Grade in force.
    grade: Option<String>,
    /// Received at or after; without a zone +08:00.
    from: Option<String>,
    /// Received before; without a zone +08:00.
    to: Option<String>,
    /// `score` (the best first) or `newest` (the last received first).
    #[param(inline)]
    order: OrderBy,
    /// Hits left out, 10,000 at most.
    offset: Option<u32>,
    /// Hits at most, 1 to 100; 20 when left out.
    limit: Option<u32>,
}

/// Which hit comes first.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OrderBy {
    /// The best one; of equals the last received.
    #[default]
    Score,
    /// The last received.
    Newest,
}

/// What was found.
#[derive(Serialize, ToSchema)]
pub(crate) struct SearchView {
    /// Milliseconds it took.
    took_ms: u64,
    /// Posts and matters that fit.
    total: u64,
    /// Those asked for.
    hits: Vec<HitView>,
    /// Counts over all that fit.
    facets: FacetsView,
}

/// One post or matter found.
#[derive(Serialize, ToSchema)]
struct HitView {
    /// `post` or `matter`.
    kind: &'static str,
    /// The higher the better.
    score: f32,
    /// Number of the matter it is or belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    matter: Option<String>,
    /// Source of the post, or of the matter's first one.
    source: String,
    /// The source's id of the post.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Title; empty when it had none.
    title: String,
    /// Where the words stand in the title: from and to (not included), in characters.
    #[schema(value_type = Vec<Vec<usize>>)]
    title_marks: Marks,
    /// The part of the text with most of the words.
    snippet: String,
    /// Where the words stand in the snippet: from and to (not included), in characters.
    #[schema(value_type = Vec<Vec<usize>>)]
    marks: Marks,
    /// When it reached us.
    received_at: Timestamp,
    /// Full name of the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    place_name: Option<String>,
    /// System.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// Unit that leads, or is proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
    /// State of the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    /// Grade in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<&'static str>,
    /// How a post ended: `matter` or `aside`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fate: Option<String>,
}

/// Counts by value, the most frequent first; months the latest first.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct FacetsView {
    kind: Vec<FacetValueView>,
    source: Vec<FacetValueView>,
    /// Prefectures, counties and zones; what lies in a county counts for its prefecture as well.
    place: Vec<FacetValueView>,
    system: Vec<FacetValueView>,
    state: Vec<FacetValueView>,
    grade: Vec<FacetValueView>,
    month: Vec<FacetValueView>,
}

/// How many have this value.
#[derive(Serialize, ToSchema)]
struct FacetValueView {
    /// To be given as the parameter of the facet's name; of a month, `from` and `to` say the same.
    value: String,
    /// In Chinese.
    name: String,
    count: u64,
}

/// 检索网帖和事项
///
/// A liaison finds the matters ever given to its unit, and their posts. 503 while the index is being built.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    operation_id = "search",
    tag = "posts",
    params(SearchQuery),
    responses((status = 200, description = "What was found", body = SearchView), ReadRefusals),
)]
pub(crate) async fn search(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    QueryOf(query): QueryOf<SearchQuery>,
) -> Result<Json<SearchView>, ApiError> {
    let started = std::time::Instant::now();
    let Some(query) = query.of(&actor)? else {
        return Ok(Json(SearchView { took_ms: 0, total: 0, hits: Vec::new(), facets: FacetsView::default() }));
    };
    let found = find(&state, query).await?;
    let facets = FacetsView::of(found.facets, state.catalogue_in_force().as_deref());
    Ok(Json(SearchView {
        total: found.total as u64,
        hits: found.hits.into_iter().map(HitView::of).collect(),
        facets,
        took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    }))
}

/// Looks into the index, or says that it is not there yet.
pub(crate) async fn find(state: &ApiState, query: Query) -> Result<Found, ApiError> {
    let building = || ApiError::new(Code::Unavailable, "检索索引正在建立，请稍后再试").retry_after(5);
    let search = state.search().filter(|search| search.is_built()).ok_or_else(building)?;
    let search = Arc::clone(search);
    let _turn = state.searches().acquire().await.map_err(|error| ApiError::internal("waiting to search", &error))?;
    let found = tokio::task::spawn_blocking(move || search.find(&query)).await;
    found.map_err(|error| ApiError::internal("searching", &error))?.map_err(|error| match error {
        SearchError::Limit { .. } => {
            ApiError::new(Code::Malformed, "检索词超过 200 字，或翻页超过 10000 条，请缩小范围")
        }
        error => ApiError::internal("searching", &error),
    })
}

impl SearchQuery {
    /// The query; none when `actor` may see nothing at all.
    fn of(self, actor: &Actor) -> Result<Option<Query>, ApiError> {
        let given = match actor.role {
            Role::Liaison if actor.unit.is_none() => return Ok(None),
            Role::Liaison => actor.unit.clone(),
            _ => None,
        };
        let states = self.state.iter().flat_map(|states| states.split(',')).filter(|word| !word.is_empty());
        let states = states.map(|word| known("state", word, MatterState::parse(word))).collect::<Result<_, _>>()?;
        let offset = self.offset.unwrap_or(0);
        if offset as usize > huiyin_search::OFFSET_MAX {
            let detail = format!("offset 最大 {}，请缩小检索范围", huiyin_search::OFFSET_MAX);
            return Err(ApiError::new(Code::Malformed, detail).field("offset"));
        }
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(ApiError::new(Code::Malformed, format!("limit 须在 1 至 {LIMIT_MAX} 之间")).field("limit"));
        }
        Ok(Some(Query {
            text: text("q", self.q)?.unwrap_or_default(),
            filter: Filter {
                kind: self.kind.map(|word| known("kind", &word, Kind::parse(&word))).transpose()?,
                matter: self.matter.as_deref().map(matter_no).transpose()?,
                source: text("source", self.source)?,
                place: self.place.map(place_code).transpose()?,
                system: text("system", self.system)?.map(SystemCode::new),
                unit: text("unit", self.unit)?.map(UnitId::new),
                given,
                states,
                grade: self.grade.map(|word| known("grade", &word, Grade::parse(&word))).transpose()?,
                from: self.from.map(|at| known("from", &at, parse_instant(&at))).transpose()?,
                to: self.to.map(|at| known("to", &at, parse_instant(&at))).transpose()?,
                ..Filter::default()
            },
            order: match self.order {
                OrderBy::Score => Order::Score,
                OrderBy::Newest => Order::Newest,
            },
            offset: offset as usize,
            limit: limit as usize,
            facets: true,
        }))
    }
}

impl HitView {
    fn of(hit: Hit) -> HitView {
        HitView {
            kind: hit.item.kind().as_str(),
            score: hit.score,
            matter: hit.matter.map(|no| no.to_string()),
            source: hit.source,
            id: match hit.item {
                Item::Post(post) => Some(post.id),
                Item::Matter(_) => None,
            },
            title: readable(&hit.title),
            title_marks: hit.title_marks,
            snippet: readable(&hit.snippet),
            marks: hit.marks,
            received_at: hit.received_at,
            place_name: hit.place_name,
            system: hit.system.map(|system| system.to_string()),
            unit_name: hit.unit_name,
            state: hit.state.map(MatterState::as_str),
            grade: hit.grade.map(Grade::as_str),
            fate: hit.fate,
        }
    }
}

impl FacetsView {
    /// Counts with their names; places and systems by the catalogue in force, by their codes without one.
    pub(crate) fn of(facets: Vec<(Facet, Vec<FacetValue>)>, catalogue: Option<&Catalogue>) -> FacetsView {
        let mut view = FacetsView::default();
        for (facet, values) in facets {
            let of_facet = match facet {
                Facet::Kind => &mut view.kind,
                Facet::Source => &mut view.source,
                Facet::Area => &mut view.place,
                Facet::System => &mut view.system,
                Facet::State => &mut view.state,
                Facet::Grade => &mut view.grade,
                Facet::Month => &mut view.month,
            };
            let named = |one: FacetValue| FacetValueView {
                name: chinese(facet, &one.value, catalogue),
                value: one.value,
                count: one.count,
            };
            *of_facet = values.into_iter().map(named).collect();
        }
        view
    }
}

fn chinese(facet: Facet, value: &str, catalogue: Option<&Catalogue>) -> String {
    let known = match facet {
        Facet::Kind if value == Kind::Post.as_str() => Some("网帖".to_owned()),
        Facet::Kind => Some("事项".to_owned()),
        Facet::Area => catalogue.and_then(|one| one.place(&PlaceCode::new(value))).map(|place| place.name.clone()),
        Facet::System => {
            catalogue.and_then(|one| one.system(&SystemCode::new(value))).map(|system| system.name.clone())
        }
        Facet::State => MatterState::parse(value).map(|state| state.chinese().to_owned()),
        Facet::Grade => Grade::parse(value).map(|grade| grade.chinese().to_owned()),
        Facet::Month => {
            value.split_once('-').map(|(year, month)| format!("{year}年{}月", month.trim_start_matches('0')))
        }
        Facet::Source => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_chinese_and_fall_back_to_the_value() {
        for (facet, value, name) in [
            (Facet::Kind, "post", "网帖"),
            (Facet::Kind, "matter", "事项"),
            (Facet::State, "accepted", "办理中"),
            (Facet::Grade, "major", "重大"),
            (Facet::Month, "2026-02", "2026年2月"),
            (Facet::Month, "2026-10", "2026年10月"),
            (Facet::Source, "12345热线", "12345热线"),
            (Facet::Area, "990100", "990100"),
            (Facet::System, "城管", "城管"),
        ] {
            assert_eq!(chinese(facet, value, None), name, "{facet:?} {value}");
        }
    }

    #[test]
    fn refusals_name_the_parameter() {
        let some = |text: &str| Some(text.to_owned());
        let leader = Actor { name: "某".into(), role: Role::Leader, unit: None };
        for (query, field) in [
            (SearchQuery { kind: some("clause"), ..SearchQuery::default() }, "kind"),
            (SearchQuery { state: some("open"), ..SearchQuery::default() }, "state"),
            (SearchQuery { grade: some("x"), ..SearchQuery::default() }, "grade"),
            (SearchQuery { place: some("99%"), ..SearchQuery::default() }, "place"),
            (SearchQuery { to: some("昨天"), ..SearchQuery::default() }, "to"),
            (SearchQuery { offset: Some(10_001), ..SearchQuery::default() }, "offset"),
            (SearchQuery { limit: Some(101), ..SearchQuery::default() }, "limit"),
            (SearchQuery { limit: Some(0), ..SearchQuery::default() }, "limit"),
            (SearchQuery { q: Some("停".repeat(201)), ..SearchQuery::default() }, "q"),
        ] {
            let error = query.of(&leader).unwrap_err();
            assert!(error.detail().contains(field), "{field}: {}", error.detail());
        }
    }

    #[test]
    fn a_liaison_is_held_to_its_unit() {
        let liaison =
            |unit: Option<&str>| Actor { name: "某".into(), role: Role::Liaison, unit: unit.map(UnitId::new) };
        let query = SearchQuery { unit: Some("b".into()), ..SearchQuery::default() };
        let filter = query.of(&liaison(Some("a"))).unwrap().unwrap().filter;
        assert_eq!((filter.given, filter.unit), (Some(UnitId::new("a")), Some(UnitId::new("b"))));
        assert!(SearchQuery::default().of(&liaison(None)).unwrap().is_none());
    }
}
