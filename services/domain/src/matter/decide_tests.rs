use super::*;
use crate::matter::{Channel, Entry, RefusalKind};
use crate::{CatalogueVersionId, DeadlineKind, MatterNo, PostRef};

fn at(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().unwrap()
}

const START: &str = "2026-11-20T09:00:00";

struct Play {
    matter: Matter,
    entries: Vec<Entry>,
    policy: Policy,
}

impl Play {
    fn new(grade: Grade) -> Play {
        let policy = Policy::default();
        let event = Event::Opened {
            post: PostRef { source: "信箱".into(), id: "1".into() },
            received_at: at(START),
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
            grade,
            catalogue: CatalogueVersionId::new("t1"),
            model: "none".into(),
            follows: None,
            beside: None,
            deadlines: policy.deadlines.of_matter(at(START), grade, true),
        };
        let content = Some(Content { title: Some("路灯不亮".into()), ..Content::default() });
        let entry = Entry {
            matter: MatterNo::new("20261120-00001"),
            version: 1,
            at: at(START),
            actor: Actor::machine(),
            event,
            content,
        };
        Play { matter: Matter::open(&entry).unwrap(), entries: vec![entry], policy }
    }

    fn act(&mut self, who: &Actor, when: &str, command: Command) -> Result<(), Refusal> {
        for (event, content) in self.matter.decide(command, who, at(when), &self.policy)? {
            let entry = Entry {
                matter: self.matter.no.clone(),
                version: self.matter.version + 1,
                at: at(when),
                actor: who.clone(),
                event,
                content: Some(content),
            };
            self.matter.apply(&entry).unwrap();
            self.entries.push(entry);
        }
        Ok(())
    }
}

fn officer() -> Actor {
    Actor { name: "duty".into(), role: Role::DutyOfficer, unit: None }
}

fn leader() -> Actor {
    Actor { name: "leader".into(), role: Role::Leader, unit: None }
}

fn liaison(unit: &str) -> Actor {
    Actor { name: format!("liaison-{unit}"), role: Role::Liaison, unit: Some(UnitId::new(unit)) }
}

fn assign(leads: &str) -> Command {
    let unit = AssignTo { unit: UnitId::new(leads), unit_name: leads.into(), part: Part::Lead };
    Command::Assign { units: vec![unit], grade: None, instruction: None }
}

fn respond(kind: ResponseKind) -> Command {
    Command::Respond { assignment: None, kind, channel: Channel::Source, link: None, text: "已修复路灯。".into() }
}

#[test]
fn a_matter_goes_its_whole_way_and_folds_to_the_same() {
    let mut play = Play::new(Grade::Ordinary);
    let unit = liaison("城管");
    play.act(&officer(), "2026-11-20T09:10:00", assign("城管")).unwrap();
    assert_eq!(play.matter.state, State::Assigned);
    play.act(&unit, "2026-11-20T09:30:00", Command::Accept { assignment: None }).unwrap();
    play.act(&unit, "2026-11-20T10:00:00", respond(ResponseKind::Holding)).unwrap();
    assert_eq!(play.matter.state, State::Accepted, "a holding answer is no answer yet");
    let promise = Command::Commit {
        assignment: None,
        due: "2026-12-01".parse().unwrap(),
        published: true,
        text: "十二月一日前全部更换".into(),
    };
    play.act(&unit, "2026-11-20T10:01:00", promise).unwrap();
    play.act(&unit, "2026-11-21T10:00:00", respond(ResponseKind::Final)).unwrap();
    assert_eq!(play.matter.state, State::Responded);
    assert!(play.matter.deadlines.iter().all(|one| one.met_at.is_some()), "{:?}", play.matter.deadlines);
    play.act(&officer(), "2026-11-21T11:00:00", Command::Close { text: None }).unwrap();
    let verify = Command::Verify { commitment: 1, kept: true, text: "现场查看属实".into() };
    play.act(&officer(), "2026-12-02T09:00:00", verify).unwrap();
    assert_eq!(play.matter.commitments[0].kept, Some(true));
    assert_eq!(Matter::fold(&play.entries).unwrap().unwrap(), play.matter);
}

