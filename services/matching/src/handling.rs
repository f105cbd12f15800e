//! Units the text names as already handling the matter (谁处置谁回应), and units it complains about ([`accused`]).

pub(crate) mod accused;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use huiyin_catalogue::{Catalogue, Place, Unit};
use huiyin_domain::{Level, PlaceCode, SystemCode, TermHit};
use huiyin_text::lists::Lists;
use jiff::civil::Date;

use crate::lexicon::{Column, Found, Lexicon};
use crate::script::Script;
use accused::{Charge, Sign};

/// How far around a body's name the words about it may stand, in characters of the same clause.
const WINDOW_CHARS: usize = 14;
/// Characters of the longest name of a place before a body's name.
const PLACE_CHARS_MAX: usize = 8;
/// The unit has the matter in hand: it decides against everything but a subject that is very clear.
const HANDLING_WEIGHT: f64 = 5.0;
/// It was told; it may have been the wrong one. Letters whose reply shows who answered come out the same with 0.0.
const TOLD_WEIGHT: f64 = 2.0;

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read("handling.txt", crate::rules::HANDLING));

/// Finds names of units and bodies, people in office and what they are accused of; built once for a catalogue.
pub(crate) struct HandlingIndex {
    lexicon: Lexicon<Named>,
}

#[derive(Clone, Debug)]
enum Named {
    /// A unit's own name or alias.
    Unit,
    /// What bodies of a system are called.
    Body(SystemCode),
    /// The same with the mark of its level before it: 县住建.
    Marked(SystemCode),
    /// The same with a county's short name before it: 龙南林业.
    Of(SystemCode, PlaceCode),
    /// A sign that somebody in office is complained about.
    Sign(Sign),
}

/// A unit that has to do with the matter already.
#[derive(Clone, Debug)]
pub(crate) struct Handler {
    pub(crate) system: SystemCode,
    pub(crate) unit: Option<Unit>,
    /// What it adds to its system, with the words.
    pub(crate) hit: TermHit,
    /// It has the matter in hand, and was not only told.
    pub(crate) in_hand: bool,
}

/// What the text says of units.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handling {
    /// One a system, in order of system.
    pub(crate) handlers: Vec<Handler>,
    /// Systems whose body said that it is not its matter.
    pub(crate) denied: Vec<SystemCode>,
    /// What the text accuses people in office of, if it does.
    pub(crate) charge: Option<Charge>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    InHand,
    Told,
    Denied,
    Mentioned,
}

