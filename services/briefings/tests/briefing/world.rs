//! An invented region and its matters, made from a seed.

use std::collections::BTreeMap;

use huiyin_briefings::Month;
use huiyin_catalogue::Catalogue;
use huiyin_domain::matter::{
    Assignment, AssignmentState, Channel, Commitment, Decision, Entry, Event, Matter, Part, Response, ResponseKind,
    State,
};
use huiyin_domain::{
    Actor, BEIJING, CatalogueVersionId, Deadline, DeadlineKind, Grade, MatterNo, PlaceCode, PostRef, SystemCode, UnitId,
};
use huiyin_store::{Store, testing};
use jiff::{SignedDuration, Timestamp};

const CATALOGUE: [(&str, &str); 7] = [
    (
        "catalogue.toml",
        "name = \"霁川省职责目录\"\nversion = \"jichuan-1\"\neffective_from = \"2026-01-01\"\nregion = \"990000\"\n\n\
         [systems]\nduty_office = \"政府办\"\nstreet = \"乡镇街道\"\nzone = \"园区管委会\"\n",
    ),
    (
        "places.csv",
        "code,name,short,level,parent,aliases,effective_from,effective_to\n990000,霁川省,霁川,province,,,,\n\
         990100,棠溪市,棠溪,prefecture,990000,,,\n990101,柏桥区,柏桥,county,990100,,,\n\
         990200,云麓市,云麓,prefecture,990000,,,\n",
    ),
    (
        "systems.csv",
        "code,name,vertical,province_pattern,prefecture_pattern,county_pattern,bodies,parent\n\
         政府办,政府办,no,{place}政府办公厅,{place}政府办公室,{place}政府办公室,政府办,\n\
         乡镇街道,乡镇街道,no,,,,街道办,\n园区管委会,园区管委会,no,,,,管委会,\n\
         城管,城市管理,no,{place}住房和城乡建设厅,{place}城市管理局,{place}城市管理局,城管局,\n\
         住建,住房建设,no,{place}住房和城乡建设厅,{place}住房和城乡建设局,{place}住房和城乡建设局,住建局,\n",
    ),
    (
        "units.csv",
        "id,name,aliases,systems,place,level,parent,effective_from,effective_to,successor,documents,collective\n\
         990100-城管,棠溪市城市管理局,市城管局,城管,990100,,,,,,tx2026,\n\
         990100-住建,棠溪市住房和城乡建设局,市住建局,住建,990100,,,,,,tx2026,\n",
    ),
    (
        "documents.csv",
        "key,title,doc_number,issuer,issued,place,effective_from,effective_to,source\n\
         tx2026,棠溪市2026年工作分工,棠府字〔2026〕1号,棠溪市政府办公室,2026-01-05,990100,,,棠溪市政府网\n",
    ),
    (
        "clauses.csv",
        "document,clause,summary,systems,lead,responsible,deadline,effective_from,effective_to\n\
         tx2026,一,路灯维护,城管,990100-城管,,年底前,,\n",
    ),
    ("terms.csv", "term,system,weight,note\n路灯,城管,5.0,\n物业,住建,4.5,\n"),
];
pub(crate) const UNITS: [&str; 3] = ["990100-城管", "990100-住建", "990101-城管"];
pub(crate) const PLACES: [&str; 5] = ["990000", "990100", "990101", "990200", ""];
pub(crate) const SYSTEMS: [&str; 3] = ["城管", "住建", ""];
pub(crate) const SOURCES: [&str; 3] = ["市长信箱", "12345热线", "问政<论坛>&"];
/// Printed by a failing assertion through the figure's name; change it to try other matters.
pub(crate) const SEED: u64 = 20_261_122;

/// Numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most
    }

    fn of<'v, T>(&mut self, all: &'v [T]) -> &'v T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    fn hours(&mut self, most: u64) -> SignedDuration {
        SignedDuration::from_hours(self.below(most).cast_signed())
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().unwrap()
}

pub(crate) fn november() -> Month {
    "2026-11".parse().unwrap()
}

