//! What a short post tells, by slots: what is wrong, where exactly, whose it is, on which day.
//!
//! Only short posts are read so. A letter of a page names many things in passing, and is told apart by its words.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use huiyin_catalogue::gazetteer;
use huiyin_domain::{PlaceCode, Relation};

use super::background::{Bigram, bigram, is_rare, weight};
use super::names::{NUMERALS, country_codes, names_with, value};
use super::words::{WORDS, Words, hash};

/// Characters of title and text of a short post: two messages of a telephone.
pub(super) const SHORT_CHARS: usize = 160;
/// Digits of a county's code.
const COUNTY_DIGITS: usize = 6;
/// The short name of a town with less is a word of its own: 中心, 新建.
const TOWN_WEIGHT_MIN: f32 = 5.0;
/// Named things kept.
const THINGS_MAX: usize = 12;
/// Pairs of characters that tell less than this (every twelfth letter has them) are grammar.
const PLAIN_WEIGHT: f32 = 2.5;

/// A word before an ending names something from this weight: 人民路 does in a message of one line.
const NAMED_WEIGHT_MIN: f32 = 2.0;

/// Towns by county: short names that are no everyday words, and codes.
static TOWNS: LazyLock<BTreeMap<String, Vec<(&'static str, String)>>> = LazyLock::new(|| {
    let mut towns: BTreeMap<String, Vec<(&'static str, String)>> = BTreeMap::new();
    for division in gazetteer::divisions() {
        for (code, name) in gazetteer::streets_of(division.code) {
            let short = name.trim_end_matches("街道").trim_end_matches(['镇', '乡']);
            let mut characters = short.chars();
            let pair = characters.next().zip(characters.next());
            if pair.is_some_and(|(one, other)| weight(bigram(one, other)) >= TOWN_WEIGHT_MIN) {
                towns.entry(division.code.to_owned()).or_default().push((short, code));
            }
        }
    }
    towns
});

/// What a short post tells. Made of the post alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The place decided on, or the county named, where that is finer and there is one.
    pub(super) place: Option<PlaceCode>,
    /// Whether it has a title: letters do, messages have none. Of letters the words decide (see [`super::event`]), which
    /// were fitted on them.
    pub(super) titled: bool,
    /// Letters and digits, in order.
    pub(super) letters: Vec<char>,
    /// Kinds of trouble by number, in order.
    pub(super) kinds: Vec<u8>,
    /// Named things: class and hash of the name, in order.
    pub(super) things: Vec<(u8, u64)>,
    /// Divisions of the country named, by number of the gazetteer's word, in order.
    pub(super) divisions: Vec<u64>,
    /// Pairs of characters that are no grammar, with what they tell, in order.
    pub(super) grams: Vec<(Bigram, f32)>,
}

impl Told {
    /// Of title and text in lower case, and the place decided on.
    pub(super) fn of(whole: &str, titled: bool, place: Option<&PlaceCode>) -> Option<Told> {
        let letters: Vec<char> = whole.chars().filter(|one| one.is_alphanumeric()).collect();
        if letters.is_empty() || letters.len() > SHORT_CHARS {
            return None;
        }
        let characters: Vec<char> = whole.chars().collect();
        let mut kinds: Vec<u8> = WORDS.kind_words.find(whole).flat_map(|found| found.values.to_vec()).collect();
        sort(&mut kinds);
        let (mut divisions, mut counties, mut bare, mut done) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for (start, end, codes) in country_codes(whole, 1) {
            divisions.push(hash(short(whole.get(start..end).unwrap_or_default())));
            counties.push(codes.collect::<Vec<_>>());
            bare.extend(whole.get(done..start).unwrap_or_default().chars().chain([' ']));
            done = end;
        }
        bare.extend(whole.get(done..).unwrap_or_default().chars());
        sort(&mut divisions);
        let mut grams: Vec<(Bigram, f32)> = bare
            .windows(2)
            .filter_map(|pair| match pair {
                &[one, other] if one.is_alphanumeric() && other.is_alphanumeric() => Some(bigram(one, other)),
                _ => None,
            })
            .map(|pair| (pair, weight(pair)))
            .filter(|(_, weight)| *weight >= PLAIN_WEIGHT)
            .collect();
        grams.sort_unstable_by_key(|(pair, _)| *pair);
        grams.dedup_by_key(|(pair, _)| *pair);
        Some(Told {
            titled,
            place: finer(place, whole, &counties),
            things: things(whole, &characters),
            letters,
            kinds,
            divisions,
            grams,
        })
    }

