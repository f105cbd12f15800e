//! Whether two posts speak of the same event in other words.
//!
//! A logistic model of nine signs over pairs, in the manner of first-story detection with a fixed background. Its weights
//! were fitted on letters of one city whose events were known: five folds over events, macro best-F1 0.92 on the
//! events kept out. They are read as: the words must agree, a distinctive name must be shared, and then the kind of
//! concern decides; what is months apart needs more.

use std::collections::BTreeSet;

use super::background::{Bigram, bigram, weight};
use super::sketch::Sketch;

/// Weights of the signs, in the order of [`same_event`].
mod weights {
    pub(super) const BIAS: f32 = -1.95 - 0.2;
    pub(super) const WORDS: f32 = 5.16;
    pub(super) const NAMES_SHARED: f32 = 0.44;
    pub(super) const NAMES_APART: f32 = -0.59;
    pub(super) const DAYS: f32 = -0.70;
    pub(super) const CONCERN: f32 = 2.43;
    pub(super) const TITLES_DIFFER: f32 = -1.08;
    pub(super) const RARE: f32 = 0.094;
    pub(super) const RARE_AND_CONCERN: f32 = 0.35;
}

/// Names that count, shared or not.
const NAMES_MAX: usize = 6;
/// Rare characters that count; a long name has no more to say than a short one.
const RARE_MAX: f32 = 40.0;
/// A name in both titles counts as this much of rare characters: schools and firms have common names.
const TITLE_NAME: f32 = 8.0;
/// Less than two rare pairs, or one and a name in both titles, ties no posts together.
const EVIDENCE_MIN: f32 = 15.0;
/// Three rare pairs: a name of four characters.
const NAMELESS_RARE_MIN: f32 = 23.0;
/// When one of the dates is not known: a month.
const DAYS_UNKNOWN: f32 = 30.0;
const DAY_US: f32 = 86_400_000_000.0;

/// How much speaks for one event, if more than speaks against. Symmetric.
pub(super) fn same_event(one: &Sketch, other: &Sketch) -> Option<f32> {
    if elsewhere(one, other) {
        return None;
    }
    let rare = overlap(&one.title_rare, &other.rare).max(overlap(&other.title_rare, &one.rare));
    let title_name = if one.title_names.is_disjoint(&other.title_names) { 0.0 } else { TITLE_NAME };
    let evidence = rare + title_name;
    if evidence < EVIDENCE_MIN || named_apart(one, other, rare) {
        return None;
    }
    let rare = evidence.min(RARE_MAX).sqrt();
    let concern = one.concerns.similarity(&other.concerns);
    let shared = one.names.intersection(&other.names).count();
    let apart = (one.names.len() - shared).min(other.names.len() - shared);
    let titles_differ = f32::from(u8::from(one.concerns.titles_differ(&other.concerns)));
    let score = weights::BIAS
        + weights::WORDS * cosine(&one.pairs, &other.pairs)
        + weights::NAMES_SHARED * shared.min(NAMES_MAX) as f32
        + weights::NAMES_APART * apart.min(NAMES_MAX) as f32
        + weights::DAYS * ln_1p(days(one, other))
        + weights::CONCERN * concern
        + weights::TITLES_DIFFER * titles_differ
        + weights::RARE * rare
        + weights::RARE_AND_CONCERN * rare * concern;
    (score > 0.0).then_some(score)
}

/// Whether the divisions by letter differ: in county or in city.
pub(super) fn elsewhere(one: &Sketch, other: &Sketch) -> bool {
    let apart = |one_empty: bool, other_empty: bool, disjoint: bool| !one_empty && !other_empty && disjoint;
    apart(one.counties.is_empty(), other.counties.is_empty(), one.counties.is_disjoint(&other.counties))
        || apart(one.cities.is_empty(), other.cities.is_empty(), one.cities.is_disjoint(&other.cities))
}

/// Whether the titles name estates, streets, schools … none of which stands in the other post: both of them, or one while
/// little else that is rare ties the posts together.
fn named_apart(one: &Sketch, other: &Sketch, rare: f32) -> bool {
    let known = |names: &BTreeSet<String>, in_post: &Sketch| names.iter().any(|name| mentions(in_post, name));
    if known(&one.title_names, other) || known(&other.title_names, one) {
        return false;
    }
    match (one.title_names.is_empty(), other.title_names.is_empty()) {
        (true, true) => false,
        (false, false) => true,
        _ => rare < NAMELESS_RARE_MIN,
    }
}

