//! Whether two short posts are accounts of one event.
//!
//! Log-odds over slots: what is wrong, where, when, and how rare what both say is. The weights were fitted by logistic
//! regression on `tests/grouping/pairs.jsonl`. What no weight may outvote is asked first, in [`conflict`].

use super::place::{Relation, relation};
use super::swap::{Alike, alike};
use super::told::Told;
use super::words::{WORDS, Window};

/// Signs of a pair.
pub(crate) const SIGNS: usize = 20;
/// Days that accounts of one event spread over, and after which it is another, by [`Window`].
const SPREAD_DAYS: [(f32, f32); 3] = [(1.0, 4.0), (7.0, 25.0), (30.0, 120.0)];
/// Two posts of one street within this time seldom mean two things.
const SOON_DAYS: f32 = 2.5;
/// Share of what both tell from which two texts are compared letter by letter.
const COPIED_COVERAGE: f32 = 0.35;
/// Texts as alike as this are copies; a swap in them makes two matters.
const COPIED_RATIO: f32 = 0.55;
/// What both tell, in the logarithms of [`super::background`], is counted up to this.
const SHARED_MAX: f32 = 60.0;
const DAY_US: f32 = 86_400_000_000.0;

/// How two short posts lie to each other.
pub(super) struct Comparison {
    shared: f32,
    coverage: f32,
    alike: Alike,
    kinds_shared: usize,
    window: Window,
    days: Option<f32>,
}

impl Comparison {
    pub(super) fn of(one: &Told, other: &Told, times: (Option<i64>, Option<i64>)) -> Comparison {
        let total = |told: &Told| told.grams.iter().map(|(_, weight)| *weight).sum::<f32>();
        let shared = common(&one.grams, &other.grams, |gram| gram.0).map(|gram| gram.1).sum::<f32>();
        let coverage = shared / total(one).min(total(other)).max(1.0);
        let kinds =
            || common(&one.kinds, &other.kinds, |kind| *kind).filter_map(|kind| WORDS.kinds.get(usize::from(*kind)));
        Comparison {
            shared,
            coverage,
            alike: if coverage >= COPIED_COVERAGE { alike(&one.letters, &other.letters) } else { Alike::default() },
            kinds_shared: kinds().count(),
            window: kinds().map(|kind| kind.window).min().unwrap_or(Window::Days),
            days: match times {
                (Some(one), Some(other)) => Some(one.abs_diff(other) as f32 / DAY_US),
                _ => None,
            },
        }
    }

    fn spread(&self) -> (f32, f32) {
        SPREAD_DAYS.get(self.window as usize).copied().unwrap_or((7.0, 25.0))
    }
}

/// Whether a slot says two matters, whatever the words: water and power, two schools, two days, a copy with another name in
/// it, one incident weeks after the other, or another road or estate where they share none.
pub(super) fn conflict(one: &Told, other: &Told, compared: &Comparison) -> bool {
    let exclusive = |told: &Told| told.kinds.iter().any(|kind| is_exclusive(*kind));
    let shares = || common(&one.kinds, &other.kinds, |kind| *kind).any(|kind| is_exclusive(*kind));
    let (days, late) = (compared.days.unwrap_or(0.0), compared.spread().1);
    let known = || common(&one.divisions, &other.divisions, |one| *one).next().is_some();
    let is_fine = |thing: &(u8, u64)| WORDS.classes.get(usize::from(thing.0)).is_some_and(|class| class.fine);
    let elsewhere = !common(&one.things, &other.things, |thing| *thing).any(is_fine);
    !(one.titled || other.titled)
        && ((exclusive(one) && exclusive(other) && !shares())
            || relation(one.place.as_ref(), other.place.as_ref()) == Relation::Apart
            || days > late
            || classes_apart(one, other).any(|class| class.hard || (class.fine && elsewhere))
            || (compared.alike.ratio >= COPIED_RATIO && compared.alike.swaps > 0)
            || (apart(&one.divisions, &other.divisions) && known()))
}