    /// Rare pairs of characters.
    pub(super) fn rare(&self) -> impl Iterator<Item = Bigram> + '_ {
        self.grams.iter().map(|(pair, _)| *pair).filter(|pair| is_rare(*pair))
    }
}

/// The place, or the one county named if the place holds it or is not known.
fn finer(place: Option<&PlaceCode>, text: &str, named: &[Vec<&'static str>]) -> Option<PlaceCode> {
    let within = |code: &PlaceCode| place.is_none_or(|place| place.relation(code) == Relation::Contains);
    let mut found: Vec<PlaceCode> = Vec::new();
    for codes in named {
        let mut codes: Vec<PlaceCode> = codes.iter().map(|code| PlaceCode::new(*code)).filter(within).collect();
        codes.retain(|code| code.stem().0.len() >= COUNTY_DIGITS);
        if codes.len() == 1 {
            found.append(&mut codes);
        }
    }
    sort(&mut found);
    let place = if found.len() == 1 { found.pop() } else { place.cloned() };
    place.map(|place| town(&place, text).unwrap_or(place))
}

/// The one town of a county that a text names, with or without the word of its rank: 民和 for 民和镇.
fn town(county: &PlaceCode, text: &str) -> Option<PlaceCode> {
    let mut found = TOWNS.get(county.as_str())?.iter().filter(|(name, _)| {
        // 蓉江路 lies anywhere.
        let after = text.find(name).and_then(|at| text.get(at + name.len()..));
        after.is_some_and(|rest| !is_named_on(rest))
    });
    let only = found.next().filter(|_| found.next().is_none());
    only.map(|(_, code)| PlaceCode::new(code.as_str()))
}

/// Whether what follows makes the name that of a road, a school …, and not of the town.
fn is_named_on(rest: &str) -> bool {
    let mut rest = rest.chars();
    let (one, other) = (rest.next().unwrap_or(' '), rest.next().unwrap_or(' '));
    let ends = |text: &str| WORDS.endings.find(text).next().is_some_and(|found| found.start == 0);
    !(matches!(one, '镇' | '乡') || one == '街' && other == '道')
        && (ends(&format!("{one}{other}")) || ends(&other.to_string()))
}

fn sort<T: Ord>(values: &mut Vec<T>) {
    values.sort_unstable();
    values.dedup();
}

/// A division without the word of its rank: 余干 for 余干县.
fn short(name: &str) -> &str {
    if name.chars().count() < 3 { name } else { name.trim_end_matches(is_rank) }
}

fn is_rank(character: char) -> bool {
    matches!(character, '省' | '市' | '县' | '区')
}

fn things(text: &str, characters: &[char]) -> Vec<(u8, u64)> {
    let named = names_with(text, &WORDS.endings, NAMED_WEIGHT_MIN).filter(|(name, _, end)| {
        // 白马桥乡 is no bridge, nor is 柏桥区.
        !Words::is_common(name)
            && !text.get(*end..).unwrap_or_default().starts_with(['乡', '镇', '村', '区', '县', '市'])
    });
    let mut things: Vec<(u8, u64)> =
        named.flat_map(|(name, classes, _)| classes.iter().map(move |class| (*class, hash(&name)))).collect();
    let numbered = numbered(characters);
    let hospital = WORDS.class("hospital");
    let is_numbered = numbered.iter().any(|(class, _)| *class == hospital);
    for form in WORDS.forms.find(text).flat_map(|found| found.values) {
        // 第三人民医院 is not the people's hospital of the county.
        if !(is_numbered && form.class == hospital) {
            things.push((form.class, form.thing));
        }
    }
    if is_numbered {
        things.retain(|(class, _)| *class != hospital);
    }
    things.extend(numbered);
    sort(&mut things);
    things.truncate(THINGS_MAX);
    things
}

/// Things told by number: 第三小学 and 三小, 市三院, 2号楼, 12路, 一期, 6月3日.
fn numbered(characters: &[char]) -> Vec<(u8, u64)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = characters.get(at) {
        if !is_numeral(*first) {
            at += 1;
            continue;
        }
        let number: Vec<char> = characters.iter().skip(at).take_while(|one| is_numeral(**one)).copied().collect();
        let end = at + number.len();
        let rest: String = characters.iter().skip(end).take(4).collect();
        if let Some((class, tail)) = counted(&rest, first.is_ascii_digit()) {
            found.push((WORDS.class(class), hash(&format!("{}{tail}", value(&number)))));
        } else if let Some(day) = rest.strip_prefix('月') {
            let day: Vec<char> = day.chars().take_while(|one| is_numeral(*one)).collect();
            if !day.is_empty() {
                found.push((WORDS.class("day"), hash(&format!("{}.{}", value(&number), value(&day)))));
            }
        }
        at = end;
    }
    found
}

