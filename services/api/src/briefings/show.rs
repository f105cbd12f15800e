//! `GET /api/v1/briefings/{month}`

use axum::Json;
use axum::extract::State;
use huiyin_briefings::{Format, MonthFigures};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{briefing, month};
use crate::ApiState;
use crate::auth::Office;
use crate::extract::PathOf;
use crate::openapi::BriefingRefusals;
use crate::problem::ApiError;

/// The briefing of a month.
#[derive(Serialize, ToSchema)]
pub(crate) struct BriefingView {
    /// The month, `YYYY-MM`, Beijing time.
    month: String,
    /// Its title.
    title: String,
    /// Number of the issue (期号).
    issue_number: u32,
    /// The office that issues it (编发单位).
    office: String,
    /// Day of issue.
    #[schema(value_type = String)]
    date: Date,
    /// All its figures.
    figures: MonthFigures,
    /// The files it comes in.
    files: Vec<BriefingFile>,
}

/// One format of a briefing.
#[derive(Serialize, ToSchema)]
struct BriefingFile {
    /// `docx`, `html` or `xlsx`.
    format: &'static str,
    /// Name it is kept under.
    name: String,
    /// Where it is.
    href: String,
}

/// 月度通报
///
/// The figures are those of now; a month that is not over is told of up to now.
#[utoipa::path(
    get,
    path = "/api/v1/briefings/{month}",
    operation_id = "show_briefing",
    tag = "office",
    params(("month" = String, Path, description = "`YYYY-MM`, Beijing time")),
    responses((status = 200, description = "The briefing", body = BriefingView), BriefingRefusals),
)]
pub(crate) async fn show(
    State(state): State<ApiState>,
    _: Office,
    PathOf(text): PathOf<String>,
) -> Result<Json<BriefingView>, ApiError> {
    let month = month(&text)?;
    let briefing = briefing(&state, month, None).await?;
    let options = briefing.options();
    let files = Format::ALL.map(|format| BriefingFile {
        format: format.extension(),
        name: briefing.file_name(format),
        href: format!("/api/v1/briefings/{month}/briefing.{}", format.extension()),
    });
    Ok(Json(BriefingView {
        month: month.to_string(),
        title: briefing.title(),
        issue_number: options.issue_number,
        office: options.office.clone(),
        date: options.date,
        files: files.into(),
        figures: briefing.figures().clone(),
    }))
}
