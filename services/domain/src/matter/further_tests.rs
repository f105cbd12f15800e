use jiff::Timestamp;

use super::*;
use crate::matter::{Content, Decision, Entry, Event, Policy, RefusalKind};
use crate::{CatalogueVersionId, Grade, Role};

fn at() -> Timestamp {
    "2026-11-20T09:00:00+08:00".parse().unwrap()
}

fn post(id: &str) -> PostRef {
    PostRef { source: "信箱".into(), id: id.into() }
}

fn officer() -> Actor {
    Actor { name: "duty".into(), role: Role::DutyOfficer, unit: None }
}

fn opened(id: &str, beside: Option<&str>) -> Event {
    Event::Opened {
        post: post(id),
        received_at: at(),
        published_at: None,
        backfill: false,
        danger: false,
        possible: false,
        place: None,
        place_name: None,
        system: None,
        decision: Decision::Abstain,
        unit: None,
        unit_name: None,
        assist: vec![],
        grade: Grade::Ordinary,
        catalogue: CatalogueVersionId::new("t1"),
        model: "none".into(),
        follows: None,
        beside: beside.map(MatterNo::new),
        deadlines: vec![],
    }
}

fn matter(no: &str, id: &str, beside: Option<&str>) -> Matter {
    let event = opened(id, beside);
    let entry = Entry { matter: MatterNo::new(no), version: 1, at: at(), actor: officer(), event, content: None };
    Matter::open(&entry).unwrap()
}

fn then(matter: &mut Matter, event: Event) {
    let content = Some(Content::default());
    let (no, version) = (matter.no.clone(), matter.version + 1);
    matter.apply(&Entry { matter: no, version, at: at(), actor: officer(), event, content }).unwrap();
}

fn insurance() -> SystemCode {
    SystemCode::new("医保")
}

fn found() -> Evidence {
    let further = Further { system: insurance(), unit: None, terms: vec!["医保".into()] };
    Evidence { further: vec![further], ..Evidence::default() }
}

#[test]
fn a_further_concern_is_opened_once_and_by_the_duty_office() {
    let mut first = matter("a", "1", None);
    let liaison = Actor { name: "x".into(), role: Role::Liaison, unit: None };
    let kind = |matter: &Matter, system: &SystemCode, actor: &Actor| {
        matter.decide_further(system, &found(), actor).map(|_| ()).unwrap_err().kind
    };
    assert_eq!(kind(&first, &insurance(), &liaison), RefusalKind::Forbidden);
    assert_eq!(kind(&first, &SystemCode::new("教育"), &officer()), RefusalKind::Invalid);
    assert_eq!(first.decide_further(&insurance(), &found(), &officer()), Ok(&found().further[0]));

    let version = first.decided_version;
    then(&mut first, Event::FurtherOpened { system: insurance(), matter: MatterNo::new("b") });
    assert_eq!(first.decided_version, version, "nothing of the first concern was decided");
    assert!(!first.is_untouched(), "an officer has worked on it: the machine does not merge it away");
    let refusal = first.decide_further(&insurance(), &found(), &officer()).unwrap_err();
    assert_eq!((refusal.kind, refusal.message.contains("已另立事项 b")), (RefusalKind::Invalid, true));

    let second = matter("b", "1", Some("a"));
    assert_eq!(kind(&second, &insurance(), &officer()), RefusalKind::Invalid, "its post is the first one's");
    then(&mut first, Event::Closed);
    assert_eq!(kind(&first, &insurance(), &officer()), RefusalKind::State);
}

#[test]
fn a_matter_beside_another_shows_the_post_that_is_not_its_own() {
    let mut second = matter("b", "1", Some("a"));
    assert_eq!((second.posts, second.posts_seen(), &second.shown), (0, 1, &vec![post("1")]));

    // Merged into a third one it brings the post along, and takes it back.
    let mut third = matter("c", "9", None);
    let (absorbed, merged) = third.decide_merge(&second, vec![], &[post("9")], &officer()).unwrap();
    then(&mut third, absorbed);
    then(&mut second, merged);
    assert_eq!((third.posts, third.posts_seen()), (1, 2));
    let shown = second.shown.clone();
    let (released, split) = third.decide_split(&second, vec![], shown, &officer(), &Policy::default()).unwrap();
    then(&mut third, released);
    then(&mut second, split);
    assert_eq!((third.posts_seen(), second.posts_seen()), (1, 1));
}

#[test]
fn merged_back_the_post_counts_once() {
    let (mut first, mut second) = (matter("a", "1", None), matter("b", "1", Some("a")));
    let (absorbed, _) = first.decide_merge(&second, vec![], &[post("1")], &officer()).unwrap();
    then(&mut first, absorbed);
    assert_eq!(first.posts_seen(), 1);

    // And the other way round.
    let first = matter("a", "1", None);
    let (absorbed, _) = second.decide_merge(&first, vec![post("1")], &[], &officer()).unwrap();
    then(&mut second, absorbed);
    assert_eq!((second.posts, second.posts_seen()), (1, 1));
    then(&mut second, Event::Released { to: MatterNo::new("a"), posts: vec![post("1")], shown: vec![] });
    assert_eq!((second.posts, second.posts_seen()), (0, 1));
}

/// Entries written before keep their text, and so their hashes.
#[test]
fn what_is_not_beside_another_is_written_as_ever() {
    let written = serde_json::to_string(&opened("1", None)).unwrap();
    assert!(!written.contains("beside"), "{written}");
    assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), opened("1", None));
    let merged = Event::Absorbed { from: MatterNo::new("b"), posts: vec![], shown: vec![] };
    assert_eq!(serde_json::to_string(&merged).unwrap(), r#"{"kind":"absorbed","from":"b","posts":[]}"#);
    let body = serde_json::to_string(&matter("a", "1", None)).unwrap();
    assert!(["beside", "shown", "further"].iter().all(|word| !body.contains(word)), "{body}");
}
