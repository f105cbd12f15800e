//! Numbers in spellings that a scan of digits does not read: parted by points, slashes, commas or brackets, with letters for
//! digits, with the prefix of another country, told in parts.

use std::sync::LazyLock;

use regex::Regex;

use super::edits::Edits;
use super::letters::{Letters, Signs};
use super::numbers::{is_mobile, is_resident_id};
use super::{CARD, ID, PHONE};
use crate::segment::is_han;

static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<id> [(\[]? [1-6][0-9]{5} [)\]]? [./,·(\[]{1,2} (?:19|20)[0-9]{6} [)\]]? [./,·(\[]{1,2} [0-9]{3}[0-9Xx] [)\]]? )
        | (?P<card> [0-9O]{4} (?: [./,·] [0-9O]{4} ){3} (?: [./,·]? [0-9]{1,4} )? | [0-9]{4,12}O[0-9O]{5,14} )
        | (?P<phone>
            [(\[]? 1[3-9][0-9] [)\]]? (?: [./,·•*] [(\[]? | \[ ) [0-9]{4} [)\]]? (?: [./,·•*] [(\[]? | \[ ) [0-9]{4} [)\]]?
            | 1 [./·,] [3-9] (?: [./·,] [0-9] ){9}
            | \+ \s? [0-9]{1,3} [\s\-]{0,2} (?: \(0\) \s? )? [0-9] (?: [\s\-]? [0-9] ){6,11}
            | (?: 852 | 853 | 886 ) [\s\-] [0-9] (?: [\s\-]? [0-9] ){6,8}
            | \(? 0[0-9]{2,3} \)? \s? [./] (?: [0-9]{7,8} | [0-9]{3,4} [./\-\s] [0-9]{4} )
            | \( 0[0-9]{2,3} \) (?: [\s\-]* [0-9] ){7,8} )
        | (?P<alike> [1lI][3-9][0-9OolI][\s\-]?[0-9OolI]{4}[\s\-]?[0-9OolI]{4} | [O0][0-9OolI]{2,3}-[0-9OolI]{7,8} )",
    )
    .expect("the pattern of spelled numbers is valid")
});

/// Groups of digits that may be a part of a number.
static PART: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[0-9]{3,8}[Xx]?").expect("the pattern of parts is valid"));
/// What stands before a part of a number told in parts.
const PARTS: [&str; 12] = ["前", "头", "中间", "接着", "然后", "后", "末", "尾", "分段", "分开", "几段", "四段"];
/// How far apart the parts stand, in bytes: twelve characters.
const PART_GAP: usize = 36;
/// Parts of one number at most.
const PARTS_MAX: usize = 5;
const DIGITS_MIN: usize = 6;

/// Whether a mark or a letter stands beside a digit, which every spelling but one told in parts has, or there are parts.
pub(super) fn may_hold(_: &Letters, signs: &Signs) -> bool {
    signs.digits >= DIGITS_MIN && (signs.marked || signs.parted)
}

/// Replaces numbers in such spellings; `None` when there is none.
pub(super) fn mask_spelled(text: &str) -> Option<String> {
    let mut spans: Vec<(usize, usize, &str)> = Vec::new();
    for found in SPELLED.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let token = match () {
            () if found.name("id").is_some() => ID,
            () if found.name("card").is_some() => CARD,
            () => PHONE,
        };
        let alike = found.name("alike").is_some();
        let letters = whole.as_str().bytes().filter(u8::is_ascii_alphabetic).count();
        let digits = whole.as_str().bytes().filter(u8::is_ascii_digit).count();
        let before = text.get(..whole.start()).and_then(|before| before.chars().next_back());
        let after = text.get(whole.end()..).and_then(|after| after.chars().next());
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        // The end of a longer number in groups is no number of its own.
        let goes_on = token == PHONE
            && text
                .get(..whole.start())
                .is_some_and(|before| before.trim_end_matches([' ', '-']).ends_with(|c: char| c.is_ascii_digit()));
        let counted = after.is_some_and(|c| matches!(c, '元' | '万' | '亿' | '%'));
        if joins(before) || joins(after) || goes_on || counted || (alike && (letters == 0 || digits < DIGITS_MIN)) {
            continue;
        }
        spans.push((whole.start(), whole.end(), token));
    }
    if PARTS.iter().any(|word| text.contains(word)) {
        in_parts(text, &mut spans);
    }
    spans.sort_unstable();
    let mut edits = Edits::new(text);
    for (start, end, token) in spans {
        edits.replace(start, end, token);
    }
    edits.finish()
}

/// Numbers told in parts: 前六位360102,出生19850312,后四位4517.
fn in_parts(text: &str, spans: &mut Vec<(usize, usize, &'static str)>) {
    let groups: Vec<(usize, usize)> = PART.find_iter(text).map(|found| (found.start(), found.end())).collect();
    let mut at = 0;
    while let Some(rest) = groups.get(at..).filter(|rest| rest.len() > 1) {
        let found = (2..=PARTS_MAX.min(rest.len())).rev().find_map(|count| {
            let parts = rest.get(..count)?;
            Some((count, of_parts(text, parts)?))
        });
        match found {
            Some((count, token)) => {
                spans.extend(rest.iter().take(count).map(|(start, end)| (*start, *end, token)));
                at += count;
            }
            None => at += 1,
        }
    }
}

/// The token of a number that these groups make up together, if words say that they do.
fn of_parts(text: &str, parts: &[(usize, usize)]) -> Option<&'static str> {
    let gaps = parts.windows(2).map(|pair| match pair {
        [(_, end), (start, _)] => text.get(*end..*start).unwrap_or(""),
        _ => "",
    });
    let before = parts.first().and_then(|(start, _)| text.get(..*start)).unwrap_or("");
    let lead: String = before.chars().rev().take_while(|c| is_han(*c) || *c == ':').take(6).collect();
    let lead: String = lead.chars().rev().collect();
    let said = |gap: &str| PARTS.iter().any(|word| gap.contains(word));
    let near = gaps.clone().all(|gap| gap.len() <= PART_GAP && !gap.contains(['\n', '元', '.']));
    if !near || !(said(&lead) || gaps.clone().any(said)) {
        return None;
    }
    let digits: Vec<u8> =
        parts.iter().flat_map(|(start, end)| text.as_bytes().get(*start..*end).unwrap_or(&[])).copied().collect();
    match digits.len() {
        11 if is_mobile(&digits) => Some(PHONE),
        18 if is_resident_id(&digits) => Some(ID),
        16..=19 if matches!(digits.first(), Some(b'6' | b'4' | b'5' | b'3' | b'9')) => Some(CARD),
        _ => None,
    }
}