#[test]
fn refusals_say_why_and_write_nothing() {
    let kind = |play: &Play, who: &Actor, command: Command| {
        play.matter.decide(command, who, at("2026-11-20T12:00:00"), &play.policy).unwrap_err().kind
    };
    let mut play = Play::new(Grade::Ordinary);
    assert_eq!(kind(&play, &liaison("城管"), assign("城管")), RefusalKind::Forbidden);
    assert_eq!(kind(&play, &liaison("城管"), Command::Accept { assignment: None }), RefusalKind::State);
    assert_eq!(kind(&play, &officer(), Command::Close { text: None }), RefusalKind::State);
    assert_eq!(kind(&play, &officer(), Command::Dismiss { reason: " ".into() }), RefusalKind::Invalid);
    assert_eq!(kind(&play, &officer(), Command::Supervise { text: "限期".into() }), RefusalKind::Forbidden);
    assert_eq!(kind(&play, &officer(), Command::Reopen { reason: "误".into() }), RefusalKind::State);
    play.act(&officer(), "2026-11-20T09:10:00", assign("城管")).unwrap();
    assert_eq!(kind(&play, &officer(), assign("城管")), RefusalKind::State, "the same again");
    assert_eq!(kind(&play, &liaison("教育"), Command::Accept { assignment: Some(1) }), RefusalKind::Forbidden);
    assert_eq!(kind(&play, &liaison("城管"), Command::Accept { assignment: Some(9) }), RefusalKind::Invalid);
    assert_eq!(kind(&play, &liaison("城管"), respond(ResponseKind::Final)), RefusalKind::State, "not accepted yet");
    let auditor = Actor { name: "a".into(), role: Role::Auditor, unit: None };
    assert!(allowed_actions(&play.matter, &auditor).is_empty());
}

#[test]
fn after_two_bounces_only_a_leader_rules() {
    let mut play = Play::new(Grade::Ordinary);
    for unit in ["城管", "住建"] {
        play.act(&officer(), "2026-11-20T09:10:00", assign(unit)).unwrap();
        let reject = Command::Reject { assignment: None, reason: "不属本单位职责".into() };
        play.act(&liaison(unit), "2026-11-20T09:20:00", reject).unwrap();
        assert_eq!(play.matter.state, State::New);
    }
    let refused = play.act(&officer(), "2026-11-20T09:30:00", assign("城管")).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Forbidden);
    play.act(&leader(), "2026-11-20T09:30:00", assign("城管")).unwrap();
    assert_eq!(play.matter.lead().unwrap().number, 3);
}

#[test]
fn grading_recomputes_deadlines_from_receipt() {
    let mut play = Play::new(Grade::Ordinary);
    play.act(&officer(), "2026-11-20T09:10:00", assign("应急")).unwrap();
    play.act(&officer(), "2026-11-20T09:20:00", Command::Grade(Grade::Major)).unwrap();
    let due = |kind| play.matter.deadlines.iter().find(|one| one.kind == kind).map(|one| one.due);
    assert_eq!(due(DeadlineKind::Information), Some(at("2026-11-20T14:00:00")));
    assert_eq!(due(DeadlineKind::Response), Some(at("2026-11-21T09:00:00")));
    assert_eq!(due(DeadlineKind::Sign), Some(at("2026-11-20T09:40:00")));
    assert!(play.matter.deadlines.iter().all(|one| !one.provisional));
}

