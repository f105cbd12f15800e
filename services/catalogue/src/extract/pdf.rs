//! PDF with text.

use super::{Extracted, Problem};

/// The text of a PDF.
pub(super) fn read(_bytes: &[u8]) -> Result<Extracted, Problem> {
    Err(Problem::Damaged { what: "PDF 的结构" })
}
