//! Traditional to simplified characters by OpenCC's t2s tables, behind a check that most posts pass untouched.

use std::sync::LazyLock;

use ferrous_opencc::{OpenCC, config::BuiltinConfig};

/// Characters that no single-character rule changes but that start or end a phrase rule (回覆 → 回复, 瞭解 → 了解).
const PHRASE_CHARACTERS: &str = "瞭藉覆衹沈牴";
/// Correct simplified words with a character that the tables, fed simplified text, would change (乾 → 干).
const KEPT: [&str; 4] = ["乾县", "乾清宫", "乾纲", "徵羽"];
/// The first character that rules are about; punctuation and letters come before it.
const HAN_FIRST: char = '\u{2E80}';
/// A few phrases need a second round (幺麼 → 幺麽 → 幺么); none needs a third.
const ROUNDS_MAX: usize = 4;

struct Tables {
    converter: OpenCC,
    /// One bit per code point of the basic plane that some rule may change.
    touched: Vec<u64>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let converter = OpenCC::from_config(BuiltinConfig::T2s).expect("the t2s tables are compiled in");
    let mut touched = vec![0u64; 0x1_0000 / 64];
    let han = ('\u{2E80}'..='\u{9FFF}').chain('\u{F900}'..='\u{FAFF}');
    let listed: String = han.clone().flat_map(|c| [c, '\n']).collect();
    let converted = converter.convert(&listed);
    let changed = han.zip(converted.split('\n')).filter(|(c, after)| !after.chars().eq([*c])).map(|(c, _)| c);
    for c in changed.chain(PHRASE_CHARACTERS.chars()) {
        let code = c as usize;
        if let Some(word) = touched.get_mut(code / 64) {
            *word |= 1 << (code % 64);
        }
    }
    Tables { converter, touched }
});

/// The text in simplified characters; `None` when there is nothing to change. Changes nothing the second time.
pub(crate) fn simplify(text: &str) -> Option<String> {
    let mut result = None;
    for _ in 0..ROUNDS_MAX {
        let current = result.as_deref().unwrap_or(text);
        if !may_change(current) {
            break;
        }
        let converted = convert(current);
        if converted == current {
            break;
        }
        result = Some(converted);
    }
    result
}

fn may_change(text: &str) -> bool {
    let touched = &TABLES.touched;
    text.chars().any(|c| {
        let code = c as usize;
        c >= HAN_FIRST && touched.get(code / 64).is_none_or(|word| word >> (code % 64) & 1 == 1)
    })
}

/// Converts clause by clause what needs it: no rule has a character below [`HAN_FIRST`].
fn convert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for clause in text.split_inclusive(|c| c < HAN_FIRST) {
        if may_change(clause) { convert_clause(clause, &mut out) } else { out.push_str(clause) }
    }
    out
}

/// Converts what lies between the kept words.
fn convert_clause(clause: &str, out: &mut String) {
    let mut rest = clause;
    if KEPT.iter().any(|word| clause.contains(word)) {
        while let Some((at, word)) = KEPT.iter().filter_map(|word| rest.find(word).map(|at| (at, *word))).min() {
            let (before, from) = rest.split_at(at);
            out.push_str(&TABLES.converter.convert(before));
            out.push_str(word);
            rest = from.strip_prefix(word).unwrap_or_default();
        }
    }
    out.push_str(&TABLES.converter.convert(rest));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{TABLES, convert, simplify};

    proptest! {
        #[test]
        fn clauses_can_be_converted_one_by_one(text in "[請問後續處理進度答覆沈默頭髮與發展隆年間燥箱幺麼小丑县,.\n a1—。、！]{0,24}") {
            prop_assert_eq!(convert(&text), TABLES.converter.convert(&text));
        }
    }

    #[test]
    fn converts_characters_and_phrases() {
        let cases = [
            ("請問後續處理進度", "请问后续处理进度"),
            ("請答覆", "请答复"),
            ("回覆", "回复"),
            ("保持沈默", "保持沉默"),
            ("頭髮與發展", "头发与发展"),
            ("乾隆年間的乾燥箱", "乾隆年间的干燥箱"),
            ("乾縣縣城", "乾县县城"),
            ("幺麼小丑", "幺么小丑"),
        ];
        for (input, expected) in cases {
            assert_eq!(simplify(input).as_deref().unwrap_or(input), expected);
            assert_eq!(simplify(expected), None, "again {expected}");
        }
    }

    #[test]
    fn simplified_text_is_left_alone() {
        for text in ["沈阳路覆盖问题", "小区停水三天", "彷徨", "有序", "乾县", ""] {
            assert_eq!(simplify(text), None, "{text}");
        }
    }
}
