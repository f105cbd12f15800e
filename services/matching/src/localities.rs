//! Learning which place an estate, road, school or village lies in, from confirmed matters.
//!
//! A name is learned when at least [`MATTERS_MIN`] matters name it, nearly all of them lie in one county, and that cannot
//! well be chance. Of a name and a longer one that ends in it the longer is kept where it is nearly as frequent, which
//! finds where a name begins without cutting words: 恒大绿洲小区 instead of 绿洲小区.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use huiyin_catalogue::{Catalogue, Locality};
use huiyin_domain::{Level, PlaceCode};
use huiyin_text::lists::Lists;

use crate::lexicon::Lexicon;

/// Matters that must name a locality.
pub const MATTERS_MIN: u32 = 3;
/// Share of them that must lie in one place, in percent.
const AGREEMENT_PERCENT_MIN: u32 = 90;
/// Chance at which so many matters in one place would be mere coincidence, given how many of all matters lie there.
const COINCIDENCE_MAX: f64 = 0.01;
/// A longer name at least this often, in percent, takes the place of a shorter one that it ends in.
const LONGER_PERCENT_MIN: u32 = 80;
/// Characters before the ending.
const STEM_CHARS: std::ops::RangeInclusive<usize> = 2..=6;
static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read("localities.txt", crate::rules::LOCALITIES));
/// Characters that are in no name, or that end what stands before one.
static COMMON: LazyLock<BTreeSet<char>> =
    LazyLock::new(|| LISTS.get("common").iter().flat_map(|one| one.chars()).collect());

/// Counts names of localities in confirmed matters.
#[derive(Default)]
pub struct LocalityLearner {
    /// Name → place → matters.
    names: BTreeMap<String, BTreeMap<PlaceCode, u32>>,
    /// County → matters.
    counties: BTreeMap<PlaceCode, u32>,
    endings: Option<Lexicon<()>>,
}

/// What was learned.
#[derive(Clone, Debug, Default)]
pub struct LearnedLocalities {
    /// Localities, by name, without the office's own.
    pub learned: Vec<Locality>,
    /// Names that matters put in several places, or elsewhere than the catalogue has them by hand; refused.
    pub refused: Vec<RefusedLocality>,
}

/// A name that was not learned because matters disagree on where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLocality {
    /// The name.
    pub name: String,
    /// Counties with their matters, most first.
    pub places: Vec<(PlaceCode, u32)>,
}

impl LocalityLearner {
    /// Takes a matter's text and the place that a unit confirmed by accepting it. Places above county level say too little.
    pub fn observe(&mut self, catalogue: &Catalogue, title: &str, text: &str, place: &PlaceCode) {
        let Some(place) = catalogue.current_place(place) else { return };
        let Some(county) = county_of(catalogue, &place.code) else { return };
        *self.counties.entry(county).or_default() += 1;
        let endings = self
            .endings
            .get_or_insert_with(|| Lexicon::new(LISTS.get("endings").iter().map(|ending| (ending.clone(), ()))));
        let mut names = BTreeSet::new();
        for part in [title, text] {
            candidates(endings, &part.to_ascii_lowercase(), &mut names);
        }
        for name in names {
            *self.names.entry(name).or_default().entry(place.code.clone()).or_default() += 1;
        }
    }

    /// What the matters agree on. The same matters in any order give the same answer.
    pub fn learned(&self, catalogue: &Catalogue) -> LearnedLocalities {
        let all: u32 = self.counties.values().sum();
        let by_hand: BTreeMap<&str, &Locality> = catalogue
            .localities()
            .iter()
            .filter(|locality| !locality.is_learned())
            .flat_map(|locality| locality.names().map(move |name| (name, locality)))
            .collect();
        let longer = self.longer();
        let is_subsumed =
            |name: &str, of: u32| longer.get(name).is_some_and(|longer| longer * 100 >= of * LONGER_PERCENT_MIN);
        let mut result = LearnedLocalities::default();
        for (name, places) in &self.names {
            let of: u32 = places.values().sum();
            if of < MATTERS_MIN || is_subsumed(name, of) || holds_place_name(catalogue, name) {
                continue;
            }
            let mut counties: BTreeMap<PlaceCode, u32> = BTreeMap::new();
            for (place, matters) in places {
                if let Some(county) = county_of(catalogue, place) {
                    *counties.entry(county).or_default() += matters;
                }
            }
            let mut ranked: Vec<(PlaceCode, u32)> = counties.into_iter().collect();
            ranked.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            let Some((county, matters)) = ranked.first().cloned() else { continue };
            let hand = by_hand.get(name.as_str());
            let against_hand = hand.is_some_and(|hand| !catalogue.contains(&county, &hand.place));
            if !agrees(matters, of) || against_hand {
                result.refused.push(RefusedLocality { name: name.clone(), places: ranked });
            } else if hand.is_none() && !self.is_coincidence(&county, matters, all) {
                let place = street_of(catalogue, places, matters).unwrap_or(county);
                let matters =
                    places.iter().filter(|(one, _)| catalogue.contains(&place, one)).map(|(_, matters)| matters).sum();
                result.learned.push(Locality::learned(name.clone(), place, matters, of));
            }
        }
        result.learned.sort_by(|one, other| one.name.cmp(&other.name));
        result
    }

    /// For names, how often the most frequent name is that has one character more before it.
    fn longer(&self) -> HashMap<&str, u32> {
        let mut longer: HashMap<&str, u32> = HashMap::new();
        for (name, places) in &self.names {
            let mut rest = name.chars();
            rest.next();
            if self.names.contains_key(rest.as_str()) {
                let most = longer.entry(rest.as_str()).or_default();
                *most = (*most).max(places.values().sum());
            }
        }
        longer
    }

