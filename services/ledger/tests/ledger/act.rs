//! Actions: versions, repetition, races, masking.

use anyhow::Result;
use huiyin_domain::matter::{Channel, Command, ResponseKind, State};
use huiyin_domain::{Grade, MatterNo};
use huiyin_ledger::{ActRequest, Idempotency, LedgerError};

use crate::world::{LAMP, RUBBISH, World, assign, officer, post};

fn request(no: &MatterNo, command: Command) -> ActRequest {
    ActRequest { matter: no.clone(), command, actor: officer(), if_match: None, idempotency: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_version_is_refused_with_who_changed_it() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP)]).await?;
    let matter = world.matter_of("1").await?;
    world.act(&matter.no, Command::Grade(Grade::Major)).await?;
    let stale = ActRequest { if_match: Some(matter.decided_version), ..request(&matter.no, assign("a")) };
    match world.ledger.act(stale).await {
        Err(LedgerError::Conflict { current, last: Some(last) }) => {
            assert_eq!((current, last.entry.actor.name.as_str(), last.entry.event.kind()), (2, "duty", "graded"));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        world.ledger.act(request(&MatterNo::new("20990101-00001"), assign("a"))).await,
        Err(LedgerError::NotFound(_))
    ));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_request_acts_once() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP)]).await?;
    let no = world.matter_of("1").await?.no;
    let keyed = |body: u8, command| {
        let idempotency = Some(Idempotency { key: "k1".into(), body_digest: [body; 32] });
        ActRequest { idempotency, if_match: Some(1), ..request(&no, command) }
    };
    assert!(!world.ledger.act(keyed(1, assign("a"))).await?.replayed);
    let again = world.ledger.act(keyed(1, assign("a"))).await?;
    assert!(again.replayed, "the key is looked up before the version");
    assert_eq!(again.matter.assignments.len(), 1);
    assert!(matches!(world.ledger.act(keyed(2, assign("b"))).await, Err(LedgerError::KeyReused)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_with_one_version_one_wins() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP)]).await?;
    let no = world.matter_of("1").await?.no;
    let tries = (0..8).map(|unit| {
        let request = ActRequest { if_match: Some(1), ..request(&no, assign(&format!("u{unit}"))) };
        let ledger = world.ledger.clone();
        async move { ledger.act(request).await }
    });
    let mut set = tokio::task::JoinSet::new();
    for one in tries {
        set.spawn(one);
    }
    let (mut won, mut lost) = (0, 0);
    while let Some(done) = set.join_next().await {
        match done? {
            Ok(_) => won += 1,
            Err(LedgerError::Conflict { .. }) => lost += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((won, lost), (1, 7));
    assert_eq!(world.matter(&no).await?.version, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn actions_and_joining_posts_do_not_lose_each_other() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("0", LAMP)]).await?;
    let no = world.matter_of("0").await?.no;
    let posts: Vec<_> = (1..40).map(|number| post(&format!("p{number}"), LAMP)).collect();
    let acting = async {
        for round in 0..20 {
            world.act(&no, Command::Grade(if round % 2 == 0 { Grade::Major } else { Grade::Ordinary })).await?;
        }
        Ok::<(), anyhow::Error>(())
    };
    let taking = async {
        for one in posts.chunks(3) {
            world.take_in(one).await?;
        }
        Ok::<(), anyhow::Error>(())
    };
    let (acted, taken) = tokio::join!(acting, taking);
    acted?;
    taken?;
    let matter = world.matter(&no).await?;
    // Posts of equal text and source differ by id only: each joins.
    assert_eq!((matter.posts, matter.version), (40, 60));
    assert!(huiyin_ledger::rebuild(world.store(), |_| {}).await?.identical);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_officials_write_is_masked_too() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP), post("2", RUBBISH)]).await?;
    let no = world.matter_of("1").await?.no;
    world.act(&no, assign("a")).await?;
    world.act(&no, Command::Accept { assignment: None }).await?;
    let answer = Command::Respond {
        assignment: None,
        kind: ResponseKind::Final,
        channel: Channel::Phone,
        link: None,
        text: "已致电来信人13912345678，路灯已修复。".into(),
    };
    let matter = world.act(&no, answer).await?.matter;
    assert_eq!(matter.state, State::Responded);
    let entries = world.store().entries(&no, 0, 100).await?;
    assert!(!format!("{entries:?}").contains("13912345678"));
    assert!(matter.responses.iter().all(|one| one.text.as_deref().is_some_and(|text| text.contains("路灯已修复"))));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lapsed_deadline_is_recorded_once() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP)]).await?;
    assert_eq!(world.ledger.record_lapses().await?, 0);
    world.pass(49 * 60);
    assert_eq!(world.ledger.record_lapses().await?, 1);
    assert_eq!(world.ledger.record_lapses().await?, 0);
    let matter = world.matter_of("1").await?;
    assert!(matter.deadlines.iter().all(|one| one.passed));
    assert_eq!(world.counts().await?.overdue, 1);
    Ok(())
}
