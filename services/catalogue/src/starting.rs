//! A catalogue to begin with: the places of a region, systems and general terms, no unit and no clause of a document.

use std::collections::{BTreeMap, HashSet};

use huiyin_domain::PlaceCode;
use jiff::civil::Date;

use crate::adopting::Sheet;
use crate::catalogue::Catalogue;
use crate::fault::{Fault, Faults};
use crate::{document, manifest, place, system, term, unit};

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
/// whole province of the region is kept, since matters go up to it, and so are its patterns for names of bodies. What
/// names another province's bodies or places is left out.
///
/// # Errors
/// Faults of the base, and a region that its places do not have.
pub fn begin(base: &BTreeMap<String, Vec<u8>>, beginning: &Beginning) -> Result<BTreeMap<String, Vec<u8>>, Vec<Fault>> {
    let mut faults = Faults::default();
    let places = place::read(base, &mut faults).unwrap_or_default();
    if !faults.is_empty() {
        return Err(faults.into_sorted());
    }
    let parents: BTreeMap<&PlaceCode, Option<&PlaceCode>> =
        places.iter().map(|(_, place)| (&place.code, place.parent.as_ref())).collect();
    let Some((_, region)) = places.iter().find(|(_, place)| place.code == beginning.region) else {
        return Err(vec![Fault {
            file: place::FILE.to_owned(),
            line: 0,
            field: Some("region".to_owned()),
            message: format!("内置区划中没有 {}", beginning.region),
            remedy: "填县级以上的 GB/T 2260 六位代码".to_owned(),
        }]);
    };
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
        places.iter().filter(|(_, place)| top(&place.code) == province).map(|(_, place)| place.code.as_str()).collect();
    let name = beginning.name.clone().unwrap_or_else(|| format!("{}职责目录", region.name));
    let mut files = BTreeMap::new();
    let text = |name: &str| base.get(name).cloned().unwrap_or_default();
    let mut kept = Sheet::read(&text(place::FILE));
    kept.retain(|sheet, row| ours.contains(sheet.get(row, "code")));
    files.insert(place::FILE.to_owned(), kept.to_bytes());
    files.insert(system::FILE.to_owned(), text(system::FILE));
    files.insert(term::FILE.to_owned(), text(term::FILE));
    if base.contains_key(term::ELSEWHERE_FILE) {
        files.insert(term::ELSEWHERE_FILE.to_owned(), text(term::ELSEWHERE_FILE));
    }
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
    files.insert(manifest::FILE.to_owned(), manifest_text(beginning, &name).into_bytes());
    Catalogue::from_files(&files).map(|_| files)
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
