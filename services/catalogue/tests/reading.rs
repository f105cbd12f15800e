//! Documents of every shape the grammar knows, read whole: each fixture beside what must come out.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use huiyin_catalogue::reading::{Lexicon, Reading, read};

fn fixtures() -> Vec<(PathBuf, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reading");
    let mut found: Vec<PathBuf> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    found.sort();
    found.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// A line for the head, one a clause and one a warning.
fn shown(reading: &Reading) -> String {
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    let mut text = [&reading.title, &reading.doc_number, &reading.issuer, &reading.date].map(or_none).join(" | ");
    text.push('\n');
    for clause in &reading.clauses {
        let start: String = clause.text.chars().take(16).collect();
        let (lead, responsible) = (clause.lead_units.join(" "), clause.responsible_units.join(" "));
        let (deadline, note) = (or_none(&clause.deadline), or_none(&clause.note));
        writeln!(text, "{} | {start} | 牵头 {lead} | 责任 {responsible} | {deadline} | {note}", clause.clause_id)
            .unwrap();
    }
    for warning in &reading.warnings {
        writeln!(text, "! {warning}").unwrap();
    }
    text
}

/// `UPDATE_EXPECTED=1 cargo test -p huiyin-catalogue --test reading` writes what comes out; look at the difference.
#[test]
fn every_fixture_reads_as_expected() {
    for (path, text) in fixtures() {
        let found = shown(&read(&text, &Lexicon::new()));
        let expected = path.with_extension("expected");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&expected, &found).unwrap();
        }
        assert_eq!(found, std::fs::read_to_string(&expected).unwrap(), "{}", path.display());
    }
}

fn folded(text: &str) -> String {
    let text = text.replace("**", "");
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Cut anywhere, a document still gives only units that stand in it, ids that are unique, and the same reading twice.
#[test]
fn no_cut_of_a_document_invents_a_unit() {
    let lexicon = Lexicon::new();
    for (path, text) in fixtures() {
        // glosses and page numbers stand inside names in these two
        let whole_names =
            !["pinyin_gloss", "wrapped_lines"].iter().any(|name| path.file_stem().is_some_and(|stem| stem == *name));
        for (cut, _) in text.char_indices().step_by(41) {
            let (front, _) = text.split_at(cut);
            let reading = read(front, &lexicon);
            assert_eq!(reading, read(front, &lexicon));
            let plain = folded(front);
            let mut ids = std::collections::HashSet::new();
            for clause in &reading.clauses {
                assert!(ids.insert(&clause.clause_id), "{} twice in {} cut at {cut}", clause.clause_id, path.display());
                for unit in clause.lead_units.iter().chain(&clause.responsible_units) {
                    assert!(
                        !whole_names || plain.contains(unit.as_str()),
                        "{unit} not in {} cut at {cut}",
                        path.display()
                    );
                }
            }
        }
    }
}

#[test]
fn a_catalogue_s_names_are_known() {
    let text = "一、甲。（云溪明珠、白石之声负责）";
    assert!(read(text, &Lexicon::new()).clauses.iter().all(|clause| clause.responsible_units.is_empty()));
    let reading = read(text, &Lexicon::with_names(["云溪明珠", "白石之声"]));
    assert_eq!(reading.clauses[0].responsible_units, ["云溪明珠", "白石之声"]);
}

#[test]
fn what_is_beyond_a_limit_is_left_out_with_a_warning() {
    let clauses = huiyin_catalogue::reading::CLAUSES_MAX;
    let reading = read(&"一、甲。\n".repeat(clauses + 1), &Lexicon::new());
    assert_eq!(reading.clauses.len(), clauses);
    assert!(reading.warnings.iter().any(|warning| warning.starts_with("条款过多")), "{:?}", reading.warnings);
    let reading = read(&"甲".repeat(huiyin_catalogue::reading::TEXT_CHARS_MAX + 1), &Lexicon::new());
    assert!(reading.warnings.iter().any(|warning| warning.starts_with("正文过长")), "{:?}", reading.warnings);
}
