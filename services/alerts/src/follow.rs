//! The follower: ledger entries become deliveries.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use huiyin_domain::matter::{Entry, Matter};
use huiyin_domain::{Clock, MatterNo};
use huiyin_store::{AlertRule, Channel, Checkpoint, NewDelivery, Store, StoredEntry, UndoneVersions};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::notice::{Notice, concerns, shortened};
use crate::rule::recipient;
use crate::{AlertError, AlertKind};

/// Entries read at once.
const ENTRIES_MAX: u32 = 200;
/// A holder that stopped is replaced after this time.
const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// How often the ledger is looked at.
const POLL: Duration = Duration::from_secs(1);
/// How often promises are looked at, in turns of the loop.
const TURNS_PER_REMINDER: u32 = 60;
/// Longest line for the log, in characters.
const SUMMARY_CHARS_MAX: usize = 160;

/// How the follower works.
#[derive(Clone, Debug)]
pub struct FollowOptions {
    /// Entries younger than this are left alone: they may still be undone.
    pub hold: SignedDuration,
    /// Address of the console as its users write it, for links; none for messages without.
    pub console_url: Option<String>,
}

/// Turns ledger entries into deliveries, exactly once each.
#[derive(Clone)]
pub struct Follower {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: FollowOptions,
}

impl Follower {
    /// A follower of the ledger in `store`.
    pub fn new(store: Store, clock: Arc<dyn Clock>, options: FollowOptions) -> Follower {
        Follower { store, clock, options }
    }

    /// Follows until `cancel`; of several processes one does it at a time, named by `holder`.
    ///
    /// # Errors
    /// A failure that trying again cannot mend.
    pub async fn run(&self, holder: &str, cancel: CancellationToken) -> Result<(), AlertError> {
        let mut turn = 0_u32;
        while !cancel.is_cancelled() {
            match self.turn(holder, turn.is_multiple_of(TURNS_PER_REMINDER)).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) if error.is_retryable() => tracing::warn!(%error, "alerts wait"),
                Err(error) => return Err(error),
            }
            turn = turn.wrapping_add(1);
            tokio::select! {
                () = cancel.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        Ok(())
    }

    /// One turn, if this process holds the lease; true when there may be more.
    async fn turn(&self, holder: &str, remind: bool) -> Result<bool, AlertError> {
        let now = self.clock.now();
        let until = now.saturating_add(LEASE).unwrap_or(now);
        if !self.store.lease("alerts", holder, now, until).await? {
            return Ok(false);
        }
        if remind {
            self.remind_once().await?;
        }
        self.follow_once().await
    }

    /// Reads one batch of entries and writes what follows from it, with the position after it, in one transaction; true
    /// when there may be more.
    ///
    /// # Errors
    /// What the store said.
    pub async fn follow_once(&self) -> Result<bool, AlertError> {
        let checkpoint = Checkpoint { consumer: "alerts", topic: "ledger".into(), shard: 0 };
        let from = self.store.position(&checkpoint).await?.unwrap_or(0);
        let mut batch = self.store.entries_numbered(from.cast_unsigned(), ENTRIES_MAX).await?;
        let settled = self.clock.now().saturating_sub(self.options.hold).unwrap_or(jiff::Timestamp::MIN);
        let read = batch.iter().position(|one| one.entry.at > settled).unwrap_or(batch.len());
        let whole = batch.len() == ENTRIES_MAX as usize && read == batch.len();
        batch.truncate(read);
        let Some(next) = batch.last().and_then(|last| last.number) else { return Ok(false) };
        let rows = self.deliveries(&batch).await?;
        let mut tx = self.store.begin().await?;
        if !tx.advance(&checkpoint, from, next.cast_signed()).await? {
            // Another process was faster; its rows are ours.
            return Ok(true);
        }
        let written = tx.insert_deliveries(&rows).await?;
        tx.commit().await?;
        metrics::counter!("huiyin_alert_deliveries_written_total").increment(written);
        Ok(whole)
    }

    async fn deliveries(&self, batch: &[StoredEntry]) -> Result<Vec<NewDelivery>, AlertError> {
        let (channels, rules) = (self.store.channels().await?, self.store.alert_rules().await?);
        let oldest = channels.iter().map(|one| one.created_at).min();
        let told = |stored: &&StoredEntry| {
            oldest.is_some_and(|oldest| stored.entry.at >= oldest) && AlertKind::of(&stored.entry.event).is_some()
        };
        let told: Vec<&StoredEntry> = batch.iter().filter(told).collect();
        let mut numbers: Vec<MatterNo> = told.iter().map(|one| one.entry.matter.clone()).collect();
        numbers.sort();
        numbers.dedup();
        let undone = self.store.undone_versions(&numbers).await?;
        let mut matters: BTreeMap<MatterNo, Matter> = BTreeMap::new();
        for no in numbers {
            if let Some(matter) = self.store.matter(&no).await? {
                matters.insert(no, matter);
            }
        }
        let mut rows = Vec::new();
        for stored in told.into_iter().filter(|one| !is_undone(&one.entry, &undone)) {
            if let Some(matter) = matters.get(&stored.entry.matter) {
                let known = Known { channels: &channels, rules: &rules, matter };
                rows.extend(known.of_entry(stored, &self.options, self.clock.now()));
            }
        }
        Ok(rows)
    }
}

fn is_undone(entry: &Entry, undone: &UndoneVersions) -> bool {
    let spans = undone.get(&entry.matter);
    spans.is_some_and(|spans| spans.iter().any(|(from, to)| (*from..=*to).contains(&entry.version)))
}

/// What is known about the receivers and one matter.
struct Known<'k> {
    channels: &'k [Channel],
    rules: &'k [AlertRule],
    matter: &'k Matter,
}

impl Known<'_> {
    fn of_entry(&self, stored: &StoredEntry, options: &FollowOptions, now: jiff::Timestamp) -> Vec<NewDelivery> {
        let entry = &stored.entry;
        let (Some(kind), Some(number)) = (AlertKind::of(&entry.event), stored.number) else { return Vec::new() };
        let concerns = concerns(&entry.event, self.matter);
        let mut rows = Vec::new();
        for channel in self.channels.iter().filter(|channel| channel.created_at <= entry.at) {
            let Some(to) = recipient(channel, self.rules, kind, self.matter, &concerns) else { continue };
            let notice = Notice::of_entry(kind, entry, self.matter, to, options.console_url.as_deref());
            let seed = [stored.leaf.as_slice(), &channel.id.to_be_bytes()];
            rows.push(delivery(channel, format!("entry:{number}"), kind, &notice, &seed, now));
        }
        rows
    }
}

/// A delivery of `notice`; its id is made from `seed`, which differs between installations.
pub(crate) fn delivery(
    channel: &Channel,
    cause: String,
    kind: AlertKind,
    notice: &Notice,
    seed: &[&[u8]],
    now: jiff::Timestamp,
) -> NewDelivery {
    let mut hasher = Sha256::new();
    for part in seed {
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let id: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    NewDelivery {
        channel: channel.id,
        cause,
        message: format!("msg_{id}"),
        matter: MatterNo::new(notice.data.matter.clone()),
        kind: kind.as_str().to_owned(),
        summary: shortened(&notice.summary(), SUMMARY_CHARS_MAX),
        payload: serde_json::to_string(notice).expect("texts and instants are written as JSON"),
        created_at: now,
    }
}
