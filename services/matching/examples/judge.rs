//! Judging, grouping and training without the rest of the program, for quick rounds while rules are changed:
//! `judge assess CATALOGUE MODEL`, `judge anywhere CATALOGUE MODEL`, `judge group CATALOGUE MODEL` with posts on stdin (JSON lines, as
//! `huiyin assess` takes them), `judge rank MODEL LABEL`, and `judge train MODEL LABEL FEATURES FILE…`, which
//! adds a head to MODEL. `-` as MODEL is none.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, Write};
use std::sync::Arc;

use huiyin_catalogue::{Catalogue, FILES};
use huiyin_domain::{BEIJING, UnitRef};
use huiyin_matching::train::{Example, Reading, TrainOptions, train};
use huiyin_matching::{Assessment, Assessor, Model, Scope, Subject, grouping::Grouper};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["train", model, label, features, files @ ..] => teach(model, label, features.parse()?, files),
        ["rank", model, label] => rank(model, label),
        [mode, catalogue, model] => judge(mode, catalogue, model),
        _ => Err("judge assess|anywhere|group CATALOGUE MODEL, or judge train MODEL LABEL FEATURES FILE…".into()),
    }
}

fn judge(mode: &str, catalogue: &str, model: &str) -> Result<(), Box<dyn Error>> {
    let mut files = BTreeMap::new();
    for name in FILES {
        if let Ok(content) = std::fs::read(format!("{catalogue}/{name}")) {
            files.insert(name.to_owned(), content);
        }
    }
    let catalogue = Catalogue::from_files(&files).map_err(|faults| format!("{faults:?}"))?;
    let model = (model != "-").then(|| std::fs::read(model)).transpose()?;
    let model = model.map(|bytes| Model::from_bytes(&bytes)).transpose()?.map(Arc::new);
    let assessor = Assessor::with_model(Arc::new(catalogue), model);
    let scope = if mode == "anywhere" { Scope::Anywhere } else { Scope::Region };
    let mut grouper = Grouper::new();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let post: Value = serde_json::from_str(&line?)?;
        let field = |name: &str| post.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let (title, text) = (huiyin_text::prepare(&field("title")), huiyin_text::prepare(&field("text")));
        let time = field("time").replace(' ', "T").parse::<jiff::civil::DateTime>().ok();
        let at = time.and_then(|time| BEIJING.to_timestamp(time).ok());
        let on = time.map_or(jiff::civil::date(2026, 11, 28), |time| time.date());
        let (title, text) = (title.as_str(), text.as_str());
        let assessment = assessor.assess(&Subject { title, text, place: &field("place"), on, scope });
        let id = post.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).unwrap_or_default();
        if mode == "group" {
            grouper.push(&id, title, text, at, &assessment);
        } else {
            writeln!(out, "{}", shown(&id, &assessment))?;
        }
    }
    for (id, matter) in grouper.finish() {
        writeln!(out, "{}", json!({ "id": id, "matter": matter.to_string() }))?;
    }
    Ok(())
}

fn shown(id: &str, of: &Assessment) -> Value {
    let name = |unit: &Option<UnitRef>| unit.as_ref().map(|unit| unit.name.clone());
    let evidence = &of.evidence;
    let candidates: Vec<Value> = evidence
        .candidates
        .iter()
        .map(|one| {
            let terms: Vec<String> = one.terms.iter().map(|term| format!("{} {:.2}", term.text, term.weight)).collect();
            let clauses: Vec<String> =
                one.clauses.iter().map(|clause| format!("{} {}", clause.document, clause.clause)).collect();
            json!({ "system": one.system.as_str(), "unit": name(&one.unit), "score": one.score, "terms": terms, "clauses": clauses })
        })
        .collect();
    json!({
        "id": id, "topic": of.topic, "decision": of.decision.as_str(),
        "system": of.system.as_ref().map(|system| system.as_str()), "unit": name(&of.unit),
        "assist": of.assist.iter().map(|unit| unit.name.clone()).collect::<Vec<_>>(),
        "place": of.place.as_ref().map(|place| json!({ "code": place.code.as_str(), "name": place.name })),
        "grade": of.grade.as_str(), "danger": of.danger, "certain": of.certain, "danger_words": evidence.danger_words,
        "accused": evidence.accused, "kind": evidence.demand.map(|demand| demand.chinese()), "kind_words": evidence.demand_words,
        "further": evidence.further.iter().map(|one| json!({ "system": one.system.as_str(), "terms": one.terms })).collect::<Vec<_>>(),
        "candidates": candidates, "reason": of.reason,
    })
}

