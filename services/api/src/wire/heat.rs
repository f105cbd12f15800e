//! How much a matter is spoken of.

use huiyin_ledger::Heat;
use serde::Serialize;
use utoipa::ToSchema;

/// How much a matter is spoken of, by the time its posts were written: what a backfill brings counts for its own day, or
/// for none where that is not known.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub(crate) struct HeatView {
    /// `quiet`, `warm` (升温: three posts in 24 hours) or `hot` (热点: ten that did not become fewer, or five and three
    /// sources).
    level: &'static str,
    /// All its posts, further texts of one aside.
    posts: u32,
    /// Sources they came from.
    sources: u32,
    /// Posts of the last 24 hours.
    posts_day: u32,
    /// Posts of the 24 hours before.
    posts_day_before: u32,
}

impl HeatView {
    pub(crate) fn of(heat: Heat) -> HeatView {
        HeatView {
            level: heat.level.as_str(),
            posts: heat.posts,
            sources: heat.sources,
            posts_day: heat.posts_day,
            posts_day_before: heat.posts_day_before,
        }
    }
}
