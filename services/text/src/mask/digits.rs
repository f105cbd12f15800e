//! Numbers made of digits: phones, resident IDs, cards. One scan gathers runs of digits (ASCII and Chinese, with up to
//! three blanks or dashes between groups); each run is then read group by group from the left.

use super::edits::Edits;
use super::labelled::LISTS;
use super::letters::{GAP_CHARACTERS_MAX, Letters, Signs};
use super::numbers::has_valid_checksum;
use super::run::{CARD_DIGITS_MIN, RUN_DIGITS_MIN, Run};
use super::{CARD, PHONE};

/// Digits written in Chinese.
pub(super) const NUMERALS: &str = "〇零○一壹幺二贰三叁四肆五伍六陆七柒八捌九玖";
/// A number right before one of these is an amount.
const AMOUNTS: [&str; 19] = [
    "韩元",
    "日元",
    "英镑",
    "元",
    "块",
    "万",
    "亿",
    "平方",
    "平米",
    "㎡",
    "m2",
    "吨",
    "公斤",
    "千瓦",
    "公里",
    "亩",
    "美元",
    "港元",
    "人民币",
];
/// Numbers of text messages from services begin so.
const MESSAGES: &[u8] = b"106";
/// So do the numbers under which parcel and food services hide a customer's phone; fifteen digits.
const HIDDEN: &[u8] = b"700";
const HIDDEN_DIGITS: usize = 15;

/// Whether a run is long enough for any number.
pub(super) fn may_hold(_: &Letters, signs: &Signs) -> bool {
    signs.run >= RUN_DIGITS_MIN
}

/// Replaces phones, IDs and cards; `None` when there is none.
pub(super) fn mask_digits(text: &str) -> Option<String> {
    let mut scan = Scan { text, edits: Edits::new(text), run: Run::default(), phone_end: None, kept_end: None };
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

const BEFORE_BYTES_MAX: usize = 96;
/// Letters of a code of a paper at least.
const CODE_LETTERS_MIN: usize = 2;

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
    /// Where the last number ended that stays.
    kept_end: Option<usize>,
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
        let after = self.text.get(last.end..).unwrap_or_default();
        let digits = run.slice(from, to);
        let listed = self.kept_end.and_then(|end| self.text.get(end..first.start)).is_some_and(is_between);
        let kept = is_kept(before) || listed || ((token == CARD || digits.starts_with(b"0")) && is_code(before));
        if !has_valid_checksum(digits) && (kept || (to - from == 1 && is_amount(digits, after))) {
            self.kept_end = Some(last.end);
            return;
        }
        let token = if digits.len() == HIDDEN_DIGITS && digits.starts_with(HIDDEN) { PHONE } else { token };
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
        let before = self.text.get(..first.start).unwrap_or_default();
        let near = tail(before);
        let behind_token = near.rfind(PHONE).map(|at| before.len() - near.len() + at + PHONE.len());
        let listed =
            self.phone_end.max(behind_token).and_then(|end| self.text.get(end..first.start)).is_some_and(is_between);
        let plain = before.trim_end_matches([':', ' ', '(', '-', '是', '为', '的', '"', '就', ',', '号', '码']);
        !counted && !is_kept(before) && (listed || LISTS.ends("phone", plain))
    }
}

/// The last of a text, as far as words before a number are looked for; so no text takes more than linear time.
fn tail(before: &str) -> &str {
    before.get(before.floor_char_boundary(before.len().saturating_sub(BEFORE_BYTES_MAX))..).unwrap_or(before)
}

/// Whether nothing but what parts two numbers of a list stands there.
fn is_between(text: &str) -> bool {
    text.len() <= 6 && text.chars().all(|c| matches!(c, '、' | ',' | '/' | ';' | '或' | '和' | '与' | ' '))
}

/// Whether letters join a number to a code, as papers have them (XF3601…), other than the names of banks and of what it is.
/// One letter alone may also be the end of a plate, or slipped in before the number of a resident.
fn is_code(before: &str) -> bool {
    const BEFORE_CARDS: [&str; 14] =
        ["ID", "NO", "SFZ", "CARD", "ICBC", "ABC", "CCB", "BOC", "BCM", "PSBC", "CMB", "TEL", "QQ", "IBAN"];
    let before = tail(before).trim_end_matches('-');
    let letters = before.bytes().rev().take_while(u8::is_ascii_uppercase).count();
    let (rest, word) = before.split_at_checked(before.len() - letters).unwrap_or((before, ""));
    let begins = !rest.ends_with(|c: char| c.is_ascii_alphanumeric());
    begins && letters >= CODE_LETTERS_MIN && !BEFORE_CARDS.iter().any(|known| word.ends_with(known))
}

/// Whether the words before a number say that it is one of a paper, a thing or goods, or it goes on behind a point.
fn is_kept(before: &str) -> bool {
    let decimal = before.strip_suffix('.').is_some_and(|whole| whole.ends_with(|c: char| c.is_ascii_digit()));
    let links: &[char] = &[':', ' ', '#', '(', '[', '【', '】', '"', '“', '-', '为', '是', '〔', '号', '码', '》'];
    let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
    let marks: &[char] = &[':', ' ', '-'];
    let before = tail(before);
    let stem = before.trim_end_matches(links).trim_end_matches(latin);
    let plain = stem.trim_end_matches(links);
    let named = |text: &str| LISTS.ends("kept", text) && !LISTS.ends("personal", text) && !LISTS.ends("permits", text);
    decimal
        || [before.trim_end_matches(marks), stem.trim_end_matches(marks), plain]
            .into_iter()
            .any(|text| named(text) || named(&text.to_ascii_lowercase()))
}

fn is_amount(digits: &[u8], after: &str) -> bool {
    let message = digits.starts_with(MESSAGES) && (11..=16).contains(&digits.len());
    let fraction = after.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let after = fraction.filter(|rest| (after.len() - rest.len()).abs_diff(2) <= 1).unwrap_or(after);
    message || (AMOUNTS.iter().any(|word| after.starts_with(word)) && !after.starts_with("元旦"))
}
