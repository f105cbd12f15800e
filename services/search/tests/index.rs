//! The index as its callers use it: what is found equals a plain reading of the same documents, and survives what happens
//! to directories.
#![allow(clippy::unwrap_used, reason = "a failed step of a test ends it")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use huiyin_domain::matter::State;
use huiyin_domain::{Grade, MatterNo, PlaceCode, PostRef, SystemCode, UnitId};
use huiyin_search::{
    Document, Facet, Filter, HITS_MAX, Item, Kind, OFFSET_MAX, Order, Positions, Query, Search, SearchError, areas,
    with_ancestors,
};
use huiyin_text::Segmenter;
use jiff::{SignedDuration, Timestamp};

static SEGMENTER: LazyLock<Segmenter> = LazyLock::new(huiyin_search::segmenter);

const BUILT: Positions = Positions { posts: 7, entries: 9, built: true };

/// Numbers from a seed, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<'t, T>(&mut self, values: &'t [T]) -> &'t T {
        &values[self.below(values.len())]
    }
}

fn time(hours: usize) -> Timestamp {
    let start: Timestamp = "2026-09-20T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(i64::try_from(hours).unwrap())
}

fn post(id: &str, title: &str, text: &str) -> Document {
    Document {
        item: Item::Post(PostRef { source: "信箱".into(), id: id.into() }),
        matter: None,
        source: "信箱".into(),
        title: title.into(),
        text: text.into(),
        place: None,
        place_name: None,
        system: None,
        unit: None,
        unit_name: None,
        given: Vec::new(),
        state: None,
        grade: None,
        fate: Some("aside"),
        aside: None,
        received_at: time(0),
    }
}

/// Documents of words in any order, so that words also arise across them.
fn generated(count: usize) -> Vec<Document> {
    const WORDS: [&str; 16] = [
        "小区",
        "停水",
        "路灯",
        "物业",
        "收费",
        "乱停车",
        "霁垚路",
        "的",
        "K9",
        "垃圾",
        "水电",
        "学校",
        "区",
        "停",
        ",",
        "。",
    ];
    let mut dice = Dice(42);
    let text = |dice: &mut Dice, most: usize| -> String { (0..dice.below(most)).map(|_| *dice.of(&WORDS)).collect() };
    let mut documents = Vec::new();
    for number in 0..count {
        let mut one = post(&number.to_string(), &text(&mut dice, 5), &text(&mut dice, 30));
        let matter = MatterNo::new(format!("20261001-{:05}", dice.below(40)));
        if dice.below(4) == 0 {
            one.item = Item::Matter(MatterNo::new(format!("20261002-{number:05}")));
            one.fate = None;
        }
        one.matter = (dice.below(3) > 0).then_some(matter);
        one.source = (*dice.of(&["信箱", "热线", "论坛"])).into();
        one.place =
            dice.of(&[None, Some("990100"), Some("990101"), Some("990102003"), Some("X99010101")]).map(PlaceCode::new);
        one.system = dice.of(&[None, Some("城管"), Some("住建")]).map(SystemCode::new);
        one.unit = dice.of(&[None, Some("a"), Some("b")]).map(UnitId::new);
        one.given = dice.of(&[None, Some("b"), Some("c")]).map(UnitId::new).into_iter().collect();
        one.state = *dice.of(&[None, Some(State::New), Some(State::Closed)]);
        one.grade = Some(*dice.of(&Grade::ALL));
        one.received_at = time(dice.below(2_000));
        documents.push(one);
    }
    documents
}

fn memory(documents: &[Document]) -> Arc<Search> {
    let search = Arc::new(Search::open_in_memory(&SEGMENTER).unwrap());
    fill(&search, documents);
    search
}

fn fill(search: &Arc<Search>, documents: &[Document]) {
    let mut writer = search.writer().unwrap();
    documents.iter().for_each(|document| writer.put(document).unwrap());
    writer.commit(BUILT).unwrap();
}

fn open(directory: &Path) -> Arc<Search> {
    Arc::new(Search::open(directory, &SEGMENTER).unwrap())
}

fn query(text: &str) -> Query {
    Query { text: text.into(), limit: HITS_MAX, ..Query::default() }
}

