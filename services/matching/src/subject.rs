//! Which systems a text speaks for (谁主管谁回应): terms, names of bodies, and words of clauses.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_catalogue::Catalogue;
use huiyin_domain::{SystemCode, TermHit};

use crate::further::Part;
use crate::lexicon::{Column, Lexicon};
use crate::script::Script;

/// What a term in the title adds, as a multiple of its weight, on top of what the text adds. Measured on 291 letters
/// whose official reply shows who answered, first candidate right: 86.3 % at 0.0, 89.7 % at 0.5, 92.1 % at 1.0, 93.5 %
/// at 1.5, 93.1 % at 2.5.
const TITLE_FACTOR: f64 = 1.5;
/// Weight of a body's name (城管局) in the text: people often write to the wrong one, so it says less than a subject.
/// Between 0.5 and 2.0 the letters above come out the same.
const BODY_WEIGHT: f64 = 1.0;
/// What a term in a clause's summary adds to the systems of the clause, where it is not a term of theirs anyway.
const CLAUSE_WEIGHT: f64 = 0.5;
/// Clauses that concern more systems than this say nothing about any of them.
const CLAUSE_SYSTEMS_MAX: usize = 3;

/// Finds what speaks for each system; built once for a catalogue.
pub(crate) struct SubjectIndex {
    lexicon: Lexicon<Voice>,
    systems: Vec<SystemCode>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Voice {
    system: usize,
    weight: f64,
}

/// A word of a text with what it adds to a system.
#[derive(Clone, Copy)]
struct Spoken {
    system: usize,
    slot: usize,
    start: usize,
    weight: f64,
}

/// What speaks for one system.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    pub(crate) system: SystemCode,
    /// Sum of the weights of `terms`, in their order.
    pub(crate) score: f64,
    /// Weightiest first.
    pub(crate) terms: Vec<TermHit>,
    /// The chance that a trained model gives it, 0 without one.
    pub(crate) chance: f64,
}

/// All that speaks for any system.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subjects {
    /// Best first; equal ones in order of code.
    pub(crate) grounds: Vec<Ground>,
}

/// Where a word stands, and how often.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// The most that one in the title counts.
    in_title: f64,
    /// Times in the text.
    in_text: u32,
    /// The most that one in a shaded part of the text counts.
    shaded: f64,
}

