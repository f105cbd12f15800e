//! Estates, roads, schools, bridges and villages, and the place each lies in.
//!
//! The office's own table and the one learned from confirmed matters are two files, so that learning never touches what
//! people entered. A name may lie in several places: then the post must tell by another place which one it means.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::PlaceCode;

use crate::fault::{Faults, Spot};
use crate::table::{Row, Table};

/// The office's table.
pub(crate) const FILE: &str = "localities.csv";
/// What was learned.
pub(crate) const LEARNED_FILE: &str = "learned.csv";
/// Shorter names stand in too many words.
const NAME_CHARS_MIN: usize = 3;

/// A named locality (属地 below the divisions).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locality {
    /// Name as people write it: 望汀花园.
    pub name: String,
    /// What it is, as the office calls it: 小区, 道路, 学校; blank where nobody said.
    pub kind: String,
    /// The county, zone or street it lies in.
    pub place: PlaceCode,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// Confirmed matters that name it and lie there; 0 for one entered by hand.
    pub matters: u32,
    /// Confirmed matters that name it.
    pub of: u32,
}

impl Locality {
    /// One learned from matters: `of` name it, `matters` of them lie there.
    pub fn learned(name: String, place: PlaceCode, matters: u32, of: u32) -> Locality {
        Locality { name, kind: String::new(), place, aliases: Vec::new(), matters, of }
    }

    /// Whether it was learned from matters, not entered by the office.
    pub fn is_learned(&self) -> bool {
        self.of > 0
    }

    /// Its name and its other names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.aliases.iter().map(String::as_str))
    }
}

