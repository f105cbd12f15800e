//! Estates, roads, schools and villages, and the place each lies in: learned from confirmed matters or entered by hand.

use std::collections::BTreeMap;

use huiyin_domain::PlaceCode;

use crate::fault::{Faults, Spot};
use crate::table::Table;

pub(crate) const FILE: &str = "localities.csv";
/// Shorter names stand in too many words.
const NAME_CHARS_MIN: usize = 3;

/// A named locality (属地 below the divisions).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locality {
    /// Name as people write it: 望汀花园.
    pub name: String,
    /// The county, zone or street it lies in.
    pub place: PlaceCode,
    /// Confirmed matters that name it and lie there; 0 for one entered by hand.
    pub matters: u32,
    /// Confirmed matters that name it.
    pub of: u32,
}

/// The table may be missing: no locality is known then.
pub(crate) fn read(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Vec<(Spot, Locality)> {
    if !files.contains_key(FILE) {
        return Vec::new();
    }
    let Some(table) = Table::read(files, FILE, &["name", "place", "matters", "of"], &["note"], faults) else {
        return Vec::new();
    };
    let mut localities: Vec<(Spot, Locality)> = Vec::new();
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    for row in table.rows() {
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
        let (Some(name), Some(place)) = (name, place) else { continue };
        if name.chars().count() < NAME_CHARS_MIN {
            faults.add(row.spot, "name", format!("“{name}”太短"), format!("至少 {NAME_CHARS_MIN} 个字，短名会误中"));
        }
        if let Some(first) = lines.get(&name) {
            faults.add(
                row.spot,
                "name",
                format!("“{name}”与第 {first} 行重复"),
                "一个名称只能属于一个地方，删去其中一行",
            );
        } else {
            lines.insert(name.clone(), row.spot.line);
            localities.push((row.spot, Locality { name, place: PlaceCode::new(place), matters, of }));
        }
    }
    localities
}

/// The table of localities as a file of a catalogue, in the order given.
pub fn localities_csv<'l>(localities: impl IntoIterator<Item = &'l Locality>) -> String {
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

    fn read_text(csv: &str) -> (Vec<Locality>, usize) {
        let mut faults = Faults::default();
        let files = BTreeMap::from([(FILE.to_owned(), csv.as_bytes().to_vec())]);
        let localities = read(&files, &mut faults).into_iter().map(|(_, locality)| locality).collect();
        (localities, faults.into_sorted().len())
    }

    #[test]
    fn written_and_read_again() {
        let learned = vec![
            Locality { name: "望汀花园".to_owned(), place: PlaceCode::new("360102"), matters: 11, of: 12 },
            Locality { name: "青麓小学".to_owned(), place: PlaceCode::new("360783"), matters: 0, of: 0 },
        ];
        assert_eq!(read_text(&localities_csv(&learned)), (learned, 0));
        for (csv, faults) in [
            ("name,place,matters,of\n望汀花园,360102,,\n望汀花园,360103,,\n", 1),
            ("name,place,matters,of\n花园,360102,,\n", 1),
            ("name,place,matters,of\n望汀花园,360102,x,\n", 1),
            ("name,place,matters,of\n望汀花园,360102,,\n", 0),
        ] {
            assert_eq!(read_text(csv).1, faults, "{csv}");
        }
    }
}
