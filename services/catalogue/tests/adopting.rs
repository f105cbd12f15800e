//! From official documents to a catalogue: every place, body and document here is invented.

use std::collections::BTreeMap;

use huiyin_catalogue::adopting::{Adopted, NameReport, Options, Outcome, take_in};
use huiyin_catalogue::reading::{Lexicon, ReadClause, Reading, read};
use huiyin_catalogue::{Beginning, Catalogue, Duty, Fault, begin};
use huiyin_domain::{PlaceCode, SystemCode, UnitId};
use jiff::civil::date;

type Files = BTreeMap<String, Vec<u8>>;

fn base() -> Files {
    let places = "code,name,short,level,parent,aliases,effective_from,effective_to,successor,note\n\
        980000,云泽省,云泽,province,,,,,,\n980100,临江市,临江,prefecture,980000,,,,,\n\
        980102,望湖区,望湖,county,980100,望湖县,,,,\n980181,青桐市,青桐,county,980100,,,,,\n\
        980181101,柳渡镇,,street,980181,,,,,\nX98010001,双溪管理局,双溪,county,980100,,,,,\n";
    let systems = "code,name,vertical,province_pattern,prefecture_pattern,county_pattern,district_pattern,bodies,parent,note\n\
        政府办,政府办公厅（室）,no,{place}人民政府办公厅,{place}人民政府办公室,{place}人民政府办公室,,政府办|政府办公室|府办,,\n\
        教育,教育,no,{place}教育厅,{place}教育局,{place}教育体育局,,教育局|教体局|教育厅,,\n\
        住建,住房和城乡建设,no,{place}住房和城乡建设厅,{place}住房和城乡建设局,{place}住房和城乡建设局,,住建局|住建厅,,\n\
        房产,房产与物业,no,,,,,房管局,住建,\n\
        工信,工业和信息化,no,{place}工业和信息化厅,{place}工业和信息化局,{place}工业和信息化局,,工信局|工信厅|中小企业局,,\n\
        财政,财政,no,{place}财政厅,{place}财政局,{place}财政局,,财政局|财政厅,,\n\
        生态环境,生态环境,no,{place}生态环境厅,{place}生态环境局,{parent}{short}生态环境局,,生态环境局|环保局,,\n\
        市场监管,市场监督管理,no,{place}市场监督管理局,{place}市场监督管理局,{place}市场监督管理局,,市场监管局,,\n\
        医保,医疗保障,no,{place}医疗保障局,{place}医疗保障局,{place}医疗保障局,,医保局|医疗保障局,,\n\
        宣传网信,宣传与网信,no,中共{place}委宣传部,中共{place}委宣传部,中共{place}委宣传部,,宣传部|网信办|市委宣传部,,\n\
        税务,税务,yes,国家税务总局{place}税务局,国家税务总局{place}税务局,国家税务总局{place}税务局,,税务局,,\n\
        乡镇街道,乡镇与街道,no,,,,,镇政府|街道办,,\n园区管委会,园区与开发区,no,,,,,管委会,,\n";
    let terms = "term,system,weight,note\n划片,教育,3,\n招生,教育,3,\n物业费,房产,4,\n污水,生态环境,4,\n";
    [("places.csv", places), ("systems.csv", systems), ("terms.csv", terms)]
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .into()
}

fn told(faults: Vec<Fault>) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}

fn begun(region: &str) -> Files {
    let beginning = Beginning { region: PlaceCode::new(region), name: None, effective_from: date(2031, 1, 1) };
    begin(&base(), &beginning).map_err(told).expect("the region is in the base")
}

fn paper(title: &str, issuer: &str, day: &str, clauses: &[(&str, &str, &[&str], &[&str])]) -> (String, Reading) {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let clauses = clauses.iter().map(|(id, text, lead, responsible)| ReadClause {
        clause_id: (*id).to_owned(),
        text: (*text).to_owned(),
        lead_units: names(lead),
        responsible_units: names(responsible),
        ..ReadClause::default()
    });
    let reading = Reading {
        title: Some(title.to_owned()),
        issuer: Some(issuer.to_owned()),
        date: Some(day.to_owned()),
        clauses: clauses.collect(),
        ..Reading::default()
    };
    ("paper.json".to_owned(), reading)
}

fn taken(files: &Files, readings: &[(String, Reading)]) -> Adopted {
    take_in(files, readings, &Options::default()).map_err(told).expect("the papers are sound")
}

