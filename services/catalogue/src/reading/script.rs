//! Text beside its folded form, character for character: rules look at the folded side, answers are cut from the written one.

/// Traditional characters of the grammar's own words, each followed by its simplified form. Names are never converted:
/// they stay in the script of the source.
const SCRIPTS: &str = "責责別别讀读內内單单牽牵頭头門门負负關关級级處处區区縣县鎮镇鄉乡廳厅辦办會会員员發发業业務务導导協协與与參参組组織织實实\
時时間间長长號号國国機机構构專专總总團团體体廣广銀银聯联館馆場场臺台檢检軍军學学醫医黨党網网應应續续達达當当監监質质稅税財财農农\
衛卫環环審审計计劃划規规資资標标題题來来閱阅連连動动據据訊讯屬属直直現现將将請请個个條条項项則则勞劳險险電电貿贸漁渔園园隊队\
貫贯徹彻執执證证給给結结為为從从於于書书記记錄录見见該该範范圍围職职權权圖图過过進进還还這这類类經经濟济區区幹干";

fn fold(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' | '\u{2002}' | '\u{2003}' | '\u{2009}' | '\u{202f}' => ' ',
        '〔' | '【' | '〖' | '［' | '﹝' => '[',
        '〕' | '】' | '〗' | '］' | '﹞' => ']',
        '﹙' => '(',
        '﹚' => ')',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ if ('\u{4e00}'..='\u{9fff}').contains(&c) => simplified(c),
        _ => c,
    }
}

fn simplified(c: char) -> char {
    use std::collections::HashMap;
    use std::sync::LazyLock;
    static PAIRS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let chars: Vec<char> = SCRIPTS.chars().collect();
        chars.as_chunks::<2>().0.iter().map(|[traditional, plain]| (*traditional, *plain)).collect()
    });
    PAIRS.get(&c).copied().unwrap_or(c)
}

/// Text and its folded form, of equal length.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    raw: Vec<char>,
    key: Vec<char>,
}

impl Script {
    pub(super) fn new(text: &str) -> Self {
        let raw: Vec<char> = text.chars().collect();
        let key = raw.iter().map(|&c| fold(c)).collect();
        Self { raw, key }
    }

    pub(super) fn piece(&self) -> Piece<'_> {
        Piece { raw: &self.raw, key: &self.key }
    }

    pub(super) fn push(&mut self, piece: Piece<'_>) {
        self.raw.extend_from_slice(piece.raw);
        self.key.extend_from_slice(piece.key);
    }

    pub(super) fn push_char(&mut self, c: char) {
        self.raw.push(c);
        self.key.push(fold(c));
    }
}

/// A part of a [`Script`]. All positions are counts of characters; those past the end mean the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    raw: &'a [char],
    key: &'a [char],
}

impl<'a> Piece<'a> {
    pub(super) fn len(self) -> usize {
        self.key.len()
    }

    pub(super) fn is_empty(self) -> bool {
        self.key.is_empty()
    }

    pub(super) fn at(self, index: usize) -> Option<char> {
        self.key.get(index).copied()
    }

    pub(super) fn first(self) -> Option<char> {
        self.key.first().copied()
    }

    pub(super) fn last(self) -> Option<char> {
        self.key.last().copied()
    }

