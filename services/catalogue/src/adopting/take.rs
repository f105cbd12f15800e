//! One document into the tables.

use std::collections::{BTreeMap, HashMap, HashSet};

use huiyin_domain::PlaceCode;
use jiff::civil::Date;

use crate::adopting::body::plain;
use crate::adopting::clause::{Side, Written, written};
use crate::adopting::name::{Names, Resolved};
use crate::adopting::paper::{self, Scope};
use crate::adopting::report::{Counts, DocumentReport, NameReport};
use crate::adopting::roll::Roll;
use crate::adopting::words::Words;
use crate::adopting::{Options, Sheet};
use crate::catalogue::Catalogue;
use crate::day::{Edge, parse_date};
use crate::fault::Fault;
use crate::reading::Reading;
use crate::{document, unit};

/// The tables changed, and what was done.
pub(crate) struct Taken {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) report: DocumentReport,
}

/// Where, when and under which key.
struct Head {
    key: String,
    title: String,
    issuer: String,
    place: Option<PlaceCode>,
    date: Option<Date>,
    on: Date,
    row: Option<usize>,
    warnings: Vec<String>,
}

pub(crate) fn take(
    files: &BTreeMap<String, Vec<u8>>,
    catalogue: &Catalogue,
    file: &str,
    reading: &Reading,
    options: &Options,
) -> Result<Taken, Vec<Fault>> {
    let sheet = |name: &str| files.get(name).map(|bytes| Sheet::read(bytes)).unwrap_or_else(|| Sheet::with_header(&[]));
    let mut documents = sheet(document::FILE);
    let mut clauses = sheet(document::CLAUSES_FILE);
    let mut head = head(catalogue, &documents, file, reading, options).map_err(|fault| vec![fault])?;
    write_document(&mut documents, &mut head, reading);
    let roll = Roll::new(catalogue, sheet(unit::FILE), &head.key, &head.title);
    let mut names = Names::new(catalogue, head.place.clone(), head.on, roll);
    let words = Words::new(catalogue, reading.clauses.iter().map(|clause| clause.text.as_str()));
    let mut ids: HashMap<String, usize> = HashMap::new();
    let mut seen = Seen::default();
    let mut without_unit = 0;
    let before = clauses.rows().len();
    let mut kept: HashSet<usize> = HashSet::new();
    for (number, read) in (1..).zip(&reading.clauses) {
        let id = free_clause_id(&mut ids, &read.clause_id, number);
        let lead = Side::resolve(&mut names, &read.lead_units);
        let responsible = Side::resolve(&mut names, &read.responsible_units);
        without_unit += usize::from(lead.named.is_empty() && responsible.named.is_empty());
        for (name, resolved) in lead.named.iter().chain(&responsible.named) {
            seen.note(name, resolved, &id);
        }
        let clause = written(catalogue, &words, read, id, &lead, &responsible);
        kept.insert(write_clause(&mut clauses, &head.key, clause, &mut head.warnings));
    }
    head.warnings.extend(missing(&clauses, &head.key, before, &kept));
    let reported = seen.report(&names.roll, catalogue);
    let units = names.roll.finish();
    let place = head.place.as_ref().and_then(|code| catalogue.place(code));
    let report = DocumentReport {
        key: head.key,
        title: head.title,
        number: reading.doc_number.clone(),
        place: place.map(|place| place.code.to_string()),
        place_name: place.map(|place| place.name.clone()),
        repeated: head.row.is_some(),
        clauses: reading.clauses.len(),
        clauses_without_unit: without_unit,
        counts: Counts::of(&reported),
        names: reported,
        warnings: reading.warnings.iter().cloned().chain(head.warnings).collect(),
    };
    let files = [(unit::FILE, units), (document::FILE, documents), (document::CLAUSES_FILE, clauses)];
    let files = files.into_iter().map(|(name, sheet)| (name.to_owned(), sheet.to_bytes())).collect();
    Ok(Taken { files, report })
}

