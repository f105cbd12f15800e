//! Figures against a count by hand over generated matters, on SQLite, or PostgreSQL with `HUIYIN_TEST_POSTGRES` set; and
//! what the files made of them hold.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test ends it")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use huiyin_briefings::{
    Briefing, BriefingError, BriefingOptions, Format, Month, MonthFigures, Recipients, month_figures, month_matters,
};
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
const UNITS: [&str; 3] = ["990100-城管", "990100-住建", "990101-城管"];
const PLACES: [&str; 5] = ["990000", "990100", "990101", "990200", ""];
const SYSTEMS: [&str; 3] = ["城管", "住建", ""];
const SOURCES: [&str; 3] = ["市长信箱", "12345热线", "问政<论坛>&"];
/// Printed by a failing assertion through the figure's name; change it to try other matters.
const SEED: u64 = 20_261_122;

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

fn now() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().unwrap()
}

fn november() -> Month {
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

struct World {
    _directory: tempfile::TempDir,
    store: Store,
    catalogue: Catalogue,
    matters: Vec<Matter>,
}

async fn world(count: u64) -> World {
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

/// How the response stands, told from the matter itself.
fn response(matter: &Matter) -> &'static str {
    standing(matter.deadlines.iter().filter(|one| one.kind == DeadlineKind::Response).collect())
}

fn standing(deadlines: Vec<&Deadline>) -> &'static str {
    let unmet: Vec<_> = deadlines.iter().filter(|one| one.met_at.is_none()).collect();
    if deadlines.is_empty() {
        "none"
    } else if unmet.iter().any(|one| one.due < now()) {
        "overdue"
    } else if !unmet.is_empty() {
        "waiting"
    } else if deadlines.iter().any(|one| one.met_at.unwrap() > one.due) {
        "late"
    } else {
        "in_time"
    }
}

#[tokio::test]
async fn figures_equal_a_count_by_hand() {
    let world = world(600).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    let of = |month: Month| -> Vec<&Matter> {
        let kept = world.matters.iter().filter(|one| one.state != State::Merged);
        kept.filter(|one| month.from() <= one.received_at && one.received_at < month.to()).collect()
    };
    let (this, before) = (of(november()), of(november().before()));
    assert!(this.len() > 100 && before.len() > 100, "enough to count");
    let check = |key: &str, fits: &dyn Fn(&Matter) -> bool| {
        let figure = figures.figure(key).unwrap();
        let count = |all: &[&Matter]| all.iter().filter(|one| fits(one)).count() as u64;
        assert_eq!((figure.value, figure.before), (count(&this), count(&before)), "{key}, seed {SEED}");
        assert_eq!(figure.change, figure.value.cast_signed() - figure.before.cast_signed());
    };
    let lead = |matter: &Matter| matter.lead().map(|lead| lead.unit.clone());
    check("opened", &|_| true);
    check("backfill", &|one| one.backfill);
    check("danger", &|one| one.danger);
    check("abstained", &|one| one.suggestion.decision == Decision::Abstain);
    check("confirmed", &|one| lead(one).is_some() && lead(one) == one.suggestion.unit);
    check("changed", &|one| {
        one.suggestion.decision == Decision::Unit && lead(one).is_some() && lead(one) != one.suggestion.unit
    });
    for (key, word) in [("in_time", "in_time"), ("late", "late"), ("unanswered", "overdue"), ("waiting", "waiting")] {
        check(key, &|one| response(one) == word);
    }
    check("overdue", &|one| one.deadlines.iter().any(|one| one.met_at.is_none() && one.due < now()));
    let posts: u64 = this.iter().map(|one| u64::from(one.posts)).sum();
    assert_eq!(figures.figure("posts").unwrap().value, posts);
    check_promises(&world, &figures);
    check_shares(&this, &before, &figures);
    check_units(&this, &figures);
    let daily: u64 = figures.daily.iter().map(|day| day.opened).sum();
    assert_eq!((daily, figures.daily.len()), (this.len() as u64, 22), "days up to today");
    let in_time = this.iter().filter(|one| response(one) == "in_time").count() as f64;
    assert!((figures.in_time.value.unwrap() - in_time / figures.in_time.due as f64).abs() < 1e-9);
}

