//! Deliveries over real HTTP: good receivers and bad ones.

use std::sync::Arc;

use huiyin_alerts::{Answer, RecordingSender, Signer};
use huiyin_domain::Clock;
use huiyin_store::{ChannelKind, ChannelState, DeliveryState, TakeLimits};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::receiver::Receiver;
use crate::world::{LIGHTS, World};

const BAD: [&str; 7] = ["hang", "drip", "huge", "moved", "broken", "gone", "busy"];

/// Gives `count` matters to the unit, so that every channel has as many deliveries.
async fn give(world: &World, count: usize) {
    for _ in 0..count {
        let no = world.open("柏桥区文昌路路灯不亮", false).await;
        world.assign(&no, &[LIGHTS]).await;
    }
    world.settle().await;
}

fn limits() -> TakeLimits {
    TakeLimits { per_channel: 2, total: 10, troubled: 10, per_minute: |_| None }
}

#[tokio::test]
async fn receivers_that_misbehave_delay_nobody_else() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    for way in BAD {
        world.webhook(way, &receiver.at(way), Some(LIGHTS)).await;
    }
    for way in ["good-1", "good-2", "good-3"] {
        world.webhook(way, &receiver.at(way), Some(LIGHTS)).await;
    }
    give(&world, 6).await;
    let cancel = CancellationToken::new();
    let deliverer = world.deliverer();
    let good = async {
        // Everything for the good ones arrives while the first two requests to the one that hangs still hang.
        receiver.until(18, |way| way.starts_with("good")).await;
        assert_eq!(receiver.got("hang").len(), 2, "two of one channel at once, and these are still under way");
        cancel.cancel();
    };
    let (run, ()) = tokio::join!(deliverer.run(cancel.clone()), good);
    run.unwrap();
    for way in ["good-1", "good-2", "good-3"] {
        let mut ids: Vec<String> = receiver.got(way).iter().map(|got| got.header("webhook-id").to_owned()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 6, "{way}: each message once");
    }
    let log = world.log().await;
    let of = |way: &str| log.iter().filter(|one| one.channel_name == way).collect::<Vec<_>>();
    for (way, words) in
        [("hang", "没有答复"), ("moved", "跳转"), ("broken", "HTTP 500"), ("gone", "410"), ("busy", "429")]
    {
        let tried: Vec<_> = of(way).into_iter().filter(|one| one.attempts > 0).collect();
        assert!(!tried.is_empty(), "{way}");
        for one in tried {
            assert!(one.last_error.as_ref().is_some_and(|error| error.contains(words)), "{way}: {:?}", one.last_error);
        }
    }
    // The status counts, not a body that never ends.
    for way in ["drip", "huge"] {
        assert!(of(way).iter().all(|one| matches!(one.state, DeliveryState::Sent | DeliveryState::Waiting)), "{way}");
        assert!(of(way).iter().any(|one| one.state == DeliveryState::Sent), "{way}");
    }
    // No redirect was followed.
    assert!(receiver.got("ok").is_empty());
    let channels = world.store.channels().await.unwrap();
    let gone = channels.iter().find(|one| one.name == "gone").unwrap();
    assert_eq!(gone.state, ChannelState::Paused);
    assert!(gone.last_error.as_ref().unwrap().contains("不再接收"));
    let broken = of("broken")[0];
    let (_, tries) = world.store.delivery(broken.id).await.unwrap().unwrap();
    assert_eq!(tries[0].excerpt.as_deref(), Some("出错了，请致电〔电话〕"), "what came back is masked");
    let busy = of("busy")[0];
    assert!(busy.next_try_at.unwrap() >= busy.created_at + SignedDuration::from_secs(900), "Retry-After is kept");
}

