//! Which channels an event goes to.

use huiyin_domain::PlaceCode;
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
    listed(&rule.kinds, kind.as_str())
        && listed(&rule.grades, matter.grade_in_force().as_str())
        && holds(&rule.places, matter.place.as_ref())
}

/// Whether a place is one of these or lies in one; no places are all of them.
fn holds(places: &[String], place: Option<&PlaceCode>) -> bool {
    let lies_in = |code: &String| place.is_some_and(|place| PlaceCode::new(code).contains(place));
    places.is_empty() || places.iter().any(lies_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_for_a_place_holds_what_lies_in_it() {
        for (places, place, expected) in [
            (vec![], None, true),
            (vec!["360100"], None, false),
            (vec!["360100"], Some("360102001"), true),
            (vec!["360100"], Some("X36010001"), true), // the zones of a city lie in it
            (vec!["360000"], Some("X36010001"), true),
            (vec!["360102"], Some("X36010001"), false),
            (vec!["360200", "360102"], Some("360102"), true),
            (vec!["360102"], Some("360100"), false),
        ] {
            let listed: Vec<String> = places.iter().map(|code: &&str| (*code).to_owned()).collect();
            assert_eq!(holds(&listed, place.map(PlaceCode::new).as_ref()), expected, "{places:?} {place:?}");
        }
    }
}
