//! `huiyin import`: files of posts into a running or a stopped node.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use huiyin_domain::Clock;
use huiyin_ingest::{
    FileReader, ImportReport, Mapping, Progress, Receipt, Reception, Refusal, SourceHealth, SourceKind, open_file,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::cli::{ImportArgs, Role};
use crate::clock::SystemClock;
use crate::config::{Config, LogKind};
use crate::health::state;
use crate::ledger::counts_json;
use crate::tasks::{Tasks, signal};
use crate::{pipeline, progress, remote, run as node_run};

/// Refused lines printed one by one.
const REFUSED_SHOWN: usize = 100;
/// Lines of one request to a running node.
const LINES_PER_REQUEST: usize = 1_000;
/// Longest wait between two tries while a running node is under pressure.
const RETRY_SECONDS_MAX: u64 = 30;

/// `huiyin import`
pub(crate) async fn run(mut args: ImportArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(&args.node)?;
    let mapping = match &args.mapping {
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("--mapping {}", file.display()))?;
            Mapping::parse(&text).with_context(|| file.display().to_string())?
        }
        None => Mapping::default(),
    };
    let source = args.source.take().unwrap_or_else(|| mapping.source.clone());
    if source.trim().is_empty() {
        bail!("say where the posts come from: --source NAME, or source = \"…\" in the mapping file");
    }
    args.source = Some(source.clone());
    let mut reader = open_file(&args.file, &mapping, None)?;
    let bookmark = Bookmark::load(&config.data, &args)?;
    if bookmark.line > 0 {
        eprintln!("{}: goes on after line {}, where an earlier import stopped", args.file.display(), bookmark.line);
        reader.skip_to(bookmark.line);
    }
    let reception = Reception {
        received_at: SystemClock.now(),
        source,
        source_fixed: false,
        default_place: mapping.default_place.clone(),
        backfill: args.backfill,
    };
    let started = Instant::now();
    match remote::running(&config.data)? {
        Some(found) if config.log.kind == LogKind::Embedded => {
            into_running(&args, reader, &reception, &found, bookmark, started).await
        }
        _ => into_log(&args, &config, reader, reception, bookmark, started).await,
    }
}

/// Appends to the log itself; on an embedded node that is stopped, the posts are also assessed and taken in here.
async fn into_log(
    args: &ImportArgs,
    config: &Config,
    reader: FileReader,
    reception: Reception,
    mut bookmark: Bookmark,
    started: Instant,
) -> anyhow::Result<ExitCode> {
    let from_start = bookmark.line == 0;
    let whole_way = config.log.kind == LogKind::Embedded && !args.log_only;
    let roles: &[Role] = if whole_way { &[Role::Assess, Role::Intake] } else { &[] };
    let mut tasks = Tasks::new();
    let node = node_run::start(config, roles, Arc::new(SystemClock), &mut tasks).await?;
    let bar = progress::bytes(reader.bytes_total());
    let cancel = CancellationToken::new();
    let mut kept = Ok(());
    let mut tell = |at: &Progress| {
        bar.set_position(at.bytes_read);
        bar.set_message(format!("{} accepted, {} refused", at.accepted, at.refused));
        kept = bookmark.keep(at.line);
    };
    let collector = node.collector.clone();
    let work = huiyin_ingest::import(&collector, reader, &reception, &mut tell, &cancel);
    let report = tokio::select! {
        report = work => report?,
        () = signal() => bail!("stopped; what was acknowledged is in the log, and the same command goes on from there"),
    };
    kept?;
    bar.finish_and_clear();
    let done = CancellationToken::new();
    if whole_way {
        let (log, finished) = (node.log.clone(), done.clone());
        let drained = async move {
            let result = pipeline::drained(log.as_ref(), &finished).await;
            if let Err(error) = result {
                eprintln!("huiyin: {error:#}");
            }
        };
        tasks.run_until(drained).await?;
    }
    if let Some(ledger) = &node.ledger {
        let receipt = Receipt {
            accepted: report.progress.accepted,
            repeated: report.progress.repeated,
            refused: report.refused.clone(),
            warnings: Vec::new(),
        };
        let health = SourceHealth::of_receipt(
            args.source.as_deref().unwrap_or_default(),
            SourceKind::File,
            &receipt,
            ledger.now(),
        );
        ledger.store().report_source(&state(SourceHealth { refused: report.progress.refused, ..health })).await?;
    }
    let mut summary = summary(args, &report, started);
    if let Some(ledger) = node.ledger.as_ref().filter(|_| whole_way) {
        let counts = counts_json(&ledger.store().counts(ledger.now()).await?);
        merge(&mut summary, counts);
    }
    node.stop().await;
    Bookmark::finish(&config.data, args)?;
    finish(&report, &summary, from_start)
}

