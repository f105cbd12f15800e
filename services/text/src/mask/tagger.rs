//! Where names of private persons stand: a linear tagger over what they are made of and what stands around them.
//!
//! A candidate is a surname with one or two characters, a surname with a title (万先生), 小 or 老 with a surname, or two
//! characters after a word for kin. Its features are numbers mixed from its characters, its neighbours and the lists of
//! `data/names.txt`; a table of as many steps as a number can point to says what each adds. The table is learned by
//! `examples/names.rs` from invented cases, in which every name is replaced by many others, and from posts without names.

use std::sync::LazyLock;

pub use super::features::{WORD_BITS, word_bit};
use super::features::{around, chain, is_word, made_of};
use super::letters::class::{COMPOUND, HAN, LINK, SURNAME};
use super::letters::{AHEAD, Letters};
use super::near::{GIVEN_BEHIND, KIN, LISTS, Near, number_of};
use super::surnames::is_compound;

/// Places of the table.
pub const SIZE: usize = 1 << 18;
/// The table; the least sum by which the characters of a name may be one, and the least of all, as little-endian numbers of
/// two bytes.
static TABLE: &[u8] = include_bytes!("../../data/names.bin");

/// What a candidate is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// Surname and given name.
    Full,
    /// Surname and title.
    Titled,
    /// 小, 老 or 阿 with a surname.
    Familiar,
    /// A given name after a word for kin.
    Given,
}

/// A name, perhaps.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// First letter.
    pub(super) from: usize,
    /// Letter after the last.
    pub(super) to: usize,
    pub(super) make: Make,
    /// Letters of the surname.
    pub(super) surname: usize,
}

impl Candidate {
    /// What it is made of and how long it is, as one number.
    pub(super) fn kind(&self) -> u32 {
        (self.make as u32) * 8 + (self.to - self.from) as u32
    }
}

/// What stands before a candidate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Before {
    /// Number of the list in [`BEFORE`], from 1; 0 for none.
    pub(super) list: u32,
    /// Whether a mark or 是 stands between.
    pub(super) apart: u32,
    /// A name stands before it, and a mark between them or nothing.
    pub(super) chain: u32,
}

/// What was learned.
struct Learned {
    made_min: i32,
    name_min: i32,
}

static LEARNED: LazyLock<Learned> = LazyLock::new(|| {
    let number = |at: usize| {
        let at = SIZE + at;
        let bytes = TABLE.get(at..at + 2).and_then(|bytes| bytes.first_chunk::<2>());
        bytes.map_or(i32::from(i16::MAX), |bytes| i32::from(i16::from_le_bytes(*bytes)))
    };
    Learned { made_min: number(0), name_min: number(2) }
});

/// What a feature adds.
fn step(feature: u32) -> i32 {
    TABLE.get(feature as usize).map_or(0, |byte| i32::from(*byte as i8))
}

/// First byte of each name, and the byte after its last, in order; numbers are masked already.
pub(super) fn names(letters: &Letters, near: &Near) -> Vec<(usize, usize)> {
    let found = tag(letters, near);
    found.into_iter().map(|(from, to)| (letters.byte(from), letters.byte(to))).collect()
}

/// First letter of each name, and the letter after its last.
fn tag(letters: &Letters, near: &Near) -> Vec<(usize, usize)> {
    let Learned { made_min, name_min } = *LEARNED;
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut pending: Option<(i32, Candidate)> = None;
    let mut known = 0;
    for place in 0..letters.len() {
        known = known.max(place + near.known(letters.byte(place)));
        if let Some((_, one)) = pending
            && place >= one.to
        {
            found.push(whole(letters, near, &one));
            pending = None;
        }
        if place < known || !letters.is(place, HAN) {
            continue;
        }
        let last = pending.map(|(_, one)| one.to).or(found.last().map(|(_, to)| *to));
        let mut before = None;
        let codes = letters.window(place);
        candidates(letters, near, place, |one| {
            let mut sum = 0;
            made_of(codes, &one, |feature| sum += step(feature));
            if sum < made_min {
                return;
            }
            let before = before.get_or_insert_with(|| before_place(letters, near, place, last));
            around(letters, near, codes, &one, before, |feature| sum += step(feature));
            if sum >= name_min && pending.is_none_or(|(best, _)| sum > best) {
                pending = Some((sum, one));
            }
        });
    }
    found.extend(pending.map(|(_, one)| whole(letters, near, &one)));
    found
}

/// A name with the title behind it.
fn whole(letters: &Letters, near: &Near, one: &Candidate) -> (usize, usize) {
    let title = if one.make == Make::Titled { 0 } else { near.title(letters.byte(one.to)) };
    (one.from, one.to + title)
}

