//! The sample: posts and what officials did about them, in order of time.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use huiyin_domain::{BEIJING, PostRef};
use huiyin_ingest::{RawPost, parse_push};
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// The last days of the sample run with deadlines, whoever answers.
const RUNNING_DAYS: i64 = 5;

/// What is played.
pub(super) struct Sample {
    pub(super) items: Vec<Item>,
}

/// One thing that happens.
pub(super) enum Item {
    /// A post comes in.
    Post { raw: RawPost, at: Timestamp, backfill: bool },
    /// Somebody acts.
    Action(Action),
}

/// One line of responses.jsonl.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Action {
    pub(super) post: PostRef,
    after_hours: f64,
    pub(super) action: String,
    pub(super) unit: String,
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) text: String,
    #[serde(default)]
    pub(super) channel: String,
    pub(super) link: Option<String>,
    pub(super) due: Option<Date>,
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) with: Vec<String>,
    #[serde(skip, default)]
    pub(super) at: Timestamp,
}

impl Item {
    pub(super) fn at(&self) -> Timestamp {
        match self {
            Item::Post { at, .. } => *at,
            Item::Action(action) => action.at,
        }
    }
}

impl Sample {
    /// Reads `posts.jsonl` and `responses.jsonl`, moved by whole days so that the last of them lies before `now`.
    ///
    /// # Errors
    /// Names the file and line that cannot be read.
    pub(super) fn read(directory: &Path, now: Timestamp) -> anyhow::Result<Sample> {
        let posts = read_posts(&directory.join("posts.jsonl"))?;
        let actions = read_actions(&directory.join("responses.jsonl"))?;
        let Some(last) = posts.iter().map(|(at, _)| *at).max() else { bail!("{}: no posts", directory.display()) };
        let days = now.duration_since(last).as_hours().div_euclid(24);
        let shift = SignedDuration::from_hours(days * 24);
        let moved = |at: Timestamp| at.saturating_add(shift).unwrap_or(at);
        let running = moved(last).saturating_sub(SignedDuration::from_hours(24 * RUNNING_DAYS)).unwrap_or(last);
        let answered: BTreeSet<&PostRef> = actions.iter().map(|action| &action.post).collect();
        let mut items = Vec::new();
        for action in &actions {
            let found = posts.iter().find(|(_, raw)| raw.source == action.post.source && raw.id == action.post.id);
            let (posted, _) = found.with_context(|| format!("responses.jsonl: no post {}", action.post))?;
            let after = SignedDuration::try_from_secs_f64(action.after_hours * 3_600.0).unwrap_or_default();
            let at = moved(*posted).saturating_add(after).unwrap_or(*posted);
            if at <= now {
                let due = action.due.map(|due| due.saturating_add(jiff::Span::new().days(days)));
                items.push(Item::Action(Action { at, due, ..action.clone() }));
            }
        }
        for (posted, raw) in &posts {
            let at = moved(*posted);
            let post = PostRef { source: raw.source.clone(), id: raw.id.clone() };
            let backfill = at < running && !answered.contains(&post);
            let raw = RawPost { time: at.to_string(), ..raw.clone() };
            items.push(Item::Post { raw, at, backfill });
        }
        // A post goes before an action of the same moment.
        items.sort_by_key(|item| (item.at(), matches!(item, Item::Action(_))));
        Ok(Sample { items })
    }

    pub(super) fn starts_at(&self) -> Timestamp {
        self.items.first().map_or(Timestamp::UNIX_EPOCH, Item::at)
    }
}

fn read_posts(file: &Path) -> anyhow::Result<Vec<(Timestamp, RawPost)>> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let mut posts = Vec::new();
    for (line, raw) in parse_push("application/x-ndjson", &bytes) {
        let place = || format!("{}:{line}", file.display());
        let raw = raw.map_err(|refused| anyhow::anyhow!("{}: {}: {}", place(), refused.field, refused.reason))?;
        let at: DateTime = raw.time.replace(' ', "T").parse().with_context(place)?;
        posts.push((BEIJING.to_timestamp(at).with_context(place)?, raw));
    }
    Ok(posts)
}

fn read_actions(file: &Path) -> anyhow::Result<Vec<Action>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let read = |(number, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{}:{}", file.display(), number + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}
