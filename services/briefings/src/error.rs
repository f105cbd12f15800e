//! What can go wrong with a briefing.

/// A briefing that was not made.
#[derive(Debug, thiserror::Error)]
pub enum BriefingError {
    /// Not `YYYY-MM`, or a year out of range.
    #[error("month \"{0}\": write it as YYYY-MM, such as 2026-11")]
    Month(String),
    /// The month has not begun.
    #[error("month {0} has not begun")]
    Future(crate::Month),
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] huiyin_store::StoreError),
    /// The workbook could not be written.
    #[error("the workbook could not be written: {0}")]
    Excel(#[from] rust_xlsxwriter::XlsxError),
    /// The document could not be packed.
    #[error("the document could not be packed: {0}")]
    Package(#[from] zip::result::ZipError),
    /// The document could not be written to memory.
    #[error("the document could not be written: {0}")]
    Write(#[from] std::io::Error),
}

impl BriefingError {
    /// Trying again later may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, BriefingError::Store(error) if error.is_retryable())
    }
}
