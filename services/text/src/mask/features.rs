//! Features by which candidates for names are judged: numbers mixed from their characters, their neighbours and the lists.

use std::sync::LazyLock;

use super::letters::class::{SURNAME, TOKEN};
use super::letters::{AHEAD, EDGE, Letters, WINDOW, token_code};
use super::near::{Near, OFFICE, THING, number_of};
use super::tagger::{Before, Candidate, SIZE};
use super::{NAME, PHONE};

/// Bits for words of two characters.
pub const WORD_BITS: usize = 1 << 20;
/// Words of two characters of the dictionary that are no names, as [`word_bit`] says: a look into the dictionary itself takes
/// twenty times as long.
static WORDS: &[u8] = include_bytes!("../../data/words.bin");
static NAME_CODE: LazyLock<u32> = LazyLock::new(|| token_code(NAME));
static PHONE_CODE: LazyLock<u32> = LazyLock::new(|| token_code(PHONE));
/// How far a masked number is looked for, in letters.
const PHONE_REACH: usize = 8;

/// 1 where a name and a mark stand before, 2 where a name does.
pub(super) fn chain(letters: &Letters, place: usize, last: Option<usize>) -> u32 {
    let parted =
        |code: u32| matches!(char::from_u32(code), Some('、' | ',' | ' ' | '\n' | ';' | '/' | '和' | '与' | '及'));
    let ends = |at: Option<usize>| at.is_some_and(|at| last == Some(at + 1)) || letters.code(at) == *NAME_CODE;
    if ends(place.checked_sub(1)) {
        2
    } else if parted(letters.code(place.checked_sub(1))) && ends(place.checked_sub(2)) {
        1
    } else {
        0
    }
}

/// Features of the characters of a candidate.
pub(super) fn made_of(codes: &[u32; WINDOW], one: &Candidate, mut take: impl FnMut(u32)) {
    let code = |at: usize| codes.get(AHEAD + at).copied().unwrap_or(EDGE);
    let kind = one.kind();
    let surname = one.surname as u32;
    let (first, middle, last) = (code(0), code(one.surname), code(one.to - one.from - 1));
    take(mix(0, [kind, surname, 0]));
    take(mix(1, [kind, first, 0]));
    take(mix(2, [kind, middle, 0]));
    take(mix(3, [kind, last, 0]));
    take(mix(4, [middle, last, 0]));
    take(mix(5, [first, middle, 0]));
    take(mix(6, [first, middle, last]));
}

/// Features of what stands around it.
pub(super) fn around(
    letters: &Letters,
    near: &Near,
    codes: &[u32; WINDOW],
    one: &Candidate,
    before: &Before,
    mut take: impl FnMut(u32),
) {
    let kind = one.kind();
    let length = one.to - one.from;
    let [l4, l3, l2, l1, first, ..] = *codes;
    let code = |at: usize| codes.get(AHEAD + at).copied().unwrap_or(EDGE);
    let (middle, last) = (code(one.surname), code(length - 1));
    let (r1, r2, r3) = (code(length), code(length + 1), code(length + 2));
    take(mix(10, [l1, 0, 0]));
    take(mix(11, [l1, l2, 0]));
    take(mix(12, [l1, l2, l3]));
    take(mix(13, [l2, l3, l4]));
    take(mix(14, [r1, 0, 0]));
    take(mix(15, [r1, r2, 0]));
    take(mix(16, [r1, r2, r3]));
    take(mix(17, [l1, r1, 0]));
    take(mix(18, [last, r1, 0]));
    take(mix(19, [last, r1, r2]));
    take(mix(20, [l1, first, 0]));
    take(mix(21, [l2, l1, first]));
    let Before { list, apart, chain } = *before;
    let behind = number_of(near.begins(letters.byte(one.to)));
    take(mix(22, [kind, list, apart]));
    take(mix(23, [list * 2 + apart, behind, 0]));
    take(mix(24, [kind, behind, 0]));
    take(mix(25, [chain, kind, 0]));
    take(mix(26, [chain, behind, 0]));
    take(mix(27, [phone_near(letters, one), kind, 0]));
    let ends = |code: u32| u32::from(!char::from_u32(code).is_some_and(crate::segment::is_han));
    take(mix(28, [ends(l1), ends(r1), kind]));
    take(mix(29, [list * 2 + apart, ends(r1), kind]));
    take(mix(30, [list * 2 + apart, r1, 0]));
    take(mix(31, [l1, behind, 0]));
    let joined = [(l1, first), (l2, l1), (first, middle), (middle, last), (last, r1), (r1, r2)];
    let words = joined.iter().fold(0, |bits, (one, two)| bits * 2 + u32::from(is_word(*one, *two)));
    take(mix(32, [words & 0b100_010, kind, 0]));
    take(mix(33, [words & 0b001_100, kind, 0]));
    take(mix(34, [words & 0b101_110, kind, 0]));
    take(mix(35, [words, kind, list * 2 + apart]));
    take(mix(36, [words & 0b000_011, kind, list * 2 + apart]));
    // 许盛和花园: what makes a place stands one character on, or two.
    let further = |more| u32::from(near.begins(letters.byte(one.to + more)) & THING != 0);
    take(mix(38, [further(1) * 2 + further(2), kind, u32::from(behind != 0)]));
    take(mix(39, [office_in_brackets(letters, near, one.to), kind, 0]));
    take(mix(37, [list_goes_on(letters, one.to), chain, kind]));
}

