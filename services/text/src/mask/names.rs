//! Names that people give of themselves: 我叫…, 本人…, 联系人：…, beside a masked number, and as a signature.
//!
//! A name is a known surname with one or two characters after it, up to a boundary. Where the words before it are weak
//! evidence, the dictionary must not know it as another word, so that 本人高中毕业 and 我是周边居民 stay.

use std::sync::LazyLock;

use regex::Regex;

use super::edits::Edits;
use super::surnames::surname_characters;
use super::{NAME, PHONE};
use crate::segment::{is_han, is_ordinary_word};

/// How sure the words around make that a name stands there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// 我叫, or a label with a colon.
    Strong,
    /// 本人, 我是, a label without a colon.
    Weak,
    /// 敬礼, 谢谢: the name must end the line, or a date or number must follow.
    Closing,
    /// The start of a line or a role: nothing but a date may stand on the line after the name.
    Line,
}

/// What may follow a name directly, without punctuation.
const FOLLOWING: &str = "\
    是 系 今年 现年 家住 现住 住 男 女 身份证 电话 手机 联系 来自 户籍 籍贯 汉族 出生 生于 原 现 于 在 因 向 \
    和 的 敬上 毕业";
/// The same after weak evidence.
const FOLLOWING_WEAK: &str = "男 女 身份证 电话 手机 联系电话 联系方式 今年 现年 家住 户籍";
/// What people say they are before their name; looked for this far after 我是.
const ROLES: &str = "村民 居民 业主 学生 家长 教师 老师 职工 员工 市民 群众";
const ROLE_CHARACTERS_MAX: usize = 28;
/// The same in a signature.
const FOLLOWING_SIGNATURE: &str = "敬上 拜上 敬呈 上 呈";

/// Last characters of words for groups, places, offices and verbs that begin like a name.
const NOT_LAST: &str = "人市县区镇乡村省州路街道城苑园府校院所局厂店司者员户客师方们的了队组处部办台站科室线位打拨来给到为是有留用号码话机式系\
族房屋楼栋里内外上下前后左右边间等及和与或将把被对从向在于由以之其";

/// Surnames that are also words of grammar: what follows them must not be a word (于昨天, 向领导, 从业多年).
const GRAMMAR: &str = "于向从时常全应同由成对经关管包连干通让原满解居方单车是有";
/// Who is thanked or complained about: an office, not a stated name.
const OFFICES: &str = "\
    书记 主任 局长 市长 县长 区长 省长 部长 科长 处长 厅长 校长 院长 镇长 乡长 队长 所长 站长 老师 经理 \
    医生 教授";
/// Ordinary words that the dictionary tags as names.
const NOT_NAMES: &str = "\
    敬礼 明白 武功 文明 王朝 阳光 陆军 卫星 雷达 荣誉 古老 冷笑 明星 宫殿 权威 师傅 封锁 宣言 胡同 玉米 \
    顾问 花岗 智慧 齐声 祖先 齐全 黄金 顾客 公正 辛勤 米粉 古建 桂林 谢谢 白领 康复 沙滩 师范 吉祥 周转 \
    宁可 修正 陈述 荣获 关怀 温泉 陈列 常德 宁静 师生 安抚 许可 原谅 容纳 杜绝 卓越 晋升 祝贺 满怀 高三 \
    高二 高一 毛巾 华丽 麻木 安危 查明 张贴 田园 田野 石林 计生 呼唤 花名 时至 安民";

static INTRODUCTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        我名?(?: 叫做 | 叫作 | 叫 ) | 我的?(?: 名字 | 姓名 )(?: 是 | 叫 | 为 ) | 本人(?: 名叫 | 叫做 | 叫 | 名为 | 姓名[是为]? )
        | 本人[系是]? | 我[是系]
        | (?: 联系人 | 投诉人 | 举报人 | 反映人 | 反应人 | 来信人 | 写信人 | 信访人 | 上访人 | 申请人 | 申诉人 | 控告人 | 报案人 | 报告人 | 上报人
            | 呈报人 | 求助人 | 诉求人 | 受害人 | 当事人 | 留言人 | 发帖人 | 建议人 | 户主 | 户名 | 开户名 | 开户人 | 收款人 | 姓名 | 署名 | 落款 )
          (?: (?: 姓名 | 代表 )? [是为]? \s? : )? ",
    )
    .expect("the introduction pattern is valid")
});

/// 本人 and 我是 say little; a label without its colon neither.
fn introduction(found: &str) -> Evidence {
    const WEAK: [&str; 5] = ["本人", "本人系", "本人是", "我是", "我系"];
    let own = found.starts_with(['我', '本']) && !WEAK.contains(&found);
    if own || found.ends_with(':') { Evidence::Strong } else { Evidence::Weak }
}

