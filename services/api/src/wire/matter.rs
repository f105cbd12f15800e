//! Matters: the row of a list and the whole.

use huiyin_domain::Actor;
use huiyin_domain::matter::{Decision, Matter, OpenedFurther, UndoOffer, allowed_actions};
use huiyin_ledger::Heat;
use huiyin_store::Claim;
use huiyin_text::readable;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::claim::{ClaimView, UndoView};
use super::heat::HeatView;
use super::work::{AssignmentView, CommitmentView, ConsultationView, DeadlineView, ResponseView, StepView};

/// A page of matters.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct MatterPageView {
    /// The matters.
    pub(crate) matters: Vec<MatterSummary>,
    /// Give it as `cursor` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
    /// Matters on all pages together; with `count` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
    /// Posts that belong to them; with `count` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total_posts: Option<u64>,
    /// Their promises that the conditions on promises fit; with `count` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total_promises: Option<u64>,
}

/// One matter as a row.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatterSummary {
    /// Public number (编号).
    no: String,
    /// Version of what is decided; send it as `If-Match`.
    decided_version: u64,
    /// `new`, `assigned`, `accepted`, `responded`, `closed`, `dismissed` or `merged`.
    state: &'static str,
    /// The state in Chinese.
    state_name: &'static str,
    /// Short masked text of the first post; none once erased.
    title: Option<String>,
    /// Posts that belong to it, or that it shows of the matter it stands beside.
    posts: u32,
    /// When the first post reached us.
    received_at: Timestamp,
    /// When the last post joined.
    last_post_at: Timestamp,
    /// Words of danger to life.
    danger: bool,
    /// Opened from a backfill: no deadlines.
    backfill: bool,
    /// Place as assessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<PlaceName>,
    /// System as assessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// Grade in force: `extreme`, `major`, `considerable` or `ordinary`.
    grade: &'static str,
    /// The grade in Chinese.
    grade_name: &'static str,
    /// A person has set or confirmed the grade.
    grade_confirmed: bool,
    /// The unit proposed by the machine; none when it abstained.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggested: Option<UnitName>,
    /// The unit that leads now.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<UnitName>,
    /// The next deadline still running.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_deadline: Option<DeadlineView>,
    /// A deadline is unmet and past.
    overdue: bool,
    /// Where it was merged into.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<String>,
    /// What the caller could do with it now, by the words of the routes.
    actions: Vec<&'static str>,
    /// Who of the duty office works on it; never shown to liaisons.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<ClaimView>,
    /// How much it is spoken of at this moment.
    heat: HeatView,
}

/// One matter in full.
#[derive(Serialize, ToSchema)]
pub(crate) struct MatterView {
    #[serde(flatten)]
    summary: MatterSummary,
    /// The action the caller may still take back with `undo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    undo: Option<UndoView>,
    /// Number of its ledger entries.
    version: u64,
    /// The post that opened it.
    first_post: PostName,
    /// When the first post was published, by its source.
    #[serde(skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    /// The machine's proposal.
    suggestion: SuggestionView,
    /// Assignments (交办), in order of number.
    assignments: Vec<AssignmentView>,
    /// Answers on the record (回应).
    responses: Vec<ResponseView>,
    /// Promises (承诺).
    commitments: Vec<CommitmentView>,
    /// Follow-up steps (处置举措).
    steps: Vec<StepView>,
    /// Consultations (会商).
    consultations: Vec<ConsultationView>,
    /// Times a leader pressed it (督办).
    supervisions: Vec<Timestamp>,
    /// Deadlines (时限), past ones included.
    deadlines: Vec<DeadlineView>,
    /// Assignments rejected so far.
    bounces: u32,
    /// The closed matter of the same concern that came before.
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<String>,
    /// The matter its first post belongs to: this one was opened for a further concern of that post.
    #[serde(skip_serializing_if = "Option::is_none")]
    beside: Option<String>,
    /// Further concerns of its first post that became matters of their own.
    further: Vec<FurtherView>,
    /// When it was closed, dismissed or merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
}

/// A place by code and name.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlaceName {
    /// Code.
    pub(crate) code: String,
    /// Full name at the time.
    pub(crate) name: String,
}

/// A unit by id and name.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnitName {
    /// Id.
    pub(super) id: String,
    /// Name at the time.
    pub(super) name: String,
}

/// A post by source and id.
#[derive(Serialize, ToSchema)]
struct PostName {
    /// Source.
    source: String,
    /// The source's own id of it.
    id: String,
}

/// A further concern that became a matter.
#[derive(Serialize, ToSchema)]
struct FurtherView {
    /// Its line of work.
    system: String,
    /// Its matter.
    no: String,
}

