//! Which entries become which deliveries.

use huiyin_alerts::{RuleDraft, Signer};
use huiyin_domain::matter::{Channel as Way, Command, ResponseKind};
use huiyin_ledger::UndoRequest;
use jiff::SignedDuration;
use serde_json::Value;

use crate::receiver::Receiver;
use crate::world::{HOUSING, LIGHTS, World, leader, liaison, officer};

#[tokio::test]
async fn each_unit_is_told_of_its_own_and_the_office_of_what_it_has_to_do() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let early = world.open("柏桥区文昌路有人要跳楼", true).await;
    world.clock.advance(SignedDuration::from_secs(1));
    world.webhook("城管", &receiver.at("lights"), Some(LIGHTS)).await;
    world.webhook("住建", &receiver.at("housing"), Some(HOUSING)).await;
    world.webhook("值班", &receiver.at("office"), None).await;
    let no = world.open("柏桥区文昌路路灯不亮", false).await;
    world.open("柏桥区有人要跳楼", true).await;
    world.assign(&no, &[LIGHTS]).await;
    world.follow().await;
    assert!(world.log().await.is_empty(), "nothing goes out while it may be undone");
    world.settle().await;
    // What was recorded before a channel was made never goes to it.
    assert!(world.log().await.iter().all(|one| one.matter != early));
    assert_eq!(world.told().await, ["值班 danger waiting", "城管 assigned waiting"]);
    world.act(&no, liaison(LIGHTS), Command::Reject { assignment: None, reason: "属市政管护".into() }).await;
    world.assign(&no, &[HOUSING, LIGHTS]).await;
    world.settle().await;
    world.act(&no, leader(), Command::Supervise { text: "请抓紧".into() }).await;
    world.settle().await;
    let told = world.told().await;
    let fresh: Vec<&str> = told.iter().skip(2).map(String::as_str).collect();
    let expected = [
        "城管 rejected waiting",
        "值班 rejected waiting",
        "住建 assigned waiting",
        "城管 assigned waiting",
        "城管 supervised waiting",
        "住建 supervised waiting",
    ];
    assert_eq!(fresh, expected);
    // A deadline passes: those it concerns and the office.
    world.clock.advance(SignedDuration::from_hours(72));
    world.ledger.record_lapses().await.unwrap();
    world.settle().await;
    let passed = world.told().await.iter().filter(|one| one.contains("deadline_passed")).count();
    assert!(passed >= 3, "{:?}", world.told().await);
    // Reading everything again writes nothing twice.
    let before = world.log().await.len();
    world.follow().await;
    assert_eq!(world.log().await.len(), before);
}

#[tokio::test]
async fn what_was_undone_is_never_sent() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.webhook("城管", &receiver.at("lights"), Some(LIGHTS)).await;
    let no = world.open("柏桥区文昌路路灯不亮", false).await;
    world.assign(&no, &[LIGHTS]).await;
    world.clock.advance(SignedDuration::from_secs(3));
    let request = UndoRequest { matter: no.clone(), reason: None, actor: officer(), if_match: None, idempotency: None };
    world.ledger.undo(request).await.unwrap();
    world.settle().await;
    assert!(world.log().await.is_empty(), "{:?}", world.told().await);
    world.assign(&no, &[LIGHTS]).await;
    world.settle().await;
    assert_eq!(world.told().await, ["城管 assigned waiting"]);
}

