//! What the head reads: windows of a few clauses, each with runs of characters and with what classes of words do with
//! each other in it.
//!
//! A post is as dangerous as its strongest window: one clause in a long letter is heard, and a long letter is no sum of
//! chances. Kinds of features: a run of one to three characters; a class; two classes in this order in one clause; two
//! classes in neighbouring clauses; two classes in one window; a class that colours the post from outside the window.

use std::collections::HashSet;

use super::classes::{Classes, Mask, Token};
use crate::model::reader::{self, Letter};
use crate::script::Script;

/// Longest window in letters. Measured in three foldings: 45 and 60 alike.
const WINDOW_LETTERS: usize = 60;
/// Longest run of characters.
const RUN_MAX: usize = 3;
/// How many words of classes further a pair reaches in a clause.
const REACH: usize = 4;
/// Numbers of runs are apart from those of other heads.
const RUN_SEED: u32 = 2;
const CLASS_SEED: u32 = 3;

/// How classes stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Alone,
    Then,
    Next,
    Together,
    Around,
}

/// All of them.
pub(super) const RELATIONS: [Relation; 5] =
    [Relation::Alone, Relation::Then, Relation::Next, Relation::Together, Relation::Around];

/// A feature where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Feature {
    Run(u32, Span),
    /// Classes by number, and the words that stand for them where they are at hand.
    Class(Relation, u32, u32, Span, Span),
}

/// First byte, and the byte after the last; empty where it stands nowhere.
pub(crate) type Span = (u32, u32);

struct Clause {
    /// Letters.
    from: usize,
    to: usize,
    /// Tokens.
    first: usize,
    last: usize,
    /// Classes in it.
    mask: Mask,
}

/// A text cut into clauses and windows.
pub(crate) struct Windows<'s> {
    classes: &'s Classes,
    letters: &'s [Letter],
    tokens: Vec<Token>,
    clauses: Vec<Clause>,
    /// First clause and the one after the last.
    pub(crate) spans: Vec<(usize, usize)>,
    /// Colours anywhere.
    colours: Mask,
}

impl<'s> Windows<'s> {
    pub(crate) fn of(classes: &'s Classes, script: &'s Script, tokens: &[Token]) -> Windows<'s> {
        let letters = script.letters();
        let learned = classes.learned();
        let tokens: Vec<Token> = tokens.iter().map(|token| Token { mask: token.mask & learned, ..*token }).collect();
        let clauses = clauses(script.whole(), letters, &tokens);
        let colours = tokens.iter().fold(0, |mask, token| mask | token.mask) & classes.colours();
        let spans = spans(&clauses);
        Windows { classes, letters, tokens, clauses, spans, colours }
    }

    pub(crate) fn clauses(&self) -> usize {
        self.clauses.len()
    }

    /// Runs of characters in all clauses together at most.
    pub(super) fn runs_max(&self) -> usize {
        self.letters.len() * RUN_MAX
    }

    /// Features of a clause by itself.
    pub(crate) fn of_clause(&self, at: usize, mut take: impl FnMut(Feature)) {
        self.runs(at, |key, span| take(Feature::Run(key, span)));
        self.classes_of_clause(at, take);
    }

    /// Runs of characters in a clause.
    pub(super) fn runs(&self, at: usize, mut take: impl FnMut(u32, Span)) {
        let Some(clause) = self.clauses.get(at) else { return };
        let letters = self.letters.get(clause.from..clause.to).unwrap_or(&[]);
        for (at, first) in letters.iter().enumerate() {
            let mut number = reader::seed(RUN_SEED);
            for letter in letters.iter().skip(at).take(RUN_MAX) {
                if letter.code == reader::BREAK {
                    break;
                }
                number = reader::step(number, letter.code);
                take(reader::finish(number), (first.start, letter.end));
            }
        }
    }

    /// Classes in a clause, and what they do with each other in it.
    pub(super) fn classes_of_clause(&self, at: usize, mut take: impl FnMut(Feature)) {
        let Some(clause) = self.clauses.get(at) else { return };
        let tokens = self.tokens.get(clause.first..clause.last).unwrap_or(&[]);
        for (at, token) in tokens.iter().enumerate() {
            let span = (token.start as u32, token.end as u32);
            for class in bits(token.mask) {
                take(Feature::Class(Relation::Alone, class, class, span, span));
            }
            for other in tokens.iter().skip(at + 1).take(REACH) {
                let other_span = (other.start as u32, other.end as u32);
                for one in bits(token.mask) {
                    for two in bits(other.mask) {
                        take(Feature::Class(Relation::Then, one, two, span, other_span));
                    }
                }
            }
        }
    }

    /// Features of a clause with the one before it.
    pub(crate) fn of_joint(&self, at: usize, mut take: impl FnMut(Feature)) {
        let before = at.checked_sub(1).and_then(|before| self.clauses.get(before));
        let (Some(before), Some(clause)) = (before, self.clauses.get(at)) else { return };
        for one in bits(before.mask) {
            for two in bits(clause.mask) {
                take(Feature::Class(Relation::Next, one, two, (0, 0), (0, 0)));
            }
        }
    }

    /// Features of a window as a whole.
    pub(crate) fn of_window(&self, (first, last): (usize, usize), mut take: impl FnMut(Feature)) {
        let clauses = self.clauses.get(first..last).unwrap_or(&[]);
        let mask = clauses.iter().fold(0, |mask, clause| mask | clause.mask);
        for one in bits(mask) {
            for two in bits(mask & !((2 << one) - 1)) {
                take(Feature::Class(Relation::Together, one, two, (0, 0), (0, 0)));
            }
        }
        for colour in bits(self.colours & !mask) {
            take(Feature::Class(Relation::Around, colour, colour, (0, 0), (0, 0)));
        }
    }

    /// The number of a feature in a head.
    pub(crate) fn key(&self, feature: Feature) -> u32 {
        match feature {
            Feature::Run(key, _) => key,
            Feature::Class(relation, one, two, ..) => class_key(self.classes, relation, one, two),
        }
    }
}

