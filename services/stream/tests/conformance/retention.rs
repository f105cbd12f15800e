//! Retention shows: nothing goes missing silently.

use anyhow::{Result, ensure};
use huiyin_stream::LogError;

use crate::cases::{batch, numbers, read_all, records};
use crate::place::{Place, Tuning};

pub(crate) async fn trimmed_records_show(place: &Place) -> Result<()> {
    let topic = place.topic("trim")?;
    let opened = place.open(Tuning::partitions(1)).await?;
    let log = opened.log();
    log.append(&topic, records(0, 20)).await?;
    {
        let mut slow = log.subscribe(&topic, "slow").await?;
        let read = batch(&mut *slow, 5).await?;
        slow.commit(0, read.next).await?;
    }
    opened.trim_all(&topic).await?;
    log.append(&topic, records(20, 10)).await?;
    let ends = log.ends(&topic).await?;
    ensure!((ends[0].earliest, ends[0].next) == (20, 30), "{ends:?}");

    let mut slow = log.subscribe(&topic, "slow").await?;
    let read = batch(&mut *slow, 3).await?;
    ensure!(read.from == 20, "reading began at the oldest kept, not at the committed 5: {}", read.from);
    ensure!(numbers(&read.records)? == [20, 21, 22]);
    ensure!(matches!(slow.seek(0, 5).await, Err(LogError::Trimmed { earliest: 20 })));
    ensure!(batch(&mut *slow, 3).await?.from == 23, "a refused seek leaves the position");
    slow.seek(0, 20).await?;
    read_all(&mut *slow, 10).await?;
    Ok(())
}

pub(crate) async fn offsets_go_on_after_everything_is_trimmed(place: &Place) -> Result<()> {
    let topic = place.topic("trim-all")?;
    let opened = place.open(Tuning::partitions(1)).await?;
    opened.log().append(&topic, records(0, 20)).await?;
    opened.trim_all(&topic).await?;
    opened.close().await?;
    let opened = place.open(Tuning::partitions(1)).await?;
    let log = opened.log();
    let ends = log.ends(&topic).await?;
    ensure!((ends[0].earliest, ends[0].next) == (20, 20), "{ends:?}");
    let mut subscription = log.subscribe(&topic, "g").await?;
    log.append(&topic, records(20, 5)).await?;
    let read = read_all(&mut *subscription, 5).await?;
    ensure!(read.iter().map(|record| record.offset).eq(20..25));
    Ok(())
}
