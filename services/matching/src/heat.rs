//! How much a matter is spoken of: its posts, from how many sources, and whether they become more.

use jiff::SignedDuration;

/// The span heat is counted by.
pub const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Posts in a day that make a matter warm: with fewer posts in all it is quiet, whenever they came.
pub const WARM_POSTS: u32 = 3;
/// Posts in a day that make it hot, and how many suffice from so many sources.
const HOT_POSTS: u32 = 10;
const HOT_FROM_MANY: (u32, u32) = (5, 3);

/// Heat of a matter at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heat {
    /// All posts.
    pub posts: u32,
    /// Sources they came from.
    pub sources: u32,
    /// Posts of the last 24 hours.
    pub posts_day: u32,
    /// Posts of the 24 hours before.
    pub posts_day_before: u32,
    /// How hot.
    pub level: Level,
}

/// How hot, from the coolest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// One voice, or old ones.
    #[default]
    Quiet,
    /// Several posts in a day: 升温.
    Warm,
    /// Ten posts in a day that did not become fewer, or five from three sources: 热点.
    Hot,
}

impl Level {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Quiet => "quiet",
            Level::Warm => "warm",
            Level::Hot => "hot",
        }
    }
}

impl Heat {
    /// Of a matter's posts and sources in all, the posts of the last [`DAY`], and those of the day before it.
    pub fn of(posts: u32, sources: u32, posts_day: u32, posts_day_before: u32) -> Heat {
        let grows = posts_day >= posts_day_before;
        let level = match posts_day {
            day if day >= HOT_POSTS && grows => Level::Hot,
            day if day >= HOT_FROM_MANY.0 && sources >= HOT_FROM_MANY.1 => Level::Hot,
            day if day >= WARM_POSTS => Level::Warm,
            _ => Level::Quiet,
        };
        Heat { posts, sources, posts_day, posts_day_before, level }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        for (posts, sources, day, before, level) in [
            (0, 0, 0, 0, Level::Quiet),
            (2, 1, 1, 1, Level::Quiet),
            (40, 5, 2, 30, Level::Quiet),
            (3, 1, 3, 0, Level::Warm),
            (19, 1, 10, 9, Level::Hot),
            (40, 1, 10, 30, Level::Warm),
            (5, 3, 5, 0, Level::Hot),
            (5, 2, 5, 0, Level::Warm),
            (90, 3, 5, 80, Level::Hot),
        ] {
            let heat = Heat::of(posts, sources, day, before);
            assert_eq!(heat.level, level, "{heat:?}");
        }
    }
}
