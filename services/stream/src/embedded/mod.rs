//! The embedded provider: one process, one directory, nothing to install.

mod encode;
mod file;
mod group;
mod retention;
mod subscription;
mod tables;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use tokio::sync::Notify;

pub use retention::Expired;

use crate::budget::Budget;
use crate::topic::check_name;
use crate::{Limits, Log, LogError, Outgoing, PartitionEnd, Subscription, Topic, TopicPlan, partition_of};
use file::LogFile;
use group::Group;
use subscription::EmbeddedSubscription;
use tables::{Change, StoredTopic};

/// How to open an [`EmbeddedLog`].
#[derive(Clone, Debug)]
pub struct EmbeddedOptions {
    /// The log's own directory; created when missing.
    pub directory: PathBuf,
    /// Partitions and retention of the topics.
    pub topics: TopicPlan,
    /// Limits on records, appends and reads.
    pub limits: Limits,
    /// Memory for pages of the file. Default 32 MiB.
    pub cache_bytes: usize,
}

impl EmbeddedOptions {
    /// The defaults, in `directory`.
    pub fn new(directory: impl Into<PathBuf>) -> EmbeddedOptions {
        EmbeddedOptions {
            directory: directory.into(),
            topics: TopicPlan::default(),
            limits: Limits::default(),
            cache_bytes: 32 << 20,
        }
    }
}

/// A log in one directory, open in one process at a time. Clones share it; it closes when the last clone and the last
/// subscription are gone.
///
/// It starts no tasks and no threads of its own (writing happens on tokio's blocking threads, when there is
/// something to write), and removes nothing unless [`EmbeddedLog::expire`] is called.
#[derive(Clone)]
pub struct EmbeddedLog {
    inner: Arc<Inner>,
}

impl EmbeddedLog {
    /// Open the log, creating it when there is none. Blocks; after a crash for as long as it takes to check the file.
    ///
    /// # Errors
    /// [`LogError::Locked`] when it is open already, [`LogError::Directory`], [`LogError::Format`],
    /// [`LogError::Partitions`] when the configuration asks for fewer partitions than there are.
    pub fn open(options: EmbeddedOptions) -> Result<EmbeddedLog, LogError> {
        let file = LogFile::open(&options.directory, options.cache_bytes)?;
        EmbeddedLog::with_file(options, file)
    }

    /// Close the log: waits for what is being written, fails what is still waiting with [`LogError::Closed`], and
    /// releases the directory. Later calls on clones and subscriptions fail with the same.
    ///
    /// # Errors
    /// Storage errors; the directory is released all the same.
    pub async fn close(self) -> Result<(), LogError> {
        blocking(move || self.inner.file.close()).await
    }

    fn with_file(options: EmbeddedOptions, file: LogFile) -> Result<EmbeddedLog, LogError> {
        let (format, stored) = file.run("be prepared", tables::initialise)?;
        if format != tables::FORMAT {
            let directory = file.directory().to_owned();
            return Err(LogError::Format { directory, found: format, known: tables::FORMAT });
        }
        let mut topics = HashMap::new();
        for topic in stored {
            let name = Topic::parse(&topic.name)?;
            let asked = options.topics.of(&name).partitions;
            let found = i32::try_from(topic.ends.len()).unwrap_or(i32::MAX);
            check_partitions(&name, asked, found)?;
            let topic = if asked > found {
                file.run("create a topic", |database| tables::create_topic(database, name.as_str(), asked))?
            } else {
                topic
            };
            topics.insert(name.clone(), Arc::new(TopicState::new(name, &topic)));
        }
        let budget = Budget::new(options.limits.pending_bytes_max);
        let inner = Inner { options, file, budget, topics: RwLock::new(topics), queue: Mutex::default() };
        Ok(EmbeddedLog { inner: Arc::new(inner) })
    }

    /// The topic's state; the topic is created when missing.
    async fn topic(&self, topic: &Topic) -> Result<Arc<TopicState>, LogError> {
        if let Some(state) = self.inner.topics.read().unwrap_or_else(PoisonError::into_inner).get(topic) {
            return Ok(state.clone());
        }
        let (inner, topic) = (self.inner.clone(), topic.clone());
        blocking(move || inner.create_topic(topic)).await
    }
}

#[async_trait]
impl Log for EmbeddedLog {
    async fn append(&self, topic: &Topic, records: Vec<Outgoing>) -> Result<(), LogError> {
        let limits = &self.inner.options.limits;
        let bytes = limits.check(&records)?;
        if records.is_empty() {
            return Ok(());
        }
        let state = self.topic(topic).await?;
        let share = self.inner.budget.take(bytes).await?;
        let partitions = state.partition_count();
        let count = records.len();
        let mut encoded = Vec::with_capacity(count);
        for record in records {
            let too_large = LogError::TooLarge { bytes: record.bytes(), max: limits.record_bytes_max };
            encoded.push((partition_of(&record.key, partitions), encode::encode(&record).ok_or(too_large)?));
        }
        let change = Change::Append { topic: state.number, records: encoded };
        writer::submit(&self.inner, change, bytes, Some(share)).await?;
        metrics::counter!("stream_appended_records_total", "topic" => topic.to_string()).increment(count as u64);
        Ok(())
    }

    async fn subscribe(&self, topic: &Topic, group: &str) -> Result<Box<dyn Subscription>, LogError> {
        check_name(group)?;
        let state = self.topic(topic).await?;
        if !state.has_group(group) {
            let (inner, state, group) = (self.inner.clone(), state.clone(), group.to_owned());
            blocking(move || inner.load_group(&state, &group)).await?;
        }
        Ok(Box::new(EmbeddedSubscription::join(self.inner.clone(), state, group)))
    }

