//! Signs of the pairs on stdin (`tests/grouping/pairs.jsonl`), for fitting the weights of grouping:
//! `pair_signs CATALOGUE < PAIRS` prints `id`, `same`, `parted`, `joined` and `signs`, one line each;
//! then the same for posts of two different pairs as if both came from one county within three days, where they share a key:
//! what a new post of a county is compared with.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::BufRead;
use std::sync::Arc;

use huiyin_catalogue::{Catalogue, FILES};
use huiyin_domain::{BEIJING, PlaceCode};
use huiyin_matching::grouping::{Sketch, Source, same_concern, signs};
use huiyin_matching::{Assessor, Scope, Subject};
use serde_json::{Value, json};

/// Short names in the pairs.
static COUNTIES: std::sync::LazyLock<Vec<&str>> = std::sync::LazyLock::new(|| {
    let ours = huiyin_catalogue::gazetteer::divisions().iter().filter(|division| division.code.starts_with("36"));
    ours.flat_map(|division| [division.name, division.short]).collect()
});

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("pair_signs CATALOGUE < PAIRS")?;
    let mut files = BTreeMap::new();
    for name in FILES {
        if let Ok(content) = std::fs::read(format!("{directory}/{name}")) {
            files.insert(name.to_owned(), content);
        }
    }
    let catalogue = Catalogue::from_files(&files).map_err(|faults| format!("{faults:?}"))?;
    let assessor = Assessor::with_model(Arc::new(catalogue), None);
    let mut posts = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let pair: Value = serde_json::from_str(&line?)?;
        let (one, other) = (sketch(&assessor, &pair["a"], None)?, sketch(&assessor, &pair["b"], None)?);
        for side in ["a", "b"] {
            posts.push((pair["id"].clone(), sketch(&assessor, &pair[side], Some(posts.len()))?));
        }
        let (parted, signs) = signs(&one, &other).unzip();
        let keyed = one.keys().iter().any(|key| other.keys().contains(key));
        let joined = keyed && same_concern(&one, &other).is_some();
        println!(
            "{}",
            json!({ "id": pair["id"], "same": pair["same"], "keyed": keyed, "parted": parted, "joined": joined, "signs": signs })
        );
    }
    for (at, (id, one)) in posts.iter().enumerate() {
        for (against, other) in posts.iter().skip(at + 1).filter(|(against, _)| against != id) {
            let keyed = one.keys().iter().any(|key| other.keys().contains(key));
            if let Some((parted, signs)) = signs(one, other).filter(|_| keyed) {
                let joined = same_concern(one, other).is_some();
                println!(
                    "{}",
                    json!({ "id": format!("{id}{against}"), "cross": true, "same": false, "keyed": keyed, "parted": parted, "joined": joined, "signs": signs })
                );
            }
        }
    }
    Ok(())
}

/// With a number: as if of one county, and of one of three days.
fn sketch(assessor: &Assessor, post: &Value, number: Option<usize>) -> Result<Sketch, Box<dyn Error>> {
    let field = |name: &str| post[name].as_str().unwrap_or("").to_owned();
    let time: jiff::civil::DateTime = field("time").replace(' ', "T").parse()?;
    // Without the names of counties, which would part what is taken to be of one.
    let text = field("text");
    let text = number.map_or(text.clone(), |_| COUNTIES.iter().fold(text, |text, county| text.replace(county, "")));
    let text = huiyin_text::prepare(&text);
    let subject = Subject { title: "", text: text.as_str(), place: "", on: time.date(), scope: Scope::Region };
    let assessment = assessor.assess(&subject);
    let places = ["360121", "360121100", "360121101", "360121102"].map(PlaceCode::new);
    let at = BEIJING.to_timestamp(time).ok();
    let hour = |number: usize| jiff::Timestamp::from_second(1_780_000_000 + (number as i64 * 37 % 72) * 3_600).ok();
    Ok(Sketch::new(&Source {
        title: "",
        text: text.as_str(),
        fingerprint: &assessment.fingerprint,
        place: number.map_or(assessment.place.as_ref().map(|place| &place.code), |number| {
            places.get([0, 1, 2, 0, 3][number % 5])
        }),
        at: number.map_or(at, hour),
    }))
}
