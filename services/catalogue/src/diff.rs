//! What differs between two catalogues, for a program and for the office that is about to adopt one.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::document::{Clause, Document, Duty};
use crate::locality::Locality;
use crate::place::Place;
use crate::system::System;
use crate::term::Elsewhere;
use crate::unit::Unit;

/// Lines shown of one kind of change; the rest is counted.
const LINES_MAX: usize = 40;
/// Characters shown of a value.
const CHARS_MAX: usize = 40;

/// All that differs, table by table, but for the version and its first day, which no two versions share, and the remarks.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// Version compared with.
    pub from: String,
    /// Version compared.
    pub to: String,
    /// The tables in which something differs, in a fixed order.
    pub tables: Vec<TableDifference>,
}

/// What differs in one table.
#[derive(Clone, Debug, Serialize)]
pub struct TableDifference {
    /// Name of the table in English, as in the file's name.
    pub table: &'static str,
    /// Rows only the later one has.
    pub added: Vec<Row>,
    /// Rows only the earlier one has.
    pub removed: Vec<Row>,
    /// Rows of both with other values.
    pub changed: Vec<ChangedRow>,
}

/// A row by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Code, id, key; for clauses document and number.
    pub key: String,
    /// What it is called.
    pub name: String,
}

/// A row whose values changed.
#[derive(Clone, Debug, Serialize)]
pub struct ChangedRow {
    /// Code, id, key; for clauses document and number.
    pub key: String,
    /// What it is called in the later one.
    pub name: String,
    /// The cells that differ.
    pub fields: Vec<ChangedField>,
}

/// A cell that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedField {
    /// Column.
    pub field: &'static str,
    /// Value in the earlier one.
    pub before: String,
    /// Value in the later one.
    pub after: String,
}

