//! The log of deliveries: what was to be sent where, how often it was tried and what came back.

use huiyin_domain::{MatterNo, UnitId};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::alerts::{known, optional_time};
use crate::matter_filter::{Bind, push};
use crate::tx::{Tx, time};
use crate::{DeliveryState, PAGE_ROWS_MAX, Store, StoreError, bulk};

/// A message about to be kept for sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// The channel.
    pub channel: i64,
    /// What caused it; a channel gets one delivery for each cause.
    pub cause: String,
    /// Id the receiver sees, the same at every try.
    pub message: String,
    /// The matter.
    pub matter: MatterNo,
    /// Kind of event.
    pub kind: String,
    /// One line for the log.
    pub summary: String,
    /// Body of the webhook, JSON.
    pub payload: String,
    /// When it was made; due at once.
    pub created_at: Timestamp,
}

/// A delivery as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Number, from 1, rising.
    pub id: i64,
    /// The channel.
    pub channel: i64,
    /// Its name.
    pub channel_name: String,
    /// Id the receiver sees.
    pub message: String,
    /// The matter.
    pub matter: MatterNo,
    /// Kind of event.
    pub kind: String,
    /// One line for the log.
    pub summary: String,
    /// Body of the webhook, JSON.
    pub payload: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// Tries begun.
    pub attempts: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is tried next, while it waits.
    pub next_try_at: Option<Timestamp>,
    /// When it arrived.
    pub sent_at: Option<Timestamp>,
    /// HTTP status of the last try; none when there was no answer.
    pub last_status: Option<u16>,
    /// What went wrong last, in Chinese.
    pub last_error: Option<String>,
}

/// One try of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryTry {
    /// When it began.
    pub at: Timestamp,
    /// HTTP status; none when there was no answer.
    pub status: Option<u16>,
    /// How long it took.
    pub millis: u64,
    /// What went wrong, in Chinese.
    pub error: Option<String>,
    /// The beginning of the answer, masked.
    pub excerpt: Option<String>,
}

/// Which deliveries, last first.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// In this state.
    pub state: Option<DeliveryState>,
    /// Of this channel.
    pub channel: Option<i64>,
    /// About this matter.
    pub matter: Option<MatterNo>,
    /// With a number below.
    pub before: Option<i64>,
    /// Rows at most, 1 to [`PAGE_ROWS_MAX`].
    pub limit: u32,
}

/// How many deliveries stand in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryCounts {
    /// Waiting.
    pub waiting: u64,
    /// Sent.
    pub sent: u64,
    /// Given up.
    pub failed: u64,
    /// Dropped.
    pub dropped: u64,
}

/// A promise that falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentDue {
    /// The matter.
    pub matter: MatterNo,
    /// Number within the matter.
    pub number: u32,
    /// The unit that owes it.
    pub owner: UnitId,
    /// By the end of this day.
    pub due: Date,
}

impl Tx {
    /// Keeps messages for sending; those whose channel and cause are known already are left out. Returns how many are new.
    ///
    /// # Errors
    /// What the database said.
    pub async fn insert_deliveries(&mut self, rows: &[NewDelivery]) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let first = self.numbers("delivery", rows.len()).await?;
        let numbered: Vec<(i64, &NewDelivery)> = (first..).zip(rows).collect();
        let head = "insert into delivery (id, channel, cause, message, matter, kind, summary, payload, state, attempts, attempts_before, created_at, next_try_at, leased_until)";
        bulk::insert(&mut self.tx, head, "on conflict do nothing", 14, &numbered, |query, (id, row)| {
            query
                .bind(*id)
                .bind(row.channel)
                .bind(row.cause.clone())
                .bind(row.message.clone())
                .bind(row.matter.to_string())
                .bind(row.kind.clone())
                .bind(row.summary.clone())
                .bind(row.payload.clone())
                .bind(DeliveryState::Waiting.as_str())
                .bind(0_i64)
                .bind(0_i64)
                .bind(row.created_at.as_microsecond())
                .bind(row.created_at.as_microsecond())
                .bind(0_i64)
        })
        .await
    }
}