impl HandlingIndex {
    pub(crate) fn new(catalogue: &Catalogue) -> HandlingIndex {
        let units = catalogue
            .units()
            .filter(|unit| !unit.collective)
            .flat_map(|unit| unit.names())
            .filter(|name| name.chars().count() >= 3)
            .map(|name| (name.to_owned(), Named::Unit));
        let bodies = catalogue.systems().flat_map(|system| {
            system
                .bodies
                .iter()
                .filter(|body| body.chars().count() >= 2)
                .map(|body| (body.clone(), Named::Body(system.code.clone())))
        });
        let known = |(system, word): (SystemCode, String)| catalogue.system(&system).map(|_| (system, word));
        let short = pairs("bodies").filter_map(known).map(|(system, word)| (word, Named::Body(system)));
        let marked = pairs("stems").filter_map(known).flat_map(|(system, stem)| {
            ['省', '市', '县', '区'].map(|mark| (format!("{mark}{stem}"), Named::Marked(system.clone())))
        });
        let counties: Vec<&Place> = catalogue.places().filter(|place| is_county(place)).collect();
        let of_counties = pairs("stems").filter_map(known).flat_map(|(system, stem)| {
            let named = move |place: &&Place| {
                let parent = place.parent.as_ref().and_then(|parent| catalogue.place(parent));
                let word = format!("{}{stem}", place.stem(parent));
                let of = Named::Of(system.clone(), place.code.clone());
                [(format!("{word}局"), of.clone()), (word, of)]
            };
            counties.iter().flat_map(named).collect::<Vec<_>>()
        });
        let signs = accused::signs().map(|(word, sign)| (word, Named::Sign(sign)));
        HandlingIndex {
            lexicon: Lexicon::new(units.chain(bodies).chain(short).chain(marked).chain(of_counties).chain(signs)),
        }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// Reads title and text; `place` is where the matter plays, `leaning` what a trained model adds to the points of an
    /// accusation.
    pub(crate) fn read(
        &self,
        catalogue: &Catalogue,
        script: &Script,
        place: Option<&PlaceCode>,
        on: Date,
        leaning: Option<f64>,
    ) -> Handling {
        let mut handling = Handling::default();
        let mut best: BTreeMap<SystemCode, Handler> = BTreeMap::new();
        let mut hearing = accused::Hearing::default();
        for found in self.lexicon.read(script, Column::Handling) {
            let sign = sign(&found);
            if let Some(sign) = &sign {
                hearing.hear(script, sign, found.start, found.end);
            }
            if found.values.iter().all(|named| matches!(named, Named::Sign(_))) {
                continue;
            }
            let before = script.clause_before(found.start, WINDOW_CHARS);
            let after = script.clause_after(found.end, WINDOW_CHARS);
            let charged = script.in_title(found.start) && after.is_empty() && LISTS.holds("charged_before", before);
            let standing = standing(before, after);
            if standing == Standing::Mentioned && !charged {
                continue;
            }
            let name = script.whole().get(found.start..found.end).unwrap_or("");
            let Some((system, unit)) = identify(catalogue, name, found.values, before, place, on) else { continue };
            if charged {
                hearing.charged(system.clone());
            }
            let weight = match standing {
                Standing::InHand => HANDLING_WEIGHT,
                Standing::Told => TOLD_WEIGHT,
                Standing::Denied => {
                    if !handling.denied.contains(&system) {
                        handling.denied.push(system);
                    }
                    continue;
                }
                Standing::Mentioned => continue,
            };
            let hit = TermHit { text: name.to_owned(), weight, start: found.start };
            keep(&mut best, Handler { system, unit, hit, in_hand: standing == Standing::InHand });
        }
        handling.handlers = best.into_values().filter(|handler| !handling.denied.contains(&handler.system)).collect();
        handling.charge = hearing.charge(script, leaning);
        handling
    }
}

/// What a hit says of people in office; the name of a body is one of them.
fn sign(found: &Found<'_, Named>) -> Option<Sign> {
    let own = found.values.iter().find_map(|named| match named {
        Named::Sign(sign) => Some(sign.clone()),
        _ => None,
    });
    own.or_else(|| {
        found.values.iter().find_map(|named| match named {
            Named::Body(system) | Named::Marked(system) | Named::Of(system, _) => Some(Sign::Body(system.clone())),
            _ => None,
        })
    })
}

/// Keeps the weightiest of a system, and of equal ones the first that tells its unit.
fn keep(best: &mut BTreeMap<SystemCode, Handler>, handler: Handler) {
    let weight = handler.hit.weight;
    let better = best.get(&handler.system).is_none_or(|known| {
        known.hit.weight < weight || (known.unit.is_none() && handler.unit.is_some() && known.hit.weight <= weight)
    });
    if better {
        best.insert(handler.system.clone(), handler);
    }
}

/// Pairs of a system and a word, written `system:word`.
fn pairs(list: &str) -> impl Iterator<Item = (SystemCode, String)> {
    LISTS
        .get(list)
        .iter()
        .filter_map(|pair| pair.split_once(':'))
        .map(|(of, word)| (SystemCode::new(of), word.to_owned()))
}

fn standing(before: &str, after: &str) -> Standing {
    if LISTS.ends("pushed_before", before) {
        return Standing::Mentioned; // another one said so
    }
    let told = (before.contains('向') || before.contains('跟') || before.contains('到') || before.contains('去'))
        && LISTS.holds("told_after", after);
    if LISTS.holds("denied_after", after) {
        Standing::Denied
    } else if (LISTS.holds("in_hand", after) || LISTS.holds("answered", after) || LISTS.holds("handed_to", before))
        && !LISTS.holds("wished", before)
        && !LISTS.holds("not_done", after)
    {
        Standing::InHand
    } else if told || LISTS.holds("told_before", before) {
        Standing::Told
    } else {
        Standing::Mentioned
    }
}

fn is_county(place: &Place) -> bool {
    place.level == Level::County && place.successor.is_none()
}

/// The system of a name, and the unit where the name or what stands before it tells whose it is.
fn identify(
    catalogue: &Catalogue,
    name: &str,
    values: &[Named],
    before: &str,
    place: Option<&PlaceCode>,
    on: Date,
) -> Option<(SystemCode, Option<Unit>)> {
    let near =
        |of: &PlaceCode| place.is_none_or(|place| catalogue.contains(of, place) || catalogue.contains(place, of));
    if values.iter().any(|named| matches!(named, Named::Unit))
        && let Some(unit) = catalogue.resolve_unit(name, place, on).first()
        && let Some(system) = unit.systems.first()
        && near(&unit.place)
    {
        return Some((system.clone(), Some((*unit).clone())));
    }
    let of = values.iter().find_map(|named| match named {
        Named::Of(system, of) if near(of) => Some((system, of)),
        _ => None,
    });
    if let Some((system, of)) = of {
        return Some((system.clone(), catalogue.unit_at(system, of, on).map(Cow::into_owned)));
    }
    let (system, mark) = values.iter().find_map(|named| match named {
        Named::Body(system) => Some((system.clone(), before.chars().next_back())),
        Named::Marked(system) => Some((system.clone(), name.chars().next())),
        Named::Unit | Named::Of(..) | Named::Sign(_) => None,
    })?;
    let marked = values.iter().any(|named| matches!(named, Named::Marked(_)));
    let whole = if marked { Cow::Owned(before.chars().chain(mark).collect()) } else { Cow::Borrowed(before) };
    let of = named_place(catalogue, &whole, place).or_else(|| marked_place(catalogue, mark?, place?));
    let unit = of.and_then(|of| catalogue.unit_at(&system, &of.code, on)).map(Cow::into_owned);
    Some((system, unit))
}

/// The place whose name stands right before a body's: 乐平市|住建局 is Leping's, not the city's above it.
fn named_place<'c>(catalogue: &'c Catalogue, before: &str, place: Option<&PlaceCode>) -> Option<&'c Place> {
    let starts: Vec<usize> = before.char_indices().rev().take(PLACE_CHARS_MAX).map(|(start, _)| start).collect();
    let names = starts.into_iter().skip(1).rev().filter_map(|start| before.get(start..));
    let near = |found: &&Place| {
        place.is_none_or(|place| catalogue.contains(&found.code, place) || catalogue.contains(place, &found.code))
    };
    names.flat_map(|name| catalogue.places_named(name)).find(near)
}

/// The place that a mark means near another: 市 is the city itself where the place lies in a county-level one.
fn marked_place<'c>(catalogue: &'c Catalogue, mark: char, place: &PlaceCode) -> Option<&'c Place> {
    catalogue.ancestors(place).into_iter().find(|above| match mark {
        '省' => above.level == Level::Province,
        '市' => matches!(above.level, Level::Prefecture | Level::County) && above.name.ends_with('市'),
        '县' | '区' => above.level == Level::County,
        _ => false,
    })
}
