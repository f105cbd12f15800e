//! What the cases share: records, reading, seeded randomness.

use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;
use huiyin_stream::{Batch, Incoming, Outgoing, Subscription};

/// Longer than any test waits for something that does come.
pub(crate) const LONG: Duration = Duration::from_secs(30);
/// For something that must not come, and between looks at a group.
pub(crate) const SHORT: Duration = Duration::from_millis(200);

/// A record whose payload is its number.
pub(crate) fn record(key: &str, number: u32) -> Outgoing {
    Outgoing {
        key: Bytes::copy_from_slice(key.as_bytes()),
        payload: Bytes::from(number.to_string()),
        headers: Vec::new(),
        at_ms: i64::from(number),
    }
}

/// Records numbered from `from`, over ten keys.
pub(crate) fn records(from: u32, count: u32) -> Vec<Outgoing> {
    (from..from + count).map(|number| record(&format!("key{}", number % 10), number)).collect()
}

pub(crate) fn number(record: &Incoming) -> Result<u32> {
    Ok(std::str::from_utf8(&record.payload)?.parse()?)
}

pub(crate) fn numbers(records: &[Incoming]) -> Result<Vec<u32>> {
    records.iter().map(number).collect()
}

/// The next batch, which must come and must be whole.
pub(crate) async fn batch(subscription: &mut dyn Subscription, records_max: usize) -> Result<Batch> {
    let batch = subscription.next(records_max, LONG).await?;
    let batch = batch.ok_or_else(|| anyhow::anyhow!("nothing came"))?;
    check(&batch, records_max)?;
    Ok(batch)
}

pub(crate) fn check(batch: &Batch, records_max: usize) -> Result<()> {
    ensure!(!batch.records.is_empty() && batch.records.len() <= records_max, "{} records", batch.records.len());
    ensure!(batch.records.iter().all(|record| record.partition == batch.partition));
    ensure!(batch.records.windows(2).all(|pair| pair[0].offset < pair[1].offset), "offsets ascend");
    ensure!(batch.from <= batch.records[0].offset);
    ensure!(batch.next == batch.records[batch.records.len() - 1].offset + 1);
    Ok(())
}

/// Exactly `count` records, and no more after them.
pub(crate) async fn read_all(subscription: &mut dyn Subscription, count: usize) -> Result<Vec<Incoming>> {
    let mut read = Vec::new();
    while read.len() < count {
        read.extend(batch(subscription, 100).await?.records);
    }
    ensure!(read.len() == count, "{} records instead of {count}", read.len());
    ensure!(subscription.next(100, SHORT).await?.is_none(), "nothing is left");
    Ok(read)
}

/// Small seeded generator (xorshift64*): tests print the seed and `HUIYIN_TEST_SEED` repeats it.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn seeded() -> Result<Random> {
        let seed = match std::env::var("HUIYIN_TEST_SEED") {
            Ok(seed) => seed.parse()?,
            Err(_) => 20_161_130,
        };
        eprintln!("HUIYIN_TEST_SEED={seed}");
        Ok(Random(seed | 1))
    }

    /// Below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % end
    }
}
