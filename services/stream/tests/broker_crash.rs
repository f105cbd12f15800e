//! A broker that is killed and comes back: clear errors in bounded time, then everything goes on by itself.
//!
//! Runs where the conformance suite runs on Kafka (`HUIYIN_TEST_KAFKA` is set), on a broker of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use huiyin_stream::{KafkaLog, KafkaOptions, Log, LogError, Outgoing, POSTS, Subscription};
use tempfile::TempDir;

/// Longest single wait; a broker that starts again needs a few seconds until it leads its partitions.
const WAIT: Duration = Duration::from_secs(2);
const TRIES_MAX: u32 = 60;

struct Broker {
    directory: TempDir,
}

impl Broker {
    fn start(&self) -> Result<String> {
        let output = Command::new(script("start")).arg(self.directory.path()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        Ok(text.lines().last().context("an address")?.to_owned())
    }

    fn kill(&self) -> Result<()> {
        let status = Command::new(script("stop")).arg(self.directory.path()).arg("--kill").status()?;
        ensure!(status.success());
        Ok(())
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // Nothing can be done about a broker that does not end; its directory goes with the test.
        let _ = self.kill();
    }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/kafka").join(name)
}

fn records(from: u32, count: u32) -> Vec<Outgoing> {
    let record = |number: u32| Outgoing {
        key: Bytes::from(format!("key{}", number % 7)),
        payload: Bytes::from(number.to_string()),
        headers: Vec::new(),
        at_ms: 0,
    };
    (from..from + count).map(record).collect()
}

/// Read into `seen` until `wanted` is there; errors must be retryable ones.
async fn read(subscription: &mut dyn Subscription, seen: &mut Vec<u32>, wanted: &[u32]) -> Result<()> {
    for _ in 0..TRIES_MAX {
        if wanted.iter().all(|number| seen.contains(number)) {
            return Ok(());
        }
        match subscription.next(50, WAIT).await {
            Ok(None) => {}
            Ok(Some(batch)) => {
                for record in &batch.records {
                    seen.push(std::str::from_utf8(&record.payload)?.parse()?);
                }
            }
            Err(error) => ensure!(error.is_retryable(), "{error:?}"),
        }
    }
    anyhow::bail!("{} of {} came", seen.len(), wanted.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_crashes_and_comes_back() -> Result<()> {
    if std::env::var("HUIYIN_TEST_KAFKA").unwrap_or_default().is_empty() {
        eprintln!("skipped: HUIYIN_TEST_KAFKA is not set");
        return Ok(());
    }
    let broker = Broker { directory: tempfile::tempdir()? };
    let mut options = KafkaOptions::new(broker.start()?);
    options.append_timeout_ms = 2_000;
    options.request_timeout_ms = 2_000;
    options.session_timeout_ms = 6_000;
    let log = KafkaLog::connect(options).await?;
    log.append(&POSTS, records(0, 100)).await?;
    let mut subscription = log.subscribe(&POSTS, "g").await?;
    let mut seen = Vec::new();
    let acknowledged: Vec<u32> = (0..100).collect();
    read(&mut *subscription, &mut seen, &acknowledged).await?;

    broker.kill()?;
    for error in [log.ready().await.err(), log.append(&POSTS, records(1000, 10)).await.err()] {
        ensure!(matches!(&error, Some(LogError::Unavailable { .. })), "{error:?}");
        ensure!(error.is_some_and(|error| error.is_retryable()));
    }
    match subscription.next(10, WAIT).await {
        Ok(None) => {}
        Ok(Some(batch)) => anyhow::bail!("{batch:?} from nowhere"),
        Err(error) => ensure!(error.is_retryable(), "{error:?}"),
    }

    broker.start()?;
    let mut tries = 0;
    while let Err(error) = log.append(&POSTS, records(100, 100)).await {
        ensure!(error.is_retryable(), "{error:?}");
        tries += 1;
        ensure!(tries < TRIES_MAX, "{error:?}");
    }
    log.ready().await?;
    let acknowledged: Vec<u32> = (0..200).collect();
    read(&mut *subscription, &mut seen, &acknowledged).await?;

    // And from the beginning, for a group that never saw the crash.
    let mut later = Vec::new();
    read(&mut *log.subscribe(&POSTS, "later").await?, &mut later, &acknowledged).await
}
