//! Room numbers. Building and floor say where a fault is and stay; unit and room say whose it is and go.

use std::sync::LazyLock;

use regex::{Captures, Match, Regex};

use super::ROOM;
use super::edits::Edits;

/// Everything around a room number is optional here; [`room`] decides whether what was found is enough.
static ROOM_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<building> (?: [0-9]{1,4} | [A-Za-z][0-9]{0,2} | [一二三四五六七八九十]{1,3} ) \s?
            (?: 号楼 | 号栋 | 栋 | 幢 | 座 | \#楼 | \#栋 | \# ) [\s,\-]? )?
        (?P<unit> (?: [0-9]{1,2} | [一二三四五六七八九十]{1,2} | [A-Za-z] ) \s? (?: 单元 | 门 | 梯 ) [\s,\-]? )?
        (?P<floor> (?: [0-9]{1,2} | [一二三四五六七八九十]{1,3} ) (?: 楼 | 层 ) [\s,\-]? )?
        (?P<prefix> (?: [A-Za-z]?[0-9]{1,3} [\-\#] ){0,3} )
        (?P<number> [A-Za-z]?[0-9]{3,4} | [一二三四五六七八九〇零]{3,4} )
        (?P<suffix> 室 | 号房间 | 号房 | 号室 | 房间 | 房号 | 房 | 户 | 号 )?",
    )
    .expect("the room pattern is valid")
});

/// A number before one of these counts something.
const COUNTED: &str =
    "元块万亿千百米平㎡m户人名个年月日天吨台辆套间多余岁次路层楼栋幢度分秒时号弄亩家位页条期班级份株只件起栏斤公克%℃°";
/// A number before one of these belongs to someone who lives there.
const DWELLERS: &str = "业主 的业主 住户 的住户 房东 户主 的房 房子 租户";

/// Replaces unit and room; `None` when there is none.
pub(super) fn mask_rooms(text: &str) -> Option<String> {
    if !has_number(text) || !text.contains(['栋', '幢', '座', '室', '房', '元', '楼', '门', '梯', '#', '-', '户'])
    {
        return None;
    }
    let mut edits = Edits::new(text);
    // What is nothing but a number is none; only of the rest, which is rare, the parts are asked for.
    for found in ROOM_NUMBER.find_iter(text).filter(|found| !is_number(found.as_str())) {
        if let Some((start, end)) = ROOM_NUMBER.captures_at(text, found.start()).and_then(|parts| room(text, &parts)) {
            edits.replace(start, end, ROOM);
        }
    }
    edits.finish()
}

/// Whether three digits stand in a row, as in every room number; most texts have none, and that is quickly seen.
fn has_number(text: &str) -> bool {
    let (mut ascii, mut chinese) = (0, 0);
    text.chars().any(|c| {
        ascii = if c.is_ascii_digit() { ascii + 1 } else { 0 };
        chinese = if is_chinese_digit(c) { chinese + 1 } else { 0 };
        ascii >= 3 || chinese >= 3
    })
}

fn is_chinese_digit(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '〇' | '零')
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || is_chinese_digit(c))
}

struct Around<'t> {
    before: Option<char>,
    after: &'t str,
}

fn room(text: &str, found: &Captures) -> Option<(usize, usize)> {
    let whole = found.get(0)?;
    let number = found.name("number")?;
    let (building, unit, floor) = (found.name("building"), found.name("unit"), found.name("floor"));
    let prefix = found.name("prefix").filter(|prefix| !prefix.is_empty());
    let around = Around {
        before: text.get(..whole.start()).and_then(|before| before.chars().next_back()),
        after: text.get(whole.end()..).unwrap_or_default(),
    };
    let starts = building.or(unit).or(floor).or(prefix).unwrap_or(number);
    let clear = !around.before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/'))
        || building.is_some() && !around.before.is_some_and(|c| c.is_ascii_digit());
    if !clear {
        return None;
    }
    let named = building.is_some() || unit.is_some();
    let accepted = match found.name("suffix").map(|suffix| suffix.as_str()) {
        Some("室" | "号室" | "号房" | "号房间" | "房号") => true,
        Some("房" | "房间") => named || !starts_estate_word(around.after) && !is_year(number.as_str()),
        Some("户") => named && !around.after.starts_with(['居', '业', '住', '人', '家', '村', '型', '未']),
        Some("号") => named && !around.after.starts_with(['楼', '栋', '线', '文', '路']),
        _ => is_bare_room(number, &around, named, floor, prefix),
    };
    let start = building.map_or(starts.start(), |building| building.end());
    if found.name("suffix").is_some_and(|suffix| suffix.as_str() == "房") && around.after.starts_with('东') {
        return Some((start, number.end()));
    }
    accepted.then_some((start, whole.end()))
}

/// A number without a word after it.
fn is_bare_room(number: Match, around: &Around, named: bool, floor: Option<Match>, prefix: Option<Match>) -> bool {
    let mut after = around.after.chars();
    let next = after.next();
    let counted = next.is_some_and(|c| c.is_ascii_alphanumeric() || COUNTED.contains(c) || matches!(c, '-' | '/'))
        || around.after.starts_with("小时")
        || next == Some('.') && is_fraction(after.as_str());
    let dwelled = DWELLERS.split(' ').any(|word| around.after.starts_with(word));
    let parts = prefix.map_or(0, |prefix| prefix.as_str().matches(['-', '#']).count());
    // The last part is the unit; three digits there are a service number (400-123-4567).
    let unit_digits = prefix.map_or(0, |prefix| {
        let unit = prefix.as_str().trim_end_matches(['-', '#']);
        unit.bytes().rev().take_while(u8::is_ascii_digit).count()
    });
    let same_floor = floor.is_some_and(|floor| {
        let digits = floor.as_str().trim_end_matches(|c: char| !c.is_ascii_digit());
        !digits.is_empty() && number.as_str().starts_with(digits)
    });
    let in_parts = parts >= 2 && unit_digits <= 2 && !is_date(prefix, number) || parts == 1 && dwelled;
    dwelled && (named || in_parts) || !counted && (named || same_floor || in_parts)
}

/// Digits after a point, unless they are the next room of a list (`3栋101.102`, `16栋101.17栋`).
fn is_fraction(after: &str) -> bool {
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let building = after.get(digits..).is_some_and(|rest| rest.starts_with(['栋', '幢', '座', '室', '房', '#']));
    (1..=2).contains(&digits) && !building
}

/// `8-1-2001` is a date written backwards, not flat 2001.
fn is_date(prefix: Option<Match>, number: Match) -> bool {
    let plain = prefix.is_some_and(|prefix| prefix.as_str().bytes().all(|b| b.is_ascii_digit() || b == b'-'));
    plain && is_year(number.as_str()) && prefix.is_some_and(|prefix| prefix.len() <= 6)
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

/// 房 that begins 房地产, 房价, 房屋 … does not end a room number.
fn starts_estate_word(after: &str) -> bool {
    after.starts_with([
        '地', '产', '价', '贷', '源', '管', '租', '型', '交', '改', '款', '票', '本', '办', '补', '建', '市', '企',
        '开', '征',
    ])
}
