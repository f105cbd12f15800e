//! A catalogue to begin with: the places of a region, systems and general terms, no unit and no clause of a document.

mod province;

use std::collections::{BTreeMap, HashSet};

use huiyin_domain::PlaceCode;
use jiff::civil::Date;

use crate::adopting::Sheet;
use crate::catalogue::Catalogue;
use crate::fault::{Fault, Faults};
use crate::place::Place;
use crate::{document, gazetteer, manifest, place, system, term, unit};

/// What a new catalogue is to be.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The territory of the installation.
    pub region: PlaceCode,
    /// Name shown to officers; the region's name and 职责目录 when not given.
    pub name: Option<String>,
    /// First day on which decisions may use it.
    pub effective_from: Date,
}

/// Makes the files of a new catalogue out of those of another one (`base`), which gives places, systems and terms: the
/// whole province of the region is kept, since matters go up to it, and so are its patterns for names of bodies. A region
/// that the base does not have has its places from the [gazetteer]; what of the base's systems and terms is its own
/// province's alone is then left out.
///
/// # Errors
/// Faults of the base, and a region that neither has.
pub fn begin(base: &BTreeMap<String, Vec<u8>>, beginning: &Beginning) -> Result<BTreeMap<String, Vec<u8>>, Vec<Fault>> {
    let mut faults = Faults::default();
    let places: Vec<Place> =
        place::read(base, &mut faults).unwrap_or_default().into_iter().map(|(_, place)| place).collect();
    if !faults.is_empty() {
        return Err(faults.into_sorted());
    }
    let text = |name: &str| base.get(name).cloned().unwrap_or_default();
    let mut files = BTreeMap::new();
    let region = match places.iter().find(|place| place.code == beginning.region) {
        Some(region) => {
            files.insert(place::FILE.to_owned(), of_province(&text(place::FILE), &places, region));
            for name in [system::FILE, term::FILE] {
                files.insert(name.to_owned(), text(name));
            }
            if base.contains_key(term::ELSEWHERE_FILE) {
                files.insert(term::ELSEWHERE_FILE.to_owned(), text(term::ELSEWHERE_FILE));
            }
            region.name.clone()
        }
        None => {
            let Some(region) = gazetteer::division(beginning.region.as_str()) else {
                return Err(vec![unknown(&beginning.region)]);
            };
            let to = province::of(region);
            let from: Vec<&str> =
                places.iter().filter(|place| place.parent.is_none()).map(|place| place.short.as_str()).collect();
            files.insert(place::FILE.to_owned(), province::places(to));
            files.insert(system::FILE.to_owned(), province::systems(&text(system::FILE), &from, to));
            files.insert(term::FILE.to_owned(), province::terms(&text(term::FILE), &from));
            region.name.to_owned()
        }
    };
    for (file, header) in [
        (
            unit::FILE,
            "id,name,aliases,systems,place,level,parent,effective_from,effective_to,successor,documents,collective,note",
        ),
        (document::FILE, "key,title,doc_number,issuer,issued,place,effective_from,effective_to,source"),
        (
            document::CLAUSES_FILE,
            "document,clause,summary,systems,lead,responsible,deadline,effective_from,effective_to,note,text,terms",
        ),
    ] {
        files.insert(file.to_owned(), format!("{header}\n").into_bytes());
    }
    let name = beginning.name.clone().unwrap_or_else(|| format!("{region}职责目录"));
    files.insert(manifest::FILE.to_owned(), manifest_text(beginning, &name).into_bytes());
    Catalogue::from_files(&files).map(|_| files)
}

/// The rows of a region's whole province.
fn of_province(table: &[u8], places: &[Place], region: &Place) -> Vec<u8> {
    let parents: BTreeMap<&PlaceCode, Option<&PlaceCode>> =
        places.iter().map(|place| (&place.code, place.parent.as_ref())).collect();
    let top = |code: &PlaceCode| {
        // As many steps as there are levels at most; cycles are refused when the catalogue is checked.
        let mut code = code.clone();
        for _ in 0..8 {
            match parents.get(&code).copied().flatten() {
                Some(parent) => code = parent.clone(),
                None => break,
            }
        }
        code
    };
    let province = top(&region.code);
    let ours: HashSet<&str> =
        places.iter().filter(|place| top(&place.code) == province).map(|place| place.code.as_str()).collect();
    let mut kept = Sheet::read(table);
    kept.retain(|sheet, row| ours.contains(sheet.get(row, "code")));
    kept.to_bytes()
}

fn unknown(region: &PlaceCode) -> Fault {
    Fault {
        file: place::FILE.to_owned(),
        line: 0,
        field: Some("region".to_owned()),
        message: format!("内置区划中没有 {region}"),
        remedy: "填县级以上的 GB/T 2260 六位代码；新设的县区先用上级代码新建，再在 places.csv 中加一行".to_owned(),
    }
}

fn manifest_text(beginning: &Beginning, name: &str) -> String {
    let name = name.replace(['"', '\\'], "");
    format!(
        "name = \"{name}\"\nversion = \"{region}-{year}.1\"\neffective_from = \"{from}\"\nregion = \"{region}\"\n\
         note = \"\"\n\n[systems]\nduty_office = \"政府办\"\nstreet = \"乡镇街道\"\nzone = \"园区管委会\"\n",
        region = beginning.region,
        year = beginning.effective_from.year(),
        from = beginning.effective_from,
    )
}
