//! The one way into the log: masks, encodes, leaves out plain repeats, appends.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use huiyin_domain::Clock;
use huiyin_proto::Message;
use huiyin_proto::v1::Post;
use huiyin_stream::{Log, Outgoing, POSTS};
use serde::Serialize;

use crate::parallel::map_in_order;
use crate::recent::Recent;
use crate::split::split;
use crate::{IngestError, RawPost, Reception, Refused, accept};

/// Posts remembered to recognise repeats; about 7 MB.
const RECENT_POSTS_MAX: usize = 65_536;

/// Tells whether the catalogue knows a place by this code or name.
pub type PlaceCheck = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// Puts posts into the log. Share it by `Arc`: it remembers what was appended lately.
pub struct Collector {
    log: Arc<dyn Log>,
    clock: Arc<dyn Clock>,
    place_known: Option<PlaceCheck>,
    workers: usize,
    recent: Mutex<Recent>,
    /// Names of configured sources, under which metrics count.
    metered: BTreeSet<String>,
}

/// Metrics count posts under this where no configured source brought them: what a push says of itself may be anything.
const PUSHED: &str = "push";

/// What became of the lines of one push. Every line is in exactly one of `accepted`, `repeated` and `refused`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Now in the log, durable.
    pub accepted: u64,
    /// Left out because the same text of the same post was appended lately; best effort.
    pub repeated: u64,
    /// Not taken, in order of line.
    pub refused: Vec<Refusal>,
    /// Taken, but something about them is odd, in order of line.
    pub warnings: Vec<Warning>,
}

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Number of the line, row or item, from 1.
    pub line: u64,
    /// The field at fault, or `line`.
    pub field: &'static str,
    /// What is wrong, in Chinese.
    pub reason: String,
    /// What to do about it, in Chinese.
    pub remedy: String,
}

/// Something odd about a line that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Number of the line, row or item, from 1.
    pub line: u64,
    /// The field.
    pub field: &'static str,
    /// What is odd, in Chinese.
    pub message: String,
}

impl Collector {
    /// A collector that writes to the topic `posts` of `log`.
    ///
    /// `place_known` makes places that the catalogue does not have a warning; `workers` is the number of threads that
    /// mask large pushes.
    pub fn new(log: Arc<dyn Log>, clock: Arc<dyn Clock>, place_known: Option<PlaceCheck>, workers: usize) -> Collector {
        let recent = Mutex::new(Recent::new(RECENT_POSTS_MAX));
        Collector { log, clock, place_known, workers, recent, metered: BTreeSet::new() }
    }

    /// Counts these sources by their own names in metrics, all others together.
    #[must_use]
    pub fn metering(self, sources: impl IntoIterator<Item = String>) -> Collector {
        Collector { metered: sources.into_iter().collect(), ..self }
    }

