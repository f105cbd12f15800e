//! A run of characters to be found exactly.

use crate::cut::{fold, is_indexed};

/// Letters and digits in lower case; nothing where punctuation or a blank stands between them. Begins and ends with a
/// letter, so it is never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pattern(Vec<Option<char>>);

impl Pattern {
    /// The pattern of a text; none when there is nothing in it to look for.
    pub(crate) fn of(text: &str) -> Option<Pattern> {
        let letters: Vec<Option<char>> = text.chars().map(|one| is_indexed(one).then(|| fold(one))).collect();
        let first = letters.iter().position(Option::is_some)?;
        let last = letters.iter().rposition(Option::is_some)?;
        Some(Pattern(letters.get(first..=last)?.to_vec()))
    }

    /// Its letters with their places in it.
    pub(crate) fn letters(&self) -> impl Iterator<Item = (usize, char)> {
        self.0.iter().enumerate().filter_map(|(at, letter)| letter.map(|letter| (at, letter)))
    }

    /// Length in characters.
    pub(crate) fn length(&self) -> usize {
        self.0.len()
    }

    /// Where it begins in a text given as [`folded`] makes it, without overlaps.
    pub(crate) fn occurrences<'t>(&'t self, text: &'t [Option<char>]) -> impl Iterator<Item = usize> + 't {
        let mut next = 0;
        let places = text.windows(self.length()).enumerate().filter(|(_, window)| *window == self.0.as_slice());
        places.map(|(at, _)| at).filter(move |at| {
            let apart = *at >= next;
            if apart {
                next = at + self.length();
            }
            apart
        })
    }
}

/// A text as patterns see it, character by character.
pub(crate) fn folded(text: impl Iterator<Item = char>) -> Vec<Option<char>> {
    text.map(|one| is_indexed(one).then(|| fold(one))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_where_characters_stand_together() {
        for (pattern, text, expected) in [
            ("停水", "停水又停水", &[0, 3][..]),
            ("停水", "停,水", &[]),
            ("停,水", "停。水,停水", &[0]),
            ("K9", "在k9县", &[1]),
            ("啊啊", "啊啊啊", &[0]),
            ("“停水”", "停水", &[0]),
            ("停水", "停", &[]),
        ] {
            let found: Vec<usize> = Pattern::of(pattern).unwrap().occurrences(&folded(text.chars())).collect();
            assert_eq!(found, expected, "{pattern} in {text}");
        }
        for nothing in ["", " ", "，。", "-"] {
            assert_eq!(Pattern::of(nothing), None, "{nothing:?}");
        }
    }
}
