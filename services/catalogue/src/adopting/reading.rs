//! What was read of a document, as `catalogue read` prints it and as a person may have mended it.

use serde::{Deserialize, Serialize};

/// A document as read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    /// Title.
    pub title: Option<String>,
    /// Number (文号).
    pub doc_number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// When, YYYY-MM-DD.
    pub date: Option<String>,
    /// Its clauses, in order.
    pub clauses: Vec<ReadClause>,
    /// What the reader was not sure of.
    pub warnings: Vec<String>,
}

/// A clause as read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadClause {
    /// Number as the document writes it, with those of its headings.
    pub clause_id: String,
    /// Full text.
    pub text: String,
    /// Names of the units that lead.
    pub lead_units: Vec<String>,
    /// Names of the others.
    pub responsible_units: Vec<String>,
    /// Deadline as the document puts it.
    pub deadline: Option<String>,
    /// Remark, such as `open list`.
    pub note: Option<String>,
}
