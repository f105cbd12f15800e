//! `GET /api/v1/statistics`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::Office;
use crate::openapi::ReadRefusals;
use crate::problem::ApiError;

/// Figures of the whole installation.
#[derive(Serialize, ToSchema)]
pub(crate) struct Statistics {
    /// When they were taken.
    at: Timestamp,
    /// Posts, each source and id once.
    posts: u64,
    /// Further texts of posts already stored.
    revisions: u64,
    /// Posts that opened or joined a matter.
    in_matters: u64,
    /// Posts set aside, by reason.
    asides: BTreeMap<String, u64>,
    /// Dead letters.
    dead_letters: u64,
    /// Matters, by state.
    matters: BTreeMap<String, u64>,
    /// Matters whose first post the machine was not sure about.
    abstained: u64,
    /// Matters with a deadline unmet and past.
    overdue: u64,
    /// Ledger entries.
    entries: u64,
    /// Promises.
    commitments: Commitments,
}

/// Promises made, and those verified.
#[derive(Serialize, ToSchema)]
struct Commitments {
    /// Made.
    made: u64,
    /// Verified as kept.
    kept: u64,
    /// Verified as broken.
    broken: u64,
}

/// 统计
#[utoipa::path(
    get,
    path = "/api/v1/statistics",
    tag = "office",
    responses((status = 200, description = "Figures", body = Statistics), ReadRefusals),
)]
pub(crate) async fn statistics(State(state): State<ApiState>, _: Office) -> Result<Json<Statistics>, ApiError> {
    let at = state.now();
    let counts = state.store().counts(at).await?;
    let (made, kept, broken) = counts.commitments;
    Ok(Json(Statistics {
        at,
        posts: counts.posts,
        revisions: counts.revisions,
        in_matters: counts.in_matters,
        asides: counts.asides,
        dead_letters: counts.dead_letters,
        matters: counts.matters,
        abstained: counts.abstained,
        overdue: counts.overdue,
        entries: counts.entries,
        commitments: Commitments { made, kept, broken },
    }))
}
