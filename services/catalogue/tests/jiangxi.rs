//! The catalogue of Jiangxi that ships with the project: it loads, is complete, and answers as its documents say.

use std::collections::BTreeMap;
use std::path::Path;

use huiyin_catalogue::{Catalogue, FILES, Fault};
use huiyin_domain::{Level, PlaceCode, SystemCode, UnitId};
use jiff::civil::{Date, date};

fn files() -> BTreeMap<String, Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
    let found = FILES.iter().filter(|name| directory.join(name).exists()); // two of them may be missing
    let read = |name: &&str| std::fs::read(directory.join(name)).expect("the catalogue ships with the project");
    found.map(|name| ((*name).to_owned(), read(name))).collect()
}

fn jiangxi() -> Catalogue {
    let told = |faults: Vec<Fault>| faults.iter().map(ToString::to_string).collect::<Vec<_>>();
    Catalogue::from_files(&files()).map_err(told).expect("the catalogue that ships is sound")
}

fn code(text: &str) -> PlaceCode {
    PlaceCode::new(text)
}

fn system(text: &str) -> SystemCode {
    SystemCode::new(text)
}

#[test]
fn divisions_are_complete() {
    let catalogue = jiangxi();
    assert_eq!(catalogue.region().name, "江西省");
    let current: Vec<_> =
        catalogue.places().filter(|place| place.successor.is_none() && !place.code.as_str().starts_with('X')).collect();
    let count = |level| current.iter().filter(|place| place.level == level).count();
    assert_eq!(count(Level::Prefecture), 11);
    assert_eq!(count(Level::County), 100, "27 districts, 12 cities, 61 counties");
    let ending = |end: char| current.iter().filter(|p| p.level == Level::County && p.name.ends_with(end)).count();
    assert_eq!((ending('区'), ending('市'), ending('县')), (27, 12, 61));
    assert!(count(Level::Street) > 1600, "{}", count(Level::Street));
    for place in &current {
        let above = catalogue.ancestors(&place.code);
        assert_eq!(above.first().map(|place| &place.code), Some(&place.code));
        assert_eq!(above.last().map(|place| place.code.as_str()), Some("360000"), "{}", place.name);
        assert!(catalogue.contains(&code("360000"), &place.code));
    }
}

#[test]
fn places_are_found_by_their_names() {
    let catalogue = jiangxi();
    for (name, expected) in [
        ("广丰", vec!["361103"]),
        ("广丰区", vec!["361103"]),
        ("上饶市广丰区", vec!["361103"]),
        ("广丰县", vec!["361103"]),
        ("龙南", vec!["360783"]),
        ("龙南县", vec!["360783"]),
        ("赣州市龙南市", vec!["360783"]),
        ("南昌", vec!["360100"]),
        ("南昌县", vec!["360121"]),
        ("红谷滩", vec!["360113"]),
        ("南昌高新区", vec!["X36010001"]),
        ("湾里区", vec!["X36010003"]),
        ("上饶高新区", vec!["X36110001"]),
        ("临塘乡", vec!["360783202"]),
        ("吉安", vec!["360800"]),
        ("长沙", vec![]),
    ] {
        let found: Vec<&str> = catalogue.places_named(name).iter().map(|place| place.code.as_str()).collect();
        assert_eq!(found, expected, "{name}");
    }
    assert_eq!(catalogue.current_place(&code("360727")).map(|place| place.code.as_str()), Some("360783"));
    assert!(!catalogue.place(&code("360727")).is_some_and(|place| place.in_force(date(2020, 7, 1))));
    assert!(catalogue.place(&code("360727")).is_some_and(|place| place.in_force(date(2020, 6, 1))));
    assert_eq!(catalogue.prefecture_of(&code("360783202")).map(|place| place.name.as_str()), Some("赣州市"));
    assert_eq!(catalogue.prefecture_of(&code("360000")), None);
    assert!(catalogue.elsewhere().is_empty(), "other provinces are told by the national gazetteer");
}

