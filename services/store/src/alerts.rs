//! Alert channels and rules.

use huiyin_domain::UnitId;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::tx::time;
use crate::{Store, StoreError};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word used in columns and the API.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// Reads that word.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

words! {
    /// Where a channel leads.
    ChannelKind {
        /// A program of the unit's own, by a signed webhook.
        Webhook = "webhook",
        /// A robot in a group of 企业微信.
        Wecom = "wecom",
        /// A robot in a group of 钉钉.
        Dingtalk = "dingtalk",
        /// A robot in a group of 飞书.
        Feishu = "feishu",
    }
}

words! {
    /// How the webhooks of a channel are signed.
    Signing {
        /// Robots: by their own way, where they have a secret.
        None = "none",
        /// HMAC-SHA256 with a shared secret.
        Hmac = "hmac",
        /// Ed25519; the receiver has the public key only.
        Ed25519 = "ed25519",
    }
}

words! {
    /// Whether a channel is used.
    ChannelState {
        /// 正常
        Active = "active",
        /// 已暂停: what is due waits.
        Paused = "paused",
        /// 持续失败: nothing has arrived for days; it is tried on.
        Failing = "failing",
    }
}

words! {
    /// Where a delivery stands.
    DeliveryState {
        /// 待投递
        Waiting = "waiting",
        /// 已送达
        Sent = "sent",
        /// 未送达: given up after the last try.
        Failed = "failed",
        /// 已取消: its channel was removed or stood still for too long.
        Dropped = "dropped",
    }
}

/// A signing secret; never shown by `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ChannelSecret(pub String);

impl std::fmt::Debug for ChannelSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChannelSecret(…)")
    }
}

/// One way out of the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Number, from 1.
    pub id: i64,
    /// Name shown.
    pub name: String,
    /// Where it leads.
    pub kind: ChannelKind,
    /// Address; a robot's holds its token.
    pub url: String,
    /// The unit it belongs to: it is told of nothing else. None for the office's own.
    pub unit: Option<UnitId>,
    /// How webhooks are signed.
    pub signing: Signing,
    /// Secret in force; blank for a robot without one.
    pub secret: ChannelSecret,
    /// The secret before it, which signs beside it for a while.
    pub old_secret: Option<ChannelSecret>,
    /// Until when the old one signs.
    pub old_secret_until: Option<Timestamp>,
    /// Whether it is used.
    pub state: ChannelState,
    /// When it was made: nothing recorded before goes to it.
    pub created_at: Timestamp,
    /// Last time something arrived.
    pub last_ok_at: Option<Timestamp>,
    /// What went wrong last, in Chinese; none after a success.
    pub last_error: Option<String>,
    /// Since when nothing has arrived.
    pub failing_since: Option<Timestamp>,
    /// Failures since something arrived.
    pub failures: u32,
    /// Deliveries waiting.
    pub waiting: u64,
}

