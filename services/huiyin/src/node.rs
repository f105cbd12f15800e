//! A node's parts, opened by its configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use huiyin_domain::matter::Policy;
use huiyin_domain::{Calendar, Clock};
use huiyin_ledger::Ledger;
use huiyin_store::{CatalogueRow, Store, StoreOptions};
use huiyin_stream::{
    EmbeddedLog, EmbeddedOptions, KafkaLog, KafkaOptions, Log, Retention, Topic, TopicOptions, TopicPlan,
};

use crate::catalogue;
use crate::clock::SystemEntropy;
use crate::config::{Config, LogKind};

const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// The log of a node; the embedded one can also be expired.
pub(crate) struct OpenLog {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) embedded: Option<EmbeddedLog>,
}

/// Opens the node's log.
///
/// # Errors
/// Says which part cannot be opened, why, and what to do.
pub(crate) async fn open_log(config: &Config) -> anyhow::Result<OpenLog> {
    let partitions = i32::try_from(config.log.partitions).unwrap_or(4);
    let retention = Retention { age_ms: Some(i64::from(config.log.retention_days) * DAY_MS), bytes_max: None };
    let mut topics = TopicPlan { usual: TopicOptions { partitions, retention }, ..TopicPlan::default() };
    if config.external.enabled {
        // What outside programs write is not masked yet: it is kept for hours only.
        let retention = Retention { age_ms: Some(DAY_MS / 4), bytes_max: None };
        topics.exceptions.insert(external_topic(config)?, TopicOptions { partitions, retention });
    }
    match config.log.kind {
        LogKind::Embedded => {
            let options = EmbeddedOptions { topics, ..EmbeddedOptions::new(config.data.join("log")) };
            // Opening may check the file after a crash: off the async threads.
            let log = tokio::task::spawn_blocking(move || EmbeddedLog::open(options)).await??;
            Ok(OpenLog { log: Arc::new(log.clone()), embedded: Some(log) })
        }
        LogKind::Kafka => {
            let options = KafkaOptions {
                topics,
                replication: Some(i32::from(config.log.replication)),
                extra: config.log.kafka.clone(),
                ..KafkaOptions::new(&config.log.brokers)
            };
            let log = KafkaLog::connect(options).await.context("log.brokers: the brokers do not answer")?;
            Ok(OpenLog { log: Arc::new(log), embedded: None })
        }
    }
}

/// The topic outside programs write.
pub(crate) fn external_topic(config: &Config) -> anyhow::Result<Topic> {
    Topic::parse(&config.external.topic).context("external.topic")
}

/// Opens the node's database.
///
/// # Errors
/// Says which database cannot be opened, why, and what to do.
pub(crate) async fn open_store(config: &Config) -> anyhow::Result<Store> {
    make_directory(&config.data)?;
    let options = StoreOptions { url: config.store_url(), connections_max: config.store.connections_max };
    let what = if config.store.url.is_empty() { "the database in the data directory" } else { "store.url" };
    Store::open(options).await.with_context(|| format!("{what} cannot be opened"))
}

/// The ledger over the node's database.
pub(crate) fn ledger(config: &Config, store: Store, clock: Arc<dyn Clock>) -> Ledger {
    let policy = Policy {
        deadlines: config.deadlines.clone(),
        calendar: Calendar::shipped(),
        bounces_max: config.bounces_max,
        undo_seconds: config.undo.seconds,
    };
    Ledger::new(store, clock, Arc::new(SystemEntropy), policy)
}

/// Makes a data directory, readable by its owner alone.
///
/// # Errors
/// Says which directory, and what to do.
pub(crate) fn make_directory(directory: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).with_context(|| {
        format!("data: {} cannot be made; choose a directory this user may write", directory.display())
    })
}

/// Adopts the configured catalogue when the installation has none; true when there is one now.
///
/// # Errors
/// Names the faults of the catalogue, or what failed.
pub(crate) async fn adopt_first(
    config: &Config,
    log: &dyn Log,
    store: &Store,
    clock: &dyn Clock,
) -> anyhow::Result<bool> {
    if !store.catalogues().await?.is_empty() {
        return Ok(true);
    }
    let Some(directory) = &config.catalogue.directory else { return Ok(false) };
    adopt(directory, None, log, store, clock).await?;
    Ok(true)
}

/// Puts a catalogue in force: on the log for `assess`, and in the database for looking back.
///
/// # Errors
/// Names the faults of the catalogue, or what failed.
pub(crate) async fn adopt(
    directory: &Path,
    from: Option<jiff::civil::Date>,
    log: &dyn Log,
    store: &Store,
    clock: &dyn Clock,
) -> anyhow::Result<huiyin_ingest::Published> {
    let files = catalogue::read_files(directory)?;
    let now = clock.now();
    let published = huiyin_ingest::publish_catalogue(log, &files, from, now).await.with_context(|| {
        format!("{} cannot be adopted; `huiyin catalogue check` lists its faults", directory.display())
    })?;
    let row = CatalogueRow {
        version: published.version.to_string(),
        effective_from: published.effective_from.to_string(),
        digest: published.digest.clone(),
        adopted_at: now,
        files: catalogue::pack(&files)?,
    };
    if !store.put_catalogue(&row).await? {
        let kept = store.catalogues().await?.into_iter().find(|kept| kept.version == row.version);
        if kept.is_some_and(|kept| kept.digest != row.digest) {
            anyhow::bail!(
                "catalogue {}: another catalogue of this version was adopted before; give it a new version in catalogue.toml",
                row.version
            );
        }
    }
    Ok(published)
}

/// File that says where a running node answers.
pub(crate) fn node_file(data: &Path) -> PathBuf {
    data.join("node.json")
}
