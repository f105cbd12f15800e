//! Chinese punctuation for what officials write and for what people read.

use crate::Masked;

/// Masks what an official wrote, and gives back the full-width punctuation that normalising made narrow, so that an answer
/// on the record reads as it was written. Posts keep the narrow form, which is what terms are matched against.
pub fn prepare_prose(raw: &str) -> Masked {
    Masked::from_stored(readable(crate::prepare(raw).as_str()))
}

/// The text with full-width punctuation between Chinese characters, as it is shown to people. One character stands for one,
/// so offsets in characters stay right; those in bytes do not. `readable(readable(x)) == readable(x)`.
pub fn readable(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut wide = String::with_capacity(text.len());
    let mut brackets = Vec::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied();
        let after = letters.get(at + 1).copied();
        let (follows, leads) = (before.is_some_and(is_chinese), after.is_some_and(is_chinese));
        wide.push(match letter {
            ',' if follows || leads => '，',
            ';' if follows || leads => '；',
            '?' if follows => '？',
            '!' if follows => '！',
            ':' if follows => '：',
            '(' => {
                brackets.push(follows || leads);
                if follows || leads { '（' } else { '(' }
            }
            ')' if brackets.pop() == Some(true) => '）',
            other => other,
        });
    }
    wide
}

/// Han characters and the punctuation that stands between them.
fn is_chinese(letter: char) -> bool {
    matches!(letter,
        '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '\u{3001}'..='\u{3017}' | '“' | '”' | '‘' | '’')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_read_as_they_were_written() {
        for (raw, expected) in [
            ("经核查，路灯已修复；谢谢！", "经核查，路灯已修复；谢谢！"),
            ("公交871路（临时绕行）自10:30起恢复，请知悉。", "公交871路（临时绕行）自10:30起恢复，请知悉。"),
            ("依据《条例》(2019年修订),已立案：待查。", "依据《条例》（2019年修订），已立案：待查。"),
            ("see a,b (c) at 3:00", "see a,b (c) at 3:00"),
            ("请联系13912345678，谢谢", "请联系〔电话〕，谢谢"),
            ("", ""),
        ] {
            assert_eq!(prepare_prose(raw).as_str(), expected, "{raw}");
            assert_eq!(prepare_prose(prepare_prose(raw).as_str()).as_str(), expected, "again: {raw}");
        }
    }
}
