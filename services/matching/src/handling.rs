//! Units the text names as already handling the matter (谁处置谁回应), and units it complains about.

use std::borrow::Cow;
use std::collections::BTreeMap;

use huiyin_catalogue::{Catalogue, Unit};
use huiyin_domain::{Level, PlaceCode, SystemCode, TermHit};
use jiff::civil::Date;

use crate::lexicon::{Column, Lexicon};
use crate::script::Script;

/// How far around a body's name the words about it may stand, in characters of the same clause.
const WINDOW_CHARS: usize = 12;
/// The unit has the matter in hand: it decides against everything but a subject that is very clear.
const HANDLING_WEIGHT: f64 = 5.0;
/// It was told; it may have been the wrong one. Letters whose reply shows who answered come out the same with 0.0.
const TOLD_WEIGHT: f64 = 2.0;

/// Before a name: the writer went to it.
const TOLD_BEFORE: [&str; 10] =
    ["反映到", "投诉到", "上报", "举报到", "咨询了", "联系了", "找过", "打电话给", "致电", "反馈给"];
/// Around a name: 向…反映 needs both.
const TOLD_AFTER: [&str; 9] = ["反映", "投诉", "举报", "求助", "咨询", "报告", "申诉", "反馈", "上访"];
/// After a name: it has the matter in hand.
const HANDLING_AFTER: [&str; 19] = [
    "已受理",
    "已立案",
    "立案侦查",
    "已经立案",
    "已介入",
    "正在处理",
    "正在调查",
    "正在核实",
    "已派人",
    "已牵头",
    "正在牵头",
    "负责处理",
    "已经受理",
    "受理了",
    "已回复",
    "回复称",
    "答复称",
    "承诺",
    "已责成",
];
/// Around a name: it is asked to, or did not. 请城管局负责处理, 至今未受理.
const WISHED: [&str; 12] =
    ["请", "希望", "盼望", "望市", "望县", "建议", "要求", "能否", "应该", "应当", "恳求", "什么时候"];
const NOT_DONE: [&str; 6] = ["没有", "至今未", "尚未", "不予", "从未", "拒不"];
/// Before a name: 经城管局处理, 已转交住建局.
const HANDLING_BEFORE: [&str; 7] = ["转交", "移交", "转办", "交由", "转到", "转至", "经由"];
/// After a name: it says that the matter is not its own.
const DENIED_AFTER: [&str; 14] = [
    "不归",
    "不属于",
    "不管",
    "管不了",
    "不是他们",
    "不是我们",
    "无权",
    "没有权",
    "不负责",
    "推给",
    "推到",
    "让我们找",
    "让找",
    "踢皮球",
];
/// The writer complains about the unit or its people.
const ACCUSED_AFTER: [&str; 18] = [
    "不作为",
    "乱作为",
    "慢作为",
    "渎职",
    "失职",
    "推诿",
    "态度恶劣",
    "态度差",
    "态度极差",
    "官僚",
    "包庇",
    "滥用职权",
    "贪污",
    "受贿",
    "吃拿卡要",
    "乱收费",
    "踢皮球",
    "暴力执法",
];
const ACCUSED_BEFORE: [&str; 4] = ["投诉", "举报", "控告", "质疑"];

/// Finds names of units and bodies; built once for a catalogue.
pub(crate) struct HandlingIndex {
    lexicon: Lexicon<Named>,
}

#[derive(Clone, Debug)]
enum Named {
    /// A unit's own name or alias.
    Unit,
    /// What bodies of a system are called.
    Body(SystemCode),
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
    /// Systems whose body the text complains about.
    pub(crate) accused: Vec<SystemCode>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
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
        HandlingIndex { lexicon: Lexicon::new(units.chain(bodies)) }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.lexicon.all()
    }

    /// Reads title and text; `place` is where the matter plays.
    pub(crate) fn read(&self, catalogue: &Catalogue, script: &Script, place: Option<&PlaceCode>, on: Date) -> Handling {
        let mut handling = Handling::default();
        let mut best: BTreeMap<SystemCode, Handler> = BTreeMap::new();
        for found in self.lexicon.read(script, Column::Handling) {
            let before = script.clause_before(found.start, WINDOW_CHARS);
            let after = script.clause_after(found.end, WINDOW_CHARS);
            let standing = standing(before, after);
            let accused = accused(before, after, script.in_title(found.start));
            if standing == Standing::Mentioned && !accused {
                continue;
            }
            let name = script.whole().get(found.start..found.end).unwrap_or("");
            let Some((system, unit)) = identify(catalogue, name, found.values, before, place, on) else { continue };
            if accused && !handling.accused.contains(&system) {
                handling.accused.push(system.clone());
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
            let handler = Handler {
                system: system.clone(),
                unit,
                hit: TermHit { text: name.to_owned(), weight, start: found.start },
                in_hand: standing == Standing::InHand,
            };
            let known = best.get(&system);
            if known.is_none_or(|known| {
                known.hit.weight < weight
                    || (known.unit.is_none() && handler.unit.is_some() && known.hit.weight <= weight)
            }) {
                best.insert(system, handler);
            }
        }
        handling.handlers = best.into_values().filter(|handler| !handling.denied.contains(&handler.system)).collect();
        handling
    }
}

fn standing(before: &str, after: &str) -> Standing {
    let follows = |words: &[&str]| words.iter().any(|word| after.contains(word));
    let precedes = |words: &[&str]| words.iter().any(|word| before.contains(word));
    let told = (before.contains('向') || before.contains('跟') || before.contains('到') || before.contains('去'))
        && follows(&TOLD_AFTER);
    if follows(&DENIED_AFTER) {
        Standing::Denied
    } else if (follows(&HANDLING_AFTER) || precedes(&HANDLING_BEFORE)) && !precedes(&WISHED) && !follows(&NOT_DONE) {
        Standing::InHand
    } else if told || precedes(&TOLD_BEFORE) {
        Standing::Told
    } else {
        Standing::Mentioned
    }
}

fn accused(before: &str, after: &str, in_title: bool) -> bool {
    let charged = ACCUSED_AFTER.iter().any(|word| after.contains(word));
    charged || (in_title && ACCUSED_BEFORE.iter().any(|word| before.contains(word)) && after.is_empty())
}

/// The system of a name, and the unit where the name or what stands before it tells the level.
fn identify(
    catalogue: &Catalogue,
    name: &str,
    values: &[Named],
    before: &str,
    place: Option<&PlaceCode>,
    on: Date,
) -> Option<(SystemCode, Option<Unit>)> {
    if values.iter().any(|named| matches!(named, Named::Unit))
        && let Some(unit) = catalogue.resolve_unit(name, place, on).first()
        && let Some(system) = unit.systems.first()
        && place.is_none_or(|place| catalogue.contains(&unit.place, place) || catalogue.contains(place, &unit.place))
    {
        return Some((system.clone(), Some((*unit).clone())));
    }
    let system = values.iter().find_map(|named| match named {
        Named::Body(system) => Some(system.clone()),
        Named::Unit => None,
    })?;
    let level = match before.chars().next_back() {
        Some('省') => Some(Level::Province),
        Some('市') => Some(Level::Prefecture),
        Some('县' | '区') => Some(Level::County),
        _ => None,
    };
    let unit = level.and_then(|level| {
        let above = catalogue.ancestors(place?).into_iter().find(|above| above.level == level)?;
        catalogue.unit_at(&system, &above.code, on).map(Cow::into_owned)
    });
    Some((system, unit))
}
