//! Names of estates, streets, schools, firms, lines and places given by letters in a text, found by how they end.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use huiyin_catalogue::gazetteer;

use super::background::{bigram, is_rare, weight};
use super::words::list;
use crate::lexicon::Lexicon;

/// Characters of a name kept before its ending. Two tell names apart and survive what stands before them: 投诉望汀花园.
const KEPT_CHARS: usize = 2;
/// An ending of one character makes a name only where it does not make a word with what stands before it: 道路, 政府,
/// 工厂. A word has less than this weight.
const WORD_WEIGHT_MAX: f32 = 4.0;
/// With any other ending a word before it names nothing: 物业公司, 安置小区. It has less than this weight.
const GENERIC_WEIGHT_MAX: f32 = 4.5;
/// Groups of a village are counted: 三组, not 学校组织.
const COUNTED: &str = "组";
/// Chinese digits, in order.
pub(super) const NUMERALS: &str = "一二三四五六七八九十";

/// How names of localities end.
static ENDING_INDEX: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(list("names.endings").iter().map(|ending| (ending.clone(), ()))));
/// Characters before an ending that make it a common noun: 我们小区, 这条路.
static COMMON: LazyLock<String> = LazyLock::new(|| list("names.common").concat());
/// Before an ending these are part of a name however common the pair: 滨江东路.
static SIDES: LazyLock<String> = LazyLock::new(|| list("names.sides").concat());

/// Divisions of the country down to the county by every name, whether it is the official one, and the code.
static DIVISIONS: LazyLock<Lexicon<(bool, &'static str)>> = LazyLock::new(|| {
    let names = |division: &'static gazetteer::Division| {
        division.names().map(move |name| (name.to_owned(), (name == division.name, division.code)))
    };
    Lexicon::new(gazetteer::divisions().iter().flat_map(names))
});

/// Where divisions of the country stand in a text with ASCII letters in lower case, as bytes. Not where a short name begins
/// that of a locality: 西湖公园 lies anywhere.
pub(super) fn country(lower: &str) -> impl Iterator<Item = (usize, usize)> {
    country_codes(lower, 0).map(|(start, end, _)| (start, end))
}

/// The same with the codes of those that bear the name. Nor, with `sides` of 1, where a side stands between:
/// 中山南路.
pub(super) fn country_codes(
    lower: &str,
    sides: usize,
) -> impl Iterator<Item = (usize, usize, impl Iterator<Item = &'static str>)> {
    let begins = |rest: &str| list("names.endings").iter().any(|ending| rest.starts_with(ending.as_str()));
    let divisions = DIVISIONS.find(lower).filter(move |found| {
        let rest = lower.get(found.end..).unwrap_or_default();
        let past_side = rest.strip_prefix(|side| sides > 0 && SIDES.contains(side)).unwrap_or(rest);
        found.values.iter().any(|(official, _)| *official) || !(begins(rest) || begins(past_side))
    });
    divisions.map(|found| (found.start, found.end, found.values.iter().map(|(_, code)| *code)))
}

/// Names in a text, with ASCII letters in lower case. None begins within the one before, 望汀花园路灯 names no 花园路; but a
/// group is its village's.
pub(super) fn names(lower: &str) -> impl Iterator<Item = String> {
    names_with(lower, &ENDING_INDEX, GENERIC_WEIGHT_MAX).map(|(name, _, _)| name)
}

/// The same by other endings, with the values of each and the byte after it. `told_from` is the weight from which a word before an ending names
/// something.
pub(super) fn names_with<'a, V>(
    lower: &'a str,
    endings: &'a Lexicon<V>,
    told_from: f32,
) -> impl Iterator<Item = (String, &'a [V], usize)> + 'a {
    let mut named_to = 0;
    endings.find(lower).filter_map(move |found| {
        let ending = lower.get(found.start..found.end)?;
        let before = lower.get(if ending == COUNTED { 0 } else { named_to }..found.start)?;
        let mut kept: Vec<char> = before.chars().rev().take(KEPT_CHARS).collect();
        kept.reverse();
        let is_name = kept.len() == KEPT_CHARS
            && kept.iter().all(|kept| kept.is_alphanumeric() && !COMMON.contains(*kept))
            && ends_a_name(&kept, ending, told_from);
        is_name.then(|| {
            named_to = found.end;
            (kept.into_iter().chain(ending.chars()).collect(), found.values, found.end)
        })
    })
}

fn ends_a_name(kept: &[char], ending: &str, told_from: f32) -> bool {
    let &[first, last] = kept else { return false };
    let mut characters = ending.chars();
    match (characters.next(), characters.next()) {
        (Some(_), None) if ending == COUNTED => last.is_ascii_digit() || NUMERALS.contains(last),
        (Some(single), None) => SIDES.contains(last) || weight(bigram(last, single)) >= WORD_WEIGHT_MAX,
        _ => {
            list("names.told_by_common_words").iter().any(|one| one == ending)
                || weight(bigram(first, last)) >= told_from
        }
    }
}

/// Places, blocks and sections named by letter and number in a text: A区, B2栋; with the letter alone as what they lie in.
pub(super) fn lettered(text: &str) -> BTreeSet<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = BTreeSet::new();
    for place in letters(&characters, &['市', '县', '区', '栋', '座', '幢']) {
        found.insert(place.letter.to_string());
        found.insert(place.name());
    }
    found
}

