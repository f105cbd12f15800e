//! Every fault of the tables is reported with its file, line and column, and all of them at once.

use std::collections::BTreeMap;

use huiyin_catalogue::{Catalogue, Fault};

/// File, text replaced, replacement; then line, column and a part of the message expected.
type Case = (&'static str, &'static str, &'static str, u64, Option<&'static str>, &'static str);

/// Content of a file; then line and a part of the message expected, or none where it is sound.
type Encoded = (&'static [u8], Option<(u64, &'static str)>);

const FILES: [(&str, &str); 8] = [
    (
        "catalogue.toml",
        "name = \"云川省职责目录\"\nversion = \"yunchuan-1\"\neffective_from = \"2026-01-01\"\nregion = \"990000\"\n\n\
         [systems]\nduty_office = \"政府办\"\nstreet = \"乡镇街道\"\nzone = \"园区管委会\"\n",
    ),
    (
        "places.csv",
        "code,name,short,level,parent,aliases,effective_from,effective_to\n\
         990000,云川省,云川,province,,,,\n\
         990100,青禾市,青禾,prefecture,990000,禾城,,\n\
         990101,月塘区,月塘,county,990100,青禾市月塘区,2019-12-01,\n\
         990102,石桥县,,county,990100,,,\n\
         990102001,白杨街道,,street,990102,,,\n",
    ),
    (
        "systems.csv",
        "code,name,vertical,province_pattern,prefecture_pattern,county_pattern,bodies,parent\n\
         政府办,政府办,no,{place}政府办公厅,{place}政府办公室,{place}政府办公室,政府办,\n\
         乡镇街道,乡镇街道,no,,,,街道办,\n\
         园区管委会,园区管委会,no,,,,管委会,\n\
         公安,公安,no,{place}公安厅,{place}公安局,{place}公安局,公安局|派出所,\n\
         交警,交警,no,,{place}交警支队,{place}交警大队,交警,公安\n",
    ),
    (
        "units.csv",
        "id,name,aliases,systems,place,level,parent,effective_from,effective_to,successor,documents,collective\n\
         990100-公安,青禾市公安局,市公安局,公安,990100,,,,,,qh2025,\n\
         990100-交警,青禾市公安局交警支队,市交警支队,交警,990100,prefecture,990100-公安,,,,qh2025,\n\
         990100-各县区,各县（区）政府,,,990100,,,,,,qh2025,yes\n\
         990102-老公安,石桥县公安处,,公安,990102,,,2001-01-01,2018-12-31,990102-公安,,\n\
         990102-公安,石桥县公安局,县公安局,公安,990102,,,2019-01-01,,,,\n",
    ),
    (
        "documents.csv",
        "key,title,doc_number,issuer,issued,place,effective_from,effective_to,source\n\
         qh2025,青禾市2025年工作分工,青府字〔2025〕1号,青禾市政府办公室,2025-02-01,990100,,,青禾市政府网\n",
    ),
    (
        "clauses.csv",
        "document,clause,summary,systems,lead,responsible,deadline,effective_from,effective_to\n\
         qh2025,一,治安整治,公安,990100-公安,990100-各县区,年底前,,\n\
         qh2025,二,交通整治,交警,*,/,,,\n",
    ),
    ("terms.csv", "term,system,weight,note\n红绿灯,交警,5.0,\n派出所,公安,4.5,\n"),
    ("elsewhere.csv", "name,code\n长沙,430100\n"),
];

fn files() -> BTreeMap<String, Vec<u8>> {
    FILES.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())).collect()
}

/// The faults after `from` is replaced by `to` in `file`.
fn faults_of(file: &str, from: &str, to: &str) -> Vec<Fault> {
    let mut files = files();
    let content = files.get_mut(file).expect("a file of the catalogue");
    let text = String::from_utf8(content.clone()).expect("the fixture is UTF-8");
    assert!(text.contains(from), "{file} has no {from}");
    *content = text.replacen(from, to, 1).into_bytes();
    Catalogue::from_files(&files).err().unwrap_or_default()
}

