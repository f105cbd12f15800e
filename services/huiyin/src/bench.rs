//! `huiyin bench`: figures with a baseline measured in the same run.

mod python;
mod search;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use huiyin_domain::{BEIJING, Clock};
use huiyin_ingest::{RawPost, Reception, accept, parse_push};
use huiyin_matching::{Assessor, Scope, Subject};
use huiyin_proto::Message;
use huiyin_proto::v1::Post;
use huiyin_store::PostFilter;
use huiyin_text::{Fingerprint, Segmenter};
use serde_json::{Value, json};

use crate::cli::{Bench, BenchArgs, Role};
use crate::clock::SystemClock;
use crate::config::{CatalogueConfig, Config};
use crate::tasks::Tasks;
use crate::{catalogue, learn, node, pipeline, run as node_run};

const SAMPLE: &str = "deploy/sample/posts.jsonl";
/// Shortest time one figure is measured over.
const TIME_MIN: Duration = Duration::from_secs(2);
/// Two ways are measured in turns of at least so long, so often.
const TURN_MIN: Duration = Duration::from_millis(300);
const ROUNDS: usize = 9;
/// Posts pushed one by one for the delays.
const DELAYS: usize = 200;
/// Longest wait for a post to become a matter.
const VISIBLE_MAX: Duration = Duration::from_secs(30);

/// `huiyin bench`
pub(crate) async fn run(args: BenchArgs) -> anyhow::Result<ExitCode> {
    let file = args.posts.clone().unwrap_or_else(|| SAMPLE.into());
    let posts = read(&file)?;
    let mut figures = match args.what {
        Bench::Text => text(&posts),
        Bench::Match => matching(&posts, &args)?,
        Bench::Python => python::python(&posts, &args)?,
        Bench::Ingest => ingest(&posts, &args).await?,
        Bench::Ledger => ledger(&posts, &args).await?,
        Bench::Search => search::search(&posts, &args).await?,
    };
    if let Some(figures) = figures.as_object_mut() {
        figures.insert("bench".into(), format!("{:?}", args.what).to_lowercase().into());
        figures.insert("posts".into(), posts.len().into());
        figures.insert("peak_memory_mib".into(), peak_memory_mib().into());
        figures.insert("optimised".into(), (!cfg!(debug_assertions)).into());
    }
    println!("{figures}");
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> anyhow::Result<Vec<RawPost>> {
    let bytes = std::fs::read(file).with_context(|| format!("--posts {}", file.display()))?;
    let mut posts = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        posts.extend(parse_push("application/x-ndjson", line).into_iter().filter_map(|(_, raw)| raw.ok()));
    }
    if posts.is_empty() {
        bail!("{}: no readable posts", file.display());
    }
    Ok(posts)
}

fn reception() -> Reception {
    Reception {
        received_at: SystemClock.now(),
        source: "bench".into(),
        source_fixed: false,
        default_place: String::new(),
        backfill: true,
    }
}

/// What came of measuring two ways of working on the same posts.
struct Paired {
    ours_per_second: f64,
    baseline_per_second: f64,
    /// Our time as a multiple of the baseline's: the median over the rounds.
    time_ratio: f64,
    /// Of single posts in ours, in microseconds.
    delays: Value,
}

/// Takes turns, so that whatever else the machine does meets both; a turn is all posts, as often as fills its time.
fn paired(posts: usize, mut ours: impl FnMut(usize), mut baseline: impl FnMut(usize)) -> Paired {
    let mut delays = Vec::new();
    let mut timed = |at| {
        let before = Instant::now();
        ours(at);
        delays.push(before.elapsed());
    };
    let rounds = (0..ROUNDS).map(|_| (turn(posts, &mut timed), turn(posts, &mut baseline)));
    let rounds: Vec<(f64, f64)> = rounds.collect();
    Paired {
        ours_per_second: median(rounds.iter().map(|(ours, _)| *ours).collect()),
        baseline_per_second: median(rounds.iter().map(|(_, baseline)| *baseline).collect()),
        time_ratio: median(rounds.iter().map(|(ours, baseline)| baseline / ours).collect()),
        delays: percentiles(&mut delays),
    }
}