#[test]
fn reassigning_overrides_and_keeps_who_stays() {
    let mut play = Play::new(Grade::Ordinary);
    let to = |unit: &str, part| AssignTo { unit: UnitId::new(unit), unit_name: unit.into(), part };
    let both = Command::Assign {
        units: vec![to("城管", Part::Lead), to("住建", Part::Assist)],
        grade: None,
        instruction: None,
    };
    play.act(&officer(), "2026-11-20T09:10:00", both).unwrap();
    let moved = Command::Assign {
        units: vec![to("水利", Part::Lead), to("住建", Part::Assist)],
        grade: None,
        instruction: None,
    };
    play.act(&officer(), "2026-11-20T09:30:00", moved).unwrap();
    let states: Vec<_> = play.matter.assignments.iter().map(|one| (one.unit.as_str(), one.state)).collect();
    use AssignmentState::{Overridden, Pending};
    assert_eq!(states, [("城管", Overridden), ("住建", Pending), ("水利", Pending)]);
    assert!(
        play.matter.deadlines.iter().all(|one| one.assignment != Some(1)),
        "no deadline of the overridden one runs on"
    );
}

#[test]
fn a_promise_is_not_verified_by_its_promiser() {
    let mut play = Play::new(Grade::Ordinary);
    play.act(&officer(), "2026-11-20T09:10:00", assign("城管")).unwrap();
    play.act(&officer(), "2026-11-20T09:20:00", Command::Accept { assignment: None }).unwrap();
    let due = "2026-12-01".parse().unwrap();
    let promise = Command::Commit { assignment: None, due, published: false, text: "更换路灯".into() };
    play.act(&officer(), "2026-11-20T09:30:00", promise).unwrap();
    let verify = || Command::Verify { commitment: 1, kept: false, text: "仍不亮".into() };
    assert_eq!(play.act(&officer(), "2026-12-02T09:00:00", verify()).unwrap_err().kind, RefusalKind::Forbidden);
    play.act(&leader(), "2026-12-02T09:00:00", verify()).unwrap();
}

#[test]
fn entries_that_do_not_follow_are_refused() {
    let play = Play::new(Grade::Ordinary);
    let mut matter = play.matter.clone();
    assert!(matches!(matter.apply(&play.entries[0]), Err(crate::matter::FoldError::Gap { .. })));
    let stray = Entry { version: 2, event: Event::Accepted { assignment: 7 }, ..play.entries[0].clone() };
    assert!(matches!(matter.apply(&stray), Err(crate::matter::FoldError::Missing { .. })));
    assert_eq!(matter, play.matter, "a refused entry changes nothing");
}

#[test]
fn merging_and_splitting_stick() {
    let mut survivor = Play::new(Grade::Ordinary).matter;
    let mut other = Play::new(Grade::Ordinary).matter;
    other.no = MatterNo::new("20261120-00002");
    assert!(survivor.machine_may_absorb(&other));
    let posts = vec![PostRef { source: "信箱".into(), id: "2".into() }];
    let entry = |matter: &Matter, event| Entry {
        matter: matter.no.clone(),
        version: matter.version + 1,
        at: at(START),
        actor: officer(),
        event,
        content: None,
    };
    assert_eq!(survivor.decide_merge(&survivor, vec![], &[], &officer()).unwrap_err().kind, RefusalKind::Invalid);
    let (absorbed, merged) = survivor.decide_merge(&other, posts.clone(), &[], &officer()).unwrap();
    survivor.apply(&entry(&survivor, absorbed)).unwrap();
    other.apply(&entry(&other, merged)).unwrap();
    assert_eq!((survivor.posts, other.posts, other.state), (2, 0, State::Merged));
    assert!(other.deadlines.is_empty(), "the survivor's deadlines run on, the other's do not");
    assert!(survivor.decide_merge(&other, vec![], &[], &officer()).is_err());
    let (released, split) = survivor.decide_split(&other, posts, vec![], &officer(), &Policy::default()).unwrap();
    survivor.apply(&entry(&survivor, released)).unwrap();
    other.apply(&entry(&other, split)).unwrap();
    assert_eq!((survivor.posts, other.posts, other.state), (1, 1, State::New));
    assert_eq!(other.deadlines.len(), 1);
    assert!(!survivor.machine_may_absorb(&other), "what a person split, the machine leaves apart");
}