/// Divisions that data protection replaced by letters (A市, A7县), without those that are part of a name (五矿K9县).
pub(super) fn divisions(characters: &[char]) -> impl Iterator<Item = Lettered> {
    letters(characters, &['市', '县', '区']).into_iter().filter(|place| {
        let before = |back: usize| place.start.checked_sub(back).and_then(|at| characters.get(at)).copied();
        match (before(2), before(1)) {
            (Some(one), Some(other)) if one.is_alphanumeric() && other.is_alphanumeric() => {
                matches!(other, '省' | '市') || !is_rare(bigram(one, other))
            }
            _ => true,
        }
    })
}

/// A place named by letter and number.
pub(super) struct Lettered {
    pub(super) start: usize,
    /// Index after the kind (市, 县 …).
    pub(super) end: usize,
    pub(super) letter: char,
    pub(super) digits: String,
}

impl Lettered {
    pub(super) fn name(&self) -> String {
        format!("{}{}", self.letter, self.digits)
    }
}

/// Everything that looks like a place named by letter and number.
pub(super) fn letters(characters: &[char], kinds: &[char]) -> Vec<Lettered> {
    let mut found = Vec::new();
    for (start, letter) in characters.iter().enumerate() {
        let begins = letter.is_ascii_uppercase()
            && !start.checked_sub(1).and_then(|before| characters.get(before)).is_some_and(char::is_ascii_alphanumeric);
        if !begins {
            continue;
        }
        let digits: String = characters.iter().skip(start + 1).take_while(|digit| digit.is_ascii_digit()).collect();
        let end = start + 1 + digits.len();
        if digits.len() <= 3 && characters.get(end).is_some_and(|kind| kinds.contains(kind)) {
            found.push(Lettered { start, end: end + 1, letter: *letter, digits });
        }
    }
    found
}

/// Numbers of lines: 1号线, 十二号线, 2#线.
pub(super) fn lines(text: &str) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices('线') {
        let Some(before) = text.get(..at) else { continue };
        let stem = before.strip_suffix("号").unwrap_or(before);
        let stem = stem.strip_suffix('#').unwrap_or(stem);
        let mut number: Vec<char> = stem.chars().rev().take_while(|one| one.is_ascii_digit()).take(3).collect();
        if number.is_empty() && stem.len() < before.len() {
            number = stem.chars().rev().take_while(|one| NUMERALS.contains(*one)).take(3).collect();
        }
        number.reverse();
        if !number.is_empty() {
            found.insert(value(&number));
        }
    }
    found
}

/// The value of a number below 1000 in ASCII or, below 100, in Chinese.
pub(super) fn value(number: &[char]) -> u32 {
    number.iter().fold(0, |value, digit| match digit.to_digit(10) {
        Some(digit) => value * 10 + digit,
        None if *digit == '十' => value.max(1) * 10,
        None => value + (1..).zip(NUMERALS.chars()).find_map(|(n, one)| (one == *digit).then_some(n)).unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_letters() {
        for (text, expected, lettered_expected) in [
            ("投诉望汀花园物业", vec!["望汀花园"], vec![]),
            ("我们小区门口这条路坏了", vec![], vec![]),
            ("望汀花园路灯不亮", vec!["望汀花园"], vec![]),
            ("求政府修好道路", vec![], vec![]),
            ("物业公司和搅拌站", vec![], vec![]),
            ("砚岭经济学院", vec!["经济学院"], vec![]),
            ("学校组织外出，望汀村三组", vec!["望汀村", "村三组"], vec![]),
            ("滨江东路与青麓路交叉口", vec!["江东路", "青麓路"], vec![]),
            ("A7县某镇，B座电梯", vec![], vec!["A", "A7", "B"]),
            ("KTV区域", vec![], vec![]),
            ("", vec![], vec![]),
        ] {
            assert_eq!(names(text).collect::<Vec<_>>(), expected, "{text}");
            assert_eq!(lettered(text).into_iter().collect::<Vec<_>>(), lettered_expected, "{text}");
        }
    }

    #[test]
    fn a_letter_within_a_name_is_no_division() {
        for (text, expected) in [
            ("投诉A3区某店", vec!["A3"]),
            ("A市A7县的路", vec!["A", "A7"]),
            ("砚汀鹭境K9县的房子", vec![]),
            ("砚汀鹭境K9县，在A市B2区", vec!["A", "B2"]),
        ] {
            let characters: Vec<char> = text.chars().collect();
            assert_eq!(divisions(&characters).map(|one| one.name()).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn numbers_of_lines() {
        for (text, expected) in [
            ("地铁1号线和十二号线", vec![1, 12]),
            ("2#线南延", vec![2]),
            ("二十号线", vec![20]),
            ("110kv高压线，一线", vec![]),
        ] {
            assert_eq!(lines(text).into_iter().collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
