//! The head of a document: title, own number, issuer and date. Numbers and dates of papers it cites are not its own.

use super::lexicon::Lexicon;
use super::script::{Piece, Script};

/// What stands at the head of a document, as far as it is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) title: Option<String>,
    pub(super) doc_number: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) date: Option<String>,
}

/// How much of a document may be its head, and how much its end with a signature, in characters.
const HEAD_CHARS_MAX: usize = 6_000;
const TAIL_CHARS_MAX: usize = 1_500;

/// Reads the head. `front` is the text before the first item or table, `whole` all of it.
pub(super) fn read(front: Piece<'_>, whole: Piece<'_>, lexicon: &Lexicon) -> Head {
    let front = front.to(HEAD_CHARS_MAX);
    let rest_start = whole.len().saturating_sub(TAIL_CHARS_MAX).max(front.len());
    let tail = whole.from(rest_start);
    let mut signatures = signatures(front, lexicon);
    signatures.extend(self::signatures(tail, lexicon).into_iter().rev());
    let signed = signatures.iter().find(|signature| !signature.printed);
    let announced = announcement(front);
    let labelled = |labels: &[&str]| labels.iter().find_map(|label| value(front, label)).filter(|value| !value.is_empty());
    let name = |written: String| {
        let script = Script::new(&written);
        lexicon.is_name(script.piece()).then_some(written)
    };
    let issuer = labelled(&["发文机关", "发文单位", "制发机关"])
        .and_then(name)
        .or_else(|| signed.and_then(|signature| signature.name.clone()))
        .or_else(|| announced.as_ref().and_then(|announcement| announcement.issuer.clone()).and_then(name))
        .or_else(|| letterhead(front, lexicon))
        .or_else(|| signatures.iter().find_map(|signature| signature.name.clone()))
        .or_else(|| labelled(&["发布机构", "发布单位"]).and_then(name));
    let date = signed
        .map(|signature| signature.date.clone())
        .or_else(|| labelled(&["成文日期", "发文日期", "印发日期", "生成日期"]).and_then(|value| date_of(&value)))
        .or_else(|| signatures.first().map(|signature| signature.date.clone()))
        .or_else(|| labelled(&["发布日期", "发布时间", "日期", "时间"]).and_then(|value| date_of(&value)));
    let title = announced
        .map(|announcement| announcement.title)
        .or_else(|| titled_line(front))
        .or_else(|| labelled(&["标题"]));
    Head { title, doc_number: number(front), issuer, date }
}

/// The value after a label and colon, up to a gap. The label may be spaced out (标 题：).
fn value(front: Piece<'_>, label: &str) -> Option<String> {
    for line in front.split(|c| c == '\n') {
        let Some(start) = spaced(line, label) else { continue };
        let rest = line.from(start).trim_start();
        let rest = rest.strip_prefix(":").unwrap_or(rest).trim_start();
        let end = rest.position(char::is_whitespace).unwrap_or(rest.len());
        if end > 0 {
            return Some(rest.to(end).written());
        }
    }
    None
}

