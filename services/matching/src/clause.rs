//! On which clauses a post rests: those whose own words stand in it.
//!
//! Every clause has words that set it apart: those kept with it when its document was taken in, otherwise the terms of
//! the catalogue in its summary. People and papers call one thing by different names, so kindred words count as one idea
//! (`clause/kin.txt`). A clause of the right system that shares no idea with the post is not cited at all: a regulation on
//! wages says nothing about a cracked wall, though one bureau keeps both. Nor is one that names neither the unit nor a
//! collective that holds it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use huiyin_catalogue::{Catalogue, Clause, Unit};
use huiyin_domain::{SystemCode, TermHit};
use huiyin_text::normalise;

use crate::candidate::{Bearing, Setting};
use crate::lexicon::{Column, Lexicon};
use crate::script::Script;

/// Groups of words for one idea, a line each; the first is how papers put it.
const KIN: &str = include_str!("clause/kin.txt");
/// Clauses shown with a candidate.
const CLAUSES_MAX: usize = 3;
/// An idea in the title weighs this much more.
const TITLE_FACTOR: f64 = 2.0;
/// What each character beyond the second adds to the weight of a word: 农民工工资 says more than 工资.
const LENGTH_SHARE: f64 = 0.1;
/// A kindred word says less than the clause's own.
const KIN_FACTOR: f64 = 0.7;
/// Share of the weight of an idea that only one clause has which a clause must reach to be cited: one telling word, or
/// several that are less so.
const SHARE_MIN: f64 = 0.5;
/// Each further system of a clause takes this share off: one that lists half the government says little about any.
const BREADTH_SHARE: f64 = 0.05;
/// Share of the first clause's score below which others are not worth showing.
const FURTHER_SHARE_MIN: f64 = 0.5;

/// Finds clauses by their words; built once for a catalogue.
pub(crate) struct ClauseIndex {
    lexicon: Lexicon<Sense>,
    /// For every word of the lexicon the senses of shorter words inside it.
    inner: Vec<Vec<Sense>>,
    postings: Vec<Posting>,
    clauses: Vec<Arc<Clause>>,
    /// Weight of an idea that one clause has.
    weight_max: f64,
}

/// The clauses of an idea.
#[derive(Default)]
struct Posting {
    /// Numbers of the clauses, and whether the idea is of the clause's own subject.
    clauses: Vec<(usize, bool)>,
    /// How telling the idea is.
    rarity: f64,
}

/// An idea that a word stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sense {
    idea: usize,
    factor: f64,
}

/// Clauses whose words stand in a post, in table order.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    clauses: Vec<Echo>,
    /// Every idea, in order, with the word that says it best.
    sounds: Vec<Sound>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Echo {
    clause: usize,
    pub(crate) score: f64,
    /// Ideas shared.
    pub(crate) hits: usize,
    /// Among them one of the clause's own subject.
    pub(crate) own: bool,
}

/// A word for an idea.
#[derive(Clone, Copy, Debug)]
struct Sound {
    idea: usize,
    /// Number of the word.
    slot: usize,
    /// Where it stands.
    start: usize,
    weight: f64,
}

impl Heard {
    /// Clauses heard, in table order.
    pub(crate) fn echoes(&self) -> impl Iterator<Item = &Echo> {
        self.clauses.iter()
    }
}

