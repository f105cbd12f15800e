//! The follower that keeps the search index of this process: posts by key, matters by the ledger's numbers.
//!
//! An index that is new is built from what the store holds now; from then on each post stored and each numbered entry is
//! read once. Positions are committed with the index, so a crash costs reading a batch again, which changes nothing.

mod document;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use huiyin_domain::MatterNo;
use huiyin_domain::matter::{Event, Matter};
use huiyin_ledger::Ledger;
use huiyin_search::{Item, Positions, Search, Writer};
use huiyin_store::{KeyedPost, Store};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use document::{Change, of_matter, of_post};

/// Posts or entries read at once.
const BATCH: u32 = 1_000;
/// Matters read at once.
const MATTERS: u32 = 500;
/// How often posts set aside are looked for: they make no ledger entry.
const PERIOD: Duration = Duration::from_secs(2);
/// Wait after a failure.
const RETRY: Duration = Duration::from_secs(5);

/// Opens this process's index; none when its directory cannot be used, and then the node goes on without searching.
pub(crate) async fn open(config: &Config) -> anyhow::Result<Option<Arc<Search>>> {
    let directory = config.data.join("search");
    let opened = tokio::task::spawn_blocking(move || Search::open(&directory, &huiyin_search::segmenter())).await?;
    match opened {
        Ok(search) => Ok(Some(Arc::new(search))),
        Err(error) => {
            let error = anyhow::Error::new(error);
            tracing::error!(error = format!("{error:#}"), "the search index cannot be used; searching is off");
            Ok(None)
        }
    }
}

