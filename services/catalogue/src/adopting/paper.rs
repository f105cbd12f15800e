//! The head of a document: for which place it speaks, under which key it is kept, what it replaces.

use huiyin_domain::PlaceCode;

use crate::adopting::bodies::{FORERUNNERS, named_place};
use crate::adopting::body::plain;
use crate::adopting::sheet::Sheet;
use crate::catalogue::Catalogue;

/// Who speaks for the whole country.
const NATIONAL: [&str; 10] =
    ["国务院", "中共中央", "中央", "全国", "国家", "教育部", "公安部", "民政部", "财政部", "中华人民共和国"];

/// Stands for the issuer of a document that names none.
pub(crate) const UNWRITTEN: &str = "（未写明）";

/// For which place a document speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// This place.
    Place(PlaceCode),
    /// The whole country.
    National,
    /// A place outside the catalogue, by its name.
    Elsewhere(String),
    /// Nothing in its head tells.
    Untold,
}

/// Reads issuer, then title.
pub(crate) fn scope(catalogue: &Catalogue, issuer: Option<&str>, title: Option<&str>) -> Scope {
    for text in [issuer, title].into_iter().flatten() {
        let text = plain(text);
        let text = without_front(&text);
        let inner = FORERUNNERS.iter().find_map(|front| text.strip_prefix(front));
        // The local branch of a national body speaks for its place: 国家税务总局青桐市税务局.
        if let Some(scope) = inner.and_then(|inner| named_scope(catalogue, inner)) {
            return scope;
        }
        if NATIONAL.iter().any(|national| inner.unwrap_or(text).starts_with(national) || text.starts_with(national)) {
            return Scope::National;
        }
        if let Some(scope) = named_scope(catalogue, text) {
            return scope;
        }
    }
    Scope::Untold
}

/// The place whose name the text begins with: one of the catalogue, one known to lie elsewhere, or one by its shape.
fn named_scope(catalogue: &Catalogue, text: &str) -> Option<Scope> {
    let found = named_place(catalogue, text, Some(&catalogue.region().code));
    if let Some((place, _)) = found.or_else(|| named_place(catalogue, text, None)) {
        return Some(Scope::Place(place.code.clone()));
    }
    let foreign = catalogue.elsewhere().iter().filter(|other| text.starts_with(&other.name));
    let foreign = foreign.max_by_key(|other| other.name.len()).map(|other| other.name.clone());
    foreign.or_else(|| unknown_place(text)).map(Scope::Elsewhere)
}

/// Without what a title may begin with before its place: 关于印发《, and its year or years (2031年度, 2031-2033年).
/// Whole words only: 于, 关 and 印 also begin names of places.
fn without_front(text: &str) -> &str {
    let mut text = text;
    while let Some(rest) =
        ["关于印发", "《"].iter().find_map(|word| text.strip_prefix(word)).or_else(|| after_year(text))
    {
        text = rest;
    }
    text
}

/// What follows a year that the text begins with.
fn after_year(text: &str) -> Option<&str> {
    let digit = |character: char| character.is_ascii_digit();
    let rest = text.trim_start_matches(|character| digit(character) || "-~—至".contains(character));
    let rest = rest.strip_prefix('年').filter(|_| text.starts_with(digit))?;
    Some(rest.strip_prefix('度').filter(|rest| !rest.starts_with('假')).unwrap_or(rest))
}

/// The place that an issuer's name begins with, by the word for its kind, when no table has it: 云溪市 in 云溪市人民政府.
fn unknown_place(text: &str) -> Option<String> {
    const CHARS_MAX: usize = 8;
    let rest = ["人民政府", "委", "税务局"].iter().find_map(|word| text.split_once(word)).map(|(place, _)| place)?;
    let characters = rest.chars().count();
    ((2..=CHARS_MAX).contains(&characters) && rest.ends_with(['省', '市', '县', '区', '州', '盟', '旗']))
        .then(|| rest.to_owned())
}

/// The row of a document that was taken in before: by its number, else by title and issuer.
pub(crate) fn known(sheet: &Sheet, number: Option<&str>, title: &str, issuer: &str) -> Option<usize> {
    let same = |one: &str, other: &str| !one.is_empty() && plain(one) == plain(other);
    sheet.rows().find(|row| match number {
        Some(number) if !sheet.get(*row, "doc_number").is_empty() => same(sheet.get(*row, "doc_number"), number),
        _ => same(sheet.get(*row, "title"), title) && same(sheet.get(*row, "issuer"), issuer),
    })
}