    pub(super) fn chars(self) -> impl DoubleEndedIterator<Item = char> + 'a {
        self.key.iter().copied()
    }

    pub(super) fn slice(self, start: usize, end: usize) -> Self {
        let end = end.min(self.len());
        let start = start.min(end);
        Self { raw: &self.raw[start..end], key: &self.key[start..end] }
    }

    pub(super) fn from(self, start: usize) -> Self {
        self.slice(start, self.len())
    }

    pub(super) fn to(self, end: usize) -> Self {
        self.slice(0, end)
    }

    pub(super) fn trim_start(self) -> Self {
        self.from(self.key.iter().take_while(|c| c.is_whitespace()).count())
    }

    pub(super) fn trim_end(self) -> Self {
        self.to(self.len() - self.key.iter().rev().take_while(|c| c.is_whitespace()).count())
    }

    pub(super) fn trim(self) -> Self {
        self.trim_end().trim_start()
    }

    pub(super) fn starts_with(self, word: &str) -> bool {
        let mut own = self.key.iter();
        word.chars().all(|c| own.next() == Some(&c))
    }

    pub(super) fn ends_with(self, word: &str) -> bool {
        let mut own = self.key.iter().rev();
        word.chars().rev().all(|c| own.next() == Some(&c))
    }

    pub(super) fn is(self, word: &str) -> bool {
        self.len() == word.chars().count() && self.starts_with(word)
    }

    pub(super) fn strip_prefix(self, word: &str) -> Option<Self> {
        self.starts_with(word).then(|| self.from(word.chars().count()))
    }

    pub(super) fn strip_suffix(self, word: &str) -> Option<Self> {
        self.ends_with(word).then(|| self.to(self.len() - word.chars().count()))
    }

    /// The first of the words that the piece begins with, and the rest.
    pub(super) fn strip_any_prefix(self, words: &[&str]) -> Option<Self> {
        words.iter().find_map(|word| self.strip_prefix(word))
    }

    pub(super) fn find(self, word: &str) -> Option<usize> {
        let word: Vec<char> = word.chars().collect();
        if word.is_empty() {
            return Some(0);
        }
        self.key.windows(word.len()).position(|window| window == word.as_slice())
    }

    pub(super) fn contains(self, word: &str) -> bool {
        self.find(word).is_some()
    }

    pub(super) fn has(self, any_of: &str) -> bool {
        self.key.iter().any(|&c| any_of.contains(c))
    }

    pub(super) fn position(self, test: impl Fn(char) -> bool) -> Option<usize> {
        self.key.iter().position(|&c| test(c))
    }

    pub(super) fn rposition(self, test: impl Fn(char) -> bool) -> Option<usize> {
        self.key.iter().rposition(|&c| test(c))
    }

    /// The parts between the characters that `test` picks.
    pub(super) fn split(self, test: impl Fn(char) -> bool) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut start = 0;
        for (index, &c) in self.key.iter().enumerate() {
            if test(c) {
                parts.push(self.slice(start, index));
                start = index + 1;
            }
        }
        parts.push(self.from(start));
        parts
    }

    /// Without white space: what a page or a cell broke is whole again.
    pub(super) fn compact(self) -> Script {
        let mut script = Script::default();
        for (&raw, &key) in self.raw.iter().zip(self.key) {
            if !key.is_whitespace() {
                script.raw.push(raw);
                script.key.push(key);
            }
        }
        script
    }

    /// As written, with white space at the ends dropped and runs of it as one space, also between Chinese characters.
    pub(super) fn text(self) -> String {
        let mut text = String::with_capacity(self.len() * 3);
        let mut gap = false;
        for &c in self.trim().raw {
            if c.is_whitespace() || c == '\u{3000}' {
                gap = true;
                continue;
            }
            if gap && !text.is_empty() {
                text.push(' ');
            }
            gap = false;
            text.push(c);
        }
        text
    }

    /// The folded side as a string.
    pub(super) fn folded(self) -> String {
        self.key.iter().collect()
    }

    /// The written side as a string.
    pub(super) fn written(self) -> String {
        self.raw.iter().collect()
    }
}

/// Where the bracket opened at each position closes, for round and square ones, by one pass. A bracket that is never closed, or
/// a closing one that was never opened, stands for itself.
pub(super) fn brackets(piece: Piece<'_>) -> Vec<Option<usize>> {
    let mut closes = vec![None; piece.len()];
    let (mut round, mut square) = (Vec::new(), Vec::new());
    for (index, c) in piece.chars().enumerate() {
        let opened = match c {
            '(' => {
                round.push(index);
                continue;
            }
            '[' => {
                square.push(index);
                continue;
            }
            ')' => round.pop(),
            ']' => square.pop(),
            _ => continue,
        };
        if let Some(opened) = opened {
            closes[opened] = Some(index);
        }
    }
    closes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_the_length_and_the_written_side() {
        let script = Script::new("（責任單位：雲溪區水利廳）");
        assert_eq!(script.piece().folded(), "(责任单位:雲溪区水利厅)");
        assert_eq!(script.piece().text(), "（責任單位：雲溪區水利廳）");
        assert_eq!(Script::new(" 甲　 乙\n丙 ").piece().text(), "甲 乙 丙");
    }

    #[test]
    fn brackets_close_inside_out() {
        let script = Script::new("(a(b)c[d(]e)");
        let closes = brackets(script.piece());
        assert_eq!((closes[0], closes[2], closes[6], closes[8]), (None, Some(4), Some(9), Some(11)));
    }
}