/// Pushes to the node that runs on the data directory.
async fn into_running(
    args: &ImportArgs,
    mut reader: FileReader,
    reception: &Reception,
    found: &remote::NodeFile,
    mut bookmark: Bookmark,
    started: Instant,
) -> anyhow::Result<ExitCode> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(120)).build()?;
    let bar = progress::bytes(reader.bytes_total());
    let mut report = ImportReport::default();
    let from_start = bookmark.line == 0;
    loop {
        let mut numbers = Vec::new();
        let mut body = String::new();
        let mut last = bookmark.line;
        while numbers.len() < LINES_PER_REQUEST && body.len() < (8 << 20) {
            let Some((line, raw)) = reader.next() else { break };
            last = line;
            match raw {
                Ok(raw) => {
                    numbers.push(line);
                    body.push_str(&wire(&raw).to_string());
                    body.push('\n');
                }
                Err(refused) => report.refused.push(Refusal {
                    line,
                    field: refused.field,
                    reason: refused.reason,
                    remedy: refused.remedy,
                }),
            }
        }
        if last == bookmark.line {
            break;
        }
        if !numbers.is_empty() {
            let receipt = push(&client, found, reception, body).await?;
            report.progress.accepted += receipt.accepted;
            report.progress.repeated += receipt.repeated;
            for refused in receipt.refused {
                let at = usize::try_from(refused.line).unwrap_or(0).saturating_sub(1);
                let line = numbers.get(at).copied().unwrap_or(refused.line);
                report.refused.push(Refusal { line, field: "line", reason: refused.reason, remedy: refused.remedy });
            }
        }
        report.progress.line = last;
        bookmark.keep(last)?;
        bar.set_position(reader.bytes_read());
    }
    if let Some(fault) = reader.take_fault() {
        return Err(fault.into());
    }
    report.progress.refused = report.refused.len() as u64;
    bar.finish_and_clear();
    Bookmark::finish(&bookmark.data, args)?;
    let mut summary = summary(args, &report, started);
    merge(&mut summary, serde_json::json!({ "node": found.url }));
    finish(&report, &summary, from_start)
}

#[derive(Deserialize)]
struct RemoteReceipt {
    accepted: u64,
    repeated: u64,
    #[serde(default)]
    refused: Vec<RemoteRefusal>,
}

#[derive(Deserialize)]
struct RemoteRefusal {
    line: u64,
    reason: String,
    #[serde(default)]
    remedy: String,
}

async fn push(
    client: &reqwest::Client,
    found: &remote::NodeFile,
    reception: &Reception,
    body: String,
) -> anyhow::Result<RemoteReceipt> {
    let mut wait = 1;
    loop {
        let mut url = reqwest::Url::parse(&found.url)?.join("/api/v1/posts")?;
        url.query_pairs_mut()
            .append_pair("source", &reception.source)
            .append_pair("default_place", &reception.default_place)
            .append_pair("backfill", if reception.backfill { "true" } else { "false" });
        let request = client.post(url).bearer_auth(&found.token).header("content-type", "application/x-ndjson");
        let answer = request.body(body.clone()).send().await.context("the running node does not answer")?;
        match answer.status().as_u16() {
            // Everything refused comes as 422 with the same list.
            202 | 422 => return answer.json().await.context("the running node's answer cannot be read"),
            429 | 503 => {
                tokio::time::sleep(Duration::from_secs(wait)).await;
                wait = (wait * 2).min(RETRY_SECONDS_MAX);
            }
            status => bail!("the running node answered {status}: {}", answer.text().await.unwrap_or_default()),
        }
    }
}

fn wire(raw: &huiyin_ingest::RawPost) -> serde_json::Value {
    let fields = [
        ("id", &raw.id),
        ("title", &raw.title),
        ("text", &raw.text),
        ("time", &raw.time),
        ("place", &raw.place),
        ("source", &raw.source),
        ("url", &raw.url),
    ];
    fields.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.as_str())).collect()
}

