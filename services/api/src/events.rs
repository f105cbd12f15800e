//! `GET /api/v1/events`: live events, with replay.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use huiyin_domain::matter::{Event as Recorded, Matter};
use huiyin_domain::{Actor, MatterNo, Role};
use huiyin_store::{StoreError, StoredEntry};
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};
use tokio::time::Instant;
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::matters::may_see;
use crate::openapi::StreamRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::{ClaimEvent, EventView};

/// Entries read at once.
const BATCH_ENTRIES_MAX: u32 = 200;

/// Longest wait for the wake-up, after which the ledger is looked at anyway: another process may number entries.
const POLL: Duration = Duration::from_secs(5);

/// Shortest wait for an entry that may go out soon: clocks need not agree to the millisecond.
const POLL_MIN: Duration = Duration::from_millis(20);

/// Where to begin.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// Begin after this number; 0 replays everything. The header `Last-Event-ID` goes before it.
    after: Option<u64>,
}

/// 实时事件
///
/// Server-sent events, one for each ledger entry, with the entry's number as id. Comes back with `Last-Event-ID`, and
/// nothing is missed; without it or `after` only what is new is sent. A liaison gets those of the matters it may see. The
/// stream ends now and then, so that logins are checked anew; clients come back by themselves. Tokens are told of an
/// entry once it can no longer be taken back, and never of one that was.
///
/// Sessions of the duty office also get events of type `claim`, without an id: who works on which matter.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    tag = "events",
    params(EventQuery, ("Last-Event-ID" = Option<String>, Header, description = "Id of the last event received")),
    responses((status = 200, description = "Events", content_type = "text/event-stream", body = EventView), StreamRefusals),
)]
pub(crate) async fn events(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    QueryOf(query): QueryOf<EventQuery>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + Send>, ApiError> {
    let busy = |_| ApiError::new(Code::TooManyRequests, "实时连接过多，请稍后重试").retry_after(30);
    let permit = state.event_streams().try_acquire_owned().map_err(busy)?;
    let after = match last_event_id(&headers)?.or(query.after) {
        Some(number) => number.min(i64::MAX as u64),
        None => state.store().last_number().await?,
    };
    let heartbeat = Duration::from_secs(u64::from(state.settings().heartbeat_seconds.max(1)));
    let outside = headers.contains_key(header::AUTHORIZATION);
    let follower = Follower::new(state, actor, outside, after, permit);
    let stream = unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(heartbeat)))
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<u64>, ApiError> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    let refused = || ApiError::new(Code::Malformed, "Last-Event-ID 须为数字").field("Last-Event-ID");
    number.map(Some).ok_or_else(refused)
}

