//! `huiyin bench python`: the whole assessment against jieba and scikit-learn, as an office's own script would do it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use huiyin_domain::{BEIJING, Clock};
use huiyin_ingest::{RawPost, accept};
use huiyin_matching::{Assessor, Scope, Subject};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{TIME_MIN, ratio, reception};
use crate::cli::BenchArgs;
use crate::clock::SystemClock;
use crate::{catalogue, learn};

const PROGRAM: &str = include_str!("python.py");
/// How the program ends when a library is missing.
const MISSING: i32 = 3;

/// What the program measured, posts a second.
#[derive(Deserialize)]
struct Theirs {
    cut: f64,
    whole: f64,
    versions: String,
    classes: usize,
}

/// Both on the same posts, one after the other; ours before and after theirs, so that a machine that gets busier in
/// between shows. Rates are per second of processor time, which other work on the machine disturbs little.
pub(super) fn python(posts: &[RawPost], args: &BenchArgs) -> anyhow::Result<Value> {
    let assessor = Assessor::with_model(catalogue::load(&args.catalogue)?, learn::load(args.model.as_deref())?);
    // Assesses every post once, so that dictionaries are read before the clock runs, as theirs are.
    let input = input(&assessor, posts);
    let before = assess(&assessor, posts)?;
    let theirs = run(&args.python, &input)?;
    let after = assess(&assessor, posts)?;
    let ours = f64::midpoint(before, after);
    Ok(json!({
        "time": "processor",
        "posts_per_second": ours.round(), "posts_per_second_before_and_after": [before.round(), after.round()],
        "model": args.model.is_some(),
        "baseline": format!("jieba cut, TF-IDF and LinearSVC predict of the same posts, {} classes; {}", theirs.classes, theirs.versions),
        "baseline_posts_per_second": theirs.whole.round(), "baseline_cut_posts_per_second": theirs.cut.round(),
        "times_as_fast": ratio(ours / theirs.whole),
    }))
}

/// Masking and the whole assessment: posts a second of processor time.
fn assess(assessor: &Assessor, posts: &[RawPost]) -> anyhow::Result<f64> {
    let started = processor_time()?;
    let mut done = 0_usize;
    loop {
        for raw in posts {
            std::hint::black_box(system(assessor, raw));
        }
        done += posts.len();
        let spent = processor_time()?.saturating_sub(started);
        if spent >= TIME_MIN {
            return Ok(done as f64 / spent.as_secs_f64());
        }
    }
}

/// What this thread has spent on a processor, from the kernel's own account.
fn processor_time() -> anyhow::Result<Duration> {
    let account = std::fs::read_to_string("/proc/thread-self/schedstat").context("processor time of this thread")?;
    let nanoseconds = account.split_whitespace().next().and_then(|first| first.parse().ok());
    nanoseconds.map(Duration::from_nanos).context("/proc/thread-self/schedstat: no time in it")
}

fn system(assessor: &Assessor, raw: &RawPost) -> Option<String> {
    let post = accept(raw, &reception()).ok()?;
    let on = BEIJING.to_datetime(SystemClock.now()).date();
    let subject = Subject { title: &post.title, text: &post.text, place: &post.place, on, scope: Scope::Region };
    assessor.assess(&subject).system.map(|system| system.as_str().to_owned())
}

/// What the program learns from: each post with the system we see in it.
fn input(assessor: &Assessor, posts: &[RawPost]) -> Vec<u8> {
    let line = |raw: &RawPost| {
        let class = system(assessor, raw).unwrap_or_default();
        format!("{}\n", json!({ "text": format!("{}\n{}", raw.title, raw.text), "class": class }))
    };
    posts.iter().map(line).collect::<String>().into_bytes()
}

fn run(python: &Path, input: &[u8]) -> anyhow::Result<Theirs> {
    let mut command = Command::new(python);
    command.args(["-c", PROGRAM, &TIME_MIN.as_secs_f64().to_string()]);
    for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
        command.env(threads, "1");
    }
    let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = started.with_context(|| {
        format!("--python {}: cannot be run; name a Python 3 that has jieba and scikit-learn", python.display())
    })?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends early, for want of a library, says why by its status.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output()?;
    if output.status.code() == Some(MISSING) {
        bail!(
            "--python {}: needs jieba and scikit-learn; install them (pip install jieba scikit-learn) or name a Python that has them",
            python.display()
        );
    }
    if !output.status.success() {
        bail!("--python {}: ended with {}", python.display(), output.status);
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("--python {}: no figures", python.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_that_cannot_serve_is_named_with_the_remedy() {
        let directory = tempfile::tempdir().unwrap();
        let program = |name: &str, body: &str| {
            use std::os::unix::fs::PermissionsExt;
            let file = directory.path().join(name);
            std::fs::write(&file, format!("#!/bin/sh\n{body}\n")).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
            file
        };
        for (python, told) in [
            (directory.path().join("none"), "cannot be run; name a Python 3"),
            (program("bare", "exit 3"), "pip install jieba scikit-learn"),
            (program("broken", "exit 1"), "ended with exit status: 1"),
            (program("silent", "exit 0"), "no figures"),
        ] {
            let error = run(&python, b"{}\n").map(drop).unwrap_err().to_string();
            assert!(error.contains(told) && error.contains(&python.display().to_string()), "{error}");
        }
        let measured = program("good", "echo '{\"cut\":2,\"whole\":1.5,\"versions\":\"v\",\"classes\":3}'");
        assert_eq!(run(&measured, b"").unwrap().whole, 1.5);
        assert!(processor_time().unwrap() > Duration::ZERO);
    }
}
