//! The catalogue versions in use, each with its assessor.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, PoisonError, RwLock};

use flate2::read::GzDecoder;
use huiyin_catalogue::Catalogue;
use huiyin_matching::{Assessor, Model};
use huiyin_proto::v1::CatalogueVersion;
use jiff::civil::Date;
use tokio::sync::watch;

use crate::IngestError;

/// Largest file of a catalogue, unpacked.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Every catalogue version that was published, to pick the one in force on a day. Share it by `Arc`.
pub struct Assessors {
    versions: RwLock<Vec<Version>>,
    complete: watch::Sender<bool>,
    model: Option<Arc<Model>>,
}

#[derive(Clone)]
struct Version {
    effective_from: Date,
    assessor: Arc<Assessor>,
}

impl Default for Assessors {
    fn default() -> Assessors {
        Assessors { versions: RwLock::default(), complete: watch::Sender::new(false), model: None }
    }
}

impl Assessors {
    /// Assessors that judge with a trained model beside the catalogue's terms.
    #[must_use]
    pub fn with_model(model: Option<Arc<Model>>) -> Assessors {
        Assessors { model, ..Assessors::default() }
    }

    /// The assessor of the version in force on `day`: of those that have taken force, the one with the latest date, the
    /// later published one of two with the same. Before the first date the first version serves, because a post is
    /// never left lying; the decision names the version. Nothing while no version is known.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<Arc<Assessor>> {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner);
        let in_force = versions.iter().filter(|version| version.effective_from <= day);
        let chosen = in_force.max_by_key(|version| version.effective_from);
        chosen.or_else(|| versions.iter().min_by_key(|version| version.effective_from)).map(|v| v.assessor.clone())
    }

    /// Adds a published version. Blocks for some tens of milliseconds. Adding one again changes nothing.
    ///
    /// # Errors
    /// [`IngestError::Assessor`] when the record is damaged or its files have faults.
    pub fn add(&self, record: &CatalogueVersion) -> Result<(), IngestError> {
        let fault = |reason: String| IngestError::Assessor { version: record.version.clone(), reason };
        let effective_from: Date =
            record.effective_from.parse().map_err(|_| fault("effective_from is not a date".to_owned()))?;
        if self.has(effective_from, &record.digest) {
            return Ok(());
        }
        let mut files = BTreeMap::new();
        for file in &record.files {
            let mut content = Vec::new();
            let unpacked = GzDecoder::new(file.content.as_slice()).take(FILE_BYTES_MAX).read_to_end(&mut content);
            unpacked.map_err(|error| fault(format!("{}: {error}", file.name)))?;
            files.insert(file.name.clone(), content);
        }
        let catalogue = Catalogue::from_files(&files)
            .map_err(|faults| fault(faults.first().map_or_else(|| "faults".to_owned(), ToString::to_string)))?;
        if catalogue.digest() != record.digest {
            return Err(fault("the files do not have the digest of the record".to_owned()));
        }
        self.add_catalogue(effective_from, Arc::new(catalogue));
        Ok(())
    }

    /// Adds a catalogue that did not come over the log.
    pub fn add_catalogue(&self, effective_from: Date, catalogue: Arc<Catalogue>) {
        let assessor = Arc::new(Assessor::with_model(catalogue, self.model.clone()));
        let mut versions = self.versions.write().unwrap_or_else(PoisonError::into_inner);
        versions.push(Version { effective_from, assessor });
    }

    /// Says that every version published so far has been added: assessing may begin, once there is any.
    pub fn set_complete(&self) {
        let any = !self.versions.read().unwrap_or_else(PoisonError::into_inner).is_empty();
        self.complete.send_if_modified(|complete| any && !std::mem::replace(complete, true));
    }

    /// Whether [`Assessors::set_complete`] was called with at least one version; for `/readyz`.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        *self.complete.borrow()
    }

    /// Waits for [`Assessors::is_complete`].
    pub async fn completed(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.complete.subscribe().wait_for(|complete| *complete).await;
    }

    fn has(&self, effective_from: Date, digest: &str) -> bool {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner);
        versions
            .iter()
            .any(|version| version.effective_from == effective_from && version.assessor.catalogue().digest() == digest)
    }
}