/// The office's rows, then what was learned; either table may be missing. A name the office has is not taken from what
/// was learned, and of what was learned the file for it counts, not rows that earlier versions wrote beside the office's.
pub(crate) fn read(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Vec<(Spot, Locality)> {
    let mut office = read_file(files, FILE, &["name", "place"], faults);
    let mut learned = read_file(files, LEARNED_FILE, &["name", "place", "matters", "of"], faults);
    let names = |rows: &[(Spot, Locality)], learned: bool| -> BTreeSet<String> {
        let rows = rows.iter().filter(|(_, row)| row.is_learned() == learned);
        rows.flat_map(|(_, row)| row.names()).map(str::to_owned).collect()
    };
    let (by_office, by_learning) = (names(&office, false), names(&learned, true));
    office.retain(|(_, row)| !row.is_learned() || !by_learning.contains(&row.name));
    learned.retain(|(_, row)| !by_office.contains(&row.name));
    office.extend(learned);
    office
}

fn read_file(
    files: &BTreeMap<String, Vec<u8>>,
    file: &'static str,
    required: &[&str],
    faults: &mut Faults,
) -> Vec<(Spot, Locality)> {
    if !files.contains_key(file) {
        return Vec::new();
    }
    let optional: Vec<&str> =
        ["kind", "aliases", "matters", "of", "note"].into_iter().filter(|name| !required.contains(name)).collect();
    let Some(table) = Table::read(files, file, required, &optional, faults) else {
        return Vec::new();
    };
    let mut localities: Vec<(Spot, Locality)> = Vec::new();
    let mut lines: BTreeMap<(String, PlaceCode), u64> = BTreeMap::new();
    for row in table.rows() {
        let Some(locality) = read_row(&row, faults) else { continue };
        let key = (locality.name.clone(), locality.place.clone());
        if let Some(first) = lines.get(&key) {
            let message = format!("“{}”与第 {first} 行重复", locality.name);
            faults.add(row.spot, "name", message, "同一地方的同一名称只写一行，删去其中一行");
        } else {
            lines.insert(key, row.spot.line);
            localities.push((row.spot, locality));
        }
    }
    localities
}

fn read_row(row: &Row<'_>, faults: &mut Faults) -> Option<Locality> {
    let (name, place) = (row.required("name", faults), row.required("place", faults));
    let mut count = |field: &str| match row.get(field).map(str::parse) {
        None => 0,
        Some(Ok(count)) => count,
        Some(Err(_)) => {
            faults.add(row.spot, field, "不是整数", "填件数；手工加入的留空");
            0
        }
    };
    let (matters, of) = (count("matters"), count("of"));
    let aliases = row.list("aliases", faults);
    let (name, place) = (name?, place?);
    for (field, name) in std::iter::once(("name", &name)).chain(aliases.iter().map(|alias| ("aliases", alias))) {
        if name.chars().count() < NAME_CHARS_MIN {
            faults.add(row.spot, field, format!("“{name}”太短"), format!("至少 {NAME_CHARS_MIN} 个字，短名会误中"));
        }
    }
    let kind = row.owned("kind").unwrap_or_default();
    Some(Locality { name, kind, place: PlaceCode::new(place), aliases, matters, of })
}

/// What was learned as the file of a catalogue that holds it, `learned.csv`, in the order given.
pub fn learned_csv<'l>(localities: impl IntoIterator<Item = &'l Locality>) -> String {
    let mut csv = "name,place,matters,of\n".to_owned();
    for locality in localities {
        let name = locality.name.replace([',', '"', '\n', '\r'], "");
        csv.push_str(&format!("{name},{},{},{}\n", locality.place, locality.matters, locality.of));
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_texts(office: &str, learned: &str) -> (Vec<Locality>, usize) {
        let mut faults = Faults::default();
        let files = [(FILE, office), (LEARNED_FILE, learned)].into_iter().filter(|(_, csv)| !csv.is_empty());
        let files = files.map(|(file, csv)| (file.to_owned(), csv.as_bytes().to_vec())).collect();
        let localities = read(&files, &mut faults).into_iter().map(|(_, locality)| locality).collect();
        (localities, faults.into_sorted().len())
    }

    #[test]
    fn written_and_read_again() {
        let locality =
            |name: &str, place, matters, of| Locality::learned(name.to_owned(), PlaceCode::new(place), matters, of);
        let learned = vec![locality("望汀花园", "360102", 11, 12), locality("青麓小学", "360783", 3, 3)];
        assert_eq!(read_texts("", &learned_csv(&learned)), (learned, 0));
    }

    #[test]
    fn faults_of_either_table() {
        for (csv, faults) in [
            ("name,place,matters,of\n望汀花园,360102,,\n望汀花园,360102,,\n", 1),
            ("name,place,matters,of\n望汀花园,360102,,\n望汀花园,360103,,\n", 0),
            ("name,place,matters,of\n花园,360102,,\n", 1),
            ("name,place,matters,of\n望汀花园,360102,x,\n", 1),
            ("name,place,matters,of\n望汀花园,360102,,\n", 0),
            ("name,kind,place,aliases\n望汀花园,小区,360102,望汀小区|望汀苑区\n", 0),
            ("name,kind,place,aliases\n望汀花园,小区,360102,望汀\n", 1),
            ("name,kind,place,aliases,note\n三里桥头,桥,360102,,城东\n", 0),
            ("name,kind,aliases\n望汀花园,小区,\n", 1),
        ] {
            assert_eq!(read_texts(csv, "").1, faults, "{csv}");
        }
    }

    #[test]
    fn the_office_comes_before_what_was_learned() {
        let office = "name,kind,place,aliases,matters,of\n望汀花园,小区,360102,望汀小区,,\n青麓路口,,360103,,4,4\n";
        let learned = "name,place,matters,of\n望汀小区,360104,3,3\n望汀花园,360104,5,5\n青麓路口,360104,6,6\n桐月小学,360104,3,3\n";
        let (read, faults) = read_texts(office, learned);
        let rows: Vec<(&str, &str, bool)> =
            read.iter().map(|row| (row.name.as_str(), row.place.as_str(), row.is_learned())).collect();
        let expected = [("望汀花园", "360102", false), ("青麓路口", "360104", true), ("桐月小学", "360104", true)];
        assert_eq!((rows.as_slice(), faults), (expected.as_slice(), 0));
    }
}
