//! Health of the sources, and dead letters.

use jiff::Timestamp;
use sqlx::Row;

use crate::tx::{Tx, time};
use crate::{Cursor, PAGE_ROWS_MAX, Store, StoreError, bulk};

/// How a source is doing. Empty, unchanged and failed are different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceState {
    /// Name of the source.
    pub source: String,
    /// push, file, feed or topic.
    pub kind: String,
    /// ok, unchanged, empty or failed.
    pub state: String,
    /// What the operator should know, in Chinese.
    pub message: String,
    /// Last try.
    pub last_try_at: Timestamp,
    /// Last try that reached it.
    pub last_ok_at: Option<Timestamp>,
    /// Last try that brought something new.
    pub last_change_at: Option<Timestamp>,
    /// Posts accepted so far.
    pub accepted: u64,
    /// Posts it sent again.
    pub repeated: u64,
    /// Posts refused.
    pub refused: u64,
    /// What the source needs to go on: an ETag, a line number.
    pub cursor: String,
}

/// What could not be read or judged; the excerpt is masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetterRow {
    /// Partition and offset in the topic of dead letters.
    pub place: (i32, i64),
    /// The topic it came from.
    pub topic: String,
    /// Partition and offset there.
    pub origin: String,
    /// Source, where it could be read.
    pub source: String,
    /// Post id, where it could be read.
    pub id: String,
    /// Why.
    pub reason: String,
    /// Its beginning, masked.
    pub excerpt: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// All sources, by name.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn sources(&self) -> Result<Vec<SourceState>, StoreError> {
        let rows = sqlx::query("select * from source_state order by source").fetch_all(&self.pool).await?;
        let at = |value: Option<i64>, source: &str| value.map(|at| time(at, "source_state", "at", source)).transpose();
        rows.iter()
            .map(|row| {
                let source: String = row.try_get("source")?;
                let number = |column| -> Result<u64, StoreError> { Ok(row.try_get::<i64, _>(column)?.cast_unsigned()) };
                Ok(SourceState {
                    kind: row.try_get("kind")?,
                    state: row.try_get("state")?,
                    message: row.try_get("message")?,
                    last_try_at: time(row.try_get("last_try_at")?, "source_state", "last_try_at", &source)?,
                    last_ok_at: at(row.try_get("last_ok_at")?, &source)?,
                    last_change_at: at(row.try_get("last_change_at")?, &source)?,
                    accepted: number("accepted")?,
                    repeated: number("repeated")?,
                    refused: number("refused")?,
                    cursor: row.try_get("cursor")?,
                    source,
                })
            })
            .collect()
    }

    /// Keeps how a try of a source went: its counts are added to those kept, its times replace those it has.
    ///
    /// # Errors
    /// What the database said.
    pub async fn report_source(&self, state: &SourceState) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let head = "insert into source_state (source, kind, state, message, last_try_at, last_ok_at, last_change_at, accepted, repeated, refused, cursor)";
        let tail = include_str!("../queries/source_report.sql");
        bulk::insert(&mut tx.tx, head, tail, 11, std::slice::from_ref(state), |query, one| {
            query
                .bind(one.source.clone())
                .bind(one.kind.clone())
                .bind(one.state.clone())
                .bind(one.message.clone())
                .bind(one.last_try_at.as_microsecond())
                .bind(one.last_ok_at.map(Timestamp::as_microsecond))
                .bind(one.last_change_at.map(Timestamp::as_microsecond))
                .bind(one.accepted.cast_signed())
                .bind(one.repeated.cast_signed())
                .bind(one.refused.cast_signed())
                .bind(one.cursor.clone())
        })
        .await?;
        tx.commit().await
    }

    /// A page of dead letters, newest first, and where the next page begins.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn dead_letters(
        &self,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<(Vec<DeadLetterRow>, Option<Cursor>), StoreError> {
        let limit = limit.clamp(1, PAGE_ROWS_MAX);
        let (at, key) = after.map_or((i64::MAX, String::from("~")), |cursor| (cursor.value, cursor.key.clone()));
        let rows = sqlx::query(include_str!("../queries/dead_letters.sql"))
            .bind(at)
            .bind(key)
            .bind(i64::from(limit) + 1)
            .fetch_all(&self.pool)
            .await?;
        let mut letters: Vec<(DeadLetterRow, Cursor)> = Vec::new();
        for row in &rows {
            let key: String = row.try_get("sort_key")?;
            let micros: i64 = row.try_get("at")?;
            let shard: i64 = row.try_get("shard")?;
            let letter = DeadLetterRow {
                place: (i32::try_from(shard).unwrap_or(-1), row.try_get("log_offset")?),
                topic: row.try_get("topic")?,
                origin: row.try_get("origin")?,
                source: row.try_get("source")?,
                id: row.try_get("id")?,
                reason: row.try_get("reason")?,
                excerpt: row.try_get("excerpt")?,
                at: time(micros, "dead_letter", "at", &key)?,
            };
            letters.push((letter, Cursor { value: micros, key }));
        }
        let more = letters.len() > limit as usize;
        letters.truncate(limit as usize);
        let next = letters.last().filter(|_| more).map(|(_, cursor)| cursor.clone());
        Ok((letters.into_iter().map(|(letter, _)| letter).collect(), next))
    }
}

impl Tx {
    /// Keeps dead letters; those kept already are left as they are.
    ///
    /// # Errors
    /// What the database said.
    pub async fn insert_dead_letters(&mut self, letters: &[DeadLetterRow]) -> Result<u64, StoreError> {
        let head = "insert into dead_letter (shard, log_offset, topic, origin, source, id, reason, excerpt, at)";
        bulk::insert(&mut self.tx, head, "on conflict do nothing", 9, letters, |query, one| {
            query
                .bind(i64::from(one.place.0))
                .bind(one.place.1)
                .bind(one.topic.clone())
                .bind(one.origin.clone())
                .bind(one.source.clone())
                .bind(one.id.clone())
                .bind(one.reason.clone())
                .bind(one.excerpt.clone())
                .bind(one.at.as_microsecond())
        })
        .await
    }
}
