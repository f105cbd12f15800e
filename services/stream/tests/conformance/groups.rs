//! Positions, groups, members.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};
use huiyin_stream::{Batch, LogError, Subscription};

use crate::cases::{SHORT, batch, check, numbers, read_all, records};
use crate::place::{Place, Tuning};

pub(crate) async fn resume_from_committed(place: &Place) -> Result<()> {
    let topic = place.topic("resume")?;
    let opened = place.open(Tuning::partitions(2)).await?;
    opened.log().append(&topic, records(0, 100)).await?;
    let mut committed = Vec::new();
    {
        let mut subscription = opened.log().subscribe(&topic, "g").await?;
        for _ in 0..6 {
            let batch = batch(&mut *subscription, 7).await?;
            subscription.commit(batch.partition, batch.next).await?;
            committed.extend(numbers(&batch.records)?);
        }
        // Read and never committed: to be read again.
        batch(&mut *subscription, 7).await?;
    }
    opened.close().await?;
    let opened = place.open(Tuning::partitions(2)).await?;
    let mut subscription = opened.log().subscribe(&topic, "g").await?;
    let rest = numbers(&read_all(&mut *subscription, 100 - committed.len()).await?)?;
    let mut all: Vec<u32> = committed.into_iter().chain(rest).collect();
    all.sort_unstable();
    ensure!(all.into_iter().eq(0..100), "committed ones once, the others again");
    Ok(())
}

pub(crate) async fn two_groups_are_independent(place: &Place) -> Result<()> {
    let topic = place.topic("groups")?;
    let opened = place.open(Tuning::default()).await?;
    let log = opened.log();
    log.append(&topic, records(0, 50)).await?;
    for group in ["first", "second"] {
        let mut subscription = log.subscribe(&topic, group).await?;
        read_all(&mut *subscription, 50).await?;
        for end in log.ends(&topic).await? {
            subscription.commit(end.partition, end.next).await?;
        }
    }
    let ends: BTreeMap<i32, i64> = log.ends(&topic).await?.into_iter().map(|end| (end.partition, end.next)).collect();
    ensure!(log.committed(&topic, "first").await? == ends, "what was committed is told");
    ensure!(log.committed(&topic, "nobody").await?.is_empty(), "a group that never committed has no position");
    let mut first = log.subscribe(&topic, "first").await?;
    ensure!(first.next(10, SHORT).await?.is_none());
    log.append(&topic, records(50, 10)).await?;
    read_all(&mut *first, 10).await?;
    read_all(&mut *log.subscribe(&topic, "third").await?, 60).await?;
    Ok(())
}

pub(crate) async fn seek(place: &Place) -> Result<()> {
    let topic = place.topic("seek")?;
    let opened = place.open(Tuning::partitions(1)).await?;
    let log = opened.log();
    log.append(&topic, records(0, 30)).await?;
    let mut subscription = log.subscribe(&topic, "g").await?;
    read_all(&mut *subscription, 30).await?;
    for (to, expected) in [(10, 10..15), (0, 0..5), (27, 27..30), (5, 5..10)] {
        subscription.seek(0, to).await?;
        let batch = batch(&mut *subscription, 5).await?;
        ensure!(batch.from == to, "{} after seeking {to}", batch.from);
        ensure!(numbers(&batch.records)?.into_iter().eq(expected), "{batch:?}");
    }
    subscription.seek(0, 30).await?;
    ensure!(subscription.next(5, SHORT).await?.is_none());
    log.append(&topic, records(30, 1)).await?;
    let after = batch(&mut *subscription, 5).await?;
    ensure!((after.from, after.next) == (30, 31));
    ensure!(matches!(subscription.seek(0, 32).await, Err(LogError::BeyondEnd { partition: 0, asked: 32, next: 31 })));
    ensure!(matches!(subscription.seek(1, 0).await, Err(LogError::NotAssigned { partition: 1 })));
    ensure!(matches!(subscription.commit(1, 0).await, Err(LogError::NotAssigned { partition: 1 })));
    log.append(&topic, records(31, 1)).await?;
    ensure!(batch(&mut *subscription, 5).await?.from == 31, "a refused seek leaves the position");
    Ok(())
}

