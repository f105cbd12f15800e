use super::*;
use crate::matter::{AssignTo, Channel, Command, JoinedBy, Part, ResponseKind, State};
use crate::{CatalogueVersionId, Grade, MatterNo, PostRef, Role, UnitId};

struct Play {
    entries: Vec<Entry>,
    matter: Matter,
    now: Timestamp,
    policy: Policy,
}

impl Play {
    fn new() -> Play {
        let policy = Policy::default();
        let now: Timestamp = "2026-11-20T09:00:00+08:00".parse().unwrap();
        let event = Event::Opened {
            post: PostRef { source: "信箱".into(), id: "1".into() },
            received_at: now,
            published_at: None,
            backfill: false,
            danger: false,
            possible: false,
            place: None,
            place_name: None,
            system: None,
            decision: crate::matter::Decision::Abstain,
            unit: None,
            unit_name: None,
            assist: vec![],
            grade: Grade::Ordinary,
            catalogue: CatalogueVersionId::new("t1"),
            model: "none".into(),
            follows: None,
            beside: None,
            deadlines: policy.deadlines.of_matter(now, Grade::Ordinary, true),
        };
        let matter = MatterNo::new("20261120-00001");
        let entry = Entry { matter, version: 1, at: now, actor: Actor::machine(), event, content: None };
        Play { matter: Matter::open(&entry).unwrap(), entries: vec![entry], now, policy }
    }

    fn pass(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    fn push(&mut self, event: Event, content: Content, actor: &Actor) {
        let entry = Entry {
            matter: self.matter.no.clone(),
            version: self.matter.version + 1,
            at: self.now,
            actor: actor.clone(),
            event,
            content: Some(content),
        };
        self.matter.apply(&entry).unwrap();
        self.entries.push(entry);
    }

    fn act(&mut self, actor: &Actor, command: Command) -> Result<(), Refusal> {
        for (event, content) in self.matter.decide(command, actor, self.now, &self.policy)? {
            self.push(event, content, actor);
        }
        Ok(())
    }

    fn join(&mut self, id: u64) {
        let post = PostRef { source: "信箱".into(), id: id.to_string() };
        let event = Event::Joined { post, by: JoinedBy::NearRepeat, received_at: self.now };
        self.push(event, Content::default(), &Actor::machine());
    }

    fn undo(&mut self, actor: &Actor, seen: Option<u64>) -> Result<(), Refusal> {
        let action = self.matter.undoable_action(&self.entries, seen, actor, self.now, &self.policy)?;
        let before = Matter::fold(self.entries.iter().filter(|one| one.version < *action.start()));
        let (event, content) = self.matter.undone(&before.unwrap().unwrap(), &action, None)?;
        self.push(event, content, actor);
        Ok(())
    }
}

fn leader() -> Actor {
    Actor { name: "leader".into(), role: Role::Leader, unit: None }
}

fn officer() -> Actor {
    Actor { name: "duty".into(), role: Role::DutyOfficer, unit: None }
}

fn assign(units: &[&str], grade: Option<Grade>) -> Command {
    let to = |(at, unit): (usize, &&str)| AssignTo {
        unit: UnitId::new(*unit),
        unit_name: (*unit).into(),
        part: if at == 0 { Part::Lead } else { Part::Assist },
    };
    Command::Assign { units: units.iter().enumerate().map(to).collect(), grade, instruction: None }
}

/// Numbers from a seed, by Knuth's multiplier.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn command(&mut self) -> Command {
        let grade = [None, Some(Grade::Ordinary), Some(Grade::Major)][self.below(3) as usize];
        match self.below(12) {
            0 => assign(&["a"], grade),
            1 => assign(&["b", "a"], grade),
            2 => assign(&["a", "c"], None),
            3 => Command::Grade(grade.unwrap_or(Grade::Considerable)),
            4 | 5 => Command::Accept { assignment: Some(self.below(4) as u32 + 1) },
            6 => Command::Reject { assignment: Some(self.below(4) as u32 + 1), reason: "不属".into() },
            7 => Command::Respond {
                assignment: None,
                kind: ResponseKind::Final,
                channel: Channel::Website,
                link: None,
                text: "已修复".into(),
            },
            8 => Command::Dismiss { reason: "重复".into() },
            9 => Command::Close { text: None },
            10 => Command::Supervise { text: "抓紧".into() },
            _ => Command::Reopen { reason: "又坏".into() },
        }
    }
}

