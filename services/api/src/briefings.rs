//! The month's figures and briefing (月度舆情共享通报).

pub(crate) mod download;
pub(crate) mod show;

use huiyin_briefings::{Briefing, BriefingError, BriefingOptions, Month, MonthFigures, Recipients, month_figures};
use huiyin_catalogue::Catalogue;

use crate::ApiState;
use crate::problem::{ApiError, Code};

/// A month as a path or query writes it.
pub(crate) fn month(text: &str) -> Result<Month, ApiError> {
    text.parse().map_err(failed)
}

/// The figures of a month as they stand now.
pub(crate) async fn figures(state: &ApiState, month: Month) -> Result<MonthFigures, ApiError> {
    let catalogue = state.catalogue()?;
    Box::pin(month_figures(state.store(), &catalogue, month, state.now())).await.map_err(failed)
}

/// The briefing of a month as of today. Its number is that of the month in the year.
async fn briefing(state: &ApiState, month: Month, console: Option<String>) -> Result<Briefing, ApiError> {
    let figures = figures(state, month).await?;
    let office = office(&*state.catalogue()?);
    let options = BriefingOptions {
        office,
        issue_number: month.number(),
        date: state.today(),
        recipients: Recipients::default(),
        console,
    };
    Ok(Briefing::new(figures, options))
}

/// The office that issues it: the region's duty office.
fn office(catalogue: &Catalogue) -> String {
    let region = catalogue.region();
    catalogue.duty_office(&region.code).map_or_else(|| region.name.clone(), |office| office.name)
}

pub(crate) fn failed(error: BriefingError) -> ApiError {
    match &error {
        BriefingError::Month(text) => {
            let detail = format!("月份“{text}”无法识别，请写作 YYYY-MM，如 2026-11");
            ApiError::new(Code::Malformed, detail).field("month")
        }
        BriefingError::Future(month) => {
            let detail = format!("{}尚未开始，没有可以通报的数据", month.chinese());
            ApiError::new(Code::Invalid, detail).field("month")
        }
        _ if error.is_retryable() => ApiError::unavailable("making a briefing", &error),
        _ => ApiError::internal("making a briefing", &error),
    }
}
