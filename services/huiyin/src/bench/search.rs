//! `huiyin bench search`: the index against `like` over the same posts in the same database.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use huiyin_ingest::RawPost;
use huiyin_search::{Query, Search};
use huiyin_store::PostFilter;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{config, peak_memory_mib, percentiles, ratio, reception, scratch};
use crate::cli::{BenchArgs, Role};
use crate::clock::SystemClock;
use crate::search::Follower;
use crate::tasks::Tasks;
use crate::{pipeline, run as node_run};

/// Words looked for.
const WORDS: usize = 300;
/// Hits of a page.
const HITS: u32 = 20;

/// Takes the posts in, builds the index from the database, then looks for words of the posts themselves, one by one:
/// a page of hits with marks and facets, against the page `like` finds, which has neither and no total.
pub(super) async fn search(posts: &[RawPost], args: &BenchArgs) -> anyhow::Result<Value> {
    let directory = scratch()?;
    let config = config(&directory.0, args);
    let mut tasks = Tasks::new();
    let running = node_run::start(&config, &[Role::Assess, Role::Intake], Arc::new(SystemClock), &mut tasks).await?;
    for batch in posts.chunks(2_000) {
        let lines = (1..).zip(batch.iter().cloned().map(Ok)).collect();
        running.collector.push(lines, reception()).await?;
    }
    pipeline::drained(running.log.as_ref(), &tasks.cancel()).await?;
    let store = running.ledger.as_ref().context("the database is open")?.store().clone();
    let before = peak_memory_mib();
    let index = directory.0.join("index");
    let search = tokio::task::spawn_blocking(move || Search::open(&index, &huiyin_search::segmenter())).await??;
    let search = Arc::new(search);
    let started = Instant::now();
    let mut follower = Follower::open(search.clone(), store.clone()).await?;
    while follower.step(&CancellationToken::new()).await? {}
    let built = started.elapsed();
    drop(follower);
    let words = words(posts);
    let (mut ours, mut likes, mut more) = (Vec::new(), Vec::new(), 0_u32);
    for word in &words {
        let query = Query { text: word.clone(), limit: HITS as usize, facets: true, ..Query::default() };
        let started = Instant::now();
        let found = search.find(&query)?;
        ours.push(started.elapsed());
        let filter = PostFilter { text: Some(word.clone()), limit: HITS, ..PostFilter::default() };
        let started = Instant::now();
        let page = store.posts(&filter).await?;
        likes.push(started.elapsed());
        more += u32::from(found.total < page.posts.len());
    }
    tasks.run_until(async {}).await?;
    running.stop().await;
    let (documents, bytes) = (search.documents(), size(&directory.0.join("index"))?);
    let (ours, likes) = (percentiles(&mut ours), percentiles(&mut likes));
    let of = |delays: &Value, key: &str| delays.get(key).and_then(Value::as_f64).unwrap_or(0.0).max(1.0);
    Ok(json!({
        "documents": documents, "documents_per_second": (documents as f64 / built.as_secs_f64()).round(),
        "build_seconds": ratio(built.as_secs_f64()), "index_mib": ratio(bytes as f64 / f64::from(1 << 20)),
        "memory_before_mib": before, "queries": words.len(), "delays": ours,
        "baseline": "a page of posts by SQL like in the same database, without total, marks and facets",
        "baseline_delays": likes, "time_ratio": ratio(of(&ours, "p95_us") / of(&likes, "p95_us")),
        "time_ratio_p50": ratio(of(&ours, "p50_us") / of(&likes, "p50_us")), "found_less_than_like": more,
    }))
}

/// Words of two or more characters from the titles and texts, evenly over all posts.
fn words(posts: &[RawPost]) -> Vec<String> {
    let segmenter = huiyin_search::segmenter();
    let every = (posts.len() / WORDS).max(1);
    let mut words = Vec::new();
    for (number, post) in posts.iter().step_by(every).take(WORDS).enumerate() {
        let text = huiyin_text::prepare(&format!("{}\n{}", post.title, post.text));
        let long = |token: &huiyin_text::Token<'_>| {
            token.text.chars().count() > 1 && token.text.chars().all(char::is_alphanumeric)
        };
        let tokens: Vec<_> = segmenter.cut(text.as_str()).into_iter().filter(long).collect();
        words.extend(tokens.get(number % tokens.len().max(1)).map(|token| token.text.to_owned()));
    }
    words
}

fn size(directory: &std::path::Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(directory)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}
