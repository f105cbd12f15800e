//! Catalogue versions on the log: publishing one, and following them.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::{Compression, GzBuilder};
use huiyin_catalogue::{Catalogue, FILES};
use huiyin_domain::CatalogueVersionId;
use huiyin_proto::Message;
use huiyin_proto::v1::{CatalogueVersion, File};
use huiyin_stream::{CATALOGUE, Log, Outgoing};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, wait};
use crate::{Assessors, IngestError};

/// A version that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The version every decision will name.
    pub version: CatalogueVersionId,
    /// First day on which decisions use it.
    pub effective_from: Date,
    /// SHA-256 of its files, hex.
    pub digest: String,
}

/// Puts a catalogue (name → content, see [`FILES`]) on the log for every `assess` to use from a day on; from the day
/// its manifest says when `effective_from` is not given. Durable when it returns.
///
/// # Errors
/// [`IngestError::Catalogue`] with every fault of the files, or [`IngestError::Log`].
pub async fn publish_catalogue(
    log: &dyn Log,
    files: &BTreeMap<String, Vec<u8>>,
    effective_from: Option<Date>,
    adopted_at: Timestamp,
) -> Result<Published, IngestError> {
    let catalogue = Catalogue::from_files(files).map_err(IngestError::Catalogue)?;
    let published = Published {
        version: catalogue.version().clone(),
        effective_from: effective_from.unwrap_or(catalogue.effective_from()),
        digest: catalogue.digest().to_owned(),
    };
    let known = files.iter().filter(|(name, _)| FILES.contains(&name.as_str()));
    let record = CatalogueVersion {
        version: published.version.as_str().to_owned(),
        effective_from: published.effective_from.to_string(),
        digest: published.digest.clone(),
        files: known.map(|(name, content)| File { name: name.clone(), content: gzip(content) }).collect(),
        adopted_at_us: adopted_at.as_microsecond(),
    };
    let outgoing = Outgoing {
        key: Bytes::copy_from_slice(record.version.as_bytes()),
        payload: Bytes::from(record.encode_to_vec()),
        headers: Vec::new(),
        at_ms: adopted_at.as_millisecond(),
    };
    log.append(&CATALOGUE, vec![outgoing]).await?;
    Ok(published)
}

/// Adds every version on the log to `assessors`, from the beginning, then those that come, until `cancel`.
///
/// `group` must be this process's own: members of one group would share the versions among them. No position is ever
/// committed, so each start reads all. A version that cannot be used is logged and left out; failures of the log are
/// waited out.
///
/// # Errors
/// [`IngestError::Log`] that trying again does not mend.
pub async fn watch_catalogue(
    log: &dyn Log,
    assessors: &Arc<Assessors>,
    group: &str,
    cancel: &CancellationToken,
) -> Result<(), IngestError> {
    let mut backoff = Backoff::of_log();
    loop {
        let followed = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(()),
            followed = follow(log, assessors, group, &mut backoff) => followed,
        };
        match followed {
            Err(error) if error.is_retryable() => {
                tracing::warn!(error = %error, "cannot read catalogue versions, will try again");
                if !wait(backoff.next(), cancel).await {
                    return Ok(());
                }
            }
            Err(error) => return Err(error),
            Ok(never) => match never {},
        }
    }
}

async fn follow(
    log: &dyn Log,
    assessors: &Arc<Assessors>,
    group: &str,
    backoff: &mut Backoff,
) -> Result<std::convert::Infallible, IngestError> {
    let mut subscription = log.subscribe(&CATALOGUE, group).await?;
    let ends = log.ends(&CATALOGUE).await?;
    let mut left: HashMap<i32, i64> =
        ends.into_iter().filter(|end| end.next > end.earliest).map(|end| (end.partition, end.next)).collect();
    loop {
        if left.is_empty() {
            assessors.set_complete();
        }
        let Some(batch) = subscription.next(16, Duration::from_secs(5)).await? else { continue };
        backoff.reset();
        for record in batch.records {
            let assessors = assessors.clone();
            let added = tokio::task::spawn_blocking(move || match CatalogueVersion::decode(record.payload) {
                Ok(version) => assessors.add(&version).map(|()| version.version),
                Err(error) => Err(IngestError::Assessor { version: "?".to_owned(), reason: error.to_string() }),
            });
            match added.await.map_err(|_| IngestError::Abandoned("reading a catalogue"))? {
                Ok(version) => tracing::info!(version, "catalogue version known"),
                Err(error) => tracing::error!(offset = record.offset, error = %error, "catalogue version left out"),
            }
        }
        left.retain(|partition, next| *partition != batch.partition || *next > batch.next);
    }
}

/// The same bytes for the same content: no time in the header.
fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}
