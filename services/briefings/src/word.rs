//! The briefing as a Word document on the page of GB/T 9704-2012.
//!
//! Written as parts of an OPC package directly: native charts, repeated header rows and descriptions of images are what
//! the document needs and what document libraries leave out. Fonts are named, never embedded.

mod chart_part;
mod document;
mod package;
mod styles;

use crate::{Briefing, BriefingError};

/// The document as a file.
///
/// # Errors
/// [`BriefingError::Excel`] for the data of a chart, or [`BriefingError::Package`].
pub(crate) fn docx(briefing: &Briefing) -> Result<Vec<u8>, BriefingError> {
    let document = document::write(briefing);
    let mut charts = Vec::new();
    for chart in briefing.charts() {
        charts.push((chart_part::xml(chart), chart_part::data(chart, briefing.figures().at)?));
    }
    package::pack(briefing, &document, &charts)
}
