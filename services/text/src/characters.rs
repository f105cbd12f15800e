//! Folds single characters: widths and compatibility forms (NFKC), line ends, blanks, digits of other scripts; removes
//! what cannot be seen or carries no words (control, zero-width, private use, emoji, stacked marks).

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Folding and NFKC each may expose work for the other; in practice two rounds settle every text.
const ROUNDS_MAX: usize = 6;

/// Zero of each decimal digit block that NFKC leaves alone (Unicode general category Nd, basic plane).
const FOREIGN_ZEROS: [u32; 34] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
    0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50,
];

/// What the full-width forms from U+FF01 on stand for.
const ASCII: &str = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/// The text with every character in its one form. Changes nothing the second time.
pub(crate) fn clean(text: &str) -> String {
    clean_plain(text).unwrap_or_else(|| clean_any(text))
}

fn clean_any(text: &str) -> String {
    let normalizer = ComposingNormalizerBorrowed::new_nfkc();
    let mut current = fold(text, false).into_owned();
    for _ in 0..ROUNDS_MAX {
        let composed = match normalizer.normalize(&current) {
            Cow::Borrowed(_) => None,
            Cow::Owned(changed) => Some(changed),
        };
        if let Some(changed) = composed {
            current = changed;
        }
        match fold(&current, true) {
            Cow::Borrowed(_) => break,
            Cow::Owned(changed) => current = changed,
        }
    }
    current
}

/// The same in one pass for a text of ASCII, common characters and their punctuation, as most are; `None` for any other.
/// NFKC leaves these alone one by one and side by side, or has the form given here.
fn clean_plain(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let form: &str = match c {
            ' '..='~'
            | '\n'
            | '\u{B7}'
            | '\u{2012}'..='\u{2015}'
            | '\u{2018}'..='\u{201D}'
            | '\u{3001}'..='\u{3020}'
            | '\u{4E00}'..='\u{9FFF}' => continue,
            '\u{FF01}'..='\u{FF5E}' => ASCII.get(c as usize - 0xFF01..=c as usize - 0xFF01)?,
            '\u{2026}' => "...",
            _ => return None,
        };
        out.push_str(text.get(copied..at)?);
        out.push_str(form);
        copied = at + c.len_utf8();
    }
    out.push_str(text.get(copied..)?);
    Some(out)
}

enum Folded {
    Same,
    Gone,
    Into(char),
}

/// `composed` says that NFKC has run: marks that are still loose then belong to no letter and go.
fn fold(text: &str, composed: bool) -> Cow<'_, str> {
    let Some(first) = text.char_indices().find(|(_, c)| !matches!(fold_character(*c, composed), Folded::Same)) else {
        return Cow::Borrowed(text);
    };
    let (kept, rest) = text.split_at(first.0);
    let mut out = String::with_capacity(text.len());
    out.push_str(kept);
    let mut characters = rest.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        match fold_character(c, composed) {
            Folded::Same => out.push(c),
            Folded::Gone => {}
            Folded::Into(other) => out.push(other),
        }
    }
    Cow::Owned(out)
}

fn fold_character(c: char, composed: bool) -> Folded {
    match c {
        // Most of any post; full-width forms are for NFKC.
        ' '..='~'
        | '\n'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{3001}'..='\u{3020}'
        | '\u{FF01}'..='\u{FF5E}'
        | '\u{2018}'..='\u{201D}'
        | '\u{2026}' => Folded::Same,
        '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Folded::Into('\n'),
        _ if c.is_whitespace() => Folded::Into(' '),
        '\u{0300}'..='\u{036F}' if composed => Folded::Gone,
        _ => match circled_digit(c).or_else(|| foreign_digit(c)) {
            Some(digit) => Folded::Into(digit),
            None if is_noise(c) => Folded::Gone,
            None => Folded::Same,
        },
    }
}

/// Dingbat and negative circled digits, which NFKC leaves alone.
fn circled_digit(c: char) -> Option<char> {
    let offset = match c {
        '\u{24FF}' => 0,
        '\u{2776}'..='\u{277E}' => c as u32 - 0x2775,
        '\u{2780}'..='\u{2788}' => c as u32 - 0x277F,
        '\u{278A}'..='\u{2792}' => c as u32 - 0x2789,
        '\u{24F5}'..='\u{24FD}' => c as u32 - 0x24F4,
        _ => return None,
    };
    char::from_digit(offset, 10)
}

fn foreign_digit(c: char) -> Option<char> {
    let code = c as u32;
    if !(0x0660..=0xAA59).contains(&code) {
        return None;
    }
    FOREIGN_ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))
        .and_then(|zero| char::from_digit(code - zero, 10))
}

/// Control, format, zero-width, private-use and non-characters, variation selectors, emoji and pictographs.
fn is_noise(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{20D0}'..='\u{20FF}' | '\u{231A}' | '\u{231B}' | '\u{2328}' | '\u{23CF}' | '\u{23E9}'..='\u{23FF}'
            | '\u{2600}'..='\u{27BF}' | '\u{2934}' | '\u{2935}' | '\u{2B00}'..='\u{2BFF}' | '\u{3164}'
            | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFC}' | '\u{FFFE}' | '\u{FFFF}' | '\u{1F000}'..='\u{1F0FF}' | '\u{1F16A}'..='\u{1F1FF}'
            | '\u{1F300}'..='\u{1FAFF}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{clean, clean_any, clean_plain};

    proptest! {
        #[test]
        fn the_short_way_gives_the_same(text in "[ -~\n·—‘’“”、。〇〕〜！-～…一-龥]{0,40}") {
            prop_assert_eq!(clean_plain(&text), Some(clean_any(&text)));
        }
    }

    #[test]
    fn the_short_way_takes_only_what_it_knows() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            if let Some(plain) = clean_plain(&text) {
                assert_eq!(plain, clean_any(&text), "{c:?}");
            }
        }
    }

    #[test]
    fn each_character_has_one_form() {
        let cases = [
            ("ＡＢＣ１２３，（）", "ABC123,()"),
            ("第①条㎡", "第1条m2"),
            ("❶❸➇⓿", "1380"),
            ("1️⃣3️⃣8️⃣", "138"),
            ("太差了😡👨‍👩‍👧希望处理", "太差了希望处理"),
            ("零\u{200B}宽\u{FEFF}字\u{2060}符", "零宽字符"),
            ("一\r\n二\r三\u{2028}四", "一\n二\n三\n四"),
            ("全角\u{3000}空格\t制表", "全角 空格 制表"),
            ("٠١٢ ०९", "012 09"),
            ("1\u{0336}3\u{0336}8", "138"),
            ("cafe\u{0301}", "café"),
            ("a\u{0337}\u{0301}", "á"),
            ("🇨🇳国旗", "国旗"),
            ("〔2016〕80号“引”——…", "〔2016〕80号“引”——..."),
            ("\u{0}空\u{7}", "空"),
            ("\u{E000}私\u{F8FF}", "私"),
        ];
        for (input, expected) in cases {
            assert_eq!(clean(input), expected, "{input:?}");
            assert_eq!(clean(expected), expected, "again {input:?}");
        }
    }
}
