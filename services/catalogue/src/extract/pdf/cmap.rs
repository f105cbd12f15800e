//! Character maps (`ToUnicode`, embedded encodings): which codes a font's strings are cut into, and their characters.

use std::collections::HashMap;

/// Entries kept of one map; a font has at most 65,536 glyphs.
const ENTRIES_MAX: usize = 200_000;
/// Ranges of codes kept: each code of a string is looked for in all of them. Real maps have one to four.
const CODES_MAX: usize = 256;
/// Longest text one glyph stands for.
const TEXT_CHARS_MAX: usize = 16;

/// A character map.
#[derive(Debug, Default)]
pub(super) struct CMap {
    /// Length in bytes, first and last code.
    codes: Vec<(usize, u32, u32)>,
    chars: HashMap<u32, String>,
    /// First and last code, and the characters of the first.
    ranges: Vec<(u32, u32, String)>,
}

impl CMap {
    /// Reads a map; what is not understood is passed over.
    pub(super) fn read(bytes: &[u8]) -> CMap {
        let mut map = CMap::default();
        let mut operands: Vec<Operand> = Vec::new();
        let mut rest = bytes;
        while let Some((token, after)) = token(rest) {
            rest = after;
            match token {
                Token::Hex(code, bytes) => operands.push(Operand::Code(code, bytes)),
                Token::Open => operands.push(Operand::Open),
                Token::Close => {
                    let from = operands.iter().rposition(|operand| matches!(operand, Operand::Open)).unwrap_or(0);
                    let list = operands.split_off(from);
                    operands.push(Operand::List(
                        list.into_iter()
                            .filter_map(
                                |operand| if let Operand::Code(_, bytes) = operand { Some(bytes) } else { None },
                            )
                            .collect(),
                    ));
                }
                Token::Word(word) => {
                    match word {
                        b"endcodespacerange" => map.add_codes(&operands),
                        b"endbfchar" => map.add_chars(&operands),
                        b"endbfrange" => map.add_ranges(&operands),
                        _ => {}
                    }
                    operands.clear();
                }
            }
            if operands.len() > ENTRIES_MAX || map.chars.len() + map.ranges.len() > ENTRIES_MAX {
                break;
            }
        }
        map.ranges.sort_by_key(|(first, ..)| *first);
        map
    }

    /// Length in bytes of the code that `bytes` begins with, by the map's own ranges.
    pub(super) fn code_bytes(&self, bytes: &[u8]) -> Option<usize> {
        (1..=4).find(|length| {
            let Some(code) = bytes.get(..*length).map(number) else { return false };
            self.codes.iter().any(|(bytes, first, last)| bytes == length && (*first..=*last).contains(&code))
        })
    }

    /// What a code stands for.
    pub(super) fn text(&self, code: u32) -> Option<String> {
        if let Some(text) = self.chars.get(&code) {
            return Some(text.clone());
        }
        let after = self.ranges.partition_point(|(first, ..)| *first <= code);
        let (first, last, text) = self.ranges.get(after.checked_sub(1)?)?;
        if code > *last {
            return None;
        }
        let mut chars: Vec<char> = text.chars().collect();
        let end = chars.last_mut()?;
        *end = char::from_u32(u32::from(*end).checked_add(code - first)?)?;
        Some(chars.into_iter().collect())
    }

    fn add_codes(&mut self, operands: &[Operand]) {
        for pair in operands.chunks_exact(2) {
            if let [Operand::Code(first, bytes), Operand::Code(last, _)] = pair
                && self.codes.len() < CODES_MAX
            {
                self.codes.push((bytes.len(), *first, *last));
            }
        }
    }

    fn add_chars(&mut self, operands: &[Operand]) {
        for pair in operands.chunks_exact(2) {
            if let [Operand::Code(code, _), Operand::Code(_, bytes)] = pair {
                self.chars.insert(*code, utf16(bytes));
            }
        }
    }

