//! Reading the times that sources write.

use huiyin_domain::{BEIJING, whole_micros};
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::Refused;

/// 1990-01-01T00:00:00+08:00: nothing online is older; an earlier time is a mistaken one.
const EARLIEST_SECOND: i64 = 631_123_200;
/// A source's clock may be ahead by this much, one day.
const AHEAD_SECONDS_MAX: i64 = 86_400;
/// Numbers below are seconds since 1970, numbers from here to 1000 times it milliseconds.
const SECONDS_BELOW: f64 = 1e11;

const FORMS: &str = "写成 2026-03-05 14:30、2026/3/5 14:30、2026年3月5日14时30分、2026-03-05T14:30:00+08:00 或 1970 年以来的秒数、毫秒数";

/// Reads a time; without a zone it is Beijing's.
///
/// # Errors
/// Unreadable, before 1990, or more than a day after `received_at`.
pub(crate) fn parse_time(raw: &str, received_at: Timestamp) -> Result<Timestamp, Refused> {
    let text: String = raw.trim().chars().map(narrow).collect();
    let at = read(&text).ok_or_else(|| Refused::new("time", "时间（time）读不懂", FORMS))?;
    if at.as_second() < EARLIEST_SECOND {
        return Err(Refused::new("time", "时间（time）早于 1990 年", "检查年份；没有发布时间就不写这一项"));
    }
    if at.as_second() > received_at.as_second().saturating_add(AHEAD_SECONDS_MAX) {
        let reason = "时间（time）在未来，比收到时晚一天以上";
        return Err(Refused::new("time", reason, "检查年份、时区和来源的时钟；没有发布时间就不写这一项"));
    }
    Ok(whole_micros(at))
}

/// Full-width digits and signs as ASCII.
fn narrow(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other => other,
    }
}

fn read(text: &str) -> Option<Timestamp> {
    if let Some(at) = epoch(text) {
        return Some(at);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    local(text)?.to_zoned(BEIJING.to_time_zone()).ok().map(|zoned| zoned.timestamp())
}

fn epoch(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    // Eight digits are a date run together, not a time in 1970 to 1973.
    if !(1e8..SECONDS_BELOW * 1000.0).contains(&number) {
        return None;
    }
    let seconds = if number < SECONDS_BELOW { number } else { number / 1000.0 };
    #[expect(clippy::cast_possible_truncation, reason = "below 1e11 seconds, so below 1e17 microseconds")]
    let micros = (seconds * 1e6).round() as i64;
    Timestamp::from_microsecond(micros).ok()
}

/// `2026-03-05`, `2026/3/5`, `2026.3.5` or `2026年3月5日`, then perhaps a time of day after a space or `T`.
fn local(text: &str) -> Option<DateTime> {
    let mut rest = Cursor { text };
    let year = rest.number(4, 4)?;
    let separator = rest.one_of(&['-', '/', '.', '年'])?;
    let month = rest.number(1, 2)?;
    rest.one_of(if separator == '年' { &['月'] } else { std::slice::from_ref(&separator) })?;
    let day = rest.number(1, 2)?;
    if separator == '年' {
        rest.one_of(&['日', '号'])?;
    }
    let spaced = rest.spaces() || rest.one_of(&['T', 't']).is_some();
    let (mut hour, mut minute, mut second) = (0, 0, 0);
    if !rest.text.is_empty() {
        if !spaced && separator != '年' {
            return None;
        }
        hour = rest.number(1, 2)?;
        let colon = rest.one_of(&[':', '时', '点'])?;
        if colon == ':' || !rest.text.is_empty() {
            minute = rest.number(1, 2)?;
            let more = if colon == ':' { rest.one_of(&[':']) } else { Some(rest.one_of(&['分'])?) };
            if more.is_some() && !(rest.text.is_empty() && colon != ':') {
                second = rest.number(1, 2)?;
                if colon == ':' {
                    rest.fraction()?;
                } else {
                    rest.one_of(&['秒'])?;
                }
            }
        }
    }
    if !rest.text.is_empty() {
        return None;
    }
    DateTime::new(
        year,
        month.try_into().ok()?,
        day.try_into().ok()?,
        hour.try_into().ok()?,
        minute.try_into().ok()?,
        second.try_into().ok()?,
        0,
    )
    .ok()
}

/// What is left to read.
struct Cursor<'a> {
    text: &'a str,
}

