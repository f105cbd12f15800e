//! From assessed records to matters.

use std::time::Duration;

use anyhow::{Context, Result};
use huiyin_domain::matter::{Command, Matter, State};
use huiyin_domain::{DeadlineKind, Grade};
use huiyin_proto::Message;
use huiyin_proto::v1::{Assessed, Decision};
use huiyin_store::PostFilter;
use huiyin_stream::{ASSESSED, Log};

use crate::world::{LAMP, RUBBISH, World, assign, outgoing, post};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_open_and_join_matters_once() -> Result<()> {
    let world = World::new().await?;
    let edited = LAMP.replace("半个多月", "快一个月");
    world.take_in(&[post("1", LAMP), post("2", RUBBISH), post("3", &edited)]).await?;
    let counts = world.counts().await?;
    assert_eq!((counts.posts, counts.in_matters, counts.entries), (3, 3, 3));
    assert_eq!(world.matters().await?.len(), 2);
    let lamp = world.matter_of("1").await?;
    assert_eq!((lamp.posts, lamp.version, lamp.decided_version), (2, 2, 1), "a joined post does not change the ETag");
    assert_eq!(lamp.no.as_str(), "20261120-00001");
    assert_eq!(lamp.deadlines.len(), 1);
    // The same records once more, in the same log: no-ops.
    world.take_in(&[post("1", LAMP), post("2", RUBBISH), post("3", &edited)]).await?;
    assert_eq!(world.counts().await?, counts);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_place_never_joins() -> Result<()> {
    let world = World::new().await?;
    let elsewhere = Assessed { place_code: "360111".into(), ..post("2", LAMP) };
    world.take_in(&[post("1", LAMP), elsewhere]).await?;
    assert_eq!(world.matters().await?.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revision_stands_beside_the_first_text() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP)]).await?;
    world.take_in(&[post("1", RUBBISH)]).await?;
    let matter = world.matter_of("1").await?;
    assert_eq!((world.matters().await?.len(), matter.posts, matter.version), (1, 1, 2));
    let counts = world.counts().await?;
    assert_eq!((counts.posts, counts.revisions), (1, 1));
    let page = world.store().posts(&PostFilter { limit: 10, ..PostFilter::default() }).await?;
    let mut texts: Vec<(u32, &str)> = page.posts.iter().map(|one| (one.revision, one.text.as_str())).collect();
    texts.sort_unstable();
    assert_eq!(texts, [(0, LAMP), (1, RUBBISH)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_for_a_closed_matter_opens_a_new_one_that_follows_it() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP)]).await?;
    let first = world.matter_of("1").await?;
    world.act(&first.no, Command::Dismiss { reason: "已由他渠道办理".into() }).await?;
    world.take_in(&[post("2", LAMP)]).await?;
    let second = world.matter_of("2").await?;
    assert_eq!((second.follows.as_ref(), second.state), (Some(&first.no), State::New));
    assert_eq!(world.matter(&first.no).await?.posts, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_set_aside_is_kept_with_its_reason_and_joined_by_nothing() -> Result<()> {
    let world = World::new().await?;
    let spam =
        Assessed { decision: Decision::Aside.into(), aside: "spam".into(), reason: "广告".into(), ..post("1", LAMP) };
    world.take_in(&[spam, post("2", LAMP)]).await?;
    let counts = world.counts().await?;
    assert_eq!((counts.asides.get("spam"), counts.in_matters), (Some(&1), 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backfill_has_no_deadlines() -> Result<()> {
    let world = World::new().await?;
    let mut old = post("1", LAMP);
    if let Some(post) = &mut old.post {
        post.backfill = true;
    }
    world.take_in(&[old]).await?;
    let matter = world.matter_of("1").await?;
    world.act(&matter.no, assign("360102-城管")).await?;
    assert!(world.matter(&matter.no).await?.deadlines.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_that_cannot_be_used_become_dead_letters_and_stop_nothing() -> Result<()> {
    let world = World::new().await?;
    let broken = |change: fn(&mut Assessed)| {
        let mut one = post("bad", LAMP);
        change(&mut one);
        outgoing("nanchang", one.encode_to_vec())
    };
    let records = vec![
        outgoing("nanchang", b"\xff\xff no protobuf".to_vec()),
        broken(|one| one.post = None),
        broken(|one| one.decision = 0),
        broken(|one| one.decision = Decision::Aside.into()),
        broken(|one| one.grade = "grave".into()),
        broken(|one| one.fingerprint = vec![1, 2, 3]),
        broken(|one| one.post.get_or_insert_default().text = "a\0b".into()),
        broken(|one| one.post.get_or_insert_default().received_at_us = i64::MAX),
        broken(|one| one.post.get_or_insert_default().digest.clear()),
        outgoing("nanchang", post("good", RUBBISH).encode_to_vec()),
    ];
    world.append(records).await?;
    let counts = world.counts().await?;
    assert_eq!((counts.posts, counts.dead_letters), (1, 9));
    let (letters, _) = world.store().dead_letters(None, 100).await?;
    assert!(letters.iter().all(|letter| !letter.reason.is_empty()), "{letters:?}");
    assert!(world.matter_of("good").await.is_ok());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_behind_the_log_reads_again_and_one_ahead_skips_nothing() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP), post("2", RUBBISH)]).await?;
    let before = world.counts().await?;
    // The log's own position is lost: the ledger's decides.
    let mut subscription = world.log.subscribe(&ASSESSED, "intake").await?;
    for end in world.log.ends(&ASSESSED).await? {
        subscription.commit(end.partition, 0).await?;
    }
    drop(subscription);
    // Nothing new is in the log, as after a kill at the end of an import: what waits for the log must not wait for ever.
    tokio::time::timeout(Duration::from_secs(60), world.drain())
        .await
        .context("the log never learns the position")??;
    assert_eq!(world.counts().await?, before);
    world.take_in(&[post("3", "红绿灯时间太短，老人过不了马路，建议延长青杨路口的绿灯时间。")]).await?;
    let after = world.counts().await?;
    assert_eq!((after.posts, after.entries), (before.posts + 1, before.entries + 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unsure_matter_takes_the_proposal_of_a_post_that_says_more() -> Result<()> {
    let unsure = |id| Assessed {
        decision: Decision::Abstain.into(),
        unit: String::new(),
        unit_name: String::new(),
        ..post(id, LAMP)
    };
    for order in [["unsure", "sure"], ["sure", "unsure"]] {
        let world = World::new().await?;
        for id in order {
            world.take_in(&[if id == "sure" { post(id, LAMP) } else { unsure(id) }]).await?;
        }
        let matter = world.matter_of("sure").await?;
        let unit = matter.suggestion.unit.as_ref().map(|unit| unit.as_str());
        assert_eq!((matter.posts, unit), (2, Some("360102-城管")), "{order:?}");
        assert_eq!(matter.decided_version, 1, "a proposal decides nothing");
        assert_eq!(world.counts().await?.abstained, 0);
        assert!(huiyin_ledger::rebuild(world.store(), |_| {}).await?.identical);
    }
    Ok(())
}

fn danger(id: &str, text: &str) -> Assessed {
    Assessed { danger: true, grade: "major".into(), ..post(id, text) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn danger_told_by_a_later_post_or_by_a_revision_is_the_matters() -> Result<()> {
    for id in ["2", "1"] {
        let world = World::new().await?;
        world.take_in(&[post("1", LAMP)]).await?;
        let before = world.matter_of("1").await?;
        assert!(!before.danger);
        world.take_in(&[danger(id, &LAMP.replace("半个多月", "一个多月"))]).await?;
        let matter = world.matter_of("1").await?;
        assert!(matter.danger, "{id}");
        assert_eq!(matter.suggestion.grade, Grade::Major);
        let due = |matter: &Matter| {
            matter.deadlines.iter().find(|one| one.kind == DeadlineKind::Response).map(|deadline| deadline.due)
        };
        assert!(due(&matter) < due(&before), "24 hours instead of 48");
        assert!(matter.decided_version > before.decided_version, "who is at it hears of it");
        world.take_in(&[danger("3", &LAMP.replace("半个多月", "两个多月"))]).await?;
        let again = world.matter_of("1").await?;
        assert_eq!(again.decided_version, matter.decided_version, "once is enough");
        assert!(huiyin_ledger::rebuild(world.store(), |_| {}).await?.identical);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_new_opens_a_matter_that_follows_the_backfilled_one() -> Result<()> {
    let world = World::new().await?;
    let mut old = post("1", LAMP);
    if let Some(post) = &mut old.post {
        post.backfill = true;
    }
    world.take_in(&[old]).await?;
    world.take_in(&[post("2", LAMP), post("3", LAMP)]).await?;
    let (archive, matter) = (world.matter_of("1").await?, world.matter_of("2").await?);
    assert_eq!(matter.follows.as_ref(), Some(&archive.no));
    assert!(!matter.deadlines.is_empty() && archive.deadlines.is_empty());
    assert_eq!(world.matter_of("3").await?.no, matter.no);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_older_than_the_log_goes_on_where_the_log_begins() -> Result<()> {
    let first = World::new().await?;
    let day = 24 * 3_600_000;
    first.take_in(&[post("1", LAMP)]).await?;
    first.log.expire(0).await?;
    first.take_in(&[post("2", RUBBISH)]).await?;
    first.log.expire(1_000 * day).await?;
    // Another ledger on this log, which has let go of the first post and keeps the position of the second.
    let second = World { log: first.log.clone(), ..World::new().await? };
    let third = "红绿灯时间太短，老人过不了马路，建议延长青杨路口的绿灯时间。";
    let records = vec![outgoing("nanchang", post("3", third).encode_to_vec())];
    second.log.append(&ASSESSED, records).await?;
    tokio::time::timeout(Duration::from_secs(60), second.drain()).await.context("intake stops at the gap")??;
    assert_eq!(second.counts().await?.posts, 2);
    Ok(())
}
