//! What only the embedded provider promises: retention by age and bytes, a disk that fails, callers that vanish.

use std::fs::{File, OpenOptions};
use std::future::Future;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::task::{Context, Waker};
use std::time::Duration;

use bytes::Bytes;
use redb::backends::FileBackend;
use redb::{BackendError, Database, StorageBackend};

use super::*;
use crate::{Incoming, POSTS, Retention, TopicOptions};

const WAIT: Duration = Duration::from_secs(30);

fn options(directory: &Path, retention: Retention) -> EmbeddedOptions {
    let mut options = EmbeddedOptions::new(directory);
    options.topics.usual = TopicOptions { partitions: 1, retention };
    options
}

fn record(payload: &str) -> Outgoing {
    let payload = Bytes::copy_from_slice(payload.as_bytes());
    Outgoing { key: Bytes::new(), payload, headers: Vec::new(), at_ms: 0 }
}

async fn read(log: &EmbeddedLog) -> Vec<Incoming> {
    let mut subscription = log.subscribe(&POSTS, "reader").await.unwrap();
    let mut records = Vec::new();
    while let Some(batch) = subscription.next(1000, Duration::ZERO).await.unwrap() {
        records.extend(batch.records);
    }
    records
}

async fn kept(log: &EmbeddedLog) -> (i64, i64) {
    let end = log.ends(&POSTS).await.unwrap()[0];
    (end.earliest, end.next)
}

#[tokio::test]
async fn retention_by_age_counts_from_the_append() {
    let directory = tempfile::tempdir().unwrap();
    let age = |age_ms| Retention { age_ms: Some(age_ms), bytes_max: None };
    let log = EmbeddedLog::open(options(directory.path(), age(1000))).unwrap();
    // (time, appended before the call, oldest kept after it)
    let table = [
        (10_000, 3, 0),
        (10_500, 3, 0),
        (10_999, 0, 0),
        (11_000, 0, 3),
        (11_001, 1, 3),
        (10_000, 0, 3),
        (11_499, 0, 3),
        (11_500, 0, 6),
        (12_000, 0, 6),
        (12_001, 0, 7),
        (99_999, 0, 7),
    ];
    for (now_ms, append, earliest) in table {
        log.append(&POSTS, (0..append).map(|_| record("x")).collect()).await.unwrap();
        log.expire(now_ms).await.unwrap();
        assert_eq!(kept(&log).await.0, earliest, "at {now_ms}");
    }
    assert_eq!(kept(&log).await, (7, 7));
    log.append(&POSTS, vec![record("later")]).await.unwrap();
    assert_eq!(read(&log).await[0].offset, 7);
}

#[tokio::test]
async fn retention_by_bytes_removes_the_oldest() {
    let directory = tempfile::tempdir().unwrap();
    // A stored record is 15 bytes and its payload, 100 in all.
    let retention = Retention { age_ms: None, bytes_max: Some(1050) };
    let log = EmbeddedLog::open(options(directory.path(), retention)).unwrap();
    log.append(&POSTS, vec![record(&"x".repeat(85)); 10]).await.unwrap();
    assert_eq!(log.expire(0).await.unwrap(), Expired::default());
    let mut slow = log.subscribe(&POSTS, "slow").await.unwrap();
    slow.commit(0, 2).await.unwrap();
    log.append(&POSTS, vec![record(&"x".repeat(85)); 5]).await.unwrap();
    assert_eq!(log.expire(0).await.unwrap(), Expired { records: 5, bytes: 500, unread: 3 });
    assert_eq!(kept(&log).await, (5, 15));
    assert_eq!(log.expire(0).await.unwrap(), Expired::default());
}

#[tokio::test]
async fn nothing_is_removed_that_is_to_be_kept_for_ever() {
    let directory = tempfile::tempdir().unwrap();
    let log = EmbeddedLog::open(options(directory.path(), Retention::FOREVER)).unwrap();
    log.append(&POSTS, vec![record("x")]).await.unwrap();
    for now_ms in [0, i64::MAX] {
        assert_eq!(log.expire(now_ms).await.unwrap(), Expired::default());
    }
}

#[tokio::test]
async fn many_records_are_removed_in_steps() {
    let directory = tempfile::tempdir().unwrap();
    let log = EmbeddedLog::open(options(directory.path(), Retention { age_ms: Some(1), bytes_max: None })).unwrap();
    for _ in 0..3 {
        log.append(&POSTS, vec![record("x"); 9_000]).await.unwrap();
    }
    log.expire(0).await.unwrap();
    assert_eq!(log.expire(1).await.unwrap().records, 27_000);
    assert_eq!(kept(&log).await, (27_000, 27_000));
}

