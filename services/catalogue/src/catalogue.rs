//! The catalogue itself: loading and plain lookups.

use std::collections::{BTreeMap, HashMap, HashSet};

use huiyin_domain::{CatalogueVersionId, Level, PlaceCode, SystemCode, UnitId};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::check::{self, Tables};
use crate::document::{self, Clause, Document};
use crate::fault::{Fault, Faults, Spot};
use crate::locality::{self, Locality};
use crate::manifest::{self, Manifest};
use crate::place::{self, Place};
use crate::resolve::fold_name;
use crate::system::{self, System};
use crate::term::{self, Elsewhere, Term};
use crate::unit::{self, Unit};

/// The files a catalogue consists of, in name order. All but `elsewhere.csv`, `learned.csv` and
/// `localities.csv` must be there; others are not looked at.
pub const FILES: [&str; 10] = [
    manifest::FILE,
    document::CLAUSES_FILE,
    document::FILE,
    term::ELSEWHERE_FILE,
    locality::LEARNED_FILE,
    locality::FILE,
    place::FILE,
    system::FILE,
    term::FILE,
    unit::FILE,
];

/// One version of the directory, immutable, with its indexes. A clone copies everything: share it by `Arc`.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub(crate) manifest: Manifest,
    digest: String,
    pub(crate) places: Vec<Place>,
    place_index: FxHashMap<PlaceCode, usize>,
    pub(crate) place_names: FxHashMap<String, Vec<usize>>,
    pub(crate) systems: Vec<System>,
    system_index: FxHashMap<SystemCode, usize>,
    pub(crate) units: Vec<Unit>,
    unit_index: FxHashMap<UnitId, usize>,
    pub(crate) units_of: FxHashMap<PlaceCode, FxHashMap<SystemCode, Vec<usize>>>,
    pub(crate) unit_names: FxHashMap<String, Vec<usize>>,
    documents: Vec<Document>,
    document_index: FxHashMap<String, usize>,
    pub(crate) clauses: Vec<Clause>,
    terms: Vec<Term>,
    elsewhere: Vec<Elsewhere>,
    localities: Vec<Locality>,
}

impl Catalogue {
    /// Makes a catalogue of its files (name → content, see [`FILES`]).
    ///
    /// # Errors
    /// Every fault of every file, in order of file and line.
    pub fn from_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Catalogue, Vec<Fault>> {
        let mut faults = Faults::default();
        let manifest = manifest::read(files, &mut faults);
        let places = place::read(files, &mut faults);
        let systems = system::read(files, &mut faults);
        let units = unit::read(files, &mut faults);
        let documents = document::read(files, &mut faults);
        let clauses = document::read_clauses(files, &mut faults);
        let terms = term::read(files, &mut faults);
        let elsewhere = term::read_elsewhere(files, &mut faults);
        let localities = locality::read(files, &mut faults);
        let tables = Tables {
            manifest: manifest.as_ref(),
            places: places.as_deref(),
            systems: systems.as_deref(),
            units: units.as_deref(),
            documents: documents.as_deref(),
            clauses: clauses.as_deref(),
            terms: terms.as_deref(),
            elsewhere: &elsewhere,
            localities: &localities,
        };
        check::check(&tables, &mut faults);
        match (manifest, places, systems, units, documents, clauses, terms) {
            (Some(manifest), Some(places), Some(systems), Some(units), Some(documents), Some(clauses), Some(terms))
                if faults.is_empty() =>
            {
                let places = values(places);
                let levels: HashMap<_, _> = places.iter().map(|place| (place.code.clone(), place.level)).collect();
                let units = values(units)
                    .into_iter()
                    .map(|read| Unit {
                        level: read.level.or_else(|| levels.get(&read.unit.place).copied()).unwrap_or(read.unit.level),
                        ..read.unit
                    })
                    .collect();
                Ok(Catalogue::index(
                    manifest.manifest,
                    digest(files),
                    places,
                    values(systems),
                    units,
                    values(documents),
                    values(clauses),
                    values(terms),
                    values(elsewhere),
                    values(localities),
                ))
            }
            _ => Err(faults.into_sorted()),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one argument a table, called in one place")]
    fn index(
        manifest: Manifest,
        digest: String,
        places: Vec<Place>,
        systems: Vec<System>,
        units: Vec<Unit>,
        documents: Vec<Document>,
        mut clauses: Vec<Clause>,
        terms: Vec<Term>,
        elsewhere: Vec<Elsewhere>,
        localities: Vec<Locality>,
    ) -> Catalogue {
        let place_index = (0..).zip(&places).map(|(index, place)| (place.code.clone(), index)).collect();
        let system_index = (0..).zip(&systems).map(|(index, system)| (system.code.clone(), index)).collect();
        let unit_index = (0..).zip(&units).map(|(index, unit)| (unit.id.clone(), index)).collect();
        let document_index: FxHashMap<String, usize> =
            (0..).zip(&documents).map(|(index, document)| (document.key.clone(), index)).collect();
        let mut place_names: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, place) in places.iter().enumerate() {
            for name in place.names() {
                place_names.entry(fold_name(name)).or_default().push(index);
            }
        }
        let mut units_of: FxHashMap<PlaceCode, FxHashMap<SystemCode, Vec<usize>>> = FxHashMap::default();
        let mut unit_names: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, unit) in units.iter().enumerate() {
            for name in unit.names() {
                let named = unit_names.entry(fold_name(name)).or_default();
                if named.last() != Some(&index) {
                    named.push(index);
                }
            }
            if unit.collective {
                continue;
            }
            let of_place = units_of.entry(unit.place.clone()).or_default();
            for system in &unit.systems {
                of_place.entry(system.clone()).or_default().push(index);
            }
        }
        for clause in &mut clauses {
            let document = document_index.get(&clause.document).and_then(|index: &usize| documents.get(*index));
            clause.effective_from = clause.effective_from.or(document.and_then(|document| document.effective_from));
            clause.effective_to = clause.effective_to.or(document.and_then(|document| document.effective_to));
        }
        Catalogue {
            manifest,
            digest,
            places,
            place_index,
            place_names,
            systems,
            system_index,
            units,
            unit_index,
            units_of,
            unit_names,
            documents,
            document_index,
            clauses,
            terms,
            elsewhere,
            localities,
        }
    }

