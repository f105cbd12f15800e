//! Rebuilding the current state from the ledger: folds, decides nothing.

use std::collections::BTreeSet;

use huiyin_domain::matter::{Entry, Event, Matter};
use huiyin_domain::{MatterNo, PostRef};
use huiyin_store::{Store, Tx};
use serde::Serialize;

use crate::LedgerError;

/// What a rebuild found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RebuildReport {
    /// Matters folded.
    pub matters: u64,
    /// Entries folded.
    pub entries: u64,
    /// Every row stood as the entries say.
    pub identical: bool,
    /// Matters whose rows were otherwise, and are as the entries say now.
    pub changed: Vec<MatterNo>,
}

const PAGE: u32 = 200;

/// Folds every matter from its entries, compares the result with the current-state tables and writes it where they
/// differ. `progress` is called with the matters done so far.
///
/// # Errors
/// [`LedgerError::Fold`] when entries do not follow one another, otherwise what the store said.
pub async fn rebuild(store: &Store, mut progress: impl FnMut(u64)) -> Result<RebuildReport, LedgerError> {
    let mut report = RebuildReport::default();
    let mut after = None;
    loop {
        let page = store.matter_numbers(after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.clone());
        let mut tx = store.begin().await?;
        for no in &page {
            report.matters += 1;
            if rebuild_one(&mut tx, no, &mut report.entries).await? {
                report.changed.push(no.clone());
            }
        }
        tx.commit().await?;
        progress(report.matters);
    }
    for stray in store.matters_without_entries().await? {
        let mut tx = store.begin().await?;
        tx.remove_matter(&stray).await?;
        tx.commit().await?;
        report.changed.push(stray);
    }
    report.identical = report.changed.is_empty();
    Ok(report)
}

/// True when the rows of the matter stood otherwise.
async fn rebuild_one(tx: &mut Tx, no: &MatterNo, entries: &mut u64) -> Result<bool, LedgerError> {
    let stored: Vec<Entry> = tx.entries(no).await?.into_iter().map(|one| one.entry).collect();
    *entries += stored.len() as u64;
    let Some(folded) = Matter::fold(&stored)? else { return Ok(false) };
    let members = members(&stored);
    let mut changed = false;
    if tx.matter(no).await?.as_ref() != Some(&folded) || !tx.rows_match(&folded).await? {
        tx.overwrite_matter(&folded).await?;
        changed = true;
    }
    let rows: BTreeSet<PostRef> = tx.members(no).await?.into_iter().collect();
    if rows != members {
        let stray: Vec<PostRef> = rows.difference(&members).cloned().collect();
        tx.remove_members(no, &stray).await?;
        let missing: Vec<(PostRef, MatterNo)> =
            members.difference(&rows).map(|post| (post.clone(), no.clone())).collect();
        tx.overwrite_members(&missing).await?;
        changed = true;
    }
    Ok(changed)
}

/// The posts that belong to a matter, by its own entries.
fn members(entries: &[Entry]) -> BTreeSet<PostRef> {
    let mut members = BTreeSet::new();
    for entry in entries {
        match &entry.event {
            // The post of a further concern belongs to the matter it came from.
            Event::Opened { post, beside: None, .. } | Event::Joined { post, .. } => {
                members.insert(post.clone());
            }
            Event::Absorbed { posts, .. } => members.extend(posts.iter().cloned()),
            Event::SplitFrom { posts, .. } => members = posts.iter().cloned().collect(),
            Event::Released { posts, .. } => members.retain(|post| !posts.contains(post)),
            Event::MergedInto { .. } => members.clear(),
            _ => {}
        }
    }
    members
}
