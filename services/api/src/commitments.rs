//! `GET /api/v1/commitments`: who promised what by when.

use axum::Json;
use axum::extract::State;
use huiyin_domain::{Actor, Role, UnitId};
use huiyin_store::{CommitmentFilter, CommitmentRow, CommitmentState};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::QueryOf;
use crate::matters::list::{cursor, limit, text};
use crate::openapi::ReadRefusals;
use crate::problem::ApiError;

/// Which promises.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CommitmentQuery {
    /// `open` (not verified yet; the default), `overdue`, `kept`, `broken` or `all`.
    #[param(inline)]
    state: Standing,
    /// Id of the unit that owes it.
    unit: Option<String>,
    /// Where the last page ended: its `next`.
    cursor: Option<String>,
    /// Rows at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Not verified yet, overdue ones among them.
    #[default]
    Open,
    /// Not verified and past its day.
    Overdue,
    /// Verified as kept.
    Kept,
    /// Verified as broken.
    Broken,
    /// All of them.
    All,
}

/// A page of promises.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommitmentList {
    /// Those not verified first, by day due: so the overdue ones lead.
    commitments: Vec<CommitmentItem>,
    /// Give it as `cursor` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many stand how, of that unit or of all.
    counts: CommitmentCountsView,
}

/// One promise (承诺) with its matter.
#[derive(Serialize, ToSchema)]
struct CommitmentItem {
    /// The matter it was made in.
    matter: String,
    /// The matter's short text; none once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Number within the matter; `verify` names it as `commitment`.
    number: u32,
    /// Id of the unit that owes it.
    owner: String,
    /// Its name.
    owner_name: String,
    /// By the end of this day, Beijing time.
    #[schema(value_type = String, format = Date)]
    due: Date,
    /// Not verified and past its day.
    overdue: bool,
    /// Made public.
    published: bool,
    /// What was promised; none once erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// When.
    at: Timestamp,
    /// Login name of who recorded it: another person has to verify it.
    promised_by: String,
    /// Kept or broken, once verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<bool>,
    /// When it was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified_at: Option<Timestamp>,
    /// The caller could verify it now.
    can_verify: bool,
}

/// How many promises stand how.
#[derive(Default, Serialize, ToSchema)]
struct CommitmentCountsView {
    /// Not verified yet, overdue ones among them.
    open: u64,
    /// Not verified and past their day.
    overdue: u64,
    /// Verified as kept.
    kept: u64,
    /// Verified as broken.
    broken: u64,
}

/// 承诺跟踪
///
/// A liaison sees the promises of its unit.
#[utoipa::path(
    get,
    path = "/api/v1/commitments",
    tag = "matters",
    params(CommitmentQuery),
    responses((status = 200, description = "A page of promises", body = CommitmentList), ReadRefusals),
)]
pub(crate) async fn commitments(
    State(state): State<ApiState>,
    Reader(actor): Reader,
    QueryOf(query): QueryOf<CommitmentQuery>,
) -> Result<Json<CommitmentList>, ApiError> {
    let today = state.today();
    let Some(filter) = query.filter(&actor, today)? else {
        let counts = CommitmentCountsView::default();
        return Ok(Json(CommitmentList { commitments: Vec::new(), next: None, counts }));
    };
    let page = state.store().commitments(&filter).await?;
    let counts = state.store().commitment_counts(filter.unit.as_ref(), today).await?;
    let catalogue = state.catalogue_in_force();
    let named = |row: &CommitmentRow| {
        let unit = catalogue.as_ref().and_then(|catalogue| catalogue.unit_by_id(&row.commitment.owner));
        row.owner_name.clone().or(unit.map(|unit| unit.name)).unwrap_or_else(|| row.commitment.owner.to_string())
    };
    let item = |row: CommitmentRow| CommitmentItem::of(named(&row), row, &actor, today);
    Ok(Json(CommitmentList {
        commitments: page.rows.into_iter().map(item).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
        counts: CommitmentCountsView {
            open: counts.open,
            overdue: counts.overdue,
            kept: counts.kept,
            broken: counts.broken,
        },
    }))
}

impl CommitmentQuery {
    /// The filter; none when nothing that `actor` may see can fit.
    fn filter(self, actor: &Actor, today: Date) -> Result<Option<CommitmentFilter>, ApiError> {
        let mut unit = text("unit", self.unit)?.map(UnitId::new);
        if actor.role == Role::Liaison {
            if actor.unit.is_none() || (unit.is_some() && unit != actor.unit) {
                return Ok(None);
            }
            unit.clone_from(&actor.unit);
        }
        let state = match self.state {
            Standing::Open => CommitmentState::Open,
            Standing::Overdue => CommitmentState::Overdue,
            Standing::Kept => CommitmentState::Kept,
            Standing::Broken => CommitmentState::Broken,
            Standing::All => CommitmentState::All,
        };
        let after = self.cursor.map(cursor).transpose()?;
        Ok(Some(CommitmentFilter { state, unit, today, after, limit: limit(self.limit)? }))
    }
}

impl CommitmentItem {
    fn of(owner_name: String, row: CommitmentRow, actor: &Actor, today: Date) -> CommitmentItem {
        let one = row.commitment;
        CommitmentItem {
            matter: row.matter.to_string(),
            title: row.title.as_deref().map(huiyin_text::readable),
            number: one.number,
            owner: one.owner.to_string(),
            owner_name,
            overdue: one.kept.is_none() && one.due < today,
            due: one.due,
            published: one.published,
            text: one.text,
            at: one.at,
            can_verify: actor.role.is_duty() && one.kept.is_none() && one.promised_by != actor.name,
            promised_by: one.promised_by,
            kept: one.kept,
            verified_at: one.verified_at,
        }
    }
}
