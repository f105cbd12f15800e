//! Promises that fall due: a reminder the day before, on the day, and once it is overdue.

use huiyin_domain::BEIJING;
use jiff::civil::{Date, Time};
use jiff::{Span, Timestamp};

use crate::follow::{Follower, delivery};
use crate::notice::{Notice, owner};
use crate::rule::recipient;
use crate::{AlertError, AlertKind};

/// Reminders go out from this time of day on, Beijing time: promises run to the end of a day, nobody need be woken.
const FROM: Time = Time::constant(8, 30, 0, 0);
/// Promises overdue for longer than this are on the list of the office anyway.
const DAYS_BACK: i64 = 7;
/// Promises looked at in one turn.
const COMMITMENTS_MAX: u32 = 2_000;

impl Follower {
    /// Writes a delivery for every promise that reached a stage it was not told of before; returns how many are new.
    ///
    /// # Errors
    /// What the store said.
    pub async fn remind_once(&self) -> Result<u64, AlertError> {
        let now = self.clock.now();
        let local = BEIJING.to_datetime(now);
        if local.time() < FROM {
            return Ok(0);
        }
        let (channels, rules) = (self.store.channels().await?, self.store.alert_rules().await?);
        let named =
            |kinds: &[String]| kinds.is_empty() || kinds.iter().any(|kind| kind == AlertKind::CommitmentDue.as_str());
        if !rules.iter().any(|rule| rule.enabled && named(&rule.kinds)) {
            return Ok(0);
        }
        let today = local.date();
        let (first, last) = (days_from(today, -DAYS_BACK), days_from(today, 1));
        let mut rows = Vec::new();
        for due in self.store.commitments_due(first, last, COMMITMENTS_MAX).await? {
            let Some(matter) = self.store.matter(&due.matter).await? else { continue };
            let stage = stage(due.due, today);
            let concern = owner(&due.owner, &matter);
            for channel in &channels {
                let concerns = std::slice::from_ref(&concern);
                if recipient(channel, &rules, AlertKind::CommitmentDue, &matter, concerns).is_none() {
                    continue;
                }
                let url = self.options.console_url.as_deref();
                let notice = Notice::of_commitment(&due, stage, &matter, &concern, url, now);
                let cause = format!("commitment:{}:{}:{}:{stage}", due.matter, due.number, due.due);
                let seed: [&[u8]; 3] = [cause.as_bytes(), &channel.id.to_be_bytes(), &micros(channel.created_at)];
                rows.push(delivery(channel, cause.clone(), AlertKind::CommitmentDue, &notice, &seed, now));
            }
        }
        let fresh = self.store.deliveries_unknown(rows).await?;
        if fresh.is_empty() {
            return Ok(0);
        }
        let mut tx = self.store.begin().await?;
        let written = tx.insert_deliveries(&fresh).await?;
        tx.commit().await?;
        Ok(written)
    }
}

fn stage(due: Date, today: Date) -> &'static str {
    match due.cmp(&today) {
        std::cmp::Ordering::Greater => "before",
        std::cmp::Ordering::Equal => "today",
        std::cmp::Ordering::Less => "overdue",
    }
}

fn days_from(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

fn micros(at: Timestamp) -> [u8; 8] {
    at.as_microsecond().to_be_bytes()
}
