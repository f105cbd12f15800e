//! The text of a post as the matchers read it.

use std::cell::OnceCell;

use crate::lexicon::{Column, Hit, Sweep, Swept};
use crate::model::reader::{self, Letter};

/// Title, a line feed and text, with ASCII letters in lower case. Byte offsets are those of the record as stored.
pub(crate) struct Script {
    whole: String,
    title_bytes: usize,
    /// The words of all lexicons in it, where they were sought together.
    swept: Option<Swept>,
    /// Parts whose words count for less or for nothing, in order, not overlapping.
    shades: Vec<Shade>,
    /// Made when a trained model asks for them.
    letters: OnceCell<Vec<Letter>>,
}

/// A part of a text whose words say less of its subject: the name of a place, the scene of what is complained about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shade {
    /// First byte.
    pub(crate) start: usize,
    /// Byte after the last.
    pub(crate) end: usize,
    /// What its words are multiplied by, 0 to 1.
    pub(crate) factor: f64,
}

impl Script {
    pub(crate) fn new(title: &str, text: &str) -> Script {
        let mut whole = String::with_capacity(title.len() + 1 + text.len());
        whole.push_str(title);
        whole.push('\n');
        whole.push_str(text);
        whole.make_ascii_lowercase();
        Script { whole, title_bytes: title.len(), swept: None, shades: Vec::new(), letters: OnceCell::new() }
    }

    /// The same with the words of all lexicons in it.
    pub(crate) fn with_words(title: &str, text: &str, sweep: &Sweep) -> Script {
        let script = Script::new(title, text);
        Script { swept: Some(sweep.read(&script.whole)), ..script }
    }

    /// The words of a lexicon in it, if it was read for them.
    pub(crate) fn swept(&self, column: Column) -> Option<&[Hit]> {
        self.swept.as_ref().map(|swept| swept.of(column))
    }

    /// Lets the words of these parts count for less; of two parts on the same words the smaller factor holds.
    pub(crate) fn shade(&mut self, shades: impl IntoIterator<Item = Shade>) {
        self.shades.extend(shades.into_iter().filter(|shade| shade.start < shade.end));
    }

    /// What a word from `start` to `end` is multiplied by: 1 outside of every shade. A word that reaches out of a shade is
    /// another word.
    pub(crate) fn share(&self, start: usize, end: usize) -> f64 {
        let within = self.shades.iter().filter(|shade| shade.start <= start && end <= shade.end);
        within.fold(1.0, |least, shade| f64::min(least, shade.factor))
    }

    /// Where the words of a lexicon stand, if it was read for them.
    pub(crate) fn spans(&self, column: Column) -> impl Iterator<Item = (usize, usize)> {
        self.swept(column).unwrap_or(&[]).iter().map(Hit::span)
    }

    /// Forgets words of subjects that lie inside names: 港口 in 港口街镇.
    pub(crate) fn hide(&mut self, names: &[(usize, usize)]) {
        if let Some(swept) = self.swept.as_mut().filter(|_| !names.is_empty()) {
            swept.hide(&[Column::Subjects, Column::Clauses, Column::Alarm], names);
        }
    }

    /// Parts whose words count for less than `share_min`, as bytes from and to.
    pub(crate) fn dark(&self, share_min: f64) -> Vec<(usize, usize)> {
        let dark = self.shades.iter().filter(|shade| shade.factor < share_min);
        dark.map(|shade| (shade.start, shade.end)).collect()
    }

    /// Its letters as the features of a trained model see them.
    pub(crate) fn letters(&self) -> &[Letter] {
        self.letters.get_or_init(|| reader::letters(&self.whole))
    }

    /// Everything.
    pub(crate) fn whole(&self) -> &str {
        &self.whole
    }

    /// Whether a byte offset lies in the title.
    pub(crate) fn in_title(&self, offset: usize) -> bool {
        offset < self.title_bytes
    }

    /// What stands before an offset.
    pub(crate) fn before(&self, offset: usize) -> &str {
        self.whole.get(..offset).unwrap_or("")
    }

    /// What stands from an offset on.
    pub(crate) fn after(&self, offset: usize) -> &str {
        self.whole.get(offset..).unwrap_or("")
    }

    /// What stands before an offset in the same clause, at most `chars_max` characters of it.
    pub(crate) fn clause_before(&self, offset: usize, chars_max: usize) -> &str {
        let before = self.before(offset);
        let start = before
            .char_indices()
            .rev()
            .take(chars_max)
            .take_while(|(_, character)| !is_break(*character))
            .last()
            .map_or(before.len(), |(index, _)| index);
        before.get(start..).unwrap_or("")
    }

    /// What stands from an offset on in the same clause, at most `chars_max` characters of it.
    pub(crate) fn clause_after(&self, offset: usize, chars_max: usize) -> &str {
        let after = self.after(offset);
        let end = after
            .char_indices()
            .take(chars_max)
            .take_while(|(_, character)| !is_break(*character))
            .last()
            .map_or(0, |(index, character)| index + character.len_utf8());
        after.get(..end).unwrap_or("")
    }
}

fn is_break(character: char) -> bool {
    matches!(character, '，' | '。' | '；' | '！' | '？' | ',' | ';' | '!' | '?' | '\n' | '：' | ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_end_at_breaks_and_limits() {
        let script = Script::new("标题", "前面，他说请城管局来处理。后面");
        let offset = script.whole().find("城管局").unwrap();
        assert_eq!(script.clause_before(offset, 10), "他说请");
        assert_eq!(script.clause_before(offset, 2), "说请");
        assert_eq!(script.clause_after(offset, 20), "城管局来处理");
        assert_eq!(script.clause_after(offset, 2), "城管");
        assert_eq!(script.clause_before(0, 5), "");
        assert_eq!(script.clause_after(script.whole().len(), 5), "");
        assert!(script.in_title(0) && !script.in_title(offset));
    }
}