    /// Whether so many matters would lie in one county by chance, most matters lying there anyway.
    fn is_coincidence(&self, county: &PlaceCode, matters: u32, all: u32) -> bool {
        let share = f64::from(self.counties.get(county).copied().unwrap_or(0)) / f64::from(all.max(1));
        let chance = (0..matters.min(64)).fold(1.0_f64, |chance, _| chance * share);
        chance > COINCIDENCE_MAX
    }
}

fn agrees(matters: u32, of: u32) -> bool {
    matters >= MATTERS_MIN && matters * 100 >= of * AGREEMENT_PERCENT_MIN
}

/// The street, where nearly all matters of the county lie in one.
fn street_of(catalogue: &Catalogue, places: &BTreeMap<PlaceCode, u32>, matters: u32) -> Option<PlaceCode> {
    let streets =
        places.iter().filter(|(place, _)| catalogue.place(place).is_some_and(|place| place.level == Level::Street));
    let (street, most) = streets.max_by_key(|(place, matters)| (**matters, std::cmp::Reverse((*place).clone())))?;
    agrees(*most, matters).then(|| street.clone())
}

fn county_of(catalogue: &Catalogue, place: &PlaceCode) -> Option<PlaceCode> {
    catalogue.ancestors(place).into_iter().find(|place| place.level == Level::County).map(|place| place.code.clone())
}

/// A name that holds the name of a place tells its place by that.
fn holds_place_name(catalogue: &Catalogue, name: &str) -> bool {
    let characters: Vec<char> = name.chars().collect();
    (0..characters.len()).any(|start| {
        (start + 2..characters.len()).any(|end| {
            let part: String = characters.get(start..end).unwrap_or(&[]).iter().collect();
            !catalogue.places_named(&part).is_empty()
        })
    })
}

/// Every stem of two to six characters before an ending.
fn candidates(endings: &Lexicon<()>, lower: &str, names: &mut BTreeSet<String>) {
    for found in endings.find(lower) {
        let (Some(before), Some(ending)) = (lower.get(..found.start), lower.get(found.start..found.end)) else {
            continue;
        };
        let stem: Vec<char> = before
            .chars()
            .rev()
            .take(*STEM_CHARS.end())
            .take_while(|character| is_name_character(*character))
            .collect();
        for length in STEM_CHARS.filter(|length| *length <= stem.len()) {
            let stem: String = stem.iter().take(length).rev().collect();
            if LISTS.ends("everywhere", &stem) {
                break;
            }
            names.insert(format!("{stem}{ending}"));
        }
    }
}

fn is_name_character(character: char) -> bool {
    character.is_alphabetic() && !character.is_ascii() && !COMMON.contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn catalogue() -> Catalogue {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
        let read = |name: &&str| std::fs::read(directory.join(name)).ok().map(|content| ((*name).to_owned(), content));
        let files = huiyin_catalogue::FILES.iter().filter_map(read).collect();
        Catalogue::from_files(&files).expect("the sample catalogue is without fault")
    }

    fn learn(catalogue: &Catalogue, matters: &[(&str, &str)]) -> LearnedLocalities {
        let mut learner = LocalityLearner::default();
        for (text, place) in matters {
            learner.observe(catalogue, "", text, &PlaceCode::new(*place));
        }
        learner.learned(catalogue)
    }

    #[test]
    fn names_are_learned_where_matters_agree() {
        let catalogue = catalogue();
        let mut matters = vec![
            ("投诉恒望绿洲小区物业不作为", "360102"),
            ("我住恒望绿洲小区，电梯坏了", "360102"),
            ("请问恒望绿洲小区何时通气", "360102002"),
            ("中晟绿洲小区停水", "360103"),
            ("中晟绿洲小区的路灯不亮", "360103"),
            ("关于中晟绿洲小区垃圾", "360103"),
            ("青麓路积水", "360102"),
            ("青麓路的井盖", "360103"),
            ("在青麓路被罚", "360104"),
            ("人民医院收费", "360783"),
            ("县里人民医院挂号", "360783"),
            ("人民医院停车", "360783"),
            ("恒望绿洲小区", "360000"),
            ("砚池小学门口", "360783"),
        ];
        matters.extend([("路灯不亮", "361103"); 20]);
        let expected = |result: &LearnedLocalities| -> Vec<(String, String, u32, u32)> {
            let row = |one: &Locality| (one.name.clone(), one.place.to_string(), one.matters, one.of);
            result.learned.iter().map(row).collect()
        };
        let learned = learn(&catalogue, &matters);
        let rows = [("中晟绿洲小区", "360103", 3, 3), ("恒望绿洲小区", "360102", 3, 3)];
        assert_eq!(
            expected(&learned),
            rows.map(|(name, place, matters, of)| (name.to_owned(), place.to_owned(), matters, of))
        );
        let refused: Vec<&str> = learned.refused.iter().map(|refused| refused.name.as_str()).collect();
        assert_eq!(refused, ["绿洲小区", "青麓路"]);
        matters.reverse();
        assert_eq!(expected(&learn(&catalogue, &matters)), expected(&learned), "the order of matters does not count");
    }

    #[test]
    fn what_may_be_chance_is_not_learned() {
        let catalogue = catalogue();
        let mut matters = vec![("望汀花园停水", "360102"); 6];
        assert!(learn(&catalogue, &matters).learned.is_empty(), "every matter lies there");
        matters.extend([("路灯", "360783"); 30]);
        assert_eq!(learn(&catalogue, &matters).learned.len(), 1);
        assert!(LocalityLearner::default().learned(&catalogue).learned.is_empty());
    }
}