/// One stream's way through the ledger. Keeps one batch at most; a slow client slows only itself.
struct Follower {
    state: ApiState,
    actor: Actor,
    /// Number up to which entries were read.
    after: u64,
    waiting: VecDeque<Event>,
    changes: watch::Receiver<u64>,
    /// A token: another program, which hears of nothing that may still be taken back.
    outside: bool,
    /// When the next entry may go out, if one waits for that.
    ripe_at: Option<Timestamp>,
    /// Who works on what; none for those who are not told.
    claims: Option<broadcast::Receiver<ClaimEvent>>,
    ends_at: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Follower {
    fn new(state: ApiState, actor: Actor, outside: bool, after: u64, permit: OwnedSemaphorePermit) -> Follower {
        let life = Duration::from_secs(u64::from(state.settings().event_stream_seconds_max));
        Follower {
            claims: (!outside && actor.role.is_duty()).then(|| state.claims().subscribe()),
            actor,
            outside,
            ripe_at: None,
            after,
            // Something at once: a proxy that waits for the first byte would leave the console without a connection.
            waiting: VecDeque::from([Event::default().comment("open")]),
            changes: state.ledger().changes(),
            ends_at: Instant::now() + life,
            state,
            _permit: permit,
        }
    }

    /// The next event; none when the stream ends: at shutdown, after its time, or when the store fails (the client comes
    /// back with the last id).
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.state.shutdown().is_cancelled() || Instant::now() >= self.ends_at {
                return None;
            }
            // Marked before reading: what changes while we read wakes us again.
            self.changes.mark_unchanged();
            match self.read().await {
                Ok(0) => self.wait().await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "a live event stream ended early");
                    return None;
                }
            }
        }
    }

    /// Reads one batch; gives how many entries it had, shown or not.
    async fn read(&mut self) -> Result<usize, StoreError> {
        let mut batch = self.state.store().entries_numbered(self.after, BATCH_ENTRIES_MAX).await?;
        let mut undone = BTreeSet::new();
        if self.outside {
            self.hold_back(&mut batch);
            undone = self.undone(&batch).await?;
        }
        let mut seen: HashMap<MatterNo, bool> = HashMap::new();
        for stored in &batch {
            self.after = stored.number.unwrap_or(self.after).max(self.after);
            let taken_back = stored.number.is_some_and(|number| undone.contains(&number));
            if !taken_back && self.shows(stored, &mut seen).await? {
                self.waiting.extend(event(stored));
            }
        }
        Ok(batch.len())
    }

    /// Leaves only what can no longer be taken back, and sets when more will be.
    fn hold_back(&mut self, batch: &mut Vec<StoredEntry>) {
        let hold = self.state.ledger().hold();
        let ripe_at = |stored: &StoredEntry| stored.entry.at.saturating_add(hold).unwrap_or(stored.entry.at);
        let now = self.state.now();
        let ripe = batch.iter().position(|stored| ripe_at(stored) > now).unwrap_or(batch.len());
        self.ripe_at = batch.get(ripe).map(ripe_at);
        batch.truncate(ripe);
    }

    /// The numbers of entries that were taken back, and of those that took them back.
    async fn undone(&self, batch: &[StoredEntry]) -> Result<BTreeSet<u64>, StoreError> {
        let matters: BTreeSet<&MatterNo> =
            batch.iter().filter(|one| one.entry.event.decides()).map(|one| &one.entry.matter).collect();
        let matters: Vec<MatterNo> = matters.into_iter().cloned().collect();
        let undone = self.state.store().undone_versions(&matters).await?;
        let taken_back = |one: &&StoredEntry| {
            let (entry, none) = (&one.entry, Vec::new());
            let within = |(from, to): &(u64, u64)| (*from..=*to).contains(&entry.version) && entry.event.decides();
            matches!(entry.event, Recorded::Undone { .. })
                || undone.get(&entry.matter).unwrap_or(&none).iter().any(within)
        };
        Ok(batch.iter().filter(taken_back).filter_map(|one| one.number).collect())
    }

    async fn shows(&self, stored: &StoredEntry, seen: &mut HashMap<MatterNo, bool>) -> Result<bool, StoreError> {
        if self.actor.role != Role::Liaison {
            return Ok(true);
        }
        let no = &stored.entry.matter;
        if matches!(stored.entry.event, Recorded::Undone { .. }) {
            // Its console may show what was taken back: it is told, so that it looks again.
            let matter = self.state.store().matter(no).await?;
            let given =
                |matter: &Matter| matter.assignments.iter().any(|one| Some(&one.unit) == self.actor.unit.as_ref());
            return Ok(matter.as_ref().is_some_and(given));
        }
        if let Some(shown) = seen.get(no) {
            return Ok(*shown);
        }
        let shown = self.state.store().matter(no).await?.is_some_and(|matter| may_see(&matter, &self.actor));
        seen.insert(no.clone(), shown);
        Ok(shown)
    }

    async fn wait(&mut self) {
        let ripe_in =
            self.ripe_at.map(|at| Duration::try_from(at.duration_since(self.state.now())).unwrap_or_default());
        let pause = ripe_in.map_or(POLL, |ripe_in| ripe_in.clamp(POLL_MIN, POLL));
        let until = (Instant::now() + pause).min(self.ends_at);
        let (changes, claims, waiting) = (&mut self.changes, &mut self.claims, &mut self.waiting);
        let woken = async {
            if changes.changed().await.is_err() {
                // Nobody numbers entries in this process any more: look now and then.
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = self.state.shutdown().cancelled() => {}
            () = tokio::time::sleep_until(until) => {}
            () = woken => {}
            claimed = next_claim(claims) => waiting.push_back(claim_event(&claimed)),
        }
    }
}

/// The next claim; waits for ever where none are told.
async fn next_claim(claims: &mut Option<broadcast::Receiver<ClaimEvent>>) -> ClaimEvent {
    while let Some(receiver) = claims {
        match receiver.recv().await {
            Ok(claimed) => return claimed,
            // A slow client misses claims; the queue it reads next has them.
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => *claims = None,
        }
    }
    std::future::pending().await
}

fn claim_event(claimed: &ClaimEvent) -> Event {
    let data = serde_json::to_string(claimed).expect("texts and times are written as JSON");
    Event::default().event("claim").data(data)
}

fn event(stored: &StoredEntry) -> Option<Event> {
    let view = EventView::of(stored)?;
    let data = serde_json::to_string(&view).expect("numbers and texts are written as JSON");
    Some(Event::default().id(view.number.to_string()).data(data))
}
