//! Which posts speak of the same concern.
//!
//! Two posts do when their texts are near repeats and nothing in them says that they are about different places. The
//! test looks at the pair alone and is symmetric, and matters are merged when a post links two, so the result does not
//! depend on the order in which posts arrive.

mod grouper;
mod place_words;

use huiyin_domain::PlaceCode;
use huiyin_text::Fingerprint;

pub use grouper::Grouper;
pub use place_words::{PlaceWords, place_words};

/// Least similarity of fingerprints for a near repeat.
///
/// Measured on 4,326 letters of one city over three years: of the pairs that also pass the test for places, all 23 with a
/// similarity of 0.50 to 0.62 were the same concern, judged by their titles, and most of those at 0.40 to 0.50. 0.60
/// leaves room for forms with more boilerplate than letters have.
pub const NEAR_REPEAT_MIN: f32 = 0.60;

/// Names that both texts share outweigh names that only one has when they are this many times as many: typing errors
/// in long lists.
const SHARED_NAMES_RATIO: usize = 4;

/// What is known of a post when it is compared.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Fingerprint of title and text.
    pub fingerprint: &'a Fingerprint,
    /// The place decided on, if any.
    pub place: Option<&'a PlaceCode>,
    /// Names in title and text, by [`place_words`].
    pub place_words: &'a PlaceWords,
}

/// Why two posts speak of the same concern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Why {
    /// Similarity of the texts, from [`NEAR_REPEAT_MIN`] to 1.
    pub similarity: f32,
}

/// Whether two posts speak of the same concern. Symmetric.
///
/// Never for posts about places that do not lie in one another, nor where each names an estate, street, school, firm …
/// that the other does not. Where one place is only less exact than the other, or missing, a name must be shared, so that
/// a general text cannot tie two places together.
pub fn same_concern(one: &Known<'_>, other: &Known<'_>) -> Option<Why> {
    let similarity = one.fingerprint.similarity(other.fingerprint);
    (similarity >= NEAR_REPEAT_MIN && places_allow(one, other)).then_some(Why { similarity })
}

fn places_allow(one: &Known<'_>, other: &Known<'_>) -> bool {
    let relation = match (one.place, other.place) {
        (None, None) => Relation::Same,
        (Some(one), Some(other)) if one == other => Relation::Same,
        (Some(one), Some(other)) if !nested(one, other) => Relation::Apart,
        _ => Relation::LessExact,
    };
    let lettered = one.place_words.lettered_relation(other.place_words);
    if relation == Relation::Apart || lettered == Relation::Apart {
        return false;
    }
    let names = one.place_words.compare_names(other.place_words);
    if names.only_one > 0
        && names.only_other > 0
        && names.shared < SHARED_NAMES_RATIO * names.only_one.max(names.only_other)
    {
        return false;
    }
    (relation == Relation::Same && lettered == Relation::Same) || names.shared > 0
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Same,
    LessExact,
    Apart,
}

/// Whether one place lies in the other, by the structure of their codes.
fn nested(one: &PlaceCode, other: &PlaceCode) -> bool {
    let (one, other) = (stem(one), stem(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// The digits that a place and everything in it share: 36 for 360000, 361103 for 361103001. A zone's code is `X`, the
/// code of the place it lies in, and its number.
fn stem(code: &PlaceCode) -> String {
    let code = code.as_str();
    let (digits, tail) = match code.strip_prefix('X') {
        Some(rest) => match rest.char_indices().nth(6) {
            Some((at, _)) => rest.split_at(at),
            None => (rest, ""),
        },
        None => (code, ""),
    };
    let trimmed =
        if digits.len() == 6 { digits.strip_suffix("0000").or_else(|| digits.strip_suffix("00")) } else { None };
    format!("{}{}", trimmed.unwrap_or(digits), if tail.is_empty() { String::new() } else { format!("X{tail}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: (&str, Option<&str>), other: (&str, Option<&str>)) -> bool {
        let texts = [one.0, other.0];
        let fingerprints = texts.map(Fingerprint::of);
        let words = texts.map(|text| place_words("", text));
        let places = [one.1, other.1].map(|code| code.map(PlaceCode::new));
        let known = |index: usize| Known {
            fingerprint: &fingerprints[index],
            place: places[index].as_ref(),
            place_words: &words[index],
        };
        let (forth, back) = (same_concern(&known(0), &known(1)), same_concern(&known(1), &known(0)));
        assert_eq!(forth, back, "{texts:?}");
        forth.is_some()
    }

    #[test]
    fn near_repeats_join_unless_the_place_is_another() {
        let text =
            "望汀花园三栋楼下的烧烤店每天营业到凌晨两点，油烟和噪音让人无法休息，打了几次热线都没有下文，请尽快处理";
        let edited = text.replace("两点", "三点").replace("请尽快处理", "请尽快处理一下");
        let moved = text.replace("望汀花园", "桐月小区");
        let bare = text.replace("望汀花园三栋", "我家");
        for (one, other, expected) in [
            ((text, Some("361103")), (text, Some("361103")), true),
            ((text, None), (edited.as_str(), None), true),
            ((text, Some("361103")), (edited.as_str(), Some("361103001")), true),
            ((text, Some("361103")), (edited.as_str(), Some("361100")), true),
            ((text, Some("361103")), (edited.as_str(), None), true),
            ((text, Some("361103")), (text, Some("361102")), false),
            ((text, Some("361103")), (text, Some("360100")), false),
            ((text, Some("X36110001")), (text, Some("361103")), false),
            ((text, Some("X36110001")), (text, Some("361100")), true),
            ((text, Some("361103")), (moved.as_str(), Some("361103")), false),
            ((bare.as_str(), Some("361103")), (bare.as_str(), Some("361103")), true),
            ((bare.as_str(), Some("361103")), (bare.as_str(), None), false),
            ((text, None), ("小学门口的人行横道线看不清了，希望重新画一下", None), false),
        ] {
            assert_eq!(check(one, other), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn stems() {
        for (code, expected) in [
            ("360000", "36"),
            ("361100", "3611"),
            ("361103", "361103"),
            ("361103001", "361103001"),
            ("X36110001", "3611X01"),
        ] {
            assert_eq!(stem(&PlaceCode::new(code)), expected);
        }
    }
}