fn check_promises(world: &World, figures: &MonthFigures) {
    let today = BEIJING.to_datetime(now()).date();
    let month = november();
    let kept = world.matters.iter().filter(|one| one.state != State::Merged);
    let all: Vec<&Commitment> = kept.flat_map(|one| &one.commitments).collect();
    let due = |one: &Commitment| month.first_day() <= one.due && one.due < month.after().first_day();
    let check = |key: &str, fits: &dyn Fn(&Commitment) -> bool| {
        let expected = all.iter().filter(|one| fits(one)).count() as u64;
        assert_eq!(figures.figure(key).unwrap().value, expected, "{key}, seed {SEED}");
    };
    check("promises_made", &|one| month.from() <= one.at && one.at < month.to());
    check("promises_due", &due);
    check("promises_kept", &|one| due(one) && one.kept == Some(true));
    check("promises_broken", &|one| due(one) && one.kept == Some(false));
    check("promises_overdue", &|one| due(one) && one.kept.is_none() && one.due < today);
    check("promises_open", &|one| due(one) && one.kept.is_none() && one.due >= today);
    let told: BTreeSet<_> = figures.commitments.iter().map(|one| (&one.matter, one.number)).collect();
    assert_eq!(told.len(), figures.commitments.len(), "each promise is told once");
}

/// By what a matter is counted.
type Key<'k> = &'k dyn Fn(&Matter) -> String;

fn check_shares(this: &[&Matter], before: &[&Matter], figures: &MonthFigures) {
    let text = |code: Option<&str>| code.unwrap_or_default().to_owned();
    let place = |one: &Matter| match one.place.as_ref().map(PlaceCode::as_str) {
        Some("990101") => "990100".to_owned(),
        other => text(other),
    };
    let keys: [(&str, Key<'_>, &[huiyin_briefings::Share]); 5] = [
        ("state", &|one| one.state.as_str().into(), &figures.states),
        ("grade", &|one| one.grade_in_force().as_str().into(), &figures.grades),
        ("system", &|one| text(one.system.as_ref().map(SystemCode::as_str)), &figures.systems),
        ("place", &place, &figures.places),
        ("source", &|one| one.first_post.source.clone(), &figures.sources),
    ];
    for (name, key, shares) in keys {
        let count = |all: &[&Matter], code: &str| all.iter().filter(|one| key(one) == code).count() as u64;
        for share in shares {
            let expected = (count(this, &share.code), count(before, &share.code));
            assert_eq!((share.matters, share.before), expected, "{name} {}, seed {SEED}", share.code);
            assert!(!share.name.is_empty());
        }
        assert_eq!(shares.iter().map(|share| share.matters).sum::<u64>(), this.len() as u64, "{name} adds up");
    }
}

fn check_units(this: &[&Matter], figures: &MonthFigures) {
    assert_eq!(figures.units.len(), UNITS.len());
    for unit in &figures.units {
        let led: Vec<_> =
            this.iter().filter(|one| one.lead().is_some_and(|lead| lead.unit.as_str() == unit.unit)).collect();
        let count = |word: &str| led.iter().filter(|one| response(one) == word).count() as u64;
        assert_eq!(unit.assigned, led.len() as u64, "{}", unit.unit);
        let counts = (unit.in_time, unit.late, unit.overdue, unit.waiting);
        assert_eq!(counts, (count("in_time"), count("late"), count("overdue"), count("waiting")), "{}", unit.unit);
        assert_eq!(unit.answered, unit.in_time + unit.late);
        let signed = led.iter().filter(|one| {
            let number = one.lead().unwrap().number;
            let sign = one.deadlines.iter().filter(|one| one.kind == DeadlineKind::Sign);
            standing(sign.filter(|one| one.assignment == Some(number)).collect()) == "in_time"
        });
        assert_eq!(unit.accepted_in_time, signed.count() as u64, "{}", unit.unit);
    }
}

fn briefing(figures: MonthFigures) -> Briefing {
    let options = BriefingOptions {
        office: "霁川省人民政府办公厅".into(),
        issue_number: 11,
        date: "2026-11-22".parse().unwrap(),
        recipients: Recipients::default(),
        console: Some("http://10.0.0.5:8460/".into()),
    };
    Briefing::new(figures, options)
}

fn parts(docx: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut part = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// Panics unless every element that opens closes, in order.
fn assert_well_formed(text: &str, what: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, next) = after.split_once('>').unwrap_or_else(|| panic!("{what}: a tag does not end"));
        rest = next;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        assert!(!tag.contains('<'), "{what}: <{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.trim()), "{what}: </{name}>");
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap_or_default());
        }
    }
    assert!(open.is_empty(), "{what}: left open {open:?}");
    assert!(!text.contains('\u{1}'), "{what}: a character XML does not allow");
}

