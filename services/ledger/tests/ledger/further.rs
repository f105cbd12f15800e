//! A further concern of a post becomes a matter of its own, beside the one the post belongs to.

use anyhow::{Context, Result};
use huiyin_domain::matter::{Command, Decision, Event, Matter, RefusalKind, State};
use huiyin_domain::{Actor, Grade, MatterNo, PostRef, Role, SystemCode};
use huiyin_ledger::{Acted, FurtherRequest, Idempotency, LedgerError, MergeRequest};
use huiyin_proto::v1::{Assessed, Further};
use huiyin_store::PostFilter;

use crate::world::{RUBBISH, World, assign, officer, post};

const TEXT: &str =
    "青杨路从菜市场到小学这一段的路灯坏了半个多月，晚上一片漆黑没人来修。另外想问一下，退休后异地医保怎么报销？";

fn asking(id: &str) -> Assessed {
    let further = |system: &str, unit: &str, name: &str, terms: &[&str]| Further {
        system: system.into(),
        unit: unit.into(),
        unit_name: name.into(),
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
    };
    let insurance = further("医保", "360102-医保", "东湖区医疗保障局", &["医保", "报销"]);
    Assessed { further: vec![insurance, further("人社", "", "", &["退休"])], ..post(id, TEXT) }
}

fn request(matter: &MatterNo, system: &str) -> FurtherRequest {
    let system = SystemCode::new(system);
    FurtherRequest { matter: matter.clone(), system, actor: officer(), if_match: None, idempotency: None }
}

async fn open(world: &World, matter: &MatterNo, system: &str) -> Result<Acted, LedgerError> {
    world.ledger.open_further(request(matter, system)).await
}

async fn refused(world: &World, request: FurtherRequest) -> Result<(RefusalKind, String)> {
    let before = world.counts().await?.entries;
    let outcome = world.ledger.open_further(request).await;
    assert_eq!(world.counts().await?.entries, before, "nothing was written");
    match outcome {
        Err(LedgerError::Refused(refusal)) => Ok((refusal.kind, refusal.message)),
        other => anyhow::bail!("not refused: {other:?}"),
    }
}