/// Whether a dictionary knows two characters as a word; now and then wrongly yes.
pub(super) fn is_word(one: u32, two: u32) -> bool {
    let bit = word_bit(one, two);
    WORDS.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1)
}

/// The bit for a word of two characters.
pub fn word_bit(one: u32, two: u32) -> usize {
    let mixed = (u64::from(one) << 32 | u64::from(two)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 44) as usize
}

/// Whether a mark and what may be another name stand behind: a list of names begins or goes on.
fn list_goes_on(letters: &Letters, place: usize) -> u32 {
    let mark = |at: usize| {
        letters.at(at).is_none_or(|letter| {
            matches!(
                letter.character,
                '、' | ',' | '/' | ';' | ' ' | '\n' | '。' | ')' | '和' | '与' | '及' | '等' | '〔'
            )
        })
    };
    let surname = letters.is(place + 1, SURNAME);
    u32::from(mark(place) && surname && (mark(place + 3) || mark(place + 4)))
}

/// How far a closing bracket is looked for, in letters.
const BRACKET_REACH: usize = 16;

/// 1 where a bracket opens and closes behind an office: (市水利局局长).
fn office_in_brackets(letters: &Letters, near: &Near, place: usize) -> u32 {
    let is = |at: usize, character| letters.at(at).is_some_and(|letter| letter.character == character);
    let close = is(place, '(').then(|| (place..place + BRACKET_REACH).find(|at| is(*at, ')'))).flatten();
    u32::from(close.is_some_and(|close| near.ends(letters.byte(close)) & OFFICE != 0))
}

/// 1 where a masked number follows, 2 where one stands before, nearby.
fn phone_near(letters: &Letters, one: &Candidate) -> u32 {
    if !letters.has(TOKEN) {
        return 0;
    }
    let is_phone = |at: usize| letters.code(Some(at)) == *PHONE_CODE;
    if (one.to..one.to + PHONE_REACH).any(is_phone) {
        1
    } else if (one.from.saturating_sub(PHONE_REACH)..one.from).any(is_phone) {
        2
    } else {
        0
    }
}

/// The place of a feature in the table: sums of products with odd constants, which a processor makes all at once.
fn mix(kind: u32, [one, two, three]: [u32; 3]) -> u32 {
    let sum = u64::from(kind)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(u64::from(one).wrapping_mul(0xD6E8_FEB8_6659_FD93))
        .wrapping_add(u64::from(two).wrapping_mul(0xA24B_AED4_963E_E407))
        .wrapping_add(u64::from(three).wrapping_mul(0xC2B2_AE3D_27D4_EB4F));
    ((sum ^ sum >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> (64 - SIZE.trailing_zeros())) as u32
}
