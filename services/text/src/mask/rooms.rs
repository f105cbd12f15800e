//! Room numbers. Building and floor say where a fault is and stay; unit and room say whose it is and go.

use std::sync::LazyLock;

use regex::{Captures, Match, Regex};

use super::ROOM;
use super::edits::Edits;
use super::letters::{Letters, Signs};

/// Everything around a room number is optional here; [`room`] decides whether what was found is enough.
static ROOM_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<building> (?: [0-9]{1,4} (?: - [0-9]{1,2} )? | [A-Za-z][0-9]{0,2} | [一二三四五六七八九十壹贰叁肆伍]{1,3} ) \s?
            (?: 号楼 | 号栋 | 栋 | 幢 | 座 | 塔 | 舍 | \#楼 | \#栋 | \# ) [\s,\-]? )?
        (?P<unit> (?: (?: [0-9]{1,2} | [一二三四五六七八九十壹贰叁肆伍]{1,2} | [A-Za-z甲乙丙丁东西南北中] ) \s? (?: 单元 | 单圆 )
            | (?: [0-9]{1,2} | [一二三四五六七八九十]{1,2} ) \s? 号? (?: 门 | 梯 ) ) [\s,\-]? )?
        (?P<floor> (?: [0-9]{1,2} | [一二三四五六七八九十]{1,3} ) (?: 楼 | 层 ) [\s,\-]? )?
        (?P<prefix> (?: (?: [A-Za-z]?[0-9]{1,3} | [A-Za-z东西南北] ) [\-\#] ){0,3} )
        (?P<number> [A-Za-z]?[0-9]{3,4}(?:-?[A-Za-z])? | [一二三四五六七八九〇零壹贰叁肆伍陆柒捌玖]{3,4} | [0-9]{1,2}[A-Za-z][0-9]{0,2}
            | [0-9]{1,2} | [东西南北左右中对] (?: 边 | 侧 | 手 )? (?: 户 | 室 | 门 )? | [A-Za-z] )
        (?P<suffix> 寝室 | 宿舍 | 病房 | 病室 | 房间 | 隔间 | 隔断 | 室 | 号房间 | 号房 | 号室 | 房间 | 房号 | 房 | 户 | 号 )?",
    )
    .expect("the room pattern is valid")
});

/// A bed of a ward.
static BED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:病区|病房|病室|科|室|楼|层|区|〔房号〕) ?(?P<bed>加?[0-9]{1,3}号?床)(?P<place>位)?")
        .expect("the pattern of beds is valid")
});

/// One more room behind another: 602与502.
static ANOTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:、|,|/|和|与|及|跟|或|到|至|以及|还有) ?(?P<number>[0-9]{3,4}[A-Za-z]?)(?:室|房)?")
        .expect("the pattern of lists of rooms is valid")
});

/// A number before one of these counts something.
const COUNTED: &str = "元块万亿千百米平㎡m户人名个年月日天吨台辆套间多余岁次路层楼栋幢度分秒时号弄亩家位页条期班级份株只件起栏斤公克窗%℃°";
/// A number before one of these belongs to someone who lives there.
const DWELLERS: &str = "业主 的业主 住户 的住户 房东 户主 的房 房子 租户";

/// Words before a number that is a room.
const INTRODUCING: [&str; 17] = [
    "寝室",
    "宿舍",
    "公寓",
    "房号",
    "房间号",
    "门牌",
    "楼上",
    "楼下",
    "隔壁",
    "病房",
    "病室",
    "公寓楼",
    "门牌号",
    "对门",
    "住",
    "住在",
    "我家",
];
/// Words before the parts of an address: 我家在4-1-2.
const WHERE: [&str; 4] = ["在", "到", "住", "我"];
/// Numbers that everybody calls.
const SERVICES: [&str; 8] = ["110", "119", "120", "122", "114", "315", "400", "800"];
/// Characters of a number that needs neither building nor unit.
const ROOM_DIGITS_MIN: usize = 3;

/// Whether a number stands beside what belongs to rooms.
pub(super) fn may_hold(_: &Letters, signs: &Signs) -> bool {
    signs.room
}

/// Replaces unit and room; `None` when there is none.
pub(super) fn mask_rooms(text: &str) -> Option<String> {
    let mut edits = Edits::new(text);
    // What is nothing but a number is none; only of the rest, which is rare, the parts are asked for.
    let told = |found: &Match| !is_number(found.as_str()) || introduces(text.get(..found.start()).unwrap_or_default());
    for found in ROOM_NUMBER.find_iter(text).filter(told) {
        let Some((start, end)) = ROOM_NUMBER.captures_at(text, found.start()).and_then(|parts| room(text, &parts))
        else {
            continue;
        };
        edits.replace(start, end, ROOM);
        others(text, end, &mut edits);
    }
    if text.contains('床') {
        return beds(edits.finish(), text);
    }
    edits.finish()
}