/// Where a label, its characters perhaps spaced out, ends in a line.
fn spaced(line: Piece<'_>, label: &str) -> Option<usize> {
    if let Some(start) = line.find(label) {
        return Some(start + label.chars().count());
    }
    let first = label.chars().next()?;
    let mut at = line.position(|c| c == first)?;
    for c in label.chars() {
        while line.at(at) == Some(' ') {
            at += 1;
        }
        if line.at(at) != Some(c) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

struct Announcement {
    issuer: Option<String>,
    title: String,
}

const KINDS: &[&str] =
    &["的通知", "的指导意见", "的实施意见", "的若干意见", "的意见", "的决定", "的函", "的通报", "实施意见", "指导意见", "若干意见", "若干措施"];

/// 某机关关于印发《某方案》的通知: the plan is the title. Without 印发 the whole is.
fn announcement(front: Piece<'_>) -> Option<Announcement> {
    const TITLE_CHARS_MAX: usize = 100;
    let mut from = 0;
    while let Some(index) = front.from(from).find("关于").map(|index| from + index) {
        from = index + 2;
        // a paper cited in the text stands in quotes
        let before = front.slice(index.saturating_sub(40), index);
        if before.rposition(|c| c == '《').is_some_and(|open| before.rposition(|c| c == '》').is_none_or(|close| close < open)) {
            continue;
        }
        let compacted = front.slice(index, index + TITLE_CHARS_MAX).compact();
        let rest = compacted.piece();
        let Some(end) = KINDS.iter().filter_map(|kind| rest.find(kind).map(|at| at + kind.chars().count())).min() else { continue };
        if rest.to(end).has("。;:") {
            continue;
        }
        let prefix = run_before(front, index);
        let issuer = (prefix.len() >= 3).then(|| prefix.compact().piece().written());
        let whole = format!("{}{}", issuer.clone().unwrap_or_default(), rest.to(end).written());
        let title = rest.to(end).strip_any_prefix(&["关于印发", "关于下达", "关于转发", "关于发布"]).and_then(|inner| {
            let inner = inner.strip_suffix("的通知")?;
            let inner = inner.strip_prefix("《").and_then(|inner| inner.strip_suffix("》")).unwrap_or(inner);
            (inner.len() > 3).then(|| inner.written())
        });
        return Some(Announcement { issuer, title: title.unwrap_or(whole) });
    }
    None
}

/// The Chinese characters before a place, back to a mark, a gap or the end of another phrase that a lost line end glued on.
/// White space right before the place is passed over.
fn run_before(piece: Piece<'_>, end: usize) -> Piece<'_> {
    let before = piece.slice(end.saturating_sub(80), end);
    let before = before.to(before.len() - before.chars().rev().take_while(|c| c.is_whitespace()).count());
    let start = before.rposition(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)).map_or(0, |index| index + 1);
    let mut run = before.from(start);
    for word in ["文件", "公报", "号", "方案", "要点", "通知", "意见", "分解表", "清单", "标题", "附件", "年"] {
        let length = word.chars().count();
        while let Some(index) = run.find(word) {
            run = run.from(index + length);
        }
    }
    run
}

/// 某机关文件 on a line of its own, or the first line where it is a name.
fn letterhead(front: Piece<'_>, lexicon: &Lexicon) -> Option<String> {
    front.split(|c| c == '\n').into_iter().take(12).find_map(|line| {
        let compacted = line.compact();
        let line = compacted.piece();
        let name = line.strip_suffix("文件")?;
        (name.len() > 3 && lexicon.is_name(name)).then(|| name.written())
    })
}

/// A line that reads as a title.
fn titled_line(front: Piece<'_>) -> Option<String> {
    const ENDS: &[&str] = &["方案", "要点", "意见", "分解表", "任务表", "清单", "计划", "安排", "办法", "细则", "措施", "任务", "分工", "通知", "表"];
    front.split(|c| c == '\n').into_iter().find_map(|line| {
        let compacted = line.compact();
        let line = compacted.piece();
        let ends = ENDS.iter().any(|end| line.ends_with(end));
        (ends && (5..=60).contains(&line.len()) && !line.has("。,:;|")).then(|| line.written())
    })
}

/// The document's own number (云政办〔2031〕3号): the first that is not in brackets and not said to be followed.
fn number(front: Piece<'_>) -> Option<String> {
    let mut depth = 0_i32;
    for (index, c) in front.chars().enumerate() {
        match c {
            '《' => depth += 1,
            '》' => depth -= 1,
            '(' if year_bracket(front, index).is_none() => depth += 1,
            ')' if depth > 0 => depth -= 1,
            '\n' => depth = 0,
            _ => {}
        }
        if !(c == '[' || c == '(') || depth > 0 {
            continue;
        }
        let Some(end) = year_bracket(front, index) else { continue };
        let prefix = number_prefix(front, index);
        let cited = ["按照", "根据", "依据", "贯彻", "落实", "转发", "执行"].iter().any(|word| prefix.contains(word));
        if prefix.len() >= 2 && !cited {
            return Some(format!("{}{}", prefix.written(), front.slice(index, end).compact().piece().written()));
        }
    }
    None
}

/// 〔2031〕3号 from an opening bracket: where it ends.
fn year_bracket(front: Piece<'_>, open: usize) -> Option<usize> {
    let rest = front.slice(open + 1, open + 20);
    let year = rest.to(4);
    if year.len() < 4 || !year.chars().all(|c| c.is_ascii_digit()) || !matches!(rest.at(4), Some(']' | ')')) {
        return None;
    }
    let mut at = 5;
    while rest.at(at).is_some_and(|c| c.is_whitespace() || c == '的' || c == '第') {
        at += 1;
    }
    let digits = rest.from(at).chars().take_while(char::is_ascii_digit).count();
    at += digits;
    while rest.at(at).is_some_and(char::is_whitespace) {
        at += 1;
    }
    (digits > 0 && rest.at(at) == Some('号')).then_some(open + at + 2)
}

/// The characters before the year: the issuing office's short name, without a letterhead that a lost line end glued on.
fn number_prefix(front: Piece<'_>, open: usize) -> Piece<'_> {
    const PREFIX_CHARS_MAX: usize = 7;
    /// Short names of provinces, with which a number may begin.
    const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    let before = front.slice(open.saturating_sub(24), open);
    let start = before.rposition(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)).map_or(0, |index| index + 1);
    let mut run = before.from(start);
    for word in ["文件", "公报", "文号", "字号", "意见", "通知", "方案", "决定", "办法"] {
        while let Some(index) = run.find(word) {
            run = run.from(index + word.chars().count());
        }
    }
    if run.len() > PREFIX_CHARS_MAX && let Some(index) = run.position(|c| PROVINCES.contains(c)) {
        run = run.from(index);
    }
    run
}

struct Signature {
    name: Option<String>,
    date: String,
    /// 印发: the day and the office of printing.
    printed: bool,
}

/// Dates that stand alone or after a name, as a signature does.
fn signatures(region: Piece<'_>, lexicon: &Lexicon) -> Vec<Signature> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < region.len() {
        let Some((date, length)) = date(region.slice(index, index + 20)) else {
            index += 1;
            continue;
        };
        let after = region.from(index + length);
        let gap = after.len() - after.trim_start().len();
        let next = after.trim_start();
        let goes_on = next.first().is_some_and(|c| "前起至到,、以后-—~在的之内".contains(c)) && !after.to(gap).has("\n");
        if !goes_on {
            let name = signer(region, index, lexicon);
            let alone = index == 0 || region.to(index).chars().rev().find(|c| *c != ' ').is_none_or(|c| c == '\n');
            let ends = next.is_empty() || after.to(gap).has("\n");
            if name.is_some() || (alone && ends) {
                found.push(Signature { name, date, printed: next.starts_with("印发") });
            }
        }
        index += length;
    }
    found
}

/// The name before a date: on the line before, or glued to it.
fn signer(region: Piece<'_>, at: usize, lexicon: &Lexicon) -> Option<String> {
    let run = run_before(region, at);
    if run.len() < 3 || !lexicon.is_complete(run) || lexicon.is_name(run) && run.starts_with("各") {
        return None;
    }
    Some(joint(run, lexicon))
}

/// Offices that sign together, run together where line ends were lost: parted where the next begins like the first.
fn joint(run: Piece<'_>, lexicon: &Lexicon) -> String {
    let first = run.to(2).folded();
    let mut names = Vec::new();
    let mut start = 0;
    for index in 4..run.len() {
        let rest = run.from(index);
        if (rest.starts_with(&first) || rest.starts_with("中共")) && lexicon.is_complete(run.slice(start, index)) && index - start > 3 {
            names.push(run.slice(start, index).written());
            start = index;
        }
    }
    names.push(run.from(start).written());
    names.join("、")
}

/// 2031年3月29日, 2031 年 3 月 29 日 or 二〇三一年三月二十九日, as YYYY-MM-DD, and its length.
fn date(piece: Piece<'_>) -> Option<(String, usize)> {
    let year_end = piece.position(|c| c == '年').filter(|end| *end <= 6)?;
    let month_end = year_end + 1 + piece.from(year_end + 1).position(|c| c == '月').filter(|end| *end <= 4)?;
    let day_end = month_end + 1 + piece.from(month_end + 1).position(|c| c == '日').filter(|end| *end <= 5)?;
    if !piece.first()?.is_ascii_digit() && !"二一".contains(piece.first()?) {
        return None;
    }
    let year = amount(piece.to(year_end), true)?;
    let month = amount(piece.slice(year_end + 1, month_end), false)?;
    let day = amount(piece.slice(month_end + 1, day_end), false)?;
    iso(year, month, day).map(|date| (date, day_end + 1))
}

fn iso(year: u32, month: u32, day: u32) -> Option<String> {
    ((1949..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day))
        .then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn amount(piece: Piece<'_>, digits_only: bool) -> Option<u32> {
    let written: String = piece.chars().filter(|c| !c.is_whitespace()).collect();
    if let Ok(value) = written.parse() {
        return Some(value);
    }
    let digit = |c: char| "〇一二三四五六七八九".chars().position(|d| d == c).or((c == '○' || c == '零').then_some(0));
    let mut value = 0_u32;
    for c in written.chars() {
        if c == '十' && !digits_only {
            value = value.max(1).checked_mul(10)?;
            continue;
        }
        let d = u32::try_from(digit(c)?).ok()?;
        value = if digits_only { value.checked_mul(10)?.checked_add(d)? } else { value + d };
    }
    (!written.is_empty()).then_some(value)
}

/// A date of the page's own data: 2031-01-06, or written out.
fn date_of(value: &str) -> Option<String> {
    let script = Script::new(value);
    if let Some((date, _)) = date(script.piece()) {
        return Some(date);
    }
    let mut parts = value.split(['-', '/', '.']).map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>());
    iso(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: [Option<&str>; 4]) {
        let script = Script::new(text);
        let head = read(script.piece(), script.piece(), &Lexicon::new());
        let found = [head.title, head.doc_number, head.issuer, head.date];
        assert_eq!(found, expected.map(|value| value.map(str::to_owned)), "{text}");
    }

    #[test]
    fn heads_are_read() {
        check(
            "云溪区人民政府办公室文件\n云政办〔2031〕3 号\n云溪区人民政府办公室关于印发《云溪区任务分工方案》的通知\n现将方案印发给你们。\n2031年3月1日",
            [Some("云溪区任务分工方案"), Some("云政办〔2031〕3号"), Some("云溪区人民政府办公室"), Some("2031-03-01")],
        );
        check(
            "根据《白石市关于防汛的通知》（白政办〔2030〕8号）精神，现将任务分解表印发给你们。 白石市应急局 2031年6月7日 附件任务分解表",
            [None, None, Some("白石市应急局"), Some("2031-06-07")],
        );
        check("索引号 YX1/2031  发文日期 2031-01-06\n文    号 云政办〔2031〕3号  有 效 性 有效", [
            None,
            Some("云政办〔2031〕3号"),
            None,
            Some("2031-01-06"),
        ]);
        check("甲县水利局\n二〇三一年九月十六日", [None, None, Some("甲县水利局"), Some("2031-09-16")]);
        check("政策执行至2031年12月31日，2031年1月1日起施行。", [None, None, None, None]);
    }
}
