//! The tables of the log and the transactions on them. Everything here blocks.
//!
//! A topic has a small number; a record's key is (topic number, partition, offset). The ends of a partition are stored
//! beside its records, so that offsets go on after retention removed everything.

use std::collections::HashMap;

use redb::{Database, Durability, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};

/// Name → (number, partitions).
const TOPICS: TableDefinition<&str, (i32, i32)> = TableDefinition::new("topics");
/// (topic, partition, offset) → stored record, see `encode.rs`.
const RECORDS: TableDefinition<(i32, i32, i64), &[u8]> = TableDefinition::new("records");
/// (topic, partition) → (earliest, next, bytes kept).
const ENDS: TableDefinition<(i32, i32), (i64, i64, i64)> = TableDefinition::new("ends");
/// (group, topic, partition) → position.
const POSITIONS: TableDefinition<(&str, i32, i32), i64> = TableDefinition::new("positions");
/// (topic, partition, time in ms) → every record below this offset had been appended by that time.
const MARKS: TableDefinition<(i32, i32, i64), i64> = TableDefinition::new("marks");
/// "format" → version of this layout.
const META: TableDefinition<&str, u64> = TableDefinition::new("meta");

/// Version of the layout, stored at creation.
pub(super) const FORMAT: u64 = 1;

type Outcome<T> = Result<T, redb::Error>;

/// A partition as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) earliest: i64,
    pub(super) next: i64,
    pub(super) bytes: i64,
}

impl From<(i64, i64, i64)> for Ends {
    fn from((earliest, next, bytes): (i64, i64, i64)) -> Ends {
        Ends { earliest, next, bytes }
    }
}

impl From<Ends> for (i64, i64, i64) {
    fn from(ends: Ends) -> (i64, i64, i64) {
        (ends.earliest, ends.next, ends.bytes)
    }
}

/// One change that the group commit writes.
pub(super) enum Change {
    /// Append stored records, each with its partition.
    Append { topic: i32, records: Vec<(i32, Vec<u8>)> },
    /// Set a group's position.
    Position { topic: i32, partition: i32, group: String, next: i64 },
}

/// What retention asks of one partition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trim {
    pub(super) topic: i32,
    pub(super) partition: i32,
    pub(super) now_ms: i64,
    pub(super) age_ms: Option<i64>,
    pub(super) bytes_max: Option<i64>,
    /// At most this many records go in one transaction, so that appends get their turn.
    pub(super) records_max: usize,
}

/// What one transaction of retention did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Trimmed {
    pub(super) earliest: i64,
    pub(super) records: i64,
    pub(super) bytes: i64,
    /// Removed records that some group had not committed past; the largest number over the groups.
    pub(super) unread: i64,
    pub(super) more: bool,
}

/// A topic with the ends of its partitions.
pub(super) struct StoredTopic {
    pub(super) name: String,
    pub(super) number: i32,
    pub(super) ends: Vec<Ends>,
}

fn begin(database: &Database) -> Outcome<WriteTransaction> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    Ok(transaction)
}

/// Create what is missing. The format found, and the topics.
pub(super) fn initialise(database: &Database) -> Outcome<(u64, Vec<StoredTopic>)> {
    let transaction = begin(database)?;
    let mut topics = Vec::new();
    let format;
    {
        let mut meta = transaction.open_table(META)?;
        let found = meta.get("format")?.map(|version| version.value());
        format = found.unwrap_or(FORMAT);
        if format == FORMAT {
            meta.insert("format", FORMAT)?;
            let names = transaction.open_table(TOPICS)?;
            let ends = transaction.open_table(ENDS)?;
            transaction.open_table(RECORDS)?;
            transaction.open_table(POSITIONS)?;
            transaction.open_table(MARKS)?;
            for entry in names.iter()? {
                let (name, value) = entry?;
                let (number, partitions) = value.value();
                let ends = (0..partitions).map(|partition| read_ends(&ends, number, partition));
                let ends = ends.collect::<Outcome<Vec<Ends>>>()?;
                topics.push(StoredTopic { name: name.value().to_owned(), number, ends });
            }
        }
    }
    transaction.commit()?;
    Ok((format, topics))
}

