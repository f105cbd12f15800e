//! What people write, judged as a node judges it: by the sample catalogue and the starter model. `everyday/posts.tsv` holds the
//! inputs by point, at least ten of each that an earlier version got wrong; the others are their look-alikes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use huiyin_catalogue::{Catalogue, FILES};
use huiyin_domain::BEIJING;
use huiyin_matching::grouping::Grouper;
use huiyin_matching::{Assessment, Assessor, Model, Scope, Subject};
use jiff::civil::{Date, DateTime, date};

const POSTS: &str = include_str!("everyday/posts.tsv");
const ON: Date = date(2026, 11, 28);

static ASSESSOR: LazyLock<Assessor> = LazyLock::new(|| {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    let read = |path: PathBuf| std::fs::read(&path).expect("the sample catalogue and the starter model are in deploy/");
    let kept = |name: &&&str| deploy.join("catalogue/jiangxi").join(**name).is_file();
    let files: BTreeMap<String, Vec<u8>> = FILES
        .iter()
        .filter(kept)
        .map(|name| ((*name).to_owned(), read(deploy.join("catalogue/jiangxi").join(name))))
        .collect();
    let catalogue = Catalogue::from_files(&files).expect("the sample catalogue is without fault");
    let model = Model::from_bytes(&read(deploy.join("model/starter.bin"))).expect("the starter model can be read");
    Assessor::with_model(Arc::new(catalogue), Some(Arc::new(model)))
});

fn assess(text: &str, on: Date) -> Assessment {
    ASSESSOR.assess(&Subject { title: "", text, place: "", on, scope: Scope::Region })
}

/// Whether two posts, each with its time before it, land in one matter.
fn same_matter(both: &str) -> bool {
    let mut grouper = Grouper::new();
    for (number, post) in both.split('|').enumerate() {
        let (time, text) = post.split_at(16);
        let time: DateTime = time.replace(' ', "T").parse().expect("a time stands before a post");
        let text = text.trim();
        let at = BEIJING.to_timestamp(time).ok();
        grouper.push(&number.to_string(), "", text, at, &assess(text, time.date()));
    }
    let matters: Vec<_> = grouper.finish().map(|(_, matter)| matter.to_string()).collect();
    matters.first() == matters.get(1)
}

/// What came of a post, in the words of the table.
fn outcome(asked: &str, expected: &str, text: &str) -> String {
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    if asked == "same" {
        return yes(same_matter(text));
    }
    let of = assess(text, ON);
    let decided = of.unit.is_some();
    let system = of.system.as_ref().map_or("", |system| system.as_str());
    match asked {
        "danger" => yes(of.danger),
        "place" => {
            let code = of.place.as_ref().map_or("", |place| place.code.as_str());
            // A town of the county is as good.
            if code.starts_with(expected) { expected.to_owned() } else { code.to_owned() }
        }
        "system" => if decided { system } else { "" }.to_owned(),
        "hand" => yes(of.reason.contains("已在处置")),
        "accused" => yes(of.evidence.accused && (!decided || !of.assist.is_empty())),
        "aside" => yes(of.decision.as_str() == "aside"),
        "kind" => of.evidence.demand.map_or("", |demand| demand.chinese()).to_owned(),
        "further" => {
            let further: Vec<&str> = of.evidence.further.iter().map(|one| one.system.as_str()).collect();
            let both = !further.is_empty() && (system == expected || further.contains(&expected));
            if both { expected.to_owned() } else { format!("{system} {further:?}") }
        }
        other => format!("posts.tsv asks for {other}"),
    }
}

#[test]
fn what_people_write_comes_out_right() {
    let mut points: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in POSTS.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [point, asked, expected, text] = cells[..] else { panic!("posts.tsv: four columns: {line}") };
        *points.entry(point).or_default() += 1;
        let found = outcome(asked, expected, text);
        if found != expected {
            wrong.push(format!("{point}: {asked} {expected}, found {found}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(points.len() == 10 && points.values().all(|rows| *rows >= 10), "ten inputs a point: {points:?}");
}