fn is_exclusive(kind: u8) -> bool {
    WORDS.kinds.get(usize::from(kind)).is_some_and(|kind| kind.exclusive)
}

/// Whether each has something that the other has not.
fn apart(one: &[u64], other: &[u64]) -> bool {
    one.iter().any(|thing| !other.contains(thing)) && other.iter().any(|thing| !one.contains(thing))
}

/// Classes of which both name things, and none in common.
fn classes_apart<'a>(one: &'a Told, other: &'a Told) -> impl Iterator<Item = super::words::Class> + 'a {
    one.things.chunk_by(|one, other| one.0 == other.0).filter_map(move |things| {
        let class = things.first()?.0;
        let others = || other.things.iter().filter(move |thing| thing.0 == class);
        let is_apart = others().next().is_some() && !others().any(|thing| things.contains(thing));
        is_apart.then(|| WORDS.classes.get(usize::from(class)).copied()).flatten()
    })
}

/// The signs, in the order of the list `weights`.
pub(crate) fn signs(one: &Told, other: &Told, compared: &Comparison) -> [f32; SIGNS] {
    let flag = |yes: bool| f32::from(u8::from(yes));
    let places = relation(one.place.as_ref(), other.place.as_ref());
    let known = one.place.is_some() && other.place.is_some();
    let street = known && places == Relation::Same && one.place.as_ref().is_some_and(|place| place.stem().0.len() > 6);
    let fine = |thing: &&(u8, u64)| WORDS.classes.get(usize::from(thing.0)).is_some_and(|class| class.fine);
    let shared_things = || common(&one.things, &other.things, |thing| *thing);
    let fine_shared = shared_things().filter(fine).count();
    let fine_apart = classes_apart(one, other).filter(|class| class.fine).count();
    let has_kinds = !one.kinds.is_empty() && !other.kinds.is_empty();
    let rare =
        common(&one.grams, &other.grams, |gram| gram.0).filter(|gram| super::background::is_rare(gram.0)).count();
    let (spread, _) = compared.spread();
    let late = compared.days.map_or(1.0, |days| (days / spread).min(4.0));
    let placed = flag(fine_shared > 0 || rare >= 2);
    let kin = flag(compared.kinds_shared > 0);
    let nested = known && matches!(places, Relation::LessExact);
    [
        1.0,
        flag(street),
        flag(nested),
        flag(!known),
        fine_shared.min(2) as f32,
        fine_apart.min(2) as f32,
        flag(shared_things().any(|thing| !fine(&thing))),
        kin,
        compared.kinds_shared.saturating_sub(1).min(2) as f32,
        flag(has_kinds && compared.kinds_shared == 0),
        compared.shared.min(SHARED_MAX) / 10.0,
        compared.coverage,
        rare.min(4) as f32,
        late,
        flag(compared.alike.swaps > 0) * compared.alike.ratio,
        flag(compared.alike.swaps == 0) * compared.alike.ratio,
        placed * kin,
        flag(street || rare > 0) * kin,
        flag(compared.kinds_shared > 0 && compared.window == Window::Hours),
        placed * flag(compared.days.is_some_and(|days| days < SOON_DAYS)),
    ]
}

/// Log-odds that the two are accounts of one event. Symmetric.
pub(super) fn odds(one: &Told, other: &Told, compared: &Comparison) -> f32 {
    signs(one, other, compared).iter().zip(&WORDS.weights).map(|(sign, weight)| sign * weight).sum()
}

/// What stands in both of two lists in order.
fn common<'a, T, K: Ord>(one: &'a [T], other: &'a [T], key: impl Fn(&T) -> K + 'a) -> impl Iterator<Item = &'a T> {
    let mut others = other.iter().peekable();
    one.iter().filter(move |item| {
        let wanted = key(item);
        while others.next_if(|other| key(other) < wanted).is_some() {}
        others.peek().is_some_and(|other| key(other) == wanted)
    })
}