#[tokio::test]
async fn a_message_says_what_is_needed_and_nothing_of_a_post() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let channel = world.webhook("城管", &receiver.at("lights"), Some(LIGHTS)).await;
    let no = world.open("文昌路路灯不亮，电话13900002222", false).await;
    world.assign(&no, &[LIGHTS]).await;
    world.settle().await;
    world.deliverer().drain().await.unwrap();
    let got = receiver.got("lights").remove(0);
    let body: Value = serde_json::from_str(&got.body).unwrap();
    assert_eq!(body["type"], "matter.assigned");
    let data = &body["data"];
    assert_eq!(data["matter"], no.as_str());
    assert_eq!(data["title"], "文昌路路灯不亮，电话〔电话〕");
    assert_eq!(data["instruction"], "请今日内到场，联系电话〔电话〕");
    assert_eq!((&data["unit"], &data["part"]), (&LIGHTS.into(), &"lead".into()));
    assert_eq!((&data["grade_name"], &data["deadline"]["kind_name"]), (&"一般".into(), &"签收".into()));
    assert_eq!(data["link"], format!("http://10.0.0.8/matters/{no}"));
    for secret in ["13900", "市长信箱", "letter-1"] {
        assert!(!got.body.contains(secret), "{secret}: {}", got.body);
    }
    let signer = Signer::parse(&channel.secret.0).unwrap();
    let seconds: i64 = got.header("webhook-timestamp").parse().unwrap();
    assert_eq!(got.header("webhook-signature"), signer.sign(got.header("webhook-id"), seconds, &got.body));
}

#[tokio::test]
async fn promises_are_recalled_the_day_before_on_the_day_and_once_overdue() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.webhook("城管", &receiver.at("lights"), Some(LIGHTS)).await;
    let no = world.open("文昌路路灯不亮", false).await;
    world.assign(&no, &[LIGHTS]).await;
    world.act(&no, liaison(LIGHTS), Command::Accept { assignment: None }).await;
    let answer = Command::Respond {
        assignment: None,
        kind: ResponseKind::Holding,
        channel: Way::Website,
        link: None,
        text: "已派人查看".into(),
    };
    world.act(&no, liaison(LIGHTS), answer).await;
    let due = "2026-11-22".parse().unwrap();
    let promise = Command::Commit { assignment: None, due, published: true, text: "周日前修复".into() };
    world.act(&no, liaison(LIGHTS), promise).await;
    let mut stages = Vec::new();
    for _ in 0..6 {
        // Twice a day, the second time for nothing.
        let first = world.follower.remind_once().await.unwrap();
        assert_eq!(world.follower.remind_once().await.unwrap(), 0);
        stages.push(first);
        world.clock.advance(SignedDuration::from_hours(24));
    }
    assert_eq!(stages, [0, 1, 1, 1, 0, 0]);
    let said: Vec<String> = world.log().await.into_iter().map(|one| one.summary).collect();
    for (summary, word) in said.iter().zip(["明日到期", "今日到期", "已逾期"]) {
        assert!(summary.contains(word), "{summary}");
    }
}

#[tokio::test]
async fn rules_choose_by_grade_kind_place_and_unit() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let channel = world.webhook("值班", &receiver.at("office"), None).await;
    let first = world.store.alert_rules().await.unwrap().remove(0);
    world.alerts.remove_rule(first.id).await.unwrap();
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut expected = 0;
    for (units, grades, kinds, places, fits) in [
        (&[][..], &[][..], &["assigned"][..], &[][..], true),
        (&[LIGHTS], &["ordinary", "major"], &[], &["990100"], true),
        (&[HOUSING], &[], &["assigned"], &[], false),
        (&[], &["major"], &["assigned"], &[], false),
        (&[], &[], &["closed"], &[], false),
        (&[], &[], &["assigned"], &["990200"], false),
    ] {
        let draft = RuleDraft {
            name: "规则".into(),
            channel: channel.id,
            units: list(units),
            grades: list(grades),
            kinds: list(kinds),
            places: list(places),
            enabled: true,
        };
        let rule = world.alerts.create_rule(draft.clone()).await.unwrap();
        let no = world.open("文昌路路灯不亮", false).await;
        world.assign(&no, &[LIGHTS]).await;
        world.settle().await;
        expected += usize::from(fits);
        assert_eq!(world.log().await.len(), expected, "{units:?} {grades:?} {kinds:?} {places:?}");
        // Switched off, it fits nothing.
        world.alerts.change_rule(rule.id, RuleDraft { enabled: false, ..draft }).await.unwrap();
    }
}
