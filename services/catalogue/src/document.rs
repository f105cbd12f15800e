//! Documents and their clauses: on what a responsibility rests.

use std::collections::BTreeMap;

use huiyin_domain::{PlaceCode, SystemCode, UnitId};
use jiff::civil::Date;

use crate::day::Edge;
use crate::fault::{Faults, Spot};
use crate::place;
use crate::table::Table;

pub(crate) const FILE: &str = "documents.csv";
pub(crate) const CLAUSES_FILE: &str = "clauses.csv";

/// An official document or law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Key within the catalogue.
    pub key: String,
    /// Title.
    pub title: String,
    /// Document number (文号), where it has one.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: String,
    /// When it was issued; a month or year alone counts as its first day.
    pub issued: Option<Date>,
    /// For which place it speaks; none = the whole country.
    pub place: Option<PlaceCode>,
    /// First day in force.
    pub effective_from: Option<Date>,
    /// Last day in force.
    pub effective_to: Option<Date>,
    /// Where it was published.
    pub source: String,
}

/// Who a clause charges with leading or with taking part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// These units.
    Units(Vec<UnitId>),
    /// The competent body of the clause's system at the place concerned (`*` in the table): 县级以上主管部门.
    Competent,
    /// The document leaves it open (`/` in the table), or the cell is blank.
    Unnamed,
}

impl Duty {
    /// Whether the unit is named.
    pub fn names(&self, unit: &UnitId) -> bool {
        matches!(self, Duty::Units(units) if units.contains(unit))
    }

    /// The units named.
    pub fn units(&self) -> &[UnitId] {
        match self {
            Duty::Units(units) => units,
            Duty::Competent | Duty::Unnamed => &[],
        }
    }
}

/// One item of a document (职责条款).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Key of its document.
    pub document: String,
    /// Number as the document writes it: 二.6, （四）, 第七条.
    pub clause: String,
    /// What it is about, in the catalogue's own few words.
    pub summary: String,
    /// Its full text, where the catalogue has it: one made from an office's own documents does, the one that ships keeps
    /// the summary only.
    pub text: Option<String>,
    /// Words that set it apart from other clauses, the most telling first.
    pub terms: Vec<String>,
    /// The systems whose subject it concerns.
    pub systems: Vec<SystemCode>,
    /// It concerns every subject (`*` in the table).
    pub any_system: bool,
    /// Who leads.
    pub lead: Duty,
    /// Who takes part or is responsible without a lead.
    pub responsible: Duty,
    /// Deadline as the document puts it.
    pub deadline: Option<String>,
    /// First day in force; the document's where blank.
    pub effective_from: Option<Date>,
    /// Last day in force; the document's where blank.
    pub effective_to: Option<Date>,
}

impl Clause {
    /// Whether the clause holds on a day.
    pub fn in_force(&self, on: Date) -> bool {
        place::in_force(self.effective_from, self.effective_to, false, on)
    }
}

pub(crate) fn read(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Option<Vec<(Spot, Document)>> {
    let required =
        ["key", "title", "doc_number", "issuer", "issued", "place", "effective_from", "effective_to", "source"];
    let table = Table::read(files, FILE, &required, &["note"], faults)?;
    let mut documents = Vec::new();
    for row in table.rows() {
        let key = row.required("key", faults);
        let title = row.required("title", faults);
        let issuer = row.required("issuer", faults);
        let issued = row.date("issued", Edge::First, faults);
        let (effective_from, effective_to) = row.period(faults);
        let (Some(key), Some(title), Some(issuer)) = (key, title, issuer) else { continue };
        let document = Document {
            key,
            title,
            number: row.owned("doc_number"),
            issuer,
            issued,
            place: row.get("place").map(PlaceCode::new),
            effective_from: effective_from.or(issued),
            effective_to,
            source: row.owned("source").unwrap_or_default(),
        };
        documents.push((row.spot, document));
    }
    Some(documents)
}

pub(crate) fn read_clauses(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Option<Vec<(Spot, Clause)>> {
    let required = [
        "document",
        "clause",
        "summary",
        "systems",
        "lead",
        "responsible",
        "deadline",
        "effective_from",
        "effective_to",
    ];
    let table = Table::read(files, CLAUSES_FILE, &required, &["note", "text", "terms"], faults)?;
    let mut clauses = Vec::new();
    for row in table.rows() {
        let document = row.required("document", faults);
        let clause = row.required("clause", faults);
        let summary = row.required("summary", faults);
        let systems = row.list("systems", faults);
        let terms = row.list("terms", faults);
        let mut duty = |field| match row.get(field) {
            None | Some("/") => Duty::Unnamed,
            Some("*") => Duty::Competent,
            Some(_) => Duty::Units(row.list(field, faults).into_iter().map(UnitId::new).collect()),
        };
        let (lead, responsible) = (duty("lead"), duty("responsible"));
        if row.get("lead").is_none() && row.get("responsible").is_none() {
            let remedy = "填写牵头或责任单位的 id；主管部门填 *；文件确未写明的填 /";
            faults.add(row.spot, "responsible", "条款没有任何单位", remedy);
        }
        let (effective_from, effective_to) = row.period(faults);
        let (Some(document), Some(clause), Some(summary)) = (document, clause, summary) else { continue };
        let any_system = systems.iter().any(|system| system == "*");
        clauses.push((
            row.spot,
            Clause {
                document,
                clause,
                summary,
                text: row.owned("text"),
                terms,
                systems: systems.into_iter().filter(|system| system != "*").map(SystemCode::new).collect(),
                any_system,
                lead,
                responsible,
                deadline: row.owned("deadline"),
                effective_from,
                effective_to,
            },
        ));
    }
    Some(clauses)
}
