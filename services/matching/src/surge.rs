//! Whether one subject at one place is spoken of more than it uses to be.
//!
//! The count of a day is judged against the days before it, with weight on those of the same weekday, after the
//! variance-stabilising transformation of Anscombe (1948), which makes counts of any size comparable; days that vary more
//! than chance would have it (a letter box emptied on Mondays) ask for more. Only sums and square roots: the same on every
//! machine.
//!
//! [`Tally`] keeps the counts of every subject in every area, a county with all that lies in it, its city, its province, and
//! says which of them surge. Two things that are no surge look like one and are kept out: a source that was connected lately
//! (it counts once it has spoken for [`HISTORY_DAYS_MIN`] days), and the days before the first source was connected.

use std::collections::{BTreeMap, BTreeSet};

/// Days of history that count.
pub const HISTORY_DAYS_MAX: usize = 56;
/// Fewer days of history are nothing to go by.
pub const HISTORY_DAYS_MIN: usize = 14;
/// Fewer posts are never a surge.
pub const POSTS_MIN: u32 = 5;
/// Posts for each one expected.
const RATIO_MIN: f64 = 2.0;
/// Standard deviations. Chosen by simulation of 4,000 series with 600 posts a day: one false warning in five days where
/// counts vary by chance alone, one in two days where they vary twice as much; a fivefold rise is found in 92 of 100 days
/// where three posts a day are usual, and in 40 where one is. At 3.1 these were 0 and one in seven days, 79 and 17.
const DEVIATIONS_MIN: f64 = 2.5;
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
    /// Standard deviations above it, at least 2.5.
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

/// Posts of one source about one subject at one place on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// Days since 1970-01-01, Beijing time.
    pub day: i64,
    /// Their source.
    pub source: String,
    /// Code of the place.
    pub place: String,
    /// Code of the system.
    pub system: String,
    /// How many.
    pub posts: u32,
}

/// One subject in one area that is spoken of more than it uses to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Surging {
    /// Code of the area: the smallest that surges.
    pub area: String,
    /// Code of the system.
    pub system: String,
    /// By how much.
    pub surge: Surge,
}

/// Posts of every day, by area and system.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The day the series begin with.
    first: i64,
    /// The first day there are posts of an established source.
    begun: Option<i64>,
    established: BTreeSet<String>,
    series: BTreeMap<(String, String), Vec<u32>>,
    /// The areas an area lies in.
    above: BTreeMap<String, Vec<String>>,
}

impl Tally {
    /// Of the days before `until`, which is the first day that may be judged. `areas` gives the areas a place counts for, the
    /// smallest first, each lying in the next; none leaves the place out.
    pub fn new(history: &[DayCount], until: i64, areas: impl Fn(&str) -> Vec<String>) -> Tally {
        let mut begun: BTreeMap<&str, i64> = BTreeMap::new();
        for count in history {
            begun.entry(&count.source).and_modify(|day| *day = count.day.min(*day)).or_insert(count.day);
        }
        let long_enough = until - HISTORY_DAYS_MIN as i64;
        begun.retain(|_, day| *day <= long_enough);
        let mut tally = Tally {
            first: until - HISTORY_DAYS_MAX as i64,
            begun: begun.values().min().copied(),
            established: begun.into_keys().map(str::to_owned).collect(),
            series: BTreeMap::new(),
            above: BTreeMap::new(),
        };
        tally.add(history, areas);
        tally
    }

    /// Adds further counts. Those of sources that are not established, and of days before the series, are left out.
    pub fn add(&mut self, counts: &[DayCount], areas: impl Fn(&str) -> Vec<String>) {
        for count in counts {
            let Some(day) = usize::try_from(count.day - self.first).ok().filter(|day| *day < DAYS_MAX) else {
                continue;
            };
            if !self.established.contains(&count.source) {
                continue;
            }
            let areas = areas(&count.place);
            for (at, area) in areas.iter().enumerate() {
                if !self.above.contains_key(area) {
                    self.above.insert(area.clone(), areas.iter().skip(at + 1).cloned().collect());
                }
                let series = self.series.entry((area.clone(), count.system.clone())).or_default();
                series.resize(series.len().max(day + 1), 0);
                if let Some(posts) = series.get_mut(day) {
                    *posts = posts.saturating_add(count.posts);
                }
            }
        }
    }