    /// Masks and appends posts; what it says is accepted is durable. `lines` are numbered as the sender counts them.
    ///
    /// # Errors
    /// [`IngestError::Log`] when the log failed. Some posts may be in the log then; pushing again is safe, because
    /// repeats are dropped at intake.
    pub async fn push(
        self: &Arc<Self>,
        lines: Vec<(u64, Result<RawPost, Refused>)>,
        reception: Reception,
    ) -> Result<Receipt, IngestError> {
        let started = std::time::Instant::now();
        let source = self.metered.get(&reception.source).cloned().unwrap_or_else(|| PUSHED.to_owned());
        let this = self.clone();
        let prepared = tokio::task::spawn_blocking(move || {
            map_in_order(&lines, this.workers, |(line, raw)| this.prepare(*line, raw, &reception))
        });
        let prepared = prepared.await.map_err(|_| IngestError::Abandoned("masking"))?;
        let mut receipt = Receipt::default();
        let fresh = self.sort_out(prepared, &mut receipt);
        self.append(fresh, &mut receipt).await?;
        let count = |outcome: &'static str, posts: u64| {
            metrics::counter!("collect_posts_total", "source" => source.clone(), "outcome" => outcome).increment(posts);
        };
        count("accepted", receipt.accepted);
        count("repeated", receipt.repeated);
        count("refused", receipt.refused.len() as u64);
        metrics::histogram!("collect_batch_seconds").record(started.elapsed());
        Ok(receipt)
    }

    /// The clock that receptions are stamped with.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The log that posts go to.
    pub(crate) fn log(&self) -> &Arc<dyn Log> {
        &self.log
    }

    fn prepare(&self, line: u64, raw: &Result<RawPost, Refused>, reception: &Reception) -> Result<Prepared, Refusal> {
        let refuse =
            |refused: Refused| Refusal { line, field: refused.field, reason: refused.reason, remedy: refused.remedy };
        let raw = raw.as_ref().map_err(|refused| refuse(refused.clone()))?;
        // A defect that one post brings out must not keep the others of its push from being taken.
        let accepted = catch_unwind(AssertUnwindSafe(|| accept(raw, reception)));
        let accepted = accepted.unwrap_or_else(|_| {
            tracing::error!(line, source = reception.source, "a post brought out a defect in masking");
            Err(Refused::line("处理程序出错，这一条没有收", "请把这一条报告给开发者，其余不受影响"))
        });
        let post = accepted.map_err(refuse)?;
        let mut warnings = Vec::new();
        if post.url.is_empty() && !raw.url.trim().is_empty() {
            let message = "链接（url）不是可用的网址，未保留".to_owned();
            warnings.push(Warning { line, field: "url", message });
        }
        if let Some(known) = &self.place_known
            && !post.place.is_empty()
            && !known(&post.place)
        {
            // The masked place is safe to show, and is what the officer has to look up.
            let message = format!("职责目录里没有属地“{}”，已按原文保留", post.place);
            warnings.push(Warning { line, field: "place", message });
        }
        Ok(Prepared { warnings, digest: post.digest.clone(), outgoing: outgoing(&post) })
    }

    /// Counts refusals, warnings and repeats; what is left is to be appended.
    fn sort_out(&self, prepared: Vec<Result<Prepared, Refusal>>, receipt: &mut Receipt) -> Vec<Prepared> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fresh: Vec<Prepared> = Vec::with_capacity(prepared.len());
        // Within one push the text before counts, as in the log: a change taken back is news.
        let mut last: HashMap<Bytes, String> = HashMap::new();
        for prepared in prepared {
            let mut prepared = match prepared {
                Ok(prepared) => prepared,
                Err(refusal) => {
                    receipt.refused.push(refusal);
                    continue;
                }
            };
            receipt.warnings.append(&mut prepared.warnings);
            let key = prepared.outgoing.key.clone();
            let repeat = match last.get(&key) {
                Some(digest) => *digest == prepared.digest,
                None => recent.is_repeat(&key, &prepared.digest),
            };
            if repeat {
                receipt.repeated += 1;
                continue;
            }
            last.insert(key, prepared.digest.clone());
            fresh.push(prepared);
        }
        fresh
    }

    async fn append(&self, fresh: Vec<Prepared>, receipt: &mut Receipt) -> Result<(), IngestError> {
        let (mut digests, records): (VecDeque<String>, Vec<Outgoing>) =
            fresh.into_iter().map(|prepared| (prepared.digest, prepared.outgoing)).unzip();
        for records in split(records) {
            let keys: Vec<Bytes> = records.iter().map(|record| record.key.clone()).collect();
            self.log.append(&POSTS, records).await?;
            receipt.accepted += keys.len() as u64;
            let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, digest) in keys.iter().zip(digests.drain(..keys.len().min(digests.len()))) {
                recent.note(key, &digest);
            }
        }
        Ok(())
    }
}

/// A post that may be written.
struct Prepared {
    warnings: Vec<Warning>,
    digest: String,
    outgoing: Outgoing,
}

/// The record of a post in the topic `posts`: key `source`, U+001F, `id`.
fn outgoing(post: &Post) -> Outgoing {
    Outgoing {
        key: Bytes::from(format!("{}\u{1f}{}", post.source, post.id)),
        payload: Bytes::from(post.encode_to_vec()),
        headers: Vec::new(),
        at_ms: post.received_at_us.div_euclid(1_000),
    }
}
