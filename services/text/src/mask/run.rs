//! One run of digits in groups, and what can be read from a group on.

use super::numbers::{is_mobile, is_resident_id, number};
use super::{CARD, ID, PHONE};

/// From here on a number is taken for a card whatever stands around it.
pub(super) const CARD_DIGITS_MIN: usize = 13;
/// Digits of a resident ID before its check character.
const ID_DIGITS: usize = 17;
/// A local landline number has at most so many.
const LOCAL_DIGITS_MAX: usize = 8;
/// No rule needs fewer digits than a local landline number has.
pub(super) const RUN_DIGITS_MIN: usize = 7;

#[derive(Default)]
pub(super) struct Run {
    /// All digits of the run, in ASCII; the check character of an ID is the last.
    pub(super) digits: Vec<u8>,
    pub(super) groups: Vec<Group>,
}

pub(super) struct Group {
    /// Bytes of the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Indices into the run's digits.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) chinese: bool,
}

impl Group {
    fn len(&self) -> usize {
        self.to - self.from
    }
}

impl Run {
    pub(super) fn push(&mut self, at: usize, bytes: usize, value: u8, chinese: bool, gap: usize) {
        let from = self.digits.len();
        self.digits.push(value);
        match self.groups.last_mut() {
            Some(group) if gap == 0 && group.chinese == chinese => {
                group.end = at + bytes;
                group.to = from + 1;
            }
            _ => self.groups.push(Group { start: at, end: at + bytes, from, to: from + 1, chinese }),
        }
    }

    /// An X behind the run is the check character of an ID where the groups before it make up the rest of one, or
    /// where the last group is as long. Behind a shorter number it says nothing (2019-05-01 13800138000X).
    pub(super) fn add_check(&mut self, at: usize) {
        let ends_id = |group: &Group| {
            let digits = self.digits.get(group.from..).unwrap_or_default();
            digits.len() == ID_DIGITS && is_resident_id(&[digits, b"X"].concat())
        };
        let checks = self.groups.iter().any(ends_id);
        if let Some(group) = self.groups.last_mut()
            && !group.chinese
            && (checks || group.len() >= ID_DIGITS)
        {
            self.digits.push(b'X');
            group.to += 1;
            group.end = at + 1;
        }
    }

    /// 138…2019年: a date written right after a number. What is no number without its last four digits is not cut: a card of
    /// thirteen digits may end like a year.
    pub(super) fn split_year(&mut self) {
        let Some(group) = self.groups.last_mut() else { return };
        let year = self.digits.get(group.to.saturating_sub(4)..).unwrap_or_default();
        if group.chinese || group.len() < RUN_DIGITS_MIN + 4 || !(year.starts_with(b"19") || year.starts_with(b"20")) {
            return;
        }
        let (end, to) = (group.end, group.to);
        group.end -= 4;
        group.to -= 4;
        let split = Group { start: group.end, end, from: group.to, to, chinese: false };
        let head = self.groups.len() - 1;
        if self.len(head) > LOCAL_DIGITS_MAX && self.whole(head).is_none() {
            if let Some(group) = self.groups.last_mut() {
                (group.end, group.to) = (end, to);
            }
            return;
        }
        self.groups.push(split);
    }

    fn len(&self, group: usize) -> usize {
        self.groups.get(group).map_or(0, Group::len)
    }

    /// Digits of groups `from..to`.
    pub(super) fn slice(&self, from: usize, to: usize) -> &[u8] {
        let (Some(first), Some(last)) = (self.groups.get(from), to.checked_sub(1).and_then(|at| self.groups.get(at)))
        else {
            return &[];
        };
        self.digits.get(first.from..last.to).unwrap_or_default()
    }

    /// The group after those from `from` on that hold exactly `digits` digits together.
    fn reach(&self, from: usize, digits: usize) -> Option<usize> {
        let mut total = 0;
        for at in from..self.groups.len() {
            total += self.len(at);
            if total >= digits {
                return (total == digits).then_some(at + 1);
            }
        }
        None
    }

    /// The group after a date that starts at `from`: year, year and month, year, month and day, or all in one.
    pub(super) fn date(&self, from: usize) -> Option<usize> {
        let group = self.slice(from, from + 1);
        let in_range = |at: usize, max: u32| {
            self.len(at) <= 2 && number(self.slice(at, at + 1), 0, self.len(at)).is_some_and(|n| (1..=max).contains(&n))
        };
        if !matches!(group, [b'1', b'9', ..] | [b'2', b'0', ..]) {
            return None;
        }
        let month = |from| number(group, from, 2).is_some_and(|n| (1..=12).contains(&n));
        match group.len() {
            8 => (month(4) && number(group, 6, 2).is_some_and(|n| (1..=31).contains(&n))).then_some(from + 1),
            6 => month(4).then_some(from + 1),
            4 if !in_range(from + 1, 12) => Some(from + 1),
            4 if !in_range(from + 2, 31) => Some(from + 2),
            4 => Some(from + 3),
            _ => None,
        }
    }

