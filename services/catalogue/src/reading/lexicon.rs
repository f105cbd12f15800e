//! How names of units are built.

use std::collections::HashSet;

use super::script::{Piece, Script};
use crate::Catalogue;

/// Endings of names of bodies. Longer ones are only needed where the last character alone would say too little.
const ENDINGS: &[&str] = &[
    "局",
    "厅",
    "委",
    "办",
    "部",
    "署",
    "院",
    "会",
    "室",
    "处",
    "科",
    "股",
    "所",
    "站",
    "队",
    "中心",
    "公司",
    "集团",
    "银行",
    "人行",
    "分行",
    "支行",
    "社",
    "联",
    "团",
    "政府",
    "单位",
    "部门",
    "机构",
    "企业",
    "国企",
    "学校",
    "中学",
    "小学",
    "大学",
    "乡",
    "镇",
    "街道",
    "镇街",
    "乡街",
    "管委",
    "村",
    "社区",
    "办事处",
    "总社",
    "园区",
    "开发区",
    "新区",
    "区",
    "县",
    "市",
    "省",
    "州",
    "盟",
    "旗",
    "各地",
    "林场",
    "农场",
    "馆",
    "台",
    "厂",
    "组",
    "专班",
    "党校",
    "团中央",
    "派中央",
    "组委",
    "港",
    "海关",
    "运营商",
    "基地",
    "网信",
    "武装",
    "法院",
    "检察院",
    "医院",
    "电网",
    "铁塔",
    "派出所",
    "党组",
    "联通",
    "移动",
    "电信",
];

/// Nouns that name nobody by themselves: they belong to the words before them.
const GENERIC: &[&str] = &[
    "单位",
    "部门",
    "企业",
    "机构",
    "政府",
    "人民政府",
    "街道",
    "乡镇",
    "办事处",
    "街道办事处",
    "国企",
    "社区",
    "村",
    "有关单位",
    "部门单位",
    "处",
    "科",
    "室",
    "所",
    "会",
    "部",
    "办",
    "委",
    "局",
    "院",
    "区",
    "市",
    "县",
    "省",
    "州",
    "盟",
    "旗",
    "镇",
    "乡",
    "组",
    "社",
    "团",
    "联",
    "台",
    "站",
    "队",
    "股",
    "厅",
    "厂",
    "港",
    "馆",
    "集团",
    "公司",
    "学校",
    "基地",
    "中心",
    "主体",
    "地方",
];

/// Words of which a bare list of kinds of places is made (各市、县〔区〕…).
const PLACES: &[&str] = &[
    "县级市",
    "设区市",
    "开发区",
    "功能区",
    "高新区",
    "园区",
    "新区",
    "街道",
    "城区",
    "市区",
    "县区",
    "区县",
    "县市",
    "乡镇",
    "镇街",
    "市",
    "县",
    "区",
    "旗",
    "盟",
    "州",
    "镇",
    "乡",
];

/// Characters of prose, which no name of a unit has.
const PROSE: &str = "的是要把被让得着了并该此“”‘’《》<>%!?。:;=+*…";

/// Longest name of a unit that is believed, in characters.
const NAME_CHARS_MAX: usize = 32;

/// The names of units and how they are built. What is built in suits any place; a catalogue's names are known on top.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    names: HashSet<String>,
}

impl Lexicon {
    /// What is built in.
    pub fn new() -> Self {
        Self::default()
    }

    /// With every name of a catalogue's units.
    pub fn with_catalogue(catalogue: &Catalogue) -> Self {
        Self::with_names(catalogue.units().flat_map(crate::Unit::names))
    }

