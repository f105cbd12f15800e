//! Deadlines as written: of a label or a cell, or standing in the text of a clause.

use super::script::Piece;

/// Longest deadline, in characters: more is prose.
const CHARS_MAX: usize = 40;

/// What a deadline's label or cell says; `None` for a blank, "/" and the like.
pub(super) fn cell(piece: Piece<'_>) -> Option<String> {
    let piece = piece.trim();
    (!super::attribution::is_blank_cell(piece) && piece.len() <= CHARS_MAX).then(|| piece.compact().piece().written())
}

/// Whether a cell reads as a deadline.
pub(super) fn is_deadline(piece: Piece<'_>) -> bool {
    let compacted = piece.compact();
    let piece = compacted.piece();
    if piece.is_empty() || piece.len() > 24 {
        return false;
    }
    [
        "持续推进",
        "长期坚持",
        "常态化",
        "长期",
        "全年",
        "立即",
        "即时",
        "每年",
        "每季度",
        "每月",
        "适时",
        "按时限",
        "持续",
    ]
    .iter()
    .any(|word| piece.starts_with(word))
        || in_text(piece).is_some()
        || moment(piece).is_some_and(|end| end == piece.len())
}

/// The first date "before" which something in the text is to be done (年底前, 9月底前, 2031年6月30日前), as written.
///
/// Only dates count: a number of days is a standard of service, and a span from one date to another is how long a policy
/// holds, not when the clause must be done.
pub(super) fn in_text(piece: Piece<'_>) -> Option<String> {
    let mut index = 0;
    while index < piece.len() {
        let starts = piece.at(index).is_some_and(|c| c.is_ascii_digit() || "年上下每一二三四五六七八九十".contains(c));
        let after_digit = index > 0 && piece.at(index - 1).is_some_and(|c| c.is_ascii_digit());
        if starts && !after_digit {
            let rest = piece.from(index).to(CHARS_MAX);
            if let Some(length) = moment(rest) {
                let tail = rest.from(length).trim_start();
                let gap = rest.len() - length - tail.len();
                for word in ["之前", "以前", "前"] {
                    if tail.starts_with(word) && !goes_on(word, rest.to(length), tail.from(word.chars().count())) {
                        let end = length + gap + word.chars().count();
                        return Some(rest.to(end).compact().piece().written());
                    }
                }
                index += length.max(1);
                continue;
            }
        }
        index += 1;
    }
    None
}

/// Whether what follows makes the date no deadline: a condition (某年前已登记的), another word (前期) or a count (前三季度).
fn goes_on(word: &str, moment: Piece<'_>, after: Piece<'_>) -> bool {
    after.first().is_some_and(|c| "的已未".contains(c))
        || word == "前" && (after.first().is_some_and(|c| "期后述".contains(c)) || counts(moment, after))
}

/// Whether 前 counts what follows it (前三季度, 前几名, 前列), so that no date stands before it.
fn counts(moment: Piece<'_>, after: Piece<'_>) -> bool {
    const MEASURES: &[&str] =
        &["个季度", "季度", "个月", "月", "周", "旬", "名", "位", "强", "批", "期", "年", "天", "日"];
    if after.first().is_some_and(|c| "几列".contains(c)) {
        return true;
    }
    let numeral = |c: char| c.is_ascii_digit() || "一二两三四五六七八九十百".contains(c);
    let rest = after.from(after.chars().take_while(|c| numeral(*c)).count());
    rest.len() < after.len() && (moment.ends_with("年") || rest.strip_any_prefix(MEASURES).is_some())
}

/// How many characters a date takes here: year, month, day, quarter or a part of one.
fn moment(piece: Piece<'_>) -> Option<usize> {
    let mut rest = piece.strip_any_prefix(&["每年", "每月", "每季度"]).unwrap_or(piece);
    let mut found = rest.len() < piece.len();
    if let Some(shorter) = number(rest, 4, 4).and_then(|shorter| shorter.trim_start().strip_prefix("年")) {
        found = true;
        rest = shorter.strip_any_prefix(&["年底", "年末", "年初", "年中", "底", "末", "初", "度"]).unwrap_or(shorter);
    } else if let Some(shorter) = rest.strip_any_prefix(&["年底", "年末", "年中"]) {
        return Some(piece.len() - shorter.len());
    }
    if let Some(shorter) = rest.trim_start().strip_any_prefix(&[
        "上半年",
        "下半年",
        "一季度",
        "二季度",
        "三季度",
        "四季度",
        "第一季度",
        "第二季度",
        "第三季度",
        "第四季度",
    ]) {
        return Some(piece.len() - shorter.strip_any_prefix(&["末", "底"]).unwrap_or(shorter).len());
    }
    if let Some(shorter) = month(rest.trim_start()) {
        found = true;
        rest = shorter.strip_any_prefix(&["上旬", "中旬", "下旬", "月底", "底", "末", "份", "初"]).unwrap_or(shorter);
    }
    if found
        && let Some(shorter) =
            number(rest.trim_start(), 1, 2).and_then(|shorter| shorter.strip_any_prefix(&["日", "号"]))
    {
        rest = shorter;
    }
    (found && rest.len() < piece.len()).then(|| piece.len() - rest.len())
}

fn month(rest: Piece<'_>) -> Option<Piece<'_>> {
    if let Some(shorter) = number(rest, 1, 2) {
        return shorter.trim_start().strip_prefix("月");
    }
    rest.strip_any_prefix(&[
        "十一月",
        "十二月",
        "十月",
        "一月",
        "二月",
        "三月",
        "四月",
        "五月",
        "六月",
        "七月",
        "八月",
        "九月",
    ])
}

fn number(rest: Piece<'_>, least: usize, most: usize) -> Option<Piece<'_>> {
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    (least..=most).contains(&digits).then(|| rest.from(digits))
}

#[cfg(test)]
mod tests {
    use super::super::script::Script;
    use super::*;

    #[test]
    fn dates_before_which_are_found_as_written() {
        for (text, expected) in [
            ("年底前上线十项", Some("年底前")),
            ("新建3处，11月底前开放", Some("11月底前")),
            ("2031 年底前建成", Some("2031年底前")),
            ("在2031年10月30日前完成", Some("2031年10月30日前")),
            ("在2031年年底前完成", Some("2031年年底前")),
            ("每月25日前报送", Some("每月25日前")),
            ("2031年1月1日前已登记的企业", None),
            ("2031年前三季度完成八成", None),
            ("9月前3个月", None),
            ("2031年前列", None),
            ("10月底前3个项目完工", Some("10月底前")),
            ("2031年前三季度完成八成，年底前全部完成", Some("年底前")),
            ("十日内答复", None),
            ("缓缴期至2031年12月31日。", None),
            ("到2035年，基本实现", None),
            ("2031年1月1日至12月31日，可返还", None),
        ] {
            assert_eq!(in_text(Script::new(text).piece()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn cells_are_deadlines_or_blank() {
        assert_eq!(cell(Script::new(" / ").piece()), None);
        assert_eq!(cell(Script::new(" 持续推进 ").piece()).as_deref(), Some("持续推进"));
        for (text, expected) in
            [("持续推进", true), ("1月31日前", true), ("7月下旬", true), ("区水利局", false), ("A类", false)]
        {
            assert_eq!(is_deadline(Script::new(text).piece()), expected, "{text}");
        }
    }
}
