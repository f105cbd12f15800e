//! The head of a document: for which place it speaks, under which key it is kept, what it replaces.

use huiyin_domain::PlaceCode;

use crate::adopting::bodies::named_place;
use crate::adopting::body::plain;
use crate::adopting::sheet::Sheet;
use crate::catalogue::Catalogue;

/// Who speaks for the whole country.
const NATIONAL: [&str; 10] =
    ["国务院", "中共中央", "中央", "全国", "国家", "教育部", "公安部", "民政部", "财政部", "中华人民共和国"];

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
        let text = text.strip_prefix("中共").unwrap_or(&text);
        // A title may begin with its year: 2024年广丰区政务公开工作任务分解表.
        let text = text
            .trim_start_matches(|character: char| character.is_ascii_digit() || "年度关于印发《".contains(character));
        if NATIONAL.iter().any(|national| text.starts_with(national)) {
            return Scope::National;
        }
        let found = named_place(catalogue, text, Some(&catalogue.region().code));
        if let Some((place, _)) = found.or_else(|| named_place(catalogue, text, None)) {
            return Scope::Place(place.code.clone());
        }
        let foreign = catalogue.elsewhere().iter().filter(|other| text.starts_with(&other.name));
        if let Some(other) = foreign.max_by_key(|other| other.name.len()) {
            return Scope::Elsewhere(other.name.clone());
        }
        if let Some(name) = unknown_place(text) {
            return Scope::Elsewhere(name);
        }
    }
    Scope::Untold
}

/// The place that an issuer's name begins with, by the word for its kind, when no table has it: 云溪市 in 云溪市人民政府.
fn unknown_place(text: &str) -> Option<String> {
    const CHARS_MAX: usize = 8;
    let rest = text.split_once("人民政府").or_else(|| text.split_once('委')).map(|(place, _)| place)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_short_and_free() {
        let mut sheet = Sheet::with_header(&["key"]);
        assert_eq!(key(&sheet, Some("南府办字〔2024〕36号"), "甲"), "南府办字-2024-36");
        assert_eq!(key(&sheet, None, "2024年甲区工作分解表"), "2024年甲区工作分解表");
        sheet.push(&[("key", "南府办字-2024-36".to_owned())]);
        assert_eq!(key(&sheet, Some("南府办字〔2024〕36号"), "甲"), "南府办字-2024-36-2");
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
    fn papers_of_a_series() {
        assert_eq!(series("2023年甲市政务公开工作要点"), series("2024年甲市政务公开工作要点"));
        assert_eq!(series("物业管理条例"), None);
    }
}
