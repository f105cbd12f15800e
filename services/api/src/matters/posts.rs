//! `GET /api/v1/matters/{no}/posts`

use axum::Json;
use axum::extract::State;
use huiyin_domain::UnitRef;
use huiyin_domain::matter::Matter;
use huiyin_store::{PostFilter, PostRow};
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
    let filter = PostFilter { matter: Some(matter.no.clone()), after, limit, ..PostFilter::default() };
    let mut page = state.store().posts(&filter).await?;
    for row in page.posts.iter_mut().filter(|row| row.post == matter.first_post) {
        as_further(&matter, row);
    }
    Ok(Json(PostPageView::of(page)))
}

/// The post of a matter beside another was judged by its first concern: here stands what was found of the further one.
fn as_further(matter: &Matter, row: &mut PostRow) {
    let (Some(first), Some(system)) = (&matter.beside, &matter.system) else { return };
    let suggestion = &matter.suggestion;
    let unit = suggestion.unit.as_ref().map(|id| {
        let name = suggestion.unit_name.clone().unwrap_or_default();
        UnitRef { id: id.clone(), name }
    });
    let why = format!("原帖另有的诉求，由事项 {first} 另立");
    let of = &mut row.assessment;
    row.reason = why.clone();
    of.decision = if unit.is_some() { "unit" } else { "abstain" }.into();
    of.system = system.to_string();
    of.unit = unit.as_ref().map(|unit| unit.id.to_string()).unwrap_or_default();
    of.unit_name = unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default();
    of.assist = Vec::new();
    of.grade = suggestion.grade.as_str().into();
    of.danger = false;
    of.evidence = of.evidence.of_further(system, unit, why, &format!("{}\n{}", row.title, row.text));
}
