//! Labelled posts from a file.

use std::path::Path;

use anyhow::{Context, bail};
use serde_json::Value;

/// A labelled post, masked as it would be when taken in.
pub(super) struct Labelled {
    pub(super) title: String,
    pub(super) text: String,
    /// Empty where only known what it is not.
    pub(super) class: String,
    /// Classes it was wrongly taken for.
    pub(super) not: Vec<String>,
    pub(super) weight: f64,
}

/// Labelled lines of a file; lines without the label are left out, unreadable ones are reported and left out.
pub(super) fn read(file: &Path, label: &str) -> anyhow::Result<Vec<Labelled>> {
    let content = std::fs::read_to_string(file).with_context(|| format!("--posts {}", file.display()))?;
    let mut posts = Vec::new();
    let mut without = 0_usize;
    for (number, line) in (1..).zip(content.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let value: Value = match serde_json::from_str(line) {
            Ok(value) => value,
            Err(error) => {
                eprintln!("{}: line {number}: {error}", file.display());
                continue;
            }
        };
        let field = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("");
        let class = match value.get(label) {
            Some(Value::Bool(yes)) => {
                if *yes {
                    "yes"
                } else {
                    "no"
                }
            }
            _ => field(label).trim(),
        };
        if class.is_empty() {
            without += 1;
            continue;
        }
        posts.push(Labelled {
            title: huiyin_text::prepare(field("title")).into_string(),
            text: huiyin_text::prepare(field("text")).into_string(),
            class: class.to_owned(),
            not: Vec::new(),
            weight: value.get("weight").and_then(Value::as_f64).unwrap_or(1.0).clamp(0.0, 1_000.0),
        });
    }
    if without > 0 {
        eprintln!("{}: {without} posts without `{label}` left out", file.display());
    }
    if posts.is_empty() {
        bail!("{}: no post has the field `{label}`", file.display());
    }
    Ok(posts)
}