fn name<'a>(adopted: &'a Adopted, name: &str) -> &'a NameReport {
    let mut names = adopted.report.documents.iter().flat_map(|document| &document.names);
    names.find(|one| one.name == name).expect("the paper names it")
}

#[test]
fn names_are_read_for_the_place_and_level_of_the_paper() {
    let city = paper(
        "临江市政务公开要点",
        "临江市人民政府办公室",
        "2031-03-01",
        &[(
            "一",
            "公开重点领域信息",
            &["市住建局", "市委宣传部（市委网信办）", "青桐生态环境局"],
            &[
                "省工信厅",
                "财政厅",
                "市市场监管局",
                "双溪管理局",
                "各县（区）人民政府",
                "市中小企业局",
                "市工信局",
                "市甘棠博览中心",
            ],
        )],
    );
    let county = paper(
        "青桐市分工表",
        "青桐市人民政府办公室",
        "2031-04-01",
        &[(
            "1",
            "公开招生信息",
            &["市教体局", "临江市医疗保障局青桐分局"],
            &["市场监管局", "市税务局", "柳渡镇", "市政府办"],
        )],
    );
    let adopted = taken(&begun("980000"), &[city, county]);
    for (written, outcome, unit, official) in [
        ("市住建局", Outcome::Listed, "980100-住建", "临江市住房和城乡建设局"),
        ("市委宣传部（市委网信办）", Outcome::Listed, "980100-宣传网信", "中共临江市委宣传部"),
        ("青桐生态环境局", Outcome::Listed, "980181-生态环境", "临江市青桐生态环境局"),
        ("省工信厅", Outcome::Listed, "980000-工信", "云泽省工业和信息化厅"),
        ("财政厅", Outcome::Listed, "980000-财政", "云泽省财政厅"),
        ("市市场监管局", Outcome::Listed, "980100-市场监管", "临江市市场监督管理局"),
        ("双溪管理局", Outcome::Listed, "X98010001-园区管委会", "双溪管理局"),
        ("各县（区）人民政府", Outcome::Collective, "980100-县区政府", "各县（区）人民政府"),
        ("市甘棠博览中心", Outcome::Proposed, "980100-甘棠博览中心", "临江市甘棠博览中心"),
        ("市教体局", Outcome::Listed, "980181-教育", "青桐市教育体育局"),
        ("临江市医疗保障局青桐分局", Outcome::Listed, "980181-医保", "临江市医疗保障局青桐分局"),
        ("市场监管局", Outcome::Listed, "980181-市场监管", "青桐市市场监督管理局"),
        ("市税务局", Outcome::Listed, "980181-税务", "国家税务总局青桐市税务局"),
        ("柳渡镇", Outcome::Listed, "980181101-乡镇街道", "柳渡镇人民政府"),
        ("市政府办", Outcome::Listed, "980181-政府办", "青桐市人民政府办公室"),
    ] {
        let found = name(&adopted, written);
        let got = (found.outcome, found.unit.as_deref(), found.unit_name.as_deref());
        assert_eq!(got, (outcome, Some(unit), Some(official)), "{written}");
    }
    // 中小企业局 and 工信局 are both of one line of work: a person should look at whichever came second.
    assert_eq!(name(&adopted, "市工信局").outcome, Outcome::Ambiguous);
    let bureau = adopted.catalogue.unit_at(&SystemCode::new("工信"), &PlaceCode::new("980100"), date(2031, 5, 1));
    assert!(bureau.is_some());
    assert_eq!(adopted.report.counts.names, 17);
}

#[test]
fn papers_taken_in_again_change_nothing_but_what_they_say() {
    let first = paper(
        "2031年望湖区要点",
        "临江市望湖区人民政府办公室",
        "2031-02-01",
        &[("一", "公示物业费标准", &["区住建局"], &[])],
    );
    let once = taken(&begun("980100"), std::slice::from_ref(&first));
    let twice = taken(&once.files, std::slice::from_ref(&first));
    assert!(twice.report.documents[0].repeated);
    let difference = once.catalogue.difference(&twice.catalogue);
    assert!(difference.is_empty(), "{difference}");
    assert_eq!(name(&twice, "区住建局").outcome, Outcome::Known);
    let next = paper(
        "2032年望湖区要点",
        "临江市望湖区人民政府办公室",
        "2032-02-01",
        &[("一", "公示物业费标准", &["区房管局"], &[])],
    );
    let later = taken(&once.files, &[next]);
    let old = later.catalogue.documents().find(|document| document.title.starts_with("2031")).unwrap();
    assert_eq!(old.effective_to, Some(date(2032, 1, 31)), "a paper of the next year takes over");
}

