//! `GET /api/v1/matters/{no}`

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use huiyin_domain::MatterNo;
use serde::Serialize;
use utoipa::ToSchema;

use super::{matter_no, visible};
use crate::ApiState;
use crate::actions::{etag, matter_response};
use crate::auth::Reader;
use crate::extract::PathOf;
use crate::openapi::MatterRefusals;
use crate::problem::ApiError;
use crate::wire::MatterView;

/// Where a merged matter went.
#[derive(Serialize, ToSchema)]
pub(crate) struct Moved {
    /// The number asked for.
    no: String,
    /// The matter it was merged into.
    merged_into: String,
}

/// 事项详情
///
/// `actions` are what the caller could do now. The `ETag` is the version of what is decided: a joined post does not
/// change it.
#[utoipa::path(
    get,
    path = "/api/v1/matters/{no}",
    operation_id = "show_matter",
    tag = "matters",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-None-Match" = Option<String>, Header, description = "`ETag` known already"),
    ),
    responses(
        (status = 200, description = "The matter", body = MatterView, headers(("ETag" = String))),
        (status = 304, description = "Nothing was decided since that `ETag`"),
        (status = 308, description = "Merged; `Location` leads to the matter that survives", body = Moved, headers(("Location" = String), ("ETag" = String))),
        MatterRefusals,
    ),
)]
pub(crate) async fn show(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    PathOf(no): PathOf<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let matter = visible(&state, &matter_no(&no)?, &actor).await?;
    let tag = etag(&matter);
    if let Some(into) = &matter.merged_into {
        return Ok(moved(&matter.no, into, tag));
    }
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    matter_response(&matter, &actor, &state).await
}

/// The `ETag` stays that of the merged matter: `split` is decided on it.
fn moved(no: &MatterNo, into: &MatterNo, tag: HeaderValue) -> Response {
    let location = HeaderValue::try_from(format!("/api/v1/matters/{into}"));
    let location = location.expect("numbers of matters are ASCII letters, digits and hyphens");
    let body = Moved { no: no.to_string(), merged_into: into.to_string() };
    // Permanent by its meaning, yet a split takes it back: no-store keeps browsers from remembering it.
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location), (header::ETAG, tag)], Json(body)).into_response()
}

/// `If-None-Match` names the tag.
pub(crate) fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = known.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known).as_bytes() == tag.as_bytes())
}
