//! Which place a post is about (属地).

use std::collections::{BTreeMap, BTreeSet};

use huiyin_catalogue::{Catalogue, Place};
use huiyin_domain::{Level, PlaceCode};

use crate::lexicon::Lexicon;
use crate::script::Script;

/// A place named in the title counts as often as this many times in the text.
const TITLE_MENTIONS: u32 = 3;
/// Of several places, one leads when it is named this many times as often as the next.
const LEAD_RATIO: u32 = 2;
/// Streets, estates and firms are named after places: 南昌路, 北京御园. After a short name these words say so.
const NAMESAKES: [&str; 26] = [
    "路", "大道", "街", "巷", "桥", "花园", "花苑", "小区", "国际", "公馆", "酒店", "宾馆", "银行", "东路", "西路",
    "南路", "北路", "中路", "东街", "西街", "饭店", "御园", "名苑", "商城", "烤鸭", "拉面",
];
/// After a county's short name these words say that the county is meant.
const COUNTY_WORDS: [&str; 14] = [
    "县",
    "城区",
    "县城",
    "人民",
    "本地",
    "当地",
    "百姓",
    "全县",
    "教育局",
    "公安局",
    "城管局",
    "法院",
    "一中",
    "新区",
];
/// Before a county's short name, or at the start of a clause, a name is more than part of another.
const PLACING_BEFORE: [&str; 12] = ["在", "到", "从", "来自", "去", "于", "是", "回", "我们", "咱", "请", "希望"];
/// Somebody away from home is not writing about the place where they are.
const AWAY_BEFORE: [&str; 10] = ["在", "去", "到", "从", "赴", "往", "回", "飞", "比如", "像"];
const AWAY_AFTER: [&str; 13] =
    ["打工", "务工", "上班", "工作", "读书", "上学", "做生意", "回来", "回家", "经商", "出差", "等地", "一样"];

/// Finds names of places; built once for a catalogue.
pub(crate) struct Locator {
    lexicon: Lexicon<Name>,
    codes: Vec<PlaceCode>,
}

#[derive(Clone, Copy, Debug)]
enum Name {
    Ours {
        place: usize,
        full: bool,
        level: Level,
    },
    Elsewhere {
        full: bool,
    },
    /// 全省, 省里: the region's province without its name.
    WholeProvince,
}

/// What the text and the source say of the place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Located {
    /// The place decided on.
    pub(crate) place: Option<PlaceCode>,
    /// Several places of ours, of which `place` is the one above; empty where there is one.
    pub(crate) several: Vec<PlaceCode>,
    /// A place of another province or city, where no place of ours is concerned.
    pub(crate) elsewhere: Option<String>,
    /// The place comes from the source alone.
    pub(crate) by_source: bool,
}

#[derive(Debug)]
struct Mention {
    start: usize,
    end: usize,
    choices: Vec<(usize, bool, Level)>,
}

#[derive(Default)]
struct Mentions {
    ours: Vec<Mention>,
    elsewhere: Vec<(usize, usize, bool)>,
    province: bool,
}

impl Locator {
    pub(crate) fn new(catalogue: &Catalogue) -> Locator {
        let places: Vec<&Place> = catalogue.places().collect();
        let codes = places.iter().map(|place| place.code.clone()).collect();
        let ours = places.iter().enumerate().flat_map(|(index, place)| {
            place.names().filter(|name| name.chars().count() >= 2).map(move |name| {
                let full = name == place.name
                    || name.ends_with(['省', '市', '县', '区', '镇', '乡'])
                    || name.ends_with("街道");
                let full = full && name.chars().count() >= 3;
                (name.to_owned(), Name::Ours { place: index, full, level: place.level })
            })
        });
        let elsewhere = catalogue.elsewhere().iter().map(|elsewhere| {
            let full = elsewhere.name.ends_with(['省', '市', '州', '盟', '区']) && elsewhere.name.chars().count() >= 3;
            (elsewhere.name.clone(), Name::Elsewhere { full })
        });
        let province = ["全省", "省里", "省委省政府", "全省各地"].map(|word| (word.to_owned(), Name::WholeProvince));
        Locator { lexicon: Lexicon::new(ours.chain(elsewhere).chain(province)), codes }
    }

    /// Reads title and text; `given` is the place as the source gave it: a code, a name or nothing.
    pub(crate) fn locate(&self, catalogue: &Catalogue, script: &Script, given: &str) -> Located {
        let given_place = self.given(catalogue, given);
        if let Given::Elsewhere(name) = given_place {
            return Located { elsewhere: Some(name), ..Located::default() };
        }
        let given_place = match given_place {
            Given::Ours(code) => Some(code),
            Given::Elsewhere(_) | Given::Unknown => None,
        };
        let mentions = self.mentions(script);
        let accepted = self.accept(catalogue, script, &mentions, given_place.as_ref());
        let mut located = choose(catalogue, &accepted, given_place.as_ref());
        if located.place.is_none() && mentions.province {
            located.place = province_of(catalogue);
        }
        if located.place.is_none() {
            located.elsewhere = elsewhere_concerned(script, &mentions.elsewhere);
        }
        if let Some(place) = located.place.take() {
            located.place = catalogue.current_place(&place).map(|place| place.code.clone());
        }
        located
    }

