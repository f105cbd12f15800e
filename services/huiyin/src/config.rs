//! Configuration: a TOML file, or the defaults of an embedded node in one directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use huiyin_domain::DeadlineRules;
use serde::Deserialize;

/// Where a node's data is: every command that touches one takes these.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct NodeArgs {
    /// Directory of an embedded node, running or stopped
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    pub(crate) data: Option<PathBuf>,
    /// Configuration file of the node
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// A node's configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Address of the API and the page.
    pub(crate) listen: String,
    /// Directory of the node's files.
    pub(crate) data: PathBuf,
    pub(crate) log: LogConfig,
    pub(crate) store: StoreConfig,
    pub(crate) catalogue: CatalogueConfig,
    pub(crate) assess: AssessConfig,
    pub(crate) feed: Vec<FeedConfig>,
    pub(crate) external: ExternalConfig,
    pub(crate) deadlines: DeadlineRules,
    /// Rejections after which only a leader may assign.
    pub(crate) bounces_max: u32,
    pub(crate) session: SessionConfig,
    pub(crate) alerts: AlertsConfig,
    pub(crate) undo: UndoConfig,
}

/// Which log, and how it is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LogConfig {
    pub(crate) kind: LogKind,
    /// Kafka: `host:port,host:port`.
    pub(crate) brokers: String,
    pub(crate) partitions: u32,
    pub(crate) replication: u16,
    pub(crate) retention_days: u32,
    /// Kafka: further settings of librdkafka, such as `security.protocol`.
    pub(crate) kafka: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogKind {
    Embedded,
    Kafka,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StoreConfig {
    /// `postgres://…`; empty for SQLite in the data directory.
    pub(crate) url: String,
    pub(crate) connections_max: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CatalogueConfig {
    /// Adopted at start when the installation has none yet.
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AssessConfig {
    /// Threads that assess.
    pub(crate) workers: usize,
    /// File of the trained model; without one the catalogue's terms alone decide.
    pub(crate) model: Option<PathBuf>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedConfig {
    pub(crate) source: String,
    pub(crate) url: String,
    #[serde(default = "five_minutes")]
    pub(crate) every_seconds: u64,
    #[serde(default)]
    pub(crate) default_place: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ExternalConfig {
    pub(crate) enabled: bool,
    pub(crate) topic: String,
    pub(crate) source: String,
    pub(crate) default_place: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SessionConfig {
    pub(crate) hours: u32,
    pub(crate) cookie_secure: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UndoConfig {
    /// Seconds within which an action may be taken back, and for which nothing of it goes out; 0 switches it off.
    pub(crate) seconds: u32,
}

/// Messages to units and groups.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AlertsConfig {
    /// Address of the console as its users write it, for links in messages; empty for messages without.
    pub(crate) console_url: String,
    /// Channels may lead to this machine itself: for tests and the demo only.
    pub(crate) allow_loopback: bool,
}

fn five_minutes() -> u64 {
    300
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: "127.0.0.1:8460".into(),
            data: PathBuf::from(".data/node"),
            log: LogConfig::default(),
            store: StoreConfig::default(),
            catalogue: CatalogueConfig::default(),
            assess: AssessConfig::default(),
            feed: Vec::new(),
            external: ExternalConfig::default(),
            deadlines: DeadlineRules::default(),
            bounces_max: 2,
            session: SessionConfig::default(),
            alerts: AlertsConfig::default(),
            undo: UndoConfig::default(),
        }
    }
}

impl Default for LogConfig {
    fn default() -> LogConfig {
        LogConfig {
            kind: LogKind::Embedded,
            brokers: String::new(),
            partitions: 4,
            replication: 1,
            retention_days: 30,
            kafka: BTreeMap::new(),
        }
    }
}

impl Default for StoreConfig {
    fn default() -> StoreConfig {
        StoreConfig { url: String::new(), connections_max: 8 }
    }
}

impl Default for AssessConfig {
    fn default() -> AssessConfig {
        AssessConfig { workers: std::thread::available_parallelism().map_or(1, usize::from).min(8), model: None }
    }
}

impl Default for ExternalConfig {
    fn default() -> ExternalConfig {
        ExternalConfig {
            enabled: false,
            topic: "external".into(),
            source: "external".into(),
            default_place: String::new(),
        }
    }
}

impl Default for SessionConfig {
    fn default() -> SessionConfig {
        SessionConfig { hours: 12, cookie_secure: false }
    }
}

impl Default for UndoConfig {
    fn default() -> UndoConfig {
        UndoConfig { seconds: 10 }
    }
}

impl Config {
    /// The configuration a command's arguments name.
    ///
    /// # Errors
    /// Names the file, the line and the field, and what is allowed there.
    pub(crate) fn load(args: &NodeArgs) -> anyhow::Result<Config> {
        let mut config = match (&args.config, &args.data) {
            (Some(file), _) => Config::read(file)?,
            (None, Some(data)) => Config { data: data.clone(), ..Config::default() },
            (None, None) => bail!("say which node: --data DIR (an embedded node's directory) or --config FILE"),
        };
        config.data = std::path::absolute(&config.data)
            .with_context(|| format!("data: {} is no usable path", config.data.display()))?;
        config.check()?;
        Ok(config)
    }

    fn read(file: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{}: cannot be read; --config takes a TOML file", file.display()))?;
        toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.log.kind == LogKind::Kafka && self.log.brokers.is_empty() {
            bail!("log.brokers: empty; Kafka needs at least one host:port");
        }
        if !(1..=30).contains(&self.log.retention_days) {
            bail!("log.retention_days: {} is not within 1 to 30", self.log.retention_days);
        }
        if !(1..=256).contains(&self.log.partitions) {
            bail!("log.partitions: {} is not within 1 to 256", self.log.partitions);
        }
        if !(1..=64).contains(&self.assess.workers) {
            bail!("assess.workers: {} is not within 1 to 64", self.assess.workers);
        }
        if !self.deadlines.office_hours.are_valid() {
            bail!("deadlines.office_hours: spans must be in order, not empty and not overlapping");
        }
        if self.undo.seconds > 600 {
            bail!("undo.seconds: {} is over 600; alerts wait for as long", self.undo.seconds);
        }
        for feed in &self.feed {
            if feed.every_seconds < 30 {
                bail!("feed.every_seconds: {} of {} is under 30", feed.every_seconds, feed.source);
            }
        }
        let console = &self.alerts.console_url;
        if !console.is_empty() && !["http://", "https://"].iter().any(|scheme| console.starts_with(scheme)) {
            bail!("alerts.console_url: \"{console}\" does not begin with http:// or https://");
        }
        if self.external.enabled && self.log.kind != LogKind::Kafka {
            bail!("external.enabled: outside programs write to a Kafka topic; set log.kind = \"kafka\"");
        }
        Ok(())
    }

    /// URL of the database.
    pub(crate) fn store_url(&self) -> String {
        if self.store.url.is_empty() {
            format!("sqlite://{}", self.data.join("huiyin.db").display())
        } else {
            self.store.url.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(toml: &str) -> String {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("config.toml");
        std::fs::write(&file, toml).unwrap();
        let args = NodeArgs { data: None, config: Some(file) };
        format!("{:#}", Config::load(&args).unwrap_err())
    }

    #[test]
    fn faults_name_the_field() {
        for (toml, words) in [
            ("lisen = \"x\"", "lisen"),
            ("[log]\nkind = \"kafka\"", "log.brokers"),
            ("[log]\nkind = \"rabbit\"", "kind"),
            ("[log]\nretention_days = 90", "log.retention_days"),
            ("[undo]\nseconds = 6000", "undo.seconds"),
            ("[external]\nenabled = true", "external.enabled"),
            ("[[feed]]\nsource = \"a\"\nurl = \"http://x\"\nevery_seconds = 1", "feed.every_seconds"),
            ("[deadlines]\noffice_hours = []", "deadlines.office_hours"),
            ("[alerts]\nconsole_url = \"10.0.0.8\"", "alerts.console_url"),
        ] {
            let message = fault(toml);
            assert!(message.contains(words), "{toml}: {message}");
        }
    }

    #[test]
    fn a_node_must_be_named() {
        assert!(Config::load(&NodeArgs::default()).unwrap_err().to_string().contains("--data"));
    }
}