/// Create a topic, or give it more partitions; never fewer.
pub(super) fn create_topic(database: &Database, name: &str, partitions: i32) -> Outcome<StoredTopic> {
    let transaction = begin(database)?;
    let topic;
    {
        let mut topics = transaction.open_table(TOPICS)?;
        let found = topics.get(name)?.map(|value| value.value());
        let (number, partitions) = match found {
            Some((number, existing)) => (number, existing.max(partitions)),
            None => {
                let mut last = 0;
                for entry in topics.iter()? {
                    last = last.max(entry?.1.value().0);
                }
                (last + 1, partitions)
            }
        };
        topics.insert(name, (number, partitions))?;
        let mut table = transaction.open_table(ENDS)?;
        let mut ends = Vec::new();
        for partition in 0..partitions {
            let end = read_ends(&table, number, partition)?;
            table.insert((number, partition), <(i64, i64, i64)>::from(end))?;
            ends.push(end);
        }
        topic = StoredTopic { name: name.to_owned(), number, ends };
    }
    transaction.commit()?;
    Ok(topic)
}

/// Write `changes` in order in one transaction, durable when this returns. The new `next` of every partition touched.
pub(super) fn write(database: &Database, changes: &[&Change]) -> Outcome<HashMap<(i32, i32), i64>> {
    let transaction = begin(database)?;
    let mut touched: HashMap<(i32, i32), Ends> = HashMap::new();
    {
        let mut records_table = transaction.open_table(RECORDS)?;
        let mut ends_table = transaction.open_table(ENDS)?;
        let mut positions = transaction.open_table(POSITIONS)?;
        for change in changes {
            match change {
                Change::Position { topic, partition, group, next } => {
                    positions.insert((group.as_str(), *topic, *partition), *next)?;
                }
                Change::Append { topic, records } => {
                    for (partition, value) in records {
                        let ends = match touched.entry((*topic, *partition)) {
                            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
                            std::collections::hash_map::Entry::Vacant(entry) => {
                                entry.insert(read_ends(&ends_table, *topic, *partition)?)
                            }
                        };
                        records_table.insert((*topic, *partition, ends.next), value.as_slice())?;
                        ends.next += 1;
                        ends.bytes += length(value);
                    }
                }
            }
        }
        for (key, ends) in &touched {
            ends_table.insert(*key, <(i64, i64, i64)>::from(*ends))?;
        }
    }
    transaction.commit()?;
    Ok(touched.into_iter().map(|(key, ends)| (key, ends.next)).collect())
}

/// The stored records of a partition from offset `from`, in order: at most `records_max`, and at most `bytes_max`
/// bytes unless the first alone is larger.
pub(super) fn read(
    database: &Database,
    (topic, partition): (i32, i32),
    from: i64,
    records_max: usize,
    bytes_max: usize,
    mut each: impl FnMut(i64, &[u8]),
) -> Outcome<()> {
    let transaction = database.begin_read()?;
    let records = transaction.open_table(RECORDS)?;
    let mut bytes = 0;
    for (count, entry) in records.range((topic, partition, from)..=(topic, partition, i64::MAX))?.enumerate() {
        let (key, value) = entry?;
        bytes += value.value().len();
        if count >= records_max || (count > 0 && bytes > bytes_max) {
            break;
        }
        each(key.value().2, value.value());
    }
    Ok(())
}

/// The committed positions of a group in a topic's partitions.
pub(super) fn positions(database: &Database, group: &str, topic: i32, partitions: i32) -> Outcome<Vec<Option<i64>>> {
    let table = database.begin_read()?.open_table(POSITIONS)?;
    (0..partitions)
        .map(|partition| Ok(table.get((group, topic, partition))?.map(|position| position.value())))
        .collect()
}