/// Keeps the index up to date until `cancel`.
///
/// # Errors
/// Never for now: what fails is logged and tried again.
pub(crate) async fn follow(search: Arc<Search>, ledger: Ledger, cancel: CancellationToken) -> anyhow::Result<()> {
    let mut changes = ledger.changes();
    while !cancel.is_cancelled() {
        let wait = match run(&search, &ledger, &mut changes, &cancel).await {
            Ok(()) => return Ok(()),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the search index waits");
                RETRY
            }
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    Ok(())
}

async fn run(
    search: &Arc<Search>,
    ledger: &Ledger,
    changes: &mut tokio::sync::watch::Receiver<u64>,
    cancel: &CancellationToken,
) -> anyhow::Result<()> {
    let mut follower = Follower::open(search.clone(), ledger.store().clone()).await?;
    while !cancel.is_cancelled() {
        if follower.step(cancel).await? {
            continue;
        }
        tokio::select! {
            () = cancel.cancelled() => {}
            _ = changes.changed() => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
    Ok(())
}

/// The index with its writer, and where it reads from.
pub(crate) struct Follower {
    search: Arc<Search>,
    store: Store,
    /// Away only while a thread works with it.
    writer: Option<Writer>,
    /// Something was erased since the last commit.
    erased: bool,
}

impl Follower {
    pub(crate) async fn open(search: Arc<Search>, store: Store) -> anyhow::Result<Follower> {
        let one = search.clone();
        let writer = tokio::task::spawn_blocking(move || one.writer()).await??;
        let mut follower = Follower { search, store, writer: Some(writer), erased: false };
        follower.check().await?;
        Ok(follower)
    }

    /// An index that is ahead of the store followed another one, or the store was restored from a backup.
    async fn check(&mut self) -> anyhow::Result<()> {
        let positions = self.search.positions();
        let (entries, posts) = (self.store.last_number().await?, self.store.last_post_key().await?);
        if positions.entries > entries || positions.posts > posts {
            tracing::warn!("the search index is ahead of the database and is built anew");
            self.with_writer(|writer| writer.restart()).await?;
        }
        Ok(())
    }

    /// Builds the index, or reads one batch; true when there may be more.
    ///
    /// # Errors
    /// What store or index said; the follower is of no use any more.
    pub(crate) async fn step(&mut self, cancel: &CancellationToken) -> anyhow::Result<bool> {
        if !self.search.is_built() {
            return self.build(cancel).await;
        }
        let before = self.search.positions();
        let entries = self.store.entries_numbered(before.entries, BATCH).await?;
        let posts = self.store.posts_after(before.posts, BATCH).await?;
        if entries.is_empty() && posts.is_empty() {
            return Ok(false);
        }
        let positions = Positions {
            entries: entries.last().and_then(|last| last.number).unwrap_or(before.entries),
            posts: posts.last().map_or(before.posts, |last| last.key),
            built: true,
        };
        let more = entries.len() == BATCH as usize || posts.len() == BATCH as usize;
        let mut changed: BTreeMap<MatterNo, bool> = BTreeMap::new();
        for stored in entries {
            *changed.entry(stored.entry.matter).or_default() |= concerns_posts(&stored.entry.event);
        }
        self.put_posts(posts).await?;
        self.put_matters(&changed).await?;
        self.commit(positions).await?;
        Ok(more)
    }

    /// Reads everything. What is added meanwhile lies behind the positions taken before, and is read afterwards.
    async fn build(&mut self, cancel: &CancellationToken) -> anyhow::Result<bool> {
        let mut positions = Positions { entries: self.store.last_number().await?, posts: 0, built: true };
        self.with_writer(|writer| writer.restart()).await?;
        let mut last: Option<MatterNo> = None;
        loop {
            if cancel.is_cancelled() {
                return Ok(false);
            }
            let numbers = self.store.matter_numbers(last.as_ref(), MATTERS).await?;
            let Some(next) = numbers.last().cloned() else { break };
            last = Some(next);
            let matters = self.store.matters_numbered(&numbers).await?;
            self.apply(matters.iter().map(of_matter).collect()).await?;
        }
        loop {
            if cancel.is_cancelled() {
                return Ok(false);
            }
            let posts = self.store.posts_after(positions.posts, BATCH).await?;
            let Some(next) = posts.last().map(|post| post.key) else { break };
            positions.posts = next;
            self.put_posts(posts).await?;
        }
        self.commit(positions).await?;
        tracing::info!(documents = self.search.documents(), "the search index is built");
        Ok(true)
    }

    /// Matters that changed, and with `true` their posts.
    async fn put_matters(&mut self, changed: &BTreeMap<MatterNo, bool>) -> anyhow::Result<()> {
        let numbers: Vec<MatterNo> = changed.keys().cloned().collect();
        for matter in self.store.matters_numbered(&numbers).await? {
            self.erased |= matter.title.is_none();
            self.apply(vec![of_matter(&matter)]).await?;
            if !changed.get(&matter.no).copied().unwrap_or_default() {
                continue;
            }
            let mut key = 0;
            loop {
                let posts = self.store.posts_of(&matter.no, key, BATCH).await?;
                let Some(last) = posts.last() else { break };
                key = last.key;
                self.apply(posts.iter().map(|post| of_post(&post.post, Some(&matter))).collect()).await?;
            }
        }
        Ok(())
    }

    async fn put_posts(&mut self, posts: Vec<KeyedPost>) -> anyhow::Result<()> {
        let mut numbers: Vec<MatterNo> = posts.iter().filter_map(|post| post.post.matter.clone()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let matters = self.store.matters_numbered(&numbers).await?;
        let matters: BTreeMap<&MatterNo, &Matter> = matters.iter().map(|matter| (&matter.no, matter)).collect();
        let change = |keyed: &KeyedPost| {
            let matter = keyed.post.matter.as_ref().and_then(|no| matters.get(no).copied());
            of_post(&keyed.post, matter)
        };
        self.apply(posts.iter().map(change).collect()).await
    }

    async fn apply(&mut self, changes: Vec<Change>) -> anyhow::Result<()> {
        self.erased |= changes.iter().any(|change| matches!(change, Change::Remove(Item::Post(_))));
        self.with_writer(move |writer| {
            for change in &changes {
                match change {
                    Change::Put(document) => writer.put(document)?,
                    Change::Remove(item) => writer.remove(item),
                }
            }
            Ok(())
        })
        .await
    }

    async fn commit(&mut self, positions: Positions) -> anyhow::Result<()> {
        let erased = std::mem::take(&mut self.erased);
        self.with_writer(move |writer| {
            writer.commit(positions)?;
            if erased { writer.purge() } else { Ok(()) }
        })
        .await?;
        metrics::gauge!("huiyin_search_documents").set(self.search.documents() as f64);
        Ok(())
    }

    /// Works with the writer off the async threads.
    async fn with_writer(
        &mut self,
        work: impl FnOnce(&mut Writer) -> Result<(), huiyin_search::SearchError> + Send + 'static,
    ) -> anyhow::Result<()> {
        let mut writer = self.writer.take().context("the writer of the search index was lost in a failure")?;
        let (writer, done) = tokio::task::spawn_blocking(move || {
            let done = work(&mut writer);
            (writer, done)
        })
        .await?;
        self.writer = Some(writer);
        Ok(done?)
    }
}

/// Changes what the documents of a matter's posts say: which matter, its state, grade and units.
fn concerns_posts(event: &Event) -> bool {
    !matches!(
        event,
        Event::Joined { .. }
            | Event::Acted { .. }
            | Event::Committed { .. }
            | Event::Verified { .. }
            | Event::Consulted { .. }
            | Event::Concluded { .. }
            | Event::Supervised
            | Event::Extended { .. }
            | Event::DeadlinePassed { .. }
    )
}

#[cfg(test)]
mod tests;