    fn mentions(&self, script: &Script) -> Mentions {
        let mut mentions = Mentions::default();
        for found in self.lexicon.find(script.whole()) {
            let after = script.after(found.end);
            let choices: Vec<_> = found
                .values
                .iter()
                .filter_map(|name| match name {
                    Name::Ours { place, full, level } => Some((*place, *full, *level)),
                    Name::Elsewhere { .. } | Name::WholeProvince => None,
                })
                .collect();
            let namesake = NAMESAKES.iter().any(|word| after.starts_with(word));
            if !choices.is_empty() {
                if choices.iter().any(|(_, full, _)| *full) || !namesake {
                    mentions.ours.push(Mention { start: found.start, end: found.end, choices });
                }
                continue;
            }
            for name in found.values {
                match name {
                    Name::Elsewhere { full } if *full || !namesake => {
                        mentions.elsewhere.push((found.start, found.end, *full))
                    }
                    Name::WholeProvince => mentions.province = true,
                    _ => {}
                }
            }
        }
        // Who works here and writes about home elsewhere does not write about here.
        if !mentions.elsewhere.is_empty() {
            mentions.ours.retain(|mention| !is_away(script, mention.start, mention.end));
        }
        mentions
    }

    /// Counts mentions by place, leaving out short names that nothing around them confirms.
    fn accept(
        &self,
        catalogue: &Catalogue,
        script: &Script,
        mentions: &Mentions,
        given: Option<&PlaceCode>,
    ) -> BTreeMap<PlaceCode, u32> {
        let sure: BTreeSet<&PlaceCode> = mentions
            .ours
            .iter()
            .filter_map(|mention| match mention.choices.as_slice() {
                [(place, full, level)] if *full || *level <= Level::Prefecture => self.codes.get(*place),
                _ => None,
            })
            .collect();
        let mut accepted: BTreeMap<PlaceCode, u32> = BTreeMap::new();
        for (index, mention) in mentions.ours.iter().enumerate() {
            let previous = index.checked_sub(1).and_then(|index| mentions.ours.get(index));
            let adjacent = previous.filter(|previous| previous.end == mention.start);
            let best = mention
                .choices
                .iter()
                .filter_map(|(place, full, level)| {
                    let code = self.codes.get(*place)?;
                    let follows = adjacent.is_some_and(|previous| {
                        previous.choices.iter().any(|(outer, ..)| {
                            self.codes.get(*outer).is_some_and(|outer| outer != code && catalogue.contains(outer, code))
                        })
                    });
                    let related = |other: &PlaceCode| {
                        other != code
                            && *other != catalogue.region().code
                            && (catalogue.contains(other, code) || catalogue.contains(code, other))
                    };
                    let by_text = sure.iter().any(|other| related(other));
                    let by_source = given.is_some_and(|given| given == code || related(given));
                    let worded = *level == Level::County && is_worded(script, mention);
                    let support =
                        u32::from(follows) * 4 + u32::from(by_text) * 2 + u32::from(by_source) + u32::from(worded);
                    let enough = match (*full, *level) {
                        (true, _) => support > 0 || mention.choices.len() == 1,
                        (false, Level::Province | Level::Prefecture) => true,
                        (false, Level::County) => support > 0,
                        (false, Level::Street) => {
                            follows
                                || given.is_some_and(|given| {
                                    given != &catalogue.region().code && related(given) && near(catalogue, given, code)
                                })
                        }
                    };
                    enough.then_some((support, *full, std::cmp::Reverse(code)))
                })
                .max();
            if let Some((_, _, std::cmp::Reverse(code))) = best {
                *accepted.entry(code.clone()).or_default() +=
                    if script.in_title(mention.start) { TITLE_MENTIONS } else { 1 };
            }
        }
        accepted
    }

    fn given(&self, catalogue: &Catalogue, given: &str) -> Given {
        let given = huiyin_text::normalise(given);
        let given = given.trim();
        if given.is_empty() {
            return Given::Unknown;
        }
        if given.bytes().all(|byte| byte.is_ascii_digit()) {
            return given_code(catalogue, given);
        }
        let exact = PlaceCode::new(given);
        if let Some(place) = catalogue.current_place(&exact) {
            return Given::Ours(place.code.clone());
        }
        let script = Script::new(given, "");
        let mut chosen: Option<PlaceCode> = None;
        let mut elsewhere = false;
        for found in self.lexicon.find(script.whole()) {
            for name in found.values {
                match name {
                    Name::Ours { place, .. } => {
                        let Some(code) = self.codes.get(*place) else { continue };
                        let inside =
                            chosen.as_ref().is_none_or(|outer| outer != code && catalogue.contains(outer, code));
                        if inside {
                            chosen = Some(code.clone());
                            break;
                        }
                    }
                    Name::Elsewhere { .. } => elsewhere = true,
                    Name::WholeProvince => {}
                }
            }
        }
        match chosen.and_then(|code| catalogue.current_place(&code).map(|place| place.code.clone())) {
            Some(code) => Given::Ours(code),
            None if elsewhere => Given::Elsewhere(given.to_owned()),
            None => Given::Unknown,
        }
    }
}

