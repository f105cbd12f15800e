//! `GET /api/v1/queue`: all open matters that fit, in the order one works through them.

use std::io::{self, Write};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use huiyin_domain::matter::{Decision, State as MatterState};
use huiyin_domain::{Actor, MatterNo, Role};
use huiyin_ledger::{HeatLevel, WARM_POSTS};
use huiyin_store::{QUEUE_ROWS_MAX, QueueFilter, QueueRow};
use huiyin_text::readable;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::matters::show::is_known;
use crate::openapi::ReadRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::{ClaimView, HeatView};

/// Which part of the queue.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct QueueQuery {
    /// `new` (to be triaged; the default), `mine` (claimed by the caller), `waiting` (with units), `overdue`, or `all`.
    #[param(inline)]
    view: View,
    /// Rows at most, 1 to 10000, the default.
    limit: Option<u32>,
}

/// Part of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum View {
    /// To be triaged.
    #[default]
    New,
    /// Claimed by the caller.
    Mine,
    /// Given to units, no answer yet.
    Waiting,
    /// With a deadline unmet and past.
    Overdue,
    /// Every open matter.
    All,
}

/// The queue as it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct QueueView {
    /// When, by the server's clock.
    at: Timestamp,
    /// Which part.
    #[schema(inline)]
    view: View,
    /// How many fit, rows left out included.
    total: u64,
    /// Number of the last ledger entry before: follow `/events?after=` from here.
    event: u64,
    /// Danger first, then by grade in force, next deadline and receipt.
    rows: Vec<QueueRowView>,
}

/// One open matter.
#[derive(Serialize, ToSchema)]
struct QueueRowView {
    /// Public number (编号).
    no: String,
    /// Version of what is decided; send it as `If-Match`.
    decided_version: u64,
    /// `new`, `assigned`, `accepted` or `responded`.
    state: &'static str,
    /// Short masked text of the first post; none once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Source of the first post.
    source: String,
    /// Code of the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// Its full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    place_name: Option<String>,
    /// System as assessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// Id of the unit that leads, or else of the one proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
    /// The machine was sure (`unit`) or not (`abstain`).
    decision: &'static str,
    /// Grade in force.
    grade: &'static str,
    /// A person has set or confirmed it.
    grade_confirmed: bool,
    /// Words of danger to life.
    danger: bool,
    /// Posts that belong to it.
    posts: u32,
    /// When the first post reached us.
    received_at: Timestamp,
    /// The earliest deadline unmet, past ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    /// What is due: `information`, `press_conference`, `response`, `sign` or `verification`.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_kind: Option<&'static str>,
    /// That deadline is past.
    overdue: bool,
    /// Who of the duty office works on it; never shown to liaisons.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<ClaimView>,
    /// How much it is spoken of, while it is `warm` or `hot`.
    #[serde(skip_serializing_if = "Option::is_none")]
    heat: Option<HeatView>,
}

/// 研判队列
///
/// All fitting open matters at once. A liaison gets those that its unit has at hand. `ETag` with `If-None-Match` spares
/// the answer while nothing in it changed.
#[utoipa::path(
    get,
    path = "/api/v1/queue",
    tag = "matters",
    params(QueueQuery, ("If-None-Match" = Option<String>, Header, description = "`ETag` known already")),
    responses(
        (status = 200, description = "The queue", body = QueueView, headers(("ETag" = String))),
        (status = 304, description = "Nothing of it changed since that `ETag`"),
        ReadRefusals,
    ),
)]
pub(crate) async fn queue(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    QueryOf(query): QueryOf<QueueQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let now = state.now();
    let filter = query.filter(&actor, now)?;
    // Read first: what happens while the rows are read is told again by the events, never missed.
    let event = state.store().last_number().await?;
    let (rows, total) = match &filter {
        Some(filter) => state.store().queue(filter).await?,
        None => (Vec::new(), 0),
    };
    let mut claims = match actor.role {
        Role::Liaison => Default::default(),
        _ => state.store().claims(now).await?,
    };
    // Few posts in all are few in a day: most rows need not be asked about.
    let told: Vec<MatterNo> = rows.iter().filter(|row| row.posts >= WARM_POSTS).map(|row| row.no.clone()).collect();
    let mut heat = state.ledger().heat(&told).await?;
    let row = |row: QueueRow| {
        let claim = claims.remove(&row.no);
        let heat = heat.remove(&row.no).filter(|heat| heat.level > HeatLevel::Quiet);
        QueueRowView {
            claim: claim.as_ref().map(ClaimView::of),
            heat: heat.map(HeatView::of),
            ..QueueRowView::of(row, now)
        }
    };
    let view = QueueView { at: now, view: query.view, total, event, rows: rows.into_iter().map(row).collect() };
    let tag = view.etag()?;
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok(([(header::ETAG, tag)], Json(view)).into_response())
}

impl QueueQuery {
    /// The filter; none for a liaison without a unit, who sees nothing.
    fn filter(&self, actor: &Actor, now: Timestamp) -> Result<Option<QueueFilter>, ApiError> {
        let limit = self.limit.unwrap_or(QUEUE_ROWS_MAX);
        if !(1..=QUEUE_ROWS_MAX).contains(&limit) {
            return Err(ApiError::new(Code::Malformed, format!("limit 须在 1 至 {QUEUE_ROWS_MAX} 之间")).field("limit"));
        }
        let unit = actor.unit.clone().filter(|_| actor.role == Role::Liaison);
        if actor.role == Role::Liaison && unit.is_none() {
            return Ok(None);
        }
        let states = match self.view {
            View::New => vec![MatterState::New],
            View::Waiting => vec![MatterState::Assigned, MatterState::Accepted],
            View::Mine | View::Overdue | View::All => Vec::new(),
        };
        Ok(Some(QueueFilter {
            states,
            unit,
            claimed_by: (self.view == View::Mine).then(|| (actor.name.clone(), now)),
            overdue_at: (self.view == View::Overdue).then_some(now),
            limit,
        }))
    }
}

impl QueueRowView {
    fn of(row: QueueRow, now: Timestamp) -> QueueRowView {
        QueueRowView {
            no: row.no.to_string(),
            decided_version: row.decided_version,
            state: row.state.as_str(),
            title: row.title.as_deref().map(readable),
            source: row.source,
            place: row.place,
            place_name: row.place_name,
            system: row.system,
            unit: row.unit,
            unit_name: row.unit_name,
            decision: if row.decision == Decision::Unit { "unit" } else { "abstain" },
            grade: row.grade.as_str(),
            grade_confirmed: row.grade_confirmed,
            danger: row.danger,
            posts: row.posts,
            received_at: row.received_at,
            overdue: row.due.is_some_and(|(_, due)| due < now),
            due: row.due.map(|(_, due)| due),
            due_kind: row.due.map(|(kind, _)| kind.as_str()),
            claim: None,
            heat: None,
        }
    }
}

impl QueueView {
    /// Over what is shown, the time of asking and the ledger's last number aside.
    fn etag(&self) -> Result<HeaderValue, ApiError> {
        let mut hash = Hashed(Sha256::new());
        let written = serde_json::to_writer(io::BufWriter::new(&mut hash), &(self.view, self.total, &self.rows));
        written.map_err(|error| ApiError::internal("writing the queue", &error))?;
        let digest = hex::encode(hash.0.finalize());
        let tag = HeaderValue::try_from(format!("\"{}\"", digest.get(..32).unwrap_or_default()));
        Ok(tag.expect("hex digits in quotes make a header value"))
    }
}

struct Hashed(Sha256);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
