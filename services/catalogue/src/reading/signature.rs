//! Signatures: who signed, and when. Dates a text only speaks of are not the document's.

use super::lexicon::Lexicon;
use super::script::{Piece, Script};

/// A name and a date at the end of a notice.
pub(super) struct Signature {
    pub(super) name: Option<String>,
    pub(super) date: String,
    /// 印发: the day and the office of printing.
    pub(super) printed: bool,
}

/// Dates that stand alone or after a name, as a signature does.
pub(super) fn signatures(region: Piece<'_>, lexicon: &Lexicon) -> Vec<Signature> {
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
        let spoken_of = next.first().is_some_and(|c| "前起至到,、以后-—~在的之内".contains(c))
            || next.starts_with("印发的")
            || next.starts_with("印发《");
        let goes_on = spoken_of && !after.to(gap).has("\n");
        if !goes_on {
            let name = signer(region, index, lexicon);
            let starts = name.is_some() && begins_a_sentence(region, index);
            let alone = index == 0 || region.to(index).chars().rev().find(|c| *c != ' ').is_none_or(|c| c == '\n');
            let ends = next.is_empty() || after.to(gap).has("\n");
            let printed = next.starts_with("印发");
            // a date with more behind it is spoken of, unless what stands before it is a name and nothing else
            if (name.is_some() && (ends || starts)) || (alone && ends) {
                found.push(Signature { name, date, printed });
            }
        }
        index += length;
    }
    found
}

/// Whether what stands right before a date begins a line or a sentence, or behind a phrase that lost its line end.
fn begins_a_sentence(region: Piece<'_>, at: usize) -> bool {
    let run = run_before(region, at);
    let before = region.to(at);
    let before = before.trim_end();
    let before = before.to(before.len() - run.len());
    let gap = before.chars().rev().find(|c| *c != ' ');
    gap.is_none_or(|c| "\n。》);!]".contains(c) || ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// The name before a date: on the line before, or glued to it.
fn signer(region: Piece<'_>, at: usize, lexicon: &Lexicon) -> Option<String> {
    let run = run_before(region, at);
    // 经市政府某日会议同意: spoken of, not signed
    let spoken_of = ["根据", "按照", "依据", "依照", "遵照", "贯彻", "落实"].iter().any(|word| run.starts_with(word))
        || run.position(|c| c == '由').is_some_and(|index| index == 0 || run.at(index - 1) != Some('自'))
        || run.strip_prefix("经").is_some_and(|rest| !rest.first().is_some_and(|c| "济开贸信发".contains(c)));
    if spoken_of || run.len() < 3 || !lexicon.is_complete(run) || lexicon.is_name(run) && run.starts_with("各") {
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
        if (rest.starts_with(&first) || rest.starts_with("中共"))
            && lexicon.is_complete(run.slice(start, index))
            && index - start > 3
        {
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
    let year = i16::try_from(year).ok().filter(|year| (1949..2100).contains(year))?;
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(date.to_string())
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
pub(super) fn date_of(value: &str) -> Option<String> {
    let script = Script::new(value);
    if let Some((date, _)) = date(script.piece()) {
        return Some(date);
    }
    let mut parts =
        value.split(['-', '/', '.']).map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>());
    iso(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)
}

/// The Chinese characters before a place, back to a mark, a gap or the end of another phrase that a lost line end glued on.
/// White space right before the place is passed over.
pub(super) fn run_before(piece: Piece<'_>, end: usize) -> Piece<'_> {
    let before = piece.slice(end.saturating_sub(80), end);
    let before = before.to(before.len() - before.chars().rev().take_while(|c| c.is_whitespace()).count());
    let start = before.rposition(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)).map_or(0, |index| index + 1);
    let mut run = before.from(start);
    for word in ["文件", "公报", "号", "方案", "要点", "通知", "意见", "分解表", "清单", "标题", "附件", "年"]
    {
        let length = word.chars().count();
        while let Some(index) = run.find(word) {
            run = run.from(index + length);
        }
    }
    run
}
