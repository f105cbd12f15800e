//! The deliverer's SQL: what is due is taken by lease, and what came of it is recorded.

use huiyin_domain::MatterNo;
use jiff::Timestamp;
use sqlx::Row;

use crate::alerts::{known, optional_time};
use crate::tx::{Tx, time};
use crate::{ChannelKind, ChannelSecret, DeliveryState, DeliveryTry, Signing, Store, StoreError};

/// Micros of the window in which a channel's messages are counted: a minute.
const WINDOW_MICROS: i64 = 60_000_000;

/// How much may be taken.
#[derive(Clone, Copy, Debug)]
pub struct TakeLimits {
    /// Deliveries of one channel under way at once, other processes' included.
    pub per_channel: u32,
    /// Deliveries taken now.
    pub total: u32,
    /// Of these, deliveries to channels whose last try failed.
    pub troubled: u32,
    /// Messages in one minute to a channel of this kind; none for no limit.
    pub per_minute: fn(ChannelKind) -> Option<u32>,
}

/// A delivery under way: leased to whoever took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Number of the delivery.
    pub delivery: i64,
    /// Number of this try, from 1.
    pub attempt: u32,
    /// Number of this try since the delivery was made or last resent, from 1.
    pub round: u32,
    /// Id the receiver sees.
    pub message: String,
    /// The matter.
    pub matter: MatterNo,
    /// Kind of event.
    pub kind: String,
    /// Body of the webhook.
    pub payload: String,
    /// Until when nobody else takes it.
    pub lease: Timestamp,
    /// Where it goes.
    pub target: Target,
}

/// A channel as sending needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Number of the channel.
    pub channel: i64,
    /// Where it leads.
    pub kind: ChannelKind,
    /// Address.
    pub url: String,
    /// How webhooks are signed.
    pub signing: Signing,
    /// Secret in force; blank for a robot without one.
    pub secret: ChannelSecret,
    /// The secret before it, while it still signs.
    pub old_secret: Option<ChannelSecret>,
    /// Failures since something arrived.
    pub failures: u32,
    /// Since when nothing has arrived.
    pub failing_since: Option<Timestamp>,
}

/// What a try means for the delivery and its channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Where the delivery stands now.
    pub state: DeliveryState,
    /// When it is tried next, if it waits.
    pub next_try_at: Timestamp,
    /// Until when the channel is left alone.
    pub rest_until: Option<Timestamp>,
    /// The receiver asks for no more: the channel is paused.
    pub pause: bool,
    /// The channel has failed for so long that it is shown as failing.
    pub failing: bool,
}

