//! Numbers made of digits: phones, resident IDs, cards. One scan gathers runs of digits (ASCII and Chinese, with up to
//! three blanks or dashes between groups); each run is then read group by group from the left.

use super::edits::Edits;
use super::run::{CARD_DIGITS_MIN, RUN_DIGITS_MIN, Run};
use super::{CARD, PHONE};

/// Blanks and dashes allowed between two groups of one number.
const GAP_CHARACTERS_MAX: usize = 3;
/// Words after which 7 or 8 digits are a local landline number.
const PHONE_WORDS: &str = "电话 座机 热线 手机 传真 固话 拨打 致电 联系方式 联系 电联 tel Tel TEL";

/// Replaces phones, IDs and cards; `None` when there is none.
pub(super) fn mask_digits(text: &str) -> Option<String> {
    let mut scan = Scan { text, edits: Edits::new(text), run: Run::default(), phone_end: None };
    let mut characters = text.char_indices().peekable();
    let mut gap = 0;
    while let Some((at, c)) = characters.next() {
        if let Some((value, chinese)) = digit(c) {
            scan.run.push(at, c.len_utf8(), value, chinese, gap);
            gap = 0;
        } else if scan.run.groups.is_empty() {
        } else if is_gap(c) && gap < GAP_CHARACTERS_MAX {
            gap += 1;
        } else {
            let check = matches!(c, 'X' | 'x')
                && gap <= 1
                && !characters.peek().is_some_and(|(_, next)| next.is_ascii_alphanumeric());
            if check {
                scan.run.add_check(at);
            } else if c == '年' && gap == 0 {
                scan.run.split_year();
            }
            scan.resolve();
            gap = 0;
        }
    }
    scan.resolve();
    scan.edits.finish()
}

/// Value as an ASCII digit, and whether it was written in Chinese.
fn digit(c: char) -> Option<(u8, bool)> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some((c as u8, false));
    }
    let value = match c {
        '〇' | '零' | '○' => b'0',
        '一' | '壹' | '幺' => b'1',
        '二' | '贰' => b'2',
        '三' | '叁' => b'3',
        '四' | '肆' => b'4',
        '五' | '伍' => b'5',
        '六' | '陆' => b'6',
        '七' | '柒' => b'7',
        '八' | '捌' => b'8',
        '九' | '玖' => b'9',
        _ => return None,
    };
    Some((value, true))
}

/// A closing bracket counts for `(0731)8888…`.
fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '-' | '_' | '·' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

struct Scan<'t> {
    text: &'t str,
    edits: Edits<'t>,
    run: Run,
    /// Where the last phone number ended, for lists of them.
    phone_end: Option<usize>,
}

impl Scan<'_> {
    fn resolve(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.digits.len() >= RUN_DIGITS_MIN {
            self.read(&run);
        }
        self.run = run;
        self.run.digits.clear();
        self.run.groups.clear();
    }

    fn read(&mut self, run: &Run) {
        let mut at = 0;
        let mut unread = 0;
        while at < run.groups.len() {
            if let Some((end, token)) = run.number_at(at) {
                self.leave(run, unread, at);
                self.replace(run, at, end, token);
                (at, unread) = (end, end);
            } else if let Some(end) = run.local(at).filter(|end| self.follows_phone_word(run, at, *end)) {
                self.leave(run, unread, at);
                self.replace(run, at, end, PHONE);
                (at, unread) = (end, end);
            } else if let Some(end) = run.date(at) {
                self.leave(run, unread, at);
                (at, unread) = (end, end);
            } else {
                at += 1;
            }
        }
        self.leave(run, unread, at);
    }

    /// Groups that are no number each may be one together.
    fn leave(&mut self, run: &Run, from: usize, to: usize) {
        if run.slice(from, to).len() >= CARD_DIGITS_MIN {
            self.replace(run, from, to, CARD);
        }
    }

    fn replace(&mut self, run: &Run, from: usize, to: usize, token: &str) {
        let (Some(first), Some(last)) = (run.groups.get(from), to.checked_sub(1).and_then(|at| run.groups.get(at)))
        else {
            return;
        };
        let before = self.text.get(..first.start).unwrap_or_default();
        let bracket =
            self.text.get(first.start..last.end).is_some_and(|inner| inner.contains(')')) && before.ends_with('(');
        let plus = token == PHONE && before.ends_with('+');
        let start = if bracket || plus { first.start - 1 } else { first.start };
        self.edits.replace(start, last.end, token);
        if token == PHONE {
            self.phone_end = Some(last.end);
        }
    }

    fn follows_phone_word(&self, run: &Run, from: usize, to: usize) -> bool {
        let (Some(first), Some(last)) = (run.groups.get(from), to.checked_sub(1).and_then(|at| run.groups.get(at)))
        else {
            return false;
        };
        let counted =
            self.text.get(last.end..).is_some_and(|after| after.starts_with(['元', '次', '万', '年', '个', '.']));
        let listed = self.phone_end.and_then(|end| self.text.get(end..first.start)).is_some_and(|between| {
            between.len() <= 6 && between.chars().all(|c| matches!(c, '、' | ',' | '/' | ';' | '或' | '和' | ' '))
        });
        let before = self.text.get(..first.start).unwrap_or_default();
        let before = before.trim_end_matches([':', ' ', '(', '-', '是', '为', '号', '码']);
        !counted && (listed || PHONE_WORDS.split(' ').any(|word| before.ends_with(word)))
    }
}