#[tokio::test]
async fn the_document_has_the_page_the_styles_and_every_figure() {
    let world = world(200).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    let docx = briefing(figures.clone()).write(Format::Docx, &[]).unwrap();
    assert_eq!(docx, briefing(figures.clone()).write(Format::Docx, &[]).unwrap(), "the same figures, the same bytes");
    let parts = parts(&docx);
    let text = |name: &str| String::from_utf8(parts.get(name).unwrap_or_else(|| panic!("{name}")).clone()).unwrap();
    for (name, bytes) in &parts {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            assert_well_formed(std::str::from_utf8(bytes).unwrap(), name);
        }
    }
    let document = text("word/document.xml");
    for piece in [
        // A4; 37 and 28 mm; what is left of 210 × 297 mm by a type area of 156 × 225 mm; 22 lines on 225 mm.
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>",
        "w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\"",
        "w:linePitch=\"579\"",
        "<w:pStyle w:val=\"Heading1\"/>",
        "<w:pStyle w:val=\"Heading2\"/>",
        "<w:tblHeader/>",
        "<w:cantSplit/>",
        "w:color=\"FF0000\"",
        "月度舆情共享通报",
        "第11期",
        "霁川省人民政府办公厅",
        "2026年11月22日印发",
        "一、总体情况",
        "二、舆情特点",
        "三、重点舆情及回应情况",
        "四、各单位回应时限落实情况",
        "五、承诺事项",
        "六、统计口径说明",
    ] {
        assert!(document.contains(piece), "{piece}");
    }
    let styles = text("word/styles.xml");
    for piece in [
        "heading 1",
        "heading 2",
        "heading 3",
        "w:eastAsia=\"仿宋_GB2312\"",
        "w:eastAsia=\"黑体\"",
        "w:eastAsia=\"楷体_GB2312\"",
        "w:eastAsia=\"方正小标宋简体\"",
    ] {
        assert!(styles.contains(piece), "{piece}");
    }
    assert!(text("word/settings.xml").contains("evenAndOddHeaders"));
    assert!(
        text("word/footer1.xml").contains("w:val=\"right\"") && text("word/footer2.xml").contains("w:val=\"left\"")
    );
    let descriptions = document.matches("descr=\"").count();
    assert_eq!((parts.keys().filter(|name| name.starts_with("word/charts/chart")).count(), descriptions), (4, 4));
    for number in 1..=4 {
        let data = parts[&format!("word/embeddings/chart{number}.xlsx")].clone();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(data)).unwrap();
        assert!(book.worksheet_range("Sheet1").unwrap().height() > 1);
    }
    let links = text("word/_rels/document.xml.rels");
    for figure in figures.figures.iter().filter(|figure| figure.value > 0) {
        // Two are told only as what they are part of.
        if ["overdue", "opened"].contains(&figure.key.as_str()) {
            continue;
        }
        let address = format!("http://10.0.0.5:8460{}", figure.query).replace('&', "&amp;");
        assert!(
            links.contains(&address) && document.contains(&format!("{}{}", figure.value, figure.unit)),
            "{}",
            figure.key
        );
    }
}