/// What a signature stands after. A role alone is weak; the end of the line must follow the name.
static BEFORE_SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: 致敬礼 | 敬礼 | 敬上 | 拜上 | 致敬 | 谢谢 | 感谢 | 跪谢 | 叩谢 | 顿首 | —— | -- | — ) [!。.,~;\s]*
        | (?: 村民 | 居民 | 市民 | 业主 | 家长 | 学生 | 考生 | 职工 | 员工 | 教师 | 群众 | 代表 | 住户 | 病人 | 患者 | 〔房号〕 ) [:\s]?
        | \n ",
    )
    .expect("the signature pattern is valid")
});

/// Replaces stated names; `None` when there is none.
pub(super) fn mask_names(text: &str) -> Option<String> {
    let mut spans = Vec::new();
    for found in INTRODUCTION.find_iter(text) {
        let evidence = introduction(found.as_str());
        spans.extend(name_from(text, found.end(), evidence).or_else(|| {
            let role = found.as_str().starts_with('我') && evidence == Evidence::Weak;
            role.then(|| name_after_role(text, found.end())).flatten()
        }));
    }
    if text.contains(['敬', '谢', '—', '\n', '民', '主', '长', '生', '工', '表', '众', '户', '师', '人', '者', '-'])
    {
        for found in BEFORE_SIGNATURE.find_iter(text) {
            let closing = found.as_str().starts_with(['致', '敬', '拜', '谢', '感', '跪', '叩', '顿', '—', '-']);
            let evidence = if closing { Evidence::Closing } else { Evidence::Line };
            spans.extend(name_from(text, found.end(), evidence));
        }
    }
    for (at, _) in text.match_indices(PHONE) {
        spans.extend(name_before_phone(text, at));
        spans.extend(name_after_phone(text, at + PHONE.len()));
    }
    spans.sort_unstable();
    let mut edits = Edits::new(text);
    for (start, end) in spans {
        edits.replace(start, end, NAME);
    }
    edits.finish()
}

/// The span of a name that starts at byte `at`, one blank or opening mark aside.
fn name_from(text: &str, at: usize, evidence: Evidence) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let signed = matches!(evidence, Evidence::Closing | Evidence::Line);
    let opening: &[char] = if signed { &[' '] } else { &[' ', ':', '"', '“', '('] };
    let name = rest.strip_prefix(opening).unwrap_or(rest);
    let start = at + rest.len() - name.len();
    let characters: Vec<(usize, char)> = name.char_indices().take(14).collect();
    let han = characters.iter().take_while(|(_, c)| is_han(*c)).count();
    let byte = |count: usize| characters.get(count).map_or(name.len(), |(at, _)| *at);
    if evidence == Evidence::Strong
        && let Some(end) = dotted(&characters, han).or_else(|| spaced(&characters, han))
    {
        return Some((start, start + byte(end)));
    }
    let plain: Vec<char> = characters.iter().take(han).map(|(_, c)| *c).collect();
    let surname = surname_characters(&plain);
    let familiar =
        surname == 0 && evidence == Evidence::Strong && plain.first().is_some_and(|c| matches!(c, '小' | '老' | '阿'));
    let lead = if familiar { 1 } else { surname };
    if lead == 0 {
        return None;
    }
    [2, 1].into_iter().map(|given| lead + given).filter(|count| *count <= han).find_map(|count| {
        let candidate = name.get(..byte(count))?;
        let after = name.get(byte(count)..)?;
        (is_boundary(after, evidence) && is_name(candidate, evidence)).then_some((start, start + byte(count)))
    })
}

/// The span of a name in 我是东溪村村民赵小虎, where `at` is after 我是.
fn name_after_role(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let near =
        rest.char_indices().nth(ROLE_CHARACTERS_MAX).map_or(rest, |(end, _)| rest.get(..end).unwrap_or_default());
    let clause = near.split(|c: char| !c.is_alphanumeric()).next()?;
    let ends = ROLES.split(' ').filter_map(|role| clause.rfind(role).map(|from| at + from + role.len()));
    ends.filter_map(|end| name_from(text, end, Evidence::Weak)).next()
}

/// Characters of a name such as 买买提·艾力.
fn dotted(characters: &[(usize, char)], han: usize) -> Option<usize> {
    let dot = characters.get(han).is_some_and(|(_, c)| matches!(c, '·' | '•' | '・'));
    let second = characters.iter().skip(han + 1).take_while(|(_, c)| is_han(*c)).count();
    (dot && (1..=6).contains(&han) && (1..=6).contains(&second)).then_some(han + 1 + second)
}

/// Characters of 张 三, spread over the line as on forms.
fn spaced(characters: &[(usize, char)], han: usize) -> Option<usize> {
    let c = |at: usize| characters.get(at).map(|(_, c)| *c);
    let first = [c(0)?];
    let one_each = han == 1 && c(1) == Some(' ') && c(2).is_some_and(is_han);
    (one_each && surname_characters(&first) == 1 && !c(3).is_some_and(is_han)).then_some(3)
}