type Rows = BTreeMap<String, (String, Vec<(&'static str, String)>)>;

impl Catalogue {
    /// What `later` has otherwise than this one.
    pub fn difference(&self, later: &Catalogue) -> Difference {
        let pairs: [(&'static str, Rows, Rows); 9] = [
            ("manifest", manifest(self), manifest(later)),
            ("places", places(self), places(later)),
            ("systems", systems(self), systems(later)),
            ("units", units(self), units(later)),
            ("documents", documents(self), documents(later)),
            ("clauses", clauses(self), clauses(later)),
            ("terms", terms(self), terms(later)),
            ("localities", localities(self), localities(later)),
            ("elsewhere", elsewhere(self), elsewhere(later)),
        ];
        let tables = pairs.into_iter().map(|(table, before, after)| compare(table, &before, &after));
        Difference {
            from: self.version().to_string(),
            to: later.version().to_string(),
            tables: tables
                .filter(|one| !(one.added.is_empty() && one.removed.is_empty() && one.changed.is_empty()))
                .collect(),
        }
    }
}

impl Difference {
    /// Whether the tables hold the same.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} → {}", self.from, self.to)?;
        if self.is_empty() {
            return write!(f, "\n内容相同");
        }
        for table in &self.tables {
            let (added, removed, changed) = (table.added.len(), table.removed.len(), table.changed.len());
            write!(f, "\n{}：新增 {added}，撤去 {removed}，改动 {changed}", label(table.table))?;
            for (sign, rows) in [("＋", &table.added), ("－", &table.removed)] {
                for row in rows.iter().take(LINES_MAX) {
                    write!(f, "\n  {sign} {}　{}", row.key, short(&row.name))?;
                }
                rest(f, rows.len())?;
            }
            for row in table.changed.iter().take(LINES_MAX) {
                write!(f, "\n  ～ {}　{}", row.key, short(&row.name))?;
                for field in &row.fields {
                    let (before, after) = (or_blank(&field.before), or_blank(&field.after));
                    write!(f, "\n      {}：{before} → {after}", label(field.field))?;
                }
            }
            rest(f, table.changed.len())?;
        }
        Ok(())
    }
}

fn rest(f: &mut std::fmt::Formatter<'_>, rows: usize) -> std::fmt::Result {
    match rows.checked_sub(LINES_MAX) {
        Some(more) if more > 0 => write!(f, "\n  …… 另有 {more} 行"),
        _ => Ok(()),
    }
}

fn or_blank(text: &str) -> String {
    if text.is_empty() { "（空）".to_owned() } else { short(text) }
}

fn short(text: &str) -> String {
    let kept: String = text.chars().take(CHARS_MAX).collect();
    if kept.len() < text.len() { format!("{kept}…") } else { kept }
}

fn label(name: &str) -> &str {
    match name {
        "manifest" => "目录信息",
        "localities" => "地名",
        "elsewhere" => "外地地名",
        "region" => "辖区",
        "duty_office" => "值班机构所属系统",
        "street" => "乡镇街道所属系统",
        "zone" => "园区所属系统",
        "matters" => "相符件数",
        "of" => "提及件数",
        "places" => "属地",
        "systems" | "system" => "系统",
        "units" => "单位",
        "documents" => "文件",
        "clauses" => "条款",
        "terms" => "词语",
        "name" | "title" => "名称",
        "aliases" => "别名",
        "place" => "属地代码",
        "level" => "层级",
        "parent" => "上级",
        "effective_from" => "生效",
        "effective_to" => "失效",
        "successor" => "承接者",
        "collective" => "统称",
        "patterns" => "机构叫法",
        "bodies" => "机构简称",
        "kind" => "种类",
        "vertical" => "垂直管理",
        "number" => "文号",
        "issuer" => "发文机关",
        "issued" => "成文日期",
        "summary" => "概述",
        "text" => "原文",
        "lead" => "牵头",
        "responsible" => "责任",
        "deadline" => "时限",
        "weight" => "权重",
        other => other,
    }
}

fn compare(table: &'static str, before: &Rows, after: &Rows) -> TableDifference {
    let only = |one: &Rows, other: &Rows| {
        let rows = one.iter().filter(|(key, _)| !other.contains_key(*key));
        rows.map(|(key, (name, _))| Row { key: key.clone(), name: name.clone() }).collect::<Vec<_>>()
    };
    let changed = after.iter().filter_map(|(key, (name, fields))| {
        let (_, old) = before.get(key)?;
        let fields: Vec<ChangedField> = old
            .iter()
            .zip(fields)
            .filter(|(old, new)| old.1 != new.1)
            .map(|(old, new)| ChangedField { field: new.0, before: old.1.clone(), after: new.1.clone() })
            .collect();
        (!fields.is_empty()).then(|| ChangedRow { key: key.clone(), name: name.clone(), fields })
    });
    TableDifference { table, added: only(after, before), removed: only(before, after), changed: changed.collect() }
}

/// The head of the catalogue, as the one row it is.
fn manifest(catalogue: &Catalogue) -> Rows {
    let manifest = catalogue.manifest();
    let fields = vec![
        ("name", manifest.name.clone()),
        ("region", manifest.region.to_string()),
        ("duty_office", manifest.duty_office.to_string()),
        ("street", manifest.street.to_string()),
        ("zone", manifest.zone.to_string()),
    ];
    Rows::from([("catalogue.toml".to_owned(), (manifest.name.clone(), fields))])
}

fn places(catalogue: &Catalogue) -> Rows {
    let row = |place: &Place| {
        let fields = vec![
            ("name", place.name.clone()),
            ("aliases", place.names().skip(1).collect::<Vec<_>>().join("|")),
            ("level", place.level.as_str().to_owned()),
            ("parent", shown(&place.parent)),
            ("effective_from", shown(&place.effective_from)),
            ("effective_to", shown(&place.effective_to)),
            ("successor", shown(&place.successor)),
        ];
        (place.code.to_string(), (place.name.clone(), fields))
    };
    catalogue.places().map(row).collect()
}

fn systems(catalogue: &Catalogue) -> Rows {
    let row = |system: &System| {
        let patterns =
            [&system.province_pattern, &system.prefecture_pattern, &system.county_pattern, &system.district_pattern];
        let patterns: Vec<&str> = patterns.into_iter().map(|pattern| pattern.as_deref().unwrap_or("")).collect();
        let fields = vec![
            ("name", system.name.clone()),
            ("patterns", patterns.join("|")),
            ("bodies", system.bodies.join("|")),
            ("vertical", system.vertical.to_string()),
            ("parent", shown(&system.parent)),
        ];
        (system.code.to_string(), (system.name.clone(), fields))
    };
    catalogue.systems().map(row).collect()
}

fn units(catalogue: &Catalogue) -> Rows {
    let row = |unit: &Unit| {
        let fields = vec![
            ("name", unit.name.clone()),
            ("aliases", unit.aliases.join("|")),
            ("systems", joined(&unit.systems)),
            ("place", unit.place.to_string()),
            ("level", unit.level.as_str().to_owned()),
            ("parent", shown(&unit.parent)),
            ("effective_from", shown(&unit.effective_from)),
            ("effective_to", shown(&unit.effective_to)),
            ("successor", shown(&unit.successor)),
            ("documents", unit.documents.join("|")),
            ("collective", unit.collective.to_string()),
        ];
        (unit.id.to_string(), (unit.name.clone(), fields))
    };
    catalogue.units().map(row).collect()
}

fn documents(catalogue: &Catalogue) -> Rows {
    let row = |document: &Document| {
        let fields = vec![
            ("title", document.title.clone()),
            ("number", shown(&document.number)),
            ("issuer", document.issuer.clone()),
            ("issued", shown(&document.issued)),
            ("place", shown(&document.place)),
            ("effective_from", shown(&document.effective_from)),
            ("effective_to", shown(&document.effective_to)),
        ];
        (document.key.clone(), (document.title.clone(), fields))
    };
    catalogue.documents().map(row).collect()
}

fn clauses(catalogue: &Catalogue) -> Rows {
    let row = |clause: &Clause| {
        let systems = if clause.any_system { "*".to_owned() } else { joined(&clause.systems) };
        let fields = vec![
            ("summary", clause.summary.clone()),
            ("text", shown(&clause.text)),
            ("systems", systems),
            ("lead", duty(catalogue, &clause.lead)),
            ("responsible", duty(catalogue, &clause.responsible)),
            ("deadline", shown(&clause.deadline)),
            ("effective_from", shown(&clause.effective_from)),
            ("effective_to", shown(&clause.effective_to)),
            ("terms", clause.terms.join("|")),
        ];
        (format!("{} {}", clause.document, clause.clause), (clause.summary.clone(), fields))
    };
    catalogue.clauses().map(row).collect()
}

fn terms(catalogue: &Catalogue) -> Rows {
    let row = |term: &crate::Term| {
        let fields = vec![("weight", term.weight.to_string())];
        (format!("{} {}", term.term, term.system), (term.term.clone(), fields))
    };
    catalogue.terms().iter().map(row).collect()
}

fn localities(catalogue: &Catalogue) -> Rows {
    let row = |locality: &Locality| {
        let fields = vec![
            ("kind", locality.kind.clone()),
            ("aliases", joined(&locality.aliases)),
            ("matters", locality.matters.to_string()),
            ("of", locality.of.to_string()),
        ];
        let key = format!("{} {}", locality.name, locality.place);
        (key, (locality.name.clone(), fields))
    };
    catalogue.localities().iter().map(row).collect()
}

/// Places outside; one name may stand for several, so the code is part of the key.
fn elsewhere(catalogue: &Catalogue) -> Rows {
    let row = |other: &Elsewhere| (format!("{} {}", other.name, other.code), (other.name.clone(), Vec::new()));
    catalogue.elsewhere().iter().map(row).collect()
}

fn duty(catalogue: &Catalogue, duty: &Duty) -> String {
    match duty {
        Duty::Units(units) => {
            let name = |id| catalogue.unit(id).map_or_else(|| id.to_string(), |unit| unit.name.clone());
            units.iter().map(name).collect::<Vec<_>>().join("、")
        }
        Duty::Competent => "属地主管部门".to_owned(),
        Duty::Unnamed => String::new(),
    }
}

fn shown<T: std::fmt::Display>(value: &Option<T>) -> String {
    value.as_ref().map_or_else(String::new, ToString::to_string)
}

fn joined<T: std::fmt::Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
}