/// Keys of everything found, page by page.
fn all(search: &Search, query: &Query) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    loop {
        let page = search.find(&Query { offset: found.len(), limit: 50, ..query.clone() }).unwrap();
        if page.hits.is_empty() {
            assert_eq!(page.total, found.len(), "{query:?}");
            found.sort();
            return found;
        }
        found.extend(page.hits.iter().map(|hit| format!("{:?}", hit.item)));
    }
}

fn expected(documents: &[Document], fits: impl Fn(&Document) -> bool) -> Vec<String> {
    let mut keys: Vec<String> = documents.iter().filter(|one| fits(one)).map(|one| format!("{:?}", one.item)).collect();
    keys.sort();
    keys
}

fn has(document: &Document, word: &str) -> bool {
    [&document.title, &document.text].iter().any(|text| text.to_lowercase().contains(word))
}

#[test]
fn finds_what_a_plain_reading_finds() {
    let documents = generated(400);
    let search = memory(&documents);
    for word in [
        "停水",
        "水",
        "停",
        "水电",
        "区停",
        "乱停车",
        "停车",
        "霁垚路",
        "垚",
        "k9",
        "9",
        "小区停水",
        "物业收费",
        "没有的词",
    ] {
        let found = all(&search, &query(&format!("\"{word}\"")));
        assert_eq!(found, expected(&documents, |one| has(one, word)), "{word}");
    }
    for (text, words, without) in [
        ("停水 物业", &["停水", "物业"][..], &[][..]),
        ("小区停水", &["小区", "停水"], &[]),
        ("停水 -物业", &["停水"], &["物业"]),
        ("-物业 -停水", &[], &["物业", "停水"]),
        ("K9 霁垚路", &["k9", "霁垚路"], &[]),
        ("路燈", &["路灯"], &[]),
        ("小区的", &["小区"], &[]),
        ("", &[], &[]),
    ] {
        let fits =
            |one: &Document| words.iter().all(|word| has(one, word)) && !without.iter().any(|word| has(one, word));
        assert_eq!(all(&search, &query(text)), expected(&documents, fits), "{text}");
    }
    assert!(all(&search, &query("，。！")).is_empty(), "signs alone find nothing");
}

#[test]
fn filters_like_a_plain_reading() {
    let documents = generated(400);
    let search = memory(&documents);
    let text = "停";
    let matter = MatterNo::new("20261001-00007");
    let place = PlaceCode::new("990101");
    type Fits<'t> = Box<dyn Fn(&Document) -> bool + 't>;
    let cases: Vec<(Filter, Fits<'_>)> = vec![
        (Filter { kind: Some(Kind::Matter), ..Filter::default() }, Box::new(|one| one.item.kind() == Kind::Matter)),
        (
            Filter { matter: Some(matter.clone()), ..Filter::default() },
            Box::new(|one| one.matter.as_ref() == Some(&matter)),
        ),
        (Filter { source: Some("热线".into()), ..Filter::default() }, Box::new(|one| one.source == "热线")),
        (
            Filter { place: Some(place.clone()), ..Filter::default() },
            Box::new(|one| one.place.as_ref().is_some_and(|code| with_ancestors(code).contains(&place))),
        ),
        (
            Filter { system: Some(SystemCode::new("城管")), ..Filter::default() },
            Box::new(|one| one.system.as_ref().is_some_and(|system| system.as_str() == "城管")),
        ),
        (
            Filter { unit: Some(UnitId::new("b")), ..Filter::default() },
            Box::new(|one| one.unit.iter().chain(&one.given).any(|unit| unit.as_str() == "b")),
        ),
        (
            Filter { given: Some(UnitId::new("b")), ..Filter::default() },
            Box::new(|one| one.given.iter().any(|unit| unit.as_str() == "b")),
        ),
        (Filter { states: vec![State::New, State::Closed], ..Filter::default() }, Box::new(|one| one.state.is_some())),
        (Filter { grade: Some(Grade::Major), ..Filter::default() }, Box::new(|one| one.grade == Some(Grade::Major))),
        (Filter { fate: Some("aside".into()), ..Filter::default() }, Box::new(|one| one.fate == Some("aside"))),
        (
            Filter { from: Some(time(500)), to: Some(time(1_000)), ..Filter::default() },
            Box::new(|one| one.received_at >= time(500) && one.received_at < time(1_000)),
        ),
    ];
    for (filter, fits) in cases {
        let found = all(&search, &Query { filter: filter.clone(), ..query(text) });
        assert!(!found.is_empty(), "{filter:?} tests nothing");
        assert_eq!(found, expected(&documents, |one| has(one, text) && fits(one)), "{filter:?}");
        assert_eq!(all(&search, &Query { filter, ..query("") }), expected(&documents, fits));
    }
}