impl Store {
    /// Takes deliveries that are due at `now` until `lease`; nobody else takes them before.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn take_deliveries(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limits: TakeLimits,
    ) -> Result<Vec<Work>, StoreError> {
        let sql =
            "select id from delivery where state = 'waiting' and next_try_at <= $1 and leased_until <= $1 limit 1";
        if sqlx::query(sql).bind(now.as_microsecond()).fetch_optional(&self.pool).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut tx = self.begin().await?;
        // One taker at a time, so that the limit of a channel holds between processes.
        tx.numbers("delivery_take", 1).await?;
        let due = sqlx::query(include_str!("../queries/alerts/due.sql"))
            .bind(now.as_microsecond())
            .bind(i64::from(limits.per_channel))
            .bind(i64::from(limits.total) * 2)
            .fetch_all(&mut *tx.tx)
            .await?;
        let (mut taken, mut troubled) = (Vec::new(), 0);
        for row in due {
            if taken.len() >= limits.total as usize {
                break;
            }
            let Some((work, window)) = tx.work(row.try_get("id")?, now, lease).await? else { continue };
            if (work.target.failures > 0 && troubled >= limits.troubled) || !tx.fits(&work, window, now, limits).await?
            {
                continue;
            }
            let leased = sqlx::query(include_str!("../queries/alerts/lease.sql"))
                .bind(work.delivery)
                .bind(lease.as_microsecond())
                .bind(now.as_microsecond())
                .execute(&mut *tx.tx)
                .await?;
            if leased.rows_affected() == 1 {
                troubled += u32::from(work.target.failures > 0);
                taken.push(work);
            }
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// Records a try and what follows from it; false when the lease was lost meanwhile, and only the try is kept.
    ///
    /// # Errors
    /// What the database said.
    pub async fn record_try(&self, work: &Work, tried: &DeliveryTry, verdict: &Verdict) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sent_at = (verdict.state == DeliveryState::Sent).then(|| tried.at.as_microsecond());
        sqlx::query(include_str!("../queries/alerts/insert_try.sql"))
            .bind(work.delivery)
            .bind(i64::from(work.attempt))
            .bind(tried.at.as_microsecond())
            .bind(tried.status.map(i64::from))
            .bind(tried.millis.cast_signed())
            .bind(tried.error.clone())
            .bind(tried.excerpt.clone())
            .execute(&mut *tx.tx)
            .await?;
        let done = sqlx::query(include_str!("../queries/alerts/record.sql"))
            .bind(work.delivery)
            .bind(work.lease.as_microsecond())
            .bind(verdict.state.as_str())
            .bind(verdict.next_try_at.as_microsecond())
            .bind(sent_at)
            .bind(tried.status.map(i64::from))
            .bind(tried.error.clone())
            .execute(&mut *tx.tx)
            .await?;
        match verdict.state {
            DeliveryState::Sent => {
                sqlx::query(include_str!("../queries/alerts/channel_ok.sql"))
                    .bind(work.target.channel)
                    .bind(tried.at.as_microsecond())
                    .execute(&mut *tx.tx)
                    .await?;
            }
            _ => {
                let state = if verdict.pause { "paused" } else { "failing" };
                sqlx::query(include_str!("../queries/alerts/channel_failed.sql"))
                    .bind(work.target.channel)
                    .bind(tried.at.as_microsecond())
                    .bind(tried.error.clone())
                    .bind(verdict.rest_until.map_or(0, Timestamp::as_microsecond))
                    .bind(i64::from(verdict.pause || verdict.failing))
                    .bind(state)
                    .execute(&mut *tx.tx)
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Drops up to `limit` deliveries that have waited since before `waiting_before` without ever being resent, and removes as
    /// many finished ones made before `finished_before`, with their tries. Returns how many of each.
    ///
    /// # Errors
    /// What the database said.
    pub async fn expire_deliveries(
        &self,
        waiting_before: Timestamp,
        finished_before: Timestamp,
        limit: u32,
    ) -> Result<(u64, u64), StoreError> {
        let mut tx = self.begin().await?;
        let dropped = sqlx::query(include_str!("../queries/alerts/drop_stale.sql"))
            .bind(waiting_before.as_microsecond())
            .bind(i64::from(limit))
            .execute(&mut *tx.tx)
            .await?
            .rows_affected();
        let sql = "select id from delivery where state <> 'waiting' and created_at < $1 order by id limit $2";
        let finished = finished_before.as_microsecond();
        let old = sqlx::query(sql).bind(finished).bind(i64::from(limit)).fetch_all(&mut *tx.tx).await?;
        for row in &old {
            let id: i64 = row.try_get("id")?;
            sqlx::query("delete from delivery_try where delivery = $1").bind(id).execute(&mut *tx.tx).await?;
            sqlx::query("delete from delivery where id = $1").bind(id).execute(&mut *tx.tx).await?;
        }
        tx.commit().await?;
        Ok((dropped, old.len() as u64))
    }
}

/// Messages of the running minute: when it began, and how many it had.
type Window = (i64, i64);

impl Tx {
    async fn work(&mut self, id: i64, now: Timestamp, lease: Timestamp) -> Result<Option<(Work, Window)>, StoreError> {
        let sql = include_str!("../queries/alerts/work.sql");
        let Some(row) = sqlx::query(sql).bind(id).fetch_optional(&mut *self.tx).await? else { return Ok(None) };
        let number = |column: &str| Ok::<u32, StoreError>(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0));
        let (kind, signing): (String, String) = (row.try_get("channel_kind")?, row.try_get("signing")?);
        let channel: i64 = row.try_get("channel")?;
        let until = optional_time(&row, "channel", "old_secret_until", channel)?;
        let old_secret = row.try_get::<Option<String>, _>("old_secret")?.map(ChannelSecret);
        let attempt = number("attempts")? + 1;
        let work = Work {
            delivery: id,
            attempt,
            round: attempt.saturating_sub(number("attempts_before")?),
            message: row.try_get("message")?,
            matter: MatterNo::new(row.try_get::<String, _>("matter")?),
            kind: row.try_get("kind")?,
            payload: row.try_get("payload")?,
            lease: time(lease.as_microsecond(), "delivery", "leased_until", id)?,
            target: Target {
                channel,
                kind: known(ChannelKind::parse(&kind), &kind, "channel", "kind", channel)?,
                url: row.try_get("url")?,
                signing: known(Signing::parse(&signing), &signing, "channel", "signing", channel)?,
                secret: ChannelSecret(row.try_get("secret")?),
                old_secret: old_secret.filter(|_| until.is_some_and(|until| until > now)),
                failures: number("failures")?,
                failing_since: optional_time(&row, "channel", "failing_since", channel)?,
            },
        };
        Ok(Some((work, (row.try_get("window_start")?, row.try_get("window_sent")?))))
    }

    /// Counts one more message of the channel's minute; false when it is full.
    async fn fits(
        &mut self,
        work: &Work,
        (start, sent): Window,
        now: Timestamp,
        limits: TakeLimits,
    ) -> Result<bool, StoreError> {
        let Some(most) = (limits.per_minute)(work.target.kind) else { return Ok(true) };
        let now = now.as_microsecond();
        let (start, sent) = if start <= now - WINDOW_MICROS { (now, 0) } else { (start, sent) };
        if sent >= i64::from(most) {
            return Ok(false);
        }
        let sql = "update channel set window_start = $2, window_sent = $3 where id = $1";
        sqlx::query(sql).bind(work.target.channel).bind(start).bind(sent + 1).execute(&mut *self.tx).await?;
        Ok(true)
    }
}