    async fn ends(&self, topic: &Topic) -> Result<Vec<PartitionEnd>, LogError> {
        let state = self.topic(topic).await?;
        let end =
            |partition| PartitionEnd { partition, earliest: state.earliest(partition), next: state.next(partition) };
        Ok((0..state.partition_count()).map(end).collect())
    }

    async fn committed(&self, topic: &Topic, group: &str) -> Result<BTreeMap<i32, i64>, LogError> {
        let state = self.topic(topic).await?;
        let (inner, group) = (self.inner.clone(), group.to_owned());
        let partitions = state.partition_count();
        let read = move |database: &_| tables::positions(database, &group, state.number, partitions);
        let positions = blocking(move || inner.file.run("read positions", read)).await?;
        Ok((0..).zip(positions).filter_map(|(partition, position)| Some((partition, position?))).collect())
    }

    async fn ready(&self) -> Result<(), LogError> {
        let inner = self.inner.clone();
        blocking(move || inner.file.run("be read", tables::probe)).await
    }
}

impl fmt::Debug for EmbeddedLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddedLog").field("directory", &self.inner.options.directory).finish_non_exhaustive()
    }
}

/// What the log and its subscriptions share.
struct Inner {
    options: EmbeddedOptions,
    file: LogFile,
    budget: Budget,
    topics: RwLock<HashMap<Topic, Arc<TopicState>>>,
    queue: Mutex<writer::Queue>,
}

impl Inner {
    fn create_topic(&self, name: Topic) -> Result<Arc<TopicState>, LogError> {
        let asked = self.options.topics.of(&name).partitions;
        check_partitions(&name, asked, 1)?;
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = topics.get(&name) {
            return Ok(state.clone());
        }
        let create = |database: &_| tables::create_topic(database, name.as_str(), asked);
        let stored = self.file.run("create a topic", create)?;
        let state = Arc::new(TopicState::new(name.clone(), &stored));
        topics.insert(name, state.clone());
        Ok(state)
    }

    fn load_group(&self, topic: &TopicState, group: &str) -> Result<(), LogError> {
        let load = |database: &_| tables::positions(database, group, topic.number, topic.partition_count());
        let committed = self.file.run("read positions", load)?;
        let mut groups = topic.groups.lock().unwrap_or_else(PoisonError::into_inner);
        groups.entry(group.to_owned()).or_insert_with(|| Group::new(committed));
        Ok(())
    }

    fn all_topics(&self) -> Vec<Arc<TopicState>> {
        self.topics.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Make what a transaction wrote visible to the members, in memory.
    fn publish(&self, touched: &HashMap<(i32, i32), i64>, changes: &[&Change]) {
        for topic in self.all_topics() {
            let mut any = false;
            for ((_, partition), next) in touched.iter().filter(|((number, _), _)| *number == topic.number) {
                if let Some(state) = topic.partition(*partition) {
                    state.next.store(*next, Ordering::Release);
                    any = true;
                }
            }
            for change in changes {
                if let Change::Position { topic: number, partition, group, next } = change
                    && *number == topic.number
                {
                    topic.with_group(group, |group| group.set_committed(*partition, *next));
                }
            }
            if any {
                topic.changed.notify_waiters();
            }
        }
    }
}

/// A topic in memory. The stored ends lead; these follow each commit.
struct TopicState {
    name: Topic,
    number: i32,
    partitions: Vec<PartitionState>,
    groups: Mutex<HashMap<String, Group>>,
    /// Told on every append and every rebalance.
    changed: Notify,
}

struct PartitionState {
    earliest: AtomicI64,
    next: AtomicI64,
}

impl TopicState {
    fn new(name: Topic, stored: &StoredTopic) -> TopicState {
        let partition = |ends: &tables::Ends| PartitionState {
            earliest: AtomicI64::new(ends.earliest),
            next: AtomicI64::new(ends.next),
        };
        TopicState {
            name,
            number: stored.number,
            partitions: stored.ends.iter().map(partition).collect(),
            groups: Mutex::default(),
            changed: Notify::new(),
        }
    }

    fn partition_count(&self) -> i32 {
        i32::try_from(self.partitions.len()).unwrap_or(i32::MAX)
    }

    fn partition(&self, partition: i32) -> Option<&PartitionState> {
        usize::try_from(partition).ok().and_then(|at| self.partitions.get(at))
    }

    fn earliest(&self, partition: i32) -> i64 {
        self.partition(partition).map_or(0, |state| state.earliest.load(Ordering::Acquire))
    }

    fn next(&self, partition: i32) -> i64 {
        self.partition(partition).map_or(0, |state| state.next.load(Ordering::Acquire))
    }

    fn has_group(&self, group: &str) -> bool {
        self.with_group(group, |_| ()).is_some()
    }

    fn with_group<T>(&self, group: &str, work: impl FnOnce(&mut Group) -> T) -> Option<T> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner).get_mut(group).map(work)
    }
}

fn check_partitions(topic: &Topic, asked: i32, found: i32) -> Result<(), LogError> {
    if asked >= found.max(1) {
        return Ok(());
    }
    Err(LogError::Partitions { topic: topic.to_string(), asked, found })
}

/// Disk work off the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LogError> + Send + 'static,
) -> Result<T, LogError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(LogError::Closed))
}
