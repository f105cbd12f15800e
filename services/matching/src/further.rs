//! Several concerns in one post: the strongest leads, the others are offered to the officer as concerns of their own.

use std::sync::LazyLock;

use huiyin_domain::{Further, SystemCode, UnitRef};
use huiyin_text::lists::Lists;

use crate::candidate::Setting;
use crate::lexicon::{Column, Lexicon};
use crate::script::Script;
use crate::subject::Ground;

/// Further concerns at most.
const FURTHER_MAX: usize = 3;
/// Words shown for one.
const WORDS_MAX: usize = 4;

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read("further.txt", crate::rules::FURTHER));
static TURNS: LazyLock<Lexicon<()>> =
    LazyLock::new(|| Lexicon::new(LISTS.get("turns").iter().map(|turn| (turn.clone(), ()))));

/// A part of a post: its first byte, and the byte after the last.
pub(crate) type Part = (usize, usize);

/// The words that turn to another concern.
pub(crate) fn words() -> Vec<&'static str> {
    TURNS.all()
}

/// The parts of a post that a turn (顺便, 另外, 二是) begins, each up to the next one.
fn parts(script: &Script) -> Vec<Part> {
    let whole = script.whole();
    let turns = TURNS.read(script, Column::Turns);
    let turns = turns.filter(|turn| !script.in_title(turn.start) && script.before(turn.start).ends_with(breaks));
    let starts: Vec<usize> = turns.filter(|turn| !goes_on(script.after(turn.end))).map(|turn| turn.start).collect();
    let ends = starts.iter().skip(1).copied().chain([whole.len()]);
    starts.iter().copied().zip(ends).collect()
}

/// Whether what stands behind a turn only presses the same concern.
fn goes_on(behind: &str) -> bool {
    LISTS.begins("same", behind.trim_start_matches(['，', ',', '、', '：', ':', ' ']))
}

/// What ends a clause.
fn breaks(character: char) -> bool {
    matches!(character, '，' | '。' | '；' | '！' | '？' | ',' | ';' | '!' | '?' | '\n' | ' ' | '：')
}

/// What each part of a post is about, where it has several and each speaks clearly enough; `hear` judges one by itself.
pub(crate) fn leads(script: &Script, hear: impl Fn(Part) -> Option<Ground>) -> Vec<Ground> {
    let parts = parts(script);
    let Some((first, _)) = parts.first().copied() else { return Vec::new() };
    std::iter::once((0, first)).chain(parts).filter_map(hear).collect()
}

/// Whether two lines of work are what different parts are about: then neither takes ground from the other.
pub(crate) fn stand_apart(leads: &[Ground], one: &SystemCode, other: &SystemCode) -> bool {
    let leads = |system: &SystemCode| leads.iter().any(|ground| ground.system == *system);
    one != other && leads(one) && leads(other)
}

/// Concerns of parts that are about another line of work than `main`.
pub(crate) fn further(setting: Setting<'_>, leads: Vec<Ground>, main: Option<&SystemCode>) -> Vec<Further> {
    let mut found: Vec<Further> = Vec::new();
    let parent = |system: &SystemCode| setting.catalogue.system(system).and_then(|system| system.parent.clone());
    for first in leads {
        let known = main.into_iter().chain(found.iter().map(|further| &further.system));
        let same = known.into_iter().any(|other| {
            *other == first.system
                || parent(other).as_ref() == Some(&first.system)
                || parent(&first.system).as_ref() == Some(other)
        });
        if same || found.len() == FURTHER_MAX {
            continue;
        }
        let mut terms = first.terms;
        terms.truncate(WORDS_MAX);
        terms.sort_by_key(|term| term.start);
        found.push(Further {
            unit: setting.unit(&first.system).as_deref().map(UnitRef::from),
            system: first.system,
            terms: terms.into_iter().map(|term| term.text).collect(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_begin_parts() {
        for (text, expected) in [
            ("路灯坏了，顺便问一下医保怎么报销", vec!["顺便问一下医保怎么报销"]),
            ("路灯坏了。另外，幼儿园收费太高。还有公交车不来", vec!["另外，幼儿园收费太高。还有公交车不来"]),
            ("一是路灯坏了；二是垃圾没人收；三是井盖响", vec!["二是垃圾没人收；", "三是井盖响"]),
            ("路灯坏了，另外希望尽快修好", vec![]),
            ("1、路灯坏了\n2、没有公交", vec!["2、没有公交"]),
            ("另一条路的路灯也坏了，还有几盏是好的", vec![]),
            ("路灯坏了", vec![]),
        ] {
            let script = Script::new("", text);
            let found: Vec<&str> =
                parts(&script).iter().filter_map(|(start, end)| script.whole().get(*start..*end)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