/// The class of what follows a number, and what stands for it.
fn counted(rest: &str, ascii: bool) -> Option<(&'static str, &'static str)> {
    let next = rest.chars().nth(1).unwrap_or(' ');
    let begins = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    match rest.chars().next()? {
        '小' if !"时组区孩女男伙瓶块心姐".contains(next) => Some(("school", "小")),
        '中' if !"午心间国年旬秋层等".contains(next) => Some(("school", "中")),
        '幼' => Some(("school", "幼")),
        '院' | '医' => Some(("hospital", "院")),
        '人' if begins(&["人民医院"]) => Some(("hospital", "院")),
        '栋' | '幢' | '座' if next != '桥' => Some(("building", "栋")),
        '号' if begins(&["号楼", "号栋", "号院"]) => Some(("building", "栋")),
        '#' if begins(&["#楼", "#栋"]) => Some(("building", "栋")),
        '号' if begins(&["号线"]) => Some(("line", "线")),
        '期' => Some(("phase", "期")),
        '路' if ascii => Some(("bus", "路")),
        _ => None,
    }
}

pub(super) fn is_numeral(character: char) -> bool {
    character.is_ascii_digit() || NUMERALS.contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Told {
        Told::of(text, false, None).unwrap_or_default()
    }

    #[test]
    fn abbreviations_are_one_thing() {
        for (one, other, class) in [
            ("第三小学门口", "三小门口", "school"),
            ("送到县第二中学", "二中那边", "school"),
            ("实验小学的操场", "实小操场", "school"),
            ("职业中学", "职中", "school"),
            ("县人民医院急诊", "县医院急诊", "hospital"),
            ("市第三人民医院", "市三院", "hospital"),
            ("妇幼保健院产科", "妇幼那里", "hospital"),
            ("农业银行取号", "农行取号", "bank"),
            ("12号楼没水", "12栋没水", "building"),
            ("粮补没发", "种粮补贴没发", "subsidy"),
            ("十二号线", "12号线", "line"),
            ("六月三号", "6月3日", "day"),
        ] {
            let class = WORDS.class(class);
            let of = |text: &str| told(text).things.into_iter().filter(|(one, _)| *one == class).collect::<Vec<_>>();
            let (one_things, other_things) = (of(one), of(other));
            assert!(one_things.iter().any(|thing| other_things.contains(thing)), "{one} {other}");
        }
    }

    #[test]
    fn other_numbers_are_no_schools() {
        for text in ["等了三小时", "一中午都没人", "市民中心二中心", "三小孩"] {
            let class = WORDS.class("school");
            assert!(!told(text).things.iter().any(|(one, _)| *one == class), "{text}");
        }
    }

    #[test]
    fn kinds_are_finer_than_supply() {
        let kinds = |text: &str| told(text).kinds;
        assert_eq!(kinds("又停水了"), kinds("水龙头不出水"));
        for (one, other) in [("停水", "停电"), ("停电", "停气"), ("停气", "断网"), ("断网", "停水")] {
            assert!(kinds(one).iter().all(|kind| !kinds(other).contains(kind)), "{one} {other}");
        }
    }

    #[test]
    fn long_and_empty_texts_tell_nothing() {
        assert!(Told::of("", false, None).is_none() && Told::of("？！", false, None).is_none());
        let long: String = "停水".repeat(SHORT_CHARS);
        assert!(Told::of(&long, false, None).is_none());
    }
}