#[test]
fn facets_equal_a_plain_count() {
    let documents = generated(400);
    let search = memory(&documents);
    for (text, fits) in [("", None), ("停水", Some("停水")), ("没有的词", Some("没有的词"))] {
        let found = search.find(&Query { facets: true, limit: 1, ..query(text) }).unwrap();
        let fitting: Vec<&Document> = documents.iter().filter(|one| fits.is_none_or(|word| has(one, word))).collect();
        for (facet, values) in found.facets {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for one in &fitting {
                let named: Vec<String> = match facet {
                    Facet::Kind => vec![one.item.kind().as_str().into()],
                    Facet::Source => vec![one.source.clone()],
                    Facet::Area => one.place.iter().flat_map(areas).map(|area| area.to_string()).collect(),
                    Facet::System => one.system.iter().map(ToString::to_string).collect(),
                    Facet::State => one.state.iter().map(|state| state.as_str().into()).collect(),
                    Facet::Grade => one.grade.iter().map(|grade| grade.as_str().into()).collect(),
                    Facet::Month => {
                        let local = huiyin_domain::BEIJING.to_datetime(one.received_at);
                        vec![format!("{:04}-{:02}", local.year(), local.month())]
                    }
                };
                named.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
            }
            let found: BTreeMap<String, u64> = values.into_iter().map(|one| (one.value, one.count)).collect();
            assert_eq!(found, counts, "{facet:?} of {text:?}");
        }
    }
}

#[test]
fn the_best_comes_first_and_the_latest_of_equals() {
    let mut documents = vec![
        post("in-text", "", "昨天又停水了,希望解决"),
        post("in-title", "停水", "希望解决这件事情"),
        post("later", "", "昨天又停水了,希望解决"),
        post("split", "", "停了水管"),
    ];
    documents[2].received_at = time(5);
    let search = memory(&documents);
    let ids = |order: Order| -> Vec<String> {
        let found = search.find(&Query { order, ..query("停水") }).unwrap();
        let id = |item: &Item| match item {
            Item::Post(post) => post.id.clone(),
            Item::Matter(no) => no.to_string(),
        };
        found.hits.iter().map(|hit| id(&hit.item)).collect()
    };
    assert_eq!(ids(Order::Score), ["in-title", "later", "in-text"]);
    assert_eq!(ids(Order::Newest)[0], "later");
}

#[test]
fn marks_are_the_words_looked_for() {
    let text = format!("{}。物业说小区停水三天。", "前面的话".repeat(60));
    let search = memory(&[post("1", "K9小区停水", &text)]);
    assert_eq!(search.find(&query("停水 停电")).unwrap().total, 0, "all words have to be there");
    let found = search.find(&query("停水 小区")).unwrap();
    let hit = &found.hits[0];
    let cut = |text: &str, marks: &[(usize, usize)]| -> Vec<String> {
        marks.iter().map(|(start, end)| text.chars().skip(*start).take(end - start).collect()).collect()
    };
    assert_eq!(cut(&hit.title, &hit.title_marks), ["小区停水"]);
    assert_eq!(cut(&hit.snippet, &hit.marks), ["小区停水"]);
}

#[test]
fn a_later_document_replaces_and_a_removed_one_is_gone() {
    let search = memory(&[post("1", "", "旧的说法停水"), post("2", "", "停水")]);
    let mut writer = search.writer().unwrap();
    writer.put(&post("1", "", "新的说法停电")).unwrap();
    writer.put(&post("1", "", "最后的说法停气")).unwrap();
    writer.remove(&Item::Post(PostRef { source: "信箱".into(), id: "2".into() }));
    assert_eq!(search.find(&query("停水")).unwrap().total, 2, "nothing is seen before the commit");
    writer.commit(BUILT).unwrap();
    for (text, total) in [("停水", 0), ("停电", 0), ("停气", 1), ("", 1)] {
        assert_eq!(search.find(&query(text)).unwrap().total, total, "{text}");
    }
}