/// Made from the names of the classes, so that it stays when a class is added.
pub(super) fn class_key(classes: &Classes, relation: Relation, one: u32, two: u32) -> u32 {
    let name = |class: u32| classes.names().get(class as usize).copied().unwrap_or("");
    let mut number = reader::step(reader::seed(CLASS_SEED), relation as u32);
    for byte in name(one).bytes().chain([0]).chain(name(two).bytes()) {
        number = reader::step(number, u32::from(byte));
    }
    reader::finish(number)
}

/// The numbers of all features of classes.
pub(crate) fn class_keys(classes: &Classes) -> HashSet<u32> {
    let count = classes.names().len() as u32;
    let pairs = (0..count).flat_map(|one| (0..count).map(move |two| (one, two)));
    let keys = pairs.flat_map(|(one, two)| RELATIONS.map(|relation| class_key(classes, relation, one, two)));
    keys.collect()
}

/// The numbers of the classes in a mask.
pub(super) fn bits(mut mask: Mask) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (mask != 0).then(|| mask.trailing_zeros())?;
        mask &= mask - 1;
        Some(bit)
    })
}

fn ends_clause(character: char) -> bool {
    matches!(
        character,
        '，' | '。' | '；' | '！' | '？' | ',' | ';' | '!' | '?' | '\n' | '：' | ':' | ' ' | '\u{3000}' | '…'
    )
}

fn clauses(whole: &str, letters: &[Letter], tokens: &[Token]) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let (mut from, mut first) = (0, 0);
    for at in 0..=letters.len() {
        let letter = letters.get(at);
        let ends = letter.is_none_or(|letter| {
            let after = || whole.get(letter.start as usize..).and_then(|rest| rest.chars().next());
            letter.code == reader::BREAK && after().is_some_and(ends_clause)
        });
        if !ends {
            continue;
        }
        if at > from {
            let end = letter.map_or(whole.len(), |letter| letter.start as usize);
            let inside = tokens.iter().skip(first).take_while(|token| token.start < end);
            let (count, mask) = inside.fold((0, 0), |(count, mask), token| (count + 1, mask | token.mask));
            clauses.push(Clause { from, to: at, first, last: first + count, mask });
            first += count;
        }
        from = at + 1;
    }
    clauses
}

/// As many clauses as a window holds, from each clause on; none that lies in the one before.
fn spans(clauses: &[Clause]) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut last = 0;
    for (first, clause) in clauses.iter().enumerate() {
        last = last.max(first + 1);
        let before = spans.last().map_or(0, |(_, last)| *last);
        while clauses.get(last).is_some_and(|next| next.to - clause.from <= WINDOW_LETTERS) {
            last += 1;
        }
        if last > before {
            spans.push((first, last));
        }
    }
    spans
}