fn head(
    catalogue: &Catalogue,
    documents: &Sheet,
    file: &str,
    reading: &Reading,
    options: &Options,
) -> Result<Head, Fault> {
    let fault = |field: &str, message: String, remedy: &str| Fault {
        file: file.to_owned(),
        line: 0,
        field: Some(field.to_owned()),
        message,
        remedy: remedy.to_owned(),
    };
    let filled =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let (title, issuer, number) = (filled(&reading.title), filled(&reading.issuer), filled(&reading.doc_number));
    let Some(title) = title else {
        return Err(fault("title", "没有读到标题".to_owned(), "在读取结果的 title 中填上文件标题"));
    };
    if reading.clauses.is_empty() {
        return Err(fault("clauses", "没有读到任何条款".to_owned(), "核对文件是否为职责分工文件，或补填 clauses"));
    }
    let mut warnings = Vec::new();
    let place = match (&options.place, paper::scope(catalogue, issuer.as_deref(), Some(&title))) {
        (Some(place), _) if catalogue.place(place).is_none() => {
            return Err(fault("place", format!("目录中没有属地 {place}"), "用 --place 指定 places.csv 中的代码"));
        }
        (Some(place), _) => Some(place.clone()),
        (None, Scope::Place(place)) => Some(place),
        (None, Scope::National) => None,
        (None, Scope::Elsewhere(name)) => {
            let message = format!("是外地（{name}）的文件，不属本目录的地区");
            return Err(fault("issuer", message, "确要采用的，用 --place 指定它适用的本地属地"));
        }
        (None, Scope::Untold) => {
            let region = catalogue.region();
            warnings.push(format!("发文机关和标题都没有写明属地，按{}处理；不对的用 --place 指定", region.name));
            Some(region.code.clone())
        }
    };
    let date = filled(&reading.date).and_then(|date| parse_date(&date, Edge::First));
    if date.is_none() {
        warnings.push("没有读到成文日期，单位名称按目录生效日认定".to_owned());
    }
    let issuer = issuer.unwrap_or_else(|| {
        warnings.push("没有读到发文机关".to_owned());
        paper::UNWRITTEN.to_owned()
    });
    let row = paper::known(documents, number.as_deref(), &title, &issuer);
    let key = match row {
        Some(row) => documents.get(row, "key").to_owned(),
        None => paper::key(documents, number.as_deref(), &title),
    };
    Ok(Head { key, title, issuer, place, date, on: date.unwrap_or_else(|| catalogue.effective_from()), row, warnings })
}

/// The document's row; an older paper of the same series, issuer and place ends the day before.
fn write_document(documents: &mut Sheet, head: &mut Head, reading: &Reading) {
    let place = head.place.as_ref().map_or_else(String::new, ToString::to_string);
    let issued = head.date.map_or_else(String::new, |date| date.to_string());
    if head.row.is_none() {
        documents.push(&[
            ("key", head.key.clone()),
            ("title", head.title.clone()),
            ("doc_number", reading.doc_number.clone().unwrap_or_default()),
            ("issuer", head.issuer.clone()),
            ("issued", issued),
            ("place", place.clone()),
        ]);
    }
    let (Some(series), Some(date)) = (paper::series(&head.title), head.date) else { return };
    for row in documents.rows() {
        let older = parse_date(documents.get(row, "issued"), Edge::First).is_some_and(|issued| issued < date);
        let open = documents.get(row, "effective_to").is_empty();
        if !older || !open || documents.get(row, "place") != place || documents.get(row, "key") == head.key {
            continue;
        }
        let title = documents.get(row, "title").to_owned();
        let (true, Ok(last)) = (paper::series(&title).as_ref() == Some(&series), date.yesterday()) else { continue };
        if paper::same_issuer(documents.get(row, "issuer"), &head.issuer) {
            documents.set(row, "effective_to", &last.to_string());
            head.warnings.push(format!("《{title}》由本文件接替，效力止于 {last}"));
        } else if [documents.get(row, "issuer"), &head.issuer].contains(&paper::UNWRITTEN) {
            let message =
                format!("《{title}》可能由本文件接替，但发文机关不明，未改动；确已接替的，请填它的 effective_to");
            head.warnings.push(message);
        }
    }
}

/// Writes a clause and gives its row. One taken in before keeps the office's own summary and systems; its units, text and
/// deadline follow the document.
fn write_clause(clauses: &mut Sheet, key: &str, mut clause: Written, warnings: &mut Vec<String>) -> usize {
    let same = |row: &usize| {
        clauses.get(*row, "document") == key && bare_number(clauses.get(*row, "clause")) == bare_number(&clause.clause)
    };
    let known = clauses.rows().find(same);
    let row = known.unwrap_or_else(|| {
        clauses.push(&[("document", key.to_owned()), ("clause", clause.clause.clone())]);
        clauses.rows().end - 1
    });
    let deadline = clauses.get(row, "deadline");
    // The same deadline with an office's own remark behind it: 年底前（试点镇）.
    if deadline.strip_prefix(&clause.deadline).is_some_and(|rest| rest.starts_with(['（', '('])) {
        clause.deadline = deadline.to_owned();
    }
    if !deadline.is_empty() && deadline != clause.deadline {
        let now = if clause.deadline.is_empty() { "没有读到，已清空" } else { clause.deadline.as_str() };
        warnings.push(format!("条款 {} 的时限原为“{deadline}”，按新文本：{now}", clause.clause));
    }
    for (column, value) in [("summary", &clause.summary), ("systems", &clause.systems)] {
        if clauses.get(row, column).is_empty() {
            clauses.set(row, column, value);
        }
    }
    for (column, value) in [
        ("lead", &clause.lead),
        ("responsible", &clause.responsible),
        ("text", &clause.text),
        ("terms", &clause.terms),
        ("deadline", &clause.deadline),
    ] {
        clauses.set(row, column, value);
    }
    if clauses.get(row, "note").is_empty() && !clause.note.is_empty() {
        clauses.set(row, "note", &clause.note);
    }
    row
}

