//! Classes of words that tell who, what happens, where and when, and what takes it back.

use std::sync::LazyLock;

use huiyin_text::lists::Lists;

use crate::lexicon::{Column, Lexicon};
use crate::script::Script;

/// The words and rules of alarm.
pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read("data/alarm.txt", crate::rules::ALARM));
/// Built once for all assessors and models.
pub(crate) static CLASSES: LazyLock<Classes> = LazyLock::new(Classes::new);

/// Lists that are no classes but parts of rules.
const AIDS: [&str; 9] = [
    "told_condition",
    "told_cause",
    "told_denial",
    "told_otherwise",
    "told_now",
    "hurt",
    "measure",
    "thing_before_crowd",
    "rules",
];
/// Classes of plain words that speak by themselves; only rules read them.
const TOLD: [&str; 4] = ["told_life", "told_disaster", "told_death", "told_crowd"];
/// Classes that colour a whole post wherever they stand in it.
const COLOURS: [&str; 11] =
    ["media", "drill", "ago", "cond", "question", "over", "advice", "dead_place", "admin", "money", "food"];
/// A word of these hides a dangerous one inside it.
const HARMLESS: [&str; 3] = ["harmless", "idiom", "dead_place"];

/// One bit a class.
pub(crate) type Mask = u128;

/// Classes by number, and their words.
pub(crate) struct Classes {
    names: Vec<&'static str>,
    lexicon: Lexicon<Mask>,
    /// Classes that the head learns from.
    learned: Mask,
    colours: Mask,
}

/// A word of some classes in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) mask: Mask,
}

impl Classes {
    fn new() -> Classes {
        let names: Vec<&'static str> = LISTS.all().map(|(name, _)| name).filter(|name| !AIDS.contains(name)).collect();
        assert!(names.len() < Mask::BITS as usize, "data/alarm.txt: more classes than bits");
        let bits = |wanted: &[&str]| {
            (0..).zip(&names).filter(|(_, name)| wanted.contains(name)).fold(0, |mask, (bit, _)| mask | 1 << bit)
        };
        let (told, colours, harmless): (Mask, Mask, Mask) = (bits(&TOLD), bits(&COLOURS), bits(&HARMLESS));
        let learned = bits(&names) & !told;
        let mut words: std::collections::BTreeMap<&str, Mask> = std::collections::BTreeMap::new();
        for (bit, name) in (0..).zip(&names) {
            for word in LISTS.get(name) {
                *words.entry(word.as_str()).or_default() |= 1 << bit;
            }
        }
        // The longest word wins: one that holds a telling word tells the same, unless it is listed as harmless.
        let telling: Vec<(&str, Mask)> = words.iter().map(|(word, mask)| (*word, mask & told)).collect();
        for (word, mask) in words.iter_mut().filter(|(_, mask)| **mask & harmless == 0) {
            let inside = telling.iter().filter(|(other, told)| *told != 0 && word.contains(other));
            *mask |= inside.fold(0, |all, (_, told)| all | told);
        }
        let lexicon = Lexicon::new(words.into_iter().map(|(word, mask)| (word.to_owned(), mask)));
        Classes { names, lexicon, learned, colours }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// The bits of these classes.
    pub(super) fn mask(&self, wanted: &[&str]) -> Mask {
        let known = (0..).zip(&self.names).filter(|(_, name)| wanted.contains(name));
        known.fold(0, |mask, (bit, _)| mask | 1 << bit)
    }

    /// By number.
    pub(crate) fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// Classes that the head learns from.
    pub(super) fn learned(&self) -> Mask {
        self.learned
    }

    /// Classes that colour a whole post.
    pub(super) fn colours(&self) -> Mask {
        self.colours
    }

    /// Words of classes from left to right, not overlapping.
    pub(crate) fn read(&self, script: &Script) -> Vec<Token> {
        let found = self.lexicon.read(script, Column::Alarm);
        found
            .map(|found| Token { start: found.start, end: found.end, mask: found.values.first().copied().unwrap_or(0) })
            .collect()
    }
}