#[test]
fn the_fixture_is_sound() {
    let catalogue = Catalogue::from_files(&files());
    assert!(catalogue.is_ok(), "{:?}", catalogue.err());
}

const CASES: &[Case] = &[
    ("catalogue.toml", "name = \"云川省职责目录\"\n", "", 0, Some("name"), "不能为空"),
    ("catalogue.toml", "2026-01-01", "明年", 3, Some("effective_from"), "不是日期"),
    ("catalogue.toml", "\"990000\"", "\"880000\"", 4, Some("region"), "不在 places.csv"),
    ("catalogue.toml", "\"政府办\"", "\"府办\"", 7, Some("duty_office"), "不在 systems.csv"),
    ("catalogue.toml", "version = \"yunchuan-1\"", "version = yunchuan", 2, None, "无法读取"),
    ("catalogue.toml", "street =", "strase =", 8, None, "无法读取"),
    ("places.csv", ",parent,", ",upper,", 1, Some("parent"), "缺少列"),
    ("places.csv", ",parent,", ",upper,", 1, Some("upper"), "不认识的列"),
    ("places.csv", ",aliases,", ",short,", 1, Some("short"), "出现两次"),
    ("places.csv", "青禾市,青禾", ",青禾", 3, Some("name"), "不能为空"),
    ("places.csv", "prefecture", "地级市", 3, Some("level"), "不是层级"),
    ("places.csv", "county,990100,,", ",990100,,", 5, Some("level"), "不能为空"),
    ("places.csv", "county,990100,,", "county,990900,,", 5, Some("parent"), "不在 places.csv"),
    ("places.csv", "county,990100,,", "county,,,", 5, Some("parent"), "不能为空"),
    ("places.csv", "prefecture,990000", "prefecture,990101", 3, Some("parent"), "之下"),
    ("places.csv", "street,990102", "street,990000", 6, Some("parent"), "之下"),
    ("places.csv", "990102001", "990102", 6, Some("code"), "与第 5 行重复"),
    ("places.csv", "990102001", "9.9E8", 6, Some("code"), "不是区划代码"),
    ("places.csv", "石桥县", "月塘区", 5, Some("name"), "重名"),
    ("places.csv", "2019-12-01,", "2019-12-01,2018-01-01", 4, Some("effective_to"), "早于"),
    ("places.csv", "2019-12-01", "2019-13-01", 4, Some("effective_from"), "不是日期"),
    ("places.csv", "禾城", "禾城||青城", 3, Some("aliases"), "空项"),
    ("places.csv", "禾城", "禾城|禾城", 3, Some("aliases"), "写了两次"),
    ("places.csv", "990000,禾城,,", "990000,禾城", 3, None, "只有 6 格"),
    ("places.csv", "990000,禾城,,", "990000,禾城,,,,多", 3, None, "有 10 格"),
    ("places.csv", "青禾市,青禾", "\"青禾市,青禾", 3, None, "引号不成对"),
    ("places.csv", "青禾市,青禾", "青\"禾\"市,青禾", 3, None, "英文引号"),
    ("places.csv", "禾城", "禾\u{FFFD}城", 3, None, "乱码"),
    ("places.csv", "990102,石桥县,,county,990100", "990102,石桥县,,county,990102", 5, Some("parent"), "循环"),
    ("systems.csv", "交警,公安\n", "交警,治安\n", 6, Some("parent"), "不在 systems.csv"),
    ("systems.csv", "公安局|派出所,\n", "公安局|派出所,交警\n", 5, Some("parent"), "循环"),
    ("systems.csv", "交警,交警,no", "交警,交警,maybe", 6, Some("vertical"), "yes 或 no"),
    ("systems.csv", "{place}交警大队", "交警大队", 6, Some("county_pattern"), "没有本地地名"),
    ("systems.csv", "{place}交警大队", "{县}交警大队", 6, Some("county_pattern"), "占位符"),
    ("systems.csv", "交警,交警", "公安,交警", 6, Some("code"), "与第 5 行重复"),
    ("units.csv", "990100-交警,", "990100-公安,", 3, Some("id"), "与第 2 行重复"),
    ("units.csv", "交警,990100", "交警,990900", 3, Some("place"), "不在 places.csv"),
    ("units.csv", "市交警支队,交警", "市交警支队,车管", 3, Some("systems"), "不在 systems.csv"),
    ("units.csv", "市交警支队,交警", "市交警支队,", 3, Some("systems"), "没有系统"),
    ("units.csv", "prefecture,990100-公安", "prefecture,990100-治安", 3, Some("parent"), "不在 units.csv"),
    ("units.csv", "prefecture,", "province,", 3, Some("level"), "高于"),
    ("units.csv", "市交警支队,", "市公安局,", 3, Some("aliases"), "重名"),
    ("units.csv", "2018-12-31,990102-公安", "2018-12-31,990102-局", 5, Some("successor"), "不在 units.csv"),
    ("units.csv", "2018-12-31", "2000-12-31", 5, Some("effective_to"), "早于"),
    ("units.csv", "2019-01-01,,,", "2019-01-01,,990102-老公安,", 6, Some("successor"), "循环"),
    ("units.csv", "990100,,,,,,qh2025,\n", "990100,,990100-交警,,,,qh2025,\n", 2, Some("parent"), "循环"),
    ("units.csv", "qh2025,yes", "qh2026,yes", 4, Some("documents"), "不在 documents.csv"),
    ("documents.csv", "2025-02-01,990100", "2025-02-01,990900", 2, Some("place"), "不在 places.csv"),
    ("documents.csv", "2025-02-01", "2025-02-31", 2, Some("issued"), "不是日期"),
    ("clauses.csv", "qh2025,二", "qh2026,二", 3, Some("document"), "不在 documents.csv"),
    ("clauses.csv", "qh2025,二", "qh2025,一", 3, Some("clause"), "与第 2 行重复"),
    ("clauses.csv", "*,/", ",", 3, Some("responsible"), "没有任何单位"),
    ("clauses.csv", "990100-各县区", "990100-各县", 2, Some("responsible"), "不在 units.csv"),
    ("clauses.csv", "治安整治,公安", "治安整治,治安", 2, Some("systems"), "不在 systems.csv"),
    ("clauses.csv", "治安整治", "", 2, Some("summary"), "不能为空"),
    ("terms.csv", "红绿灯,交警", "红绿灯,车管", 2, Some("system"), "不在 systems.csv"),
    ("terms.csv", "5.0", "5.5", 2, Some("weight"), "超出"),
    ("terms.csv", "5.0", "高", 2, Some("weight"), "不是数字"),
    ("terms.csv", "5.0", "", 2, Some("weight"), "不能为空"),
    ("terms.csv", "红绿灯", "灯", 2, Some("term"), "一个字"),
    ("terms.csv", "派出所,公安", "红绿灯,交警", 3, Some("term"), "与第 2 行重复"),
    ("elsewhere.csv", "长沙", "青禾", 2, Some("name"), "也是 places.csv 第 3 行"),
];

