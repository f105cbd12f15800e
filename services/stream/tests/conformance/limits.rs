//! Stated limits are kept, and say so.

use anyhow::{Result, ensure};
use bytes::Bytes;
use huiyin_stream::{Limits, LogError, Outgoing, Topic};

use crate::cases::{read_all, record, records};
use crate::place::{Place, Tuning};

fn sized(bytes: usize) -> Outgoing {
    Outgoing { key: Bytes::from_static(b"k"), payload: Bytes::from(vec![7; bytes - 1]), ..record("", 0) }
}

pub(crate) async fn size_limits(place: &Place) -> Result<()> {
    let topic = place.topic("size")?;
    let opened = place.open(Tuning::default()).await?;
    let log = opened.log();
    let max = Limits::default().record_bytes_max;
    log.append(&topic, vec![sized(max), record("k", 1)]).await?;
    let refused = log.append(&topic, vec![record("k", 2), sized(max + 1)]).await;
    ensure!(matches!(&refused, Err(error @ LogError::TooLarge { .. }) if !error.is_retryable()), "{refused:?}");
    let refused = log.append(&topic, vec![sized(max); 17]).await;
    ensure!(matches!(refused, Err(LogError::BatchTooLarge { records: 17, .. })), "{refused:?}");
    let refused = log.append(&topic, records(0, 10_001)).await;
    ensure!(matches!(refused, Err(LogError::BatchTooLarge { records: 10_001, .. })), "{refused:?}");
    log.append(&topic, vec![sized(max); 12]).await?;
    let read = read_all(&mut *log.subscribe(&topic, "g").await?, 14).await?;
    ensure!(read.iter().filter(|record| record.payload.len() == max - 1).count() == 13, "refused ones left nothing");
    Ok(())
}

/// Far more is offered at once than may be in flight: the callers wait, nothing fails, nothing is lost.
pub(crate) async fn back_pressure(place: &Place) -> Result<()> {
    let topic = place.topic("pressure")?;
    let limits = Limits { pending_bytes_max: 64 << 10, ..Limits::default() };
    let opened = place.open(Tuning { partitions: 2, limits }).await?;
    let log = opened.log();
    let append = |number: u32| {
        let topic = &topic;
        async move {
            let record = Outgoing { payload: Bytes::from(vec![1; 20 << 10]), ..record(&number.to_string(), number) };
            log.append(topic, vec![record]).await
        }
    };
    futures_util::future::try_join_all((0..200).map(append)).await?;
    // One append that alone is more than may be in flight gets its turn too.
    log.append(&topic, vec![sized(100 << 10)]).await?;
    read_all(&mut *log.subscribe(&topic, "g").await?, 201).await?;
    Ok(())
}

pub(crate) async fn partitions_never_shrink(place: &Place) -> Result<()> {
    let topic = place.topic("shrink")?;
    let opened = place.open(Tuning::partitions(2)).await?;
    opened.log().append(&topic, records(0, 20)).await?;
    opened.close().await?;

    let opened = place.open(Tuning::partitions(3)).await?;
    opened.log().append(&topic, records(20, 20)).await?;
    ensure!(opened.log().ends(&topic).await?.len() == 3, "grown");
    read_all(&mut *opened.log().subscribe(&topic, "g").await?, 40).await?;
    opened.close().await?;

    let refused = match place.open(Tuning::partitions(1)).await {
        Ok(opened) => opened.log().append(&topic, records(40, 1)).await,
        Err(error) => Err(error),
    };
    ensure!(matches!(refused, Err(LogError::Partitions { asked: 1, found: 3, .. })), "{refused:?}");
    Ok(())
}

pub(crate) async fn bad_names(place: &Place) -> Result<()> {
    let opened = place.open(Tuning::default()).await?;
    let topic = place.topic("names")?;
    let group = opened.log().subscribe(&topic, "not a name").await.err();
    ensure!(matches!(group, Some(LogError::Name { .. })), "{group:?}");
    ensure!(matches!(Topic::parse("../posts"), Err(LogError::Name { .. })));
    Ok(())
}