/// Clauses of the document that were in the table and are not in this reading. They are left alone: an office may have
/// entered them by hand, and only it knows whether the duty has gone or the reading missed it.
fn missing(clauses: &Sheet, key: &str, before: usize, kept: &HashSet<usize>) -> Option<String> {
    const SHOWN_MAX: usize = 10;
    let rows = clauses.rows().take(before);
    let open = |row: &usize| clauses.get(*row, "document") == key && clauses.get(*row, "effective_to").is_empty();
    let gone: Vec<&str> =
        rows.filter(|row| open(row) && !kept.contains(row)).map(|row| clauses.get(row, "clause")).collect();
    let shown = gone.iter().take(SHOWN_MAX).copied().collect::<Vec<_>>().join("、");
    let more = if gone.len() > SHOWN_MAX { "等" } else { "" };
    (!gone.is_empty()).then(|| {
        format!(
            "目录中有 {} 条本次没有读到（{shown}{more}），未改动；文件中确已没有的，请删去或填 effective_to",
            gone.len()
        )
    })
}

/// （四） and 四 are one number; 1~2 and 12, 一·2 and 一2 are two.
fn bare_number(id: &str) -> String {
    let marks = |character: char| match character {
        '～' | '〜' => '~',
        other => other,
    };
    id.chars().map(marks).filter(|character| character.is_alphanumeric() || ".~·".contains(*character)).collect()
}

/// Numbers that restart within a document are told apart: 一, 一·2.
fn free_clause_id(ids: &mut HashMap<String, usize>, id: &str, number: usize) -> String {
    let id = id.trim().replace(['|', '/'], "·");
    let id = if id.is_empty() { format!("第{number}项") } else { id };
    let mut count = ids.get(&bare_number(&id)).copied().unwrap_or_default();
    // The document may itself have a clause of the number that would be given.
    let free = loop {
        count += 1;
        let free = if count == 1 { id.clone() } else { format!("{id}·{count}") };
        if count == 1 || !ids.contains_key(&bare_number(&free)) {
            break free;
        }
    };
    ids.insert(bare_number(&free), 1);
    ids.insert(bare_number(&id), count);
    free
}

/// Names of the document in the order of their first mention.
#[derive(Default)]
struct Seen {
    order: Vec<(String, Resolved, Vec<String>)>,
    index: HashMap<(String, Option<String>), usize>,
}

impl Seen {
    fn note(&mut self, name: &str, resolved: &Resolved, clause: &str) {
        let key = (plain(name), resolved.unit.as_ref().map(ToString::to_string));
        let index = *self.index.entry(key).or_insert_with(|| {
            self.order.push((name.to_owned(), resolved.clone(), Vec::new()));
            self.order.len() - 1
        });
        if let Some((.., clauses)) = self.order.get_mut(index)
            && clauses.last().map(String::as_str) != Some(clause)
        {
            clauses.push(clause.to_owned());
        }
    }

    fn report(self, roll: &Roll<'_>, catalogue: &Catalogue) -> Vec<NameReport> {
        let place = |code: &PlaceCode| catalogue.place(code).map(|place| place.name.clone());
        let names = self.order.into_iter().map(|(name, resolved, clauses)| NameReport {
            name,
            outcome: resolved.outcome,
            unit_name: resolved.unit.as_ref().and_then(|id| roll.unit(id)).map(|unit| unit.name.clone()),
            unit: resolved.unit.as_ref().map(ToString::to_string),
            place: resolved.place.as_ref().and_then(place),
            systems: resolved.systems.iter().map(ToString::to_string).collect(),
            note: resolved.note,
            clauses,
        });
        names.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_same_or_not() {
        for (one, other, same) in
            [("（四）", "四", true), ("1~2", "12", false), ("1～2", "1~2", true), ("一·2", "一2", false)]
        {
            assert_eq!(bare_number(one) == bare_number(other), same, "{one} {other}");
        }
    }

    #[test]
    fn ids_are_given_once() {
        let mut ids = HashMap::new();
        let given: Vec<String> =
            ["一", "一·2", "一", "一", "", "12", "1~2"].iter().map(|id| free_clause_id(&mut ids, id, 5)).collect();
        assert_eq!(given, ["一", "一·2", "一·3", "一·4", "第5项", "12", "1~2"]);
    }
}