#[test]
fn each_fault_is_told_with_file_line_and_field() {
    for (file, from, to, line, field, message) in CASES {
        let faults = faults_of(file, from, to);
        let found = faults.iter().any(|fault| {
            (fault.file.as_str(), fault.line, fault.field.as_deref()) == (*file, *line, *field)
                && fault.message.contains(message)
                && !fault.remedy.is_empty()
        });
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(found, "{file}: {from} → {to}: expected line {line} {field:?} {message}, got {told:#?}");
    }
}

#[test]
fn missing_and_empty_files() {
    for (file, _) in FILES.iter().filter(|(file, _)| *file != "elsewhere.csv") {
        let mut files = files();
        files.remove(*file);
        let faults = Catalogue::from_files(&files).err().unwrap_or_default();
        assert!(faults.iter().any(|fault| fault.file == *file && fault.line == 0), "{file}: {faults:?}");
        files.insert((*file).to_owned(), Vec::new());
        let faults = Catalogue::from_files(&files).err().unwrap_or_default();
        assert!(faults.iter().any(|fault| fault.file == *file), "{file}: {faults:?}");
    }
    let mut files = files();
    files.remove("elsewhere.csv");
    assert!(Catalogue::from_files(&files).is_ok_and(|catalogue| catalogue.elsewhere().is_empty()));
    assert!(Catalogue::from_files(&BTreeMap::new()).is_err_and(|faults| faults.len() == 7));
}

