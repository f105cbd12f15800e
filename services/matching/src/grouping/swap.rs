//! Texts nearly alike in which one thing was put for another: 一中要求买校服, 二中要求买校服.
//!
//! Two people do not find the same words by chance. Where they did, one text is a copy, or a form filled in, and what was
//! changed in it is what matters.

use super::told::is_numeral;
use super::words::WORDS;

/// Letters compared: the cost is their square.
const LETTERS_MAX: usize = 100;

/// How two texts lie to each other, letter by letter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Alike {
    /// Twice the letters in common, in order, over all letters: 0 to 1.
    pub(super) ratio: f32,
    /// Places where something stands for something else that is not slack.
    pub(super) swaps: u8,
}

/// Compares two texts. Symmetric.
pub(super) fn alike(one: &[char], other: &[char]) -> Alike {
    // An alignment is not unique; the order of the texts makes it so.
    let (one, other) = if one <= other { (one, other) } else { (other, one) };
    let (length, other_length) = (one.len(), other.len());
    let ahead = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.get(ahead..).unwrap_or_default(), other.get(ahead..).unwrap_or_default());
    let behind = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    let one = one.get(..one.len() - behind).unwrap_or_default();
    let other = other.get(..other.len() - behind).unwrap_or_default();
    if one.len() > LETTERS_MAX || other.len() > LETTERS_MAX || length + other_length == 0 {
        return Alike::default();
    }
    let (common, gaps) = gaps(one, other);
    let ratio = 2.0 * (common + ahead + behind) as f32 / (length + other_length) as f32;
    let swaps = gaps.iter().filter(|(one, other)| says_something(one) && says_something(other)).count();
    Alike { ratio, swaps: u8::try_from(swaps).unwrap_or(u8::MAX) }
}

/// Letters in common, and what stands between them on both sides. A single letter in common within a change is chance:
/// 一年级 and 初一.
fn gaps(one: &[char], other: &[char]) -> (usize, Vec<(String, String)>) {
    let width = other.len() + 1;
    let mut table = vec![0u8; (one.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    for (row, letter) in one.iter().enumerate().rev() {
        for (column, against) in other.iter().enumerate().rev() {
            let cell = |row: usize, column: usize| table.get(at(row, column)).copied().unwrap_or(0);
            let best = if letter == against {
                cell(row + 1, column + 1) + 1
            } else {
                cell(row + 1, column).max(cell(row, column + 1))
            };
            if let Some(slot) = table.get_mut(at(row, column)) {
                *slot = best;
            }
        }
    }
    let cell = |row: usize, column: usize| table.get(at(row, column)).copied().unwrap_or(0);
    let (mut row, mut column) = (0, 0);
    let mut gaps: Vec<(String, String)> = Vec::new();
    let (mut gap, mut held) = ((String::new(), String::new()), String::new());
    while row < one.len() || column < other.len() {
        let (letter, against) = (one.get(row), other.get(column));
        if letter.is_some() && letter == against {
            held.extend(letter);
            (row, column) = (row + 1, column + 1);
            if held.chars().count() > 1 && gap != Default::default() {
                gaps.push(std::mem::take(&mut gap));
            }
            continue;
        }
        if gap != Default::default() {
            gap.0.push_str(&held);
            gap.1.push_str(&held);
        }
        held.clear();
        if column >= other.len() || (row < one.len() && cell(row + 1, column) >= cell(row, column + 1)) {
            gap.0.extend(letter);
            row += 1;
        } else {
            gap.1.extend(against);
            column += 1;
        }
    }
    if gap != Default::default() {
        gaps.push(gap);
    }
    (usize::from(cell(0, 0)), gaps)
}

/// Whether anything is left without slack and bare numbers.
fn says_something(text: &str) -> bool {
    let slack: usize = WORDS.slack.find(text).map(|found| found.end - found.start).sum();
    let numbers: usize = text.chars().filter(|one| is_numeral(*one) || *one == '两').map(char::len_utf8).sum();
    text.len() > slack + numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swaps() {
        for (one, other, expected) in [
            ("铁汀砚池小学要求买校服", "铁汀桐月小学要求买校服", 1),
            ("农商行柜员机吞了我的卡", "工商银行柜员机吞了我的卡", 1),
            ("小学一年级网上登记打不开", "小学初一网上登记打不开", 1),
            ("砚汀路的路灯坏了请尽快处理", "砚汀路的路灯坏了希望处理一下", 0),
            ("砚汀路的路灯坏了", "砚汀路的路灯坏了还没有人来", 0),
            ("昨晚两点还在施工", "今晚三点还在施工", 0),
            ("", "", 0),
        ] {
            let letters = |text: &str| text.chars().collect::<Vec<char>>();
            let (forth, back) = (alike(&letters(one), &letters(other)), alike(&letters(other), &letters(one)));
            assert_eq!(forth, back);
            assert_eq!(forth.swaps, expected, "{one} {other}");
            assert!(one.is_empty() || forth.ratio > 0.6, "{one} {other} {}", forth.ratio);
        }
    }
}
