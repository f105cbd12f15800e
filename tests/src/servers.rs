//! PostgreSQL and Kafka, where the run of the tests has them.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::Program;
use crate::program::workspace;

/// Whether this run has a PostgreSQL server; prints why a test is skipped when not.
#[must_use]
pub fn postgres_available() -> bool {
    available("HUIYIN_TEST_POSTGRES")
}

/// Whether this run may start Kafka brokers; prints why a test is skipped when not.
#[must_use]
pub fn kafka_available() -> bool {
    available("HUIYIN_TEST_KAFKA")
}

fn available(variable: &str) -> bool {
    let set = std::env::var_os(variable).is_some();
    if !set {
        println!("skipped: {variable} is not set; tests/run sets it");
    }
    set
}

/// Makes an empty database on the server of `HUIYIN_TEST_POSTGRES` and gives its URL.
///
/// # Errors
/// The variable is not set, or the server refuses.
pub async fn database(name: &str) -> Result<String> {
    let server = std::env::var("HUIYIN_TEST_POSTGRES").context("HUIYIN_TEST_POSTGRES is not set")?;
    let name = format!("{name}_{}", std::process::id());
    let arguments = [server.as_str(), "--quiet", "--no-psqlrc", "--command", &format!("create database {name}")];
    Program::new("psql".as_ref(), arguments).succeed().await?;
    let (base, _) = server.rsplit_once('/').context("HUIYIN_TEST_POSTGRES names no database")?;
    Ok(format!("{base}/{name}"))
}

/// A Kafka broker of one test: the topics have fixed names, so tests cannot share one.
#[derive(Debug)]
pub struct Broker {
    directory: TempDir,
    /// Where it answers, `host:port`.
    pub address: String,
}

impl Broker {
    /// Starts one and waits until it answers.
    ///
    /// # Errors
    /// It does not come up.
    pub async fn start() -> Result<Broker> {
        let directory = tempfile::tempdir()?;
        let script = workspace().join("tests/kafka/start");
        // To a file: the broker keeps a pipe of its starter's open for as long as it lives.
        let said = directory.path().join("start.log");
        let status = Program::new(script.as_os_str(), [directory.path()]).start(&said)?.wait().await?;
        let said = std::fs::read_to_string(&said)?;
        ensure!(status.success(), "tests/kafka/start: {said}");
        let address = said.lines().last().context("tests/kafka/start named no address")?.to_owned();
        Ok(Broker { directory, address })
    }

    /// Writes records to a topic with kcat, each line one.
    ///
    /// # Errors
    /// kcat failed.
    pub async fn produce(&self, topic: &str, lines: &[u8]) -> Result<()> {
        let arguments = ["-P", "-b", &self.address, "-t", topic];
        Program::new("kcat".as_ref(), arguments).input(lines).succeed().await.map(drop)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let script: PathBuf = workspace().join("tests/kafka/stop");
        let _ = std::process::Command::new(script).arg(self.directory.path()).arg("--kill").status();
    }
}