impl ClauseIndex {
    pub(crate) fn new(catalogue: &Catalogue) -> ClauseIndex {
        let mut ideas = Ideas::new();
        let known: BTreeSet<String> =
            catalogue.terms().iter().map(|term| term.term.to_ascii_lowercase()).chain(ideas.kin()).collect();
        let finder = Lexicon::new(known.into_iter().map(|word| (word, ())));
        let clauses: Vec<Arc<Clause>> = catalogue.clauses().cloned().map(Arc::new).collect();
        let words: Vec<BTreeSet<String>> = clauses.iter().map(|clause| words(catalogue, clause, &finder)).collect();
        let mut postings: BTreeMap<usize, BTreeMap<usize, bool>> = BTreeMap::new();
        for (number, (words, clause)) in words.iter().zip(&clauses).enumerate() {
            for word in words {
                let own = clause.terms.is_empty() || clause.terms.iter().any(|term| term.eq_ignore_ascii_case(word));
                for sense in ideas.of(word) {
                    *postings.entry(sense.idea).or_default().entry(number).or_default() |= own;
                }
            }
        }
        let count = ideas.count;
        let spoken: Vec<(String, Sense)> = ideas
            .senses
            .iter()
            .flat_map(|(word, senses)| senses.iter().map(move |sense| (word.clone(), *sense)))
            .filter(|(_, sense)| postings.contains_key(&sense.idea))
            .collect();
        let by_word: HashMap<String, Vec<Sense>> = spoken.iter().fold(HashMap::new(), |mut map, (word, sense)| {
            map.entry(word.clone()).or_insert_with(Vec::new).push(*sense);
            map
        });
        let lexicon = Lexicon::new(spoken);
        let inner = (0..lexicon.words()).map(|slot| inside(lexicon.word(slot), &by_word)).collect();
        let postings = (0..count)
            .map(|idea| {
                let set = postings.get(&idea).into_iter().flatten();
                let of: Vec<(usize, bool)> = set.map(|(at, own)| (*at, *own)).collect();
                Posting { rarity: rarity(clauses.len(), of.len()), clauses: of }
            })
            .collect();
        let weight_max = rarity(clauses.len(), 1);
        ClauseIndex { lexicon, inner, postings, clauses, weight_max }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// Clauses that share ideas with a post, whatever their system.
    pub(crate) fn hear(&self, script: &Script) -> Heard {
        let mut sounds: Vec<Sound> = Vec::with_capacity(script.spans(Column::Clauses).count() * 2);
        for found in self.lexicon.read(script, Column::Clauses) {
            let share = script.share(found.start, found.end);
            if share == 0.0 {
                continue;
            }
            let place = if script.in_title(found.start) { TITLE_FACTOR } else { 1.0 };
            let longer = self.lexicon.word(found.slot).chars().count().saturating_sub(2);
            let length = 1.0 + longer as f64 * LENGTH_SHARE;
            let inner = self.inner.get(found.slot).map_or(&[][..], Vec::as_slice);
            sounds.extend(found.values.iter().chain(inner).map(|sense| Sound {
                idea: sense.idea,
                slot: found.slot,
                start: found.start,
                weight: sense.factor * place * length * share,
            }));
        }
        // Of several words for an idea the weightiest stays, the first of equal ones.
        sounds.sort_by(|one, other| one.idea.cmp(&other.idea).then_with(|| other.weight.total_cmp(&one.weight)));
        sounds.dedup_by_key(|sound| sound.idea);
        let mut echoes: Vec<Echo> = Vec::with_capacity(sounds.len() * 4);
        for sound in &sounds {
            let Some(posting) = self.postings.get(sound.idea) else { continue };
            let score = posting.rarity * sound.weight;
            echoes.extend(posting.clauses.iter().map(|(clause, own)| Echo {
                clause: *clause,
                score,
                hits: 1,
                own: *own,
            }));
        }
        echoes.sort_by_key(|echo| echo.clause);
        echoes.dedup_by(|next, kept| {
            let same = next.clause == kept.clause;
            if same {
                kept.score += next.score;
                kept.hits += next.hits;
                kept.own |= next.own;
            }
            same
        });
        Heard { clauses: echoes, sounds }
    }

    /// The weight of an idea that only one clause has.
    pub(crate) fn telling(&self) -> f64 {
        self.weight_max
    }

    /// The clause of an echo.
    pub(crate) fn clause(&self, echo: &Echo) -> Option<&Arc<Clause>> {
        self.clauses.get(echo.clause)
    }

    /// The words of a post in which a clause was heard, each once, with what they weigh.
    pub(crate) fn said(&self, heard: &Heard, echo: &Echo) -> Vec<TermHit> {
        let mut words: Vec<TermHit> = Vec::new();
        for sound in &heard.sounds {
            let Some(posting) = self.postings.get(sound.idea) else { continue };
            if !posting.clauses.iter().any(|(clause, _)| *clause == echo.clause) {
                continue;
            }
            let weight = posting.rarity * sound.weight;
            match words.iter_mut().find(|word| word.start == sound.start) {
                Some(word) => word.weight = word.weight.max(weight),
                None => {
                    let text = self.lexicon.word(sound.slot).to_owned();
                    words.push(TermHit { text, weight, start: sound.start });
                }
            }
        }
        words
    }

    /// Clauses a candidate rests on, the most telling first; none where no clause of its line of work shares enough with
    /// the post. Of equally telling ones the narrower comes first, then the one that names the unit, then that of the
    /// nearer place.
    pub(crate) fn bearing(
        &self,
        setting: Setting<'_>,
        heard: &Heard,
        unit: Option<&Unit>,
        system: &SystemCode,
    ) -> Vec<Bearing> {
        let Some(unit) = unit else { return Vec::new() };
        let enough = self.weight_max * SHARE_MIN;
        let held = setting.catalogue.held(unit, system);
        let mut found: Vec<(f64, huiyin_catalogue::Bearing, &Arc<Clause>, usize)> = heard
            .clauses
            .iter()
            .filter(|echo| echo.own && echo.score >= enough)
            .filter_map(|echo| {
                let clause = self.clauses.get(echo.clause)?;
                if clause.any_system {
                    return None; // how to answer anything at all is no ground for who answers this
                }
                let bearing = held.bearing(clause, setting.on)?;
                let breadth = clause.systems.len().saturating_sub(1) as f64 * BREADTH_SHARE;
                Some((echo.score / (1.0 + breadth), bearing, clause, echo.hits))
            })
            .collect();
        found.sort_by(|one, other| {
            other
                .0
                .total_cmp(&one.0)
                .then_with(|| one.2.systems.len().cmp(&other.2.systems.len()))
                .then(one.1.cmp(&other.1))
        });
        let best = found.first().map_or(0.0, |first| first.0);
        found.retain(|(score, ..)| *score >= best * FURTHER_SHARE_MIN);
        found.truncate(CLAUSES_MAX);
        found.into_iter().map(|(_, _, clause, hits)| Bearing { clause: clause.clone(), hits }).collect()
    }
}

/// Words and what they stand for.
struct Ideas {
    senses: BTreeMap<String, Vec<Sense>>,
    count: usize,
}

impl Ideas {
    fn new() -> Ideas {
        let mut ideas = Ideas { senses: BTreeMap::new(), count: 0 };
        for line in KIN.lines().filter(|line| !line.is_empty()) {
            for word in line.split_whitespace() {
                let word = word.to_ascii_lowercase();
                ideas.senses.entry(word).or_default().push(Sense { idea: ideas.count, factor: KIN_FACTOR });
            }
            ideas.count += 1;
        }
        ideas
    }

