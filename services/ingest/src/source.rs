//! Sources that run by themselves, and how each of them is.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::{Collector, Receipt};

/// A source that fetches posts by itself until it is told to stop.
#[async_trait]
pub trait Source: Send {
    /// Its name, as posts carry it.
    fn name(&self) -> &str;

    /// What kind it is.
    fn kind(&self) -> SourceKind;

    /// Fetches posts until `cancel`. Failures are reported to `health`, waited out and tried again: a source never ends
    /// by itself, and what it pushed is durable before it moves on.
    async fn run(self: Box<Self>, collector: Arc<Collector>, health: Arc<dyn HealthSink>, cancel: CancellationToken);
}

/// Keeps what sources report. It must not block for long: the source waits for it.
#[async_trait]
pub trait HealthSink: Send + Sync {
    /// Called after every try.
    async fn report(&self, health: SourceHealth);
}

/// The kinds of sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Posts pushed over HTTP.
    Push,
    /// An imported file.
    File,
    /// RSS or Atom.
    Feed,
    /// A topic that outside programs write.
    External,
}

impl SourceKind {
    /// The word of records and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            SourceKind::Push => "push",
            SourceKind::File => "file",
            SourceKind::Feed => "feed",
            SourceKind::External => "external",
        }
    }
}

/// How one try of a source went. The counts are of this try: whoever keeps them adds them up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceHealth {
    /// Name of the source.
    pub source: String,
    /// What kind it is.
    pub kind: SourceKind,
    /// How the try went.
    pub state: HealthState,
    /// What an official should know, in Chinese; blank when all is well.
    pub message: String,
    /// When it was tried.
    pub last_try_at: Timestamp,
    /// The same, when the try succeeded; otherwise what was kept holds.
    pub last_ok_at: Option<Timestamp>,
    /// The same, when it brought anything new; otherwise what was kept holds.
    pub last_change_at: Option<Timestamp>,
    /// Posts appended.
    pub accepted: u64,
    /// Posts left out as repeats.
    pub repeated: u64,
    /// Posts refused.
    pub refused: u64,
    /// Where to go on after a restart; give it back when the source is made. Blank when it needs none.
    pub cursor: String,
}

/// How a try went: nothing new, nothing at all and a failure are different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// It brought something.
    Ok,
    /// It answered, with nothing new.
    Unchanged,
    /// It answered with no posts at all: worth a look when it used to have some.
    Empty,
    /// It did not answer, or not in a readable way.
    Failed,
}

impl HealthState {
    /// The word of records and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            HealthState::Ok => "ok",
            HealthState::Unchanged => "unchanged",
            HealthState::Empty => "empty",
            HealthState::Failed => "failed",
        }
    }
}

impl SourceHealth {
    /// A try that brought nothing, for the reason that `state` and `message` give.
    #[must_use]
    pub fn of_state(
        source: &str,
        kind: SourceKind,
        state: HealthState,
        message: String,
        at: Timestamp,
    ) -> SourceHealth {
        SourceHealth {
            source: source.to_owned(),
            kind,
            state,
            message,
            last_try_at: at,
            last_ok_at: (state != HealthState::Failed).then_some(at),
            last_change_at: None,
            accepted: 0,
            repeated: 0,
            refused: 0,
            cursor: String::new(),
        }
    }

    /// A try whose posts were pushed; also for pushes over HTTP and files. The name of the source is masked here.
    #[must_use]
    pub fn of_receipt(source: &str, kind: SourceKind, receipt: &Receipt, at: Timestamp) -> SourceHealth {
        let refused = receipt.refused.len() as u64;
        let state = match (receipt.accepted, receipt.repeated, refused) {
            (0, 0, 0) => HealthState::Empty,
            (0, 0, _) => HealthState::Failed,
            (0, _, _) => HealthState::Unchanged,
            _ => HealthState::Ok,
        };
        let message = match receipt.refused.first() {
            Some(first) => format!("有 {refused} 条没有收，其中第 {} 条：{}", first.line, first.reason),
            None => String::new(),
        };
        SourceHealth {
            last_change_at: (receipt.accepted > 0).then_some(at),
            accepted: receipt.accepted,
            repeated: receipt.repeated,
            refused,
            ..SourceHealth::of_state(huiyin_text::prepare(source).as_str(), kind, state, message, at)
        }
    }
}
