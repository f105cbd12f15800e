//! The ledger's entries: appended, never changed.

use std::collections::BTreeMap;

use huiyin_domain::matter::{Content, Entry, Event};
use huiyin_domain::{Actor, MatterNo};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::tx::{Tx, time};
use crate::{PAGE_ROWS_MAX, Store, StoreError, bulk};

/// An entry about to be appended, with the salt of its leaf.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// The entry.
    pub entry: Entry,
    /// 32 random bytes: after lawful erasure of content and salt, the leaf says nothing about what it covered.
    pub salt: [u8; 32],
}

/// An entry as it stands in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEntry {
    /// Dense number over all matters; none until the sequencer has given it.
    pub number: Option<u64>,
    /// SHA-256 over salt, facts and content as stored.
    pub leaf: Vec<u8>,
    /// The entry.
    pub entry: Entry,
}

/// First and last version of each action taken back, by matter.
pub type UndoneVersions = BTreeMap<MatterNo, Vec<(u64, u64)>>;

/// What stays for ever, as stored: the bytes of this JSON are what the leaf covers, never encoded again.
#[derive(Serialize, Deserialize)]
struct Facts {
    matter: MatterNo,
    version: u64,
    at: Timestamp,
    actor: Actor,
    event: Event,
}

const COLUMNS: &str = "e.number, e.leaf, e.facts, c.body";
const FROM: &str = "from ledger_entry e left join entry_content c on c.matter = e.matter and c.version = e.version";

impl Tx {
    /// Appends entries in order. `leaf` computes the leaf from salt, facts and content, all as stored.
    ///
    /// # Errors
    /// [`StoreError::Raced`] when a matter already has an entry of that version; otherwise what the database said.
    pub async fn append(
        &mut self,
        entries: &[NewEntry],
        leaf: impl Fn(&[u8], &[u8], &[u8]) -> [u8; 32],
    ) -> Result<(), StoreError> {
        let rows: Vec<Prepared> = entries.iter().map(|one| Prepared::new(one, &leaf)).collect::<Result<_, _>>()?;
        let head = "insert into ledger_entry (matter, version, at, kind, actor, role, facts, leaf)";
        let inserted = bulk::insert(&mut self.tx, head, "on conflict do nothing", 8, &rows, |query, row| {
            query
                .bind(row.matter.clone())
                .bind(row.version)
                .bind(row.at)
                .bind(row.kind)
                .bind(row.actor.clone())
                .bind(row.role)
                .bind(row.facts.clone())
                .bind(row.leaf.clone())
        })
        .await?;
        if inserted != rows.len() as u64 {
            return Err(StoreError::Raced { what: "a matter".into() });
        }
        let head = "insert into entry_content (matter, version, salt, body)";
        bulk::insert(&mut self.tx, head, "", 4, &rows, |query, row| {
            query.bind(row.matter.clone()).bind(row.version).bind(row.salt.clone()).bind(row.body.clone())
        })
        .await?;
        Ok(())
    }

    /// All entries of one matter, in order.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn entries(&mut self, no: &MatterNo) -> Result<Vec<StoredEntry>, StoreError> {
        let sql = format!("select {COLUMNS} {FROM} where e.matter = $1 order by e.version");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(no.as_str()).fetch_all(&mut *self.tx).await?;
        rows.iter().map(stored).collect()
    }
}