#[tokio::test]
async fn a_caller_that_vanishes_takes_nothing_from_the_others() {
    let directory = tempfile::tempdir().unwrap();
    let log = EmbeddedLog::open(options(directory.path(), Retention::FOREVER)).unwrap();
    log.ends(&POSTS).await.unwrap();
    for round in 0..50 {
        // Polled once, the first caller starts the writing; then it is dropped.
        let mut first = Box::pin(log.append(&POSTS, vec![record("first")]));
        let mut second = Box::pin(log.append(&POSTS, vec![record("second")]));
        let mut context = Context::from_waker(Waker::noop());
        let _ = first.as_mut().poll(&mut context);
        let _ = second.as_mut().poll(&mut context);
        drop(first);
        tokio::time::timeout(WAIT, second).await.expect("the second is answered").unwrap();
        assert!(kept(&log).await.1 > round);
    }
    let seconds = read(&log).await.iter().filter(|record| record.payload == "second").count();
    assert_eq!(seconds, 50);
}

#[tokio::test]
async fn a_closed_log_says_so_and_opens_again() {
    let directory = tempfile::tempdir().unwrap();
    let log = EmbeddedLog::open(options(directory.path(), Retention::FOREVER)).unwrap();
    log.append(&POSTS, vec![record("x")]).await.unwrap();
    let mut subscription = log.subscribe(&POSTS, "g").await.unwrap();
    let clone = log.clone();
    log.close().await.unwrap();
    assert!(matches!(clone.append(&POSTS, vec![record("y")]).await, Err(LogError::Closed)));
    assert!(matches!(clone.ready().await, Err(LogError::Closed)));
    assert!(matches!(subscription.next(1, WAIT).await, Err(LogError::Closed)));
    let again = EmbeddedLog::open(options(directory.path(), Retention::FOREVER)).unwrap();
    assert_eq!(read(&again).await.len(), 1);
}

#[tokio::test]
async fn a_directory_that_cannot_be_used() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    std::fs::write(&path, "not a directory").unwrap();
    let error = EmbeddedLog::open(EmbeddedOptions::new(&path)).unwrap_err();
    assert!(matches!(error, LogError::Directory { .. }), "{error:?}");
    std::fs::write(directory.path().join("log.redb"), [7; 4096]).unwrap();
    let error = EmbeddedLog::open(EmbeddedOptions::new(directory.path())).unwrap_err();
    assert!(!matches!(error, LogError::Closed), "{error:?}");
}

/// Which call of the disk fails, counted down; at 0 that call and all after it fail until repaired.
#[derive(Debug, Default)]
struct Fault {
    after: AtomicU64,
    armed: AtomicBool,
    persist: AtomicBool,
}

impl Fault {
    fn arm(&self, after: u64, persist: bool) {
        self.after.store(after, Ordering::SeqCst);
        self.persist.store(persist, Ordering::SeqCst);
        self.armed.store(true, Ordering::SeqCst);
    }

    fn repair(&self) {
        self.armed.store(false, Ordering::SeqCst);
    }

    /// What a write does now: work, fail, or work and report a failure.
    fn strike(&self, work: impl Fn() -> io::Result<()>) -> io::Result<()> {
        let count = |left: u64| left.checked_sub(1);
        if !self.armed.load(Ordering::SeqCst)
            || self.after.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count).is_ok()
        {
            return work();
        }
        if self.persist.load(Ordering::SeqCst) {
            work()?;
        }
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[derive(Debug)]
struct FaultyFile {
    file: FileBackend,
    fault: Arc<Fault>,
}

impl StorageBackend for FaultyFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.fault.strike(|| self.file.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.fault.strike(|| self.file.sync_data())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.fault.strike(|| self.file.write(offset, data))
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }
}

/// Each call of the disk during an append fails once, with and without having done its work: the append says that the
/// disk is full, what was acknowledged before is there, and appending goes on after space was made.
#[tokio::test]
async fn every_write_that_fails() {
    for (after, persist) in (0..16).flat_map(|after| [(after, false), (after, true)]) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log.redb");
        let fault = Arc::new(Fault::default());
        let opener_fault = fault.clone();
        let file = LogFile::with_opener(
            directory.path(),
            Box::new(move || {
                let file: File = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
                let backend = FaultyFile { file: FileBackend::new(file)?, fault: opener_fault.clone() };
                Database::builder().create_with_backend(backend)
            }),
        );
        let options = options(directory.path(), Retention::FOREVER);
        let log = EmbeddedLog::with_file(options, file.unwrap()).unwrap();
        log.append(&POSTS, vec![record("before")]).await.unwrap();

        fault.arm(after, persist);
        let big = "x".repeat(100_000);
        let mut failed = 0;
        for _ in 0..4 {
            match log.append(&POSTS, vec![record(&big); 5]).await {
                Ok(()) => {}
                Err(error) => {
                    assert!(error.is_retryable(), "{error:?} at {after}");
                    failed += 1;
                }
            }
        }
        assert!(failed > 0, "call {after} of the disk was never made");
        fault.repair();
        // The call that finds the log failed reports it once; the next opens it.
        if log.append(&POSTS, vec![record("after")]).await.is_err() {
            log.append(&POSTS, vec![record("after")]).await.unwrap();
        }
        let read = read(&log).await;
        assert_eq!(read[0].payload, "before", "at {after}, persist {persist}");
        assert!(read.iter().any(|record| record.payload == "after"));
        assert!(read.iter().map(|record| record.offset).eq(0..i64::try_from(read.len()).unwrap()));
    }
}
