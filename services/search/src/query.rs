//! What a query asks for.
//!
//! Words apart from each other must all be there; `"…"` (or “…”, 「…」) stands for exactly these characters; `-word` must
//! not be there. A run of words without blanks is cut: 小区停水 asks for 小区 and for 停水, wherever they stand. What the
//! dictionary does not know, and letters and digits, are looked for as they stand: 棠溪路, A7栋.

use huiyin_text::Segmenter;

use crate::cut::lower;
use crate::pattern::Pattern;

/// Characters that say nothing alone: left out when something else is asked for.
const FILLERS: &str = "的了吗呢吧啊呀么之与和及在是就都也";
const OPENING: [char; 5] = ['"', '“', '”', '「', '『'];
const CLOSING: [char; 5] = ['"', '”', '“', '」', '』'];

/// A query taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// Each has to be there.
    pub(crate) wanted: Vec<Phrase>,
    /// None may be there.
    pub(crate) excluded: Vec<Pattern>,
    /// Something was typed, even if there is nothing in it to look for.
    pub(crate) typed: bool,
}

/// Something to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// Its characters.
    pub(crate) pattern: Pattern,
    /// The same as a word of the dictionary, for ranking.
    pub(crate) word: Option<String>,
}

/// Takes a query apart. Never fails: an open quotation mark lasts to the end.
pub(crate) fn parse(text: &str, segmenter: &Segmenter) -> Parsed {
    let text = huiyin_text::normalise(text);
    let mut parsed = Parsed { typed: !text.is_empty(), ..Parsed::default() };
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next_if(|_| true) {
        if first.is_whitespace() {
            continue;
        }
        let excluded = first == '-' && rest.peek().is_some_and(|next| !next.is_whitespace());
        let opener = if excluded { rest.next_if(|next| OPENING.contains(next)) } else { Some(first) };
        let quoted = opener.is_some_and(|one| OPENING.contains(&one));
        let mut term = String::new();
        if !excluded && !quoted {
            term.push(first);
        }
        while let Some(next) = rest.next_if(|next| quoted || !(next.is_whitespace() || OPENING.contains(next))) {
            if quoted && CLOSING.contains(&next) {
                break;
            }
            term.push(next);
        }
        if excluded {
            parsed.excluded.extend(Pattern::of(&term));
        } else if quoted {
            parsed.wanted.extend(Pattern::of(&term).map(|pattern| Phrase { pattern, word: None }));
        } else {
            parsed.wanted.extend(phrases(&term, segmenter));
        }
    }
    tidy(&mut parsed);
    parsed
}

/// The words of a term; characters and signs between words of the dictionary stay together.
fn phrases(term: &str, segmenter: &Segmenter) -> Vec<Phrase> {
    let mut phrases = Vec::new();
    let mut run = String::new();
    let end = |run: &mut String, phrases: &mut Vec<Phrase>| {
        phrases.extend(Pattern::of(&std::mem::take(run)).map(|pattern| Phrase { pattern, word: None }));
    };
    for token in segmenter.cut(term) {
        let is_word = token.text.chars().count() > 1 && token.text.chars().all(is_han);
        if !is_word {
            run.push_str(token.text);
            continue;
        }
        end(&mut run, &mut phrases);
        let word = Some(lower(token.text));
        phrases.extend(Pattern::of(token.text).map(|pattern| Phrase { pattern, word }));
    }
    end(&mut run, &mut phrases);
    phrases
}

/// Each phrase once, and no fillers beside others.
fn tidy(parsed: &mut Parsed) {
    let is_filler =
        |phrase: &Phrase| phrase.word.is_none() && phrase.pattern.letters().all(|(_, one)| FILLERS.contains(one));
    if parsed.wanted.iter().any(|phrase| !is_filler(phrase)) {
        parsed.wanted.retain(|phrase| !is_filler(phrase));
    }
    let mut seen = std::collections::HashSet::new();
    parsed.wanted.retain(|phrase| seen.insert(phrase.pattern.clone()));
    seen.clear();
    parsed.excluded.retain(|pattern| seen.insert(pattern.clone()));
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(crate::segmenter);

    fn shown(pattern: &Pattern) -> String {
        let mut text = vec!['_'; pattern.length()];
        pattern.letters().for_each(|(at, letter)| text[at] = letter);
        text.into_iter().collect()
    }

    #[test]
    fn takes_queries_apart() {
        for (query, wanted, excluded) in [
            ("停水", "停水*", ""),
            ("小区停水", "小区* 停水*", ""),
            ("小区 停水", "小区* 停水*", ""),
            ("\"小区停水\"", "小区停水", ""),
            ("“小区停水” 物业", "小区停水 物业*", ""),
            ("「停水", "停水", ""),
            ("停水 -物业", "停水*", "物业"),
            ("停水 －“物业 公司”", "停水*", "物业_公司"),
            ("-停水通知", "", "停水通知"),
            ("停水-物业", "停水* 物业*", ""),
            ("- 停水", "停水*", ""),
            ("路燈 壞了", "路灯* 坏了", ""),
            ("Ａ７栋停水", "a7栋 停水*", ""),
            ("20261122-00017", "20261122_00017", ""),
            ("霁垚路", "霁垚路", ""),
            ("小区的路灯", "小区* 路灯*", ""),
            ("的", "的", ""),
            ("停水 停水 停水", "停水*", ""),
            ("停水，停电！", "停水* 停电*", ""),
            ("\"\" - ！ \"", "", ""),
            ("", "", ""),
        ] {
            let parsed = parse(query, &SEGMENTER);
            let star = |phrase: &Phrase| if phrase.word.is_some() { "*" } else { "" };
            let found: Vec<String> = parsed.wanted.iter().map(|phrase| shown(&phrase.pattern) + star(phrase)).collect();
            assert_eq!(found.join(" "), wanted, "{query}");
            assert_eq!(parsed.excluded.iter().map(shown).collect::<Vec<_>>().join(" "), excluded, "{query}");
            assert_eq!(parsed.typed, !query.is_empty());
        }
    }
}
