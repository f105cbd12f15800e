//! Finds words leftmost-longest.
//!
//! Nearly every character of a post begins no word. So bits for what it makes with the next one and the next two are
//! looked at first, in tables small enough to stay in the nearest cache; only what passes is looked up. Measured on
//! letters, one sweep over the words of all lexicons takes about a third of the time of an Aho-Corasick automaton for
//! each: their states lie all over memory.

use std::collections::{HashMap, HashSet};
use std::str::Chars;

/// Bits for each beginning of a word, so that few others share them, and bits of a table at least and at most.
const BITS_EACH: usize = 16;
const BITS_MIN: usize = 1 << 9;
const BITS_MAX: usize = 1 << 18;
/// Share of filled places in the table of edges, one in this many at most.
const ROOM: usize = 2;
/// Marks the first character of a word where later ones have the number of the node before.
const FIRST: u32 = 1 << 31;
/// Stands where later characters have the node before, for a word of one character.
const ALONE: u32 = u32::MAX;
/// No word.
const NONE: u32 = u32::MAX;
/// A node from which nothing leads on.
const LEAF: u32 = u32::MAX - 1;

/// Words by number.
pub struct Trie {
    /// Words of two characters, and what longer ones begin with.
    twos: Bits,
    threes: Bits,
    /// Words of one character.
    ones: Bits,
    /// From the second character of a word on, and words of one character, by open addressing; the length is a power of two.
    edges: Vec<Edge>,
}

#[derive(Clone, Copy)]
struct Edge {
    /// Node before, or the first character with [`FIRST`]; then the character that leads on.
    from: u32,
    character: u32,
    /// Where it leads to; [`NONE`] in a free place.
    to: u32,
    /// The word that ends there, or [`NONE`].
    word: u32,
}

/// A word in a text.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// Its number.
    pub word: u32,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Hit {
    /// First byte and the byte after the last.
    pub fn span(&self) -> (usize, usize) {
        (self.start, self.end)
    }
}

/// The words of a text from left to right.
pub struct Hits<'l, 't> {
    trie: &'l Trie,
    text: &'t str,
    /// Byte at which `next` stands.
    at: usize,
    next: Option<char>,
    /// What follows `next`.
    rest: Chars<'t>,
}

