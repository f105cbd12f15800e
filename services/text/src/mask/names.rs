//! Names of private persons. Where they stand the tagger says; forms that it cannot read have rules: names of several words
//! with a dot (买买提·艾力), names spread over a form (张 三), and what people call themselves on a platform.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use regex::Regex;

use super::NAME;
use super::edits::Edits;
use super::letters::Letters;
use super::letters::class::{AT, BLANK, DOT};
use super::near::{LISTS, Near};
use super::tagger::names;
use crate::segment::{is_han, is_listed};

/// A dotted name: two parts of one to six ideographs, perhaps a third.
static DOTTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\p{Han}{1,6}(?:[·•・]\p{Han}{1,6}){1,2}").expect("the pattern of dotted names is valid")
});

/// A form whose characters stand apart: 姓名: 张 三.
static SPREAD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\p{Han} \p{Han}(?: \p{Han})?").expect("the pattern of spread names is valid"));

/// What somebody is called on a platform: in quotes, behind 叫 or a colon, or up to a mark where the post is answered.
static NICKNAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x) (?: 网名 | 昵称 | 微信名 | 抖音名 | 快手名 | 微博名 | QQ名 | 用户名 | 论坛ID | 社区ID | 闲鱼号 | 抖音号 | 网友 ) (?: 叫做? | 是 | 为 | : )?
          \s? ["“「『'] (?P<quoted> [^"”」』'\n]{1,20} ) ["”」』']
        | (?: (?: 网名 | 昵称 ) (?: 叫做? | 为 | : )? \s?
            | (?: 微信 | 抖音 | 快手 | 微博 | QQ | 贴吧 | 论坛 | 社区 | 小红书 | 钉钉 | 豆瓣 | 知乎 | B站 | 头条 | 闲鱼 | 游戏 | 群 )
              (?: 用户名 | 昵称 | 网名 | 名字 | 账号 | 名 | 号 | ID | id | 上 | 里 )? (?: 叫做? | 我叫 | ID: | ID是 | 名: | 名是 | 名为 | 号: | 昵称: | 里叫 | 上叫 | 名 \s ) \s?
            | (?: 用户名 | 名号 | 这个号 | 账号名 | 号名 ) (?: 叫做? | 为 | : ) \s? ) (?P<plain> [^\s,。;、!?"“”「」()〔〕:和与不是否能可要会的已未或有无也都写改填必需应被用重显分太里中][^\s,。;、!?"“”「」()〔〕:]{0,15} )
        | (?: 网友 : | 网友 | @ ) (?P<answered> [^\s,。;、!?"“”「」()〔〕:@]{2,12} ) (?: : | \s?您 | \s )"#,
    )
    .expect("the pattern of nicknames is valid")
});
/// Ends of names of units and of what everybody is: @江西发布, 网友您好.
const NO_NICKNAME: [&str; 30] = [
    "发布",
    "局",
    "委",
    "办",
    "政府",
    "公安",
    "交警",
    "警方",
    "网",
    "报",
    "台",
    "中心",
    "平台",
    "在线",
    "集团",
    "公司",
    "医院",
    "学校",
    "大学",
    "银行",
    "移动",
    "联通",
    "电信",
    "助手",
    "所有人",
    "全体",
    "群主",
    "管理员",
    "你好",
    "反映",
];

/// Replaces names; `None` when there is none.
pub(super) fn mask_names(text: &str, letters: &Letters) -> Option<String> {
    let near = Near::of(text, letters);
    let mut spans = names(letters, &near);
    if letters.has(DOT) {
        spans.extend(DOTTED.find_iter(text).filter_map(|found| dotted(text, found.start(), found.end())));
    }
    if letters.has(BLANK) {
        spans.extend(SPREAD.find_iter(text).filter_map(|found| spread(text, found.start(), found.end())));
    }
    if near.platform || letters.has(AT) {
        spans.extend(NICKNAME.captures_iter(text).filter_map(|found| {
            let answered = found.name("answered").filter(|name| {
                !NO_NICKNAME.iter().any(|end| name.as_str().ends_with(end))
                    && !name.as_str().chars().all(|c| c.is_ascii_digit())
            });
            let called = found.name("quoted").or(found.name("plain")).or(answered)?;
            Some((called.start(), called.end()))
        }));
    }
    // Behind 我叫 or a label with a colon nothing but a name can stand.
    let blank = |at: usize| at + usize::from(text.get(at..).is_some_and(|rest| rest.starts_with(' ')));
    let mut told: Vec<(usize, usize)> = near.stating.iter().filter_map(|end| stated(text, blank(*end))).collect();
    let behind_label = |end: usize| {
        let rest = text.get(end..)?;
        let colon = rest.strip_prefix("姓名").unwrap_or(rest).trim_start_matches(' ').strip_prefix(':')?;
        Some(blank(text.len() - colon.len()))
    };
    told.extend(near.labels.iter().filter_map(|end| stated(text, behind_label(*end)?)));
    let begins: HashSet<usize> = spans.iter().map(|(start, _)| *start).collect();
    told.retain(|(start, _)| !begins.contains(start));
    spans.append(&mut told);
    if spans.is_empty() {
        return None;
    }
    listed(text, &mut spans);
    repeated(text, &mut spans);
    let mut edits = Edits::new(text);
    for (start, end) in spans {
        edits.replace(start, end, NAME);
    }
    edits.finish()
}