    /// What surges on a day, the most unlikely first. Where a county surges, its city is not named for the same subject.
    pub fn surging(&self, day: i64) -> Vec<Surging> {
        let Some(begun) = self.begun.map(|begun| begun.max(self.first)) else { return Vec::new() };
        let (Ok(begun), Ok(at)) = (usize::try_from(begun - self.first), usize::try_from(day - self.first)) else {
            return Vec::new();
        };
        let mut found: BTreeMap<(&str, &str), Surge> = BTreeMap::new();
        for ((area, system), series) in &self.series {
            let posts = series.get(at).copied().unwrap_or(0);
            let days = begun..at.max(begun);
            let history: Vec<u32> = days.map(|day| series.get(day).copied().unwrap_or(0)).collect();
            if let Some(surge) = surge(&history, posts) {
                found.insert((area, system), surge);
            }
        }
        let explained: BTreeSet<(&str, &str)> = found
            .keys()
            .flat_map(|(area, system)| {
                self.above.get(*area).into_iter().flatten().map(|above| (above.as_str(), *system))
            })
            .collect();
        let mut surging: Vec<Surging> = found
            .into_iter()
            .filter(|(key, _)| !explained.contains(key))
            .map(|((area, system), surge)| Surging { area: area.to_owned(), system: system.to_owned(), surge })
            .collect();
        surging.sort_by(|one, other| other.surge.deviations.total_cmp(&one.surge.deviations));
        surging
    }
}

/// Days a tally can hold: the history, and two that may be judged.
const DAYS_MAX: usize = HISTORY_DAYS_MAX + 2;

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

    #[test]
    fn chance_warns_seldom_and_a_rise_mostly() {
        let mut state = 7u64;
        let mut chance = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        // Knuth's way to numbers of Poisson's distribution.
        let mut count = |mean: f64| -> u32 {
            let (mut left, mut count) = (chance(), 0);
            while left > (-mean).exp() {
                left *= chance();
                count += 1;
            }
            count
        };
        let mut found = |mean: f64, times: f64| -> usize {
            let days = (0..2000).filter(|_| {
                let history: Vec<u32> = (0..56).map(|_| count(mean)).collect();
                surge(&history, count(mean * times)).is_some()
            });
            days.count()
        };
        for mean in [0.1, 0.5, 1.0, 3.0, 10.0] {
            assert!(found(mean, 1.0) <= 10, "more than 5 of 1,000 days at {mean}");
        }
        for (mean, times, least) in [(1.0, 8.0, 1500), (3.0, 5.0, 1750), (10.0, 3.0, 1800)] {
            let found = found(mean, times);
            assert!(found >= least, "{mean} times {times}: {found} of 2,000");
        }
    }

    /// A place's code counts for itself and for its first four characters.
    fn areas(place: &str) -> Vec<String> {
        let city: String = place.chars().take(4).collect();
        if place.starts_with("99") { vec![place.to_owned(), city] } else { Vec::new() }
    }

    fn counts(source: &str, place: &str, days: std::ops::Range<i64>, posts: u32) -> Vec<DayCount> {
        days.map(|day| DayCount { day, source: source.into(), place: place.into(), system: "城管".into(), posts })
            .collect()
    }

    #[test]
    fn the_smallest_area_that_surges_is_named() {
        let history = [counts("热线", "990101", 944..1000, 2), counts("热线", "990102", 944..1000, 2)].concat();
        let names = |today: &[DayCount]| -> Vec<String> {
            let mut tally = Tally::new(&history, 1000, areas);
            tally.add(today, areas);
            tally.surging(1000).into_iter().map(|one| one.area).collect()
        };
        let on_day = |place: &str, posts: u32| counts("热线", place, 1000..1001, posts);
        assert_eq!(names(&[]), [""; 0]);
        assert_eq!(names(&on_day("990101", 15)), ["990101"], "not the city as well");
        assert_eq!(names(&[on_day("990101", 7), on_day("990102", 7)].concat()), ["9901"], "together it is too much");
        assert_eq!(names(&on_day("880101", 99)), [""; 0], "elsewhere");
    }

    #[test]
    fn a_source_connected_lately_is_no_surge() {
        for (days, surges) in [(1, 0), (13, 0), (14, 1), (56, 1), (70, 1)] {
            let mut tally = Tally::new(&counts("论坛", "990101", 1000 - days..1000, 1), 1000, areas);
            tally.add(&counts("论坛", "990101", 1000..1001, 20), areas);
            assert_eq!(tally.surging(1000).len(), surges, "{days} days");
        }
        let history = counts("热线", "990101", 944..1000, 2);
        let mut tally = Tally::new(&history, 1000, areas);
        tally.add(&counts("新来源", "990101", 1000..1001, 200), areas);
        assert!(tally.surging(1000).is_empty());
        assert!(Tally::new(&[], 1000, areas).surging(1000).is_empty());
    }

    #[test]
    fn the_second_day_has_the_first_as_history() {
        let mut tally = Tally::new(&counts("热线", "990101", 944..1000, 2), 1000, areas);
        tally
            .add(&[counts("热线", "990101", 1000..1001, 15), counts("热线", "990101", 1001..1002, 16)].concat(), areas);
        let [first, second] = [1000, 1001].map(|day| tally.surging(day).first().map(|one| one.surge));
        assert!(first.unwrap().deviations > second.unwrap().deviations, "{first:?} {second:?}");
        assert!(tally.surging(1002).is_empty() && tally.surging(900).is_empty());
    }
}
