//! Records arrive whole, in order, whatever is in them.

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use huiyin_stream::{Outgoing, partition_of};

use crate::cases::{LONG, Random, SHORT, batch, check, number, numbers, read_all, record, records};
use crate::place::{Place, Tuning};

pub(crate) async fn what_goes_in_comes_out(place: &Place) -> Result<()> {
    let opened = place.open(Tuning::default()).await?;
    let (log, topic) = (opened.log(), place.topic("round-trip")?);
    let header = |name: &str, value: &'static [u8]| (name.to_owned(), Bytes::from_static(value));
    let sent = Outgoing {
        key: Bytes::from_static("热线/20260103-0007".as_bytes()),
        payload: Bytes::from_static("路灯不亮".as_bytes()),
        headers: vec![header("schema", b"v1"), header("来源", b"\x00\xff"), header("schema", b""), header("n", b"12")],
        at_ms: -62_135_596_800_000,
    };
    log.append(&topic, vec![]).await?;
    log.append(&topic, vec![sent.clone()]).await?;
    let read = read_all(&mut *log.subscribe(&topic, "g").await?, 1).await?;
    let first = &read[0];
    ensure!(first.offset == 0 && first.partition == partition_of(&sent.key, 4));
    ensure!((&first.key, &first.payload, &first.headers) == (&sent.key, &sent.payload, &sent.headers), "{first:?}");
    ensure!(first.at_ms == sent.at_ms, "event time, not the time of the append");
    let ends = log.ends(&topic).await?;
    ensure!(ends.len() == 4 && ends.iter().map(|end| end.next - end.earliest).sum::<i64>() == 1, "{ends:?}");
    log.ready().await?;
    Ok(())
}

pub(crate) async fn order_per_key(place: &Place) -> Result<()> {
    let opened = place.open(Tuning::default()).await?;
    let (log, topic) = (opened.log(), place.topic("order")?);
    // Four callers at once, each with keys of its own, in appends of different sizes.
    let caller = |caller: u32| {
        let topic = &topic;
        async move {
            let mut number = 0;
            for size in (1..=20).cycle().take(40) {
                let keys = |at: u32| format!("caller{caller}/key{}", (number + at) % 5);
                log.append(topic, (0..size).map(|at| record(&keys(at), number + at)).collect()).await?;
                number += size;
            }
            anyhow::Ok(number)
        }
    };
    let counts = futures_util::future::try_join_all((0..4).map(caller)).await?;
    let read = read_all(&mut *log.subscribe(&topic, "g").await?, counts.iter().sum::<u32>() as usize).await?;
    let mut last: HashMap<Bytes, (i32, u32)> = HashMap::new();
    for record in &read {
        let now = (record.partition, number(record)?);
        if let Some(before) = last.insert(record.key.clone(), now) {
            ensure!(before.0 == now.0, "one partition per key");
            ensure!(before.1 < now.1, "{:?}: {} after {}", record.key, now.1, before.1);
        }
    }
    ensure!(last.len() == 20);
    Ok(())
}

pub(crate) async fn poison_record(place: &Place) -> Result<()> {
    let opened = place.open(Tuning::partitions(1)).await?;
    let (log, topic) = (opened.log(), place.topic("poison")?);
    let poison: [&'static [u8]; 5] = [b"\xff\xfe\x00\x01", b"", b"\x00", &[0x80; 3000], b"\x0a\xff\xff\xff\xff\x0f"];
    let sent: Vec<Outgoing> = poison
        .iter()
        .map(|bytes| Outgoing { key: Bytes::from_static(bytes), payload: Bytes::from_static(bytes), ..record("", 0) })
        .collect();
    log.append(&topic, sent).await?;
    log.append(&topic, vec![record("after", 7)]).await?;
    let read = read_all(&mut *log.subscribe(&topic, "g").await?, 6).await?;
    for (record, bytes) in read.iter().zip(poison) {
        ensure!(record.payload == bytes && record.key == bytes, "delivered as it is");
    }
    ensure!(number(&read[5])? == 7, "and reading goes on");
    Ok(())
}

pub(crate) async fn a_waiting_reader_is_woken(place: &Place) -> Result<()> {
    let opened = place.open(Tuning::default()).await?;
    let (log, topic) = (opened.log(), place.topic("wake")?);
    let mut subscription = log.subscribe(&topic, "g").await?;
    ensure!(subscription.next(10, SHORT).await?.is_none(), "nothing yet");
    for round in 0..20 {
        let (read, appended) = tokio::join!(batch(&mut *subscription, 10), log.append(&topic, records(round, 1)));
        appended?;
        ensure!(numbers(&read?.records)? == [round]);
    }
    Ok(())
}

pub(crate) async fn cancelled_next_loses_nothing(place: &Place) -> Result<()> {
    const COUNT: usize = 400;
    let opened = place.open(Tuning::default()).await?;
    let (log, topic) = (opened.log(), place.topic("cancel")?);
    let mut random = Random::seeded()?;
    let mut subscription = log.subscribe(&topic, "g").await?;
    let mut seen = Vec::new();
    let append = async {
        for from in (0..COUNT as u32).step_by(10) {
            log.append(&topic, records(from, 10)).await?;
        }
        anyhow::Ok(())
    };
    let read = async {
        while seen.len() < COUNT {
            // Dropped after a random number of polls, at whatever it awaits then.
            let polls = random.below(4);
            let records_max = 1 + random.below(7) as usize;
            let outcome = {
                let mut next = pin!(subscription.next(records_max, LONG));
                let mut polled = 0;
                std::future::poll_fn(|context| match next.as_mut().poll(context) {
                    Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
                    Poll::Pending if polled >= polls => Poll::Ready(None),
                    Poll::Pending => {
                        polled += 1;
                        Poll::Pending
                    }
                })
                .await
            };
            match outcome {
                Some(outcome) => {
                    let batch = outcome?.context("records are still to come")?;
                    check(&batch, records_max)?;
                    seen.extend(numbers(&batch.records)?);
                }
                None => tokio::task::yield_now().await,
            }
        }
        anyhow::Ok(())
    };
    let (appended, read) = tokio::join!(append, read);
    appended?;
    read?;
    seen.sort_unstable();
    ensure!(seen.iter().copied().eq(0..COUNT as u32), "each exactly once");
    Ok(())
}