#[test]
fn every_name_in_the_documents_resolves() {
    let catalogue = jiangxi();
    let names = include_str!("fixtures/named_units.csv");
    let mut checked = 0;
    for line in names.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [document, near, on, name, expected] = cells[..] else { panic!("five cells: {line}") };
        let on: Date = on.parse().expect("a date");
        let found = catalogue.resolve_unit(name, Some(&code(near)), on);
        assert_eq!(found.first().map(|unit| unit.id.as_str()), Some(expected), "{document} {name}");
        assert!(found[0].documents.iter().any(|key| key == document), "{document} {name}");
        checked += 1;
    }
    assert_eq!(checked, 150, "bodies named by the five documents");
}

#[test]
fn relative_names_do_not_leave_their_place() {
    let catalogue = jiangxi();
    let on = date(2026, 3, 1);
    for (name, near, expected) in [
        ("市教体局", Some("360783"), vec!["360783-教育"]),
        ("市教体局", Some("360100"), vec![]),
        ("市发改委", Some("360783202"), vec!["360783-发改"]),
        ("市发改委", Some("360102"), vec!["360100-发改"]),
        ("省教育厅", Some("361103"), vec!["360000-教育"]),
        ("龙南生态环境局", Some("360100"), vec!["360783-生态环境"]),
        ("龙南生态环境局", None, vec!["360783-生态环境"]),
        ("省扶贫办", Some("360000"), vec!["360000-农业农村"]),
        ("市市场监管局", Some("360100"), vec!["360100-市场监管"]),
    ] {
        let near = near.map(code);
        let found: Vec<&str> =
            catalogue.resolve_unit(name, near.as_ref(), on).iter().map(|unit| unit.id.as_str()).collect();
        assert_eq!(found, expected, "{name} near {near:?}");
    }
    for (name, near, expected) in [
        ("广昌县教体局", None, vec!["广昌县教育体育局"]),
        ("抚州市广昌县教育局", None, vec!["广昌县教育体育局"]),
        ("县教体局", Some("361030"), vec!["广昌县教育体育局"]),
        ("市城管局", Some("360702"), vec!["赣州市城市管理局"]),
        ("城管局", Some("361030"), vec!["广昌县城市管理局"]),
        ("章贡公安分局", None, vec!["赣州市公安局章贡分局"]),
        ("火星教育局", None, vec![]),
    ] {
        let near = near.map(code);
        let found: Vec<String> =
            catalogue.resolve_body(name, near.as_ref(), on).into_iter().map(|unit| unit.name).collect();
        assert_eq!(found, expected, "{name} near {near:?}");
    }
}