/// Whatever happened before, an action taken back leaves the matter as it was but for its versions and the
/// assignments that were withdrawn; folding all entries again gives the same.
#[test]
fn what_is_undone_was_never_done() {
    let (mut undone, mut kinds) = (0, std::collections::BTreeSet::new());
    for seed in 0..400 {
        let (mut play, mut chance) = (Play::new(), Chance(seed));
        for step in 0..30 {
            play.pass(60);
            if chance.below(5) == 0 && play.matter.state.is_open() {
                play.join(step + 2);
            }
            let before = play.matter.clone();
            if play.act(&leader(), chance.command()).is_err() {
                continue;
            }
            let late_post = chance.below(4) == 0;
            if late_post {
                play.join(step + 1_000);
            }
            play.pass(10);
            if undoable(&play.entries.last().unwrap().event).is_none() && !late_post {
                assert!(play.clone_undo().is_err(), "seed {seed}, step {step}");
                continue;
            }
            kinds.insert(play.entries.iter().rfind(|one| one.event.decides()).unwrap().event.kind());
            let seen = Some(play.matter.decided_version);
            if chance.below(3) == 0 || play.undo(&leader(), seen).is_err() {
                continue;
            }
            undone += 1;
            let mut after = play.matter.clone();
            assert!(after.assignments.iter().all(|one| !one.withdrawn || one.state == AssignmentState::Overridden));
            after.assignments.truncate(before.assignments.len());
            (after.version, after.decided_version) = (before.version, before.decided_version);
            (after.posts, after.last_post_at) = (before.posts, before.last_post_at);
            assert_eq!(after, before, "seed {seed}, step {step}");
            assert_eq!(Matter::fold(&play.entries).unwrap().unwrap(), play.matter);
            assert!(play.undo(&leader(), None).is_err(), "once");
        }
    }
    assert!(undone > 500, "{undone}");
    for kind in ["assigned", "graded", "dismissed", "closed", "supervised", "reopened"] {
        assert!(kinds.contains(kind), "{kind} was never tried");
    }
}

impl Play {
    fn clone_undo(&self) -> Result<(), Refusal> {
        let (entries, matter) = (self.entries.clone(), self.matter.clone());
        Play { entries, matter, now: self.now, policy: self.policy.clone() }.undo(&leader(), None)
    }
}

#[test]
fn only_who_acted_and_only_at_once() {
    let expired = RefusalKind::UndoExpired;
    let no = RefusalKind::UndoRefused;
    let accept = Command::Accept { assignment: None };
    for (seconds, who, then, expected) in [
        (0, officer(), None, Ok(())),
        (10, officer(), None, Ok(())),
        (11, officer(), None, Err((expired, "10秒"))),
        (1, leader(), None, Err((no, "本人"))),
        (1, officer(), Some(accept), Err((no, "已签收"))),
        (1, officer(), Some(Command::Reject { assignment: None, reason: "不属".into() }), Err((no, "已退回"))),
        (1, officer(), Some(Command::Grade(Grade::Major)), Err((no, "又有变更"))),
    ] {
        let mut play = Play::new();
        play.pass(60);
        play.act(&officer(), assign(&["a", "b"], Some(Grade::Ordinary))).unwrap();
        let seen = play.matter.decided_version;
        play.pass(seconds);
        if let Some(command) = then {
            let liaison = Actor { name: "l".into(), role: Role::Liaison, unit: Some(UnitId::new("a")) };
            let who = if matches!(command, Command::Grade(_)) { leader() } else { liaison };
            play.act(&who, command).unwrap();
        }
        let offer = UndoOffer::of(play.entries.last().unwrap(), &who, play.now, &play.policy);
        let outcome = play.undo(&who, Some(seen));
        assert_eq!(offer.is_some(), outcome.is_ok());
        match (outcome, expected) {
            (Ok(()), Ok(())) => {
                assert_eq!((play.matter.state, play.matter.grade), (State::New, None));
                assert!(play.matter.deadlines.iter().all(|one| one.assignment.is_none()));
            }
            (Err(refusal), Err((kind, says))) => {
                assert_eq!(refusal.kind, kind);
                assert!(refusal.message.contains(says), "{}", refusal.message);
            }
            (outcome, expected) => panic!("{outcome:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn a_window_of_nothing_switches_it_off() {
    let mut play = Play::new();
    play.policy.undo_seconds = 0;
    play.act(&officer(), assign(&["a"], None)).unwrap();
    assert_eq!(UndoOffer::of(play.entries.last().unwrap(), &officer(), play.now, &play.policy), None);
    assert_eq!(play.undo(&officer(), None).unwrap_err().kind, RefusalKind::UndoRefused);
}
