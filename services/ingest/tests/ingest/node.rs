//! A log in a temporary directory, with everything that works on it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use huiyin_domain::ManualClock;
use huiyin_ingest::{Collector, HealthSink, PlaceCheck, RawPost, Reception, SourceHealth};
use huiyin_proto::Message;
use huiyin_stream::{EmbeddedLog, EmbeddedOptions, Incoming, Log, Topic};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Invented personal data that must never reach the log.
pub(crate) const SECRETS: [&str; 3] = ["13907915512", "360102198803157711", "0791-86123457"];

pub(crate) struct Node {
    pub(crate) directory: TempDir,
    pub(crate) log: Arc<dyn Log>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) collector: Arc<Collector>,
}

impl Node {
    pub(crate) fn new() -> Node {
        Node::knowing(None)
    }

    pub(crate) fn knowing(places: Option<PlaceCheck>) -> Node {
        let directory = tempfile::tempdir().unwrap();
        let log: Arc<dyn Log> = Arc::new(EmbeddedLog::open(EmbeddedOptions::new(directory.path())).unwrap());
        let clock = Arc::new(ManualClock::new("2026-03-10T08:00:00Z".parse().unwrap()));
        let collector = Arc::new(Collector::new(log.clone(), clock.clone(), places, 2));
        Node { directory, log, clock, collector }
    }

    /// Every record of a topic, by partition and offset.
    pub(crate) async fn records(&self, topic: &Topic) -> Vec<Incoming> {
        let ends = self.log.ends(topic).await.unwrap();
        let count = usize::try_from(ends.iter().map(|end| end.next - end.earliest).sum::<i64>()).unwrap();
        self.first_records(topic, count, "reader").await
    }

    /// Waits for `count` records of a topic and returns them by partition and offset.
    pub(crate) async fn first_records(&self, topic: &Topic, count: usize, group: &str) -> Vec<Incoming> {
        let mut subscription = self.log.subscribe(topic, group).await.unwrap();
        let mut records = Vec::new();
        while records.len() < count {
            let batch = subscription.next(1_000, Duration::from_secs(60)).await.unwrap();
            records.extend(batch.unwrap_or_else(|| panic!("only {} of {count} in {topic}", records.len())).records);
        }
        records.sort_by_key(|record| (record.partition, record.offset));
        records
    }

    pub(crate) async fn decoded<M: Message + Default>(&self, topic: &Topic) -> Vec<M> {
        self.records(topic).await.into_iter().map(|record| M::decode(record.payload).unwrap()).collect()
    }

    /// Nothing of [`SECRETS`] is in any file of the log.
    pub(crate) fn assert_masked(&self) {
        let files = files_of(self.directory.path());
        assert!(!files.is_empty());
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            for secret in SECRETS {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} in {}", file.display());
            }
        }
    }
}

fn files_of(directory: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_of(&path) } else { vec![path] }).collect()
}

pub(crate) fn reception(source: &str) -> Reception {
    Reception {
        received_at: "2026-03-10T08:00:00Z".parse().unwrap(),
        source: source.to_owned(),
        source_fixed: false,
        default_place: String::new(),
        backfill: false,
    }
}

pub(crate) fn raw(id: &str, text: &str) -> RawPost {
    RawPost { id: id.to_owned(), text: text.to_owned(), ..RawPost::default() }
}

/// Keeps reports, and cancels once it has `until` of them.
pub(crate) struct Reports {
    pub(crate) kept: Mutex<Vec<SourceHealth>>,
    until: usize,
    cancel: CancellationToken,
}

impl Reports {
    pub(crate) fn until(until: usize, cancel: &CancellationToken) -> Arc<Reports> {
        Arc::new(Reports { kept: Mutex::default(), until, cancel: cancel.clone() })
    }
}

#[async_trait]
impl HealthSink for Reports {
    async fn report(&self, health: SourceHealth) {
        let mut kept = self.kept.lock().unwrap();
        kept.push(health);
        if kept.len() >= self.until {
            self.cancel.cancel();
        }
    }
}