impl Store {
    /// Of `rows` those whose channel and cause are not known yet.
    ///
    /// # Errors
    /// What the database said.
    pub async fn deliveries_unknown(&self, rows: Vec<NewDelivery>) -> Result<Vec<NewDelivery>, StoreError> {
        let mut fresh = Vec::new();
        for row in rows {
            let sql = "select id from delivery where channel = $1 and cause = $2";
            let known = sqlx::query(sql).bind(row.channel).bind(&row.cause).fetch_optional(&self.pool).await?;
            if known.is_none() {
                fresh.push(row);
            }
        }
        Ok(fresh)
    }

    /// A page of deliveries, last first; the number to go on before, none on the last page.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn deliveries(&self, filter: &DeliveryFilter) -> Result<(Vec<Delivery>, Option<i64>), StoreError> {
        let limit = filter.limit.clamp(1, PAGE_ROWS_MAX);
        let mut binds = Vec::new();
        let mut wheres = conditions(filter, &mut binds);
        if let Some(state) = filter.state {
            wheres.push(format!("d.state = {}", push(&mut binds, Bind::Text(state.as_str().into()))));
        }
        if let Some(before) = filter.before {
            wheres.push(format!("d.id < {}", push(&mut binds, Bind::Number(before))));
        }
        let wheres = if wheres.is_empty() { String::new() } else { format!("where {}", wheres.join(" and ")) };
        let rows = push(&mut binds, Bind::Number(i64::from(limit) + 1));
        let head = include_str!("../queries/alerts/deliveries.sql");
        let sql = format!("{head} {wheres} order by d.id desc limit {rows}");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = bind.onto(query);
        }
        let mut rows = query.fetch_all(&self.pool).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let found: Vec<Delivery> = rows.iter().map(delivery).collect::<Result<_, _>>()?;
        let next = found.last().filter(|_| more).map(|last| last.id);
        Ok((found, next))
    }

    /// How many deliveries stand in each state, of the filter's channel and matter.
    ///
    /// # Errors
    /// What the database said.
    pub async fn delivery_counts(&self, filter: &DeliveryFilter) -> Result<DeliveryCounts, StoreError> {
        let mut binds = Vec::new();
        let wheres = conditions(filter, &mut binds);
        let wheres = if wheres.is_empty() { String::new() } else { format!("where {}", wheres.join(" and ")) };
        let sql = format!("select d.state, count(*) as number from delivery d {wheres} group by d.state");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = bind.onto(query);
        }
        let mut counts = DeliveryCounts::default();
        for row in query.fetch_all(&self.pool).await? {
            let number = row.try_get::<i64, _>("number")?.cast_unsigned();
            match DeliveryState::parse(&row.try_get::<String, _>("state")?) {
                Some(DeliveryState::Waiting) => counts.waiting = number,
                Some(DeliveryState::Sent) => counts.sent = number,
                Some(DeliveryState::Failed) => counts.failed = number,
                Some(DeliveryState::Dropped) => counts.dropped = number,
                None => {}
            }
        }
        Ok(counts)
    }

    /// One delivery with its tries, first try first.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn delivery(&self, id: i64) -> Result<Option<(Delivery, Vec<DeliveryTry>)>, StoreError> {
        let sql = format!("{} where d.id = $1", include_str!("../queries/alerts/deliveries.sql"));
        let Some(row) = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_optional(&self.pool).await? else {
            return Ok(None);
        };
        let sql = "select * from delivery_try where delivery = $1 order by number";
        let tries = sqlx::query(sql).bind(id).fetch_all(&self.pool).await?;
        Ok(Some((delivery(&row)?, tries.iter().map(|row| tried(row, id)).collect::<Result<_, _>>()?)))
    }

    /// Has a delivery tried again at once, whatever became of it, with the same id for the receiver; its tries go on being
    /// counted, its waiting times begin anew. False when it is being sent, or its channel is gone.
    ///
    /// # Errors
    /// What the database said.
    pub async fn resend_delivery(&self, id: i64, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = include_str!("../queries/alerts/resend.sql");
        let done = sqlx::query(sql).bind(id).bind(now.as_microsecond()).execute(&mut *tx.tx).await?.rows_affected();
        let sql = "update channel set rest_until = 0 where id = (select channel from delivery where id = $1)";
        sqlx::query(sql).bind(id).execute(&mut *tx.tx).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Up to `limit` promises nobody verified that fall due from `from` to `to`, by day.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn commitments_due(&self, from: Date, to: Date, limit: u32) -> Result<Vec<CommitmentDue>, StoreError> {
        let sql = include_str!("../queries/alerts/commitments_due.sql");
        let query = sqlx::query(sql).bind(from.to_string()).bind(to.to_string()).bind(i64::from(limit));
        query.fetch_all(&self.pool).await?.iter().map(commitment_due).collect()
    }
}