enum Given {
    Ours(PlaceCode),
    Elsewhere(String),
    Unknown,
}

/// A statistical code of 12 digits names a community; the street and the county are its first 9 and 6 digits.
fn given_code(catalogue: &Catalogue, given: &str) -> Given {
    for length in [given.len(), 9, 6, 4, 2] {
        let Some(prefix) = given.get(..length) else { continue };
        let padded = format!("{prefix:0<6}");
        if let Some(place) = catalogue.current_place(&PlaceCode::new(padded)) {
            return Given::Ours(place.code.clone());
        }
    }
    let ours = catalogue.region().code.as_str().get(..2).is_some_and(|province| given.starts_with(province));
    if !ours && given.len() >= 6 { Given::Elsewhere(given.to_owned()) } else { Given::Unknown }
}

/// Whether what stands around a county's short name says that the county is meant.
fn is_worded(script: &Script, mention: &Mention) -> bool {
    let before = script.clause_before(mention.start, 2);
    let placed =
        mention.choices.len() == 1 && (before.is_empty() || PLACING_BEFORE.iter().any(|word| before.ends_with(word)));
    placed || COUNTY_WORDS.iter().any(|word| script.after(mention.end).starts_with(word))
}

/// Whether both lie in one county, or one is that county.
fn near(catalogue: &Catalogue, one: &PlaceCode, other: &PlaceCode) -> bool {
    let county = |code: &PlaceCode| {
        catalogue.ancestors(code).into_iter().find(|place| place.level == Level::County).map(|place| place.code.clone())
    };
    county(one).is_some_and(|one| county(other).is_some_and(|other| one == other))
}

fn province_of(catalogue: &Catalogue) -> Option<PlaceCode> {
    catalogue.ancestors(&catalogue.region().code).last().map(|place| place.code.clone())
}

/// The most specific place wins; of several that do not lie in one another, the source's, else the one named far more
/// often, else the one above them all.
fn choose(catalogue: &Catalogue, accepted: &BTreeMap<PlaceCode, u32>, given: Option<&PlaceCode>) -> Located {
    let leaves: Vec<(&PlaceCode, u32)> = accepted
        .iter()
        .filter(|(code, _)| !accepted.keys().any(|other| other != *code && catalogue.contains(code, other)))
        .map(|(code, count)| (code, *count))
        .collect();
    if let Some(given) = given {
        let inside: Vec<(&PlaceCode, u32)> =
            leaves.iter().copied().filter(|(code, _)| catalogue.contains(given, code)).collect();
        if !inside.is_empty() {
            return among(catalogue, &inside, Some(given));
        }
        if leaves.is_empty()
            || accepted.contains_key(given)
            || leaves.iter().any(|(code, _)| catalogue.contains(code, given))
        {
            return Located { place: Some(given.clone()), by_source: true, ..Located::default() };
        }
    }
    if leaves.is_empty() { Located::default() } else { among(catalogue, &leaves, None) }
}

fn among(catalogue: &Catalogue, leaves: &[(&PlaceCode, u32)], given: Option<&PlaceCode>) -> Located {
    let mut ranked: Vec<(&PlaceCode, u32)> = leaves.to_vec();
    ranked.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    match ranked.as_slice() {
        [] => Located { place: given.cloned(), by_source: given.is_some(), ..Located::default() },
        [(only, _)] => Located { place: Some((*only).clone()), ..Located::default() },
        [(first, most), (_, next), ..] if *most >= LEAD_RATIO * *next => {
            Located { place: Some((*first).clone()), ..Located::default() }
        }
        [(first, _), rest @ ..] => {
            let above = catalogue
                .ancestors(first)
                .into_iter()
                .find(|above| rest.iter().all(|(other, _)| catalogue.contains(&above.code, other)));
            let several = ranked.iter().map(|(code, _)| (*code).clone()).collect();
            Located { place: above.map(|above| above.code.clone()), several, ..Located::default() }
        }
    }
}

/// The other place, where the text plays there: named in the title, in full, or more than once, and not only as where
/// somebody works or travels.
fn elsewhere_concerned(script: &Script, mentions: &[(usize, usize, bool)]) -> Option<String> {
    let concerned: Vec<&(usize, usize, bool)> =
        mentions.iter().filter(|(start, end, _)| !is_away(script, *start, *end)).collect();
    let title = concerned.iter().find(|(start, ..)| script.in_title(*start));
    let full = concerned.iter().find(|(_, _, full)| *full);
    let repeated = if concerned.len() >= 2 { concerned.first() } else { None };
    let (start, end, _) = title.or(full).or(repeated)?;
    script.whole().get(*start..*end).map(str::to_owned)
}

/// Somebody works, learns or travels there: 在南昌打工.
fn is_away(script: &Script, start: usize, end: usize) -> bool {
    let (before, after) = (script.before(start), script.after(end));
    AWAY_BEFORE.iter().any(|word| before.ends_with(word)) && AWAY_AFTER.iter().any(|word| after.starts_with(word))
}