#[test]
fn only_the_same_issuer_takes_over_its_yearly_paper() {
    let clause: &[(&str, &str, &[&str], &[&str])] = &[("一", "公开信息", &["市教育局"], &[])];
    for (issuer, expected) in [
        ("临江市教育局", Some(date(2032, 1, 31))),
        ("市教育局", Some(date(2032, 1, 31))),
        ("市住建局", None),
        ("", None),
    ] {
        let old = paper("2031年政务公开要点", "临江市教育局", "2031-02-01", clause);
        let new = paper("2032年政务公开要点", issuer, "2032-02-01", clause);
        let adopted = take_in(
            &begun("980100"),
            &[old, new],
            &Options { place: Some(PlaceCode::new("980100")), ..Options::default() },
        );
        let adopted = adopted.map_err(told).expect("the papers are sound");
        let old = adopted.catalogue.documents().find(|document| document.title.starts_with("2031")).unwrap();
        assert_eq!(old.effective_to, expected, "{issuer}");
        let doubted = adopted.report.documents[1].warnings.iter().any(|warning| warning.contains("可能由本文件接替"));
        assert_eq!(doubted, issuer.is_empty(), "{issuer}");
    }
}

#[test]
fn a_paper_read_anew_corrects_deadlines_and_tells_of_clauses_it_lacks() {
    let mut first = paper(
        "望湖区要点",
        "临江市望湖区人民政府办公室",
        "2031-02-01",
        &[("1", "公示物业费", &["区住建局"], &[]), ("12", "治理污水", &["区住建局"], &[]), ("3", "公开招生", &[], &[])],
    );
    first.1.clauses[0].deadline = Some("2031年前".to_owned());
    let mut second = first.clone();
    second.1.clauses.truncate(2);
    second.1.clauses[0].deadline = Some("2031年9月底前".to_owned());
    second.1.clauses[1].clause_id = "1~2".to_owned();
    let once = taken(&begun("980100"), &[first]);
    let twice = taken(&once.files, std::slice::from_ref(&second));
    let clauses: Vec<_> =
        twice.catalogue.clauses().map(|clause| (clause.clause.as_str(), clause.deadline.as_deref())).collect();
    assert_eq!(clauses, [("1", Some("2031年9月底前")), ("12", None), ("3", None), ("1~2", None)]);
    let warnings = twice.report.documents[0].warnings.join("\n");
    assert!(warnings.contains("2 条本次没有读到（12、3）") && warnings.contains("2031年9月底前"), "{warnings}");
    // What an office has added to a deadline stays.
    let mut files = once.files.clone();
    let table = String::from_utf8(files["clauses.csv"].clone()).expect("UTF-8");
    files.insert("clauses.csv".to_owned(), table.replace("2031年前", "2031年9月底前（试点镇）").into_bytes());
    let remarked = taken(&files, &[second]);
    let deadline = remarked.catalogue.clauses().next().and_then(|clause| clause.deadline.as_deref());
    assert_eq!(deadline, Some("2031年9月底前（试点镇）"));
}

#[test]
fn bodies_of_before_a_reform_hand_over() {
    let old = paper("望湖县治水分工", "望湖县人民政府", "2017-05-01", &[("一", "治理污水直排", &["县环保局"], &[])]);
    let adopted = taken(&begun("980000"), &[old]);
    let found = name(&adopted, "县环保局");
    assert_eq!((found.outcome, found.unit.as_deref()), (Outcome::Reformed, Some("980102-环境保护局")));
    let unit = adopted.catalogue.unit(&UnitId::new("980102-环境保护局")).unwrap();
    assert_eq!(unit.effective_to, Some(date(2019, 3, 31)));
    let now = adopted.catalogue.resolve_unit("县环保局", Some(&PlaceCode::new("980102")), date(2031, 1, 1));
    assert_eq!(now.first().map(|unit| unit.id.as_str()), Some("980102-生态环境"));
    let new = paper("望湖区治水要点", "望湖区人民政府", "2031-05-01", &[("一", "治理污水直排", &["县环保局"], &[])]);
    let later = taken(&begun("980000"), &[new]);
    let note = &name(&later, "县环保局").note;
    assert!(note.starts_with("旧名，2019-04-01 起为"), "{note}");
    // The clause of then bears on the body of now as on the one it names.
    let successor = UnitId::new("980102-生态环境");
    let clauses = adopted.catalogue.clauses_for(&successor, &SystemCode::new("生态环境"), date(2031, 1, 1));
    assert_eq!(clauses.len(), 1);
}

