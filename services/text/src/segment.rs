//! Words of a text, by jieba with words added.
//!
//! The hidden Markov model for unknown words stays off: it joins the same characters differently in different
//! sentences, so an index and a query would not meet.

use std::sync::{Arc, LazyLock};

use jieba_rs::Jieba;

use crate::mask::PLACEHOLDERS;
use crate::normalise::normalise;

/// jieba's own dictionary, read once.
static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Cuts texts into words. Cloning shares the dictionary (about 25 MB).
#[derive(Clone, Debug)]
pub struct Segmenter(Arc<Jieba>);

/// One word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// The word, as it stands in the text.
    pub text: &'t str,
    /// Byte offset into the text given to [`Segmenter::cut`].
    pub start: usize,
}

impl Segmenter {
    /// With the words of jieba's dictionary and these, which are normalised first and then kept whole wherever no
    /// longer word covers them. Empty words and words with white space or punctuation inside are ignored.
    pub fn new<'a>(extra_words: impl IntoIterator<Item = &'a str>) -> Segmenter {
        let mut jieba = DICTIONARY.clone();
        let mut words: Vec<String> = extra_words.into_iter().map(normalise).collect();
        // In one order, because the suggested frequency of a word depends on the words before it.
        words.sort_unstable();
        words.dedup();
        for word in words.iter().filter(|word| !word.is_empty() && word.chars().all(char::is_alphanumeric)) {
            jieba.add_word(word, None, None);
        }
        Segmenter(Arc::new(jieba))
    }

    /// Words and punctuation marks in order, without white space. Tokens of masking are one word each.
    pub fn cut<'t>(&self, text: &'t str) -> Vec<Token<'t>> {
        let mut tokens = Vec::with_capacity(text.len() / 5);
        let mut rest = text;
        while let Some((at, placeholder)) = next_placeholder(rest) {
            let start = text.len() - rest.len();
            let (before, from) = rest.split_at(at);
            self.cut_plain(before, start, &mut tokens);
            let (word, after) = from.split_at(placeholder.len());
            tokens.push(Token { text: word, start: start + at });
            rest = after;
        }
        self.cut_plain(rest, text.len() - rest.len(), &mut tokens);
        tokens
    }

    fn cut_plain<'t>(&self, text: &'t str, start: usize, tokens: &mut Vec<Token<'t>>) {
        let words = self.0.cut(text, false).into_iter().filter(|token| !token.word.trim().is_empty());
        tokens.extend(words.map(|token| Token { text: token.word, start: start + token.byte_start }));
    }
}

fn next_placeholder(text: &str) -> Option<(usize, &'static str)> {
    text.match_indices('〔').find_map(|(at, _)| {
        let from = text.get(at..)?;
        PLACEHOLDERS.iter().find(|placeholder| from.starts_with(**placeholder)).map(|placeholder| (at, *placeholder))
    })
}

/// The bytes of the longest word of the dictionary that has the word `start..end` of a text in it, with two characters
/// more at most: 地铁站 for 铁站. None where that is no word, or words on both sides take it apart: 民主 is a word, but
/// not in 市民主动. Far cheaper than cutting what stands around.
pub fn word_around(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let known = |from: usize, to: usize| text.get(from..to).is_some_and(|word| DICTIONARY.has_word(word));
    if !known(start, end) {
        return None;
    }
    let before = |at: usize| Some(at - text.get(..at)?.chars().next_back()?.len_utf8());
    let after = |at: usize| Some(at + text.get(at..)?.chars().next()?.len_utf8());
    let (one_before, one_after) = (before(start), after(end));
    let (two_before, two_after) = (one_before.and_then(before), one_after.and_then(after));
    let wider = [
        (two_before, Some(end)),
        (one_before, one_after),
        (Some(start), two_after),
        (one_before, Some(end)),
        (Some(start), one_after),
    ];
    let mut wider = wider.into_iter().filter_map(|(from, to)| Some((from?, to?)));
    if let Some(span) = wider.find(|(from, to)| known(*from, *to)) {
        return Some(span);
    }
    let takes_first = || one_before.zip(after(start)).is_some_and(|(from, to)| known(from, to));
    let takes_last = || before(end).zip(one_after).is_some_and(|(from, to)| known(from, to));
    (!(takes_first() && takes_last())).then_some((start, end))
}

