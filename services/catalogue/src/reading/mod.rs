//! Reading official documents: from the text of a notice to clauses with the units responsible for each.
//!
//! The stages, each in a file: lines are cleaned (`clean`), interleaved columns refused (`columns`), lines broken at a width put
//! together (`wrapped`), tables taken out and
//! read by their heads (`table`, `header`, `rows`), what is left cut at its numbers (`numbering`, `item`, `ids`), the words that say
//! who is responsible found in each item (`find`, `flattened`), read (`attribution`, `label`) and split into names (`names`, `lexicon`), deadlines read (`deadline`),
//! title, number, issuer and date taken from the head (`head`, `signature`), and units that stand nowhere in one piece left out
//! (`standing`).
//!
//! Invariants: every unit stands in the text as given, in its own script; text without an attribution gets no unit;
//! the same text gives the same reading. No input makes it panic, and the work grows with the length of the text.

mod attribution;
mod clean;
mod columns;
mod deadline;
mod find;
mod flattened;
mod head;
mod header;
mod ids;
mod item;
mod label;
mod lexicon;
mod names;
mod numbering;
mod rows;
mod script;
mod signature;
mod standing;
mod table;
mod wrapped;

use serde::{Deserialize, Serialize};

pub use lexicon::Lexicon;

use script::{Piece, Script};

/// Longest text that is read, in characters; the rest is left out with a warning. The longest plans have about 100,000.
pub const TEXT_CHARS_MAX: usize = 1_000_000;

/// Most clauses of one document; further ones are left out with a warning.
pub const CLAUSES_MAX: usize = 20_000;

/// A document as read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Title of the plan itself, not of the notice that sends it out.
    #[serde(default)]
    pub title: Option<String>,
    /// Its own number, as written (云政办〔2031〕3号).
    #[serde(default)]
    pub doc_number: Option<String>,
    /// Who signed it; several joined by 、.
    #[serde(default)]
    pub issuer: Option<String>,
    /// Day it was signed, YYYY-MM-DD.
    #[serde(default)]
    pub date: Option<String>,
    /// Clauses in the order of the text, those of tables last.
    pub clauses: Vec<ReadClause>,
    /// What a person should look at, in Chinese.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// A stretch of text and who is responsible for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadClause {
    /// Numbers on the way to it (二.（三）.1), unique in the document; `.1`, `.2` … at the end where one item has several
    /// attributions.
    pub clause_id: String,
    /// The text with its heading, without the attribution.
    pub text: String,
    /// Units that lead, as written.
    #[serde(default)]
    pub lead_units: Vec<String>,
    /// Units that take part or are responsible without a lead, as written.
    #[serde(default)]
    pub responsible_units: Vec<String>,
    /// As written; of an attribution or a cell, otherwise the first date in the text before which to act.
    #[serde(default)]
    pub deadline: Option<String>,
    /// `open list` where 等 says that more units belong to it than are named.
    #[serde(default)]
    pub note: Option<String>,
}

/// Reads the text of a document: a paragraph a line, a table's row a line with its cells parted by tabs, or whatever a
/// page or a PDF made of them.
pub fn read(text: &str, lexicon: &Lexicon) -> Reading {
    let mut warnings = Vec::new();
    let text = match text.char_indices().nth(TEXT_CHARS_MAX) {
        Some((end, _)) => {
            warnings.push(format!("正文过长，只读取了前{TEXT_CHARS_MAX}字"));
            text.split_at_checked(end).map_or(text, |(kept, _)| kept)
        }
        None => text,
    };
    let scripts = |lines: &[String]| -> Vec<Script> { lines.iter().map(|line| Script::new(line)).collect() };
    let cleaned = clean::lines(text);
    let as_given = scripts(&cleaned);
    let rows = table::lines(&as_given, lexicon);
    let outside: Vec<Piece<'_>> =
        as_given.iter().zip(&rows).filter(|(_, row)| !**row).map(|(line, _)| line.piece()).collect();
    let refused = columns::interleaved(&outside, lexicon);
    let lines = scripts(&wrapped::join(&cleaned, &rows));
    let tables = table::find(&lines, lexicon);
    let body = prose(&lines, &tables, lexicon);
    let body = body.piece();
    let markers = if refused { Vec::new() } else { numbering::markers(body) };
    let front = front(body, &lines, &tables, markers.first().map(|marker| marker.start));
    let head = head::read(front.piece(), body, lexicon);
    let mut reading = Reading {
        title: head.title,
        doc_number: head.doc_number,
        issuer: head.issuer,
        date: head.date,
        clauses: Vec::new(),
        warnings,
    };
    if refused {
        reading.warnings.push("版面疑为两栏交错，未拆分条款：请提供单栏文本或按栏重新复制".to_owned());
        return reading;
    }
    let items = item::items(body, &markers, lexicon);
    reading.clauses = clauses(body, &items, &tables, lexicon);
    if tables.iter().any(table::Table::is_doubtful) {
        reading.warnings.push("表中责任单位栏有不像单位名称的内容，未予采用：请对照原文核对责任单位".to_owned());
    }
    standing::keep(&mut reading, &cleaned, lexicon);
    finish(&mut reading);
    reading
}