impl SubjectIndex {
    pub(crate) fn new(catalogue: &Catalogue) -> SubjectIndex {
        let systems: Vec<SystemCode> = catalogue.systems().map(|system| system.code.clone()).collect();
        let number: BTreeMap<&SystemCode, usize> =
            systems.iter().enumerate().map(|(index, code)| (code, index)).collect();
        let mut voices: BTreeMap<(String, usize), f64> = BTreeMap::new();
        for term in catalogue.terms() {
            if let Some(system) = number.get(&term.system) {
                voices.insert((term.term.to_ascii_lowercase(), *system), term.weight);
            }
        }
        for system in catalogue.systems() {
            let Some(index) = number.get(&system.code) else { continue };
            for body in system.bodies.iter().filter(|body| body.chars().count() >= 2) {
                voices.entry((body.to_ascii_lowercase(), *index)).or_insert(BODY_WEIGHT);
            }
        }
        for (word, system) in clause_voices(catalogue, &number, &voices) {
            voices.entry((word, system)).or_insert(CLAUSE_WEIGHT);
        }
        let lexicon = Lexicon::new(voices.into_iter().map(|((word, system), weight)| (word, Voice { system, weight })));
        SubjectIndex { lexicon, systems }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// Weighs title and text.
    pub(crate) fn weigh(&self, script: &Script) -> Subjects {
        self.weigh_words(script, (0, script.whole().len()), |start| script.in_title(start))
    }

    /// Weighs a part by itself; what stands in the title counts there as text.
    pub(crate) fn weigh_part(&self, script: &Script, part: Part) -> Subjects {
        self.weigh_words(script, part, |_| false)
    }

    fn weigh_words(&self, script: &Script, (start, end): Part, in_title: impl Fn(usize) -> bool) -> Subjects {
        let mut found: Vec<(usize, usize, f64)> = Vec::with_capacity(script.spans(Column::Subjects).count());
        found.extend(
            self.lexicon
                .read(script, Column::Subjects)
                .filter(|found| start <= found.start && found.end <= end)
                .map(|found| (found.slot, found.start, script.share(found.start, found.end)))
                .filter(|(_, _, share)| *share > 0.0),
        );
        found.sort_unstable_by_key(|(slot, start, _)| (*slot, *start));
        let mut spoken: Vec<Spoken> = Vec::with_capacity(found.len() * 2);
        for same in found.chunk_by(|one, other| one.0 == other.0) {
            let Some((slot, start, _)) = same.first().copied() else { continue };
            let mut tally = Tally::default();
            for (_, start, share) in same {
                if in_title(*start) {
                    tally.in_title = tally.in_title.max(*share);
                } else if *share < 1.0 {
                    tally.shaded = tally.shaded.max(*share);
                } else {
                    tally.in_text = tally.in_text.saturating_add(1);
                }
            }
            let factor = factor(&tally);
            let voices = self.lexicon.values(slot).iter();
            spoken.extend(voices.map(|voice| Spoken {
                system: voice.system,
                slot,
                start,
                weight: voice.weight * factor,
            }));
        }
        spoken.sort_by_key(|spoken| spoken.system);
        let mut grounds: Vec<Ground> = Vec::with_capacity(spoken.len());
        for same in spoken.chunk_by(|one, other| one.system == other.system) {
            let term = |spoken: &Spoken| {
                let text = self.lexicon.word(spoken.slot).to_owned();
                TermHit { text, weight: spoken.weight, start: spoken.start }
            };
            let system = same.first().and_then(|first| self.systems.get(first.system));
            grounds.extend(system.map(|system| Ground::new(system.clone(), same.iter().map(term).collect())));
        }
        grounds.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.system.cmp(&other.system)));
        Subjects { grounds }
    }
}

impl Ground {
    /// The same with the chance that a model gives it.
    pub(crate) fn likely(self, chance: f64) -> Ground {
        Ground { chance, ..self }
    }

    /// Sorts the terms and sums them in that order, so that the sum is the same everywhere.
    pub(crate) fn new(system: SystemCode, mut terms: Vec<TermHit>) -> Ground {
        terms.sort_by(|one, other| other.weight.total_cmp(&one.weight).then_with(|| one.start.cmp(&other.start)));
        let score = terms.iter().map(|term| term.weight).sum();
        Ground { system, score, terms, chance: 0.0 }
    }
}

/// Repeats add half as much each time and never more than doubled: a long letter is not a stronger one.
fn factor(tally: &Tally) -> f64 {
    let title = tally.in_title * TITLE_FACTOR;
    let text = match tally.in_text {
        0 => tally.shaded,
        1 => 1.0,
        2 => 1.5,
        3 => 1.75,
        _ => 1.875,
    };
    title + text
}

/// Terms that stand in the summaries of clauses of few systems, for those systems.
fn clause_voices(
    catalogue: &Catalogue,
    number: &BTreeMap<&SystemCode, usize>,
    voices: &BTreeMap<(String, usize), f64>,
) -> BTreeSet<(String, usize)> {
    let words = Lexicon::new(voices.keys().map(|(word, _)| (word.clone(), ())));
    let mut found = BTreeSet::new();
    for clause in catalogue.clauses() {
        if clause.any_system || clause.systems.len() > CLAUSE_SYSTEMS_MAX {
            continue;
        }
        for hit in words.find(&clause.summary.to_ascii_lowercase()) {
            for system in clause.systems.iter().filter_map(|system| number.get(system)) {
                found.insert((words.word(hit.slot).to_owned(), *system));
            }
        }
    }
    found
}
