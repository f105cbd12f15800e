//! Dead letters on their way into SQL.

use huiyin_proto::Message;
use huiyin_proto::v1::DeadLetter;
use huiyin_store::{DeadLetterRow, Tx};
use huiyin_stream::{Batch, Incoming};
use jiff::Timestamp;

use super::IntakeProgress;
use crate::LedgerError;

/// Stores the dead letters of a batch.
pub(super) async fn take_in(tx: &mut Tx, batch: &Batch) -> Result<IntakeProgress, LedgerError> {
    let letters: Vec<DeadLetterRow> = batch.records.iter().map(row).collect();
    let stored = tx.insert_dead_letters(&letters).await?;
    Ok(IntakeProgress { records: letters.len() as u64, dead: stored, ..IntakeProgress::default() })
}

fn row(record: &Incoming) -> DeadLetterRow {
    let letter = DeadLetter::decode(record.payload.clone()).unwrap_or_else(|error| DeadLetter {
        topic: "dead".into(),
        partition: record.partition,
        offset: record.offset,
        reason: format!("死信记录无法读取：{error}"),
        at_us: record.at_ms.saturating_mul(1_000),
        ..DeadLetter::default()
    });
    DeadLetterRow {
        place: (record.partition, record.offset),
        topic: letter.topic,
        origin: format!("{}:{}", letter.partition, letter.offset),
        source: plain(&letter.source),
        id: plain(&letter.id),
        reason: plain(&letter.reason),
        excerpt: plain(&letter.excerpt),
        at: Timestamp::from_microsecond(letter.at_us).unwrap_or(Timestamp::UNIX_EPOCH),
    }
}

/// A record of `assessed` that could not be read, as a dead letter. Partitions of `dead` are 0 and up, so a letter made
/// here stands beside them under the partition's complement.
pub(super) fn unreadable(record: &Incoming, reason: String) -> DeadLetterRow {
    DeadLetterRow {
        place: (-1 - record.partition, record.offset),
        topic: "assessed".into(),
        origin: format!("{}:{}", record.partition, record.offset),
        source: String::new(),
        id: String::new(),
        reason,
        excerpt: String::new(),
        at: Timestamp::from_millisecond(record.at_ms).unwrap_or(Timestamp::UNIX_EPOCH),
    }
}

/// PostgreSQL refuses U+0000 in text.
fn plain(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