    /// The version every decision names.
    pub fn version(&self) -> &CatalogueVersionId {
        &self.manifest.version
    }

    /// First day on which decisions use this version.
    pub fn effective_from(&self) -> Date {
        self.manifest.effective_from
    }

    /// Name, remark and the special systems.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 of the files in name order, in hex: tells apart two catalogues that claim the same version.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The territory of the installation.
    pub fn region(&self) -> &Place {
        self.place(&self.manifest.region).expect("checked when the catalogue was made")
    }

    /// A place by its code.
    pub fn place(&self, code: &PlaceCode) -> Option<&Place> {
        self.place_index.get(code).and_then(|index| self.places.get(*index))
    }

    /// All places, in table order, older ones included.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.iter()
    }

    /// Places that a name, short name or alias may mean, in table order, older ones left out when they have a successor.
    pub fn places_named(&self, name: &str) -> Vec<&Place> {
        let found = self.place_names.get(&fold_name(name)).map_or(&[][..], Vec::as_slice);
        found.iter().filter_map(|index| self.places.get(*index)).filter(|place| place.successor.is_none()).collect()
    }

    /// The place of today for an older code: follows successors. `None` for an unknown code.
    pub fn current_place(&self, code: &PlaceCode) -> Option<&Place> {
        let mut place = self.place(code)?;
        while let Some(next) = place.successor.as_ref().and_then(|code| self.place(code)) {
            place = next;
        }
        Some(place)
    }

    /// A place and those above it: itself first, the province last. Empty for an unknown code.
    pub fn ancestors(&self, code: &PlaceCode) -> Vec<&Place> {
        let first = self.place(code);
        std::iter::successors(first, |place| place.parent.as_ref().and_then(|parent| self.place(parent))).collect()
    }

    /// Whether `inner` is `outer` or lies in it.
    pub fn contains(&self, outer: &PlaceCode, inner: &PlaceCode) -> bool {
        self.ancestors(inner).iter().any(|place| place.code == *outer)
    }

    /// The prefecture-level city a place belongs to; none for the province.
    pub fn prefecture_of(&self, code: &PlaceCode) -> Option<&Place> {
        self.ancestors(code).into_iter().find(|place| place.level == Level::Prefecture)
    }

    /// Places directly below, in table order, without those that were succeeded.
    pub fn children(&self, code: &PlaceCode) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.parent.as_ref() == Some(code) && place.successor.is_none())
    }

    /// A system by its code.
    pub fn system(&self, code: &SystemCode) -> Option<&System> {
        self.system_index.get(code).and_then(|index| self.systems.get(*index))
    }

    /// All systems, in table order.
    pub fn systems(&self) -> impl Iterator<Item = &System> {
        self.systems.iter()
    }

    /// A unit of the table by its id. Derived units are not here: see [`Catalogue::unit_by_id`].
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.unit_index.get(id).and_then(|index| self.units.get(*index))
    }

    /// All units of the table, in table order.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter()
    }

    /// All documents, in table order.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.iter()
    }

    /// A document by its key.
    pub fn document(&self, key: &str) -> Option<&Document> {
        self.document_index.get(key).and_then(|index| self.documents.get(*index))
    }

    /// All clauses, in table order; blank dates are filled from their documents.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter()
    }

    /// All terms, in table order.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Names of places outside the region beside those of the national gazetteer, in table order.
    pub fn elsewhere(&self) -> &[Elsewhere] {
        &self.elsewhere
    }

    /// Named localities: the office's in table order, then those learned.
    pub fn localities(&self) -> &[Locality] {
        &self.localities
    }

    /// Words for the segmenter, each once, in table order: names of places, units and systems' bodies, and terms.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let places = self.places.iter().flat_map(Place::names);
        let units = self.units.iter().flat_map(Unit::names);
        let bodies = self.systems.iter().flat_map(|system| system.bodies.iter().map(String::as_str));
        let terms = self.terms.iter().map(|term| term.term.as_str());
        let elsewhere = self.elsewhere.iter().map(|elsewhere| elsewhere.name.as_str());
        let mut seen = HashSet::new();
        places.chain(units).chain(bodies).chain(terms).chain(elsewhere).filter(move |word| seen.insert(*word))
    }
}

fn values<T>(rows: Vec<(Spot, T)>) -> Vec<T> {
    rows.into_iter().map(|(_, value)| value).collect()
}

/// Name, length and content of each file, so that moving bytes from one to the next changes the digest.
fn digest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hasher = Sha256::new();
    for (name, content) in files.iter().filter(|(name, _)| FILES.contains(&name.as_str())) {
        hasher.update(name.as_bytes());
        hasher.update([0]);
        hasher.update((content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    hex::encode(hasher.finalize())
}
