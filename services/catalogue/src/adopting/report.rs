//! What taking in documents did, for a program and for a person.

use serde::Serialize;

use crate::adopting::name::Outcome;

/// The outcome of taking documents into a catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Version of the new catalogue.
    pub version: String,
    /// Names by outcome, each name of each document once.
    pub counts: Counts,
    /// The documents, in the order given.
    pub documents: Vec<DocumentReport>,
}

/// How many names came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Names read.
    pub names: usize,
    /// Known, spelt otherwise, listed by their system, of before a reform, or of the whole country.
    pub resolved: usize,
    /// Of these, listed in the table for the first time.
    pub listed: usize,
    /// Phrases for many bodies.
    pub collective: usize,
    /// New ones that a person should look at.
    pub proposed: usize,
    /// Ones that may mean several.
    pub ambiguous: usize,
}

/// One document.
#[derive(Clone, Debug, Serialize)]
pub struct DocumentReport {
    /// Its key in the catalogue.
    pub key: String,
    /// Title.
    pub title: String,
    /// Number, where it has one.
    pub number: Option<String>,
    /// Code of the place it speaks for; none for the whole country.
    pub place: Option<String>,
    /// Name of the place.
    pub place_name: Option<String>,
    /// It was in the catalogue before; its clauses were brought up to date.
    pub repeated: bool,
    /// Clauses written.
    pub clauses: usize,
    /// Clauses of these that name no unit at all.
    pub clauses_without_unit: usize,
    /// How its names came out.
    pub counts: Counts,
    /// Each name once.
    pub names: Vec<NameReport>,
    /// What a person should know, in Chinese; those of the reading first.
    pub warnings: Vec<String>,
}

/// One name of a document.
#[derive(Clone, Debug, Serialize)]
pub struct NameReport {
    /// As written.
    pub name: String,
    /// How it was understood.
    pub outcome: Outcome,
    /// Id of the unit.
    pub unit: Option<String>,
    /// Official name of the unit.
    pub unit_name: Option<String>,
    /// Name of its place.
    pub place: Option<String>,
    /// Its systems.
    pub systems: Vec<String>,
    /// What a person should know, in Chinese.
    pub note: String,
    /// Clauses that name it.
    pub clauses: Vec<String>,
}

impl Counts {
    pub(crate) fn of(names: &[NameReport]) -> Counts {
        let mut counts = Counts { names: names.len(), ..Counts::default() };
        for name in names {
            match name.outcome {
                Outcome::Collective => counts.collective += 1,
                Outcome::Proposed => counts.proposed += 1,
                Outcome::Ambiguous => counts.ambiguous += 1,
                Outcome::Listed | Outcome::Reformed => {
                    counts.listed += 1;
                    counts.resolved += 1;
                }
                Outcome::Known | Outcome::Spelling | Outcome::National => counts.resolved += 1,
            }
        }
        counts
    }

    pub(crate) fn sum(all: impl Iterator<Item = Counts>) -> Counts {
        all.fold(Counts::default(), |sum, one| Counts {
            names: sum.names + one.names,
            resolved: sum.resolved + one.resolved,
            listed: sum.listed + one.listed,
            collective: sum.collective + one.collective,
            proposed: sum.proposed + one.proposed,
            ambiguous: sum.ambiguous + one.ambiguous,
        })
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "名称 {} 个：认定 {}（其中新列入 {}），统称 {}，新单位待核 {}，有歧义待核 {}",
            self.names, self.resolved, self.listed, self.collective, self.proposed, self.ambiguous
        )
    }
}

impl std::fmt::Display for Report {
    /// A table that a person reads in a terminal; those that want a look come first.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for document in &self.documents {
            let number = document.number.as_deref().map(|number| format!("（{number}）")).unwrap_or_default();
            let place = document.place_name.as_deref().unwrap_or("全国");
            writeln!(f, "《{}》{number}　属地：{place}　编号：{}", document.title, document.key)?;
            let again = if document.repeated { "（目录中已有，按新文本更新）" } else { "" };
            writeln!(f, "  条款 {} 条{again}，其中未写明单位 {} 条", document.clauses, document.clauses_without_unit)?;
            writeln!(f, "  {}", document.counts)?;
            let mut names: Vec<&NameReport> = document.names.iter().collect();
            names.sort_by_key(|name| std::cmp::Reverse(name.outcome));
            let name_width = names.iter().map(|name| width(&name.name)).max().unwrap_or(0).min(40);
            for name in names {
                let unit = name.unit_name.as_deref().unwrap_or("—");
                let systems =
                    if name.systems.is_empty() { String::new() } else { format!("［{}］", name.systems.join("、")) };
                let note = if name.note.is_empty() { String::new() } else { format!("　{}", name.note) };
                let (label, written) = (pad(name.outcome.label(), 14), pad(&name.name, name_width));
                writeln!(f, "    {label}  {written}  → {unit}{systems}{note}")?;
            }
            for warning in &document.warnings {
                writeln!(f, "  注意：{warning}")?;
            }
        }
        write!(f, "合计：{}。新目录版本 {}", self.counts, self.version)
    }
}

/// Columns a text takes in a terminal: Chinese characters take two.
fn width(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}

fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}
