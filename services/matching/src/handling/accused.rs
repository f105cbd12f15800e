//! Complaints about people in office: broad classes of people × what they did.
//!
//! Every sign found adds points, more where the people stand right before what they did; a long letter tells of many people
//! and needs more. A trained head `accused`, where the model has one, leans to one side or the other.

use huiyin_domain::SystemCode;

use super::{LISTS, pairs};
use crate::script::Script;

/// Points from which a post accuses. All points are a logistic regression's on 1,766 invented posts, rounded. Found of
/// those labelled so, and flagged of the others, at 1.0, 1.5 and 2.0, on the half whose posts were not read, though
/// the points and the choice of words counted it too: 60 % and 14 %, 46 % and
/// 7 %, 34 % and 5 %; with a head of three folds 67 % and 14 %, 59 % and 10 %, 54 % and 7 %. On 131 other invented posts 9
/// of 9 and 4 % at 1.0, 6 of 9 and 2 % at 1.5. Who is missed goes to the unit alone, so the first.
const POINTS_MIN: f64 = 1.0;
/// Points for people in office of any line of work, and of a certain one; each counts twice at most.
const OFFICIAL_POINTS: f64 = 1.5;
const PEOPLE_POINTS: f64 = 0.75;
/// Points of a title that complains of a body: 投诉某某局.
const CHARGED_POINTS: f64 = 2.5;
/// Each hundred characters, three hundred at most, take so many off.
const LONG_POINTS: f64 = 1.0;
const CHARS_MAX: f64 = 300.0;
/// Signs of one kind count so often at most.
const TIMES_MAX: u8 = 2;
/// What was done stands at most so far behind those who did it, or before them, in bytes of the same sentence.
const BEHIND_BYTES: usize = 60;
const AHEAD_BYTES: usize = 18;

/// What was done. Numbers are places in [`Hearing::deeds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Taking,
    Force,
    Attitude,
    Neglect,
    /// Says something only beside others.
    Hint,
}

/// All kinds with their lists, their points, and what is added where the people stand beside them.
const DEEDS: [(Deed, &str, f64, f64); 5] = [
    (Deed::Taking, "taking", 1.0, 1.5),
    (Deed::Force, "force", 1.0, 0.75),
    (Deed::Attitude, "attitude", 1.5, 0.75),
    (Deed::Neglect, "neglect", 1.1, 0.25),
    (Deed::Hint, "hints", 0.4, 0.0),
];

/// A word that says who or what is complained about.
#[derive(Clone, Debug)]
pub(crate) enum Sign {
    /// The people of a line of work.
    People(SystemCode),
    /// A body of one.
    Body(SystemCode),
    /// People in office.
    Official,
    /// What they did.
    Deed(Deed),
}

/// What people in office are accused of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Charge {
    /// Lines of work of those named beside what they did; empty where only people in office are.
    pub(crate) systems: Vec<SystemCode>,
    /// It is about conduct: money, favours, force.
    pub(crate) conduct: bool,
}

/// The words that are signs.
pub(super) fn signs() -> impl Iterator<Item = (String, Sign)> {
    let people = pairs("people").map(|(system, word)| (word, Sign::People(system)));
    let officials = LISTS.get("officials").iter().map(|word| (word.clone(), Sign::Official));
    let deeds = DEEDS
        .into_iter()
        .flat_map(|(deed, list, ..)| LISTS.get(list).iter().map(move |word| (word.clone(), Sign::Deed(deed))));
    people.chain(officials).chain(deeds)
}

/// Lines of work whose offices look into conduct, nearest first.
pub(crate) fn discipline() -> Vec<SystemCode> {
    LISTS.get("discipline").iter().map(|code| SystemCode::new(code.as_str())).collect()
}

/// Adds up the signs of one post, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    officials: u8,
    people: u8,
    /// How often each kind of deed was found, and in how many sentences beside people.
    deeds: [(u8, u8); DEEDS.len()],
    /// Where the last people were named, and of which line of work.
    last: Option<(usize, Option<SystemCode>)>,
    /// Where the last deed was, which waits for people right behind it.
    done: Option<(usize, Deed)>,
    systems: Vec<SystemCode>,
    charged: bool,
}

impl Hearing {
    pub(super) fn hear(&mut self, script: &Script, sign: &Sign, start: usize, end: usize) {
        let system = match sign {
            Sign::People(system) => {
                self.people = self.people.saturating_add(1).min(TIMES_MAX);
                Some(system.clone())
            }
            Sign::Body(system) => Some(system.clone()),
            Sign::Official => {
                self.officials = self.officials.saturating_add(1).min(TIMES_MAX);
                None
            }
            Sign::Deed(deed) => {
                let Some((found, _)) = self.deeds.get_mut(*deed as usize) else { return };
                *found = found.saturating_add(1).min(TIMES_MAX);
                if let Some((at, system)) = self.last.clone().filter(|(at, _)| beside(script, *at, start, BEHIND_BYTES))
                {
                    self.near(*deed, system);
                    self.last = Some((at, None)); // the same people count once for what follows
                } else {
                    self.done = Some((end, *deed));
                }
                return;
            }
        };
        if let Some((_, deed)) = self.done.take().filter(|(at, _)| beside(script, *at, start, AHEAD_BYTES)) {
            self.near(deed, system.clone());
        }
        self.last = Some((end, system));
    }

    /// A title complains of a body.
    pub(super) fn charged(&mut self, system: SystemCode) {
        self.charged = true;
        self.blame(Some(system));
    }

    fn near(&mut self, deed: Deed, system: Option<SystemCode>) {
        if let Some((_, near)) = self.deeds.get_mut(deed as usize) {
            *near = near.saturating_add(1).min(TIMES_MAX);
        }
        if deed != Deed::Hint {
            self.blame(system);
        }
    }

    fn blame(&mut self, system: Option<SystemCode>) {
        if let Some(system) = system.filter(|system| !self.systems.contains(system)) {
            self.systems.push(system);
        }
    }

    /// The accusation, if the points reach.
    pub(super) fn charge(self, script: &Script, leaning: Option<f64>) -> Option<Charge> {
        let mut points = f64::from(self.officials) * OFFICIAL_POINTS + f64::from(self.people) * PEOPLE_POINTS;
        if self.charged {
            points += CHARGED_POINTS;
        }
        for ((found, near), (_, _, each, beside)) in self.deeds.iter().zip(DEEDS) {
            points += f64::from(*found) * each + f64::from(*near) * beside;
        }
        // Three bytes are a character.
        points -= LONG_POINTS * f64::min(script.whole().len() as f64 / 3.0, CHARS_MAX) / 100.0;
        points += leaning.unwrap_or(0.0);
        let did = |deed: Deed| self.deeds.get(deed as usize).is_some_and(|(found, _)| *found > 0);
        let conduct = did(Deed::Taking) || did(Deed::Force);
        (points >= POINTS_MIN).then_some(Charge { systems: self.systems, conduct })
    }
}

/// Whether two words stand near each other in one sentence.
fn beside(script: &Script, end: usize, start: usize, bytes_max: usize) -> bool {
    start.saturating_sub(end) <= bytes_max
        && script.whole().get(end..start).is_some_and(|between| !between.contains(['。', '！', '？', '!', '?', '\n']))
}