#[tokio::test]
async fn the_page_stands_alone_and_links_each_figure() {
    let world = world(200).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    let page = String::from_utf8(briefing(figures.clone()).write(Format::Html, &[]).unwrap()).unwrap();
    assert_well_formed(&page, "page");
    assert_eq!(page.matches("<svg ").count(), 4);
    for outside in ["<script", "<link", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains(&format!(
        "href=\"http://10.0.0.5:8460{}\"",
        figures.figure("posts").unwrap().query.replace('&', "&amp;")
    )));
    assert!(!page.contains("某人"), "nobody is named");
}

#[tokio::test]
async fn the_annex_reads_back_as_the_figures() {
    let world = world(200).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    let matters = month_matters(&world.store, november()).await.unwrap();
    let opened = figures.figure("opened").unwrap().value;
    assert_eq!(matters.len() as u64, opened);
    let file = briefing(figures.clone()).write(Format::Xlsx, &matters).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let names = ["总体", "分日", "分领域", "分属地", "分来源", "单位时限", "事项清单", "承诺", "台账", "说明"];
    assert_eq!(book.sheet_names(), names);
    let rows = |book: &mut Xlsx<_>, name: &str| -> Vec<Vec<Data>> {
        book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
    };
    let whole = rows(&mut book, "总体");
    for figure in &figures.figures {
        let row = whole.iter().find(|row| row[0] == Data::String(figure.label.clone())).unwrap();
        let number = |value: &Data| match value {
            Data::Float(number) => *number,
            other => panic!("{}: {other:?}", figure.label),
        };
        assert_eq!((number(&row[1]), number(&row[2])), (figure.value as f64, figure.before as f64), "{}", figure.label);
    }
    assert_eq!(rows(&mut book, "分日").len(), figures.daily.len() + 1);
    assert_eq!(rows(&mut book, "单位时限").len(), figures.units.len() + 1);
    assert_eq!(rows(&mut book, "事项清单").len() as u64, opened + 1);
    let ledger = rows(&mut book, "台账");
    let heads: Vec<String> = ledger[0].iter().map(ToString::to_string).collect();
    assert_eq!(
        heads.join(" "),
        "序号 编号 来源 平台 发现时间 发布时间 内容摘要 属地 等级 第一责任单位 协同单位 交办时间 签收时间 回应时限 核查情况 \
         回应时间 回应渠道 回应内容 回应链接 承诺事项 承诺时限 承诺落实 落实公开 后续举措 督办 延期 办结时间 办结方式 回访 \
         是否超时 归档 领域 网帖数 状态"
    );
    assert_eq!(ledger.len() as u64, opened + 1);
    assert_eq!(rows(&mut book, "承诺").len(), figures.commitments.len() + 1);
}

#[tokio::test]
async fn an_empty_month_reads_sensibly_and_a_coming_one_is_refused() {
    let world = world(0).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    assert!(figures.listed().iter().all(|(value, _, _)| *value == 0));
    let briefing = briefing(figures);
    let page = String::from_utf8(briefing.write(Format::Html, &[]).unwrap()).unwrap();
    for text in ["霁川省未收录政务舆情事项", "本月无重点舆情", "本月各单位未作出新的承诺", "本月无到期承诺"]
    {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("NaN") && !page.contains("<svg"));
    for format in Format::ALL {
        assert!(!briefing.write(format, &[]).unwrap().is_empty());
    }
    let coming = Box::pin(month_figures(&world.store, &world.catalogue, november().after(), now())).await;
    assert!(matches!(coming, Err(BriefingError::Future(month)) if month.to_string() == "2026-12"));
}
