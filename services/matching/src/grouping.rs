//! Which posts speak of the same concern.
//!
//! Two posts do when their texts are near repeats, or when they speak of the same event in other words, and nothing in
//! them says that they are about different places. Of short posts without a title, the slots decide: what is wrong, where
//! exactly, whose it is, when (`account`); of letters, their words (`event`). The test looks at the pair alone and is
//! symmetric: how rare a name is comes from a table that is shipped, not from the posts seen so far. Matters are merged
//! when a post links two.
//!
//! Candidates come from an index of [`Sketch::keys`], of each key the newest [`KEY_POSTS_MAX`] posts, and those are
//! compared first that share most keys, of these the newest; at most [`COMPARED_MAX`], not counting those of a matter that
//! is tied already. In SQL: `group by post order by count(*) desc, post desc`. The result does not depend on the order in
//! which posts arrive as long as no post has more candidates than these bounds allow; beyond, an elder account may be
//! missed. Divisions (南昌县, A7县) alone lead to none: they say where, not what.

mod account;
mod background;
mod concerns;
mod event;
mod grouper;
mod names;
mod place;
mod sketch;
mod swap;
mod told;
mod words;

pub(crate) use concerns::names_concern;
pub use grouper::Grouper;
pub use sketch::{Sketch, Source};

use account::Comparison;
use place::{Relation, relation};

/// Posts of one key that are looked at, the newest first.
pub const KEY_POSTS_MAX: usize = 512;

/// Posts that a new one is compared with. Those of a matter that is tied already are passed over, so a flood of posts about
/// one event costs a comparison or two for each.
pub const COMPARED_MAX: usize = 64;

/// Least similarity of fingerprints for a near repeat.
///
/// Measured on 4,326 letters of one city over three years: of the pairs that also pass the test for places, all 23 with a
/// similarity of 0.50 to 0.62 were the same concern, judged by their titles, and most of those at 0.40 to 0.50. 0.60
/// leaves room for forms with more boilerplate than letters have.
pub const NEAR_REPEAT_MIN: f32 = 0.60;

/// Of two texts as similar as this, one was written with the other at hand.
const COPIED_MIN: f32 = 0.40;

/// Names that both texts share outweigh names that only one has when they are this many times as many: typing errors
/// in long lists.
const SHARED_NAMES_RATIO: usize = 4;

/// Why two posts speak of the same concern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    /// Nearly the same text: similarity from [`NEAR_REPEAT_MIN`] to 1.
    NearRepeat(f32),
    /// The same event in other words: how much speaks for it, above 0.
    SameEvent(f32),
}

/// Whether two posts speak of the same concern. Symmetric.
///
/// Never for posts about places that do not lie in one another, nor where each names an estate, street, school, firm …
/// that the other does not.
pub fn same_concern(one: &Sketch, other: &Sketch) -> Option<Why> {
    let places = relation(one.place.as_ref(), other.place.as_ref());
    if places == Relation::Apart || numbered_apart(one, other) {
        return None;
    }
    let told = one.told.as_ref().zip(other.told.as_ref());
    let compared = told.map(|(told, others)| (told, others, Comparison::of(told, others, (one.at_us, other.at_us))));
    if compared.as_ref().is_some_and(|(told, others, compared)| account::conflict(told, others, compared)) {
        return None;
    }
    let similarity = one.fingerprint.similarity(&other.fingerprint);
    let repeat_allowed = names_allow_repeat(one, other, places);
    if similarity >= NEAR_REPEAT_MIN && repeat_allowed {
        return Some(Why::NearRepeat(similarity));
    }
    // The words of a copied text say nothing about where it happened.
    let copied_min = if places == Relation::Same { NEAR_REPEAT_MIN } else { COPIED_MIN };
    if similarity >= copied_min && !repeat_allowed {
        return None;
    }
    if let Some((told, others, compared)) = compared.as_ref().filter(|(told, others, _)| !told.titled && !others.titled)
    {
        let odds = account::odds(told, others, compared);
        return (odds > 0.0 && !event::elsewhere(one, other)).then_some(Why::SameEvent(odds));
    }
    event::same_event(one, other).map(Why::SameEvent)
}

/// The signs by which two short posts are compared, and whether a slot parts them; for fitting the weights.
pub fn signs(one: &Sketch, other: &Sketch) -> Option<(bool, Vec<f32>)> {
    let (told, others) = one.told.as_ref().zip(other.told.as_ref())?;
    let compared = Comparison::of(told, others, (one.at_us, other.at_us));
    let apart = relation(one.place.as_ref(), other.place.as_ref()) == Relation::Apart;
    let parted = apart || account::conflict(told, others, &compared);
    Some((parted, account::signs(told, others, &compared).to_vec()))
}

/// Whether each title names a line of its own: 1号线 and 7号线 are two concerns in any words.
fn numbered_apart(one: &Sketch, other: &Sketch) -> bool {
    !one.lines.is_empty() && !other.lines.is_empty() && one.lines.is_disjoint(&other.lines)
}

/// Where one place is only less exact than the other, or missing, a name must be shared, so that a general text cannot tie
/// two places together.
fn names_allow_repeat(one: &Sketch, other: &Sketch, places: Relation) -> bool {
    let lettered = match (one.lettered.is_subset(&other.lettered), other.lettered.is_subset(&one.lettered)) {
        (true, true) => Relation::Same,
        (false, false) => return false,
        _ => Relation::LessExact,
    };
    let shared = one.names.intersection(&other.names).count();
    let (only_one, only_other) = (one.names.len() - shared, other.names.len() - shared);
    if only_one > 0 && only_other > 0 && shared < SHARED_NAMES_RATIO * only_one.max(only_other) {
        return false;
    }
    (places == Relation::Same && lettered == Relation::Same) || shared > 0
}

#[cfg(test)]
mod tests {
    use huiyin_domain::PlaceCode;
    use huiyin_text::Fingerprint;

    use super::*;

    fn check(one: (&str, Option<&str>), other: (&str, Option<&str>)) -> bool {
        let sketch = |(text, place): (&str, Option<&str>)| {
            let (fingerprint, place) = (Fingerprint::of(text), place.map(PlaceCode::new));
            Sketch::new(&Source { title: "", text, fingerprint: &fingerprint, place: place.as_ref(), at: None })
        };
        let (one, other) = (sketch(one), sketch(other));
        let (forth, back) = (same_concern(&one, &other), same_concern(&other, &one));
        assert_eq!(forth, back);
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
}