/// Whether all pairs of a name's characters stand in a post.
fn mentions(sketch: &Sketch, name: &str) -> bool {
    name.chars().zip(name.chars().skip(1)).all(|(one, other)| {
        let pair = bigram(one, other);
        sketch.pairs.binary_search_by_key(&pair, |(pair, _)| *pair).is_ok()
    })
}

/// Weight of the pairs in both.
fn overlap(one: &[Bigram], other: &[Bigram]) -> f32 {
    one.iter().filter(|pair| other.binary_search(pair).is_ok()).map(|pair| weight(*pair)).sum()
}

fn cosine(one: &[(Bigram, f32)], other: &[(Bigram, f32)]) -> f32 {
    let mut sum = 0.0;
    let mut others = other.iter().peekable();
    for (pair, weight) in one {
        while others.next_if(|(other, _)| other < pair).is_some() {}
        if let Some((_, other)) = others.next_if(|(other, _)| other == pair) {
            sum += weight * other;
        }
    }
    sum
}

fn days(one: &Sketch, other: &Sketch) -> f32 {
    match (one.at_us, other.at_us) {
        (Some(one), Some(other)) => one.abs_diff(other) as f32 / DAY_US,
        _ => DAYS_UNKNOWN,
    }
}

/// ln(1 + x) to within 0.06, straight between powers of two: the same on every machine, which a library's need not be.
fn ln_1p(x: f32) -> f32 {
    let (mut rest, mut doublings) = (1.0 + x, 0.0);
    while rest >= 2.0 && doublings < 64.0 {
        rest /= 2.0;
        doublings += 1.0;
    }
    (doublings + (rest - 1.0)) * std::f32::consts::LN_2
}

#[cfg(test)]
mod tests {
    use huiyin_text::Fingerprint;
    use jiff::Timestamp;

    use super::*;
    use crate::grouping::Source;

    fn sketch(title: &str, text: &str, day: i64) -> Sketch {
        let fingerprint = Fingerprint::of(&format!("{title}\n{text}"));
        let at = Timestamp::from_second(1_600_000_000 + day * 86_400).ok();
        Sketch::new(&Source { title, text, fingerprint: &fingerprint, place: None, at })
    }

    #[test]
    fn the_same_event_in_other_words() {
        let mixer = (
            "A2区砚汀鹭苑旁边建搅拌站扰民",
            "我们小区旁边新建了一座混凝土搅拌站，粉尘很大，夜里噪音不断，老人孩子睡不好",
        );
        for (title, text, day, expected) in [
            ("砚汀鹭苑附近搅拌站粉尘污染", "搅拌站离居民楼不到一百米，噪音扰民，希望尽快搬走", 40, true),
            ("请问搅拌站何时搬走", "砚汀鹭苑业主天天吸粉尘，夜里被搅拌站噪音吵醒，环保来过两次没有结果", 3, true),
            ("砚汀鹭苑的电梯又坏了", "三号楼电梯关过两次人，物业一直说在等配件", 3, false),
            ("A5区桐月名邸旁边建搅拌站扰民", mixer.1, 0, false),
            ("桐月名邸花园旁边建搅拌站扰民", "混凝土搅拌站离桐月名邸花园太近，粉尘噪音扰民", 0, false),
            ("", "", 0, false),
        ] {
            let (one, other) = (sketch(mixer.0, mixer.1, 0), sketch(title, text, day));
            assert_eq!(same_event(&one, &other).is_some(), expected, "{title}");
            assert_eq!(same_event(&one, &other), same_event(&other, &one), "{title}");
        }
    }

    #[test]
    fn logarithm() {
        for x in [0.0f32, 0.5, 1.0, 3.0, 30.0, 365.0, 1e6] {
            assert!((ln_1p(x) - x.ln_1p()).abs() < 0.06, "{x}");
        }
        assert!(ln_1p(f32::INFINITY) > 0.0);
    }
}