impl Cursor<'_> {
    fn number(&mut self, digits_min: usize, digits_max: usize) -> Option<i16> {
        let digits = self.text.bytes().take(digits_max).take_while(u8::is_ascii_digit).count();
        if digits < digits_min {
            return None;
        }
        let (number, rest) = self.text.split_at_checked(digits)?;
        self.text = rest;
        number.parse().ok()
    }

    fn one_of(&mut self, wanted: &[char]) -> Option<char> {
        let first = self.text.chars().next().filter(|first| wanted.contains(first))?;
        self.text = self.text.get(first.len_utf8()..)?;
        Some(first)
    }

    fn spaces(&mut self) -> bool {
        let rest = self.text.trim_start();
        let any = rest.len() < self.text.len();
        self.text = rest;
        any
    }

    /// Fractions of a second are dropped: nobody writes them by hand, and programs write zones with them.
    fn fraction(&mut self) -> Option<()> {
        if self.one_of(&['.']).is_some() {
            let rest = self.text.trim_start_matches(|character: char| character.is_ascii_digit());
            if rest.len() == self.text.len() {
                return None;
            }
            self.text = rest;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-10T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn forms() {
        let table = [
            ("2026-03-05T14:30:00+08:00", "2026-03-05T06:30:00Z"),
            ("2026-03-05T06:30:00Z", "2026-03-05T06:30:00Z"),
            ("2026-03-05T06:30:00.123456Z", "2026-03-05T06:30:00.123456Z"),
            ("2026-03-05T14:30:00", "2026-03-05T06:30:00Z"),
            ("2026-03-05T14:30:00.5", "2026-03-05T06:30:00Z"),
            ("2026-03-05 14:30", "2026-03-05T06:30:00Z"),
            ("2026-03-05 14:30:07", "2026-03-05T06:30:07Z"),
            ("2026/3/5 14:30", "2026-03-05T06:30:00Z"),
            ("2026/3/5 4:30:00", "2026-03-04T20:30:00Z"),
            ("2026.3.5", "2026-03-04T16:00:00Z"),
            ("2026-03-05", "2026-03-04T16:00:00Z"),
            ("2026年3月5日 14时30分", "2026-03-05T06:30:00Z"),
            ("2026年03月05日14时30分05秒", "2026-03-05T06:30:05Z"),
            ("2026年3月5日14点", "2026-03-05T06:00:00Z"),
            ("2026年3月5日14:30", "2026-03-05T06:30:00Z"),
            ("2026年3月5日", "2026-03-04T16:00:00Z"),
            ("２０２６－０３－０５　１４：３０", "2026-03-05T06:30:00Z"),
            (" 1772692200 ", "2026-03-05T06:30:00Z"),
            ("1772692200000", "2026-03-05T06:30:00Z"),
            ("1772692200.25", "2026-03-05T06:30:00.25Z"),
            ("1989-12-31 23:59", "早于 1990 年"),
            ("1990-01-01 00:00", "1989-12-31T16:00:00Z"),
            ("2026-03-11 15:59", "2026-03-11T07:59:00Z"),
            ("2026-03-11 16:01", "在未来"),
            ("2062-03-05 14:30", "在未来"),
            ("9999999999999", "在未来"),
            ("2026-02-30 10:00", "读不懂"),
            ("2026-03-05 24:30", "读不懂"),
            ("2026-03/05", "读不懂"),
            ("2026-03-0514:30", "读不懂"),
            ("2026-03-05 14", "读不懂"),
            ("2026-03-05 14:30:", "读不懂"),
            ("2026-03-05 14:30 下午", "读不懂"),
            ("05-03-2026", "读不懂"),
            ("20260305", "读不懂"),
            ("昨天", "读不懂"),
            ("1.2.3", "读不懂"),
            ("", "读不懂"),
        ];
        for (raw, expected) in table {
            match parse_time(raw, now()) {
                Ok(at) => assert_eq!(at.to_string(), expected, "{raw:?}"),
                Err(refused) => assert!(refused.reason.contains(expected), "{raw:?}: {refused}"),
            }
        }
    }

    #[test]
    fn garbage_never_panics() {
        let pieces =
            ["2026", "年", "-", "/", "3", "月", "日", "T", ":", "时", "分", ".", "Z", "+08", "９", "\u{0}", "😀"];
        let mut seed: u64 = 7;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..8 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let index = usize::try_from(seed >> 33).unwrap() % pieces.len();
                text.push_str(pieces[index]);
            }
            let _ = parse_time(&text, now());
        }
    }
}