/// Whether `start..end` of a text is cut by the words around it: a longer word of the dictionary has it inside, one with its
/// kind (瑞金市) aside, or words on both sides take it apart (维修 and 水管 in 维修水管). `easily`: a word on one side is
/// enough. The dictionary need not know the word itself.
pub fn is_apart(text: &str, start: usize, end: usize, easily: bool) -> bool {
    let known = |from: usize, to: usize| text.get(from..to).is_some_and(|word| DICTIONARY.has_word(word));
    let before = |at: usize| Some(at - text.get(..at)?.chars().next_back()?.len_utf8());
    let after = |at: usize| Some(at + text.get(at..)?.chars().next()?.len_utf8());
    let (one_before, one_after) = (before(start), after(end));
    let two_after = one_after.and_then(after);
    let wider = [(one_before, one_after), (Some(start), two_after), (one_before, Some(end)), (Some(start), one_after)];
    let inside = wider.into_iter().filter_map(|(from, to)| Some((from?, to?))).any(|(from, to)| {
        known(from, to)
            && !text.get(end..to).is_some_and(|kind| kind.starts_with(['省', '市', '县', '区', '镇', '乡', '人', '一']))
    });
    let takes_first = || one_before.zip(after(start)).is_some_and(|(from, to)| known(from, to));
    let takes_last = || before(end).zip(one_after).is_some_and(|(from, to)| known(from, to));
    inside || if easily { takes_first() || takes_last() } else { takes_first() && takes_last() }
}

pub(crate) fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Whether the dictionary lists a word, and not as a personal name.
pub(crate) fn is_listed(word: &str) -> bool {
    DICTIONARY.has_word(word) && DICTIONARY.tag(word, false).first().is_none_or(|first| !first.tag.starts_with("nr"))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::{Segmenter, word_around};

    static PLAIN: LazyLock<Segmenter> = LazyLock::new(|| Segmenter::new([]));

    #[test]
    fn cuts_words_and_keeps_added_ones() {
        let plain = &*PLAIN;
        let added = Segmenter::new(["云溪街道办", "智慧停車", "", "有 空格"]);
        let cases = [
            (plain, "小区停水三天", vec!["小区", "停水", "三天"]),
            (&added, "向云溪街道办反映", vec!["向", "云溪街道办", "反映"]),
            (&added, "智慧停车收费", vec!["智慧停车", "收费"]),
            (plain, "请拨〔电话〕,找〔姓名〕", vec!["请拨", "〔电话〕", ",", "找", "〔姓名〕"]),
            (plain, "〔2016〕80号", vec!["〔", "2016", "〕", "80", "号"]),
            (plain, " \n ", vec![]),
        ];
        for (segmenter, text, expected) in cases {
            let words: Vec<_> = segmenter.cut(text).iter().map(|token| token.text).collect();
            assert_eq!(words, expected, "{text}");
        }
    }

    #[test]
    fn the_order_of_added_words_does_not_matter() {
        let text = "云溪街道办云溪街道智慧停车";
        assert_eq!(
            Segmenter::new(["云溪街道办", "云溪街道", "智慧停车"]).cut(text),
            Segmenter::new(["智慧停车", "云溪街道", "云溪街道办"]).cut(text)
        );
    }

    proptest! {
        #[test]
        fn offsets_point_into_the_text(text in any::<String>()) {
            let mut end = 0;
            for token in PLAIN.cut(&text) {
                prop_assert!(token.start >= end);
                end = token.start + token.text.len();
                prop_assert_eq!(text.get(token.start..end), Some(token.text));
            }
        }
    }

    #[test]
    fn words_around_a_run() {
        for (text, run, word) in [
            ("小区的路灯坏了", "路灯", Some("路灯")),
            ("坐地铁站出口", "铁站", Some("地铁站")),
            ("市民主动反映", "民主", None),
            ("门口路灯", "口路灯", None),
            ("路灯", "路灯", Some("路灯")),
            ("", "", None),
        ] {
            let start = text.find(run).unwrap();
            let found = word_around(text, start, start + run.len());
            assert_eq!(found.and_then(|(from, to)| text.get(from..to)), word, "{run} in {text}");
        }
    }
}