impl Store {
    /// Up to `limit` entries of a matter after `after_version`.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn entries(&self, no: &MatterNo, after_version: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        let sql = format!("select {COLUMNS} {FROM} where e.matter = $1 and e.version > $2 order by e.version limit $3");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(no.as_str())
            .bind(after_version.cast_signed())
            .bind(i64::from(limit.clamp(1, 10_000)))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(stored).collect()
    }

    /// The entry that last changed what is decided of a matter.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn entry(&self, no: &MatterNo, version: u64) -> Result<Option<StoredEntry>, StoreError> {
        let before = version.saturating_sub(1);
        Ok(self.entries(no, before, 1).await?.into_iter().find(|found| found.entry.version == version))
    }

    /// Up to `limit` numbered entries after `after_number`, in order of number: the ledger as followers read it.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn entries_numbered(&self, after_number: u64, limit: u32) -> Result<Vec<StoredEntry>, StoreError> {
        let sql = format!("select {COLUMNS} {FROM} where e.number > $1 order by e.number limit $2");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(after_number.cast_signed())
            .bind(i64::from(limit.clamp(1, PAGE_ROWS_MAX * 5)))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(stored).collect()
    }

    /// Of each of these matters, the versions from and to which its entries were taken back again (撤销): those who
    /// tell others of the ledger pass over them.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn undone_versions(&self, numbers: &[MatterNo]) -> Result<UndoneVersions, StoreError> {
        let mut found = UndoneVersions::new();
        for chunk in numbers.chunks(100) {
            let list = bulk::list(1, chunk.len());
            let sql = format!(
                "select {COLUMNS} {FROM} where e.matter in ({list}) and e.kind = 'undone' order by e.matter, e.version"
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for no in chunk {
                query = query.bind(no.as_str().to_owned());
            }
            for row in query.fetch_all(&self.pool).await? {
                let entry = stored(&row)?.entry;
                if let Event::Undone { from, to, .. } = entry.event {
                    found.entry(entry.matter).or_default().push((from, to));
                }
            }
        }
        Ok(found)
    }

    /// The last number given; 0 before the first.
    ///
    /// # Errors
    /// What the database said.
    pub async fn last_number(&self) -> Result<u64, StoreError> {
        let sql = "select coalesce(max(number), 0) as last from ledger_entry";
        let row = sqlx::query(sql).fetch_one(&self.pool).await?;
        Ok(row.try_get::<i64, _>("last")?.cast_unsigned())
    }
}

struct Prepared {
    matter: String,
    version: i64,
    at: i64,
    kind: &'static str,
    actor: String,
    role: &'static str,
    facts: String,
    leaf: Vec<u8>,
    salt: Vec<u8>,
    body: String,
}

impl Prepared {
    fn new(one: &NewEntry, leaf: impl Fn(&[u8], &[u8], &[u8]) -> [u8; 32]) -> Result<Prepared, StoreError> {
        let entry = &one.entry;
        let facts = Facts {
            matter: entry.matter.clone(),
            version: entry.version,
            at: entry.at,
            actor: entry.actor.clone(),
            event: entry.event.clone(),
        };
        let facts = encode(&facts, "facts", &entry.matter)?;
        let body = encode(&entry.content.clone().unwrap_or_default(), "body", &entry.matter)?;
        Ok(Prepared {
            matter: entry.matter.to_string(),
            version: entry.version.cast_signed(),
            at: entry.at.as_microsecond(),
            kind: entry.event.kind(),
            actor: entry.actor.name.clone(),
            role: entry.actor.role.as_str(),
            leaf: leaf(&one.salt, facts.as_bytes(), body.as_bytes()).to_vec(),
            facts,
            salt: one.salt.to_vec(),
            body,
        })
    }
}

fn encode(value: &impl Serialize, column: &'static str, key: &MatterNo) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt {
        table: "ledger_entry",
        column,
        key: key.to_string(),
        message: error.to_string(),
    })
}

fn stored(row: &AnyRow) -> Result<StoredEntry, StoreError> {
    let facts: String = row.try_get("facts")?;
    let corrupt = |column, error: serde_json::Error| StoreError::Corrupt {
        table: "ledger_entry",
        column,
        key: facts.chars().take(60).collect(),
        message: error.to_string(),
    };
    let Facts { matter, version, at, actor, event } =
        serde_json::from_str(&facts).map_err(|error| corrupt("facts", error))?;
    let body: Option<String> = row.try_get("body")?;
    let content: Option<Content> =
        body.map(|body| serde_json::from_str(&body)).transpose().map_err(|error| corrupt("body", error))?;
    let number: Option<i64> = row.try_get("number")?;
    let at = time(at.as_microsecond(), "ledger_entry", "at", &matter)?;
    Ok(StoredEntry {
        number: number.map(i64::cast_unsigned),
        leaf: row.try_get("leaf")?,
        entry: Entry { matter, version, at, actor, event, content },
    })
}
