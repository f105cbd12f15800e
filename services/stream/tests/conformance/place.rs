//! Where a log lives during a test, and how it is opened.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use huiyin_stream::{
    EmbeddedLog, EmbeddedOptions, KafkaLog, KafkaOptions, Limits, Log, LogError, Retention, Topic, TopicOptions,
    TopicPlan,
};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tempfile::TempDir;

/// A directory or a broker; logs opened on it one after the other see the same records.
pub(crate) enum Place {
    Embedded(TempDir),
    Kafka(String),
}

/// What the cases vary.
#[derive(Clone, Copy)]
pub(crate) struct Tuning {
    pub(crate) partitions: i32,
    pub(crate) limits: Limits,
}

impl Default for Tuning {
    fn default() -> Tuning {
        Tuning { partitions: 4, limits: Limits::default() }
    }
}

impl Tuning {
    pub(crate) fn partitions(partitions: i32) -> Tuning {
        Tuning { partitions, ..Tuning::default() }
    }

    fn plan(self) -> TopicPlan {
        let usual =
            TopicOptions { partitions: self.partitions, retention: Retention { age_ms: Some(1000), bytes_max: None } };
        // Kafka's own retention must not interfere: the cases remove records themselves.
        TopicPlan { usual, ..TopicPlan::default() }
    }
}

impl Place {
    pub(crate) fn embedded() -> Result<Option<Place>> {
        Ok(Some(Place::Embedded(tempfile::tempdir()?)))
    }

    pub(crate) fn kafka() -> Result<Option<Place>> {
        match std::env::var("HUIYIN_TEST_KAFKA") {
            Ok(brokers) if !brokers.is_empty() => Ok(Some(Place::Kafka(brokers))),
            _ => {
                eprintln!("skipped: HUIYIN_TEST_KAFKA=host:port names no broker (tests/kafka/start DIR starts one)");
                Ok(None)
            }
        }
    }

    /// A topic that no other test and no earlier run uses.
    pub(crate) fn topic(&self, case: &str) -> Result<Topic> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let run = std::process::id() ^ std::time::UNIX_EPOCH.elapsed()?.subsec_nanos();
        Ok(Topic::parse(&format!("test.{case}.{run:08x}.{count}"))?)
    }

    pub(crate) async fn open(&self, tuning: Tuning) -> Result<Opened, LogError> {
        match self {
            Place::Embedded(directory) => {
                let mut options = EmbeddedOptions::new(directory.path());
                options.topics = tuning.plan();
                options.limits = tuning.limits;
                Ok(Opened::Embedded(EmbeddedLog::open(options)?))
            }
            Place::Kafka(brokers) => {
                let mut options = KafkaOptions::new(brokers);
                options.topics = tuning.plan();
                options.topics.usual.retention = Retention::FOREVER;
                options.limits = tuning.limits;
                options.session_timeout_ms = 6_000;
                Ok(Opened::Kafka(KafkaLog::connect(options).await?, brokers.clone()))
            }
        }
    }

    /// For a child process: `embedded:DIR` or `kafka:BROKERS`.
    pub(crate) fn to_argument(&self) -> Result<String> {
        Ok(match self {
            Place::Embedded(directory) => {
                format!("embedded:{}", directory.path().to_str().context("a directory that is UTF-8")?)
            }
            Place::Kafka(brokers) => format!("kafka:{brokers}"),
        })
    }
}

/// A log that is open.
pub(crate) enum Opened {
    Embedded(EmbeddedLog),
    Kafka(KafkaLog, String),
}

impl Opened {
    pub(crate) fn log(&self) -> &dyn Log {
        match self {
            Opened::Embedded(log) => log,
            Opened::Kafka(log, _) => log,
        }
    }

    pub(crate) async fn close(self) -> Result<()> {
        if let Opened::Embedded(log) = self {
            log.close().await?;
        }
        Ok(())
    }

    /// Retention removes everything that is in the topic now.
    pub(crate) async fn trim_all(&self, topic: &Topic) -> Result<()> {
        match self {
            Opened::Embedded(log) => {
                // Everything there is was appended by time 0 and is due 1000 ms later.
                log.expire(0).await?;
                log.expire(1000).await?;
            }
            Opened::Kafka(log, brokers) => {
                let admin: AdminClient<DefaultClientContext> =
                    ClientConfig::new().set("bootstrap.servers", brokers).create()?;
                let mut list = TopicPartitionList::new();
                for end in log.ends(topic).await? {
                    list.add_partition_offset(topic.as_str(), end.partition, Offset::Offset(end.next))?;
                }
                admin.delete_records(&list, &AdminOptions::new()).await?;
            }
        }
        Ok(())
    }
}
