//! Which clause a post is said to rest on: one that shares its subject, or none.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use huiyin_catalogue::{Catalogue, FILES};
use huiyin_matching::{Assessor, Scope, Subject};
use jiff::civil::date;

fn files() -> BTreeMap<String, Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
    // Some files are optional; what is missing and needed the catalogue itself says.
    let read = |name: &&str| Some(((*name).to_owned(), std::fs::read(directory.join(name)).ok()?));
    FILES.iter().filter_map(read).collect()
}

fn assessor(files: &BTreeMap<String, Vec<u8>>) -> Assessor {
    Assessor::new(Arc::new(Catalogue::from_files(files).expect("the catalogue that ships is sound")))
}

/// Unit and first clause of a post, as `document clause`.
fn cited(assessor: &Assessor, title: &str, text: &str) -> (String, String) {
    let subject = Subject { title, text, place: "", on: date(2026, 11, 1), scope: Scope::Region };
    let assessment = assessor.assess(&subject);
    let unit = assessment.unit.map(|unit| unit.name).unwrap_or_default();
    let clause = assessment.evidence.candidates.first().and_then(|first| first.clauses.first());
    (unit, clause.map(|clause| format!("{} {}", clause.key, clause.clause)).unwrap_or_default())
}

#[test]
fn a_post_rests_on_the_clause_about_its_subject() {
    let assessor = assessor(&files());
    for (title, text, expected) in [
        ("新房裂缝", "广丰区新房交付不到一年，墙体开裂漏水，质量问题没人管。", "reg-zhiliang 第四十三条"),
        ("拖欠农民工工资", "广丰区工地拖欠农民工工资三个月，请督促施工单位支付。", "reg-gongzi 第七条"),
        ("征地补偿", "广丰区村里征地，补偿标准不公示。", "gf2024 二.3"),
        ("公租房", "广丰区公租房申请一年没有结果，保障性住房分配不公开。", "gf2024 二.4"),
        ("过期食品", "南昌市一家超市卖过期食品，请查一查食品安全。", "law-shipin 第六条"),
    ] {
        let (_, clause) = cited(&assessor, title, text);
        assert_eq!(clause, expected, "{title}");
    }
}

#[test]
fn a_clause_that_shares_only_the_system_is_not_cited() {
    let mut files = files();
    let clauses = "document,clause,summary,systems,lead,responsible,deadline,effective_from,effective_to\n\
        reg-gongzi,第七条,农民工工资支付，施工单位按月足额,住建,*,,,,\n";
    files.insert("clauses.csv".to_owned(), clauses.as_bytes().to_vec());
    let assessor = assessor(&files);
    let (unit, clause) = cited(&assessor, "墙体开裂", "广丰区新房墙体开裂漏水，质量问题没人管。");
    assert!(unit.contains("住房和城乡建设局"), "{unit}");
    assert_eq!(clause, "");
}

#[test]
fn a_paper_that_charges_a_unit_outweighs_a_name_made_by_pattern() {
    let (unit, _) = cited(&assessor(&files()), "征地补偿", "广丰区村里征地，补偿标准不公示，补偿款没有发。");
    assert_eq!(unit, "上饶市广丰区自然资源局");
}
