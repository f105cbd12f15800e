//! Posts a second, on an invented region: judging one post, and grouping a thousand.

#[path = "../tests/region/mod.rs"]
mod region;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huiyin_matching::grouping::Grouper;
use region::{assessor, post};

const TITLE: &str = "东岭区砚池街道望汀花园楼下烧烤店油烟扰民";
const TEXT: &str = "望汀花园三栋楼下的烧烤店每天营业到凌晨两点，油烟和噪音让人无法休息，占道经营的摊子摆满人行道，垃圾第二天中午才有人扫。\
    多次向城管局反映，回复说已经处理，过两天又是老样子。物业说不归他们管，社区说管不了。请东岭区有关部门尽快给个说法。";

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

criterion_group!(assess, benches);
criterion_main!(assess);