/// Posts a second.
fn turn(posts: usize, one: &mut impl FnMut(usize)) -> f64 {
    let (started, mut done) = (Instant::now(), 0);
    while done == 0 || started.elapsed() < TURN_MIN {
        (0..posts).for_each(&mut *one);
        done += posts;
    }
    done as f64 / started.elapsed().as_secs_f64()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn percentiles(delays: &mut [Duration]) -> Value {
    delays.sort_unstable();
    let at = |share: usize| {
        let index = (delays.len() * share / 100).min(delays.len().saturating_sub(1));
        delays.get(index).map_or(0, |delay| u64::try_from(delay.as_micros()).unwrap_or(u64::MAX))
    };
    json!({ "p50_us": at(50), "p95_us": at(95), "p99_us": at(99) })
}

fn text(posts: &[RawPost]) -> Value {
    let texts = texts(posts);
    against_cut(&texts, |index| {
        let masked = huiyin_text::prepare(texts.get(index).map_or("", String::as_str));
        std::hint::black_box(Fingerprint::of(&masked));
    })
}

fn matching(posts: &[RawPost], args: &BenchArgs) -> anyhow::Result<Value> {
    let assessor = Assessor::with_model(catalogue::load(&args.catalogue)?, learn::load(args.model.as_deref())?);
    let reception = reception();
    if let Some(Err(fault)) = posts.iter().map(|raw| accept(raw, &reception)).find(Result::is_err) {
        bail!("a post of {} cannot be accepted: {fault}", args.posts.as_deref().unwrap_or(Path::new(SAMPLE)).display());
    }
    let on = BEIJING.to_datetime(SystemClock.now()).date();
    Ok(against_cut(&texts(posts), |index| {
        if let Some(post) = posts.get(index).and_then(|raw| accept(raw, &reception).ok()) {
            let subject =
                Subject { title: &post.title, text: &post.text, place: &post.place, on, scope: Scope::Region };
            std::hint::black_box(assessor.assess(&subject));
        }
    }))
}

fn texts(posts: &[RawPost]) -> Vec<String> {
    posts.iter().map(|post| format!("{}\n{}", post.title, post.text)).collect()
}

/// One core, beside jieba-rs cutting the same posts.
fn against_cut(texts: &[String], ours: impl FnMut(usize)) -> Value {
    let segmenter = Segmenter::new([]);
    let paired = paired(texts.len(), ours, |index| {
        std::hint::black_box(segmenter.cut(texts.get(index).map_or("", String::as_str)));
    });
    json!({
        "posts_per_second": paired.ours_per_second.round(), "delays": paired.delays,
        "baseline": "jieba-rs cut of the same posts, one core, in turns",
        "baseline_posts_per_second": paired.baseline_per_second.round(), "time_ratio": ratio(paired.time_ratio),
    })
}

/// File to ledger, against writing the same records to a plain file with one fsync a batch.
async fn ingest(posts: &[RawPost], args: &BenchArgs) -> anyhow::Result<Value> {
    let directory = scratch()?;
    let started = Instant::now();
    let config = config(&directory.0, args);
    let mut tasks = Tasks::new();
    let roles = [Role::Assess, Role::Intake];
    let running = node_run::start(&config, &roles, Arc::new(SystemClock), &mut tasks).await?;
    let opened = started.elapsed();
    let started = Instant::now();
    for batch in posts.chunks(2_000) {
        let lines = (1..).zip(batch.iter().cloned().map(Ok)).collect();
        running.collector.push(lines, reception()).await?;
    }
    let logged = started.elapsed();
    pipeline::drained(running.log.as_ref(), &tasks.cancel()).await?;
    let whole = started.elapsed();
    let baseline = plain_file(posts, &directory.0)?;
    let stop = async {};
    tasks.run_until(stop).await?;
    running.stop().await;
    let count = posts.len() as f64;
    Ok(json!({
        "posts_per_second": (count / whole.as_secs_f64()).round(),
        "log_posts_per_second": (count / logged.as_secs_f64()).round(),
        "open_seconds": ratio(opened.as_secs_f64()),
        "baseline": "masking the same posts and writing them to a plain file, one fsync per 500",
        "baseline_posts_per_second": (count / baseline.as_secs_f64()).round(),
        "time_ratio": ratio(whole.as_secs_f64() / baseline.as_secs_f64()),
    }))
}

fn plain_file(posts: &[RawPost], directory: &Path) -> anyhow::Result<Duration> {
    let reception = reception();
    let mut file = std::fs::File::create(directory.join("baseline"))?;
    let started = Instant::now();
    for batch in posts.chunks(500) {
        let mut bytes = Vec::new();
        for post in batch.iter().filter_map(|raw| accept(raw, &reception).ok()) {
            Post::encode_length_delimited(&post, &mut bytes)?;
        }
        file.write_all(&bytes)?;
        file.sync_data()?;
    }
    Ok(started.elapsed())
}

/// HTTP accept to visible matter, one post at a time; the baseline is the answer to the push alone.
async fn ledger(posts: &[RawPost], args: &BenchArgs) -> anyhow::Result<Value> {
    let directory = scratch()?;
    let config = Config { listen: "127.0.0.1:0".into(), ..config(&directory.0, args) };
    let mut tasks = Tasks::new();
    let running = node_run::start(&config, &Role::ALL, Arc::new(SystemClock), &mut tasks).await?;
    let url = format!("{}/api/v1/posts?source=bench", running.url.clone().unwrap_or_default());
    let announced = std::fs::read_to_string(node::node_file(&config.data))?;
    let token = serde_json::from_str::<crate::remote::NodeFile>(&announced)?.token;
    let store = running.ledger.as_ref().context("every role runs")?.store().clone();
    let client = reqwest::Client::new();
    let (mut answers, mut visible) = (Vec::new(), Vec::new());
    for (number, post) in posts.iter().cycle().take(DELAYS).enumerate() {
        let id = format!("delay-{number}");
        let body = json!({ "id": id, "title": post.title, "text": post.text, "place": post.place });
        let before = Instant::now();
        let answer = client.post(&url).bearer_auth(&token).json(&body).send().await?;
        if answer.status() != 202 {
            continue;
        }
        answers.push(before.elapsed());
        let post = Some(huiyin_domain::PostRef { source: "bench".into(), id });
        let filter = PostFilter { post, limit: 1, ..PostFilter::default() };
        while store.posts(&filter).await?.posts.is_empty() {
            if before.elapsed() > VISIBLE_MAX {
                bail!("a post did not become visible within {} s", VISIBLE_MAX.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        visible.push(before.elapsed());
    }
    let stop = async {};
    tasks.run_until(stop).await?;
    running.stop().await;
    let (answers, visible) = (percentiles(&mut answers), percentiles(&mut visible));
    let p95 = |delays: &Value| delays.get("p95_us").and_then(Value::as_f64).unwrap_or(0.0);
    let times = ratio(p95(&visible) / p95(&answers).max(1.0));
    Ok(json!({
        "delays": visible, "baseline": "the 202 of the same pushes", "baseline_delays": answers, "time_ratio": times,
    }))
}

fn config(data: &Path, args: &BenchArgs) -> Config {
    let catalogue = CatalogueConfig { directory: Some(args.catalogue.clone()) };
    Config { data: data.to_owned(), catalogue, ..Config::default() }
}

/// A directory of the bench's own, removed at the end.
struct Scratch(std::path::PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(directory = %self.0.display(), %error, "not removed");
        }
    }
}

fn scratch() -> anyhow::Result<Scratch> {
    let directory = std::path::absolute(format!(".data/bench-{}", std::process::id()))?;
    node::make_directory(&directory)?;
    Ok(Scratch(directory))
}

fn ratio(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Peak resident memory of this process, from the kernel's own account.
fn peak_memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    kib / 1_024
}
