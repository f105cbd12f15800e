//! What grouping keeps of a post to compare it with others.

use std::collections::BTreeSet;

use huiyin_domain::PlaceCode;
use huiyin_text::Fingerprint;
use jiff::Timestamp;

use super::background::{Bigram, bigram, is_rare, weight};
use super::concerns::Concerns;
use super::names::{country, divisions, lettered, letters, lines, names};
use super::told::{SHORT_CHARS, Told};
use super::words::{self, WORDS};

/// A post without a title is known by this many characters of its text, or its first sentence.
const TITLE_CHARS: usize = 40;
/// Characters of the text, after the title, whose rare names lead to candidates.
const HEAD_CHARS: usize = 80;
/// Characters of the text that are searched for the division when the title names none.
const DIVISION_CHARS: usize = 60;
/// Characters compared; what comes after is a petition's annex.
const CHARS_MAX: usize = 4_000;
/// Rare names that lead to candidates: what more a head has is noise.
const NAME_KEYS_MAX: usize = 48;
/// A pair of characters in the title counts as this much more than one in the text.
const TITLE_WEIGHT: f32 = 3.0;
/// 1 + ln n for a pair that occurs n times, from 1.
const FREQUENCY: [f32; 8] = [1.000, 1.693, 2.099, 2.386, 2.609, 2.792, 2.946, 3.079];
/// Tells keys of names from keys of fingerprints, which share an index.
const NAME_KEY: u64 = 0x6E61_6D65_6B65_7931;

/// The same for what a short post names, what is rare in it, and its kinds of trouble.
const THING_KEY: u64 = 0x7468_696E_676B_6579;
const RARE_KEY: u64 = 0x7261_7265_6B65_7931;
const WHAT_KEY: u64 = 0x7768_6174_6B65_7931;
const KIND_KEY: u64 = 0x6B69_6E64_6B65_7931;
/// Keys of each of these that a post has at most.
const THING_KEYS_MAX: usize = 6;
const RARE_KEYS_MAX: usize = 8;
const KIND_KEYS_MAX: usize = 4;
/// Digits of a code to the city and to the county.
const CITY_DIGITS: usize = 4;
const COUNTY_DIGITS: usize = 6;
/// More than this is no short post, whatever it is written in.
const SHORT_BYTES: usize = SHORT_CHARS * 4;

/// What is compared of a post. Made of the post alone, so that comparing two gives the same whatever else is known.
#[derive(Clone, Debug)]
pub struct Sketch {
    pub(super) fingerprint: Fingerprint,
    pub(super) place: Option<PlaceCode>,
    /// When it was published, microseconds since 1970.
    pub(super) at_us: Option<i64>,
    pub(super) names: BTreeSet<String>,
    pub(super) title_names: BTreeSet<String>,
    pub(super) lettered: BTreeSet<String>,
    /// Divisions by letter: where it is, to the county if any (A7), and in which city (A).
    pub(super) counties: BTreeSet<String>,
    pub(super) cities: BTreeSet<char>,
    pub(super) lines: BTreeSet<u32>,
    pub(super) concerns: Concerns,
    /// Pairs of characters with weights, of length 1 together, in order.
    pub(super) pairs: Vec<(Bigram, f32)>,
    /// Rare pairs of the title and of all, in order.
    pub(super) title_rare: Vec<Bigram>,
    pub(super) rare: Vec<Bigram>,
    /// What a short post tells.
    pub(super) told: Option<Told>,
    keys: Vec<u64>,
}

/// What a sketch is made of.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Masked title; may be empty.
    pub title: &'a str,
    /// Masked text.
    pub text: &'a str,
    /// Fingerprint of title and text.
    pub fingerprint: &'a Fingerprint,
    /// The place decided on, if any.
    pub place: Option<&'a PlaceCode>,
    /// When it was published, or reached us while it was new; `None` when neither is known.
    pub at: Option<Timestamp>,
}