#[tokio::test]
async fn a_crash_between_sending_and_recording_sends_again_with_the_same_id() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.webhook("城管", &receiver.at("lights"), Some(LIGHTS)).await;
    give(&world, 1).await;
    // Taken, perhaps sent, never recorded.
    let lease = world.clock.now() + SignedDuration::from_secs(60);
    let taken = world.store.take_deliveries(world.clock.now(), lease, limits()).await.unwrap();
    assert_eq!(taken.len(), 1);
    world.deliverer().drain().await.unwrap();
    assert!(receiver.got("lights").is_empty(), "nobody else takes it before the lease ends");
    world.clock.advance(SignedDuration::from_secs(61));
    world.deliverer().drain().await.unwrap();
    let got = receiver.got("lights");
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].header("webhook-id"), taken[0].message);
    let (delivery, tries) = world.store.delivery(taken[0].delivery).await.unwrap().unwrap();
    assert_eq!((delivery.state, delivery.attempts, tries.len()), (DeliveryState::Sent, 2, 1));
    // A deliverer that dies with requests in the air loses nothing either.
    receiver.set("lights", 500);
    give(&world, 1).await;
    let deliverer = world.deliverer();
    tokio::select! {
        _ = deliverer.drain() => {}
        () = receiver.until(2, |way| way == "lights") => {}
    }
    receiver.set("lights", 200);
    world.clock.advance(SignedDuration::from_mins(2));
    world.deliverer().drain().await.unwrap();
    let ids: Vec<String> = receiver.got("lights")[1..].iter().map(|got| got.header("webhook-id").to_owned()).collect();
    assert!(ids.len() >= 2 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert!(world.log().await.iter().all(|one| one.state == DeliveryState::Sent));
}

#[tokio::test]
async fn it_is_tried_over_days_and_then_given_up_and_can_be_sent_again() {
    let well = || Answer { status: Some(200), ..Answer::default() };
    let broken = || Answer { status: Some(500), body: "fail".into(), ..Answer::default() };
    let sender = Arc::new(RecordingSender::answering((0..10).map(|_| broken()).chain([well()])));
    let world = World::with(sender.clone()).await;
    world.webhook("城管", "https://192.168.3.4/hook", Some(LIGHTS)).await;
    give(&world, 1).await;
    let begun = world.clock.now();
    let mut tries = 0;
    for _ in 0..4_000 {
        tries += world.deliverer().drain().await.unwrap();
        if world.log().await[0].state != DeliveryState::Waiting {
            break;
        }
        world.clock.advance(SignedDuration::from_mins(2));
    }
    let log = world.log().await.remove(0);
    assert_eq!((tries, log.state, log.attempts), (10, DeliveryState::Failed, 10));
    assert!(world.clock.now() > begun + SignedDuration::from_hours(48));
    assert_eq!(world.store.channels().await.unwrap()[0].failures, 10);
    world.alerts.resend(log.id).await.unwrap();
    world.deliverer().drain().await.unwrap();
    let (delivery, tried) = world.store.delivery(log.id).await.unwrap().unwrap();
    assert_eq!((delivery.state, delivery.attempts, tried.len()), (DeliveryState::Sent, 11, 11));
    let ids: Vec<_> = sender.kept().iter().map(|one| one.headers[0].1.clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
    let channel = world.store.channels().await.unwrap().remove(0);
    assert_eq!((channel.failures, channel.last_error, channel.failing_since), (0, None, None));
}

#[tokio::test]
async fn a_channel_that_fails_for_five_days_is_shown_as_failing() {
    let broken = || Answer { status: Some(500), ..Answer::default() };
    let world = World::with(Arc::new(RecordingSender::answering((0..3).map(|_| broken())))).await;
    world.webhook("城管", "https://192.168.3.4/hook", Some(LIGHTS)).await;
    let state = async || world.store.channels().await.unwrap()[0].state;
    for expected in [ChannelState::Active, ChannelState::Active, ChannelState::Failing, ChannelState::Active] {
        give(&world, 1).await;
        // Only the newest is due at once; earlier ones wait for hours by now, or are taken as well.
        let lease = world.clock.now() + SignedDuration::from_secs(60);
        assert!(lease > world.clock.now());
        let newest = world.log().await.pop().unwrap();
        world.store.expire_deliveries(newest.created_at, "2020-01-01T00:00:00Z".parse().unwrap(), 9).await.unwrap();
        world.deliverer().drain().await.unwrap();
        assert_eq!(state().await, expected);
        world.clock.advance(SignedDuration::from_hours(61));
    }
}

#[tokio::test]
async fn a_paused_channel_keeps_what_waits_and_a_removed_one_drops_it() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let channel = world.webhook("城管", &receiver.at("lights"), Some(LIGHTS)).await;
    let pause = |paused| huiyin_alerts::ChannelChange { paused: Some(paused), ..Default::default() };
    world.alerts.change(channel.id, pause(true)).await.unwrap();
    give(&world, 2).await;
    world.deliverer().drain().await.unwrap();
    assert_eq!(world.store.channel(channel.id).await.unwrap().unwrap().waiting, 2);
    assert!(receiver.got("lights").is_empty());
    world.alerts.change(channel.id, pause(false)).await.unwrap();
    world.deliverer().drain().await.unwrap();
    assert_eq!(receiver.got("lights").len(), 2);
    world.alerts.change(channel.id, pause(true)).await.unwrap();
    give(&world, 1).await;
    world.alerts.remove(channel.id).await.unwrap();
    let last = world.log().await.pop().unwrap();
    assert_eq!(last.state, DeliveryState::Dropped);
    assert!(world.alerts.resend(last.id).await.is_err());
    assert!(world.store.alert_rules().await.unwrap().is_empty());
}