fn conditions(filter: &DeliveryFilter, binds: &mut Vec<Bind>) -> Vec<String> {
    let mut wheres = Vec::new();
    if let Some(channel) = filter.channel {
        wheres.push(format!("d.channel = {}", push(binds, Bind::Number(channel))));
    }
    if let Some(matter) = &filter.matter {
        wheres.push(format!("d.matter = {}", push(binds, Bind::Text(matter.to_string()))));
    }
    wheres
}

/// A stored HTTP status.
fn status(row: &AnyRow, column: &str) -> Result<Option<u16>, StoreError> {
    Ok(row.try_get::<Option<i64>, _>(column)?.and_then(|status| u16::try_from(status).ok()))
}

fn delivery(row: &AnyRow) -> Result<Delivery, StoreError> {
    let id: i64 = row.try_get("id")?;
    let word: String = row.try_get("state")?;
    let state = known(DeliveryState::parse(&word), &word, "delivery", "state", id)?;
    let next_try_at = optional_time(row, "delivery", "next_try_at", id)?;
    Ok(Delivery {
        id,
        channel: row.try_get("channel")?,
        channel_name: row.try_get("channel_name")?,
        message: row.try_get("message")?,
        matter: MatterNo::new(row.try_get::<String, _>("matter")?),
        kind: row.try_get("kind")?,
        summary: row.try_get("summary")?,
        payload: row.try_get("payload")?,
        state,
        attempts: u32::try_from(row.try_get::<i64, _>("attempts")?).unwrap_or(u32::MAX),
        created_at: time(row.try_get("created_at")?, "delivery", "created_at", id)?,
        next_try_at: next_try_at.filter(|_| state == DeliveryState::Waiting),
        sent_at: optional_time(row, "delivery", "sent_at", id)?,
        last_status: status(row, "last_status")?,
        last_error: row.try_get("last_error")?,
    })
}

fn tried(row: &AnyRow, id: i64) -> Result<DeliveryTry, StoreError> {
    Ok(DeliveryTry {
        at: time(row.try_get("at")?, "delivery_try", "at", id)?,
        status: status(row, "status")?,
        millis: row.try_get::<i64, _>("millis")?.cast_unsigned(),
        error: row.try_get("error")?,
        excerpt: row.try_get("excerpt")?,
    })
}

fn commitment_due(row: &AnyRow) -> Result<CommitmentDue, StoreError> {
    let matter: String = row.try_get("matter")?;
    let due: String = row.try_get("due")?;
    Ok(CommitmentDue {
        number: u32::try_from(row.try_get::<i64, _>("number")?).unwrap_or(0),
        owner: UnitId::new(row.try_get::<String, _>("owner")?),
        due: due.parse().map_err(|error: jiff::Error| StoreError::Corrupt {
            table: "commitment",
            column: "due",
            key: matter.clone(),
            message: error.to_string(),
        })?,
        matter: MatterNo::new(matter),
    })
}
