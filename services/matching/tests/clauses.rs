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

/// Every clause cited for any candidate of any post names the unit, or a collective that holds it, or its line of work.
#[test]
fn no_citation_names_only_other_units() {
    let assessor = assessor(&files());
    let catalogue = assessor.catalogue();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    let (mut posts, mut cited) = (0, 0);
    for file in ["model/corpus/routing.jsonl", "model/corpus/asides.jsonl", "sample/posts.jsonl"] {
        for line in std::fs::read_to_string(root.join(file)).unwrap().lines() {
            let post: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| post.get(name).and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
            let (title, text, place) = (field("title"), field("text"), field("place"));
            let subject =
                Subject { title: &title, text: &text, place: &place, on: date(2026, 11, 1), scope: Scope::Region };
            posts += 1;
            for candidate in assessor.assess(&subject).evidence.candidates {
                let Some(unit) = candidate.unit.as_ref().and_then(|unit| catalogue.unit_by_id(&unit.id)) else {
                    assert!(candidate.clauses.is_empty(), "a clause without a unit: {text}");
                    continue;
                };
                for found in &candidate.clauses {
                    let clause = catalogue
                        .clauses()
                        .find(|clause| clause.document == found.key && clause.clause == found.clause)
                        .unwrap();
                    assert!(catalogue.naming(clause, &unit).is_some(), "{} {}: {text}", unit.name, found.document);
                    cited += 1;
                }
            }
        }
    }
    assert!(posts > 3_000 && cited > 1_000, "{posts} posts, {cited} citations");
}

/// A law is cited only for its own subject, not for another one of the same body.
#[test]
fn a_law_is_cited_for_its_own_subject() {
    let assessor = assessor(&files());
    for (text, never) in [
        ("乐平市某小区地下车位只卖不租，业主没地方停车，物业不管", "reg-gongzi"),
        ("信丰县一栋住宅楼外墙瓷砖往下掉，找住建局", "reg-gongzi"),
        ("上高县人社局退休审批要跑三趟，养老金算少了", "reg-gongzi"),
        ("于都县某工地塔吊夜里还在转，施工没有围挡", "reg-zhengshou"),
        ("瑞金市老房子漏水开裂，质量问题没人修", "law-fangdichan"),
        ("高安市公交车经常不来，班次太少", "law-gonglu"),
        ("永新县的县道坑坑洼洼没人养护", "reg-yunshu"),
        ("丰城市医院挂号排长队，医生态度差", "reg-yibao"),
        ("南康区一家超市不给退货，会员卡余额不退", "law-shipin"),
        ("都昌县邻居养了几十只羊，味道很大", "law-yesheng"),
    ] {
        let subject = Subject { title: "", text, place: "", on: date(2026, 11, 1), scope: Scope::Region };
        let assessment = assessor.assess(&subject);
        let first = assessment.evidence.candidates.first();
        let keys: Vec<&str> = first.iter().flat_map(|one| &one.clauses).map(|clause| clause.key.as_str()).collect();
        assert!(!keys.contains(&never), "{text}: {keys:?}");
    }
}

/// The office's own paper decides: with 路灯维护 led by the construction bureau and 占道经营 by the enforcement bureau, a broken
/// street light goes to the construction bureau, and cites the clause that says so.
#[test]
fn the_office_s_own_clause_gives_the_unit() {
    let mut files = files();
    let mut add = |name: &str, lines: &str| {
        let file = files.get_mut(name).unwrap();
        if !file.ends_with(b"\n") {
            file.push(b'\n');
        }
        file.extend_from_slice(lines.as_bytes());
    };
    add(
        "units.csv",
        "360821-住建,吉安县住房和城乡建设局,县住建局|县建设局,住建,360821,,,,,,,,\n\
         360821-执法,吉安县综合行政执法局,县执法局,城管,360821,,,,,,,,\n",
    );
    add(
        "documents.csv",
        "ja2026,吉安县城市管理职责分工,吉县府办字〔2026〕3号,吉安县人民政府办公室,2026-01-05,360821,,,invented\n",
    );
    add(
        "clauses.csv",
        "ja2026,一,路灯维护,住建|城管,360821-住建,/,,,,路灯|照明\n\
         ja2026,二,占道经营整治,城管,360821-执法,/,,,,占道经营|摆摊|流动摊贩\n",
    );
    let assessor = assessor(&files);
    for (text, unit, clause) in [
        ("吉安县敦厚镇凤凰大道的路灯坏了半个月，晚上漆黑一片", "吉安县住房和城乡建设局", "ja2026 一"),
        ("吉安县城里一排路灯整夜不亮，没人修", "吉安县住房和城乡建设局", "ja2026 一"),
        ("吉安县文山路两边全是摆摊的，占道经营，走路都难", "吉安县综合行政执法局", "ja2026 二"),
        ("吉安县菜市场外流动摊贩占道经营没人管", "吉安县综合行政执法局", "ja2026 二"),
    ] {
        assert_eq!(cited(&assessor, "", text), (unit.to_owned(), clause.to_owned()), "{text}");
    }
    let (unit, clause) = cited(&assessor, "", "泰和县澄江镇路灯坏了半个月没人修");
    assert!(unit.contains("泰和县") && !clause.starts_with("ja2026"), "another county's paper: {unit} {clause}");
}
