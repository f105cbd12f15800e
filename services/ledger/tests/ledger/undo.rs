//! Actions taken back: rows and rebuild, who may, and what outsiders are to pass over.

use anyhow::Result;
use huiyin_domain::matter::{AssignmentState, Command, Matter, State};
use huiyin_domain::{Actor, Clock, Grade, MatterNo, Role, UnitId};
use huiyin_ledger::{ActRequest, Acted, Claimed, Idempotency, LedgerError, UndoRequest};
use huiyin_store::MatterFilter;
use jiff::SignedDuration;

use crate::world::{LAMP, RUBBISH, World, assign, officer, post};

fn leader() -> Actor {
    Actor { name: "leader".into(), role: Role::Leader, unit: None }
}

impl World {
    async fn undo(&self, no: &MatterNo, seen: Option<u64>, key: Option<&str>) -> Result<Acted, LedgerError> {
        let idempotency = key.map(|key| Idempotency { key: key.into(), body_digest: [7; 32] });
        let request = UndoRequest {
            matter: no.clone(),
            reason: Some("选错".into()),
            actor: officer(),
            if_match: seen,
            idempotency,
        };
        self.ledger.undo(request).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_as_before_and_a_rebuild_finds_them_identical() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP), post("2", RUBBISH)]).await?;
    let matter = world.matter_of("1").await?;
    let no = matter.no.clone();
    let commands = [assign("a"), Command::Grade(Grade::Major), Command::Dismiss { reason: "重复".into() }];
    for (command, key) in commands.into_iter().zip(["k1", "k2", "k3"]) {
        world.pass(1);
        let before: Matter = world.matter(&no).await?;
        let acted = world.act(&no, command).await?;
        world.clock.advance(SignedDuration::from_secs(10));
        assert!(world.ledger.undo_offer(&acted.matter, &officer()).await?.is_some());
        assert_eq!(world.ledger.undo_offer(&acted.matter, &leader()).await?, None);
        let undone = world.undo(&no, Some(acted.matter.decided_version), Some(key)).await;
        let after = undone?.matter;
        assert_eq!(after, world.matter(&no).await?);
        assert_eq!((after.state, after.grade, &after.deadlines), (before.state, before.grade, &before.deadlines));
        assert!(after.decided_version > acted.matter.decided_version);
        let again = world.undo(&no, None, None).await.expect_err("once");
        assert!(matches!(&again, LedgerError::Refused(refusal) if refusal.message.contains("已经撤销")), "{again}");
        let replayed = world.undo(&no, None, Some(key)).await?;
        assert!(replayed.replayed);
        assert_eq!(after.assignments.len(), 1, "it stays on the record");
        assert_eq!(after.assignments[0].state, AssignmentState::Overridden);
    }
    let of_unit = MatterFilter { unit: Some(UnitId::new("a")), limit: 10, ..MatterFilter::default() };
    assert!(world.store().matters(&of_unit).await?.matters.is_empty(), "the unit was never given it");
    world.pass(60 * 24 * 10);
    world.ledger.record_lapses().await?;
    let lapsed = world.matter(&no).await?;
    assert!(lapsed.deadlines.iter().all(|one| one.assignment.is_none()), "nothing of the assignment runs on");
    let report = huiyin_ledger::rebuild(world.store(), |_| {}).await?;
    assert!(report.identical, "{report:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_signed_for_or_is_late_stays() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP), post("2", RUBBISH)]).await?;
    let signed = world.matter_of("1").await?.no;
    world.pass(1);
    let seen = world.act(&signed, assign("a")).await?.matter.decided_version;
    let liaison = Actor { name: "l".into(), role: Role::Liaison, unit: Some(UnitId::new("a")) };
    let command = Command::Accept { assignment: None };
    let request = ActRequest { matter: signed.clone(), command, actor: liaison, if_match: None, idempotency: None };
    world.ledger.act(request).await?;
    let refused = world.undo(&signed, Some(seen), None).await.expect_err("signed for");
    assert!(refused.to_string().contains("已签收"), "{refused}");
    let late = world.matter_of("2").await?.no;
    world.act(&late, assign("a")).await?;
    world.clock.advance(SignedDuration::from_secs(11));
    let refused = world.undo(&late, None, None).await.expect_err("late");
    assert!(refused.to_string().contains("10秒"), "{refused}");
    assert_eq!(world.matter(&late).await?.state, State::Assigned);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_know_what_to_pass_over() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP), post("2", RUBBISH)]).await?;
    assert_eq!(world.ledger.hold(), SignedDuration::from_secs(12));
    let (one, two) = (world.matter_of("1").await?.no, world.matter_of("2").await?.no);
    for no in [&one, &two] {
        world.act(no, assign("a")).await?;
    }
    world.undo(&one, None, None).await?;
    world.pass(1);
    world.act(&one, assign("b")).await?;
    world.undo(&one, None, None).await?;
    let undone = world.store().undone_versions(&[one.clone(), two.clone()]).await?;
    assert_eq!(undone.into_iter().collect::<Vec<_>>(), [(one, vec![(2, 2), (4, 4)])]);
    assert!(world.store().undone_versions(&[]).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_is_one_persons_until_it_ends() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP)]).await?;
    let no = world.matter_of("1").await?.no;
    let claim = async |actor: &Actor, take_over| world.ledger.claim(&no, actor, "某", take_over).await;
    let Claimed::Held(first) = claim(&officer(), false).await? else { panic!("it was free") };
    world.pass(5);
    let Claimed::Held(longer) = claim(&officer(), false).await? else { panic!("it is one's own") };
    assert_eq!((longer.since, longer.until > first.until), (first.since, true));
    assert_eq!(claim(&leader(), false).await?, Claimed::ByAnother(longer.clone()));
    assert_eq!(world.ledger.release(&no, &leader()).await?, Some(longer), "another's stays");
    assert!(matches!(claim(&leader(), true).await?, Claimed::Held(_)));
    assert_eq!(world.ledger.release(&no, &leader()).await?, None);
    assert_eq!(world.store().claim_of(&no, world.clock.now()).await?, None);
    claim(&leader(), false).await?;
    world.pass(30);
    assert!(matches!(claim(&officer(), false).await?, Claimed::Held(_)), "after half an hour it is free again");
    assert_eq!(world.act(&no, assign("a")).await?.claim_ended, Some(no.clone()));
    assert!(world.store().claims(world.clock.now()).await?.is_empty());
    let auditor = Actor { name: "a".into(), role: Role::Auditor, unit: None };
    assert!(claim(&auditor, false).await.is_err());
    world.act(&no, Command::Dismiss { reason: "重复".into() }).await?;
    assert!(claim(&officer(), false).await.is_err(), "an ended matter needs nobody");
    Ok(())
}