#[test]
fn clauses_keep_text_systems_and_telling_words() {
    let text = "临江市人民政府办公室关于印发教育公开事项分工的通知\n临府办字〔2031〕8号\n\
        一、规范招生。义务教育学校应当公开划片范围。（市教育局牵头，各县（区）人民政府按职责分工负责）\n\
        二、健全舆情回应。加强政务舆情收集、研判和回应。（市政府办公室牵头）\n\
        三、治理污水。公开城区污水处理情况，联系人电话13912345678。（市住建局、市生态环境局按职责分工负责）\n\
        临江市人民政府办公室\n2031年3月5日\n";
    let reading = read(text, &Lexicon::new());
    let adopted = taken(&begun("980000"), &[("分工.txt".to_owned(), reading)]);
    let clauses: Vec<_> = adopted.catalogue.clauses().collect();
    assert_eq!(clauses.len(), 3, "{}", adopted.report);
    let (school, opinion, water) = (clauses[0], clauses[1], clauses[2]);
    assert!(school.text.as_deref().is_some_and(|text| text.contains("义务教育学校应当公开划片范围")));
    assert_eq!(school.lead, Duty::Units(vec![UnitId::new("980100-教育")]));
    assert!(school.terms.iter().any(|term| term == "划片"), "{:?}", school.terms);
    assert_eq!(school.systems.first(), Some(&SystemCode::new("教育")));
    assert!(opinion.any_system);
    assert!(water.text.as_deref().is_some_and(|text| !text.contains("13912345678") && text.contains("〔电话〕")));
    assert!(!water.terms.iter().any(|term| term.contains("住建")));
}

#[test]
fn what_cannot_be_taken_in_says_why() {
    let elsewhere = "name,code\n远山省,970000\n";
    let mut files = begun("980000");
    files.insert("elsewhere.csv".to_owned(), elsewhere.as_bytes().to_vec());
    let clause: &[(&str, &str, &[&str], &[&str])] = &[("一", "公开信息", &["省教育厅"], &[])];
    let foreign = paper("公开要点", "远山省人民政府办公厅", "2031-01-01", clause);
    let unheard_of = paper("公开要点", "云溪市人民政府", "2031-01-01", clause);
    let mut untitled = paper("", "临江市人民政府", "2031-01-01", clause);
    untitled.1.title = None;
    let empty = paper("公开要点", "临江市人民政府", "2031-01-01", &[]);
    for (reading, field) in [(foreign, "issuer"), (unheard_of, "issuer"), (untitled, "title"), (empty, "clauses")] {
        let faults = take_in(&files, &[reading], &Options::default()).unwrap_err();
        assert_eq!(faults.first().and_then(|fault| fault.field.as_deref()), Some(field));
        assert_eq!(faults.first().map(|fault| fault.file.as_str()), Some("paper.json"));
    }
}

/// The places of `base` and three whose names begin with characters that also stand before places in titles.
fn begun_with_odd_names() -> Files {
    let mut files = base();
    let places = files.get_mut("places.csv").expect("the base has places");
    places.extend_from_slice(
        "980122,于山县,于山,county,980100,,,,,\n980123,关溪县,关溪,county,980100,,,,,\n\
        980124,印湖县,印湖,county,980100,,,,,\n"
            .as_bytes(),
    );
    let beginning = Beginning { region: PlaceCode::new("980000"), name: None, effective_from: date(2031, 1, 1) };
    begin(&files, &beginning).map_err(told).expect("the region is in the base")
}

