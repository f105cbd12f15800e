//! Import of a file into the log.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::{Collector, FileReader, IngestError, RawPost, Receipt, Reception, Refusal, Refused, Warning};

/// Posts read, masked and appended together.
const BATCH_LINES_MAX: usize = 2_000;
/// Text held for one batch.
const BATCH_BYTES_MAX: usize = 4 << 20;
/// Refusals and warnings that are kept by line; beyond they are only counted.
const NOTES_MAX: usize = 1_000;

/// How far an import is. Everything up to `line` is durable: a later import goes on there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last line or row handled.
    pub line: u64,
    /// Bytes of the file read; some of them may belong to lines not yet handled.
    pub bytes_read: u64,
    /// Size of the file.
    pub bytes_total: u64,
    /// Posts appended.
    pub accepted: u64,
    /// Posts left out as repeats.
    pub repeated: u64,
    /// Lines refused.
    pub refused: u64,
    /// Oddities in posts that were taken.
    pub warned: u64,
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Where it ended, and the counts.
    pub progress: Progress,
    /// Whether it was told to stop before the end.
    pub cancelled: bool,
    /// The first 1,000 refused lines.
    pub refused: Vec<Refusal>,
    /// The first 1,000 oddities.
    pub warnings: Vec<Warning>,
}

/// Pushes every post of `reader`; `tell` hears after each batch. `reception.received_at` is set anew for each.
///
/// Reading goes on while the batch before is being written.
///
/// # Errors
/// [`IngestError::Log`], or [`IngestError::File`] when the file breaks off; what `tell` heard of is durable all the same.
pub async fn import(
    collector: &Arc<Collector>,
    reader: FileReader,
    reception: &Reception,
    tell: &mut (dyn FnMut(&Progress) + Send),
    cancel: &CancellationToken,
) -> Result<ImportReport, IngestError> {
    let mut report = ImportReport::default();
    let (mut reader, mut lines) = read(reader).await?;
    while let Some((last, _)) = lines.last() {
        let last = *last;
        if cancel.is_cancelled() {
            report.cancelled = true;
            return Ok(report);
        }
        let reception = Reception { received_at: collector.clock().now(), ..reception.clone() };
        let (receipt, ahead) = tokio::join!(collector.push(lines, reception), read(reader));
        report.add(receipt?, last);
        (reader, lines) = ahead?;
        report.progress.bytes_read = reader.bytes_read();
        report.progress.bytes_total = reader.bytes_total();
        tell(&report.progress);
    }
    match reader.take_fault() {
        Some(fault) => Err(fault.into()),
        None => Ok(report),
    }
}

impl ImportReport {
    fn add(&mut self, receipt: Receipt, last: u64) {
        let progress = &mut self.progress;
        progress.line = last;
        progress.accepted += receipt.accepted;
        progress.repeated += receipt.repeated;
        progress.refused += receipt.refused.len() as u64;
        progress.warned += receipt.warnings.len() as u64;
        let room = NOTES_MAX - self.refused.len();
        self.refused.extend(receipt.refused.into_iter().take(room));
        let room = NOTES_MAX - self.warnings.len();
        self.warnings.extend(receipt.warnings.into_iter().take(room));
    }
}

type Lines = Vec<(u64, Result<RawPost, Refused>)>;

async fn read(mut reader: FileReader) -> Result<(FileReader, Lines), IngestError> {
    let reading = tokio::task::spawn_blocking(move || {
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while lines.len() < BATCH_LINES_MAX && bytes < BATCH_BYTES_MAX {
            let Some((line, post)) = reader.next() else { break };
            bytes += post.as_ref().map_or(0, |post| post.title.len() + post.text.len());
            lines.push((line, post));
        }
        (reader, lines)
    });
    reading.await.map_err(|_| IngestError::Abandoned("reading the file"))
}
