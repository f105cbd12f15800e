//! `GET /api/v1/matters/{no}/entries`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::limit;
use super::{matter_no, visible};
use crate::ApiState;
use crate::auth::Reader;
use crate::extract::{PathOf, QueryOf};
use crate::openapi::MatterRefusals;
use crate::problem::ApiError;
use crate::wire::{EntryPage, EntryView};

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntryQuery {
    /// Only those after this version; the last page's `next`.
    after: u64,
    /// Entries at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// 台账记录
///
/// The ledger entries of a matter, in order. Those of a merged matter stay under its own number.
#[utoipa::path(
    get,
    path = "/api/v1/matters/{no}/entries",
    operation_id = "list_entries",
    tag = "matters",
    params(("no" = String, Path, description = "Public number of the matter"), EntryQuery),
    responses((status = 200, description = "Entries, in order of version", body = EntryPage), MatterRefusals),
)]
pub(crate) async fn entries(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    PathOf(no): PathOf<String>,
    QueryOf(query): QueryOf<EntryQuery>,
) -> Result<Json<EntryPage>, ApiError> {
    let limit = limit(query.limit)?;
    let matter = visible(&state, &matter_no(&no)?, &actor).await?;
    let found = state.store().entries(&matter.no, query.after.min(i64::MAX as u64), limit).await?;
    let last = found.last().map(|stored| stored.entry.version);
    let next = last.filter(|version| *version < matter.version);
    Ok(Json(EntryPage { entries: found.into_iter().map(EntryView::of).collect(), next }))
}