#[test]
fn units_serve_system_and_place() {
    let catalogue = jiangxi();
    for (of, place, on, expected) in [
        ("教育", "360000", date(2024, 5, 1), Some("江西省教育厅")),
        ("教育", "360783", date(2024, 5, 1), Some("龙南市教育体育局")),
        ("教育", "360727", date(2024, 5, 1), Some("龙南市教育体育局")),
        ("教育", "360783100", date(2024, 5, 1), Some("龙南市教育体育局")),
        ("教育", "361030", date(2024, 5, 1), Some("广昌县教育体育局")),
        ("教育", "360400", date(2024, 5, 1), Some("九江市教育局")),
        ("教育", "X36010001", date(2024, 5, 1), Some("南昌高新技术产业开发区管理委员会")),
        ("教育", "X36080002", date(2024, 5, 1), Some("庐陵新区管理委员会")),
        ("公安", "360102", date(2024, 5, 1), Some("南昌市公安局东湖分局")),
        ("公安", "360121", date(2024, 5, 1), Some("南昌县公安局")),
        ("交警", "360783", date(2024, 5, 1), Some("龙南市公安局交通管理大队")),
        ("生态环境", "360121", date(2024, 5, 1), Some("南昌市南昌县生态环境局")),
        ("邮政", "360102", date(2024, 5, 1), Some("南昌市邮政管理局")),
        ("轨道交通", "361030", date(2024, 5, 1), Some("广昌县交通运输局")),
        ("生态环境", "360734", date(2024, 5, 1), Some("赣州市寻乌生态环境局")),
        ("生态环境", "360783", date(2024, 5, 1), Some("赣州市龙南生态环境局")),
        ("医保", "360783202", date(2024, 5, 1), Some("赣州市医疗保障局龙南分局")),
        ("税务", "360281", date(2024, 5, 1), Some("国家税务总局乐平市税务局")),
        ("税务", "360103", date(2024, 5, 1), Some("国家税务总局南昌市西湖区税务局")),
        ("税务", "X36010001", date(2024, 5, 1), Some("国家税务总局南昌高新技术产业开发区税务局")),
        ("供电", "360300", date(2024, 5, 1), Some("国网江西省电力有限公司萍乡供电分公司")),
        ("房产", "361130", date(2024, 5, 1), Some("婺源县住房和城乡建设局")),
        ("轨道交通", "360104", date(2024, 5, 1), Some("南昌轨道交通集团有限公司")),
        ("乡镇街道", "360783202", date(2024, 5, 1), Some("临塘乡人民政府")),
        ("乡镇街道", "360102007", date(2024, 5, 1), Some("豫章街道办事处")),
        ("乡镇街道", "361103101", date(2024, 5, 1), Some("五都镇人民政府")),
        ("乡镇街道", "361103", date(2024, 5, 1), None),
        ("乡村振兴", "360000", date(2019, 5, 13), Some("江西省扶贫办公室")),
        ("乡村振兴", "360000", date(2023, 5, 13), Some("江西省乡村振兴局")),
        ("乡村振兴", "360000", date(2026, 1, 1), Some("江西省农业农村厅")),
        ("金融", "360000", date(2019, 5, 13), Some("江西省地方金融监督管理局")),
        ("金融", "360000", date(2026, 1, 1), Some("江西省地方金融管理局")),
        ("教育", "999999", date(2024, 5, 1), None),
        ("占卜", "360000", date(2024, 5, 1), None),
    ] {
        let unit = catalogue.unit_at(&system(of), &code(place), on);
        assert_eq!(unit.as_ref().map(|unit| unit.name.as_str()), expected, "{of} {place} {on}");
        if let Some(unit) = unit {
            assert_eq!(catalogue.unit_by_id(&unit.id).as_ref(), Some(&*unit), "{of} {place}");
        }
    }
}

#[test]
fn nothing_is_left_without_an_office() {
    let catalogue = jiangxi();
    for place in catalogue.places() {
        let office = catalogue.duty_office(&place.code);
        assert!(office.is_some_and(|office| !office.collective && !office.name.is_empty()), "{}", place.name);
    }
    for (place, expected) in [
        ("360783202", "龙南市人民政府办公室"),
        ("361030", "广昌县人民政府办公室"),
        ("360000", "江西省人民政府办公厅"),
        ("X36110001", "上饶高新技术产业园区管理委员会"),
    ] {
        assert_eq!(catalogue.duty_office(&code(place)).map(|unit| unit.name).as_deref(), Some(expected));
    }
}

#[test]
fn every_system_is_served_in_every_county() {
    let catalogue = jiangxi();
    let local = ["乡镇街道", "园区管委会", "轨道交通"];
    for place in catalogue.places().filter(|place| place.level == Level::County && place.successor.is_none()) {
        for of in catalogue.systems().filter(|of| !local.contains(&of.code.as_str())) {
            let unit = catalogue.unit_at(&of.code, &place.code, date(2026, 3, 1));
            assert!(unit.is_some(), "{} {}", of.code, place.name);
        }
    }
}

