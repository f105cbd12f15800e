//! Beginning in another province than the base's: its places, and what of systems and terms holds there too.

use huiyin_domain::Level;

use crate::adopting::Sheet;
use crate::gazetteer::{self, Division};

const PATTERNS: [&str; 4] = ["province_pattern", "prefecture_pattern", "county_pattern", "district_pattern"];
/// The system whose bodies are companies that are called otherwise in every province.
const POWER: &str = "供电";

/// The province of a division.
pub(super) fn of(division: &'static Division) -> &'static Division {
    std::iter::successors(Some(division), |inner| inner.parent.and_then(gazetteer::division)).last().unwrap_or(division)
}

/// `places.csv` of a whole province, down to townships and streets.
pub(super) fn places(province: &Division) -> Vec<u8> {
    let mut sheet = Sheet::with_header(&[
        "code",
        "name",
        "short",
        "level",
        "parent",
        "aliases",
        "effective_from",
        "effective_to",
        "successor",
        "note",
    ]);
    for place in gazetteer::places_of(province.code) {
        let short = if place.short == place.name { String::new() } else { place.short.clone() };
        sheet.push(&[
            ("code", place.code.to_string()),
            ("name", place.name.clone()),
            ("short", short),
            ("level", place.level.as_str().to_owned()),
            ("parent", place.parent.map(|parent| parent.to_string()).unwrap_or_default()),
            ("aliases", place.aliases.join("|")),
        ]);
    }
    sheet.to_bytes()
}

/// `systems.csv` for a province: a pattern that names one of the provinces `from` is nobody's name here and is left blank,
/// so that the machine abstains until a document of the office names the body.
pub(super) fn systems(table: &[u8], from: &[&str], province: &Division) -> Vec<u8> {
    let mut sheet = Sheet::read(table);
    for row in sheet.rows() {
        for column in PATTERNS {
            if from.iter().any(|name| sheet.get(row, column).contains(name)) {
                sheet.set(row, column, "");
            }
        }
        if is_municipality(province) {
            // A city's bodies are 局 also where the city is a province; its general office is 办公厅 there too.
            let pattern = sheet.get(row, "province_pattern");
            if pattern.ends_with('厅') && !pattern.ends_with("办公厅") {
                let pattern = sheet.get(row, "prefecture_pattern").to_owned();
                sheet.set(row, "province_pattern", &pattern);
            }
        }
        if sheet.get(row, "code") == POWER {
            for (column, pattern) in PATTERNS.into_iter().zip(power(province)) {
                sheet.set(row, column, &pattern);
            }
        }
    }
    sheet.to_bytes()
}

/// `terms.csv` without terms that the table says are of one of the provinces `from`.
pub(super) fn terms(table: &[u8], from: &[&str]) -> Vec<u8> {
    let mut sheet = Sheet::read(table);
    let names = |cell: &str| from.iter().any(|name| cell.contains(name));
    sheet.retain(|sheet, row| !names(sheet.get(row, "term")) && !names(sheet.get(row, "note")));
    sheet.to_bytes()
}

fn is_municipality(province: &Division) -> bool {
    province.level == Level::Province && province.name.ends_with('市')
}

/// How the power company of a province and its branches are called, in the order of [`PATTERNS`]; blank where several
/// companies share the province or none of the two national ones serves it.
fn power(province: &Division) -> [String; 4] {
    let none = String::new;
    let (name, short) = (province.name, province.short);
    let company = match province.code.get(..2).unwrap_or_default() {
        "13" => return [format!("国网{name}电力有限公司"), none(), none(), none()], // the north of it has its own
        "15" | "71" | "81" | "82" => return [none(), none(), none(), none()],
        "44" | "45" | "46" | "52" | "53" => {
            let company = format!("{short}电网有限责任公司");
            return [company.clone(), format!("{company}{{short}}供电局"), none(), none()];
        }
        "11" | "12" | "31" | "50" => {
            let company = format!("国网{name}电力公司");
            return [company.clone(), none(), format!("{company}{{short}}供电公司"), none()];
        }
        "54" | "64" | "65" => format!("国网{short}电力有限公司"),
        _ => format!("国网{name}电力有限公司"),
    };
    let prefecture = format!("{company}{{short}}供电分公司");
    let county = format!("{company}{{place}}供电分公司");
    [company, prefecture, county, none()]
}
