//! Catalogues to begin with, for regions of every province.

use std::collections::BTreeMap;
use std::path::Path;

use huiyin_catalogue::adopting::{Options, Outcome, take_in};
use huiyin_catalogue::reading::{Lexicon, read};
use huiyin_catalogue::{Beginning, Catalogue, Fault, begin, gazetteer};
use huiyin_domain::{Level, PlaceCode, SystemCode};
use jiff::civil::date;

type Files = BTreeMap<String, Vec<u8>>;

fn base() -> Files {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
    let read = |name: &str| std::fs::read(directory.join(name)).expect("the catalogue ships with the project");
    ["places.csv", "systems.csv", "terms.csv"].map(|name| (name.to_owned(), read(name))).into()
}

fn begun(base: &Files, region: &str) -> Result<Files, Vec<String>> {
    let beginning = Beginning { region: PlaceCode::new(region), name: None, effective_from: date(2031, 1, 1) };
    begin(base, &beginning).map_err(|faults: Vec<Fault>| faults.iter().map(ToString::to_string).collect())
}

fn unit(catalogue: &Catalogue, system: &str, place: &str) -> Option<String> {
    let unit = catalogue.unit_at(&SystemCode::new(system), &PlaceCode::new(place), date(2031, 5, 1));
    unit.map(|unit| unit.name.clone())
}

#[test]
fn every_province_can_be_begun() {
    let mut base = base();
    // Terms cost most of the time and matter least here.
    let terms = String::from_utf8(base["terms.csv"].clone()).unwrap();
    let few: Vec<&str> = terms
        .lines()
        .enumerate()
        .filter(|(number, line)| *number < 50 || line.ends_with("江西"))
        .map(|(_, line)| line)
        .collect();
    base.insert("terms.csv".to_owned(), few.join("\n").into_bytes());
    for province in gazetteer::divisions().iter().filter(|one| one.level == Level::Province) {
        let files = begun(&base, province.code).unwrap_or_else(|faults| panic!("{}: {faults:?}", province.name));
        let catalogue = Catalogue::from_files(&files).expect("it was checked");
        assert_eq!(catalogue.region().name, province.name);
        if province.name != "江西省" {
            for (name, content) in &files {
                let text = String::from_utf8_lossy(content);
                let named = text.lines().find(|line| line.contains("江西省") || line.contains("赣服通"));
                assert_eq!(named, None, "{} {name}", province.name);
            }
        }
    }
    let told = begun(&base, "430199").unwrap_err();
    assert!(told[0].contains("430199") && told[0].contains("places.csv"), "{told:?}");
}

#[test]
fn bodies_are_called_as_they_are_there() {
    let base = base();
    for (region, system, place, name) in [
        ("430181", "教育", "430181", "浏阳市教育体育局"),
        ("430181", "教育", "430000", "湖南省教育厅"),
        ("430181", "供电", "430181", "国网湖南省电力有限公司浏阳市供电分公司"),
        ("430181", "公安", "430102", "长沙市公安局芙蓉分局"),
        ("430181", "税务", "430181", "国家税务总局浏阳市税务局"),
        ("430181", "乡镇街道", "430181001", "淮川街道办事处"),
        ("430181", "民航", "430000", "湖南省交通运输厅"),
        ("440600", "供电", "440600", "广东电网有限责任公司佛山供电局"),
        ("310115", "民政", "310000", "上海市民政局"),
        ("310115", "政府办", "310000", "上海市人民政府办公厅"),
        ("310115", "供电", "310115", "国网上海市电力公司浦东供电公司"),
        ("650100", "供电", "650100", "国网新疆电力有限公司乌鲁木齐供电分公司"),
        ("150100", "供电", "150100", "呼和浩特市发展和改革委员会"),
        ("360783", "供电", "360783", "国网江西省电力有限公司龙南市供电分公司"),
        ("360783", "民航", "360000", "江西省机场集团有限公司"),
    ] {
        let files = begun(&base, region).unwrap();
        let catalogue = Catalogue::from_files(&files).expect("it was checked");
        assert_eq!(unit(&catalogue, system, place).as_deref(), Some(name), "{system} {place}");
    }
}

#[test]
fn a_document_of_a_county_of_another_province_is_taken_in() {
    let files = begun(&base(), "430181").unwrap();
    let text = "浏阳市人民政府办公室关于印发来信办理分工的通知\n浏府办字〔2031〕3号\n\
        1．治理井盖破损。巡查更换道路井盖。（市城管局牵头，各乡镇人民政府配合）\n\
        2．公布招生划片。公开学校划片范围。（市教育局、长沙市教育局按职责分工负责）\n\
        浏阳市人民政府办公室\n2031年3月5日\n";
    let catalogue = Catalogue::from_files(&files).expect("it was checked");
    let reading = read(text, &Lexicon::with_catalogue(&catalogue));
    let adopted = take_in(&files, &[("分工.txt".to_owned(), reading)], &Options::default()).expect("it is sound");
    let document = &adopted.report.documents[0];
    assert_eq!((document.place.as_deref(), document.clauses), (Some("430181"), 2));
    let found = |name: &str| {
        let report = document.names.iter().find(|one| one.name == name).expect("the document names it");
        (report.outcome, report.unit.clone().unwrap_or_default())
    };
    for (name, outcome, unit) in [
        ("市城管局", Outcome::Listed, "430181-城管"),
        ("市教育局", Outcome::Listed, "430181-教育"),
        ("长沙市教育局", Outcome::Listed, "430100-教育"),
        ("各乡镇人民政府", Outcome::Collective, "430181-乡镇政府"),
    ] {
        assert_eq!(found(name), (outcome, unit.to_owned()), "{name}");
    }
}
