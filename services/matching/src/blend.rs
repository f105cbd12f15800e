//! The trained model's voice beside the catalogue's terms.
//!
//! The model shares out points over the systems by the chance it gives each; how many depends on what the terms found,
//! so that neither drowns the other in long or in short posts. The points of a system are written to the words among the
//! runs of characters that moved the model most, in proportion: a score stays the sum of the weights of its terms.

use std::cell::RefCell;
use std::collections::BinaryHeap;
use std::sync::LazyLock;

use huiyin_domain::{SystemCode, TermHit};

use crate::model::{Head, Reason, Scored, Voice};
use crate::script::Script;
use crate::subject::{Ground, Subjects};

/// Points of the model beside the best score of the terms, and at least of [`POINTS_MIN`]: with a model that learned
/// everyday phrases for every line of work it says more than the terms. On 188 invented posts that nothing was tuned on,
/// first candidate right: terms alone 63 % with a share of 1, 70 % at 3, 77 % at 8, 79 % at 20; on 131 others 85 %, 87 %,
/// 87 %, 88 %. At 8 a word of the catalogue that decides alone (weight 5) still outweighs a model that hesitates.
const MODEL_SHARE: f64 = 8.0;
/// Points of the model where the terms found less than this.
const POINTS_MIN: f64 = 8.0;
/// Chances below this are not worth a candidate.
pub(crate) const CHANCE_MIN: f64 = 0.03;
/// Words shown for the model's points, and runs of characters looked at for them; one word where the chance is small.
const WORDS_MAX: usize = 4;
const RUNS_MAX: usize = 32;
const SMALL_CHANCE: f64 = 0.15;
/// Characters of words that say nothing by themselves: 有个, 也有, 就要. Such a word may move the model; it convinces nobody.
const FILLING: &str = "的了着过是有个也就都要会能可不没未无在和与及把被给让将向对从到去来为以于又还再才只很太更最这那哪之其此每各\
    一二两几多些么吗呢吧啊呀我你您他她它们谁自己什怎如何样请问望因所但而或则并且当已曾经常上下里后前中";
const FILLING_WORDS: [&str; 12] =
    ["大家", "现在", "今天", "昨天", "时候", "时间", "问题", "情况", "知道", "觉得", "希望", "目前"];

/// One bit for every number of a character, set for those of [`FILLING`].
static FILLING_BITS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 0x1_0000 / 64];
    for code in FILLING.chars().map(|character| character as usize) {
        bits.get_mut(code / 64).into_iter().for_each(|word| *word |= 1 << (code % 64));
    }
    bits
});

/// Adds the model's points to the grounds, for chances from `chance_min` on. `known` tells the systems of the catalogue.
pub(crate) fn blend(
    subjects: &mut Subjects,
    voice: &Voice<'_>,
    (head, scored): (&Head, &Scored),
    teller: &Teller<'_>,
    chance_min: f64,
    known: impl Fn(&SystemCode) -> bool,
) {
    let best = subjects.grounds.first().map_or(0.0, |ground| ground.score);
    let points = MODEL_SHARE * f64::max(best, POINTS_MIN);
    let chances = head.chances(scored);
    let likely: Vec<(usize, f64)> =
        chances.into_iter().enumerate().filter(|(_, chance)| *chance >= chance_min).collect();
    let classes: Vec<usize> = likely.iter().map(|(class, _)| *class).collect();
    for ((class, chance), reasons) in likely.into_iter().zip(voice.reasons(scored, &classes)) {
        let Some(system) = head.classes().get(class).map(|class| SystemCode::new(class.as_str())) else { continue };
        if !known(&system) {
            continue;
        }
        let words_max = if chance < SMALL_CHANCE { 1 } else { WORDS_MAX };
        let mut added = teller.telling(reasons, words_max);
        share_out(&mut added, points * chance);
        if added.is_empty() {
            continue;
        }
        match subjects.grounds.iter_mut().find(|ground| ground.system == system) {
            Some(ground) => {
                let mut terms = std::mem::take(&mut ground.terms);
                for hit in added {
                    match terms.iter_mut().find(|term| term.text == hit.text) {
                        Some(term) => term.weight += hit.weight,
                        None => terms.push(hit),
                    }
                }
                *ground = Ground::new(system, terms).likely(chance);
            }
            None => subjects.grounds.push(Ground::new(system, added).likely(chance)),
        }
    }
    subjects
        .grounds
        .sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.system.cmp(&other.system)));
}

/// First byte in a text, and the byte after the last.
type Span = (usize, usize);

/// Tells words of one text.
pub(crate) struct Teller<'t> {
    whole: &'t str,
    /// Runs with the words they stand in: the same ones move several classes and heads, and a look into the dictionary
    /// takes long.
    known: RefCell<Vec<(Span, Option<Span>)>>,
}

