//! What a post is about, roughly: words of everyday concerns, by kind.
//!
//! Finer than systems (a kindergarten's fee and its licence are one system, two concerns) and only ever compared between
//! two posts, so no catalogue is asked.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::lexicon::Lexicon;

/// One kind a line: how much it tells (the logarithm of letters at large over those that have one of the words, at most
/// 4.5), then its words.
const KINDS: &str = include_str!("concerns.txt");
/// A word in the title counts as this many in the text.
const TITLE_FACTOR: f32 = 3.0;
/// Words of one kind that count, in the title and in the text.
const COUNTED_MAX: (u8, u8) = (2, 4);
/// ln(1 + n) for n from 0.
const LN_1P: [f32; 11] =
    [0.0, std::f32::consts::LN_2, 1.099, 1.386, 1.609, 1.792, 1.946, 2.079, 2.197, std::f32::consts::LN_10, 2.398];

static LEXICON: LazyLock<Kinds> = LazyLock::new(Kinds::new);

/// Kinds of concern in a post.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Concerns {
    /// Kinds with weights, of length 1 together, in order of the kinds.
    weights: Vec<(u8, f32)>,
    /// Kinds in the title, as bits.
    title: u128,
}

impl Concerns {
    /// Of title and text with ASCII letters in lower case.
    pub(super) fn of(title: &str, text: &str) -> Concerns {
        let (in_title, in_text) = (LEXICON.count(title, COUNTED_MAX.0), LEXICON.count(text, COUNTED_MAX.1));
        let mut concerns = Concerns::default();
        for (kind, weight) in (0u8..).zip(&LEXICON.weights) {
            let at = usize::from(kind);
            let (title, text) = (in_title.get(at).copied().unwrap_or(0), in_text.get(at).copied().unwrap_or(0));
            if title > 0 {
                concerns.title |= 1 << kind;
            }
            let count = usize::from(title) * TITLE_FACTOR as usize + usize::from(text);
            if count > 0 {
                concerns.weights.push((kind, weight * LN_1P.get(count).copied().unwrap_or(0.0)));
            }
        }
        let length = concerns.weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        concerns.weights.iter_mut().for_each(|(_, weight)| *weight /= length);
        concerns
    }

    /// Cosine of the kinds, 0 to 1.
    pub(super) fn similarity(&self, other: &Concerns) -> f32 {
        let mut sum = 0.0;
        for (kind, weight) in &self.weights {
            if let Ok(at) = other.weights.binary_search_by_key(kind, |(kind, _)| *kind) {
                sum += weight * other.weights.get(at).map_or(0.0, |(_, weight)| *weight);
            }
        }
        sum
    }

    /// Whether both titles name concerns, and none in common.
    pub(super) fn titles_differ(&self, other: &Concerns) -> bool {
        self.title != 0 && other.title != 0 && self.title & other.title == 0
    }
}

/// Whether a text with ASCII letters in lower case has a word of any concern.
pub(crate) fn names_concern(lower: &str) -> bool {
    LEXICON.lexicon.find(lower).next().is_some()
}

/// All words, some of them more than once.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    KINDS.lines().flat_map(|line| line.split_whitespace().skip(1))
}

struct Kinds {
    weights: Vec<f32>,
    lexicon: Lexicon<u8>,
}

impl Kinds {
    fn new() -> Kinds {
        let mut weights = Vec::new();
        let mut by_word: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for (kind, line) in (0u8..).zip(KINDS.lines()) {
            let mut words = line.split_whitespace();
            weights.push(words.next().and_then(|weight| weight.parse().ok()).unwrap_or(0.0));
            for word in words {
                by_word.entry(word).or_default().push(kind);
            }
        }
        // The longest word is found alone: it stands for the words in it too.
        let within = |whole: &str| {
            let mut kinds: Vec<u8> = by_word
                .iter()
                .filter(|(word, _)| whole.contains(**word))
                .flat_map(|(_, kinds)| kinds.clone())
                .collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds
        };
        let words = by_word
            .keys()
            .flat_map(|word| within(word).into_iter().map(|kind| ((*word).to_owned(), kind)).collect::<Vec<_>>());
        Kinds { weights, lexicon: Lexicon::new(words) }
    }

    fn count(&self, text: &str, most: u8) -> Vec<u8> {
        let mut counts = vec![0u8; self.weights.len()];
        for kind in self.lexicon.find(text).flat_map(|found| found.values) {
            if let Some(count) = counts.get_mut(usize::from(*kind)) {
                *count = most.min(*count + 1);
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_fit_their_bits_and_have_words() {
        assert!((1..128).contains(&KINDS.lines().count()));
        for line in KINDS.lines() {
            let mut words = line.split_whitespace();
            assert!(
                words.next().is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)),
                "{line}"
            );
            assert!(words.next().is_some(), "{line}");
        }
    }

    #[test]
    fn the_same_concern_is_alike() {
        let of = |title: &str| Concerns::of(title, "");
        let fumes = of("楼下烧烤店油烟直排");
        assert!(fumes.similarity(&of("餐饮油烟进家门")) > 0.9);
        assert!(fumes.similarity(&of("电梯常年故障")) < 0.1);
        assert!(fumes.titles_differ(&of("电梯常年故障")));
        assert!(!fumes.titles_differ(&of("请领导看看")));
        assert_eq!(of("请领导看看").similarity(&fumes), 0.0);
        assert!(of("消防通道被占").similarity(&of("消防隐患")) > 0.5);
    }
}