/// Two members that commit each batch; one leaves holding a batch it did not commit.
pub(crate) async fn rebalance_loses_nothing(place: &Place) -> Result<()> {
    let topic = place.topic("rebalance")?;
    let opened = place.open(Tuning::default()).await?;
    let log = opened.log();
    log.append(&topic, records(0, 200)).await?;
    let mut seen = BTreeSet::new();
    let mut first = log.subscribe(&topic, "g").await?;
    while seen.len() < 15 {
        read_one(&mut *first, &mut seen).await?;
    }
    ensure!(first.assigned() == [0, 1, 2, 3], "{:?}", first.assigned());
    let mut second = log.subscribe(&topic, "g").await?;
    let mut rounds = 0;
    while first.assigned().len() != 2 || second.assigned().len() != 2 {
        read_one(&mut *first, &mut seen).await?;
        read_one(&mut *second, &mut seen).await?;
        rounds += 1;
        ensure!(rounds < 200, "{:?} and {:?}", first.assigned(), second.assigned());
    }
    let both: BTreeSet<i32> = first.assigned().into_iter().chain(second.assigned()).collect();
    ensure!(both.into_iter().eq(0..4), "each partition has one reader");
    log.append(&topic, records(200, 200)).await?;
    let dropped = batch(&mut *second, 3).await?;
    drop(second);
    let gone = numbers(&dropped.records)?;
    let mut idle = 0;
    while seen.len() < 400 {
        // A member hears of the other's leaving with its next heartbeat.
        idle = if read_one(&mut *first, &mut seen).await? { 0 } else { idle + 1 };
        ensure!(idle < 100, "{} of 400, the other held {gone:?}", seen.len());
    }
    ensure!(first.assigned() == [0, 1, 2, 3]);
    Ok(())
}

/// Read one batch and commit it, as a consumer does that may repeat; whether there was one.
async fn read_one(subscription: &mut dyn Subscription, seen: &mut BTreeSet<u32>) -> Result<bool> {
    let Some(batch) = subscription.next(5, SHORT).await? else {
        return Ok(false);
    };
    check(&batch, 5)?;
    seen.extend(numbers(&batch.records)?);
    commit(subscription, &batch).await?;
    Ok(true)
}

/// While the group rebalances a commit may fail; a later one covers it.
async fn commit(subscription: &mut dyn Subscription, batch: &Batch) -> Result<()> {
    match subscription.commit(batch.partition, batch.next).await {
        Err(error) if !error.is_retryable() && !matches!(error, LogError::NotAssigned { .. }) => bail!(error),
        _ => Ok(()),
    }
}

/// As `intake` does it: the position is stored with the effect, and the log's own commits are late or missing.
pub(crate) async fn positions_kept_elsewhere_are_exactly_once(place: &Place) -> Result<()> {
    const COUNT: u32 = 300;
    let topic = place.topic("exactly-once")?;
    let mut stored: BTreeMap<i32, i64> = BTreeMap::new();
    let mut effects = Vec::new();
    let opened = place.open(Tuning::default()).await?;
    opened.log().append(&topic, records(0, COUNT)).await?;
    opened.close().await?;
    for life in 0..4 {
        let opened = place.open(Tuning::default()).await?;
        let log = opened.log();
        {
            let mut members = vec![log.subscribe(&topic, "g").await?];
            for round in 0.. {
                if round == 4 && life % 2 == 1 {
                    members.push(log.subscribe(&topic, "g").await?);
                }
                let until = if life == 3 { COUNT as usize } else { (life + 1) * 80 };
                if effects.len() >= until {
                    break;
                }
                ensure!(round < 1000, "{} of {until}", effects.len());
                for member in &mut members {
                    apply(&mut **member, &mut stored, &mut effects).await?;
                }
            }
        }
        opened.close().await?;
    }
    effects.sort_unstable();
    ensure!(effects.into_iter().eq(0..COUNT), "each effect exactly once");
    Ok(())
}

async fn apply(member: &mut dyn Subscription, stored: &mut BTreeMap<i32, i64>, effects: &mut Vec<u32>) -> Result<()> {
    let Some(batch) = member.next(9, SHORT).await? else {
        return Ok(());
    };
    let position = stored.entry(batch.partition).or_insert(0);
    if *position != batch.from {
        return match member.seek(batch.partition, *position).await {
            Ok(()) | Err(LogError::NotAssigned { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        };
    }
    effects.extend(numbers(&batch.records)?);
    *position = batch.next;
    // Only now and then: the log's own position lags behind.
    if batch.next % 3 == 0 {
        commit(member, &batch).await?;
    }
    Ok(())
}
