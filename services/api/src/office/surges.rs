//! `GET /api/v1/statistics/surges`

use axum::Json;
use axum::extract::State;
use huiyin_catalogue::{Catalogue, Place};
use huiyin_domain::{Level, PlaceCode, SystemCode};
use huiyin_ledger::{SurgeAreas, SurgeWarning};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Office;
use crate::extract::QueryOf;
use crate::matters::list::known;
use crate::openapi::ReadRefusals;
use crate::problem::ApiError;

/// Most warnings of one answer; more of them warn of nothing.
const SURGES_MAX: usize = 50;

/// Of which day.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SurgeQuery {
    /// `YYYY-MM-DD`, Beijing time; today and yesterday when left out.
    on: Option<String>,
}

/// Subjects that are spoken of more than they use to be.
#[derive(Serialize, ToSchema)]
pub(crate) struct SurgeList {
    /// When they were counted.
    at: Timestamp,
    /// Today's first, each day's most unlikely first; 50 at most.
    surges: Vec<SurgeView>,
}

/// One subject at one place.
#[derive(Serialize, ToSchema)]
struct SurgeView {
    /// The day, `YYYY-MM-DD`, Beijing time.
    #[schema(value_type = String)]
    day: Date,
    /// The place with all that lies in it: a county where one alone explains it, otherwise the city or the province.
    place: SurgePlace,
    /// System.
    system: String,
    /// Its name.
    system_name: String,
    /// Posts written on the day so far.
    posts: u32,
    /// Posts expected of a whole day like it, by up to 56 days before.
    expected: f64,
    /// Standard deviations above that, at least 2.5.
    deviations: f64,
    /// The console's address of the list behind it; its query is also that of `GET /api/v1/matters`.
    query: String,
}

/// 网帖量突增
///
/// A day's posts about each system at each place, judged by the days before. Posts count for the day they were published, or
/// else received; an archive filled in makes no surge, and neither does a source in its first two weeks.
#[utoipa::path(
    get,
    path = "/api/v1/statistics/surges",
    tag = "office",
    params(SurgeQuery),
    responses((status = 200, description = "Surges, none for a future day", body = SurgeList), ReadRefusals),
)]
pub(crate) async fn surges(
    State(state): State<ApiState>,
    _: Office,
    QueryOf(query): QueryOf<SurgeQuery>,
) -> Result<Json<SurgeList>, ApiError> {
    let on = query.on.map(|day| known("on", &day, day.parse::<Date>().ok())).transpose()?;
    let catalogue = state.catalogue()?;
    let of = |place: &str| areas(&catalogue, place);
    let version = catalogue.version().to_string();
    let found = state.ledger().surges(on, SurgeAreas { of: &of, version: &version }).await?;
    let surges = found.into_iter().take(SURGES_MAX).map(|one| SurgeView::of(one, &catalogue)).collect();
    Ok(Json(SurgeList { at: state.now(), surges }))
}

/// The areas a place counts for: its county, the city, up to the region; none for a place elsewhere.
fn areas(catalogue: &Catalogue, place: &str) -> Vec<String> {
    let region = catalogue.region();
    let mut areas = Vec::new();
    for place in catalogue.ancestors(&PlaceCode::new(place)) {
        if place.level != Level::Street || place.code == region.code {
            areas.push(place.code.to_string());
        }
        if place.code == region.code {
            return areas;
        }
    }
    Vec::new()
}

/// A place, and where it lies.
#[derive(Serialize, ToSchema)]
struct SurgePlace {
    /// Code.
    code: String,
    /// Name.
    name: String,
    /// Names from below the region the installation serves.
    full_name: String,
}

impl SurgeView {
    fn of(SurgeWarning { day, area, system, surge }: SurgeWarning, catalogue: &Catalogue) -> SurgeView {
        let known = catalogue.system(&SystemCode::new(system.as_str()));
        SurgeView {
            system_name: known.map_or_else(|| system.clone(), |system| system.name.clone()),
            posts: surge.posts,
            expected: tenths(surge.expected),
            deviations: tenths(surge.deviations),
            query: format!("/matters?place={area}&posted_on={day}&system={}", percent_encoded(&system)),
            place: SurgePlace::of(catalogue, area),
            day,
            system,
        }
    }
}

impl SurgePlace {
    fn of(catalogue: &Catalogue, code: String) -> SurgePlace {
        let region = &catalogue.region().code;
        let above = catalogue.ancestors(&PlaceCode::new(code.as_str()));
        let below: Vec<&Place> = above.iter().copied().take_while(|place| place.code != *region).collect();
        // The region itself has nothing above it to leave out.
        let shown = if below.is_empty() { above.get(..1).unwrap_or_default() } else { &below };
        SurgePlace {
            name: above.first().map_or_else(|| code.clone(), |place| place.name.clone()),
            full_name: shown.iter().rev().map(|place| place.name.as_str()).collect(),
            code,
        }
    }
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Everything but letters and digits of ASCII as `%XX` (RFC 3986).
fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}