/// Ideographs of a name in a list: 归雪、支小红、盛夏莲.
const IN_LIST: std::ops::RangeInclusive<usize> = 2..=4;
const PAUSE: char = '、';

/// Adds what stands in a list of names between two of them, or beside two: no word is made like that by chance.
fn listed(text: &str, spans: &mut Vec<(usize, usize)>) {
    if spans.len() < 2 || !text.contains(PAUSE) {
        return;
    }
    spans.sort_unstable();
    let pause = PAUSE.len_utf8();
    let (mut starts, mut ends): (BTreeMap<usize, usize>, BTreeMap<usize, usize>) =
        spans.iter().map(|(start, end)| ((*start, *end), (*end, *start))).unzip();
    let mut pending = spans.clone();
    while let Some((start, end)) = pending.pop() {
        let two_before =
            start.checked_sub(pause).filter(|_| text.get(..start).is_some_and(|text| text.ends_with(PAUSE)));
        let two_before = two_before.is_some_and(|at| ends.contains_key(&at));
        let next = text.get(end..).filter(|rest| rest.starts_with(PAUSE)).map(|_| end + pause);
        let two_behind = next.is_some_and(|at| starts.contains_key(&at));
        let behind = next.filter(|at| !starts.contains_key(at)).and_then(|at| item(text, at).map(|to| (at, to)));
        if let Some((from, to)) = behind {
            let closed =
                text.get(to..).is_some_and(|rest| rest.starts_with(PAUSE)) && starts.contains_key(&(to + pause));
            if two_before || closed {
                add((from, to), &mut starts, &mut ends, &mut pending, spans);
            }
        }
        let ahead = text.get(..start).and_then(|text| text.strip_suffix(PAUSE)).filter(|_| two_behind);
        if let Some(from) = ahead.filter(|ahead| !ends.contains_key(&ahead.len())).and_then(item_before) {
            add((from, start - pause), &mut starts, &mut ends, &mut pending, spans);
        }
    }
}

fn add(
    (from, to): (usize, usize),
    starts: &mut BTreeMap<usize, usize>,
    ends: &mut BTreeMap<usize, usize>,
    pending: &mut Vec<(usize, usize)>,
    spans: &mut Vec<(usize, usize)>,
) {
    starts.insert(from, to);
    ends.insert(to, from);
    // Those beside it now have one more beside them.
    let pause = PAUSE.len_utf8();
    pending.extend(from.checked_sub(pause).and_then(|end| ends.get(&end).map(|start| (*start, end))));
    pending.extend(starts.get(&(to + pause)).map(|end| (to + pause, *end)));
    pending.push((from, to));
    spans.push((from, to));
}

/// The end of an item of a list that begins at a byte and ends at a mark.
fn item(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let name: String = rest.chars().take(IN_LIST.end() + 1).take_while(|c| is_han(*c)).collect();
    let name = name.strip_suffix(['等', '和', '与', '及']).unwrap_or(&name);
    let after = rest.get(name.len()..).and_then(|rest| rest.chars().next());
    let ends = after
        .is_none_or(|c| matches!(c, PAUSE | ',' | '。' | ';' | ')' | '(' | '\n' | ' ' | '等' | '和' | '与' | '及'));
    (ends && may_be_name(name)).then_some(at + name.len())
}

/// The start of an item that a text ends with, behind a mark.
fn item_before(text: &str) -> Option<usize> {
    let count = text.chars().rev().take(IN_LIST.end() + 1).take_while(|c| is_han(*c)).count();
    let start = text.char_indices().rev().nth(count.checked_sub(1)?)?.0;
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let begins = before.is_none_or(|c| matches!(c, PAUSE | ',' | '。' | ';' | ')' | '(' | '\n' | ' ' | ':'));
    (begins && may_be_name(text.get(start..)?)).then_some(start)
}

