//! `GET /api/v1/matters/{no}/posts`

use axum::Json;
use axum::extract::State;
use huiyin_store::PostFilter;
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::{cursor, limit};
use super::{matter_no, visible};
use crate::ApiState;
use crate::auth::Reader;
use crate::extract::{PathOf, QueryOf};
use crate::openapi::MatterRefusals;
use crate::problem::ApiError;
use crate::wire::PostPageView;

/// Which posts of a matter.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MatterPostQuery {
    /// Where the last page ended: its `next`.
    cursor: Option<String>,
    /// Rows at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// 事项的网帖
#[utoipa::path(
    get,
    path = "/api/v1/matters/{no}/posts",
    operation_id = "list_matter_posts",
    tag = "matters",
    params(("no" = String, Path, description = "Public number of the matter"), MatterPostQuery),
    responses((status = 200, description = "Posts, revisions included, last received first", body = PostPageView), MatterRefusals),
)]
pub(crate) async fn posts(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    PathOf(no): PathOf<String>,
    QueryOf(query): QueryOf<MatterPostQuery>,
) -> Result<Json<PostPageView>, ApiError> {
    let (after, limit) = (query.cursor.map(cursor).transpose()?, limit(query.limit)?);
    let matter = visible(&state, &matter_no(&no)?, &actor).await?;
    let filter = PostFilter { matter: Some(matter.no), after, limit, ..PostFilter::default() };
    Ok(Json(PostPageView::of(state.store().posts(&filter).await?)))
}