/// One step of retention in one partition: note how far it has come by now, then remove what is due.
///
/// Age is counted from the append, which has no clock: a mark says that everything below an offset had been appended
/// by the time of an earlier call. A record is never removed before its age; it goes at most 1/256 of the age, or one
/// interval between calls if that is longer, after it.
pub(super) fn trim(database: &Database, ask: Trim) -> Outcome<Trimmed> {
    let transaction = begin(database)?;
    let mut done = Trimmed::default();
    let mut changed = false;
    {
        let mut ends_table = transaction.open_table(ENDS)?;
        let mut ends = read_ends(&ends_table, ask.topic, ask.partition)?;
        let due = match ask.age_ms {
            Some(age_ms) => due_by_age(&transaction, ask, age_ms, ends.next, &mut changed)?,
            None => ends.earliest,
        };
        let mut records = transaction.open_table(RECORDS)?;
        let first = ends.earliest;
        let mut until = first;
        let kept = (ask.topic, ask.partition, first)..(ask.topic, ask.partition, ends.next);
        for entry in records.range(kept)? {
            let (key, value) = entry?;
            let over = ask.bytes_max.is_some_and(|max| ends.bytes - done.bytes > max);
            if !over && key.value().2 >= due {
                break;
            }
            if done.records >= i64::try_from(ask.records_max).unwrap_or(i64::MAX) {
                done.more = true;
                break;
            }
            until = key.value().2 + 1;
            done.records += 1;
            done.bytes += length(value.value());
        }
        if until > first {
            records.retain_in((ask.topic, ask.partition, first)..(ask.topic, ask.partition, until), |_, _| false)?;
            ends.earliest = until;
            ends.bytes -= done.bytes;
            ends_table.insert((ask.topic, ask.partition), <(i64, i64, i64)>::from(ends))?;
            done.unread = unread(&transaction, ask, first, until)?;
            changed = true;
        }
        done.earliest = ends.earliest;
    }
    if changed {
        transaction.commit()?
    } else {
        transaction.abort()?
    }
    Ok(done)
}

/// The offset below which everything is older than `age_ms`.
fn due_by_age(transaction: &WriteTransaction, ask: Trim, age_ms: i64, next: i64, changed: &mut bool) -> Outcome<i64> {
    let mut marks = transaction.open_table(MARKS)?;
    let of_partition = (ask.topic, ask.partition, i64::MIN)..=(ask.topic, ask.partition, i64::MAX);
    let last = match marks.range(of_partition)?.next_back() {
        Some(entry) => {
            let (key, offset) = entry?;
            Some((key.value().2, offset.value()))
        }
        None => None,
    };
    let wanted = last.is_none_or(|(at_ms, offset)| {
        offset < next && ask.now_ms > at_ms && ask.now_ms.saturating_sub(at_ms) >= age_ms / 256
    });
    if wanted {
        marks.insert((ask.topic, ask.partition, ask.now_ms), next)?;
        *changed = true;
    }
    let old = (ask.topic, ask.partition, i64::MIN)..=(ask.topic, ask.partition, ask.now_ms.saturating_sub(age_ms));
    let mut due = 0;
    let mut newest = None;
    let mut count = 0;
    for entry in marks.range(old.clone())? {
        let (key, offset) = entry?;
        due = offset.value();
        newest = Some(key.value());
        count += 1;
    }
    // The newest due mark stays until a later one is due: removal may take several transactions.
    if count > 1 {
        marks.retain_in(old, |key, _| Some(key) == newest)?;
        *changed = true;
    }
    Ok(due)
}

/// Most removed records of `first..until` that one group had not committed past.
fn unread(transaction: &WriteTransaction, ask: Trim, first: i64, until: i64) -> Outcome<i64> {
    let mut unread = 0;
    for entry in transaction.open_table(POSITIONS)?.iter()? {
        let (key, position) = entry?;
        let (_, topic, partition) = key.value();
        if (topic, partition) == (ask.topic, ask.partition) {
            unread = unread.max(until - position.value().clamp(first, until));
        }
    }
    Ok(unread)
}

fn read_ends(table: &impl ReadableTable<(i32, i32), (i64, i64, i64)>, topic: i32, partition: i32) -> Outcome<Ends> {
    Ok(table.get((topic, partition))?.map_or_else(Ends::default, |ends| ends.value().into()))
}

fn length(value: &[u8]) -> i64 {
    i64::try_from(value.len()).unwrap_or(i64::MAX)
}

/// Whether the file can be read.
pub(super) fn probe(database: &Database) -> Outcome<()> {
    database.begin_read()?.open_table(META)?.get("format")?;
    Ok(())
}