/// Which events go to a channel. Empty lists mean any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRule {
    /// Number, from 1.
    pub id: i64,
    /// The channel.
    pub channel: i64,
    /// Name shown.
    pub name: String,
    /// Units concerned.
    pub units: Vec<String>,
    /// Grades in force.
    pub grades: Vec<String>,
    /// Kinds of event.
    pub kinds: Vec<String>,
    /// Codes of places, each with everything below it.
    pub places: Vec<String>,
    /// Switched on.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Store {
    /// All channels not removed, by number, with what waits for each.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn channels(&self) -> Result<Vec<Channel>, StoreError> {
        let rows = sqlx::query(include_str!("../queries/alerts/channels.sql")).fetch_all(&self.pool).await?;
        rows.iter().map(channel).collect()
    }

    /// One channel not removed.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn channel(&self, id: i64) -> Result<Option<Channel>, StoreError> {
        Ok(self.channels().await?.into_iter().find(|one| one.id == id))
    }

    /// All rules of channels not removed, by number.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn alert_rules(&self) -> Result<Vec<AlertRule>, StoreError> {
        let rows = sqlx::query("select * from alert_rule order by id").fetch_all(&self.pool).await?;
        rows.iter().map(rule).collect()
    }

    /// Makes a channel and its first rules; numbers are given here, those passed in do not matter. Returns the channel's.
    ///
    /// # Errors
    /// What the database said.
    pub async fn insert_channel(&self, one: &Channel, rules: &[AlertRule]) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        let id = tx.numbers("channel", 1).await?;
        sqlx::query(include_str!("../queries/alerts/insert_channel.sql"))
            .bind(id)
            .bind(&one.name)
            .bind(one.kind.as_str())
            .bind(&one.url)
            .bind(one.unit.as_ref().map(ToString::to_string))
            .bind(one.signing.as_str())
            .bind(&one.secret.0)
            .bind(one.state.as_str())
            .bind(one.created_at.as_microsecond())
            .execute(&mut *tx.tx)
            .await?;
        for rule in rules {
            tx.insert_alert_rule(&AlertRule { channel: id, ..rule.clone() }).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Changes name, address, unit and whether it is used; a channel that is resumed is tried at once, and what waits for
    /// it as well. False when there is none of that number.
    ///
    /// # Errors
    /// What the database said.
    pub async fn update_channel(&self, one: &Channel, resumed_at: Option<Timestamp>) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(include_str!("../queries/alerts/update_channel.sql"))
            .bind(one.id)
            .bind(&one.name)
            .bind(&one.url)
            .bind(one.unit.as_ref().map(ToString::to_string))
            .bind(one.state.as_str())
            .execute(&mut *tx.tx)
            .await?
            .rows_affected();
        if let Some(now) = resumed_at {
            let sql = "update channel set rest_until = 0, failures = 0, failing_since = null where id = $1";
            sqlx::query(sql).bind(one.id).execute(&mut *tx.tx).await?;
            let sql = "update delivery set next_try_at = $2 where channel = $1 and state = 'waiting' and next_try_at > $2 and leased_until <= $2";
            sqlx::query(sql).bind(one.id).bind(now.as_microsecond()).execute(&mut *tx.tx).await?;
        }
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Puts a new secret in force; the one so far signs beside it until `old_until`. False when there is no such channel.
    ///
    /// # Errors
    /// What the database said.
    pub async fn rotate_channel(
        &self,
        id: i64,
        secret: &ChannelSecret,
        old_until: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "update channel set old_secret = secret, old_secret_until = $3, secret = $2 where id = $1 and deleted_at is null";
        let done =
            sqlx::query(sql).bind(id).bind(&secret.0).bind(old_until.as_microsecond()).execute(&mut *tx.tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes a channel: its rules go, its secrets and address are forgotten, what waits is dropped, what was delivered
    /// stays in the log. False when there is none of that number.
    ///
    /// # Errors
    /// What the database said.
    pub async fn delete_channel(&self, id: i64, at: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "update channel set deleted_at = $2, secret = '', old_secret = null, url = '' where id = $1 and deleted_at is null";
        let done = sqlx::query(sql).bind(id).bind(at.as_microsecond()).execute(&mut *tx.tx).await?.rows_affected();
        sqlx::query("delete from alert_rule where channel = $1").bind(id).execute(&mut *tx.tx).await?;
        let sql =
            "update delivery set state = 'dropped', last_error = '通道已删除' where channel = $1 and state = 'waiting'";
        sqlx::query(sql).bind(id).execute(&mut *tx.tx).await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Makes a rule; its number is given here and returned. None when its channel does not exist.
    ///
    /// # Errors
    /// What the database said.
    pub async fn insert_alert_rule(&self, one: &AlertRule) -> Result<Option<i64>, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "select id from channel where id = $1 and deleted_at is null";
        if sqlx::query(sql).bind(one.channel).fetch_optional(&mut *tx.tx).await?.is_none() {
            return Ok(None);
        }
        let id = tx.insert_alert_rule(one).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Changes a rule, all but its channel and age; false when there is none of that number.
    ///
    /// # Errors
    /// What the database said.
    pub async fn update_alert_rule(&self, one: &AlertRule) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(include_str!("../queries/alerts/update_rule.sql"))
            .bind(one.id)
            .bind(&one.name)
            .bind(encode(&one.units))
            .bind(encode(&one.grades))
            .bind(encode(&one.kinds))
            .bind(encode(&one.places))
            .bind(i64::from(one.enabled))
            .execute(&mut *tx.tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Removes a rule; false when there is none of that number.
    ///
    /// # Errors
    /// What the database said.
    pub async fn delete_alert_rule(&self, id: i64) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("delete from alert_rule where id = $1").bind(id).execute(&mut *tx.tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }
}

impl crate::Tx {
    async fn insert_alert_rule(&mut self, one: &AlertRule) -> Result<i64, StoreError> {
        let id = self.numbers("alert_rule", 1).await?;
        sqlx::query(include_str!("../queries/alerts/insert_rule.sql"))
            .bind(id)
            .bind(one.channel)
            .bind(&one.name)
            .bind(encode(&one.units))
            .bind(encode(&one.grades))
            .bind(encode(&one.kinds))
            .bind(encode(&one.places))
            .bind(i64::from(one.enabled))
            .bind(one.created_at.as_microsecond())
            .execute(&mut *self.tx)
            .await?;
        Ok(id)
    }
}

fn encode(list: &[String]) -> String {
    serde_json::to_string(list).expect("a list of texts is written as JSON")
}

/// A stored word as one of the words known.
pub(crate) fn known<T>(
    found: Option<T>,
    word: &str,
    table: &'static str,
    column: &'static str,
    key: i64,
) -> Result<T, StoreError> {
    let message = || format!("\"{word}\" is no {column}");
    found.ok_or_else(|| StoreError::Corrupt { table, column, key: key.to_string(), message: message() })
}

/// An optional stored time.
pub(crate) fn optional_time(
    row: &AnyRow,
    table: &'static str,
    column: &'static str,
    key: i64,
) -> Result<Option<Timestamp>, StoreError> {
    let micros: Option<i64> = row.try_get(column)?;
    micros.map(|micros| time(micros, table, column, key)).transpose()
}

fn channel(row: &AnyRow) -> Result<Channel, StoreError> {
    let id: i64 = row.try_get("id")?;
    let (kind, signing, state): (String, String, String) =
        (row.try_get("kind")?, row.try_get("signing")?, row.try_get("state")?);
    Ok(Channel {
        id,
        name: row.try_get("name")?,
        kind: known(ChannelKind::parse(&kind), &kind, "channel", "kind", id)?,
        url: row.try_get("url")?,
        unit: row.try_get::<Option<String>, _>("unit")?.map(UnitId::new),
        signing: known(Signing::parse(&signing), &signing, "channel", "signing", id)?,
        secret: ChannelSecret(row.try_get("secret")?),
        old_secret: row.try_get::<Option<String>, _>("old_secret")?.map(ChannelSecret),
        old_secret_until: optional_time(row, "channel", "old_secret_until", id)?,
        state: known(ChannelState::parse(&state), &state, "channel", "state", id)?,
        created_at: time(row.try_get("created_at")?, "channel", "created_at", id)?,
        last_ok_at: optional_time(row, "channel", "last_ok_at", id)?,
        last_error: row.try_get("last_error")?,
        failing_since: optional_time(row, "channel", "failing_since", id)?,
        failures: u32::try_from(row.try_get::<i64, _>("failures")?).unwrap_or(u32::MAX),
        waiting: row.try_get::<i64, _>("waiting")?.cast_unsigned(),
    })
}

fn rule(row: &AnyRow) -> Result<AlertRule, StoreError> {
    let id: i64 = row.try_get("id")?;
    let list = |column: &'static str| {
        let text: String = row.try_get(column)?;
        serde_json::from_str(&text).map_err(|error| StoreError::Corrupt {
            table: "alert_rule",
            column,
            key: id.to_string(),
            message: error.to_string(),
        })
    };
    Ok(AlertRule {
        id,
        channel: row.try_get("channel")?,
        name: row.try_get("name")?,
        units: list("units")?,
        grades: list("grades")?,
        kinds: list("kinds")?,
        places: list("places")?,
        enabled: row.try_get::<i64, _>("enabled")? == 1,
        created_at: time(row.try_get("created_at")?, "alert_rule", "created_at", id)?,
    })
}
