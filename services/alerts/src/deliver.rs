//! The deliverer: what is due is sent, and what came of it recorded.
//!
//! At most [`DeliverOptions::in_flight_max`] messages are under way, at most two of one channel, and at most half of all
//! to channels whose last try failed: endpoints that hang take no place from those that work.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use huiyin_domain::Clock;
use huiyin_store::{ChannelKind, DeliveryState, DeliveryTry, Store, TakeLimits, Verdict, Work};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::AlertError;
use crate::answer::{Outcome, judge};
use crate::compose::compose;
use crate::notice::masked;
use crate::schedule;
use crate::send::{Answer, Sender};

/// How often one looks for what is due.
const POLL: Duration = Duration::from_secs(1);
/// How long a delivery is ours: longer than any try may take.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// Messages of one channel under way at once.
const PER_CHANNEL: u32 = 2;
/// A channel to which nothing arrived for this long is shown as failing.
const FAILING_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);
/// What waits for this long (its channel is paused) is dropped.
const WAITING_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Finished deliveries are kept for this long.
const KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);
/// How often old deliveries are looked for, and how many go at once.
const TIDY: (SignedDuration, u32) = (SignedDuration::from_mins(10), 500);
/// Characters of an answer that are kept.
const EXCERPT_CHARS_MAX: usize = 500;

/// How the deliverer works.
#[derive(Clone, Copy, Debug)]
pub struct DeliverOptions {
    /// Seed of the jitter of waits; a node passes a random one.
    pub seed: u64,
    /// Messages under way at once: 32.
    pub in_flight_max: u32,
}

impl Default for DeliverOptions {
    fn default() -> DeliverOptions {
        DeliverOptions { seed: 0, in_flight_max: 32 }
    }
}

/// Sends what is due.
#[derive(Clone)]
pub struct Deliverer {
    store: Store,
    clock: Arc<dyn Clock>,
    sender: Arc<dyn Sender>,
    options: DeliverOptions,
}

/// A try that came to its end.
struct Done {
    work: Work,
    at: Timestamp,
    answer: Answer,
}

/// Requests under way. They hold nothing of the store: nobody polls them while the store is waited for.
type UnderWay<'d> = FuturesUnordered<BoxFuture<'d, Done>>;

impl Deliverer {
    /// A deliverer of what `store` holds, over `sender`.
    pub fn new(store: Store, clock: Arc<dyn Clock>, sender: Arc<dyn Sender>, options: DeliverOptions) -> Deliverer {
        Deliverer { store, clock, sender, options }
    }

    /// Delivers until `cancel`; what is under way then is finished.
    ///
    /// # Errors
    /// A failure that trying again cannot mend.
    pub async fn run(&self, cancel: CancellationToken) -> Result<(), AlertError> {
        let mut under_way = UnderWay::new();
        let (mut troubled, mut tidied) = (0, None);
        while !cancel.is_cancelled() {
            match self.turn(&mut under_way, &mut troubled, &mut tidied).await {
                Ok(_) => {}
                Err(error) if error.is_retryable() => tracing::warn!(%error, "deliveries wait"),
                Err(error) => return Err(error),
            }
            tokio::select! {
                () = cancel.cancelled() => {}
                Some(done) = under_way.next(), if !under_way.is_empty() => self.record(done, &mut troubled).await,
                () = tokio::time::sleep(POLL) => {}
            }
        }
        while let Some(done) = under_way.next().await {
            self.record(done, &mut troubled).await;
        }
        Ok(())
    }

    /// Delivers until nothing is due any more and nothing under way; returns how many tries that took.
    ///
    /// # Errors
    /// What the store said.
    pub async fn drain(&self) -> Result<u64, AlertError> {
        let mut under_way = UnderWay::new();
        let (mut troubled, mut tries) = (0, 0);
        loop {
            tries += self.turn(&mut under_way, &mut troubled, &mut Some(self.clock.now())).await?;
            match under_way.next().await {
                Some(done) => self.record(done, &mut troubled).await,
                None => return Ok(tries),
            }
        }
    }