fn clauses(body: Piece<'_>, items: &[item::Item<'_>], tables: &[table::Table], lexicon: &Lexicon) -> Vec<ReadClause> {
    let flat = items
        .iter()
        .find_map(|item| header::glued(body.to(item.marker.start).trim()))
        .map(|columns| flattened::Table::new(&columns));
    let front = body.to(items.first().map_or(body.len(), |item| item.marker.start));
    let mut rules = item::Rules::default();
    let unnumbered = item::unnumbered(front, &mut rules, lexicon);
    let of_front = rules.clone();
    let mut clauses = item::clauses(items, flat.as_ref(), &mut rules, lexicon);
    if flat.is_some() {
        // names found at clear places tell where they end at unclear ones
        let mut known = lexicon.clone();
        known.extend(
            clauses.iter().flat_map(|clause| clause.lead_units.iter().chain(&clause.responsible_units).cloned()),
        );
        rules = of_front;
        clauses = item::clauses(items, flat.as_ref(), &mut rules, &known);
    }
    clauses.splice(0..0, unnumbered);
    let numbered = clauses.iter().any(|clause| !clause.lead_units.is_empty() || !clause.responsible_units.is_empty());
    for (index, table) in tables.iter().enumerate() {
        let prefix = if numbered || tables.len() > 1 { format!("附{}.", index + 1) } else { String::new() };
        clauses.extend(table.clauses(&prefix, &mut rules));
    }
    clauses
}

/// The text outside tables, a line each; lists of annexes are left out, since their numbers number no clause. A line that is a
/// sentence or says who is responsible, itself or in the line below, is none of a list: there the annex itself begins.
fn prose(lines: &[Script], tables: &[table::Table], lexicon: &Lexicon) -> Script {
    let mut body = Script::default();
    let mut next = tables.iter().peekable();
    let mut annexes = false;
    for (index, line) in lines.iter().enumerate() {
        while next.next_if(|table| table.end <= index).is_some() {}
        if next.peek().is_some_and(|table| (table.start..table.end).contains(&index)) {
            body.push_char('\n');
            continue;
        }
        let shown = line.piece().trim();
        let listed = |line: Piece<'_>| line.first().is_some_and(|c| c.is_ascii_digit()) && line.len() < 60;
        let says = |line: Piece<'_>| line.has("。") || !find::attributions(line, lexicon).is_empty();
        let below = || lines.iter().skip(index + 1).map(|line| line.piece().trim()).find(|line| !line.is_empty());
        annexes = (shown.starts_with("附件:") && shown.len() < 80)
            || (annexes
                && (shown.is_empty()
                    || listed(shown) && !says(shown) && below().is_none_or(|line| listed(line) || !says(line))));
        if !annexes {
            body.push(line.piece());
        }
        body.push_char('\n');
    }
    body
}

/// The text before the first item or table.
fn front(body: Piece<'_>, lines: &[Script], tables: &[table::Table], first_item: Option<usize>) -> Script {
    let mut front = Script::default();
    let Some(table) = tables.first() else {
        front.push(body.to(first_item.unwrap_or(body.len())));
        return front;
    };
    for line in lines.iter().take(table.start) {
        front.push(line.piece());
        front.push_char('\n');
    }
    let end = first_item.map_or(front.piece().len(), |end| end.min(front.piece().len()));
    let mut cut = Script::default();
    cut.push(front.piece().to(end));
    cut
}

/// Makes ids unique, and says what a person should look at.
fn finish(reading: &mut Reading) {
    if reading.clauses.len() > CLAUSES_MAX {
        reading.clauses.truncate(CLAUSES_MAX);
        reading.warnings.push(format!("条款过多，只保留前{CLAUSES_MAX}条"));
    }
    let mut seen = std::collections::HashMap::new();
    for clause in &mut reading.clauses {
        let times: &mut usize = seen.entry(clause.clause_id.clone()).or_default();
        *times += 1;
        if *times > 1 {
            clause.clause_id = format!("{}~{times}", clause.clause_id);
        }
    }
    let assigned =
        reading.clauses.iter().any(|clause| !clause.lead_units.is_empty() || !clause.responsible_units.is_empty());
    if reading.clauses.is_empty() {
        reading.warnings.push("未找到条款：文中没有编号或任务表".to_owned());
    } else if !assigned {
        reading.warnings.push("未找到责任单位：各条款均未写明".to_owned());
    }
}
