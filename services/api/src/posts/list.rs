//! `GET /api/v1/posts`

use axum::Json;
use axum::extract::State;
use huiyin_domain::{PostRef, Role};
use huiyin_search::{Filter, Item, Kind, Order, Query};
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
use crate::search::find;
use crate::wire::PostPageView;

/// Begins a cursor of the index.
const CURSOR: &str = "hit-";

/// Which posts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PostQuery {
    /// Words that all have to be in title or text; `"…"` for exactly these characters, `-word` for what must not be there.
    /// The best fit comes first, in its last revision.
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
/// Posts as stored: masked, every revision beside the first, last received first. With `q` the index is searched: marks and
/// facets come with the posts.
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
        after: None,
        limit: limit(query.limit)?,
    };
    if filter.text.is_some() && state.search().is_some() {
        return found(&state, filter, query.cursor).await;
    }
    let filter = PostFilter { after: query.cursor.map(cursor).transpose()?, ..filter };
    Ok(Json(PostPageView::of(state.store().posts(&filter).await?)))
}

/// A page of what the index finds. Its cursor is the number of hits before it.
async fn found(state: &ApiState, filter: PostFilter, after: Option<String>) -> Result<Json<PostPageView>, ApiError> {
    let refused =
        || ApiError::new(Code::Malformed, "cursor 不是本次检索给出的分页位置，去掉它可从第一页开始").field("cursor");
    let before = |text: String| text.strip_prefix(CURSOR).and_then(|number| number.parse::<usize>().ok());
    let offset = after.map_or(Ok(0), |text| before(text).ok_or_else(refused))?;
    let limit = filter.limit as usize;
    let found = find(
        state,
        Query {
            text: filter.text.unwrap_or_default(),
            filter: Filter {
                kind: Some(Kind::Post),
                item: filter.post.map(Item::Post),
                matter: filter.matter,
                source: filter.source,
                fate: filter.fate.map(|fate| fate.as_str().to_owned()),
                aside: filter.aside,
                ..Filter::default()
            },
            order: Order::Score,
            offset,
            limit,
            facets: true,
        },
    )
    .await?;
    let named = found.hits.iter().filter_map(|hit| match &hit.item {
        Item::Post(post) => Some(post.clone()),
        Item::Matter(_) => None,
    });
    let rows = state.store().posts_named(&named.collect::<Vec<_>>()).await?;
    let next = offset + limit;
    let more = next < found.total && next <= huiyin_search::OFFSET_MAX;
    let next = more.then(|| format!("{CURSOR}{next}"));
    Ok(Json(PostPageView::found(found, rows, next, state.catalogue_in_force().as_deref())))
}