/// The machine's proposal when the matter opened.
#[derive(Serialize, ToSchema)]
struct SuggestionView {
    /// `unit` or `abstain`.
    decision: &'static str,
    /// Unit proposed to lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<UnitName>,
    /// Ids of units proposed to assist.
    assist: Vec<String>,
    /// Grade suggested.
    grade: &'static str,
    /// Catalogue version it rests on.
    catalogue: String,
    /// Model version it rests on.
    model: String,
}

impl MatterSummary {
    pub(crate) fn of(matter: &Matter, actor: &Actor, now: Timestamp) -> MatterSummary {
        let grade = matter.grade_in_force();
        MatterSummary {
            no: matter.no.to_string(),
            decided_version: matter.decided_version,
            state: matter.state.as_str(),
            state_name: matter.state.chinese(),
            title: matter.title.as_deref().map(readable),
            posts: matter.posts_seen(),
            received_at: matter.received_at,
            last_post_at: matter.last_post_at,
            danger: matter.danger,
            backfill: matter.backfill,
            place: place_name(matter),
            system: matter.system.as_ref().map(ToString::to_string),
            grade: grade.as_str(),
            grade_name: grade.chinese(),
            grade_confirmed: matter.grade.is_some(),
            suggested: suggested(matter),
            lead: matter.lead().map(|lead| UnitName { id: lead.unit.to_string(), name: lead.unit_name.clone() }),
            next_deadline: matter.next_due().map(|deadline| DeadlineView::of(deadline, now)),
            overdue: matter.deadlines.iter().any(|one| one.met_at.is_none() && one.is_overdue(now)),
            merged_into: matter.merged_into.as_ref().map(ToString::to_string),
            actions: allowed_actions(matter, actor),
            claim: None,
            heat: HeatView::of(Heat::default()),
        }
    }

    pub(crate) fn heated(self, heat: Option<Heat>) -> MatterSummary {
        MatterSummary { heat: HeatView::of(heat.unwrap_or_default()), ..self }
    }

    pub(crate) fn claimed(self, claim: Option<&Claim>) -> MatterSummary {
        MatterSummary { claim: claim.map(ClaimView::of), ..self }
    }
}

impl MatterView {
    pub(crate) fn with(self, claim: Option<&Claim>, undo: Option<&UndoOffer>, heat: Option<Heat>) -> MatterView {
        let summary = self.summary.claimed(claim).heated(heat);
        MatterView { summary, undo: undo.map(UndoView::of), ..self }
    }

    pub(crate) fn of(matter: &Matter, actor: &Actor, now: Timestamp) -> MatterView {
        let suggestion = &matter.suggestion;
        MatterView {
            summary: MatterSummary::of(matter, actor, now),
            undo: None,
            version: matter.version,
            first_post: PostName { source: matter.first_post.source.clone(), id: matter.first_post.id.clone() },
            published_at: matter.published_at,
            suggestion: SuggestionView {
                decision: if suggestion.decision == Decision::Unit { "unit" } else { "abstain" },
                unit: suggested(matter),
                assist: suggestion.assist.iter().map(ToString::to_string).collect(),
                grade: suggestion.grade.as_str(),
                catalogue: suggestion.catalogue.to_string(),
                model: suggestion.model.clone(),
            },
            assignments: matter.assignments.iter().map(AssignmentView::of).collect(),
            responses: matter.responses.iter().map(ResponseView::of).collect(),
            commitments: matter.commitments.iter().map(CommitmentView::of).collect(),
            steps: matter.steps.iter().map(StepView::of).collect(),
            consultations: matter.consultations.iter().map(ConsultationView::of).collect(),
            supervisions: matter.supervisions.clone(),
            deadlines: matter.deadlines.iter().map(|one| DeadlineView::of(one, now)).collect(),
            bounces: matter.bounces,
            follows: matter.follows.as_ref().map(ToString::to_string),
            beside: matter.beside.as_ref().map(ToString::to_string),
            further: matter.further.iter().map(FurtherView::of).collect(),
            ended_at: matter.ended_at,
        }
    }
}

impl FurtherView {
    fn of(one: &OpenedFurther) -> FurtherView {
        FurtherView { system: one.system.to_string(), no: one.matter.to_string() }
    }
}

fn place_name(matter: &Matter) -> Option<PlaceName> {
    let code = matter.place.as_ref()?.to_string();
    Some(PlaceName { code, name: matter.place_name.clone().unwrap_or_default() })
}

fn suggested(matter: &Matter) -> Option<UnitName> {
    let id = matter.suggestion.unit.as_ref()?.to_string();
    Some(UnitName { id, name: matter.suggestion.unit_name.clone().unwrap_or_default() })
}
