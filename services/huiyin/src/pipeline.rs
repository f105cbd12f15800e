//! Waiting until everything in the log is in the ledger.

use std::time::Duration;

use huiyin_stream::{ASSESSED, DEAD, Log, LogError, POSTS};
use tokio_util::sync::CancellationToken;

/// How often the positions are looked at.
const PERIOD: Duration = Duration::from_millis(10);

/// Waits until every post appended so far was assessed and taken in, or until `cancel`.
///
/// # Errors
/// What the log said.
pub(crate) async fn drained(log: &dyn Log, cancel: &CancellationToken) -> anyhow::Result<()> {
    while !cancel.is_cancelled() && !is_drained(log).await? {
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
    Ok(())
}

async fn is_drained(log: &dyn Log) -> Result<bool, LogError> {
    Ok(waiting(log).await?.iter().all(|(_, records)| *records == 0))
}

/// Records of each topic that its group has not taken yet. In the order of the way: a group commits after its output is
/// durable, so what the first look has seen the next one sees too.
///
/// # Errors
/// What the log said.
pub(crate) async fn waiting(log: &dyn Log) -> Result<Vec<(&'static str, i64)>, LogError> {
    let mut waiting = Vec::new();
    for (name, topic, group) in
        [("posts", &POSTS, "assess"), ("assessed", &ASSESSED, "intake"), ("dead", &DEAD, "intake")]
    {
        let committed = log.committed(topic, group).await?;
        let left = |end: huiyin_stream::PartitionEnd| {
            end.next - committed.get(&end.partition).copied().unwrap_or(end.earliest).max(end.earliest)
        };
        waiting.push((name, log.ends(topic).await?.into_iter().map(left).sum()));
    }
    Ok(waiting)
}
