//! Lists of names: where one ends and the next begins.

use super::lexicon::{Lexicon, begins_with_place, is_generic, is_places, is_prose};
use super::script::Piece;

/// Words that join the last name of a list, or sit inside a name.
const JOINS: &[&str] = &["以及", "会同", "和", "及", "与", "暨"];

/// The kinds that 等 sums up (等有关部门). They name nobody: the list is open.
const OPEN_KINDS: &[&str] = &[
    "部门和单位",
    "部门及单位",
    "部门单位",
    "部门",
    "单位",
    "处室",
    "科室",
    "股室",
    "机构",
    "地区",
    "地方",
    "方面",
    "企业",
    "成员单位",
];
const OPEN_SCOPES: &[&str] = &[
    "国务院",
    "中央",
    "省直",
    "省级",
    "市直",
    "市级",
    "区直",
    "区级",
    "县直",
    "县级",
    "省",
    "市",
    "区",
    "县",
    "各",
    "有关",
    "相关",
    "责任",
    "成员",
    "其他",
];

/// Beginnings of what stands in a name's place and says that none is given.
const NOBODY: &[&str] = &["待定", "待确定", "待明确", "详见", "见附件", "见附表", "另行", "根据"];

/// Names in order, and whether 等 left the list open.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) names: Vec<String>,
    pub(super) open: bool,
    /// Most names read as one by their endings, and none as prose.
    pub(super) sure: bool,
    /// Every name reads as one.
    pub(super) certain: bool,
}

/// A stretch of a list, and what stood before it.
#[derive(Clone, Copy)]
struct Stretch {
    start: usize,
    end: usize,
    /// Joined to the one before by 和 and the like, or by 、: then the two may be one name.
    joined: bool,
    word: bool,
    /// Behind a comma.
    comma: bool,
}

/// Splits a list without white space into names as written.
///
/// The rules: 、 and commas part names; 和, 及, 与 part them only where the words before are a whole name by their ending
/// (市人力资源 和 社会保障局 is one); a list of kinds of places (各市、县〔区〕人民政府) and of kinds of belonging
/// (市属、驻市有关单位) is one collective, and a bare noun (市直部门、单位) belongs to what stands before it.
pub(super) fn split(list: Piece<'_>, lexicon: &Lexicon) -> Names {
    let mut found = Names { sure: true, certain: true, ..Names::default() };
    let (mut known, mut count) = (0, 0);
    let mut stretches = stretches(list, &mut found.open);
    merge(list, &mut stretches, lexicon);
    for stretch in stretches {
        let name = list.slice(stretch.start, stretch.end);
        if name.is_empty() || NOBODY.iter().any(|word| name.starts_with(word)) {
            continue;
        }
        let name = without_short_name(name);
        let is_name = lexicon.is_name(name);
        count += 1;
        known += usize::from(is_name);
        found.certain &= is_name;
        if is_prose(name) {
            found.sure = false;
            continue;
        }
        // 甲局牵头，全力推进，乙局配合: a saying between two parts
        let saying = !is_name && stretch.comma && list.at(stretch.end) == Some(',');
        let written = name.written();
        if !saying && !found.names.contains(&written) {
            found.names.push(written);
        }
    }
    found.sure &= known * 2 >= count;
    found
}

