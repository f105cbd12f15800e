//! Posts a second: the whole way of real or sample posts beside jieba-rs cutting the same posts in the same run, judging
//! one post of an invented region, and grouping a thousand.
//!
//! `cargo bench -p huiyin-matching --bench assess`; posts are those of `../shared/data` where it is there, otherwise the
//! sample's; catalogue and model are those of `deploy`.
#![allow(missing_docs)]

#[path = "../tests/region/mod.rs"]
mod region;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huiyin_catalogue::Catalogue;
use huiyin_matching::grouping::Grouper;
use huiyin_matching::{Assessor, Model};
use huiyin_text::{Segmenter, prepare};
use region::{assessor, post};

/// Posts measured at most.
const POSTS_MAX: usize = 300;

const TITLE: &str = "东岭区砚池街道望汀花园楼下烧烤店油烟扰民";
const TEXT: &str = "望汀花园三栋楼下的烧烤店每天营业到凌晨两点，油烟和噪音让人无法休息，占道经营的摊子摆满人行道，垃圾第二天中午才有人扫。\
    多次向城管局反映，回复说已经处理，过两天又是老样子。物业说不归他们管，社区说管不了。请东岭区有关部门尽快给个说法。";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Titles and texts as they came.
fn posts() -> Vec<(String, String)> {
    let files = ["../shared/data/posts/responders_dev.jsonl", "deploy/sample/posts.jsonl"];
    let lines =
        files.iter().find_map(|file| std::fs::read_to_string(root().join(file)).ok()).expect("the sample is here");
    let field = |post: &serde_json::Value, name: &str| post[name].as_str().unwrap_or_default().to_owned();
    let read = |line: &str| {
        let post: serde_json::Value = serde_json::from_str(line).expect("a post a line");
        (field(&post, "title"), field(&post, "text"))
    };
    lines.lines().take(POSTS_MAX).map(read).collect()
}

/// The assessor of the sample catalogue.
fn province(model: Option<Arc<Model>>) -> Assessor {
    let directory = root().join("deploy/catalogue/jiangxi");
    let read = |name: &&str| std::fs::read(directory.join(name)).ok().map(|content| ((*name).to_owned(), content));
    let files = huiyin_catalogue::FILES.iter().filter_map(read).collect();
    let catalogue = Catalogue::from_files(&files).expect("the sample catalogue is without fault");
    Assessor::with_model(Arc::new(catalogue), model)
}

/// All posts once: cut, masked, judged by terms, judged with the model.
fn whole(criterion: &mut Criterion) {
    let posts = posts();
    let joined: Vec<String> = posts.iter().map(|(title, text)| format!("{title}\n{text}")).collect();
    let masked: Vec<(String, String)> =
        posts.iter().map(|(title, text)| (prepare(title).into_string(), prepare(text).into_string())).collect();
    let bytes = std::fs::read(root().join("deploy/model/starter.bin")).expect("the model is shipped");
    let model = Arc::new(Model::from_bytes(&bytes).expect("the model is whole"));
    let segmenter = Segmenter::new([]);
    let (terms, both) = (province(None), province(Some(model.clone())));
    let mut group = criterion.benchmark_group("whole");
    group.throughput(Throughput::Elements(posts.len() as u64));
    group.bench_function("jieba-rs cut", |bencher| {
        bencher.iter(|| joined.iter().map(|post| segmenter.cut(black_box(post)).len()).sum::<usize>());
    });
    group.bench_function("normalise and mask", |bencher| {
        bencher.iter(|| posts.iter().map(|(title, text)| prepare(title).len() + prepare(text).len()).sum::<usize>());
    });
    group.bench_function("topic of the model", |bencher| {
        bencher.iter(|| masked.iter().map(|(title, text)| model.rank("topic", title, text).len()).sum::<usize>());
    });
    for (name, assessor) in [("masked and judged by terms", &terms), ("masked and judged with the model", &both)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for (title, text) in &posts {
                    black_box(assessor.assess(&post(&prepare(title), &prepare(text), "")));
                }
            });
        });
    }
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    let assessor = assessor();
    let mut group = criterion.benchmark_group("assess");
    group.throughput(Throughput::Elements(1));
    group.bench_function("one post of 130 characters", |bencher| {
        bencher.iter(|| assessor.assess(black_box(&post(TITLE, TEXT, "东岭区"))));
    });
    group.finish();
    let posts: Vec<(String, String)> = (0..1000)
        .map(|number: u32| (number.to_string(), format!("{number}号{TEXT}{}", "楼".repeat(number as usize % 50))))
        .collect();
    let assessed: Vec<_> = posts.iter().map(|(_, text)| assessor.assess(&post("", text, "东岭区"))).collect();
    let mut group = criterion.benchmark_group("group");
    group.throughput(Throughput::Elements(1000));
    group.bench_function("a thousand near repeats", |bencher| {
        bencher.iter(|| {
            let mut grouper = Grouper::new();
            for ((id, text), assessment) in posts.iter().zip(&assessed) {
                black_box(grouper.push(id, "", text, None, assessment));
            }
        });
    });
    group.finish();
}

criterion_group!(assess, whole, benches);
criterion_main!(assess);
