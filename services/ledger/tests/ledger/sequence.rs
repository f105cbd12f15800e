//! Dense numbers, whoever gives them.

use anyhow::Result;

use crate::world::{LAMP, RUBBISH, World, assign, post};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_are_dense_and_stay() -> Result<()> {
    let world = World::new().await?;
    world.take_in(&[post("1", LAMP), post("2", RUBBISH)]).await?;
    while world.ledger.sequence_once("a").await? {}
    world.act(&world.matter_of("1").await?.no, assign("x")).await?;
    // Another holder may not while the lease runs.
    world.ledger.sequence_once("b").await?;
    assert_eq!(world.store().last_number().await?, 2);
    world.pass(1);
    while world.ledger.sequence_once("b").await? {}
    let entries = world.store().entries_numbered(0, 100).await?;
    let numbers: Vec<u64> = entries.iter().filter_map(|one| one.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(*world.ledger.changes().borrow(), 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_number_at_once_give_no_number_twice() -> Result<()> {
    let world = World::new().await?;
    let posts: Vec<_> = (0..120)
        .map(|number| post(&format!("n{number}"), &format!("{number}号路口的红绿灯坏了，第{number}次反映")))
        .collect();
    world.take_in(&posts).await?;
    let number = |limit| {
        let store = world.store().clone();
        async move {
            while store.number_entries(limit).await? > 0 {}
            Ok::<(), huiyin_store::StoreError>(())
        }
    };
    let (one, two) = tokio::join!(number(7), number(11));
    one?;
    two?;
    let counts = world.counts().await?;
    let entries = world.store().entries_numbered(0, 1_000).await?;
    let numbers: Vec<u64> = entries.iter().filter_map(|one| one.number).collect();
    assert_eq!(numbers, (1..=counts.entries).collect::<Vec<u64>>());
    Ok(())
}