impl Sketch {
    /// Of a post. Linear in its length, of which 4,000 characters are read.
    pub fn new(source: &Source<'_>) -> Sketch {
        let text: Vec<char> = source.text.chars().take(CHARS_MAX).collect();
        let title: Vec<char> = match source.title.trim() {
            "" => text.iter().take(TITLE_CHARS).take_while(|one| !is_sentence_end(**one)).copied().collect(),
            title => title.chars().take(CHARS_MAX).collect(),
        };
        let mut lettered_places = lettered(source.title);
        lettered_places.extend(lettered(&text.iter().collect::<String>()));
        let (counties, cities) = whereabouts(&title, &text);
        let told = told(source, &text);
        let (title, text) = (bare(&title), bare(&text));
        let (title_text, whole_text): (String, String) = (title.iter().collect(), text.iter().collect());
        let title_names: BTreeSet<String> = names(&title_text).collect();
        let mut all_names = title_names.clone();
        all_names.extend(names(&whole_text));
        let mut title_pairs: Vec<Bigram> = pairs(&title).collect();
        title_pairs.sort_unstable();
        title_pairs.dedup();
        let weights = weigh(&title_pairs, &text);
        let rare = weights.iter().map(|(pair, _)| *pair).filter(|pair| is_rare(*pair)).collect();
        Sketch {
            fingerprint: source.fingerprint.clone(),
            place: source.place.cloned(),
            at_us: source.at.map(Timestamp::as_microsecond),
            names: all_names,
            lettered: lettered_places,
            counties,
            cities,
            lines: lines(&title_text),
            concerns: Concerns::of(&title_text, &whole_text),
            pairs: weights,
            title_rare: title_pairs.into_iter().filter(|pair| is_rare(*pair)).collect(),
            rare,
            keys: keys(source, &title, &text, told.as_ref()),
            told,
            title_names,
        }
    }

    /// Keys for candidates, the most selective first: only posts that share one are ever found to be the same concern. None
    /// for a post without letters. They may be stored: later versions add keys and change none.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }
}

fn is_sentence_end(character: char) -> bool {
    matches!(character, '。' | '！' | '？' | '!' | '?' | '；' | ';' | '\n')
}

/// The counties and cities a post gives by letter: in the title, counties else at the beginning of the text.
fn whereabouts(title: &[char], text: &[char]) -> (BTreeSet<String>, BTreeSet<char>) {
    let (mut counties, mut cities) = (BTreeSet::new(), BTreeSet::new());
    for place in divisions(title) {
        cities.insert(place.letter);
        if !place.digits.is_empty() {
            counties.insert(place.name());
        }
    }
    if counties.is_empty() {
        let head = text.get(..DIVISION_CHARS.min(text.len())).unwrap_or_default();
        counties.extend(divisions(head).filter(|place| !place.digits.is_empty()).map(|place| place.name()));
    }
    (counties, cities)
}

/// In lower case, and with divisions taken out, by name or by letter: they say where, not what.
fn bare(characters: &[char]) -> Vec<char> {
    let lower: String = characters.iter().map(char::to_ascii_lowercase).collect();
    let mut bare: Vec<char> = Vec::with_capacity(characters.len());
    let mut done = 0;
    for (start, end) in country(&lower) {
        bare.extend(lower.get(done..start).unwrap_or_default().chars());
        bare.extend(lower.get(start..end).unwrap_or_default().chars().map(|_| ' '));
        done = end;
    }
    bare.extend(lower.get(done..).unwrap_or_default().chars());
    for place in letters(characters, &['市', '县', '区']) {
        if let Some(place) = bare.get_mut(place.start..place.end) {
            place.fill(' ');
        }
    }
    bare
}

fn pairs(characters: &[char]) -> impl Iterator<Item = Bigram> {
    characters.windows(2).filter_map(|pair| match pair {
        &[one, other] if one.is_alphanumeric() && other.is_alphanumeric() => Some(bigram(one, other)),
        _ => None,
    })
}