/// More rooms in a list that a room begins.
fn others(text: &str, mut end: usize, edits: &mut Edits) {
    while let Some(rest) = text.get(end..)
        && let Some(found) = ANOTHER.captures(rest)
        && let (Some(whole), Some(number)) = (found.get(0), found.name("number"))
    {
        let around = Around { before: None, after: rest.get(whole.end()..).unwrap_or_default() };
        if is_counted(&around) || is_year(number.as_str()) || SERVICES.contains(&number.as_str()) {
            return;
        }
        edits.replace(end + number.start(), end + whole.end(), ROOM);
        end += whole.end();
    }
}

fn beds(masked: Option<String>, text: &str) -> Option<String> {
    let so_far = masked.as_deref().unwrap_or(text);
    let mut edits = Edits::new(so_far);
    for found in BED.captures_iter(so_far).filter(|found| found.name("place").is_none()) {
        if let Some(bed) = found.name("bed") {
            edits.replace(bed.start(), bed.end(), ROOM);
        }
    }
    edits.finish().or(masked)
}

fn is_chinese_digit(c: char) -> bool {
    "一二三四五六七八九〇零壹贰叁肆伍陆柒捌玖".contains(c)
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
    // Unit and room go; building and floor stay, but for a floor between unit and room.
    let start = match (building, unit, floor) {
        (_, Some(unit), _) => unit.start(),
        (_, None, Some(floor)) => floor.end(),
        (Some(building), None, None) => building.end(),
        _ => starts.start(),
    };
    let before = text.get(..whole.start()).unwrap_or_default();
    let named = building.is_some() || unit.is_some();
    let suffix = found.name("suffix").map(|suffix| suffix.as_str());
    if let Some(side) = number.as_str().chars().next().filter(|c| !c.is_ascii_digit() && !is_chinese_digit(*c)) {
        let whose =
            number.as_str().ends_with(['户', '室', '门']) || suffix.is_some_and(|suffix| matches!(suffix, "户" | "室"));
        let sided = !side.is_ascii() && (whose && named || unit.is_some() && floor.is_some());
        let lettered = side.is_ascii() && number.len() == 1 && whose && (named || floor.is_some());
        if number.len() == 1 || !side.is_ascii() {
            return (sided || lettered).then_some((start, whole.end()));
        }
    }
    let digits = number.as_str().chars().count();
    let short = digits < ROOM_DIGITS_MIN
        || (digits == ROOM_DIGITS_MIN && number.as_str().ends_with(|c: char| c.is_ascii_alphabetic()));
    let introduced = introduces(before) && !number.as_str().ends_with("00") && !SERVICES.contains(&number.as_str());
    let accepted = match suffix {
        // A short number is a room where building or unit say so: 12幢03室, 5单元2室, 14栋4-9.
        suffix if short => {
            let parted = named && prefix.is_some() || unit.is_some() && suffix.is_some();
            let lettered = number.as_str().bytes().any(|b| b.is_ascii_alphabetic())
                && (named || floor.is_some() || introduced || suffix == Some("房"));
            let roomed = suffix.is_some_and(|suffix| suffix.contains('室'))
                && (building.is_some() || number.as_str().starts_with('0'));
            let lived = prefix.is_some_and(|prefix| prefix.as_str().matches('-').count() >= 2)
                && WHERE.iter().any(|word| before.ends_with(word));
            (parted || lettered || roomed || lived) && !is_counted(&around)
        }
        Some("室" | "号室" | "号房" | "号房间" | "房号" | "寝室" | "宿舍" | "病房" | "病室" | "隔间" | "隔断") => {
            true
        }
        None if introduced && !is_counted(&around) && !is_year(number.as_str()) => true,
        Some("房" | "房间") => named || !starts_estate_word(around.after) && !is_year(number.as_str()),
        Some("户") => named && !around.after.starts_with(['居', '业', '住', '人', '家', '村', '型', '未']),
        Some("号") => named && !around.after.starts_with(['楼', '栋', '线', '文', '路']),
        _ => is_bare_room(number, &around, named, floor, prefix),
    };
    if suffix == Some("房") && around.after.starts_with('东') {
        return Some((start, number.end()));
    }
    accepted.then_some((start, whole.end()))
}

/// A number without a word after it.
fn is_bare_room(number: Match, around: &Around, named: bool, floor: Option<Match>, prefix: Option<Match>) -> bool {
    let counted = is_counted(around);
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

/// Whether what follows says that the number counts something or goes on.
fn is_counted(around: &Around) -> bool {
    let mut after = around.after.chars();
    let next = after.next();
    // Part of the building, not a count of storeys.
    let of_building =
        ["楼板", "楼道", "楼上", "楼下", "楼顶", "层高", "天花", "家里", "家的", "家漏", "家厨", "家卫", "人家"]
            .iter()
            .any(|word| around.after.starts_with(word));
    !of_building && next.is_some_and(|c| c.is_ascii_alphanumeric() || COUNTED.contains(c) || matches!(c, '-' | '/'))
        || around.after.starts_with("小时")
        || next == Some('.') && is_fraction(after.as_str())
}

/// Whether words say that a room follows.
fn introduces(before: &str) -> bool {
    let before = before.trim_end_matches(['是', '为', ':', ' ', '的']);
    let own = before.strip_suffix('我').is_some_and(|before| !before.ends_with(crate::segment::is_han));
    own || INTRODUCING.iter().any(|word| before.ends_with(word))
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