fn rank(model: &str, label: &str) -> Result<(), Box<dyn Error>> {
    let model = Model::from_bytes(&std::fs::read(model)?)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let post: Value = serde_json::from_str(&line?)?;
        let field = |name: &str| post.get(name).and_then(Value::as_str).unwrap_or("");
        let (title, text) = (huiyin_text::prepare(field("title")), huiyin_text::prepare(field("text")));
        let ranked = model.rank(label, title.as_str(), text.as_str());
        let best: Vec<Value> = ranked.iter().take(5).map(|one| json!([one.class, one.score, one.chance])).collect();
        writeln!(out, "{}", json!({ "id": post.get("id"), "ranked": best }))?;
    }
    Ok(())
}

/// A phrase of a line of work as a post of its own: system, phrase and how surely it tells (1 to 3), between tabs.
fn phrase(line: &str) -> Value {
    let mut cells = line.split('\t');
    let (system, text) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
    let weight = match cells.next() {
        Some("3") => 0.5,
        Some("1") => 0.15,
        _ => 0.3,
    };
    json!({ "system": system, "text": text, "weight": weight })
}

fn teach(model: &str, label: &str, features_max: usize, files: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut examples = Vec::new();
    for file in files {
        // `no:0.3:FILE`: all posts of a file are of one class and weight, whatever stands in it.
        let mut parts = file.splitn(3, ':');
        let (given, file) = match (parts.next(), parts.next().map(str::parse::<f64>), parts.next()) {
            (Some(class), Some(Ok(weight)), Some(file)) => (Some((class.to_owned(), weight)), file),
            _ => (None, *file),
        };
        for line in std::fs::read_to_string(file)?.lines().filter(|line| !line.is_empty()) {
            let post: Value = if file.ends_with(".tsv") { phrase(line) } else { serde_json::from_str(line)? };
            let field = |name: &str| post.get(name).and_then(Value::as_str).unwrap_or("");
            let class = match post.get(label) {
                _ if given.is_some() => given.as_ref().map_or_else(String::new, |(class, _)| class.clone()),
                Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
                _ => field(label).to_owned(),
            };
            if class.is_empty() {
                continue;
            }
            let (title, text) = (huiyin_text::prepare(field("title")), huiyin_text::prepare(field("text")));
            let weight = post.get("weight").and_then(Value::as_f64);
            let weight = weight.or(given.as_ref().map(|(_, weight)| *weight)).unwrap_or(1.0);
            examples.push(Example {
                class,
                not: Vec::new(),
                weight,
                reading: Reading::of(label, title.as_str(), text.as_str()),
            });
        }
    }
    let examples: Vec<&Example> = examples.iter().collect();
    let head = train(label, &examples, TrainOptions { features_max, ..TrainOptions::default() })?;
    println!("{} posts, {} classes, {} features", examples.len(), head.classes().len(), head.features());
    let known = std::fs::read(model).ok().map(|bytes| Model::from_bytes(&bytes)).transpose()?;
    let heads = known.map(Model::into_heads).unwrap_or_default();
    std::fs::write(model, Model::new(heads.into_iter().chain([head])).to_bytes())?;
    Ok(())
}