    /// Whether groups `from..to` are nothing but dates.
    fn are_dates(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at < to {
            match self.date(at) {
                Some(next) => at = next,
                None => return false,
            }
        }
        true
    }

    /// A number that starts at group `from`: the group after it, and its token.
    pub(super) fn number_at(&self, from: usize) -> Option<(usize, &'static str)> {
        self.whole(from).or_else(|| self.grouped(from))
    }

    /// Numbers written without gaps.
    fn whole(&self, at: usize) -> Option<(usize, &'static str)> {
        let group = self.groups.get(at)?;
        let digits = self.slice(at, at + 1);
        let token = match digits.len() {
            _ if is_mobile(digits) => PHONE,
            _ if is_resident_id(digits) => ID,
            10..=12 if digits.starts_with(b"0") && !digits.starts_with(b"00") => PHONE,
            11.. if group.chinese && digits.get(..11).is_some_and(is_mobile) => PHONE,
            13.. if ["86", "086", "0086"]
                .iter()
                .any(|code| digits.strip_prefix(code.as_bytes()).is_some_and(is_mobile)) =>
            {
                PHONE
            }
            CARD_DIGITS_MIN.. => CARD,
            _ => return None,
        };
        Some((at + 1, token))
    }

    /// Numbers written in groups.
    fn grouped(&self, from: usize) -> Option<(usize, &'static str)> {
        let first = self.slice(from, from + 1);
        if matches!(first, b"86" | b"086" | b"0086")
            && let Some(end) = self.reach(from + 1, 11)
            && is_mobile(self.slice(from + 1, end))
        {
            return Some((end, PHONE));
        }
        // An area code; four zeros are how some exports hide one.
        if matches!(first.len(), 3 | 4)
            && first.starts_with(b"0")
            && self.len(from + 1) >= 3
            && let Some(end) = self.reach(from + 1, 7).or_else(|| self.reach(from + 1, 8))
            && end - from <= 4
        {
            return Some((end, PHONE));
        }
        let id = [18, 15]
            .into_iter()
            .filter_map(|digits| self.reach(from, digits))
            .find(|end| is_resident_id(self.slice(from, *end)));
        if let Some(end) = id.filter(|end| !self.are_dates(from, *end)) {
            return Some((end, ID));
        }
        if let Some(end) = self.reach(from, 11)
            && is_mobile(self.slice(from, end))
            && !self.are_dates(from, end)
        {
            return Some((end, PHONE));
        }
        self.card(from).or_else(|| self.bank_card(from)).map(|end| (end, CARD))
    }

    /// Three or more groups of four and a rest, as cards are printed; or the bank's part and the rest.
    fn card(&self, from: usize) -> Option<usize> {
        let halves = (4..=8).contains(&self.len(from)) && self.len(from + 1) >= 8 && self.date(from).is_none();
        let other = self.whole(from + 1).is_some_and(|(_, token)| token != CARD);
        if halves && !other && (16..=19).contains(&(self.len(from) + self.len(from + 1))) {
            return Some(from + 2);
        }
        let fours = (from..self.groups.len()).take(4).take_while(|at| self.len(*at) == 4).count();
        let mut end = from + fours;
        let mut total = fours * 4;
        if fours < 3 || self.date(from).is_some() {
            return None;
        }
        if self.groups.len() > end && total + self.len(end) <= 19 {
            total += self.len(end);
            end += 1;
        }
        (total >= CARD_DIGITS_MIN).then_some(end)
    }

    /// All that is left, where it begins as cards of this country do and is as long: 62….
    fn bank_card(&self, from: usize) -> Option<usize> {
        let rest = self.slice(from, self.groups.len());
        (rest.starts_with(b"62") && (14..=19).contains(&rest.len())).then_some(self.groups.len())
    }

    /// Seven or eight digits in one or two groups, other than the start of a service number (400, 800), or each alone.
    pub(super) fn local(&self, from: usize) -> Option<usize> {
        if matches!(self.len(from), 7 | 8) {
            return Some(from + 1);
        }
        if let Some(end) = [8, 7].iter().find_map(|digits| self.reach(from, *digits))
            && (from..end).all(|at| self.len(at) == 1)
        {
            return Some(end);
        }
        let end = self.reach(from, 8).or_else(|| self.reach(from, 7)).filter(|end| end - from <= 2)?;
        let service = end - from == 2 && matches!(self.slice(from, from + 1), b"400" | b"800");
        (self.len(from) >= 3 && !service).then_some(end)
    }
}