/// A key that is short, says what it is, and is not in use: the number's characters, else the title's first.
pub(crate) fn key(sheet: &Sheet, number: Option<&str>, title: &str) -> String {
    const CHARS_MAX: usize = 24;
    let mut base = String::new();
    for character in plain(number.unwrap_or(title)).trim_end_matches('号').chars() {
        match character {
            '(' | ')' | '[' | ']' if !base.ends_with('-') => base.push('-'),
            letter if letter.is_alphanumeric() => base.push(letter),
            _ => {}
        }
    }
    let base: String = base.trim_matches('-').chars().take(CHARS_MAX).collect();
    let base = if base.is_empty() { "document".to_owned() } else { base };
    let numbered = (2..).map(|number: usize| format!("{base}-{number}"));
    std::iter::once(base.clone())
        .chain(numbered)
        .find(|key| sheet.find("key", key).is_none())
        .expect("the numbers go on for longer than any table")
}

/// What a yearly paper's title has in common with those of other years: it without its years.
pub(crate) fn series(title: &str) -> Option<String> {
    let title = plain(title);
    let rest: String = title.chars().filter(|character| !character.is_ascii_digit()).collect();
    (rest.len() != title.len() && title.contains('年')).then(|| rest.replace('年', ""))
}

/// Whether two papers for one place come from one issuer, which may write its place or leave it out (临江市教育局, 市教育局,
/// 教育局) and tells of the party or not (中共临江市委办公室).
pub(crate) fn same_issuer(one: &str, other: &str) -> bool {
    const CHARS_MIN: usize = 3;
    if [one, other].contains(&UNWRITTEN) {
        return false;
    }
    let (one, other) = (plain(one), plain(other));
    let (long, short) = if one.len() < other.len() { (other, one) } else { (one, other) };
    long == short || short.chars().count() >= CHARS_MIN && long.ends_with(&short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_free() {
        let mut sheet = Sheet::with_header(&["key"]);
        assert_eq!(key(&sheet, Some("云府办字〔2031〕36号"), "甲"), "云府办字-2031-36");
        assert_eq!(key(&sheet, None, "2031年甲区工作分解表"), "2031年甲区工作分解表");
        sheet.push(&[("key", "云府办字-2031-36".to_owned())]);
        assert_eq!(key(&sheet, Some("云府办字〔2031〕36号"), "甲"), "云府办字-2031-36-2");
    }

    #[test]
    fn only_whole_words_and_years_stand_before_the_place() {
        for (text, expected) in [
            ("于山县人民政府", "于山县人民政府"),
            ("关溪县公开要点", "关溪县公开要点"),
            ("2031年度关溪县公开要点", "关溪县公开要点"),
            ("2031-2033年印湖县公开要点", "印湖县公开要点"),
            ("关于印发《2031年印湖县公开要点》的通知", "印湖县公开要点》的通知"),
            ("2031年度假区公开要点", "度假区公开要点"),
            ("12项公开要点", "12项公开要点"),
        ] {
            assert_eq!(without_front(text), expected, "{text}");
        }
    }

    #[test]
    fn places_that_no_table_has() {
        for (text, expected) in [
            ("云溪市人民政府办公室", Some("云溪市")),
            ("云溪市委办公室", Some("云溪市")),
            ("市场监督管理局", None),
            ("政务公开要点", None),
        ] {
            assert_eq!(unknown_place(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn issuers_are_the_same_or_not() {
        for (one, other, same) in [
            ("临江市教育局", "市教育局", true),
            ("临江市委办公室", "中共临江市委办公室", true),
            ("市教育局", "市卫健委", false),
            ("临江市人民政府", "临江市教育局", false),
            (UNWRITTEN, UNWRITTEN, false),
        ] {
            assert_eq!((same_issuer(one, other), same_issuer(other, one)), (same, same), "{one} {other}");
        }
    }

    #[test]
    fn papers_of_a_series() {
        assert_eq!(series("2023年甲市政务公开工作要点"), series("2024年甲市政务公开工作要点"));
        assert_eq!(series("物业管理条例"), None);
    }
}
