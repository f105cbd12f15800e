//! Licence plates of GA 36: province, letter, five characters (six for new energy), the last of which may be a word. People
//! write them with blanks, dots and dashes, or leave the province out after a word for plates.

use std::sync::LazyLock;

use regex::Regex;

use super::PLATE;
use super::edits::Edits;
use super::letters::class::LATIN;
use super::letters::{Letters, Signs};

static PLATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<whole> [京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] \s? (?: [A-HJ-NP-Za-hj-np-z] | [0-9]{2} ) | [Ww][Jj] [京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]? )
        (?: \s?[·•・.\-/\s]\s? )? 临? (?P<tail> [A-Za-z0-9] (?: [\s·.\-]{0,3} [A-Za-z0-9] ){3,6} ) (?P<last> [挂学警港澳使领] )?
        | (?: 车牌 | 牌照 | 号牌 | 车号 | 牌号 | 蓝牌 | 绿牌 | 黄牌 ) (?: 号码 | 号 | 就是 | 是 | 为 | [:\s(] | 南昌 | 本地 ){0,3}
          (?P<bare> [A-Za-z][\s·.\-]?[A-Za-z0-9]{5,6} )
        | (?: 新能源车? | 大巴 | 货车 | 轿车 | 面包车 | 商务车 ) \s? (?P<beside> [A-HJ-NP-Z][\s·.\-]?[A-Z0-9]{5,6} )",
    )
    .expect("the plate pattern is valid")
});

/// Characters behind the first two, with the last one.
const TAIL: std::ops::RangeInclusive<usize> = 4..=6;
/// At least so many of them are digits; it keeps words such as 新ABCDE apart.
const DIGITS_MIN: usize = 2;

/// First characters of plates: provinces, and WJ.
pub(super) const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// Whether the beginning of a plate stands in a text, or letters that may be one behind a word for plates.
pub(super) fn may_hold(letters: &Letters, signs: &Signs) -> bool {
    signs.plate || letters.has(LATIN) && signs.digits >= DIGITS_MIN
}

/// Replaces plates; `None` when there is none.
pub(super) fn mask_plates(text: &str) -> Option<String> {
    let mut edits = Edits::new(text);
    for found in PLATES.captures_iter(text) {
        let goes_on =
            |end: usize| text.get(end..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        if let Some(bare) = found.name("bare").or(found.name("beside")) {
            let digits = bare.as_str().bytes().filter(u8::is_ascii_digit).count();
            if digits >= DIGITS_MIN && !goes_on(bare.end()) {
                edits.replace(bare.start(), bare.end(), PLATE);
            }
            continue;
        }
        let (Some(whole), Some(first), Some(tail)) = (found.get(0), found.name("whole"), found.name("tail")) else {
            continue;
        };
        let last = found.name("last");
        let characters: Vec<u8> = tail.as_str().bytes().filter(u8::is_ascii_alphanumeric).collect();
        let digits = characters.iter().filter(|byte| byte.is_ascii_digit()).count();
        let count = characters.len() + usize::from(last.is_some());
        let spread = tail.as_str().len() > characters.len();
        // A farm machine has two digits for the place and five for itself.
        let farm = first.as_str().ends_with(|c: char| c.is_ascii_digit());
        let fits = TAIL.contains(&count) && digits >= DIGITS_MIN.max(if count == 4 || spread { 3 } else { 2 });
        if fits
            && (!farm || (digits == 5 && count == 5 && whole.as_str().contains(['·', '.', '-'])))
            && !goes_on(whole.end())
        {
            edits.replace(whole.start(), whole.end(), PLATE);
        }
    }
    edits.finish()
}