#[test]
fn decisions_rest_on_clauses() {
    let catalogue = jiangxi();
    let on = date(2026, 3, 1);
    for (unit, of, first, among) in [
        ("360783-教育", "教育", ("ln2024", "二.9"), ("gbf2016-61", "三")),
        ("361103-城管", "城管", ("gf2024", "二.6"), ("reg-shirong", "第四条")),
        ("361030-城管", "城管", ("law-zaosheng", "第八条"), ("jx2024", "六")),
        ("360000-医保", "医保", ("jx2024", "二"), ("reg-yibao", "第六条")),
    ] {
        let clauses = catalogue.clauses_for(&UnitId::new(unit), &system(of), on);
        let keys: Vec<_> = clauses.iter().map(|clause| (clause.document.as_str(), clause.clause.as_str())).collect();
        assert_eq!(keys.first(), Some(&first), "{unit}: {keys:?}");
        assert!(keys.contains(&among), "{unit}: {keys:?}");
    }
    let old = catalogue.clauses_for(&UnitId::new("360000-教育"), &system("教育"), on);
    assert!(old.iter().all(|clause| clause.document != "jx2019"), "the plan of 2019 has run out");
    assert!(catalogue.clauses_for(&UnitId::new("nobody"), &system("教育"), on).is_empty());
    let counts = |key: &str| catalogue.clauses().filter(|clause| clause.document == key).count();
    assert_eq!(
        (counts("jx2024"), counts("nc2023"), counts("gf2024"), counts("ln2024"), counts("jx2019")),
        (12, 15, 48, 55, 18)
    );
}

#[test]
fn vocabulary_covers_every_system() {
    let catalogue = jiangxi();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for term in catalogue.terms() {
        *counts.entry(term.system.as_str()).or_default() += 1;
    }
    for of in catalogue.systems() {
        assert!(counts.get(of.code.as_str()).is_some_and(|count| *count >= 10), "{}", of.code);
    }
    let words: Vec<&str> = catalogue.words().collect();
    let unique: std::collections::BTreeSet<&str> = words.iter().copied().collect();
    assert_eq!(words.len(), unique.len());
    assert!(["临塘乡", "南昌高新区", "教体局", "公积金贷款"].iter().all(|word| unique.contains(word)));
}

#[test]
fn digest_follows_the_content() {
    let mut files = files();
    let first = Catalogue::from_files(&files).map(|catalogue| catalogue.digest().to_owned());
    files.insert("README.md".to_owned(), b"not part of it".to_vec());
    assert_eq!(Catalogue::from_files(&files).map(|catalogue| catalogue.digest().to_owned()), first);
    files.insert("elsewhere.csv".to_owned(), "name,code\n某地,990000\n".as_bytes().to_vec());
    let second = Catalogue::from_files(&files).map(|catalogue| catalogue.digest().to_owned());
    assert_ne!(second, first);
    assert!(second.is_ok_and(|digest| digest.len() == 64));
}

#[test]
fn units_are_found_by_what_people_type() {
    let catalogue = jiangxi();
    let cases: [(&str, Option<&str>, &str); 6] = [
        ("吉水县城市", None, "吉水县城市管理局"),
        ("城管", Some("360822"), "吉水县城市管理局"),
        ("教体", Some("360822"), "吉水县教育体育局"),
        ("城市管理", Some("360800"), "吉安市城市管理局"),
        ("交警", Some("360822"), "吉水县公安局交通警察大队"),
        ("江西省市场", None, "江西省市场监督管理局"),
    ];
    for (typed, near, expected) in cases {
        let near = near.map(code);
        let found = catalogue.find_units(typed, near.as_ref(), date(2026, 11, 1), 12);
        assert_eq!(found.first().map(|unit| unit.name.as_str()), Some(expected), "{typed}");
        let mut ids: Vec<_> = found.iter().map(|unit| &unit.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), found.len(), "{typed}: none twice");
    }
    let branch = catalogue.resolve_body("南昌市自然资源局红谷滩分局", None, date(2026, 11, 1));
    assert_eq!(branch.len(), 1, "a name by rule that begins with the place above");
    assert!(catalogue.find_units("  ", None, date(2026, 11, 1), 12).is_empty());
    assert!(catalogue.find_units("没有这个单位", None, date(2026, 11, 1), 12).is_empty());
}
