//! Licence plates of GA 36: province, letter, five characters (six for new energy), the last of which may be a word.

use std::sync::LazyLock;

use regex::Regex;

use super::PLATE;
use super::accounts::has_latin_run;
use super::edits::Edits;

static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: [京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] [A-HJ-NP-Za-hj-np-z]
                 | [Ww][Jj][京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]? )
        [·•・.\-\s]? (?P<tail> [A-Za-z0-9]{4,6} ) (?P<last> [挂学警港澳使领]? )",
    )
    .expect("the plate pattern is valid")
});

/// At least this many of the characters are digits on every plate; it keeps words such as 新ABCDE apart.
const DIGITS_MIN: usize = 3;

/// Characters behind the first two, the last one aside.
const TAIL_MIN: usize = 4;

/// Replaces plates; `None` when there is none.
pub(super) fn mask_plates(text: &str) -> Option<String> {
    if !has_latin_run::<TAIL_MIN>(text) {
        return None;
    }
    let mut edits = Edits::new(text);
    for found in CANDIDATE.captures_iter(text) {
        let (Some(whole), Some(tail), Some(last)) = (found.get(0), found.name("tail"), found.name("last")) else {
            continue;
        };
        let characters = tail.len() + usize::from(!last.is_empty());
        let digits = tail.as_str().bytes().filter(u8::is_ascii_digit).count();
        let goes_on = text.get(whole.end()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        if (5..=6).contains(&characters) && digits >= DIGITS_MIN && !goes_on {
            edits.replace(whole.start(), whole.end(), PLATE);
        }
    }
    edits.finish()
}