#[tokio::test]
async fn robots_are_told_in_their_own_way_and_never_too_often() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.channel(ChannelKind::Wecom, "群", &receiver.at("wecom?key=k"), Some(LIGHTS)).await;
    world.channel(ChannelKind::Wecom, "旧群", &receiver.at("wecom-refuses"), Some(LIGHTS)).await;
    give(&world, 14).await;
    world.deliverer().drain().await.unwrap();
    assert_eq!(receiver.got("wecom").len(), 10, "ten in a minute");
    assert!(receiver.got("wecom")[0].body.contains("【交办】"));
    let refused = world.log().await.into_iter().find(|one| one.channel_name == "旧群" && one.attempts > 0).unwrap();
    assert_eq!(refused.last_status, Some(200));
    assert!(refused.last_error.unwrap().contains("机器人地址无效"));
    world.clock.advance(SignedDuration::from_secs(61));
    world.deliverer().drain().await.unwrap();
    assert_eq!(receiver.got("wecom").len(), 14);
}

#[tokio::test]
async fn both_secrets_sign_for_a_day_after_a_rotation() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let channel = world.webhook("城管", &receiver.at("lights"), Some(LIGHTS)).await;
    let old = Signer::parse(&channel.secret.0).unwrap();
    let (channel, _) = world.alerts.rotate(channel.id, [9; 32]).await.unwrap();
    let new = Signer::parse(&channel.secret.0).unwrap();
    let signed_by = async |signers: &[&Signer]| {
        give(&world, 1).await;
        world.deliverer().drain().await.unwrap();
        let got = receiver.got("lights").pop().unwrap();
        let seconds: i64 = got.header("webhook-timestamp").parse().unwrap();
        let sign = |signer: &&Signer| signer.sign(got.header("webhook-id"), seconds, &got.body);
        let expected: Vec<String> = signers.iter().map(sign).collect();
        assert_eq!(got.header("webhook-signature"), expected.join(" "));
    };
    signed_by(&[&new, &old]).await;
    world.clock.advance(SignedDuration::from_hours(25));
    signed_by(&[&new]).await;
}

#[tokio::test]
async fn addresses_are_checked_when_entered_and_when_sent_to() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let draft = |url: &str| huiyin_alerts::ChannelDraft {
        name: "x".into(),
        kind: ChannelKind::Webhook,
        url: url.into(),
        unit: None,
        signing: huiyin_store::Signing::Hmac,
        secret: None,
    };
    for url in ["http://169.254.169.254/", "http://0.0.0.0/", "ftp://10.0.0.1/", "http://a:b@10.0.0.1/", "x"] {
        assert!(world.alerts.create(draft(url), [1; 32]).await.is_err(), "{url}");
    }
    // A strict installation refuses at the connection what was entered when it was allowed.
    let channel = world.webhook("本机", &receiver.at("ok"), Some(LIGHTS)).await;
    let named = receiver.at("ok").replace("127.0.0.1", "localhost");
    let other = world.webhook("本机名", &named, Some(LIGHTS)).await;
    let strict = huiyin_alerts::HttpSender::new(huiyin_alerts::HttpOptions::default()).unwrap();
    let guard = huiyin_alerts::guard::Guard::default();
    let alerts = huiyin_alerts::Alerts::new(world.store.clone(), world.clock.clone(), Arc::new(strict), guard, None);
    for id in [channel.id, other.id] {
        let result = alerts.test(id, "msg_test").await.unwrap();
        assert!(!result.ok && result.error.as_ref().unwrap().contains("不允许访问本机"), "{result:?}");
    }
    assert!(receiver.got("ok").is_empty());
    assert!(world.alerts.test(channel.id, "msg_test").await.unwrap().ok);
    assert!(receiver.got("ok")[0].body.contains("huiyin.test"));
}
