//! `GET /api/v1/posts`

use axum::Json;
use axum::extract::State;
use huiyin_domain::{PostRef, Role};
use huiyin_store::{Fate, PostFilter};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::matters::list::{cursor, known, limit, text};
use crate::matters::{matter_no, visible};
use crate::openapi::ReadRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::PostPageView;

/// Which posts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PostQuery {
    /// Title or text contains this.
    q: Option<String>,
    /// Number of the matter they belong to. A liaison has to give it.
    matter: Option<String>,
    /// Source.
    source: Option<String>,
    /// The source's own id; needs `source`.
    id: Option<String>,
    /// `matter` or `aside`.
    fate: Option<String>,
    /// Set aside for this reason.
    aside: Option<String>,
    /// Where the last page ended: its `next`.
    cursor: Option<String>,
    /// Rows at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// 网帖检索
///
/// Posts as stored: masked, every revision beside the first, last received first.
#[utoipa::path(
    get,
    path = "/api/v1/posts",
    operation_id = "list_posts",
    tag = "posts",
    params(PostQuery),
    responses((status = 200, description = "A page of posts", body = PostPageView), ReadRefusals),
)]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    QueryOf(query): QueryOf<PostQuery>,
) -> Result<Json<PostPageView>, ApiError> {
    let matter = query.matter.as_deref().map(matter_no).transpose()?;
    match &matter {
        Some(no) => drop(visible(&state, no, &actor).await?),
        None if actor.role == Role::Liaison => {
            return Err(
                ApiError::forbidden("联络员只能查看本单位事项的网帖，请用 matter 参数写明事项编号").field("matter")
            );
        }
        None => {}
    }
    let source = text("source", query.source)?;
    let post = match (text("id", query.id)?, &source) {
        (Some(id), Some(source)) => Some(PostRef { source: source.clone(), id }),
        (Some(_), None) => return Err(ApiError::new(Code::Malformed, "按编号查找时须同时给出 source").field("source")),
        (None, _) => None,
    };
    let fate = query.fate.map(|word| {
        let found = [Fate::Matter, Fate::Aside].into_iter().find(|fate| fate.as_str() == word);
        known("fate", &word, found)
    });
    let filter = PostFilter {
        matter,
        post,
        fate: fate.transpose()?,
        aside: text("aside", query.aside)?,
        source,
        text: text("q", query.q)?,
        after: query.cursor.map(cursor).transpose()?,
        limit: limit(query.limit)?,
    };
    Ok(Json(PostPageView::of(state.store().posts(&filter).await?)))
}
