//! The words of `data/grouping.txt`, read once into what [`super::told`] asks.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use huiyin_text::lists::Lists;

use crate::lexicon::Lexicon;
use crate::rules::GROUPING;

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read("grouping.txt", GROUPING));
pub(super) static WORDS: LazyLock<Words> = LazyLock::new(Words::new);

/// How long accounts of one event go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Window {
    /// An outage, an accident.
    Hours,
    /// An incident and its echo.
    Days,
    /// A state that lasts.
    Weeks,
}

/// A kind of trouble.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) window: Window,
    /// One of those that hit a place side by side.
    pub(super) exclusive: bool,
    /// Tells stored keys apart: a hash of the kind's name, so that kinds may be added to the file.
    pub(super) key: u64,
}

/// A class of named things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Class {
    /// Says where, as finely as a street: a road, an estate, a school.
    pub(super) fine: bool,
    /// Two of this class are two matters.
    pub(super) hard: bool,
    pub(super) key: u64,
}

/// A word that stands for a named thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) class: u8,
    /// Hash of the form that stands first in its line.
    pub(super) thing: u64,
}

pub(super) struct Words {
    pub(super) kinds: Vec<Kind>,
    pub(super) kind_words: Lexicon<u8>,
    pub(super) classes: Vec<Class>,
    names: BTreeMap<&'static str, u8>,
    pub(super) endings: Lexicon<u8>,
    pub(super) forms: Lexicon<Form>,
    pub(super) slack: Lexicon<()>,
    pub(super) weights: Vec<f32>,
}

impl Words {
    fn new() -> Words {
        let (mut kinds, mut kind_words) = (Vec::new(), Vec::new());
        let (mut classes, mut names) = (Vec::new(), BTreeMap::new());
        let (mut endings, mut forms) = (Vec::new(), Vec::new());
        let holds = |list: &str, name: &str| LISTS.get(list).iter().any(|word| word == name);
        for (list, words) in LISTS.all() {
            if let Some((window, name)) = list.strip_prefix("kind.").and_then(|rest| rest.split_once('.')) {
                let window = match window {
                    "hours" => Window::Hours,
                    "days" => Window::Days,
                    _ => Window::Weeks,
                };
                let kind = u8::try_from(kinds.len()).unwrap_or(u8::MAX);
                kinds.push(Kind { window, exclusive: holds("exclusive", name), key: hash(name) });
                kind_words.extend(words.iter().map(|word| (word.clone(), kind)));
            }
            let (is_ending, name) = match (list.strip_prefix("thing."), list.strip_prefix("same.")) {
                (Some(name), _) => (true, name),
                (_, Some(name)) => (false, name),
                _ => continue,
            };
            let next = u8::try_from(classes.len()).unwrap_or(u8::MAX);
            let class = *names.entry(name).or_insert(next);
            if class == next {
                classes.push(Class { fine: holds("fine", name), hard: holds("hard", name), key: hash(name) });
            }
            for word in words {
                if is_ending {
                    endings.push((word.clone(), class));
                } else {
                    let thing = hash(word.split('=').next().unwrap_or(word));
                    forms.extend(word.split('=').map(|form| (form.to_owned(), Form { class, thing })));
                }
            }
        }
        let weights = LISTS.get("weights").iter();
        Words {
            kinds,
            kind_words: Lexicon::new(kind_words),
            classes,
            names,
            endings: Lexicon::new(endings),
            forms: Lexicon::new(forms),
            slack: Lexicon::new(LISTS.get("slack").iter().map(|word| (word.clone(), ()))),
            weights: weights.filter_map(|word| word.split_once('=')?.1.parse().ok()).collect(),
        }
    }

    /// The class of a name in the file; one out of range for none.
    pub(super) fn class(&self, name: &str) -> u8 {
        self.names.get(name).copied().unwrap_or(u8::MAX)
    }

    pub(super) fn is_common(name: &str) -> bool {
        LISTS.ends("not_things", name)
    }
}

/// A list of the file.
pub(super) fn list(name: &str) -> &'static [String] {
    LISTS.get(name)
}

/// FNV-1a. Keys are stored: it never changes.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_whole() {
        assert!(WORDS.kinds.len() > 80 && WORDS.kinds.len() < 255);
        for list in ["fine", "hard"] {
            for name in LISTS.get(list) {
                assert_ne!(WORDS.class(name), u8::MAX, "{list} {name}");
            }
        }
        for name in ["school", "hospital", "building", "line", "phase", "bus", "day"] {
            assert_ne!(WORDS.class(name), u8::MAX, "{name}");
        }
        assert_eq!(WORDS.kinds.iter().filter(|kind| kind.exclusive).count(), LISTS.get("exclusive").len());
        assert_eq!(WORDS.weights.len(), super::super::account::SIGNS, "a weight for each sign");
    }
}
