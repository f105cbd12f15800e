//! Whether one subject at one place is spoken of more than it uses to be.
//!
//! The count of a day is judged against the days before it, with weight on those of the same weekday, after the
//! variance-stabilising transformation of Anscombe (1948), which makes counts of any size comparable; days that vary more
//! than chance would have it (a letter box emptied on Mondays) ask for more. Only sums and square roots: the same on every
//! machine.

/// Days of history that count.
pub const HISTORY_DAYS_MAX: usize = 56;
/// Fewer days of history are nothing to go by.
pub const HISTORY_DAYS_MIN: usize = 14;
/// Fewer posts are never a surge.
pub const POSTS_MIN: u32 = 5;
/// Posts for each one expected.
const RATIO_MIN: f64 = 2.0;
/// Standard deviations: one day in about a thousand by chance.
const DEVIATIONS_MIN: f64 = 3.1;
/// All days together count as this many of the same weekday.
const ALL_DAYS_WEIGHT: f64 = 4.0;
const WEEK: usize = 7;

/// More posts on a day than its history explains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surge {
    /// Posts of the day.
    pub posts: u32,
    /// Posts expected.
    pub expected: f64,
    /// Standard deviations above it, at least 3.1.
    pub deviations: f64,
}

/// Judges a day by the days before it, `history`, oldest first and without gaps (0 where there were no posts), the day
/// before the one judged last. A day that is not over yet may be judged: what is already too much stays so.
pub fn surge(history: &[u32], posts: u32) -> Option<Surge> {
    let history = history.get(history.len().saturating_sub(HISTORY_DAYS_MAX)..)?;
    if history.len() < HISTORY_DAYS_MIN || posts < POSTS_MIN {
        return None;
    }
    let all = mean(history.iter());
    let weekday = || history.iter().rev().skip(WEEK - 1).step_by(WEEK);
    let weeks = weekday().count() as f64;
    let expected = (ALL_DAYS_WEIGHT * all + weeks * mean(weekday())) / (ALL_DAYS_WEIGHT + weeks);
    let spread = if all > 0.0 {
        let variance = history.iter().map(|day| (f64::from(*day) - all) * (f64::from(*day) - all)).sum::<f64>()
            / history.len() as f64;
        (variance / all).max(1.0)
    } else {
        1.0
    };
    let stable = |count: f64| 2.0 * (count + 0.375).sqrt();
    let deviations = (stable(f64::from(posts)) - stable(expected)) / spread.sqrt();
    (deviations >= DEVIATIONS_MIN && f64::from(posts) >= RATIO_MIN * expected).then_some(Surge {
        posts,
        expected,
        deviations,
    })
}

fn mean<'a>(days: impl Iterator<Item = &'a u32>) -> f64 {
    let (count, sum) = days.fold((0.0, 0.0), |(count, sum), day| (count + 1.0, sum + f64::from(*day)));
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surges() {
        let steady = [3u32; 56];
        // A letter box emptied on Mondays: twenty posts every seventh day, none else.
        let mondays: Vec<u32> = (0..56).map(|day| if day % 7 == 0 { 20 } else { 0 }).collect();
        let quiet = [0u32; 30];
        let uneven: Vec<u32> = (0..56).map(|day| if day % 5 == 0 { 15 } else { 1 }).collect();
        for (name, history, posts, expected) in [
            ("as ever", &steady[..], 4, false),
            ("a little more", &steady[..], 7, false),
            ("far more", &steady[..], 15, true),
            ("a Monday like any", &mondays[..], 20, false),
            ("a Tuesday with a Monday's posts", &mondays[..50], 60, true),
            ("never before, and few", &quiet[..], 4, false),
            ("never before, and many", &quiet[..], 8, true),
            ("no history", &quiet[..13], 100, false),
            ("it varies anyway", &uneven[..], 15, false),
            ("nothing at all", &[], 0, false),
        ] {
            assert_eq!(surge(history, posts).is_some(), expected, "{name}: {:?}", surge(history, posts));
        }
    }

    #[test]
    fn more_posts_never_make_it_less_of_a_surge() {
        let history = [2u32, 0, 1, 3, 2, 1, 0, 2, 1, 1, 0, 4, 2, 1, 0, 1];
        let mut before = 0.0;
        for posts in 0..200 {
            let deviations = surge(&history, posts).map_or(0.0, |surge| surge.deviations);
            assert!(deviations >= before, "{posts}");
            before = deviations;
        }
        assert!(before > 0.0);
    }
}