/// `title`: its pairs in order, each once.
fn weigh(title: &[Bigram], text: &[char]) -> Vec<(Bigram, f32)> {
    let mut sorted: Vec<Bigram> = pairs(text).collect();
    sorted.sort_unstable();
    let mut weights: Vec<(Bigram, f32)> = Vec::with_capacity(sorted.len() + title.len());
    let mut title = title.iter().copied().peekable();
    for run in sorted.chunk_by(|one, other| one == other) {
        let Some(pair) = run.first().copied() else { continue };
        while let Some(earlier) = title.next_if(|titled| *titled < pair) {
            weights.push((earlier, TITLE_WEIGHT));
        }
        let in_title = title.next_if_eq(&pair).map_or(0.0, |_| TITLE_WEIGHT);
        let times = run.len().min(FREQUENCY.len()) - 1;
        weights.push((pair, in_title + FREQUENCY.get(times).copied().unwrap_or(1.0)));
    }
    weights.extend(title.map(|rest| (rest, TITLE_WEIGHT)));
    weights.iter_mut().for_each(|(pair, times)| *times *= weight(*pair));
    let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    weights.iter_mut().for_each(|(_, weight)| *weight /= length);
    weights
}

/// What a post tells, if title and text together are short.
fn told(source: &Source<'_>, text: &[char]) -> Option<Told> {
    let title = source.title.trim();
    if text.len() + title.len() > SHORT_BYTES {
        return None;
    }
    let mut whole: Vec<char> = Vec::with_capacity(text.len() + title.len());
    if !source.text.trim_start().starts_with(title) {
        whole.extend(title.chars().chain(['\n']));
    }
    whole.extend(text);
    let lower: String = whole.iter().map(char::to_ascii_lowercase).collect();
    Told::of(&lower, !title.is_empty(), source.place)
}

/// Keys of the fingerprint; of three characters in the head whose pairs are both rare: pieces of names; and of what a short
/// post tells.
fn keys(source: &Source<'_>, title: &[char], text: &[char], told: Option<&Told>) -> Vec<u64> {
    let fingerprint = source.fingerprint;
    if fingerprint.is_empty() {
        return Vec::new();
    }
    let head = text.get(..HEAD_CHARS.min(text.len())).unwrap_or_default();
    let mut keys: Vec<u64> = fingerprint.bands().to_vec();
    let mut seen = BTreeSet::new();
    for three in title.windows(3).chain(head.windows(3)) {
        if let &[one, two, three] = three
            && [one, two, three].iter().all(|one| one.is_alphanumeric())
            && is_rare(bigram(one, two))
            && is_rare(bigram(two, three))
            && seen.len() < NAME_KEYS_MAX
        {
            let key = mix(bigram(one, two) ^ mix(u64::from(u32::from(three)) ^ NAME_KEY));
            if seen.insert(key) {
                keys.push(key);
            }
        }
    }
    keys.extend(told.filter(|told| !told.titled).into_iter().flat_map(|told| slot_keys(told, source)));
    keys
}