/// Without （以下简称某某）.
fn without_short_name(name: Piece<'_>) -> Piece<'_> {
    ["(简称", "(以下简称", "(以下称"].iter().find_map(|word| name.find(word)).map_or(name, |start| name.to(start))
}

fn stretches(list: Piece<'_>, open: &mut bool) -> Vec<Stretch> {
    let mut found = Vec::new();
    let halves = half_brackets(list);
    let is_half = |index: usize| halves.get(index) == Some(&true);
    let mut depth = 0_usize;
    let (mut start, mut joined, mut word, mut comma) = (0, false, false, false);
    let mut index = 0;
    while let Some(c) = list.at(index) {
        match c {
            _ if is_half(index) => {}
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let rest = list.from(index);
        let step = if is_half(index) {
            Some((1, false, false))
        } else if depth > 0 {
            None
        } else if "、,;/".contains(c) {
            Some((1, c == '、', false))
        } else if let Some(shorter) = rest.strip_any_prefix(JOINS) {
            Some((rest.len() - shorter.len(), true, true))
        } else if c == '等' && index > start {
            open_list(rest).map(|length| {
                *open = true;
                (length, false, false)
            })
        } else {
            None
        };
        let Some((length, next_joined, next_word)) = step else {
            index += 1;
            continue;
        };
        found.push(Stretch { start, end: index, joined, word, comma });
        index += length;
        (start, joined, word, comma) = (index, next_joined, next_word, c == ',');
    }
    found.push(Stretch { start, end: list.len(), joined, word, comma });
    found
}

/// Where brackets stand whose other half is missing: they hold nothing together, and no name has them.
fn half_brackets(list: Piece<'_>) -> Vec<bool> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut halves = vec![false; list.len()];
    let mut mark = |index: usize| halves.get_mut(index).into_iter().for_each(|half| *half = true);
    let (mut round, mut square) = (0_usize, 0_usize);
    for (index, c) in list.chars().enumerate() {
        match c {
            '(' => round += 1,
            '[' => square += 1,
            // Only where there is one to find, so that many halves are not looked through again and again.
            ')' if round == 0 => mark(index),
            ']' if square == 0 => mark(index),
            ')' | ']' => {
                let other = if c == ')' { '(' } else { '[' };
                while let Some((at, before)) = open.pop() {
                    if before == '(' {
                        round -= 1
                    } else {
                        square -= 1
                    }
                    if before == other {
                        break;
                    }
                    mark(at);
                }
            }
            _ => {}
        }
        if matches!(c, '(' | '[') {
            open.push((index, c));
        }
    }
    open.into_iter().for_each(|(index, _)| mark(index));
    halves
}

/// How many characters 等 and what it sums up take, where it ends the names of a list (not where it is part of a name).
fn open_list(rest: Piece<'_>) -> Option<usize> {
    let mut tail = rest.from(1);
    while let Some(shorter) = tail.strip_any_prefix(OPEN_SCOPES) {
        tail = shorter;
    }
    tail = tail.strip_any_prefix(OPEN_KINDS).unwrap_or(tail);
    let ends = tail.first().is_none_or(|c| "、,;".contains(c)) || JOINS.iter().any(|join| tail.starts_with(join));
    ends.then(|| rest.len() - tail.len())
}

fn merge(list: Piece<'_>, stretches: &mut Vec<Stretch>, lexicon: &Lexicon) {
    let mut merged: Vec<Stretch> = Vec::new();
    for stretch in stretches.drain(..) {
        let name = list.slice(stretch.start, stretch.end);
        if let Some(before) = merged.last_mut() {
            let earlier = list.slice(before.start, before.end);
            if !earlier.is_empty() && belongs(earlier, name, stretch, lexicon) {
                before.end = stretch.end;
                continue;
            }
        }
        merged.push(stretch);
    }
    *stretches = merged;
}

/// Whether a stretch goes on the name before it.
fn belongs(earlier: Piece<'_>, name: Piece<'_>, stretch: Stretch, lexicon: &Lexicon) -> bool {
    if !stretch.joined || name.is_empty() {
        return false;
    }
    if is_generic(name) {
        return true;
    }
    if name.first() != Some('各') && is_places(earlier) && begins_with_place(name) {
        return true;
    }
    if stretch.word {
        return !lexicon.is_complete(earlier);
    }
    ["属", "直", "级", "驻市", "驻区", "驻县", "驻地"].iter().any(|word| earlier.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::super::script::Script;
    use super::*;

    #[test]
    fn lists_are_split_where_names_end() {
        let lexicon = Lexicon::new();
        for (list, expected, open) in [
            ("区水利局、区城管局", vec!["区水利局", "区城管局"], false),
            ("市人力资源和社会保障局、市文化和旅游局", vec!["市人力资源和社会保障局", "市文化和旅游局"], false),
            ("省直有关部门和各市、县〔区〕人民政府", vec!["省直有关部门", "各市、县〔区〕人民政府"], false),
            ("市属、驻市有关单位,各区、县级市", vec!["市属、驻市有关单位", "各区、县级市"], false),
            (
                "市直有关部门、单位,各区市政府、开发区管委",
                vec!["市直有关部门、单位", "各区市政府", "开发区管委"],
                false,
            ),
            ("云溪局、白石局等,各县（区）人民政府", vec!["云溪局", "白石局", "各县（区）人民政府"], true),
            ("甲部等国务院相关部门及各地区", vec!["甲部", "各地区"], true),
            ("乙委等和各省级人民政府", vec!["乙委", "各省级人民政府"], true),
            ("[区水利局、区住建局", vec!["区水利局", "区住建局"], false),
            ("区水利局)、区住建局(市容科、区城管局", vec!["区水利局", "区住建局", "市容科", "区城管局"], false),
            ("各有关部门和单位,各地区", vec!["各有关部门和单位", "各地区"], false),
            ("省高等法院、市委宣传部（市委网信办）", vec!["省高等法院", "市委宣传部（市委网信办）"], false),
            ("甲局，全力推进，乙局", vec!["甲局", "乙局"], false),
            ("甲局、老河口专线、乙局", vec!["甲局", "老河口专线", "乙局"], false),
            ("甲局、待定", vec!["甲局"], false),
            ("详见附件2", vec![], false),
            ("甲委会同有关部门", vec!["甲委", "有关部门"], false),
        ] {
            let found = split(Script::new(list).piece(), &lexicon);
            assert_eq!((found.names, found.open), (expected.into_iter().map(str::to_owned).collect(), open), "{list}");
        }
    }
}
