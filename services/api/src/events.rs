//! `GET /api/v1/events`: live events, with replay.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use huiyin_domain::{Actor, MatterNo, Role};
use huiyin_store::{StoreError, StoredEntry};
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::matters::may_see;
use crate::openapi::StreamRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::EventView;

/// Entries read at once.
const BATCH_ENTRIES_MAX: u32 = 200;

/// Longest wait for the wake-up, after which the ledger is looked at anyway: another process may number entries.
const POLL: Duration = Duration::from_secs(5);

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
/// stream ends now and then, so that logins are checked anew; clients come back by themselves.
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
    let follower = Follower::new(state, actor, after, permit);
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
    ends_at: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Follower {
    fn new(state: ApiState, actor: Actor, after: u64, permit: OwnedSemaphorePermit) -> Follower {
        let life = Duration::from_secs(u64::from(state.settings().event_stream_seconds_max));
        Follower {
            actor,
            after,
            waiting: VecDeque::new(),
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
        let batch = self.state.store().entries_numbered(self.after, BATCH_ENTRIES_MAX).await?;
        let mut seen: HashMap<MatterNo, bool> = HashMap::new();
        for stored in &batch {
            self.after = stored.number.unwrap_or(self.after).max(self.after);
            if self.shows(stored, &mut seen).await? {
                self.waiting.extend(event(stored));
            }
        }
        Ok(batch.len())
    }

    async fn shows(&self, stored: &StoredEntry, seen: &mut HashMap<MatterNo, bool>) -> Result<bool, StoreError> {
        if self.actor.role != Role::Liaison {
            return Ok(true);
        }
        let no = &stored.entry.matter;
        if let Some(shown) = seen.get(no) {
            return Ok(*shown);
        }
        let shown = self.state.store().matter(no).await?.is_some_and(|matter| may_see(&matter, &self.actor));
        seen.insert(no.clone(), shown);
        Ok(shown)
    }

    async fn wait(&mut self) {
        let until = (Instant::now() + POLL).min(self.ends_at);
        let changes = &mut self.changes;
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
        }
    }
}

fn event(stored: &StoredEntry) -> Option<Event> {
    let view = EventView::of(stored)?;
    let data = serde_json::to_string(&view).expect("numbers and texts are written as JSON");
    Some(Event::default().id(view.number.to_string()).data(data))
}
