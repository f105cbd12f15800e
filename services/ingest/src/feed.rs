//! RSS and Atom: polling, what is new, and what the server says about it.

mod cursor;
mod entries;
mod fetch;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use huiyin_domain::Clock;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, wait};
use crate::source::{HealthState, SourceKind};
use crate::{Collector, HealthSink, Receipt, Reception, Source, SourceHealth, accept};
use cursor::FeedCursor;
use fetch::{Answer, fetch};

pub use fetch::feed_client;

/// Longest wait after failures, unless the source is polled more seldom anyway.
const BACKOFF_MAX: Duration = Duration::from_secs(3_600);

/// A feed to poll.
#[derive(Clone, Debug)]
pub struct FeedOptions {
    /// Name of the source.
    pub source: String,
    /// Address, http or https.
    pub url: String,
    /// Time between polls. After failures it is doubled up to an hour, or to what the server asks for.
    pub every: Duration,
    /// Place of the posts; may be blank.
    pub default_place: String,
    /// Time for one poll. Default 20 s.
    pub timeout: Duration,
    /// Largest answer. Default 5 MiB.
    pub body_bytes_max: usize,
}

impl FeedOptions {
    /// Polls every ten minutes, with the default limits.
    #[must_use]
    pub fn new(source: impl Into<String>, url: impl Into<String>) -> FeedOptions {
        FeedOptions {
            source: source.into(),
            url: url.into(),
            every: Duration::from_secs(600),
            default_place: String::new(),
            timeout: Duration::from_secs(20),
            body_bytes_max: 5 << 20,
        }
    }
}

/// A source that polls a feed.
pub struct FeedSource {
    options: FeedOptions,
    client: reqwest::Client,
    cursor: FeedCursor,
}

/// How a poll went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Polled {
    /// There were entries not seen before; what became of them.
    New(Receipt),
    /// The same as last time.
    Unchanged,
    /// A valid feed without entries.
    Empty,
    /// No readable answer.
    Failed {
        /// What happened, in Chinese.
        reason: String,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
}

impl FeedSource {
    /// A feed source that goes on at `cursor`, as reported last; blank or unreadable means from the beginning. Make
    /// `client` with [`feed_client`].
    #[must_use]
    pub fn new(options: FeedOptions, client: reqwest::Client, cursor: &str) -> FeedSource {
        FeedSource { options, client, cursor: FeedCursor::parse(cursor) }
    }

    /// Where to go on after a restart.
    #[must_use]
    pub fn cursor(&self) -> String {
        self.cursor.to_text()
    }

    /// Fetches once and pushes what was not seen before. The cursor moves only when the posts are durable.
    pub async fn poll(&mut self, collector: &Arc<Collector>) -> Polled {
        let failed = |reason: String| Polled::Failed { reason, retry_after: None };
        let page = match fetch(&self.client, &self.options, &self.cursor).await {
            Ok(Answer::NotModified) => return Polled::Unchanged,
            Ok(Answer::Page(page)) => page,
            Err(fault) => return Polled::Failed { reason: fault.reason, retry_after: fault.retry_after },
        };
        let (url, body) = (page.url, page.body);
        let entries = tokio::task::spawn_blocking(move || entries::read(&url, &body)).await;
        let entries = match entries {
            Ok(Ok(entries)) => entries,
            Ok(Err(reason)) => return failed(reason),
            Err(_) => return failed("解析时出错".to_owned()),
        };
        if entries.is_empty() {
            self.cursor.tags(page.etag, page.last_modified);
            return Polled::Empty;
        }
        let reception = Reception {
            received_at: collector.clock().now(),
            source: self.options.source.clone(),
            source_fixed: true,
            default_place: self.options.default_place.clone(),
            backfill: false,
        };
        // Known by the masked text: a refused entry is unknown each time, and is counted each time the page changes.
        let marks: Vec<Option<String>> = entries
            .iter()
            .map(|entry| accept(entry, &reception).ok().map(|post| FeedCursor::mark(&post.id, &post.digest)))
            .collect();
        let lines: Vec<_> = (1..)
            .zip(entries.into_iter().zip(&marks))
            .filter(|(_, (_, mark))| mark.as_ref().is_none_or(|mark| !self.cursor.has(mark)))
            .map(|(line, (entry, _))| (line, Ok(entry)))
            .collect();
        let polled = if lines.is_empty() {
            Polled::Unchanged
        } else {
            match collector.push(lines, reception).await {
                Ok(receipt) if receipt.accepted == 0 && receipt.refused.is_empty() => Polled::Unchanged,
                Ok(receipt) => Polled::New(receipt),
                Err(error) => {
                    tracing::warn!(source = self.options.source, error = %error, "feed entries could not be appended");
                    return failed("日志暂时写不进去，稍后重试".to_owned());
                }
            }
        };
        self.cursor.tags(page.etag, page.last_modified);
        self.cursor.see(marks.into_iter().flatten());
        polled
    }

    fn health(&self, polled: &Polled, clock: &dyn Clock) -> SourceHealth {
        let (name, kind, at) = (self.options.source.as_str(), SourceKind::Feed, clock.now());
        let health = match polled {
            Polled::New(receipt) => SourceHealth::of_receipt(name, kind, receipt, at),
            Polled::Unchanged => SourceHealth::of_state(name, kind, HealthState::Unchanged, String::new(), at),
            Polled::Empty => {
                SourceHealth::of_state(name, kind, HealthState::Empty, "订阅源里一条内容也没有".to_owned(), at)
            }
            Polled::Failed { reason, .. } => {
                SourceHealth::of_state(name, kind, HealthState::Failed, reason.clone(), at)
            }
        };
        SourceHealth { cursor: self.cursor(), ..health }
    }
}

#[async_trait]
impl Source for FeedSource {
    fn name(&self) -> &str {
        &self.options.source
    }

    fn kind(&self) -> SourceKind {
        SourceKind::Feed
    }

    async fn run(
        mut self: Box<Self>,
        collector: Arc<Collector>,
        health: Arc<dyn HealthSink>,
        cancel: CancellationToken,
    ) {
        let mut backoff = Backoff::new(self.options.every, self.options.every.max(BACKOFF_MAX));
        loop {
            let polled = tokio::select! {
                biased;
                () = cancel.cancelled() => return,
                polled = self.poll(&collector) => polled,
            };
            let report = self.health(&polled, collector.clock());
            metrics::counter!("collect_tries_total", "source" => report.source.clone(), "outcome" => report.state.as_str())
                .increment(1);
            health.report(report).await;
            let pause = if let Polled::Failed { retry_after, .. } = polled {
                backoff.next().max(retry_after.unwrap_or_default().min(BACKOFF_MAX))
            } else {
                backoff.reset();
                self.options.every
            };
            if !wait(pause, &cancel).await {
                return;
            }
        }
    }
}
