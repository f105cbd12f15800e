//! `GET /api/v1/statistics`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use huiyin_briefings::MonthFigures;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Office;
use crate::briefings;
use crate::extract::QueryOf;
use crate::openapi::BriefingRefusals;
use crate::problem::ApiError;

/// Which figures.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatisticsQuery {
    /// Those of one month, `YYYY-MM`, Beijing time; those of the whole installation when left out.
    month: Option<String>,
}

/// Figures of the whole installation, or of one month.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum StatisticsView {
    /// Without `month`.
    Whole(Box<Statistics>),
    /// With `month`.
    Month(Box<MonthFigures>),
}

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
///
/// With `month` every figure carries the console's query of the list behind it.
#[utoipa::path(
    get,
    path = "/api/v1/statistics",
    tag = "office",
    params(StatisticsQuery),
    responses((status = 200, description = "Figures", body = StatisticsView), BriefingRefusals),
)]
pub(crate) async fn statistics(
    State(state): State<ApiState>,
    _: Office,
    QueryOf(query): QueryOf<StatisticsQuery>,
) -> Result<Json<StatisticsView>, ApiError> {
    match query.month {
        Some(month) => {
            let figures = briefings::figures(&state, briefings::month(&month)?).await?;
            Ok(Json(StatisticsView::Month(Box::new(figures))))
        }
        None => Ok(Json(StatisticsView::Whole(Box::new(whole(&state).await?)))),
    }
}

async fn whole(state: &ApiState) -> Result<Statistics, ApiError> {
    let at = state.now();
    let counts = state.store().counts(at).await?;
    let (made, kept, broken) = counts.commitments;
    Ok(Statistics {
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
    })
}
