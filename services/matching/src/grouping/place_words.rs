//! Names of estates, streets, schools, firms and the like in a text, found by how they end.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::Relation;
use crate::lexicon::Lexicon;

/// How names of localities end.
const ENDINGS: &str = "\
    小区 花园 花苑 家园 佳园 名苑 社区 村 路 街 大道 巷 学校 小学 中学 大学 学院 幼儿园 医院 公司 广场 国际 \
    公馆 新城 公园 大厦 酒店 市场 厂 桥 湖 水库 号线 组 苑 府 城 镇 街道";
/// Characters before an ending that make it a common noun: 我们小区, 这条路.
const COMMON: &str = "的在和与是有到从向对把被了我你他她们这那该某本请求为于及或等就都也不没很一个些每各全整几多两上下前后内外旁边附近中市县区座条家所间栋期号";
/// Characters of a name kept before its ending. Two tell names apart and survive what stands before them: 投诉望汀花园.
const KEPT_CHARS: usize = 2;

static ENDING_INDEX: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(ENDINGS.split_whitespace().map(|ending| (ending.to_owned(), ()))));

/// Names in a text that tell places apart. Kept sorted, so that comparing is the same everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceWords {
    names: BTreeSet<String>,
    /// Places, blocks and sections named by letter and number: A区, B2栋; with the letter alone as what they lie in.
    lettered: BTreeSet<String>,
}

/// How many names two texts share, and how many only one of them has.
pub(super) struct Comparison {
    pub(super) shared: usize,
    pub(super) only_one: usize,
    pub(super) only_other: usize,
}

/// Finds the names in title and text.
pub fn place_words(title: &str, text: &str) -> PlaceWords {
    let mut words = PlaceWords::default();
    for part in [title, text] {
        let lower = part.to_ascii_lowercase();
        words.names.extend(names(&lower));
        lettered(part, &mut words.lettered);
    }
    words
}

impl PlaceWords {
    pub(super) fn compare_names(&self, other: &PlaceWords) -> Comparison {
        let shared = self.names.intersection(&other.names).count();
        Comparison { shared, only_one: self.names.len() - shared, only_other: other.names.len() - shared }
    }

    pub(super) fn lettered_relation(&self, other: &PlaceWords) -> Relation {
        match (self.lettered.is_subset(&other.lettered), other.lettered.is_subset(&self.lettered)) {
            (true, true) => Relation::Same,
            (false, false) => Relation::Apart,
            _ => Relation::LessExact,
        }
    }
}

fn names(lower: &str) -> impl Iterator<Item = String> {
    ENDING_INDEX.find(lower).filter_map(|found| {
        let before = lower.get(..found.start)?;
        let mut kept: Vec<char> = before.chars().rev().take(KEPT_CHARS).collect();
        kept.reverse();
        let proper =
            kept.len() == KEPT_CHARS && kept.iter().all(|kept| kept.is_alphanumeric() && !COMMON.contains(*kept));
        let ending = lower.get(found.start..found.end)?;
        proper.then(|| kept.into_iter().chain(ending.chars()).collect())
    })
}

fn lettered(text: &str, found: &mut BTreeSet<String>) {
    let characters: Vec<char> = text.chars().collect();
    for (index, letter) in characters.iter().enumerate() {
        let starts = letter.is_ascii_uppercase()
            && !index.checked_sub(1).and_then(|before| characters.get(before)).is_some_and(char::is_ascii_alphanumeric);
        if !starts {
            continue;
        }
        let digits: String = characters.iter().skip(index + 1).take_while(|digit| digit.is_ascii_digit()).collect();
        let kind = characters.get(index + 1 + digits.len());
        if digits.len() <= 3 && matches!(kind, Some('市' | '县' | '区' | '栋' | '座' | '幢')) {
            found.insert(letter.to_string());
            found.insert(format!("{letter}{digits}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_letters() {
        for (text, names, letters) in [
            ("投诉望汀花园物业", vec!["望汀花园"], vec![]),
            ("我们小区门口这条路坏了", vec![], vec![]),
            ("滨江东路与青麓路交叉口", vec!["江东路", "青麓路"], vec![]),
            ("A7县某镇，B座电梯", vec![], vec!["A", "A7", "B"]),
            ("KTV区域", vec![], vec![]),
            ("", vec![], vec![]),
        ] {
            let words = place_words("", text);
            assert_eq!(words.names.iter().map(String::as_str).collect::<Vec<_>>(), names, "{text}");
            assert_eq!(words.lettered.iter().map(String::as_str).collect::<Vec<_>>(), letters, "{text}");
        }
    }
}