async fn shown(world: &World, matter: &Matter) -> Result<Vec<String>> {
    let filter = PostFilter { matter: Some(matter.no.clone()), limit: 10, ..PostFilter::default() };
    Ok(world.store().posts(&filter).await?.posts.into_iter().map(|row| row.post.id).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_new_matter_is_as_intake_would_open_it_and_shows_the_post() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[asking("1")]).await?;
    let first = world.matter_of("1").await?;
    world.pass(90);
    let second = open(&world, &first.no, "医保").await?.matter;
    assert_eq!((second.no.as_str(), second.version, second.state), ("20261120-00002", 1, State::New));
    assert_eq!((&second.beside, second.received_at), (&Some(first.no.clone()), first.received_at));
    assert_eq!((&second.place, &second.place_name), (&first.place, &first.place_name));
    let (suggestion, unit) = (&second.suggestion, second.suggestion.unit.as_ref().map(ToString::to_string));
    assert_eq!((suggestion.decision, unit.as_deref()), (Decision::Unit, Some("360102-医保")));
    assert_eq!(
        (suggestion.grade, suggestion.catalogue.as_str(), &*suggestion.model),
        (Grade::Ordinary, "t1", "terms-1")
    );
    assert_eq!(second.deadlines, first.deadlines, "they run from the same receipt");
    assert_eq!(second.title.as_deref(), Some("退休后异地医保怎么报销"));
    // Without a unit for it the duty office decides.
    let third = open(&world, &first.no, "人社").await?.matter;
    assert_eq!((third.suggestion.decision, third.suggestion.unit.as_ref()), (Decision::Abstain, None));

    for matter in [&first, &second, &third] {
        assert_eq!(shown(&world, matter).await?, ["1"], "{}", matter.no);
        assert_eq!(world.matter(&matter.no).await?.posts_seen(), 1);
    }
    assert_eq!(world.matter_of("1").await?.no, first.no, "it belongs where it did");
    assert_eq!(world.counts().await?.in_matters, 1);
    let entries = world.store().entries(&first.no, 0, 10).await?;
    let events: Vec<&Event> = entries.iter().map(|one| &one.entry.event).collect();
    let told =
        |system: &str, no: &MatterNo| Event::FurtherOpened { system: SystemCode::new(system), matter: no.clone() };
    assert_eq!(events.get(1..).context("more entries")?, [&told("医保", &second.no), &told("人社", &third.no)]);
    let entry = world.store().entry(&second.no, 1).await?.context("it was opened")?.entry;
    assert_eq!(entry.actor, officer());
    assert_eq!(entry.content.and_then(|content| content.reason).as_deref(), Some("依据原帖用语：医保、报销"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_repeats_the_post_joins_the_first_matter_alone() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[asking("1")]).await?;
    let first = world.matter_of("1").await?;
    let second = open(&world, &first.no, "医保").await?.matter;
    world.take_in(&[asking("2"), asking("1")]).await?;
    assert_eq!(world.matter_of("2").await?.no, first.no);
    assert_eq!((world.matter(&first.no).await?.posts, world.matters().await?.len()), (2, 2));
    assert_eq!(world.matter(&second.no).await?, second);
    assert_eq!(shown(&world, &second).await?, ["1"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_refused_twice_to_others_and_once_the_matter_has_ended() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[asking("1"), post("2", RUBBISH)]).await?;
    let (first, plain) = (world.matter_of("1").await?.no, world.matter_of("2").await?.no);
    let liaison = Actor { name: "x".into(), role: Role::Liaison, unit: None };
    let by_unit = FurtherRequest { actor: liaison, ..request(&first, "医保") };
    assert_eq!(refused(&world, by_unit).await?.0, RefusalKind::Forbidden);
    let (kind, message) = refused(&world, request(&plain, "医保")).await?;
    assert!(kind == RefusalKind::Invalid && message.starts_with("system："), "{message}");
    let second = open(&world, &first, "医保").await?.matter.no;
    let (kind, message) = refused(&world, request(&first, "医保")).await?;
    assert!(kind == RefusalKind::Invalid && message.contains(second.as_str()), "{message}");
    let (kind, message) = refused(&world, request(&second, "人社")).await?;
    assert!(kind == RefusalKind::Invalid && message.contains(first.as_str()), "{message}");
    world.act(&first, Command::Dismiss { reason: "重复".into() }).await?;
    assert_eq!(refused(&world, request(&first, "人社")).await?.0, RefusalKind::State);
    let gone = open(&world, &MatterNo::new("20200101-00001"), "医保").await;
    assert!(matches!(gone, Err(LedgerError::NotFound(_))), "{gone:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_gives_the_same_matter() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[asking("1")]).await?;
    let first = world.matter_of("1").await?;
    let keyed = |if_match| {
        let idempotency = Some(Idempotency { key: "k1".into(), body_digest: [3; 32] });
        FurtherRequest { if_match, idempotency, ..request(&first.no, "医保") }
    };
    let outdated = world.ledger.open_further(keyed(Some(9))).await;
    assert!(matches!(outdated, Err(LedgerError::Conflict { current: 1, .. })), "{outdated:?}");
    let one = world.ledger.open_further(keyed(Some(1))).await?;
    let entries = world.counts().await?.entries;
    let same = world.ledger.open_further(keyed(Some(1))).await?;
    assert_eq!((one.replayed, same.replayed, one.matter), (false, true, same.matter));
    assert_eq!(world.counts().await?.entries, entries);
    // What was decided of the first matter is as it was.
    assert_eq!(world.matter(&first.no).await?.decided_version, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_at_once_one_opens_it() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[asking("1")]).await?;
    let first = world.matter_of("1").await?.no;
    let (one, other) = tokio::join!(open(&world, &first, "医保"), open(&world, &first, "医保"));
    assert_eq!([one, other].iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(world.matters().await?.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_backfill_no_deadline_runs() -> Result<()> {
    let world = World::new().await?;
    let mut old = asking("1");
    if let Some(post) = &mut old.post {
        post.backfill = true;
    }
    world.take_in(&[old]).await?;
    let second = open(&world, &world.matter_of("1").await?.no, "医保").await?.matter;
    assert!(second.backfill && second.deadlines.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rebuilt_the_tables_are_identical_after_merging_and_splitting_too() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[asking("1"), post("2", RUBBISH)]).await?;
    let (first, other) = (world.matter_of("1").await?, world.matter_of("2").await?);
    let second = open(&world, &first.no, "医保").await?.matter;
    world.act(&second.no, assign("360102-医保")).await?;
    world.act(&first.no, assign("a")).await?;
    assert!(huiyin_ledger::rebuild(world.store(), |_| {}).await?.identical);

    // Merged into another matter it brings the post along, and takes it away again.
    let third = open(&world, &first.no, "人社").await?.matter;
    let merge = |survivor: &MatterNo, other: &MatterNo| MergeRequest {
        survivor: survivor.clone(),
        other: other.clone(),
        actor: officer(),
        if_match: None,
        idempotency: None,
    };
    world.ledger.merge(merge(&other.no, &third.no)).await?;
    assert_eq!(shown(&world, &other).await?.len(), 2);
    assert_eq!(world.matter(&other.no).await?.posts_seen(), 2);
    assert!(huiyin_ledger::rebuild(world.store(), |_| {}).await?.identical);
    world.ledger.split(merge(&other.no, &third.no)).await?;
    assert_eq!((shown(&world, &other).await?, shown(&world, &third).await?), (vec!["2".into()], vec!["1".into()]));
    // Opened by mistake, it goes back to where it came from.
    world.ledger.merge(merge(&first.no, &third.no)).await?;
    assert_eq!(world.matter(&first.no).await?.posts_seen(), 1);
    let report = huiyin_ledger::rebuild(world.store(), |_| {}).await?;
    assert!(report.identical, "{report:?}");
    let post = PostRef { source: "信箱".into(), id: "1".into() };
    assert_eq!(world.store().begin().await?.members(&first.no).await?, [post]);
    drop(world.directory);
    Ok(())
}