/// What may be a name from a place on.
fn candidates(letters: &Letters, near: &Near, place: usize, mut take: impl FnMut(Candidate)) {
    let Some(first) = letters.at(place).map(|letter| letter.character).filter(|_| letters.is(place, HAN)) else {
        return;
    };
    // 联系人和联系地址: what joins two words begins no name.
    if matches!(first, '和' | '与' | '及') && near.ends(letters.byte(place)) != 0 {
        return;
    }
    let familiar =
        matches!(first, '小' | '阿') && letters.is(place + 1, HAN) || first == '老' && letters.is(place + 1, SURNAME);
    let surname = letters.is(place, SURNAME);
    let compound =
        letters.is(place, COMPOUND) && letters.at(place + 1).is_some_and(|second| is_compound(first, second.character));
    let one = |to, make, surname| Candidate { from: place, to, make, surname };
    if surname || compound {
        let han = (0..4).take_while(|more| letters.is(place + more, HAN)).count();
        for (surname, is_one) in [(1, surname), (2, compound)] {
            if !is_one {
                continue;
            }
            for given in 1..=2 {
                if surname + given <= han {
                    take(one(place + surname + given, Make::Full, surname));
                }
            }
            let title = near.title(letters.byte(place + surname));
            if title > 0 {
                take(one(place + surname + title, Make::Titled, surname));
            }
        }
    }
    if familiar {
        take(one(place + 2, Make::Familiar, 1));
    }
    let announced = || announced(letters, near, place).0;
    if letters.is(place + 1, HAN) && announced() & GIVEN_BEHIND != 0 {
        // 当事人双方: behind what is no kin, a word is taken for what it says.
        let [.., one, two] = letters.window(place).first_chunk::<{ AHEAD + 2 }>().copied().unwrap_or_default();
        if announced() & KIN != 0 || !is_word(one, two) {
            take(Candidate { from: place, to: place + 2, make: Make::Given, surname: 0 });
        }
    }
}

/// Characters between a word and the name that it announces at most.
const LINKS_MAX: usize = 8;

/// Bits of [`BEFORE`] for the words that end before a place, and 1 where something stands between.
fn announced(letters: &Letters, near: &Near, place: usize) -> (u8, u32) {
    let bits = near.ends(letters.byte(place));
    if bits != 0 || !place.checked_sub(1).is_some_and(|before| letters.is(before, LINK)) {
        return (bits, 0);
    }
    let start = (0..place).rev().take(LINKS_MAX).take_while(|at| letters.is(*at, LINK)).last();
    let bits = start.map_or(0, |start| near.ends(letters.byte(start)));
    (bits, u32::from(bits != 0))
}

/// `last` is the letter after the last name.
fn before_place(letters: &Letters, near: &Near, place: usize, last: Option<usize>) -> Before {
    let (bits, apart) = announced(letters, near, place);
    Before { list: number_of(bits), apart, chain: chain(letters, place, last) }
}

/// A candidate as it is learned from.
pub struct Example {
    /// First byte, and the byte after the last.
    pub span: (usize, usize),
    /// What it is made of.
    pub make: Make,
    /// Bytes of the surname.
    pub surname: usize,
    /// Of its characters, then of what stands around.
    pub features: (Vec<u32>, Vec<u32>),
}

/// All candidates of a text in which the spans of `names` are names, in order.
pub fn examples(text: &str, names: &[(usize, usize)]) -> Vec<Example> {
    let letters = Letters::of(text);
    let near = Near::of(text, &letters);
    let mut all = Vec::new();
    for place in 0..letters.len() {
        let last = names.iter().map(|(_, end)| *end).filter(|end| *end <= letters.byte(place)).max();
        let last = last.and_then(|end| (0..=place).find(|at| letters.byte(*at) == end));
        let before = before_place(&letters, &near, place, last);
        let codes = letters.window(place);
        candidates(&letters, &near, place, |one| {
            let (mut made, mut around_it) = (Vec::new(), Vec::new());
            made_of(codes, &one, |feature| made.push(feature));
            around(&letters, &near, codes, &one, &before, |feature| around_it.push(feature));
            all.push(Example {
                span: (letters.byte(one.from), letters.byte(one.to)),
                make: one.make,
                surname: letters.byte(one.from + one.surname) - letters.byte(one.from),
                features: (made, around_it),
            });
        });
    }
    all
}

/// What makes the characters before it no person.
pub fn things() -> &'static [String] {
    LISTS.get("things")
}

/// The longest title that a text begins with.
pub fn title(text: &str) -> Option<&'static str> {
    LISTS
        .get("titles")
        .iter()
        .map(String::as_str)
        .filter(|title| text.starts_with(title))
        .max_by_key(|title| title.len())
}

/// A text as the tagger reads it: normalised, its numbers masked.
pub fn without_numbers(raw: &str) -> String {
    let text = crate::normalise(raw);
    super::numbers_masked(&text, &Letters::of(&text)).unwrap_or(text)
}

/// Whether the dictionary knows a word that is no name.
pub fn is_ordinary(word: &str) -> bool {
    crate::segment::is_listed(word)
}