fn is_boundary(after: &str, evidence: Evidence) -> bool {
    let Some(next) = after.chars().next() else { return true };
    let follows = |words: &str| words.split(' ').any(|word| after.starts_with(word));
    match evidence {
        Evidence::Strong => !is_han(next) || follows(FOLLOWING),
        Evidence::Weak => !next.is_alphanumeric() && next != '、' || follows(FOLLOWING_WEAK) || starts_date(after),
        Evidence::Closing | Evidence::Line => {
            let respectful = FOLLOWING_SIGNATURE.split(' ').find_map(|word| after.strip_prefix(word));
            let rest = respectful.unwrap_or(after).trim_start_matches([' ', '.', '。', '!', ',', '(', ')', ':']);
            let mut line = rest.chars().take_while(|c| *c != '\n');
            let dated = starts_date(rest) && (evidence == Evidence::Closing || line.all(is_date_character));
            rest.is_empty() || rest.starts_with(['\n', '〔']) || dated || follows("电话 联系电话")
        }
    }
}

fn starts_date(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && (text.starts_with("19") || text.starts_with("20"))
        || text.starts_with("二〇")
        || text.starts_with("二零")
}

fn is_date_character(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '号' | '-' | '/' | '.' | ' ' | '。' | ')')
}

/// Whether a surname with characters after it can be a name here.
fn is_name(candidate: &str, evidence: Evidence) -> bool {
    if evidence == Evidence::Strong {
        return true;
    }
    let last = candidate.chars().next_back();
    let mut rest = candidate.chars();
    let grammatical = rest.next().is_some_and(|first| GRAMMAR.contains(first)) && is_ordinary_word(rest.as_str());
    !last.is_some_and(|c| NOT_LAST.contains(c))
        && !OFFICES.split(' ').any(|office| candidate.ends_with(office))
        && !grammatical
        && !NOT_NAMES.split(' ').any(|word| candidate.starts_with(word))
        && !is_ordinary_word(candidate)
}

const TITLES: &str = "先生 女士 小姐 师傅 同志 阿姨 大姐 大哥";
/// What stands between a name and its number.
const LINKS: &str = "联系电话 电话号码 手机号码 联系方式 手机号 手机 电话 tel Tel 微信 号码 本人 是 为";

/// A name right before a masked number: 王小明，电话〔电话〕; with a title the surname is enough.
fn name_before_phone(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut before = text.get(..at)?;
    for _ in 0..4 {
        before = before.trim_end_matches([' ', ':', ',', '(', '、', '-', '—', ';']);
        match LINKS.split(' ').find_map(|link| before.strip_suffix(link)) {
            Some(shorter) => before = shorter,
            None => break,
        }
    }
    let title = TITLES.split(' ').find(|title| before.ends_with(title));
    let end = before.len();
    let stem = title.and_then(|title| before.strip_suffix(title)).unwrap_or(before);
    let tail: Vec<(usize, char)> = stem.char_indices().rev().take(5).collect();
    let starts = |count: usize| {
        let (start, _) = tail.get(count.checked_sub(1)?)?;
        let name: Vec<char> = tail.iter().take(count).rev().map(|(_, c)| *c).collect();
        let open = tail.get(count).is_none_or(|(_, c)| !c.is_alphanumeric()) || introduces(stem.get(..*start)?);
        let surname = surname_characters(&name);
        (name.iter().all(|c| is_han(*c)) && surname > 0).then_some((*start, open, surname))
    };
    if title.is_some() {
        let open = [4, 3, 2, 1].into_iter().filter_map(starts).find(|(_, open, surname)| *open && *surname > 0);
        let nearest = [1, 2, 3].into_iter().filter_map(starts).next();
        return open.or(nearest).map(|(start, ..)| (start, end));
    }
    [4, 3, 2].into_iter().filter_map(|count| starts(count).map(|found| (count, found))).find_map(
        |(count, (start, open, surname))| {
            let sized = (surname + 1..=surname + 2).contains(&count);
            (open && sized && is_name(stem.get(start..)?, Evidence::Weak)).then_some((start, end))
        },
    )
}

fn introduces(before: &str) -> bool {
    ["联系人", "联系", "找", "村民", "居民", "业主", "代表", "学生", "家长", "职工", "市民", "村", "组"]
        .iter()
        .any(|word| before.ends_with(word))
}

/// A name right after a masked number: 〔电话〕(王先生).
fn name_after_phone(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let name = rest.trim_start_matches([' ', ',', '(', ':', '-']);
    let start = at + rest.len() - name.len();
    let characters: Vec<char> = name.chars().take(5).collect();
    let surname = surname_characters(&characters);
    if surname == 0 {
        return None;
    }
    (surname..=surname + 2).find_map(|count| {
        let bytes = |count: usize| name.chars().take(count).map(char::len_utf8).sum::<usize>();
        let after = name.get(bytes(count)..)?;
        if let Some(title) = TITLES.split(' ').find(|title| after.starts_with(title)) {
            return Some((start, start + bytes(count) + title.len()));
        }
        let bracketed = rest.starts_with('(') && after.starts_with(')');
        (bracketed && name.chars().take(count).all(is_han)).then_some((start, start + bytes(count)))
    })
}
