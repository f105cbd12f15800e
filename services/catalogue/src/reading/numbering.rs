//! Numbers of items: 一、 （一） 1. （1）, at the start of a line or, where a page lost its line ends, within one.

use super::script::Piece;

/// Kinds of numbers, outer ones first.
pub(super) const LEVELS: usize = 4;

/// Largest number of an item that is believed.
const VALUE_MAX: usize = 300;

/// A number as it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// 0 for 一、 1 for （一） 2 for 1. 3 for （1）.
    pub(super) level: usize,
    pub(super) value: usize,
    /// From where it stands to where its text begins.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Which numbering of the document: a covering notice, a plan and its annexes each begin at 一、 again.
    pub(super) part: usize,
}

/// Every number that begins an item, in order, by one pass.
///
/// At the start of a line any number counts. Within a line one counts only where it carries on what came before, since
/// prose is full of "统一、" and "1.5"; after the end of a sentence it may also skip one.
pub(super) fn markers(body: Piece<'_>) -> Vec<Marker> {
    let mut state = State::default();
    let mut found: Vec<Marker> = Vec::new();
    let mut line_start = true;
    let mut index = 0;
    while let Some(c) = body.at(index) {
        if c == '\n' {
            line_start = true;
        } else if !c.is_whitespace() {
            if let Some(mut marker) = parse(body, index) {
                let place = if line_start { Place::LineStart } else { place(body, index) };
                if state.accepts(&marker, place, body, found.last()) {
                    state.enter(&mut marker, found.is_empty());
                    index = marker.end;
                    found.push(marker);
                    line_start = false;
                    continue;
                }
            }
            line_start = false;
        }
        index += 1;
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    LineStart,
    /// After the end of a sentence, a bracket or a gap.
    AfterStop,
    Within,
}

#[derive(Default)]
struct State {
    /// The number last read at each level under the present outer one.
    last: [Option<usize>; LEVELS],
    /// The number last read at each level anywhere: numbering may run on under the next heading.
    run: [Option<usize>; LEVELS],
    part: usize,
}

impl State {
    fn accepts(&self, marker: &Marker, place: Place, body: Piece<'_>, before: Option<&Marker>) -> bool {
        if place == Place::LineStart {
            return true;
        }
        let value = marker.value;
        let last = self.last[marker.level];
        let next = match last {
            Some(last) => value == last + 1 || (value == last + 2 && place == Place::AfterStop && marker.level == 2),
            None => {
                value == 1
                    || self.run[marker.level]
                        .is_some_and(|run| value == run + 1 || (value == run + 2 && marker.level == 2))
            }
        };
        // a heading that a new page repeats
        let repeated = || marker.level == 0 && last == Some(value) && before_heading(body, marker, before);
        let restart =
            || marker.level == 0 && value == 1 && (place == Place::AfterStop || after_annex(body, marker.start));
        if marker.level == 0 && value == 1 && place == Place::Within && last.is_none() {
            return !body
                .at(marker.start.wrapping_sub(1))
                .is_some_and(|c| "统唯同之单第专合归划万其惟逐周".contains(c));
        }
        if last.is_some() && value == 1 && marker.level > 0 {
            return false;
        }
        next || (place == Place::AfterStop && repeated()) || restart()
    }

    fn enter(&mut self, marker: &mut Marker, first: bool) {
        if marker.level == 0 && marker.value == 1 && !first && self.last[0].is_some() {
            self.part += 1;
            self.run = [None; LEVELS];
        }
        self.last[marker.level] = Some(marker.value);
        self.run[marker.level] = Some(marker.value);
        for inner in &mut self.last[marker.level + 1..] {
            *inner = None;
        }
        marker.part = self.part;
    }
}

/// Whether the text after the number begins like that of the last item at the outermost level.
fn before_heading(body: Piece<'_>, marker: &Marker, before: Option<&Marker>) -> bool {
    const LOOK_BACK: usize = 1_500;
    let heading = body.slice(marker.end, marker.end + 6);
    let start = before.map_or(0, |before| before.start.saturating_sub(LOOK_BACK));
    heading.len() == 6 && body.slice(start, marker.start).contains(&heading.folded())
}

/// Whether an annex was announced shortly before, or the title of a plan ends here.
fn after_annex(body: Piece<'_>, start: usize) -> bool {
    let before = body.slice(start.saturating_sub(50), start);
    if ["方案", "要点", "分解表", "实施意见", "任务清单", "工作计划", "若干措施", "实施细则"]
        .iter()
        .any(|title| before.ends_with(title))
    {
        return true;
    }
    (0..before.len()).rev().find(|&at| before.from(at).starts_with("附件")).is_some_and(|at| !before.from(at).has("。"))
}

fn place(body: Piece<'_>, index: usize) -> Place {
    match index.checked_sub(1).and_then(|before| body.at(before)) {
        None => Place::LineStart,
        Some(c) if c.is_whitespace() || "。;!?:)]”’…．.".contains(c) => Place::AfterStop,
        Some(_) => Place::Within,
    }
}

fn parse(body: Piece<'_>, start: usize) -> Option<Marker> {
    let rest = body.slice(start, start + 8);
    let first = rest.first()?;
    let before = start.checked_sub(1).and_then(|index| body.at(index));
    let marker = |level, value, length| {
        (1..=VALUE_MAX).contains(&value).then(|| Marker { level, value, start, end: start + length, part: 0 })
    };
    if first == '(' {
        let close = rest.position(|c| c == ')')?;
        let inner = rest.slice(1, close).trim();
        if before == Some('第') || "至项款条".contains(rest.at(close + 1).unwrap_or(' ')) {
            return None;
        }
        if let Some(value) = han_number(inner) {
            return marker(1, value, close + 1);
        }
        let value = digits(inner).filter(|(_, length)| *length == inner.len() && *length < 3)?.0;
        return marker(3, value, close + 1);
    }
    if "一二三四五六七八九十".contains(first) {
        if before.is_some_and(|c| "第一二三四五六七八九十百〇年".contains(c)) {
            return None;
        }
        let length = rest.chars().take_while(|&c| "一二三四五六七八九十".contains(c)).count();
        let stop = rest.at(length)?;
        let dot = stop == '.' && before.is_none_or(|c| c == '\n');
        if !(stop == '、' || dot) || rest.at(length + 1).is_some_and(|c| "一二三四五六七八九十".contains(c))
        {
            return None;
        }
        return marker(0, han_number(rest.to(length))?, length + 1);
    }
    let (value, length) = digits(rest).filter(|(_, length)| *length < 4)?;
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.') {
        return None;
    }
    let stop = rest.at(length)?;
    let after = rest.from(length + 1).trim_start().first();
    let gap = rest.at(length + 1).is_some_and(char::is_whitespace);
    // 1.5 is an amount; 1.2031年底前 is an item that begins with a year
    let year = digits(rest.from(length + 1).trim_start()).is_some_and(|(_, length)| length == 4);
    let number_goes_on =
        after.is_some_and(|c| c.is_ascii_digit()) && !year && !(gap && before.is_none_or(|c| c == '\n'));
    let bracket = stop == ')' && before.is_none_or(|c| c == '\n');
    if bracket {
        return marker(3, value, length + 1);
    }
    ((stop == '.' || stop == '、') && !number_goes_on).then(|| marker(2, value, length + 1)).flatten()
}