impl<'t> Teller<'t> {
    pub(crate) fn new(script: &'t Script) -> Teller<'t> {
        Teller { whole: script.whole(), known: RefCell::default() }
    }

    /// The words among the runs of characters that moved a model most, with what they added.
    pub(crate) fn telling(&self, mut reasons: BinaryHeap<Reason>, words_max: usize) -> Vec<TermHit> {
        let mut runs: Vec<Reason> = Vec::new();
        let strongest = std::iter::from_fn(|| reasons.pop()).take(RUNS_MAX).inspect(|run| runs.push(*run));
        let mut added = words(self.whole, strongest, words_max, |_, run| self.word(run));
        // What is no word speaks only where no word does, and what says nothing only where nothing else does.
        for tells in [telling_run, |_: &str, run| Some(run)] {
            if added.is_empty() {
                added = words(self.whole, runs.iter().copied(), words_max, tells);
            }
        }
        added
    }

    fn word(&self, run: Span) -> Option<Span> {
        let mut known = self.known.borrow_mut();
        if let Some((_, word)) = known.iter().find(|(other, _)| *other == run) {
            return *word;
        }
        let word = telling_word(self.whole, run);
        known.push((run, word));
        word
    }
}

/// The word that a run stands in, unless it says nothing.
fn telling_word(whole: &str, run: Span) -> Option<Span> {
    let (start, end) = huiyin_text::word_around(whole, run.0, run.1)?;
    (!says_nothing(whole.get(start..end)?)).then_some((start, end))
}

/// A run that was not cut from two words, as far as filling characters tell.
fn telling_run(whole: &str, run: Span) -> Option<Span> {
    let text = whole.get(run.0..run.1)?;
    (!says_nothing(text) && !text.starts_with(fills) && !text.ends_with(fills)).then_some(run)
}

fn says_nothing(text: &str) -> bool {
    FILLING_WORDS.contains(&text) || text.chars().all(fills)
}

fn is_single(text: &str) -> bool {
    text.chars().nth(1).is_none()
}

fn fills(character: char) -> bool {
    let code = character as usize;
    character.is_ascii_digit() || FILLING_BITS.get(code / 64).is_some_and(|bits| bits >> (code % 64) & 1 == 1)
}

/// What the runs that added most tell, with what they added; nothing twice, and nothing that overlaps another.
fn words(
    whole: &str,
    runs: impl Iterator<Item = Reason>,
    words_max: usize,
    tells: impl Fn(&str, Span) -> Option<Span>,
) -> Vec<TermHit> {
    let mut hits: Vec<TermHit> = Vec::new();
    for run in runs {
        let span = (run.start as usize, run.end as usize);
        let apart = |(start, end): Span, hit: &TermHit| hit.start + hit.text.len() <= start || end <= hit.start;
        // What a run tells holds the run: one that overlaps need not be looked up.
        if !hits.iter().all(|hit| apart(span, hit)) || whole.get(span.0..span.1).is_none_or(is_single) {
            continue;
        }
        let Some((start, end)) = tells(whole, span) else { continue };
        let Some(text) = whole.get(start..end) else { continue };
        let is_new = |hit: &TermHit| !hit.text.contains(text) && !text.contains(&hit.text);
        if hits.iter().all(|hit| apart((start, end), hit) && is_new(hit)) {
            hits.push(TermHit { text: text.to_owned(), weight: run.added, start });
        }
        if hits.len() == words_max {
            break;
        }
    }
    hits
}

/// Words of a text, or what runs of characters in it tell, strongest first; nothing that overlaps another.
pub(crate) fn telling_words(whole: &str, words: &[Reason], runs: &[Reason], words_max: usize) -> Vec<String> {
    let whole_word = |_: &str, span: Span| Some(span);
    let mut told: Vec<TermHit> = self::words(whole, words.iter().copied(), words_max, whole_word);
    for tells in [telling_word, telling_run] {
        if told.is_empty() {
            told = self::words(whole, runs.iter().copied(), words_max, tells);
        }
    }
    told.into_iter().map(|hit| hit.text).collect()
}

/// Scales the weights so that they add up to `points`.
fn share_out(hits: &mut [TermHit], points: f64) {
    let sum: f64 = hits.iter().map(|hit| hit.weight).sum();
    for hit in hits {
        hit.weight *= points / sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_something() {
        for (whole, run, word, telling) in [
            ("也有个大家", "有个", None, false),
            ("也有个大家", "大家", None, false),
            ("门口11点没水", "11", None, false),
            ("停了的水管", "的水", None, false),
            ("停了的水管", "水管", Some("水管"), true),
            ("小区没水了", "没水", None, false),
            ("到地铁站出口", "铁站", Some("地铁站"), true),
            ("市民主动反映", "民主", None, true),
        ] {
            let start = whole.find(run).unwrap();
            let span = (start, start + run.len());
            let found = telling_word(whole, span).and_then(|(start, end)| whole.get(start..end));
            assert_eq!(found, word, "{run} as a word in {whole}");
            assert_eq!(telling_run(whole, span).is_some(), telling, "{run} as a run in {whole}");
        }
    }
}