#[test]
fn papers_speak_for_the_place_of_their_issuer_or_title() {
    let files = begun_with_odd_names();
    let clause: &[(&str, &str, &[&str], &[&str])] = &[("一", "公开信息", &["教育局"], &[])];
    for (issuer, title, expected) in [
        ("于山县人民政府办公室", "公开要点", Some("980122")),
        ("关溪县人民政府办公室", "公开要点", Some("980123")),
        ("中共印湖县委办公室", "公开要点", Some("980124")),
        ("", "2031年度于山县公开要点", Some("980122")),
        ("", "关于印发《2031年印湖县公开要点》的通知", Some("980124")),
        ("国家税务总局青桐市税务局", "公开要点", Some("980181")),
        ("国家税务总局", "公开要点", None),
        ("中共中央办公厅", "公开要点", None),
    ] {
        let adopted = taken(&files, &[paper(title, issuer, "2031-03-01", clause)]);
        assert_eq!(adopted.report.documents[0].place.as_deref(), expected, "{issuer} {title}");
    }
    let foreign = paper("公开要点", "国家税务总局云溪市税务局", "2031-03-01", clause);
    let faults = take_in(&files, &[foreign], &Options::default()).unwrap_err();
    assert_eq!(faults.first().and_then(|fault| fault.field.as_deref()), Some("issuer"));
}

#[test]
fn a_mark_below_the_level_of_the_paper_means_many() {
    let province =
        paper("省要点", "云泽省人民政府办公厅", "2031-01-01", &[("一", "公开信息", &["省教育厅"], &["市税务局"])]);
    let adopted = taken(&begun("980000"), &[province]);
    assert_eq!(name(&adopted, "市税务局").outcome, Outcome::Collective);
}

#[test]
fn a_paper_of_the_whole_country_charges_the_competent_bodies() {
    let national =
        paper("关于办学的通知", "国务院办公厅", "2031-01-01", &[("一", "规范招生", &["教育部"], &["财政部"])]);
    let adopted = taken(&begun("980000"), &[national]);
    let clause = adopted.catalogue.clauses().next().unwrap();
    assert_eq!((&clause.lead, &clause.responsible), (&Duty::Competent, &Duty::Competent));
    assert_eq!(clause.systems.first(), Some(&SystemCode::new("教育")));
    assert_eq!(adopted.catalogue.units().count(), 0);
}

#[test]
fn a_new_catalogue_is_sound_and_empty() {
    let files = begun("980181");
    let catalogue = Catalogue::from_files(&files).map_err(told).unwrap();
    assert_eq!(catalogue.region().name, "青桐市");
    assert_eq!((catalogue.units().count(), catalogue.clauses().count()), (0, 0));
    let unknown = Beginning { region: PlaceCode::new("999999"), name: None, effective_from: date(2031, 1, 1) };
    let faults = begin(&base(), &unknown).unwrap_err();
    assert_eq!(faults.first().and_then(|fault| fault.field.as_deref()), Some("region"));
}

#[test]
fn differences_name_rows_and_cells() {
    let files = begun("980000");
    let paper = paper(
        "望湖区要点",
        "临江市望湖区人民政府办公室",
        "2031-02-01",
        &[("一", "公示物业费标准", &["区住建局"], &["区直有关部门"])],
    );
    let adopted = taken(&files, &[paper]);
    let before = Catalogue::from_files(&files).map_err(told).unwrap();
    let difference = before.difference(&adopted.catalogue);
    let tables: Vec<_> = difference.tables.iter().map(|table| (table.table, table.added.len())).collect();
    assert_eq!(tables, [("units", 2), ("documents", 1), ("clauses", 1)]);
    let back = adopted.catalogue.difference(&before);
    assert!(back.tables.iter().all(|table| table.added.is_empty() && !table.removed.is_empty()));
    assert!(difference.to_string().contains("＋ 980102-住建　望湖区住房和城乡建设局"), "{difference}");
}

#[test]
fn differences_tell_of_the_head_and_the_tables_of_places_too() {
    let files = begun("980000");
    let before = Catalogue::from_files(&files).map_err(told).unwrap();
    let manifest = String::from_utf8(files["catalogue.toml"].clone()).unwrap();
    let moved: String = manifest.replace("duty_office = \"政府办\"", "duty_office = \"宣传网信\"");
    for (table, file, content) in [
        ("manifest", "catalogue.toml", moved.as_str()),
        ("localities", "localities.csv", "name,place,matters,of\n望汀花园,980102,,\n"),
        ("elsewhere", "elsewhere.csv", "name,code\n远山省,970000\n"),
    ] {
        let mut changed = files.clone();
        changed.insert(file.to_owned(), content.as_bytes().to_vec());
        let difference = before.difference(&Catalogue::from_files(&changed).map_err(told).unwrap());
        assert_eq!(difference.tables.iter().map(|table| table.table).collect::<Vec<_>>(), [table], "{difference}");
    }
}