    fn add_ranges(&mut self, operands: &[Operand]) {
        for triple in operands.chunks_exact(3) {
            match triple {
                [Operand::Code(first, _), Operand::Code(last, _), Operand::Code(_, bytes)] => {
                    self.ranges.push((*first, *last, utf16(bytes)));
                }
                [Operand::Code(first, _), Operand::Code(..), Operand::List(texts)] => {
                    for (code, bytes) in (*first..=u32::MAX).zip(texts) {
                        self.chars.insert(code, utf16(bytes));
                    }
                }
                _ => {}
            }
        }
    }
}

enum Operand {
    Code(u32, Vec<u8>),
    Open,
    List(Vec<Vec<u8>>),
}

enum Token<'a> {
    Hex(u32, Vec<u8>),
    Open,
    Close,
    Word(&'a [u8]),
}

/// The next token that matters; comments, names, numbers and strings end up as words nobody knows.
fn token(mut bytes: &[u8]) -> Option<(Token<'_>, &[u8])> {
    loop {
        let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != 0)?;
        bytes = bytes.get(start..)?;
        if bytes.first() != Some(&b'%') {
            break;
        }
        let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
        bytes = bytes.get(end..)?;
    }
    match bytes {
        [b'<', b'<', rest @ ..] | [b'>', b'>', rest @ ..] => Some((Token::Word(b"<<"), rest)),
        [b'<', rest @ ..] => {
            let end = rest.iter().position(|byte| *byte == b'>')?;
            let (digits, after) = rest.split_at_checked(end)?;
            let digits: Vec<u8> =
                digits.iter().filter_map(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8).collect();
            let value: Vec<u8> = digits
                .chunks(2)
                .take(TEXT_CHARS_MAX * 2)
                .map(|pair| pair.first().copied().unwrap_or(0) << 4 | pair.get(1).copied().unwrap_or(0))
                .collect();
            Some((Token::Hex(number(&value), value), after.get(1..)?))
        }
        [b'[', rest @ ..] => Some((Token::Open, rest)),
        [b']', rest @ ..] => Some((Token::Close, rest)),
        [_, rest @ ..] => {
            let end = rest
                .iter()
                .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'<' | b'>' | b'[' | b']' | b'%' | b'/'))
                .unwrap_or(rest.len());
            Some((Token::Word(bytes.get(..=end)?), rest.get(end..)?))
        }
        [] => None,
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> String {
    if let [single] = bytes {
        return char::from(*single).to_string();
    }
    let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::{CMap, CODES_MAX};

    #[test]
    fn maps_are_read() {
        let map = CMap::read(
            b"/CIDInit /ProcSet findresource begin % <0000>\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
            2 beginbfchar <0001> <6C34> <02> <00660069> endbfchar\n\
            2 beginbfrange <0010> <0012> <4E00> <0020> <0021> [<5E02> <D840DC00>] endbfrange end",
        );
        for (code, expected) in [
            (1, Some("水")),
            (2, Some("fi")),
            (0x12, Some("\u{4e02}")),
            (0x13, None),
            (0x20, Some("市")),
            (0x21, Some("\u{20000}")),
        ] {
            assert_eq!(map.text(code).as_deref(), expected, "{code:x}");
        }
        assert_eq!(map.code_bytes(&[0, 1, 0]), Some(2));
    }

    #[test]
    fn ranges_of_codes_are_not_kept_without_end() {
        for times in [1, CODES_MAX, 10 * CODES_MAX] {
            let map = CMap::read(&b"1 begincodespacerange <00> <FF> endcodespacerange\n".repeat(times));
            assert_eq!(map.codes.len(), times.min(CODES_MAX));
            assert_eq!(map.code_bytes(&[7]), Some(1));
        }
    }

    #[test]
    fn comments_in_a_row_cost_no_stack() {
        let map = CMap::read(&b"%\n".repeat(200_000));
        assert_eq!(map.text(0), None);
    }
}
