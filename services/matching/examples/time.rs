//! Scratch.
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use huiyin_catalogue::{Catalogue, FILES};
use huiyin_matching::{Assessor, Model, Scope, Subject};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let a: Vec<String> = std::env::args().collect();
    let mut files = BTreeMap::new();
    for name in FILES {
        if let Ok(content) = std::fs::read(format!("deploy/catalogue/jiangxi/{name}")) {
            files.insert(name.to_owned(), content);
        }
    }
    let catalogue = Arc::new(Catalogue::from_files(&files).map_err(|f| format!("{f:?}"))?);
    let model = Arc::new(Model::from_bytes(&std::fs::read("deploy/model/starter.bin")?)?);
    let with = Assessor::with_model(catalogue.clone(), Some(model));
    let without = Assessor::new(catalogue);
    let rounds: usize = a[1].parse()?;
    for file in &a[3..] {
        let mut posts = Vec::new();
        for line in std::fs::read_to_string(file)?.lines() {
            let v: Value = serde_json::from_str(line)?;
            let f = |n: &str| v.get(n).and_then(Value::as_str).unwrap_or("").to_owned();
            posts.push((f("title"), f("text"), f("place")));
        }
        let on = jiff::civil::date(2026, 11, 28);
        let prepared: Vec<_> = posts.iter().map(|(t, x, _)| (huiyin_text::prepare(t), huiyin_text::prepare(x))).collect();
        let run = |f: &dyn Fn(usize)| {
            let mut best = f64::MAX;
            for _ in 0..rounds {
                let s = Instant::now();
                for i in 0..posts.len() {
                    f(i);
                }
                best = best.min(s.elapsed().as_secs_f64());
            }
            best * 1e6 / posts.len() as f64
        };
        let seg = huiyin_text::Segmenter::new([]);
        let whole: Vec<String> = posts.iter().map(|(t, x, _)| format!("{t}\n{x}")).collect();
        let assess = |assessor: &Assessor, i: usize| {
            let (t, x) = &prepared[i];
            std::hint::black_box(assessor.assess(&Subject { title: t.as_str(), text: x.as_str(), place: &posts[i].2, on, scope: Scope::Region }));
        };
        let (mut cut, mut prep) = (0.0, 0.0);
        if a[2] == "all" {
            cut = run(&|i| {
                std::hint::black_box(seg.cut(&whole[i]));
            });
            prep = run(&|i| {
                std::hint::black_box((huiyin_text::prepare(&posts[i].0), huiyin_text::prepare(&posts[i].1)));
            });
        }
        let m = if a[2] != "without" { run(&|i| assess(&with, i)) } else { 0.0 };
        let n = if a[2] != "with" { run(&|i| assess(&without, i)) } else { 0.0 };
        println!("cut {cut:.2} prepare {prep:.2} with {m:.2} ({:.2}) without {n:.2} ({:.2}) {file}", (m + prep) / cut, (n + prep) / cut);
    }
    Ok(())
}