/// Of a short post: what it names within its city, what is rare in it within its county, and its kinds of trouble within its
/// county and fortnight. Fortnights overlap by a week, so that accounts of a week share one.
fn slot_keys(told: &Told, source: &Source<'_>) -> Vec<u64> {
    let place = told.place.as_ref().map(PlaceCode::stem).unwrap_or_default();
    let part = |digits: usize| words::hash(place.0.get(..digits).unwrap_or(place.0)) ^ mix(words::hash(place.1));
    let (city, county) = (words::hash(place.0.get(..CITY_DIGITS).unwrap_or(place.0)), part(COUNTY_DIGITS));
    let mut keys: Vec<u64> = Vec::new();
    let things = told.things.iter().filter_map(|thing| Some((WORDS.classes.get(usize::from(thing.0))?.key, thing.1)));
    keys.extend(things.map(|(class, thing)| mix(city ^ mix(class ^ mix(thing ^ THING_KEY)))).take(THING_KEYS_MAX));
    keys.extend(told.rare().take(RARE_KEYS_MAX).map(|pair| mix(county ^ mix(pair ^ RARE_KEY))));
    // Whatever the place: not every post names its county, and not every name is known.
    let fine =
        told.things.iter().filter(|thing| WORDS.classes.get(usize::from(thing.0)).is_some_and(|class| class.fine));
    let kinds = || told.kinds.iter().filter_map(|kind| Some(WORDS.kinds.get(usize::from(*kind))?.key));
    for (_, thing) in fine.take(THING_KEYS_MAX) {
        keys.extend(kinds().take(KIND_KEYS_MAX).map(|kind| mix(kind ^ mix(thing ^ WHAT_KEY))));
    }
    let fortnights = source.at.map_or([0, 0], |at| {
        let days = at.as_second().div_euclid(86_400);
        [days.div_euclid(14) * 2, (days + 7).div_euclid(14) * 2 + 1]
    });
    for kind in kinds().take(KIND_KEYS_MAX) {
        keys.extend(fortnights.map(|fortnight| mix(county ^ mix(kind ^ mix(fortnight.cast_unsigned() ^ KIND_KEY)))));
    }
    keys.dedup();
    keys
}

/// The finaliser of SplitMix64. Keys are stored: it never changes.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(title: &str, text: &str) -> Sketch {
        let fingerprint = Fingerprint::of(&format!("{title}\n{text}"));
        Sketch::new(&Source { title, text, fingerprint: &fingerprint, place: None, at: None })
    }

    #[test]
    fn names_lead_to_candidates_and_common_words_do_not() {
        let shared = |one: &Sketch, other: &Sketch| one.keys().iter().filter(|key| other.keys().contains(key)).count();
        let one = sketch("砚汀鹭苑的电梯", "电梯又坏了");
        let other = sketch("", "住在砚汀鹭苑，幼儿园什么时候开学？");
        let third = sketch("", "请问幼儿园什么时候开学？");
        assert!(shared(&one, &other) > 0);
        assert_eq!(shared(&one, &third), 0);
        assert!(sketch("", "？！").keys().is_empty());
    }

    #[test]
    fn divisions_by_name_say_where_and_not_what() {
        let one = sketch("信州区砚汀鹭苑电梯坏了", "上饶市信州区的电梯");
        let other = sketch("铅山县砚汀鹭苑电梯坏了", "铅山县的电梯");
        assert_eq!(one.title_rare, other.title_rare);
        assert!(one.keys().iter().any(|key| other.keys().contains(key)));
        let (one, other) = (sketch("我在吉水县葛源镇", ""), sketch("吉水县有公交吗", ""));
        assert!(!one.keys().iter().any(|key| other.keys().contains(key)), "living in one county ties nothing together");
        assert!(bare(&"西湖公园".chars().collect::<Vec<_>>()).starts_with(&['西']), "the name of a park is one");
    }

    #[test]
    fn divisions_by_letter_say_where_and_not_what() {
        let one = sketch("A7县砚汀鹭苑电梯坏了", "");
        let other = sketch("B2区砚汀鹭苑电梯坏了", "");
        assert_eq!(one.pairs, other.pairs);
        assert_eq!(one.counties, BTreeSet::from(["A7".to_owned()]));
        assert_eq!(other.cities, BTreeSet::from(['B']));
        assert_eq!(sketch("电梯坏了", "我在A市A3区").counties, BTreeSet::from(["A3".to_owned()]));
    }

    #[test]
    fn stored_keys_never_change() {
        let keys = sketch("砚汀鹭苑", "").keys().to_vec();
        assert!(keys.contains(&STORED_KEY), "stored keys would no longer match");
    }

    const STORED_KEY: u64 = 17_362_321_650_890_014_709;
}