    /// With these names.
    pub fn with_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { names: names.into_iter().map(|name| Script::new(name).piece().compact().piece().folded()).collect() }
    }

    /// Whether the piece reads as the whole name of a unit or of several named as one.
    pub(super) fn is_name(&self, piece: Piece<'_>) -> bool {
        if piece.len() < 2 || piece.len() > NAME_CHARS_MAX {
            return false;
        }
        if self.names.contains(&piece.folded()) {
            return true;
        }
        !is_prose(piece) && self.is_complete(piece)
    }

    /// Whether two stretches with a gap between them are two names, not one that was broken there (市委 / 宣传部): the first is whole,
    /// and the second begins as names do by which a level of government is told. A place before it (云溪区 / 市场监管局) may
    /// belong to it.
    pub(super) fn are_two_names(&self, before: Piece<'_>, after: Piece<'_>) -> bool {
        const STARTS: &[&str] = &["各", "区", "市", "省", "县", "镇", "乡", "国家", "中央", "驻"];
        const WORDS: &[&str] =
            &["市场", "市政工", "市政公", "市政管", "市政设", "市容", "区域", "乡村", "县域", "省际"];
        let place = before.last().is_some_and(|c| "省市区县州盟旗镇乡".contains(c));
        let begins =
            STARTS.iter().any(|start| after.starts_with(start)) && !WORDS.iter().any(|word| after.starts_with(word));
        !place && begins && self.is_name(before)
    }

    /// Whether the name is one of those given, not only built like one.
    pub(super) fn is_listed(&self, piece: Piece<'_>) -> bool {
        self.names.contains(&piece.folded())
    }

    /// Also knows these names.
    pub(super) fn extend(&mut self, names: impl IntoIterator<Item = String>) {
        self.names.extend(names.into_iter().map(|name| Script::new(&name).piece().compact().piece().folded()));
    }

    /// Whether a name may end here: by its ending, and because more than the ending is there.
    pub(super) fn is_complete(&self, piece: Piece<'_>) -> bool {
        let bare = without_bracket(piece);
        if is_generic(bare) {
            return false;
        }
        self.names.contains(&bare.folded()) || ENDINGS.iter().any(|ending| bare.ends_with(ending))
    }
}

/// Whether the piece holds what no name of a unit has, or nothing that every one has.
pub(super) fn is_prose(piece: Piece<'_>) -> bool {
    piece.has(PROSE)
        || without_bracket(piece).find("牵头").is_some()
        || piece.len() > NAME_CHARS_MAX
        || !piece.chars().any(|c| c >= '\u{3400}' && c.is_alphabetic())
}

/// A noun that needs the words before it.
pub(super) fn is_generic(piece: Piece<'_>) -> bool {
    GENERIC.iter().any(|word| piece.is(word))
}

/// Whether the piece is only 各 (or nothing) and kinds of places, brackets included.
pub(super) fn is_places(piece: Piece<'_>) -> bool {
    let mut rest = without_bracket(piece);
    rest = rest.strip_any_prefix(&["各有关", "各"]).unwrap_or(rest);
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        match rest.strip_any_prefix(PLACES) {
            Some(shorter) => rest = shorter,
            None => return false,
        }
    }
    true
}

/// Whether the piece begins with a kind of place, so that it may go on a list of them.
pub(super) fn begins_with_place(piece: Piece<'_>) -> bool {
    PLACES.iter().any(|word| {
        piece.strip_prefix(word).is_some_and(|rest| {
            rest.is_empty()
                || rest.first() == Some('(')
                || rest.first() == Some('[')
                || ["人民政府", "政府", "党委", "办事处", "管委", "有关", "级"]
                    .iter()
                    .any(|next| rest.starts_with(next))
                || is_places(rest)
        })
    })
}

/// Without a bracket at the end (a second name, 街道办事处 and the like).
fn without_bracket(piece: Piece<'_>) -> Piece<'_> {
    let Some(last) = piece.last() else { return piece };
    let open = match last {
        ')' => '(',
        ']' => '[',
        _ => return piece,
    };
    match piece.rposition(|c| c == open) {
        Some(index) if index > 0 => piece.to(index),
        _ => piece,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_by_their_endings() {
        let lexicon = Lexicon::with_names(["老河口专线"]);
        for (name, expected) in [
            ("区水利局", true),
            ("各县（区）人民政府", true),
            ("市委宣传部（市委网信办）", true),
            ("老河口专线", true),
            ("各街道办事处", true),
            ("工业", false),
            ("文化", false),
            ("单位", false),
            ("要抓好落实的部门", false),
            ("任务〔牵头单位", false),
            ("市本级牵头单位", false),
            ("No.1", false),
        ] {
            assert_eq!(lexicon.is_name(Script::new(name).piece()), expected, "{name}");
        }
    }

    #[test]
    fn kinds_of_places_are_not_places() {
        for (text, expected) in
            [("各市", true), ("各县〔区〕", true), ("各区", true), ("云溪区", false), ("各部门", false)]
        {
            assert_eq!(is_places(Script::new(text).piece()), expected, "{text}");
        }
    }
}