fn may_be_name(item: &str) -> bool {
    IN_LIST.contains(&item.chars().count())
        && !is_listed(item)
        && !["things", "known", "offices", "titles"].iter().any(|list| LISTS.ends(list, item))
}

/// So many names are looked for again: each is sought in the whole text.
const AGAIN_MAX: usize = 32;

/// Adds what else in the text names the same people: the whole name again, the given name alone, 小 or 老 with the surname.
fn repeated(text: &str, spans: &mut Vec<(usize, usize)>) {
    let mut again: Vec<String> = Vec::new();
    for (start, end) in spans.iter().take(AGAIN_MAX) {
        let name = text.get(*start..*end).unwrap_or("");
        let characters: Vec<char> = name.chars().collect();
        if characters.len() < 2 || !characters.iter().all(|c| is_han(*c)) {
            continue;
        }
        again.push(name.to_owned());
        if let [surname, given @ ..] = &characters[..]
            && given.len() == 2
            && super::surnames::is_surname(*surname)
        {
            let given: String = given.iter().collect();
            again.extend(["小", "老"].map(|prefix| format!("{prefix}{surname}")));
            if !is_listed(&given) {
                again.push(given);
            }
        }
    }
    again.sort_unstable();
    again.dedup();
    for name in again {
        let found = text.match_indices(&name).map(|(at, name)| (at, at + name.len()));
        // 雪梅路 is no 雪梅.
        spans.extend(found.filter(|(_, end)| text.get(*end..).is_some_and(|rest| !LISTS.begins("things", rest))));
    }
    // The longest of those that begin at one place comes first, and covers the others.
    spans.sort_unstable_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
}

/// Ideographs of a stated name at most.
const STATED_MAX: usize = 4;

/// Two to four ideographs behind an introduction, up to a mark or the end: a name, whatever it is made of, but for words.
fn stated(text: &str, at: usize) -> Option<(usize, usize)> {
    const NOT: [char; 22] = [
        '未', '不', '无', '没', '请', '已', '见', '同', '略', '待', '匿', '某', '我', '他', '她', '你', '您', '了',
        '着', '过', '的', '个',
    ];
    let rest = text.get(at..)?;
    let count = rest.chars().take(STATED_MAX + 1).take_while(|c| is_han(*c)).count();
    let end = rest.char_indices().nth(count).map_or(rest.len(), |(end, _)| end);
    let name = rest.get(..end)?;
    if count > STATED_MAX {
        // 我叫王小明是一名工人: a surname, one or two characters, and what a person does next.
        let surname = rest.chars().next().is_some_and(super::surnames::is_surname);
        let ends = rest.char_indices().skip(2).take(2).map(|(end, _)| end).collect::<Vec<_>>();
        let mut ends = ends.into_iter().rev().filter(|_| surname);
        let next = ["是", "今年", "现年", "家住", "住在", "因", "于", "来自"];
        let end =
            ends.find(|end| rest.get(*end..).is_some_and(|after| next.iter().any(|word| after.starts_with(word))))?;
        return Some((at, at + end));
    }
    let fits = (2..=STATED_MAX).contains(&count) && !name.starts_with(NOT) && !is_listed(name);
    fits.then_some((at, at + end))
}

/// A dotted name where words say that a person follows; 中国·南昌 is none.
fn dotted(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    // What says so may be joined to the first part: 我叫买买提·艾力.
    let found = text.get(start..end)?;
    let first = found.find(['·', '•', '・'])?;
    let cuts = found.get(..first)?.char_indices().map(|(at, _)| start + at);
    cuts.take(5).find(|at| introduced(text, *at)).map(|at| (at, end))
}

fn spread(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let first = text.get(start..)?.chars().next()?;
    let lone = |at: Option<char>| !at.is_some_and(is_han);
    let alone = lone(text.get(..start)?.chars().next_back()) && lone(text.get(end..)?.chars().next());
    (alone && super::surnames::is_surname(first) && introduced(text, start)).then_some((start, end))
}

/// Whether words that announce a name stand right before a byte, a mark between them or not.
fn introduced(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or("");
    let before = before.trim_end_matches([':', ' ', '是', '为', '(', '"', '“', ',']);
    ["introductions", "labels", "roles", "kin"].into_iter().any(|list| LISTS.ends(list, before))
}
