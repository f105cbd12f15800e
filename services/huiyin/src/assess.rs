//! `huiyin assess` and `huiyin group`: posts from stdin, one JSON line each.

use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context;
use huiyin_domain::{BEIJING, Clock, UnitRef};
use huiyin_ingest::{RawPost, Reception, accept, map_in_order, parse_push};
use huiyin_matching::{Assessment, Assessor, Decision, Scope, Subject, grouping::Grouper};
use huiyin_proto::v1::Post;
use serde_json::{Value, json};

use crate::catalogue;
use crate::cli::AssessArgs;
use crate::clock::SystemClock;
use crate::learn;

/// Posts assessed at a time.
const BATCH: usize = 512;

/// `huiyin assess`
pub(crate) fn assess(args: &AssessArgs) -> anyhow::Result<ExitCode> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    each(args, |assessor, post, assessment| {
        let line = line(assessor, post, assessment, args.explain);
        writeln!(out, "{line}").context("stdout")
    })?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// `huiyin group`
pub(crate) fn group(args: &AssessArgs) -> anyhow::Result<ExitCode> {
    let mut grouper = Grouper::new();
    each(args, |_, post, assessment| {
        let published_at = post.published_at_us.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
        grouper.push(&post.id, &post.title, &post.text, published_at, assessment);
        Ok(())
    })?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (id, matter) in grouper.finish() {
        writeln!(out, "{}", json!({ "id": id, "matter": matter.to_string() })).context("stdout")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Assesses every readable line of stdin in order; the others are reported on stderr with their numbers and skipped.
fn each(
    args: &AssessArgs,
    mut take: impl FnMut(&Assessor, &Post, &Assessment) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let assessor = Assessor::with_model(catalogue::load(&args.catalogue)?, learn::load(args.model.as_deref())?);
    let scope = if args.anywhere { Scope::Anywhere } else { Scope::Region };
    let now = SystemClock.now();
    let reception = Reception {
        received_at: now,
        source: "stdin".into(),
        source_fixed: false,
        default_place: String::new(),
        backfill: true,
    };
    let mut lines = Lines { input: std::io::stdin().lock(), number: 0 };
    loop {
        let batch = lines.batch()?;
        if batch.is_empty() {
            return Ok(());
        }
        let done = map_in_order(&batch, usize::from(args.workers), |(number, raw)| {
            let post = raw.clone().and_then(|raw| accept(&raw, &reception)).map_err(|refused| (*number, refused))?;
            let published = post.published_at_us.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
            let subject = Subject {
                title: &post.title,
                text: &post.text,
                place: &post.place,
                on: BEIJING.to_datetime(published.unwrap_or(now)).date(),
                scope,
            };
            let assessment = assessor.assess(&subject);
            Ok::<_, (u64, huiyin_ingest::Refused)>((post, assessment))
        });
        for one in done {
            match one {
                Ok((post, assessment)) => take(&assessor, &post, &assessment)?,
                Err((number, refused)) => {
                    eprintln!("line {number}: {}: {}；{}", refused.field, refused.reason, refused.remedy);
                }
            }
        }
    }
}

struct Lines<R> {
    input: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    fn batch(&mut self) -> anyhow::Result<Vec<(u64, Result<RawPost, huiyin_ingest::Refused>)>> {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let mut line = Vec::new();
            if self.input.read_until(b'\n', &mut line).context("stdin")? == 0 {
                break;
            }
            self.number += 1;
            for (_, raw) in parse_push("application/x-ndjson", &line) {
                batch.push((self.number, raw));
            }
        }
        Ok(batch)
    }
}

/// The assessment line of the contract.
fn line(assessor: &Assessor, post: &Post, assessment: &Assessment, explain: bool) -> Value {
    let unit = |unit: &Option<UnitRef>| unit.as_ref().map(|unit| unit.name.clone());
    let evidence = &assessment.evidence;
    let candidates: Vec<Value> = evidence
        .candidates
        .iter()
        .map(|one| {
            let terms: Vec<Value> = one
                .terms
                .iter()
                .map(|term| match explain {
                    true => json!({ "text": term.text, "weight": round(term.weight), "start": term.start }),
                    false => Value::from(term.text.clone()),
                })
                .collect();
            let clauses: Vec<Value> = one
                .clauses
                .iter()
                .map(|clause| json!({ "document": clause.document, "clause": clause.clause }))
                .collect();
            let mut line = json!({
                "system": one.system.as_str(), "unit": unit(&one.unit), "score": round(one.score),
                "terms": terms, "clauses": clauses,
            });
            if explain && let Some(line) = line.as_object_mut() {
                line.insert("why".into(), one.why.clone().into());
            }
            line
        })
        .collect();
    let mut line = json!({
        "id": post.id,
        "topic": assessment.topic,
        "decision": assessment.decision.as_str(),
        "system": assessment.system.as_ref().map(|system| system.as_str()),
        "unit": unit(&assessment.unit),
        "assist": assessment.assist.iter().map(|one| one.name.clone()).collect::<Vec<_>>(),
        "place": assessment.place.as_ref().map(|place| json!({ "code": place.code.as_str(), "name": place.name })),
        "grade": assessment.grade.as_str(),
        "candidates": candidates,
        "danger": assessment.danger,
        "danger_words": evidence.danger_words,
        "certain": assessment.certain,
        "accused": evidence.accused,
        "kind": evidence.demand.map(|demand| demand.chinese()),
        "kind_words": evidence.demand_words,
        "further": evidence.further.iter().map(|one| json!({
            "system": one.system.as_str(), "unit": unit(&one.unit), "terms": one.terms,
        })).collect::<Vec<_>>(),
        "reason": assessment.reason,
        "catalogue": assessor.catalogue().version().as_str(),
        "model": assessor.model_version(),
    });
    if let (Decision::Aside(aside), Some(line)) = (assessment.decision, line.as_object_mut()) {
        line.insert("aside".into(), aside.as_str().into());
    }
    line
}

/// Four decimals: enough to read, and the same on every machine.
fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
