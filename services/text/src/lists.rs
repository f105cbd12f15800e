//! Word lists kept as data files, with one loader.
//!
//! A file holds named lists: `[name]` begins one, the words after it stand between white space, on as many lines as they
//! need; a line that begins with `#` is a remark. A word that holds a blank is written with `_` in its place. What a rule
//! looks for is changed in its file; [`digest`] makes the version of the rules from the files, so that a decision always
//! names the words it was made with.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

/// The lists of one file.
#[derive(Debug)]
pub struct Lists {
    file: &'static str,
    /// By name.
    lists: Vec<(&'static str, List)>,
    /// Where each name stands in `lists`: every post asks for many.
    places: FxHashMap<&'static str, usize>,
}

#[derive(Debug, Default)]
struct List {
    words: Vec<String>,
    /// One bit for what the first characters of the words come to, and the last: most texts stop at these.
    firsts: u128,
    lasts: u128,
}

impl List {
    fn add(&mut self, word: String) {
        self.firsts |= bit(word.chars().next());
        self.lasts |= bit(word.chars().next_back());
        self.words.push(word);
    }
}

fn bit(character: Option<char>) -> u128 {
    character.map_or(0, |character| 1 << (u32::from(character).wrapping_mul(0x9E37_79B1) >> 25))
}

impl Lists {
    /// Reads the text of a file. `file` is its name, for messages.
    ///
    /// # Panics
    /// When a word stands before the first `[name]`, or a name stands twice: the file is part of the program, and every
    /// list is read in tests.
    pub fn read(file: &'static str, text: &'static str) -> Lists {
        let mut lists: BTreeMap<&'static str, List> = BTreeMap::new();
        let mut current: Option<&'static str> = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                assert!(lists.insert(name, List::default()).is_none(), "{file}: the list {name} stands twice");
                current = Some(name);
                continue;
            }
            let name = current.unwrap_or_else(|| unreachable!("{file}: “{line}” stands before the first list"));
            let list = lists.entry(name).or_default();
            line.split_whitespace().for_each(|word| list.add(word.replace('_', " ")));
        }
        let lists: Vec<(&'static str, List)> = lists.into_iter().collect();
        let places = (0..).zip(&lists).map(|(at, (name, _))| (*name, at)).collect();
        Lists { file, lists, places }
    }

    /// The words of a list, in the order of the file.
    ///
    /// # Panics
    /// When the file has no such list: the file is part of the program.
    pub fn get(&self, name: &str) -> &[String] {
        &self.list(name).words
    }

    fn list(&self, name: &str) -> &List {
        match self.places.get(name).and_then(|at| self.lists.get(*at)) {
            Some((_, list)) => list,
            None => unreachable!("{}: there is no list {name}", self.file),
        }
    }

    /// All lists by name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.lists.iter().map(|(name, list)| (*name, list.words.as_slice()))
    }

    /// Whether `text` holds a word of the list.
    pub fn holds(&self, name: &str, text: &str) -> bool {
        self.get(name).iter().any(|word| text.contains(word.as_str()))
    }

    /// Whether `text` begins with a word of the list.
    pub fn begins(&self, name: &str, text: &str) -> bool {
        self.beginning(name, text).is_some()
    }

    /// The first word of the list that `text` begins with.
    pub fn beginning(&self, name: &str, text: &str) -> Option<&str> {
        let list = self.list(name);
        if list.firsts & bit(text.chars().next()) == 0 {
            return None;
        }
        // The first three bytes, mostly one character, are compared without a call.
        let first = text.as_bytes().first_chunk::<3>();
        let words = list.words.iter().map(String::as_str);
        words
            .filter(|word| word.len() < 3 || word.as_bytes().first_chunk() == first)
            .find(|word| text.starts_with(word))
    }

    /// Whether `text` ends with a word of the list.
    pub fn ends(&self, name: &str, text: &str) -> bool {
        self.ending(name, text).is_some()
    }

    /// The first word of the list that `text` ends with.
    pub fn ending(&self, name: &str, text: &str) -> Option<&str> {
        let list = self.list(name);
        if list.lasts & bit(text.chars().next_back()) == 0 {
            return None;
        }
        list.words.iter().map(String::as_str).find(|word| text.ends_with(word))
    }
}

/// Eight hexadecimal digits that change when any of the files changes (FNV-1a, 64 bits, folded).
pub fn digest(files: &[&str]) -> String {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for byte in files.iter().flat_map(|file| file.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    format!("{:08x}", (hash ^ (hash >> 32)) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_that_fits() {
        let lists = Lists::read("test", "[kinds]\n小区 小区里 路\n");
        assert_eq!(lists.beginning("kinds", "小区里的"), Some("小区"));
        assert_eq!((lists.beginning("kinds", "大小区"), lists.beginning("kinds", "")), (None, None));
        assert_eq!((lists.ending("kinds", "在路"), lists.ending("kinds", "小区外")), (Some("路"), None));
    }

    #[test]
    fn lists_with_remarks_and_blanks() {
        let lists = Lists::read("test", "# remark\n[told]\n反映 投诉\n举报\n\n[empty]\n[other]\nte_st\n");
        assert_eq!(lists.get("told"), ["反映", "投诉", "举报"]);
        assert!(lists.get("empty").is_empty());
        assert_eq!(lists.get("other"), ["te st"]);
        assert!(lists.holds("told", "向他反映了") && lists.begins("told", "投诉他") && lists.ends("told", "去举报"));
        assert!(!lists.holds("told", "没有"));
    }

    #[test]
    fn the_digest_sees_every_change() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_eq!(digest(&["ab"]), digest(&["ab"]));
        assert_eq!(digest(&[]).len(), 8);
    }
}
