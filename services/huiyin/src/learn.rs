//! `huiyin train` and `huiyin evaluate`: models from labelled posts and from the ledger, and how good they are.

mod labelled;
mod ledger;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use huiyin_ingest::map_in_order;
use huiyin_matching::Model;
use huiyin_matching::evaluate::{Figures, Judged, folds};
use huiyin_matching::train::{Example, Reading, TrainOptions};
use huiyin_text::Fingerprint;
use serde_json::{Value, json};

use crate::cli::{EvaluateArgs, Label, TrainArgs};
use crate::config::Config;
use labelled::Labelled;

/// Largest model file.
const MODEL_BYTES_MAX: u64 = 64 << 20;
/// Features of a head for systems: there are many, so more than for subjects. On four foldings of 291 letters whose reply
/// shows who answered, exactly the right one: 71.8 % at 20,000, 71.7 % at 30,000, 72.1 % at 45,000.
const SYSTEM_FEATURES_MAX: usize = 45_000;

/// `huiyin train`
pub(crate) async fn train(args: &TrainArgs) -> anyhow::Result<ExitCode> {
    let label = args.label.as_str();
    let mut posts = Vec::new();
    for file in &args.posts {
        posts.extend(labelled::read(file, label)?);
    }
    let in_force = args.out.exists().then(|| read_model(&args.out)).transpose()?;
    let (mut held_out, mut from_ledger, mut taught) = (Vec::new(), 0, Value::Null);
    if args.node.data.is_some() || args.node.config.is_some() {
        if args.label != Label::System {
            bail!("--data and --config: a ledger tells who answered; use --label system");
        }
        let confirmed = ledger::confirmed(&Config::load(&args.node)?).await?;
        from_ledger = confirmed.len();
        taught = ledger::taught(&confirmed);
        let (held, learned) = confirmed.into_iter().partition(|matter| matter.held_out);
        held_out = Vec::<ledger::Confirmed>::into_iter(held).map(|matter| matter.post).collect();
        posts.extend(Vec::<ledger::Confirmed>::into_iter(learned).map(|matter| matter.post));
    }
    let examples: Vec<Example> = posts.iter().map(|post| example(label, post)).collect();
    let examples: Vec<&Example> = examples.iter().collect();
    let base = in_force.as_ref().and_then(|model| model.head(label)).filter(|_| args.refine || from_ledger > 0);
    let head = match base {
        Some(base) => huiyin_matching::train::retrain(base, &examples, options(label)),
        None => huiyin_matching::train::train(label, &examples, options(label)),
    };
    let head = head.with_context(|| format!("--label {label}"))?;
    let (classes, features) = (head.classes().len(), head.features());
    let right_before = in_force.as_ref().filter(|model| model.head(label).is_some());
    let right_before = right_before.map(|model| right(model, label, &held_out));
    let model = Model::new(in_force.map(Model::into_heads).unwrap_or_default().into_iter().chain([head]));
    let right_now = right(&model, label, &held_out);
    let adopted = right_before.is_none_or(|before| right_now >= before);
    if adopted {
        write(&args.out, &model)?;
    } else {
        eprintln!(
            "not adopted: right on {right_now} of {} confirmed matters kept apart, the model in force on {}; \
             {} is kept as it is",
            held_out.len(),
            right_before.unwrap_or_default(),
            args.out.display()
        );
    }
    if from_ledger > 0 && held_out.is_empty() {
        eprintln!("no confirmed matter was left to compare on: nothing says that this model is better than another");
    }
    let heads: Vec<&str> = model.heads().iter().map(huiyin_matching::Head::label).collect();
    let result = json!({
        "model": model.version(), "label": label, "posts": examples.len(), "classes": classes, "features": features,
        "heads": heads, "bytes": model.to_bytes().len(), "adopted": adopted, "confirmed_matters": from_ledger,
        "taught": taught,
        "held_out": held_out.len(), "right": right_now, "right_before": right_before,
    });
    println!("{result}");
    Ok(if adopted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn options(label: &str) -> TrainOptions {
    match label == Label::System.as_str() {
        true => TrainOptions { features_max: SYSTEM_FEATURES_MAX, ..TrainOptions::default() },
        false => TrainOptions::default(),
    }
}

/// How many posts the model judges rightly.
fn right(model: &Model, label: &str, posts: &[Labelled]) -> usize {
    let judged = posts.iter().map(|post| judge(model, label, post));
    judged.filter(|judged| judged.given.as_deref() == Some(judged.actual.as_str())).count()
}

/// `huiyin evaluate`
pub(crate) fn evaluate(args: &EvaluateArgs) -> anyhow::Result<ExitCode> {
    let label = args.label.as_str();
    let posts = labelled::read(&args.posts, label)?;
    let (judged, how) = match &args.model {
        Some(file) => {
            let model = read_model(file)?;
            if model.head(label).is_none() {
                bail!("{}: has no head for {label}; train one with --label {label}", file.display());
            }
            let judged = posts.iter().map(|post| judge(&model, label, post)).collect();
            (judged, json!({ "model": model.version() }))
        }
        None => {
            let judged = fold(&posts, label, usize::from(args.folds), args.seed)?;
            (judged, json!({ "folds": args.folds, "seed": args.seed }))
        }
    };
    let mut result = figures(&Figures::of(&judged));
    if let (Some(result), Value::Object(how)) = (result.as_object_mut(), how) {
        result.extend(how);
    }
    println!("{result}");
    Ok(ExitCode::SUCCESS)
}

/// The model of a configuration or argument, if one is named.
///
/// # Errors
/// Names the file and what is wrong with it.
pub(crate) fn load(file: Option<&Path>) -> anyhow::Result<Option<Arc<Model>>> {
    file.map(|file| read_model(file).map(Arc::new)).transpose()
}

fn read_model(file: &Path) -> anyhow::Result<Model> {
    let bytes = std::fs::metadata(file).with_context(|| file.display().to_string())?.len();
    if bytes > MODEL_BYTES_MAX {
        bail!("{}: larger than {} MiB, no model", file.display(), MODEL_BYTES_MAX >> 20);
    }
    let content = std::fs::read(file).with_context(|| file.display().to_string())?;
    Model::from_bytes(&content).with_context(|| file.display().to_string())
}

/// Beside the file first, so that a reader never meets half of one.
fn write(file: &Path, model: &Model) -> anyhow::Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let beside = Path::new(&name);
    std::fs::write(beside, model.to_bytes()).with_context(|| beside.display().to_string())?;
    std::fs::rename(beside, file).with_context(|| file.display().to_string())
}

/// Every fold judged by a model that was trained on the others.
fn fold(posts: &[Labelled], label: &str, count: usize, seed: u64) -> anyhow::Result<Vec<Judged>> {
    let read = map_in_order(posts, 2, |post| {
        (example(label, post), Fingerprint::of(&format!("{}\n{}", post.title, post.text)))
    });
    let (examples, fingerprints): (Vec<Example>, Vec<Fingerprint>) = read.into_iter().unzip();
    let fold_of = folds(&fingerprints, count, seed);
    let numbers: Vec<usize> = (0..count).collect();
    let mut judged = Vec::with_capacity(posts.len());
    for fold in numbers {
        let (mut learned, mut held) = (Vec::new(), Vec::new());
        for ((example, post), of) in examples.iter().zip(posts).zip(&fold_of) {
            if *of == fold { held.push(post) } else { learned.push(example) }
        }
        if held.is_empty() {
            continue;
        }
        let head =
            huiyin_matching::train::train(label, &learned, options(label)).with_context(|| format!("fold {fold}"))?;
        let model = Model::new([head]);
        judged.extend(held.into_iter().map(|post| judge(&model, label, post)));
    }
    Ok(judged)
}

fn judge(model: &Model, label: &str, post: &Labelled) -> Judged {
    let best = model.rank(label, &post.title, &post.text).into_iter().next();
    let (given, chance) = best.map_or((None, 0.0), |best| (Some(best.class), best.chance));
    Judged { actual: post.class.clone(), given, chance }
}

fn example(label: &str, post: &Labelled) -> Example {
    Example {
        class: post.class.clone(),
        not: post.not.clone(),
        weight: post.weight,
        reading: Reading::of(label, &post.title, &post.text),
    }
}

fn figures(figures: &Figures) -> Value {
    let labels: Vec<Value> = figures
        .labels
        .iter()
        .map(|label| {
            json!({
                "label": label.class, "posts": label.posts, "precision": round(label.precision),
                "recall": round(label.recall), "f1": round(label.f1),
            })
        })
        .collect();
    let abstain: Vec<Value> = figures
        .abstain
        .iter()
        .map(|point| {
            json!({ "decided": round(point.decided), "right": round(point.right), "chance_min": round(point.chance_min) })
        })
        .collect();
    json!({
        "posts": figures.posts, "accuracy": round(figures.accuracy), "macro_f1": round(figures.macro_f1),
        "labels": labels, "abstain": abstain,
    })
}

fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