#[test]
fn encodings_are_recognised() {
    // "名" and "石" in GBK, a byte that no encoding of Chinese starts with, and UTF-16
    let cases: &[Encoded] = &[
        (b"name,code\n\xB3\xA4\xC9\xB3,430100\n", Some((2, "GBK"))),
        (b"name,code\na\xFF\xFF,430100\n", Some((2, "不是 UTF-8 文字"))),
        (b"\xFF\xFEn\0a\0", Some((1, "UTF-16"))),
        (b"\xEF\xBB\xBFname,code\r\n\xE9\x95\xBF\xE6\xB2\x99,430100\r\n", None),
        (b"name,code\r\n,\r\n\r\n\xE9\x95\xBF\xE6\xB2\x99,430100", None),
    ];
    for (content, expected) in cases {
        let mut files = files();
        files.insert("elsewhere.csv".to_owned(), content.to_vec());
        match (Catalogue::from_files(&files), expected) {
            (Ok(catalogue), None) => assert_eq!(catalogue.elsewhere()[0].name, "长沙"),
            (Err(faults), Some((line, message))) => {
                assert_eq!(faults.len(), 1, "{faults:?}");
                assert!(faults[0].line == *line && faults[0].message.contains(message), "{faults:?}");
            }
            (result, _) => assert_eq!(result.is_ok(), expected.is_none(), "{:?}", result.err()),
        }
    }
}

#[test]
fn all_faults_are_told_in_order_of_file_and_line() {
    let mut files = files();
    for (file, from, to) in [
        ("terms.csv", "5.0", "9"),
        ("terms.csv", "派出所", "所"),
        ("places.csv", "禾城", "禾城|"),
        ("units.csv", "qh2025", "qh1999"),
    ] {
        let content = files.get_mut(file).expect("a file of the catalogue");
        *content = String::from_utf8(content.clone()).expect("UTF-8").replacen(from, to, 1).into_bytes();
    }
    let faults = Catalogue::from_files(&files).err().unwrap_or_default();
    let spots: Vec<(&str, u64)> = faults.iter().map(|fault| (fault.file.as_str(), fault.line)).collect();
    assert_eq!(spots, [("places.csv", 3), ("terms.csv", 2), ("terms.csv", 3), ("units.csv", 2)]);
    assert_eq!(faults[1].to_string(), "terms.csv:2: weight: 权重 9 超出 1.0–5.0（填 1.0 到 5.0 之间的数）");
}

/// A broken table must give faults, never a panic: every prefix and every single-byte change of every file.
#[test]
fn damaged_files_never_panic() {
    for (file, content) in FILES {
        let bytes = content.as_bytes();
        for index in 0..bytes.len() {
            let mut files = files();
            files.insert(file.to_owned(), bytes.iter().copied().take(index).collect());
            let _ = Catalogue::from_files(&files);
            for byte in [b',', b'"', b'\n', 0xFF] {
                let mut damaged = bytes.to_vec();
                damaged[index] = byte;
                files.insert(file.to_owned(), damaged);
                let _ = Catalogue::from_files(&files);
            }
        }
    }
}
