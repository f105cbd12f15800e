//! Danger and grade by rules over classes of words, where no trained head is at hand.

use huiyin_domain::Grade;

use super::classes::{Classes, LISTS, Mask, Token};
use super::{COUNT_CHARS, count_before, grade};
use crate::script::Script;

/// How far before a word its condition may stand (万一着火), in characters of the same clause.
const CONDITION_CHARS: usize = 10;
/// How far behind a word is looked for what changes its meaning, in characters of the same clause.
const AFTER_CHARS: usize = 6;
/// How far apart the words of a rule may stand, in bytes: eight characters.
const GAP_BYTES: usize = 24;

/// What the rules found.
#[derive(Debug)]
pub(super) struct Voiced {
    pub(super) grade: Grade,
    pub(super) danger: bool,
    pub(super) words: Vec<String>,
    /// Those of `words` that speak of danger alone.
    pub(super) endangered: Vec<String>,
}

pub(super) struct Rules {
    life: Mask,
    disaster: Mask,
    death: Mask,
    crowd: Mask,
    idle: Mask,
    /// Whatever of these stands in the sentence takes a pattern back.
    taken_back: Mask,
    /// Of these, takes back a word that is grave only when it happens.
    told_of: Mask,
    patterns: Vec<Vec<Mask>>,
}

impl Rules {
    pub(super) fn new(classes: &Classes) -> Rules {
        let step = |step: &str| classes.mask(&step.split('|').collect::<Vec<_>>());
        let patterns = LISTS.get("rules").iter().map(|rule| rule.split('>').map(step).collect()).collect();
        Rules {
            life: classes.mask(&["told_life"]),
            disaster: classes.mask(&["told_disaster"]),
            death: classes.mask(&["told_death"]),
            crowd: classes.mask(&["told_crowd"]),
            idle: classes.mask(&["idiom", "harmless"]),
            taken_back: classes.mask(&[
                "idiom",
                "ago",
                "cond",
                "media",
                "drill",
                "question",
                "over",
                "advice",
                "dead_place",
            ]),
            told_of: classes.mask(&["media", "drill"]),
            patterns,
        }
    }

    pub(super) fn read(&self, script: &Script, tokens: &[Token]) -> Voiced {
        let mut told = Voiced { grade: Grade::Ordinary, danger: false, words: Vec::new(), endangered: Vec::new() };
        for token in tokens {
            let (danger, grade) = self.of_word(script, token);
            if danger && token.mask & self.life == 0 && !self.stands(script, tokens, token, self.told_of) {
                continue;
            }
            told.danger |= danger;
            told.grade = told.grade.min(grade);
            if danger || grade < Grade::Ordinary {
                told.add(script, token, danger);
            }
        }
        if !told.danger {
            self.of_patterns(script, tokens, &mut told);
        }
        told
    }

    /// What a word tells by itself.
    fn of_word(&self, script: &Script, token: &Token) -> (bool, Grade) {
        let nothing = (false, Grade::Ordinary);
        let told = token.mask & (self.life | self.disaster | self.death | self.crowd);
        if told == 0 || token.mask & self.idle != 0 {
            return nothing;
        }
        let before = script.clause_before(token.start, CONDITION_CHARS);
        let after = script.clause_after(token.end, AFTER_CHARS);
        let life = token.mask & self.life != 0;
        if is_said_of_nothing(life, before, after) {
            return nothing;
        }
        let said = script.whole().get(token.start..token.end).unwrap_or("");
        let now = LISTS.holds("told_now", before) || LISTS.begins("told_now", after) || said.ends_with('了');
        if life || (token.mask & self.disaster != 0 && now) {
            (true, Grade::Considerable)
        } else if token.mask & self.crowd != 0 {
            let by_things = LISTS.ends("thing_before_crowd", before);
            (false, if by_things { Grade::Ordinary } else { Grade::Considerable })
        } else if token.mask & self.death != 0 {
            (false, grade::of_deaths(count_before(script.clause_before(token.start, COUNT_CHARS)), now))
        } else {
            nothing
        }
    }

    /// What words tell together.
    fn of_patterns(&self, script: &Script, tokens: &[Token], told: &mut Voiced) {
        for (at, first) in tokens.iter().enumerate() {
            let rest = tokens.get(at..).unwrap_or(&[]);
            let starts =
                self.patterns.iter().filter(|pattern| pattern.first().is_some_and(|one| one & first.mask != 0));
            for pattern in starts {
                let Some(hit) = fits(script.whole(), rest, pattern) else { continue };
                if hit.iter().all(|token| self.stands(script, tokens, token, self.taken_back)) {
                    told.danger = true;
                    told.grade = told.grade.min(Grade::Considerable);
                    hit.into_iter().for_each(|token| told.add(script, token, true));
                    return;
                }
            }
        }
    }

    /// Nothing in its sentence takes it back: no word of these classes, no denial before it.
    fn stands(&self, script: &Script, tokens: &[Token], token: &Token, taken_back: Mask) -> bool {
        let whole = script.whole();
        let start = whole.get(..token.start).and_then(|before| before.rfind(ends_sentence)).unwrap_or(0);
        let after = whole.get(token.end..).and_then(|after| after.find(ends_sentence));
        let end = after.map_or(whole.len(), |after| token.end + after);
        let inside = tokens.iter().filter(|other| other.start >= start && other.end <= end);
        let denied = LISTS.ends("told_denial", script.clause_before(token.start, 2));
        !denied && inside.fold(0, |all, other| all | other.mask) & taken_back == 0
    }
}

impl Voiced {
    fn add(&mut self, script: &Script, token: &Token, danger: bool) {
        let word = script.whole().get(token.start..token.end).unwrap_or("").to_owned();
        if danger && !self.endangered.contains(&word) {
            self.endangered.push(word.clone());
        }
        if !self.words.contains(&word) {
            self.words.push(word);
        }
    }
}

/// The words that fit a pattern from the first one on.
fn fits<'t>(whole: &str, tokens: &'t [Token], pattern: &[Mask]) -> Option<Vec<&'t Token>> {
    let (first, rest) = tokens.split_first()?;
    let mut hit = vec![first];
    let mut rest = rest.iter();
    for wanted in pattern.iter().skip(1) {
        let before = hit.last()?.end;
        let next = rest.by_ref().take_while(|token| token.start <= before + GAP_BYTES);
        let mut next = next.filter(|token| token.mask & wanted != 0);
        let found = next.next()?;
        if whole.get(before..found.start)?.contains(ends_sentence) {
            return None;
        }
        hit.push(found);
    }
    Some(hit)
}

fn ends_sentence(character: char) -> bool {
    matches!(character, '。' | '！' | '？' | '!' | '?' | '\n')
}

/// Fear, law, prevention, denial, or another word altogether. "随时" makes a fear a danger.
fn is_said_of_nothing(life: bool, before: &str, after: &str) -> bool {
    let feared = LISTS.holds("told_condition", before) || (!life && LISTS.holds("told_cause", before));
    let conditional = feared && !before.contains("随时");
    let guarded = before.ends_with('防') && !before.ends_with("消防");
    let denied = guarded || LISTS.ends("told_denial", before);
    conditional || denied || LISTS.begins("told_otherwise", after)
}