fn opened(dice: &mut Dice, number: u64) -> Matter {
    let from: Timestamp = "2026-09-28T00:00:00Z".parse().unwrap();
    let received_at = from.saturating_add(dice.hours(24 * 55)).unwrap();
    let place = *dice.of(&PLACES);
    let sure = dice.below(4) > 0;
    let unit = *dice.of(&UNITS);
    let entry = Entry {
        matter: MatterNo::new(format!("20261101-{number:05}")),
        version: 1,
        at: received_at,
        actor: Actor::machine(),
        event: Event::Opened {
            post: PostRef { source: (*dice.of(&SOURCES)).into(), id: number.to_string() },
            received_at,
            published_at: None,
            backfill: dice.below(6) == 0,
            danger: dice.below(12) == 0,
            possible: false,
            place: Some(place).filter(|code| !code.is_empty()).map(PlaceCode::new),
            place_name: Some("霁川省棠溪市".into()).filter(|_: &String| !place.is_empty()),
            system: Some(*dice.of(&SYSTEMS)).filter(|code| !code.is_empty()).map(SystemCode::new),
            decision: if sure { Decision::Unit } else { Decision::Abstain },
            unit: sure.then(|| UnitId::new(unit)),
            unit_name: sure.then(|| "某单位".into()),
            assist: Vec::new(),
            grade: *dice.of(&Grade::ALL),
            catalogue: CatalogueVersionId::new("jichuan-1"),
            model: "rules-1".into(),
            follows: None,
            beside: None,
            deadlines: Vec::new(),
        },
        content: None,
    };
    let mut matter = Matter::open(&entry).unwrap();
    matter.title = Some(format!("第{number}号路灯不亮<b>&\u{1}"));
    matter.posts = 1 + u32::try_from(dice.below(3)).unwrap();
    matter
}

fn deadline(dice: &mut Dice, kind: DeadlineKind, assignment: Option<u32>, started: Timestamp) -> Deadline {
    let due = started.saturating_add(SignedDuration::from_hours(48)).unwrap();
    let met_at = (dice.below(3) > 0).then(|| started.saturating_add(dice.hours(96)).unwrap());
    Deadline { kind, assignment, started, due, basis: String::new(), provisional: false, met_at, passed: false }
}

fn worked(dice: &mut Dice, number: u64) -> Matter {
    let mut matter = opened(dice, number);
    let at = matter.received_at;
    matter.state = *dice.of(&State::ALL);
    if !matter.backfill {
        matter.deadlines.push(deadline(dice, DeadlineKind::Response, None, at));
        if dice.below(8) == 0 {
            let again = at.saturating_add(SignedDuration::from_hours(100)).unwrap();
            matter.deadlines.push(deadline(dice, DeadlineKind::Response, None, again));
        }
    }
    for number in 1..=u32::try_from(dice.below(4)).unwrap() {
        let states = [AssignmentState::Accepted, AssignmentState::Overridden, AssignmentState::Rejected];
        let leads = !matter.assignments.iter().any(|one| one.part == Part::Lead && one.state.is_live());
        let sign = deadline(dice, DeadlineKind::Sign, Some(number), at);
        matter.assignments.push(Assignment {
            number,
            unit: UnitId::new(*dice.of(&UNITS)),
            unit_name: "某单位".into(),
            part: if leads { Part::Lead } else { Part::Assist },
            state: *dice.of(&states),
            assigned_at: at,
            answered_at: sign.met_at,
            reason: None,
            instruction: None,
            withdrawn: false,
        });
        matter.deadlines.push(sign);
    }
    if dice.below(3) == 0 {
        matter.responses.push(Response {
            number: 1,
            assignment: None,
            unit: None,
            kind: ResponseKind::Final,
            channel: Channel::Website,
            link: None,
            text: Some("已修好".into()),
            at,
        });
    }
    for number in 1..=u32::try_from(dice.below(3)).unwrap() {
        matter.commitments.push(Commitment {
            number,
            owner: UnitId::new(UNITS[0]),
            due: BEIJING.to_datetime(at.saturating_add(dice.hours(24 * 40)).unwrap()).date(),
            published: true,
            text: Some("月底前换灯".into()),
            at: at.saturating_add(dice.hours(50)).unwrap(),
            promised_by: "某人".into(),
            kept: *dice.of(&[None, Some(true), Some(false)]),
            verified_at: None,
        });
    }
    matter
}

pub(crate) struct World {
    _directory: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) catalogue: Catalogue,
    pub(crate) matters: Vec<Matter>,
}

pub(crate) async fn world(count: u64) -> World {
    let directory = tempfile::tempdir().unwrap();
    let store = testing::fresh(directory.path()).await.unwrap();
    let mut dice = Dice(SEED);
    let matters: Vec<Matter> = (0..count).map(|number| worked(&mut dice, number)).collect();
    let mut tx = store.begin().await.unwrap();
    tx.insert_matters(&matters.iter().collect::<Vec<_>>()).await.unwrap();
    let members: Vec<_> = matters.iter().map(|one| (one.first_post.clone(), one.no.clone())).collect();
    tx.insert_members(&members).await.unwrap();
    tx.commit().await.unwrap();
    let files: BTreeMap<_, _> =
        CATALOGUE.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    let catalogue = Catalogue::from_files(&files).unwrap();
    World { _directory: directory, store, catalogue, matters }
}
