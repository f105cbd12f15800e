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

/// Without spaces; line ends, tabs and bars stay, since names stand on both sides of them.
fn folded(text: &str) -> String {
    let text = text.replace("**", "");
    text.chars().filter(|c| !c.is_whitespace() || matches!(c, '\n' | '\t')).collect()
}

/// A line a clause: its number, its units and its deadline.
fn told(text: &str) -> Vec<String> {
    let reading = read(text, &Lexicon::new());
    let clause = |clause: &huiyin_catalogue::reading::ReadClause| {
        let (lead, responsible) = (clause.lead_units.join(" "), clause.responsible_units.join(" "));
        format!("{}|{lead}|{responsible}|{}", clause.clause_id, clause.deadline.as_deref().unwrap_or_default())
    };
    reading.clauses.iter().map(clause).collect()
}

/// Layouts that once ran names together, cut an item short or lost a clause.
#[test]
fn no_layout_runs_names_together_or_loses_a_clause() {
    for (text, expected) in [
        ("序号\t任务\t责任单位\n1\t疏通管网\t区水利局\n\t\t区城管局\n", vec!["1||区水利局 区城管局|"]),
        ("序号\t任务\t责任单位\n1\t修渠\t市农业\n\t\t农村局\n", vec!["1||市农业农村局|"]),
        ("一、修渠。（区水利局\n区城管局负责）", vec!["一||区水利局 区城管局|"]),
        (
            "一、完成改造。\n联系人：张某某\n责任单位：市城管局\n完成时限：年底前\n二、疏通管网。（市水利局负责）",
            vec!["一||市城管局|年底前", "二||市水利局|"],
        ),
        ("一、完成改造。\n联系人：张某某\n责任单位：市城管局\n完成时限：年底前", vec!["一||市城管局|年底前"]),
        ("一、活动时间\n2031年3月1日至5月31日\n（责任单位：市教育局）", vec!["一||市教育局|"]),
        ("一、统一采购设备。\n打印设备由专人管理，及时维护。（市教育局负责）", vec!["一||市教育局|"]),
        (
            "一、修渠。（市水利局负责）\n某市人民政府\n2031年3月1日\n\n打印 关闭\n主办单位：某市人民政府办公室",
            vec!["一||市水利局|"],
        ),
        (
            "| 序号 | 任务 | 牵头单位 | 配合单位 | 完成时限 |\n|---|---|---|---|---|\n\
             | 1 | 推进农村河道治理工程建设并完成年度各项任务 | 区生态环境局 | 区水利局 | 2031年12月底前 |",
            vec!["1|区生态环境局|区水利局|2031年12月底前"],
        ),
        (
            "附件：重点任务分工\n1.疏通雨水管网（区水利局负责）\n2.清理河道\n责任单位：区城管局",
            vec!["1||区水利局|", "2||区城管局|"],
        ),
        ("一、修渠。（区水利局负责）\n附件：1.任务分工表\n2.联络表（试行）", vec!["一||区水利局|"]),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

/// Words in a unit's place that name nobody.
#[test]
fn prose_is_no_unit() {
    let table = |rows: &str| format!("序号\t任务\t责任单位\n1\t修渠\t区水利局\n{rows}");
    for (text, expected) in [
        ("一、修渠。\n责任单位：区水利局\n配合单位：根据工作需要确定".to_owned(), vec!["一||区水利局|"]),
        ("一、修渠。\n责任单位：区水利局\n配合单位：视任务安排另议，逐项落实".to_owned(), vec!["一||区水利局|"]),
        ("一、修渠。（区水利局牵头，全力推进，区城管局配合）".to_owned(), vec!["一|区水利局|区城管局|"]),
        (table("2\t清淤\t同上\n3\t植树\t〃"), vec!["1||区水利局|", "2||区水利局|", "3||区水利局|"]),
        (table("2\t清淤\t待定\n3\t植树\t详见附件2"), vec!["1||区水利局|", "2|||", "3|||"]),
        (table("2\t清淤\t抓紧推进、限期完工、区城管局"), vec!["1||区水利局|", "2||区城管局|"]),
    ] {
        assert_eq!(told(&text), expected, "{text}");
    }
    let reading = read(&table("2\t清淤\t抓紧推进、限期完工、区城管局"), &Lexicon::new());
    assert!(reading.warnings.iter().any(|warning| warning.starts_with("表中责任单位栏")), "{:?}", reading.warnings);
}

/// Heads of tables that no list knows, and rules said away from the units they are for.
#[test]
fn heads_and_rules_reach_what_they_are_for() {
    let rule = "责任单位列第一位者为牵头单位，下同";
    for (text, expected) in [
        ("序号\t任务\t责任单位\t资金来源\n1\t修渠\t区水利局\t上级补助".to_owned(), vec!["1||区水利局|"]),
        (
            "任务\t开始时间\t完成时间\t责任单位\n修渠\t2031年3月\t2031年6月底前\t区水利局".to_owned(),
            vec!["1||区水利局|2031年6月底前"],
        ),
        (
            "序号\t任务\t责任单位（第一位为牵头单位）\n1\t修渠\t区水利局、区城管局".to_owned(),
            vec!["1|区水利局|区城管局|"],
        ),
        (format!("任务分工如下（{rule}）。\n一、修渠。（区水利局、区城管局负责）"), vec!["一|区水利局|区城管局|"]),
        (format!("注：{rule}。\n任务\t责任单位\n修渠\t区水利局、区城管局"), vec!["1|区水利局|区城管局|"]),
        (
            format!("注：{rule}。\n任务\t牵头单位\t责任单位\n修渠\t区水利局\t区城管局\n清淤\t\t区水利局"),
            vec!["1|区水利局|区城管局|", "2||区水利局|"],
        ),
        ("一、修渠。（区水利局、区城管局负责）".to_owned(), vec!["一||区水利局 区城管局|"]),
    ] {
        assert_eq!(told(&text), expected, "{text}");
    }
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