    /// Takes as much as there is room for; returns how many.
    async fn turn<'d>(
        &'d self,
        under_way: &mut UnderWay<'d>,
        troubled: &mut u32,
        tidied: &mut Option<Timestamp>,
    ) -> Result<u64, AlertError> {
        let now = self.clock.now();
        if tidied.is_none_or(|at| now.duration_since(at) >= TIDY.0) {
            *tidied = Some(now);
            self.tidy(now).await?;
        }
        let running = u32::try_from(under_way.len()).unwrap_or(u32::MAX);
        let limits = TakeLimits {
            per_channel: PER_CHANNEL,
            total: self.options.in_flight_max.saturating_sub(running),
            troubled: (self.options.in_flight_max / 2).saturating_sub(*troubled),
            per_minute,
        };
        if limits.total == 0 {
            return Ok(0);
        }
        let lease = now.saturating_add(LEASE).unwrap_or(now);
        let taken = self.store.take_deliveries(now, lease, limits).await?;
        let count = taken.len() as u64;
        for work in taken {
            *troubled += u32::from(work.target.failures > 0);
            under_way.push(self.send(work).boxed());
        }
        Ok(count)
    }

    async fn tidy(&self, now: Timestamp) -> Result<(), AlertError> {
        let before = |age| now.saturating_sub(age).unwrap_or(Timestamp::MIN);
        let (dropped, removed) = self.store.expire_deliveries(before(WAITING_MAX), before(KEPT), TIDY.1).await?;
        if dropped > 0 {
            tracing::warn!(dropped, "deliveries of channels that stood still for a week were dropped");
        }
        tracing::debug!(removed, "old deliveries removed");
        Ok(())
    }

    /// One try.
    async fn send(&self, work: Work) -> Done {
        let at = self.clock.now();
        let answer = match compose(&work.target, &work.message, &work.payload, at) {
            Ok(message) => self.sender.send(&message).await,
            Err(error) => Answer { error: Some(error), ..Answer::default() },
        };
        Done { work, at, answer }
    }

    /// A record that cannot be written is logged: the lease runs out, and the message goes again.
    async fn record(&self, done: Done, troubled: &mut u32) {
        let Done { work, at, answer } = done;
        *troubled = troubled.saturating_sub(u32::from(work.target.failures > 0));
        let outcome = judge(work.target.kind, &answer, at);
        let verdict = self.verdict(&work, &outcome, self.clock.now());
        let excerpt = masked(&answer.body, EXCERPT_CHARS_MAX);
        let tried = DeliveryTry {
            at,
            status: answer.status,
            millis: answer.millis,
            error: outcome.error().map(str::to_owned),
            excerpt: Some(excerpt).filter(|excerpt| !excerpt.is_empty()),
        };
        let (delivery, channel, state) = (work.delivery, work.target.channel, verdict.state.as_str());
        metrics::counter!("huiyin_alert_tries_total", "outcome" => state).increment(1);
        tracing::debug!(delivery, channel, attempt = work.attempt, status = ?answer.status, state, "tried");
        if verdict.state == DeliveryState::Failed {
            tracing::warn!(delivery, channel, attempts = work.attempt, "a message did not arrive and is given up");
        }
        match self.store.record_try(&work, &tried, &verdict).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!(delivery, channel, "a try took longer than its lease"),
            Err(error) => tracing::warn!(delivery, channel, %error, "a try could not be recorded; it is repeated"),
        }
    }

    fn verdict(&self, work: &Work, outcome: &Outcome, now: Timestamp) -> Verdict {
        let after = |wait: SignedDuration| now.saturating_add(wait).unwrap_or(Timestamp::MAX);
        let failing = work.target.failing_since.is_some_and(|since| now.duration_since(since) >= FAILING_AFTER);
        let ended = |state, pause| Verdict { state, next_try_at: now, rest_until: None, pause, failing };
        let (rest, least) = match outcome {
            Outcome::Arrived => return ended(DeliveryState::Sent, false),
            Outcome::Gone(_) => return ended(DeliveryState::Failed, true),
            Outcome::Busy(wait, _) => (Some(*wait), *wait),
            Outcome::Failed(_) => (schedule::rest_after(work.target.failures + 1), SignedDuration::ZERO),
        };
        let wait = schedule::wait_after(work.round, &work.message, self.options.seed);
        Verdict {
            state: if wait.is_some() { DeliveryState::Waiting } else { DeliveryState::Failed },
            next_try_at: after(wait.unwrap_or_default().max(least)),
            rest_until: rest.map(after),
            pause: false,
            failing,
        }
    }
}

/// Messages in a minute by the clock. Half of what robots take in any minute (20; 飞书 100), so that the end of one minute
/// and the beginning of the next stay within it together.
fn per_minute(kind: ChannelKind) -> Option<u32> {
    match kind {
        ChannelKind::Webhook => None,
        ChannelKind::Wecom | ChannelKind::Dingtalk => Some(10),
        ChannelKind::Feishu => Some(50),
    }
}
