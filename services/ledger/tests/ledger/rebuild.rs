//! Current-state tables come back from the entries, identically.

use anyhow::Result;
use huiyin_domain::PostRef;
use huiyin_domain::matter::{Channel, Command, ResponseKind};

use crate::world::{LAMP, RUBBISH, World, assign, post};

async fn busy() -> Result<World> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP), post("2", RUBBISH), post("3", LAMP)]).await?;
    let no = world.matter_of("1").await?.no;
    world.act(&no, assign("a")).await?;
    world.act(&no, Command::Accept { assignment: None }).await?;
    let due = "2026-12-01".parse()?;
    world.act(&no, Command::Commit { assignment: None, due, published: true, text: "月底前修复".into() }).await?;
    let answer = Command::Respond {
        assignment: None,
        kind: ResponseKind::Authoritative,
        channel: Channel::Website,
        link: Some("https://example.cn/1".into()),
        text: "正在更换线路。".into(),
    };
    world.act(&no, answer).await?;
    world.pass(60 * 24 * 10);
    world.ledger.record_lapses().await?;
    Ok(world)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn untouched_tables_are_identical() -> Result<()> {
    let world = busy().await?;
    let report = huiyin_ledger::rebuild(world.store(), |_| {}).await?;
    assert!(report.identical && report.changed.is_empty(), "{report:?}");
    assert_eq!((report.matters, report.entries), (2, world.counts().await?.entries));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_were_changed_are_found_and_made_again() -> Result<()> {
    let world = busy().await?;
    let matter = world.matter_of("1").await?;
    let mut forged = matter.clone();
    forged.responses.clear();
    let mut tx = world.store().begin().await?;
    tx.overwrite_matter(&forged).await?;
    let stray = PostRef { source: "信箱".into(), id: "2".into() };
    tx.overwrite_members(&[(stray, matter.no.clone())]).await?;
    tx.commit().await?;
    let report = huiyin_ledger::rebuild(world.store(), |_| {}).await?;
    assert!(!report.identical);
    assert_eq!(report.changed.len(), 2, "the forged matter, and the one whose post was taken: {report:?}");
    assert_eq!(world.matter(&matter.no).await?, matter);
    assert!(huiyin_ledger::rebuild(world.store(), |_| {}).await?.identical);
    drop(world.directory);
    Ok(())
}
