//! Rates of the text steps on invented posts of about 100 and 400 characters.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huiyin_text::{Fingerprint, Segmenter, prepare};

const SHORT: &str = "您好，我是云溪小区的业主，小区３栋２单元５０１室楼上漏水已经两个月，物业一直没有处理。\
    联系人：李小明，电话：138-1234-5678。请求有关部门督促物业尽快维修，谢谢！";
const LONG: &str = "尊敬的领导：我们是东湖路沿线的居民。自二〇一九年三月以来，路口的施工工地每天夜里十一点以后仍在作业，\
    噪音扰民严重，老人和孩子无法休息。我们多次向街道、城管反映，答覆都是正在处理，但至今没有结果。另外，施工车辆进出带泥上路，\
    晴天一身灰，雨天一身泥，路面坑洼不平，已经有两位老人摔倒。根据有关规定，夜间施工应当取得许可并公告附近居民，请问该工地是否\
    取得许可？许可的期限到什么时候？请求住建、城管、生态环境部门联合检查，给我们一个明确的答复。此致\n敬礼！";

fn text(criterion: &mut Criterion) {
    let segmenter = Segmenter::new(["云溪小区", "东湖路"]);
    for (name, post) in [("short", SHORT.to_owned()), ("long", LONG.repeat(2))] {
        let masked = prepare(&post);
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(post.len() as u64));
        group.bench_function("prepare", |bencher| bencher.iter(|| prepare(black_box(&post))));
        group.bench_function("fingerprint", |bencher| bencher.iter(|| Fingerprint::of(black_box(&masked))));
        group.bench_function("cut", |bencher| bencher.iter(|| segmenter.cut(black_box(&masked)).len()));
        group.finish();
    }
}

criterion_group!(benches, text);
criterion_main!(benches);