fn summary(args: &ImportArgs, report: &ImportReport, started: Instant) -> serde_json::Value {
    let seconds = started.elapsed().as_secs_f64();
    let lines = report.progress.accepted + report.progress.repeated + report.progress.refused;
    let rate = if seconds > 0.0 { report.progress.accepted as f64 / seconds } else { 0.0 };
    serde_json::json!({
        "source": args.source,
        "file": args.file.file_name().map(|name| name.to_string_lossy()),
        "lines": lines,
        "accepted": report.progress.accepted,
        "repeated": report.progress.repeated,
        "refused_count": report.progress.refused,
        "refused": report.refused.iter().take(REFUSED_SHOWN).collect::<Vec<_>>(),
        "warnings_count": report.progress.warned,
        "warnings": report.warnings.iter().take(REFUSED_SHOWN).collect::<Vec<_>>(),
        "seconds": (seconds * 1_000.0).round() / 1_000.0,
        "posts_per_second": rate.round(),
    })
}

fn merge(summary: &mut serde_json::Value, more: serde_json::Value) {
    if let (Some(summary), serde_json::Value::Object(more)) = (summary.as_object_mut(), more) {
        summary.extend(more);
    }
}

/// A file of which no line could be used is a failure, one with some bad lines is not; nor the bad rest of a file that an
/// earlier import took to a good part.
fn finish(report: &ImportReport, summary: &serde_json::Value, from_start: bool) -> anyhow::Result<ExitCode> {
    for one in report.refused.iter().take(REFUSED_SHOWN) {
        eprintln!("line {}: {}: {}；{}", one.line, one.field, one.reason, one.remedy);
    }
    println!("{summary}");
    let taken = report.progress.accepted + report.progress.repeated;
    let none = from_start && taken == 0 && !report.refused.is_empty();
    if none {
        eprintln!("no line could be used: mend the file, or name its columns with --mapping, and import it again");
    }
    Ok(if none { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// How far an import of this file came: kept in the data directory after every acknowledged batch.
#[derive(Serialize, Deserialize)]
struct Bookmark {
    /// The last line acknowledged.
    line: u64,
    #[serde(skip)]
    file: PathBuf,
    #[serde(skip)]
    data: PathBuf,
}

impl Bookmark {
    fn load(data: &Path, args: &ImportArgs) -> anyhow::Result<Bookmark> {
        let file = Bookmark::path(data, args)?;
        let kept = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice::<Bookmark>(&bytes).ok());
        Ok(Bookmark { line: kept.map_or(0, |kept| kept.line), file, data: data.to_owned() })
    }

    /// Named by the source, the file's path, size and time, and by how it is read: another file begins at its first line, and
    /// so does the same one with another mapping.
    fn path(data: &Path, args: &ImportArgs) -> anyhow::Result<PathBuf> {
        let found = std::fs::metadata(&args.file).with_context(|| args.file.display().to_string())?;
        let mut hash = Sha256::new();
        hash.update(args.source.as_deref().unwrap_or_default().as_bytes());
        hash.update(std::path::absolute(&args.file)?.as_os_str().as_encoded_bytes());
        hash.update(found.len().to_be_bytes());
        let changed = found.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        hash.update(changed.unwrap_or_default().as_nanos().to_be_bytes());
        if let Some(mapping) = &args.mapping {
            hash.update(std::fs::read(mapping).with_context(|| format!("--mapping {}", mapping.display()))?);
        }
        hash.update([u8::from(args.backfill)]);
        let name: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(data.join("imports").join(format!("{name}.json")))
    }

    /// A lost bookmark only costs reading lines again, which are then recognised as repeats: no fsync.
    fn keep(&mut self, line: u64) -> anyhow::Result<()> {
        self.line = line;
        crate::node::make_directory(&self.data.join("imports"))?;
        let fresh = self.file.with_extension("new");
        let write = || {
            std::fs::write(&fresh, serde_json::to_vec(self)?)?;
            std::fs::rename(&fresh, &self.file)
        };
        write().with_context(|| format!("{} cannot be written", self.file.display()))
    }

    fn finish(data: &Path, args: &ImportArgs) -> anyhow::Result<()> {
        let file = Bookmark::path(data, args)?;
        if file.exists() {
            std::fs::remove_file(&file).with_context(|| file.display().to_string())?;
        }
        Ok(())
    }
}
