//! Which channels an event goes to.

use huiyin_domain::matter::Matter;
use huiyin_store::{AlertRule, Channel};

use crate::AlertKind;
use crate::notice::Concern;

/// Where one event goes, and as whose: `Some(None)` for an event that concerns no unit yet, or any of them.
///
/// A channel of a unit is told only of what concerns that unit; the office's channels of everything their rules name.
pub(crate) fn recipient<'c>(
    channel: &Channel,
    rules: &[AlertRule],
    kind: AlertKind,
    matter: &Matter,
    concerns: &'c [Concern],
) -> Option<Option<&'c Concern>> {
    let theirs = |concern: &&Concern| channel.unit.as_ref().is_none_or(|unit| *unit == concern.unit);
    let own: Vec<&Concern> = concerns.iter().filter(theirs).collect();
    if channel.unit.is_some() && own.is_empty() {
        return None;
    }
    let fitting = rules.iter().filter(|rule| rule.enabled && rule.channel == channel.id && fits(rule, kind, matter));
    for rule in fitting {
        if rule.units.is_empty() {
            return Some(own.first().copied());
        }
        if let Some(named) = own.iter().find(|concern| rule.units.iter().any(|unit| unit == concern.unit.as_str())) {
            return Some(Some(named));
        }
    }
    None
}

/// All of a rule but its units.
fn fits(rule: &AlertRule, kind: AlertKind, matter: &Matter) -> bool {
    let listed = |list: &[String], word: &str| list.is_empty() || list.iter().any(|one| one == word);
    let place = matter.place.as_ref().map_or("", |place| place.as_str());
    listed(&rule.kinds, kind.as_str())
        && listed(&rule.grades, matter.grade_in_force().as_str())
        && (rule.places.is_empty() || rule.places.iter().any(|code| lies_in(place, code)))
}

/// True when a place's code is `within` or one below it: pairs of zeros at the end of a code stand for "all of it".
fn lies_in(code: &str, within: &str) -> bool {
    let mut prefix = within;
    while let Some(shorter) = prefix.strip_suffix("00").filter(|shorter| shorter.len() >= 2 && shorter.len() % 2 == 0) {
        prefix = shorter;
    }
    !prefix.is_empty() && code.starts_with(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_hold_what_lies_below_them() {
        for (code, within, expected) in [
            ("990101", "990101", true),
            ("990101", "990100", true),
            ("990101", "990000", true),
            ("990101003", "990101", true),
            ("990201", "990100", false),
            ("990100", "990101", false),
            ("", "990100", false),
        ] {
            assert_eq!(lies_in(code, within), expected, "{code} in {within}");
        }
    }
}