impl Trie {
    /// Of different words, none of them empty; their numbers go from 0.
    pub fn new<'w>(words: impl Iterator<Item = &'w str>) -> Trie {
        let (mut twos, mut threes) = (Vec::new(), Vec::new());
        let mut singles = Vec::new();
        let mut nodes: HashMap<(u32, u32), Node> = HashMap::new();
        for (number, word) in (0..NONE).zip(words) {
            let mut characters = word.chars();
            let Some(first) = characters.next() else { continue };
            let mut next = characters.clone();
            match (next.next(), next.next()) {
                (Some(second), None) => twos.push(mixed(first, second)),
                (Some(second), Some(third)) => threes.push(further(mixed(first, second), third)),
                _ => {}
            }
            let mut last = None;
            let mut from = u32::from(first) | FIRST;
            for character in characters.map(u32::from) {
                last = Some((from, character));
                let fresh = Node { number: nodes.len() as u32, word: NONE };
                from = nodes.entry((from, character)).or_insert(fresh).number;
            }
            match last.and_then(|last| nodes.get_mut(&last)) {
                Some(node) => node.word = number,
                None => singles.push((first, number)),
            }
        }
        let ones: Vec<u64> = singles.iter().map(|(single, _)| one(*single)).collect();
        let (ones, twos, threes) = (Bits::of(&ones), Bits::of(&twos), Bits::of(&threes));
        Trie { twos, threes, ones, edges: edges(&nodes, &singles) }
    }

    /// From left to right the longest word at each place that no word before covers.
    pub fn find<'l, 't>(&'l self, text: &'t str) -> Hits<'l, 't> {
        let mut rest = text.chars();
        Hits { trie: self, text, at: 0, next: rest.next(), rest }
    }

    /// Every word at every place, from left to right and the shorter ones first.
    pub fn each(&self, text: &str, mut take: impl FnMut(Hit)) {
        let mut rest = text.chars();
        while !rest.as_str().is_empty() {
            self.beginning(text, text.len() - rest.as_str().len(), &mut take);
            rest.next();
        }
    }

    /// Every word at one place, the shorter ones first.
    pub fn beginning(&self, text: &str, start: usize, mut take: impl FnMut(Hit)) {
        let mut rest = text.get(start..).unwrap_or("").chars();
        let Some(first) = rest.next() else { return };
        let after_first = start + first.len_utf8();
        if let Some(word) = self.single(first) {
            take(Hit { word, start, end: after_first });
        }
        if let Some(second) = rest.next().filter(|second| self.may_begin(first, *second, &rest)) {
            let after = after_first + second.len_utf8();
            self.walk(first, second, rest, |word, further| take(Hit { word, start, end: after + further }));
        }
    }

    /// Words of `first`, `second` and what follows, the shorter ones first, with the bytes behind `second` that each takes.
    fn walk(&self, first: char, second: char, mut rest: Chars<'_>, mut take: impl FnMut(u32, usize)) {
        let bytes = rest.as_str().len();
        let mut next = self.edge(u32::from(first) | FIRST, u32::from(second));
        while let Some(edge) = next {
            if edge.word != NONE {
                take(edge.word, bytes - rest.as_str().len());
            }
            let ahead = rest.next().filter(|_| edge.to != LEAF);
            next = ahead.and_then(|character| self.edge(edge.to, u32::from(character)));
        }
    }

    /// The longest word of `first`, `second` and what follows, with the bytes behind `second` that it takes.
    fn longest(&self, first: char, second: char, rest: Chars<'_>) -> Option<(u32, usize)> {
        let mut longest = None;
        self.walk(first, second, rest, |word, further| longest = Some((word, further)));
        longest
    }

    fn edge(&self, from: u32, character: u32) -> Option<Edge> {
        let mask = self.edges.len() - 1;
        let mut at = place(from, character) & mask;
        loop {
            let edge = *self.edges.get(at)?;
            if edge.to == NONE {
                return None;
            }
            if edge.from == from && edge.character == character {
                return Some(edge);
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether a word may begin with these characters; now and then wrongly yes.
    fn may_begin(&self, first: char, second: char, rest: &Chars<'_>) -> bool {
        let two = mixed(first, second);
        self.twos.has(two) || rest.clone().next().is_some_and(|third| self.threes.has(further(two, third)))
    }

    fn single(&self, first: char) -> Option<u32> {
        if !self.ones.has(one(first)) {
            return None;
        }
        self.edge(ALONE, u32::from(first)).map(|edge| edge.word)
    }
}

impl Iterator for Hits<'_, '_> {
    type Item = Hit;

    fn next(&mut self) -> Option<Hit> {
        while let Some(first) = self.next {
            let start = self.at;
            let after_first = start + first.len_utf8();
            let second = self.rest.next();
            if let Some(second) = second.filter(|second| self.trie.may_begin(first, *second, &self.rest))
                && let Some((word, further)) = self.trie.longest(first, second, self.rest.clone())
            {
                let end = after_first + second.len_utf8() + further;
                self.rest = self.text.get(end..).unwrap_or("").chars();
                (self.at, self.next) = (end, self.rest.next());
                return Some(Hit { word, start, end });
            }
            (self.at, self.next) = (after_first, second);
            if let Some(word) = self.trie.single(first) {
                return Some(Hit { word, start, end: after_first });
            }
        }
        None
    }
}

struct Node {
    number: u32,
    word: u32,
}

fn edges(nodes: &HashMap<(u32, u32), Node>, singles: &[(char, u32)]) -> Vec<Edge> {
    let inner: HashSet<u32> = nodes.keys().map(|(from, _)| *from).collect();
    let longer = nodes.iter().map(|((from, character), Node { number, word })| {
        let to = if inner.contains(number) { *number } else { LEAF };
        Edge { from: *from, character: *character, to, word: *word }
    });
    let alone =
        singles.iter().map(|(single, word)| Edge { from: ALONE, character: u32::from(*single), to: LEAF, word: *word });
    let free = Edge { from: 0, character: 0, to: NONE, word: NONE };
    let size = ((nodes.len() + singles.len()) * ROOM).next_power_of_two().max(2);
    let mut edges = vec![free; size];
    for edge in longer.chain(alone) {
        let mut at = place(edge.from, edge.character) & (size - 1);
        while edges.get(at).is_some_and(|edge| edge.to != NONE) {
            at = (at + 1) & (size - 1);
        }
        edges.get_mut(at).into_iter().for_each(|free| *free = edge);
    }
    edges
}

fn place(from: u32, character: u32) -> usize {
    let mixed = (u64::from(from) << 32 | u64::from(character)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as usize
}

fn one(first: char) -> u64 {
    u64::from(first).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn mixed(first: char, second: char) -> u64 {
    (u64::from(first) << 32 | u64::from(second)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn further(two: u64, third: char) -> u64 {
    (two.rotate_left(29) ^ u64::from(third)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

/// A set of mixed numbers that never misses one and now and then takes another for one.
struct Bits {
    words: Vec<u64>,
    shift: u32,
}

impl Bits {
    fn of(numbers: &[u64]) -> Bits {
        let size = (numbers.len() * BITS_EACH).next_power_of_two().clamp(BITS_MIN, BITS_MAX);
        let mut bits = Bits { words: vec![0; size / 64], shift: 64 - size.trailing_zeros() };
        for number in numbers {
            let (at, bit) = bits.place(*number);
            bits.words.get_mut(at).into_iter().for_each(|word| *word |= bit);
        }
        bits
    }

    fn has(&self, number: u64) -> bool {
        let (at, bit) = self.place(number);
        self.words.get(at).is_some_and(|word| word & bit != 0)
    }

    fn place(&self, number: u64) -> (usize, u64) {
        let at = number >> self.shift;
        ((at >> 6) as usize, 1 << (at & 63))
    }
}

#[cfg(test)]
#[allow(clippy::string_slice)] // the places come from the text itself
mod tests {
    use proptest::prelude::*;

    use super::Trie;

    /// The rule itself, slowly.
    fn slowly(words: &[String], text: &str) -> Vec<(u32, usize, usize)> {
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = text.get(at..).unwrap_or("");
            let longest = (0..).zip(words).filter(|(_, word)| rest.starts_with(word.as_str()));
            match longest.max_by_key(|(_, word)| word.len()) {
                Some((number, word)) => {
                    found.push((number, at, at + word.len()));
                    at += word.len();
                }
                None => at += first.len_utf8(),
            }
        }
        found
    }

    proptest! {
        #[test]
        fn finds_what_stands_there(words in prop::collection::btree_set("[东西a南]{1,4}", 0..12), text in "[东西a南北]{0,40}") {
            let words: Vec<String> = words.into_iter().collect();
            let trie = Trie::new(words.iter().map(String::as_str));
            let found: Vec<_> = trie.find(&text).map(|hit| (hit.word, hit.start, hit.end)).collect();
            prop_assert_eq!(found, slowly(&words, &text));
            let mut all = Vec::new();
            trie.each(&text, |hit| all.push((hit.start, hit.end, hit.word)));
            let expected = (0..).zip(&words).flat_map(|(number, word)| {
                let starts = text.char_indices().filter(|(at, _)| text[*at..].starts_with(word.as_str()));
                starts.map(move |(at, _)| (at, at + word.len(), number))
            });
            let mut expected: Vec<_> = expected.collect();
            expected.sort_unstable();
            prop_assert_eq!(all, expected);
        }
    }
}