    fn kin(&self) -> impl Iterator<Item = String> {
        self.senses.keys().cloned().collect::<Vec<_>>().into_iter()
    }

    /// The ideas of a clause's word: itself, and those it is kindred to.
    fn of(&mut self, word: &str) -> Vec<Sense> {
        let senses = self.senses.entry(word.to_owned()).or_default();
        if senses.iter().all(|sense| sense.factor < 1.0) {
            senses.push(Sense { idea: self.count, factor: 1.0 });
            self.count += 1;
        }
        senses.clone()
    }
}

/// The words that set a clause apart: those kept with it, and the catalogue's terms and kindred words in its text.
fn words(catalogue: &Catalogue, clause: &Clause, finder: &Lexicon<()>) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = clause.terms.iter().map(|term| term.to_ascii_lowercase()).collect();
    let mut text = normalise(clause.text.as_deref().unwrap_or(&clause.summary)).to_ascii_lowercase();
    // A unit named in the text is no subject: 退役军人事务局 in a schedule says nothing about veterans.
    for unit in clause.lead.units().iter().chain(clause.responsible.units()).filter_map(|id| catalogue.unit(id)) {
        for name in unit.names().filter(|name| name.chars().count() >= 3) {
            text = text.replace(name, " ");
        }
    }
    words.extend(finder.find(&text).map(|found| finder.word(found.slot).to_owned()));
    words.retain(|word| word.chars().count() >= 2);
    words
}

/// Senses of the words inside a longer one: the search gives the longest alone.
fn inside(word: &str, senses: &HashMap<String, Vec<Sense>>) -> Vec<Sense> {
    let characters: Vec<char> = word.chars().collect();
    let mut found = Vec::new();
    for length in 2..characters.len() {
        for part in characters.windows(length) {
            let part: String = part.iter().collect();
            found.extend(senses.get(&part).into_iter().flatten().copied());
        }
    }
    found
}

/// How telling an idea is that stands in so many of all clauses.
fn rarity(clauses: usize, with: usize) -> f64 {
    ((clauses as f64 + 1.0) / (with as f64 + 0.5)).ln().max(0.0)
}
