//! How much a matter is spoken of: its posts, from how many sources, and whether they become more.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

const DAY: SignedDuration = SignedDuration::from_hours(24);

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

/// Posts in a day that make a matter warm.
const WARM_POSTS: u32 = 3;
/// Posts in a day that make it hot, and how many suffice from so many sources.
const HOT_POSTS: u32 = 10;
const HOT_FROM_MANY: (u32, u32) = (5, 3);

/// Of the posts of a matter, each with the time it reached us and its source, in any order. Posts after `now` count as
/// posts, not as today's.
pub fn heat<'a>(posts: impl IntoIterator<Item = (Timestamp, &'a str)>, now: Timestamp) -> Heat {
    let (mut heat, mut sources) = (Heat::default(), BTreeSet::new());
    for (at, source) in posts {
        heat.posts = heat.posts.saturating_add(1);
        sources.insert(source);
        let age = now.duration_since(at);
        if age < SignedDuration::ZERO {
            continue;
        }
        if age < DAY {
            heat.posts_day = heat.posts_day.saturating_add(1);
        } else if age - DAY < DAY {
            heat.posts_day_before = heat.posts_day_before.saturating_add(1);
        }
    }
    heat.sources = u32::try_from(sources.len()).unwrap_or(u32::MAX);
    let grows = heat.posts_day >= heat.posts_day_before;
    heat.level = match heat.posts_day {
        day if day >= HOT_POSTS && grows => Level::Hot,
        day if day >= HOT_FROM_MANY.0 && heat.sources >= HOT_FROM_MANY.1 => Level::Hot,
        day if day >= WARM_POSTS => Level::Warm,
        _ => Level::Quiet,
    };
    heat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels() {
        let now = Timestamp::from_second(1_790_000_000).unwrap();
        let posts = |hours: &[(i64, &'static str, usize)]| -> Vec<(Timestamp, &'static str)> {
            hours
                .iter()
                .flat_map(|(hours, source, times)| {
                    std::iter::repeat_n((now - SignedDuration::from_hours(*hours), *source), *times)
                })
                .collect()
        };
        for (given, level, day, before) in [
            (posts(&[]), Level::Quiet, 0, 0),
            (posts(&[(1, "热线", 1), (40, "热线", 1)]), Level::Quiet, 1, 1),
            (posts(&[(1, "热线", 3)]), Level::Warm, 3, 0),
            (posts(&[(23, "热线", 10), (24, "热线", 9)]), Level::Hot, 10, 9),
            (posts(&[(2, "热线", 10), (30, "热线", 30)]), Level::Warm, 10, 30),
            (posts(&[(2, "热线", 3), (3, "论坛", 1), (4, "信箱", 1)]), Level::Hot, 5, 0),
            (posts(&[(-5, "热线", 20), (100, "热线", 20)]), Level::Quiet, 0, 0),
        ] {
            let heat = heat(given.iter().copied(), now);
            assert_eq!((heat.level, heat.posts_day, heat.posts_day_before), (level, day, before), "{given:?}");
            assert_eq!(heat.posts as usize, given.len());
        }
    }
}