#[test]
fn limits_are_kept() {
    let search = memory(&[post("1", "", "停水")]);
    for wrong in [
        query(&"停".repeat(201)),
        Query { offset: OFFSET_MAX + 1, ..query("停水") },
        Query { limit: HITS_MAX + 1, ..query("停水") },
    ] {
        assert!(matches!(search.find(&wrong), Err(SearchError::Limit { .. })));
    }
    let odd = "停".repeat(100) + &"\"-".repeat(50);
    for text in [odd.as_str(), "\"", "-", "- -", "<b>停水</b>", "\0", "((停水 OR *:*"] {
        search.find(&query(text)).unwrap();
    }
    assert!(matches!((search.writer(), search.writer()), (Ok(_), Err(SearchError::Busy))));
}

#[test]
fn what_is_not_committed_is_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("search");
    {
        let search = open(&place);
        assert_eq!(search.positions(), Positions::default());
        fill(&search, &[post("1", "", "停水")]);
        let mut writer = search.writer().unwrap();
        writer.put(&post("2", "", "停水")).unwrap();
    }
    let search = open(&place);
    assert_eq!((search.positions(), search.documents()), (BUILT, 1));
    let mut writer = search.writer().unwrap();
    writer.restart().unwrap();
    assert_eq!((search.positions(), search.documents()), (Positions::default(), 0));
}

#[test]
fn a_damaged_or_foreign_directory_is_built_anew() {
    let files = |place: &Path| -> Vec<std::path::PathBuf> {
        std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    type Damage = fn(&Path, Vec<std::path::PathBuf>);
    let damages: [(&str, Damage); 5] = [
        ("cut", |_, files| {
            for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "store" || end == "idx")) {
                let bytes = std::fs::read(file).unwrap();
                std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
            }
        }),
        ("flipped", |_, files| {
            for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "term")) {
                let mut bytes = std::fs::read(file).unwrap();
                bytes[3] ^= 0xff;
                std::fs::write(file, bytes).unwrap();
            }
        }),
        ("lost", |_, files| {
            files.iter().filter(|file| file.extension().is_some()).for_each(|file| {
                let _ = std::fs::remove_file(file);
            });
        }),
        ("another version", |place, _| {
            let meta = place.join("meta.json");
            let text = std::fs::read_to_string(&meta).unwrap().replace("\\\"schema\\\":", "\\\"schema\\\":99");
            std::fs::write(meta, text).unwrap();
        }),
        ("not an index", |place, files| {
            files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
            std::fs::write(place.join("meta.json"), "{").unwrap();
        }),
    ];
    for (what, damage) in damages {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("search");
        fill(&open(&place), &generated(50));
        damage(&place, files(&place));
        let search = open(&place);
        assert_eq!((search.positions(), search.documents()), (Positions::default(), 0), "{what}");
        let aside = directory.path().join("search.damaged");
        assert!(aside.exists(), "{what}");
        fill(&search, &[post("1", "", "停水")]);
        assert_eq!(search.find(&query("停水")).unwrap().total, 1, "{what}");
        assert!(!aside.exists(), "{what}: once built anew, the damaged one is removed");
    }
}

#[test]
fn nothing_is_left_of_what_was_purged() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("search");
    let search = open(&place);
    let secret = "zqxjkvw";
    let mut documents = generated(30);
    documents.push(post("secret", secret, &format!("停水 {secret}")));
    fill(&search, &documents);
    let holds = || {
        let files = std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|file| file.is_file()).any(|file| {
            let bytes = std::fs::read(file).unwrap();
            bytes.windows(secret.len()).any(|part| part == secret.as_bytes())
        })
    };
    assert!(holds());
    let mut writer = search.writer().unwrap();
    writer.remove(&Item::Post(PostRef { source: "信箱".into(), id: "secret".into() }));
    writer.commit(BUILT).unwrap();
    writer.purge().unwrap();
    assert!(!holds());
    assert_eq!(search.positions(), BUILT);
    drop(writer);
    drop(search);
    assert_eq!(open(&place).positions(), BUILT, "the positions survive the purge");
}