fn digits(piece: Piece<'_>) -> Option<(usize, usize)> {
    let length = piece.chars().take_while(char::is_ascii_digit).count();
    let value = piece.to(length).folded().parse().ok()?;
    Some((value, length))
}

fn han_number(piece: Piece<'_>) -> Option<usize> {
    let digit = |c: char| "一二三四五六七八九".chars().position(|d| d == c).map(|index| index + 1);
    let chars: Vec<char> = piece.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        [c] => digit(*c),
        ['十', ones] => digit(*ones).map(|ones| 10 + ones),
        [tens, '十'] => digit(*tens).map(|tens| tens * 10),
        [tens, '十', ones] => Some(digit(*tens)? * 10 + digit(*ones)?),
        _ => None,
    }
}

/// The number as its item's id shows it.
pub(super) fn shown(level: usize, value: usize) -> String {
    let han = |value: usize| {
        let digit =
            |d: usize| "一二三四五六七八九".chars().nth(d.wrapping_sub(1)).map(String::from).unwrap_or_default();
        match (value / 10, value % 10) {
            (0, ones) => digit(ones),
            (1, ones) => format!("十{}", digit(ones)),
            (tens, ones) if tens < 10 => format!("{}十{}", digit(tens), digit(ones)),
            _ => value.to_string(),
        }
    };
    match level {
        0 => han(value),
        1 => format!("（{}）", han(value)),
        3 => format!("（{value}）"),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::Script;
    use super::*;

    fn found(text: &str) -> String {
        let script = Script::new(text);
        let shown: Vec<String> = markers(script.piece()).iter().map(|m| shown(m.level, m.value)).collect();
        shown.join(" ")
    }

    #[test]
    fn numbers_are_found_at_lines_and_within_them() {
        for (text, expected) in [
            ("一、甲\n（一）乙\n1.丙\n2．丁\n二、戊", "一 （一） 1 2 二"),
            ("方案一、甲1.乙。2.丙。二、丁3.戊。", "一 1 2 二 3"),
            ("一、甲。措施：1．2031年底前完成。2．2031年6月底前完成。", "一 1 2"),
            ("一、甲。二、乙。附件1技术文件一、丙", "一 二 一"),
            ("一、甲。二、乙。任务分工方案一、丙（一）丁", "一 二 一 （一）"),
            ("一、甲。坚持统一、规范,占1.5亿,不低于1. 5米。1.乙", "一 1"),
            ("一、甲 （一）乙。按照第（二）项、（三）至（五）项。 （二）丙", "一 （一） （二）"),
            ("二十一、甲\n(十)乙", "二十一 （十）"),
            ("一、甲。\n一、乙。", "一 一"),
            ("一、二、三产业融合", ""),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn a_numbering_that_begins_again_is_another_part() {
        let script = Script::new("一、通知\n二、通知\n一、方案\n（一）甲");
        let parts: Vec<usize> = markers(script.piece()).iter().map(|m| m.part).collect();
        assert_eq!(parts, [0, 0, 1, 1]);
    }
}
