//! `GET /api/v1/clauses/{document}/{clause}`: what a decision rests on.

use axum::Json;
use axum::extract::State;
use huiyin_catalogue::{Catalogue, Duty};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::Reader;
use crate::extract::PathOf;
use crate::openapi::MatterRefusals;
use crate::problem::{ApiError, Code};

/// One item of an official document (职责条款).
#[derive(Serialize, ToSchema)]
pub(crate) struct ClauseView {
    /// Key of the document in the catalogue.
    document: String,
    /// Its title.
    document_title: String,
    /// Its number (文号).
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// Number of the clause as the document writes it.
    clause: String,
    /// What it says: its full text where the catalogue has it, otherwise the catalogue's few words.
    text: String,
    /// Who issued the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
    /// Names of the units that lead.
    lead: Vec<String>,
    /// Names of the units that take part.
    responsible: Vec<String>,
    /// Deadline as the document puts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
    /// Where the document was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Catalogue version it is of.
    catalogue: String,
}

/// 职责条款
///
/// Of the catalogue in force; `document` is a document's key, number or title, as evidence names it.
#[utoipa::path(
    get,
    path = "/api/v1/clauses/{document}/{clause}",
    tag = "directory",
    params(
        ("document" = String, Path, description = "Key, number or title of the document"),
        ("clause" = String, Path, description = "Number of the clause as the document writes it"),
    ),
    responses((status = 200, description = "The clause", body = ClauseView), MatterRefusals),
)]
pub(crate) async fn clause(
    State(state): State<ApiState>,
    Reader(_actor): Reader,
    PathOf((document, clause)): PathOf<(String, String)>,
) -> Result<Json<ClauseView>, ApiError> {
    let catalogue = state.catalogue()?;
    let found = ClauseView::of(&catalogue, &document, &clause);
    let missing = || ApiError::new(Code::NotFound, "现行职责目录中没有这一条款，可能已在新版目录中调整");
    found.map(Json).ok_or_else(missing)
}

impl ClauseView {
    fn of(catalogue: &Catalogue, document: &str, clause: &str) -> Option<ClauseView> {
        let named = |one: &&huiyin_catalogue::Document| {
            one.key == document || one.number.as_deref() == Some(document) || one.title == document
        };
        // Several documents may share a title or number: the one that has the clause is meant.
        let mut documents = catalogue.documents().filter(named);
        let (document, found) = documents.find_map(|document| {
            let here = |one: &&huiyin_catalogue::Clause| one.document == document.key && one.clause == clause;
            Some((document, catalogue.clauses().find(here)?))
        })?;
        let names = |duty: &Duty| match duty {
            Duty::Units(units) => {
                let name = |unit| catalogue.unit_by_id(unit).map_or_else(|| unit.to_string(), |found| found.name);
                units.iter().map(name).collect()
            }
            Duty::Competent => vec!["属地主管部门".to_owned()],
            Duty::Unnamed => Vec::new(),
        };
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Some(ClauseView {
            document: document.key.clone(),
            document_title: document.title.clone(),
            number: document.number.clone(),
            clause: found.clause.clone(),
            text: found.text.clone().unwrap_or_else(|| found.summary.clone()),
            issuer: filled(&document.issuer),
            date: document.issued,
            lead: names(&found.lead),
            responsible: names(&found.responsible),
            deadline: found.deadline.clone(),
            source: filled(&document.source),
            catalogue: catalogue.version().to_string(),
        })
    }
}
