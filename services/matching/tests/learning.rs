//! Learning on invented posts: heads, files, what a refusal teaches, and how a decision names its model.

mod region;

use std::sync::Arc;

use huiyin_matching::train::{Example, Reading, TrainError, TrainOptions, retrain, train};
use huiyin_matching::{Assessor, Head, Model, ModelError};
use region::post;

const SCHOOL: [&str; 4] = ["学校食堂太贵", "老师布置作业太多", "学校操场没有灯", "幼儿园学位不够"];
const ROAD: [&str; 4] = ["路口红绿灯坏了", "公交车半小时不来", "路面坑洼颠簸", "公交站台没有灯"];

fn example(class: &str, text: &str) -> Example {
    Example { class: class.into(), not: Vec::new(), weight: 1.0, reading: Reading::of("topic", text, text) }
}

fn learned(label: &str, school: &str, road: &str) -> Head {
    let schools = SCHOOL.iter().map(|text| example(school, text));
    let examples: Vec<Example> = schools.chain(ROAD.iter().map(|text| example(road, text))).collect();
    train(label, &examples.iter().collect::<Vec<_>>(), TrainOptions::default()).expect("two classes")
}

fn best(model: &Model, text: &str) -> String {
    model.rank("topic", text, text)[0].class.clone()
}

#[test]
fn learns_and_keeps_in_a_file() {
    let model = Model::new([learned("topic", "教育", "交通")]);
    for text in SCHOOL {
        assert_eq!(best(&model, text), "教育", "{text}");
    }
    assert_eq!(best(&model, "公交车上没有灯"), "交通");
    let chances: f64 = model.rank("topic", "公交", "").iter().map(|ranked| ranked.chance).sum();
    assert!((chances - 1.0).abs() < 1e-9);
    assert!(model.rank("system", "公交", "").is_empty());
    let bytes = model.to_bytes();
    assert_eq!(Model::new([learned("topic", "教育", "交通")]).to_bytes(), bytes, "the same posts give the same bytes");
    let again = Model::from_bytes(&bytes).unwrap();
    assert_eq!((again.version(), again.to_bytes()), (model.version(), bytes.clone()));
    assert_eq!(again.heads(), model.heads());
    let both = Model::new(again.into_heads().into_iter().chain([learned("system", "教育", "交通运输")]));
    let labels: Vec<&str> = both.heads().iter().map(Head::label).collect();
    assert_eq!(labels, ["system", "topic"]);
    assert_ne!(both.version(), model.version());
}

#[test]
fn damaged_files_are_refused() {
    let bytes = Model::new([learned("topic", "教育", "交通")]).to_bytes();
    assert_eq!(Model::from_bytes(b"").unwrap_err(), ModelError::Foreign);
    assert_eq!(Model::from_bytes(b"{\"id\":1}").unwrap_err(), ModelError::Foreign);
    assert_eq!(Model::from_bytes(b"HYML\x09").unwrap_err(), ModelError::Format(9));
    for at in [5, 20, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        assert_eq!(Model::from_bytes(&damaged).unwrap_err(), ModelError::Damaged, "byte {at}");
        assert_eq!(Model::from_bytes(&bytes[..at]).unwrap_err(), ModelError::Damaged, "cut at {at}");
    }
}

#[test]
fn learns_only_what_to_change() {
    let base = learned("topic", "教育", "交通");
    assert_eq!(train("topic", &[], TrainOptions::default()).unwrap_err(), TrainError::Classes(0, 0));
    let lights: Vec<Example> = (0..3).map(|_| example("城管", "操场没有灯，公交站台没有灯")).collect();
    let changed = Model::new([retrain(&base, &lights.iter().collect::<Vec<_>>(), TrainOptions::default()).unwrap()]);
    assert_eq!(best(&changed, "操场没有灯，公交站台没有灯"), "城管");
    assert_eq!(best(&changed, "老师布置作业太多"), "教育");
    let refused = Example { not: vec!["教育".into()], ..example("", "学校操场没有灯") };
    let chance = |head: Head| {
        let ranked = Model::new([head]).rank("topic", "学校操场没有灯", "学校操场没有灯");
        ranked.iter().find(|ranked| ranked.class == "教育").unwrap().score
    };
    let after = retrain(&base, &[&refused], TrainOptions::default()).unwrap();
    assert!(chance(after) < chance(base) - 0.3, "a unit that says no is believed");
}

#[test]
fn a_decision_shows_what_the_model_found() {
    let catalogue = region::assessor().shared_catalogue();
    let plain = Assessor::new(catalogue.clone());
    let model = Arc::new(Model::new([learned("topic", "教育文体", "交通"), learned("system", "教育", "城管")]));
    let assessor = Assessor::with_model(catalogue, Some(model.clone()));
    assert!(assessor.model_version().ends_with(model.version()));
    assert!(!plain.model_version().contains("linear"));
    let text = "学校食堂太贵，老师布置作业太多";
    let assessment = assessor.assess(&post(text, text, "东岭区"));
    assert_eq!(assessment.topic.as_deref(), Some("教育文体"));
    assert_eq!(assessment.system.as_ref().map(|system| system.as_str()), Some("教育"));
    for candidate in &assessment.evidence.candidates {
        let sum: f64 = candidate.terms.iter().map(|term| term.weight).sum();
        assert!((candidate.score - sum).abs() < 1e-9, "a score is the sum of its terms");
        let whole = format!("{text}\n{text}");
        for term in &candidate.terms {
            assert!(whole.get(term.start..).is_some_and(|rest| rest.starts_with(term.text.as_str())), "{term:?}");
        }
    }
    assert_eq!(plain.assess(&post(text, text, "东岭区")).topic, None);
}
