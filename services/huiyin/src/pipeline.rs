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

/// In the order of the way: a group commits after its output is durable, so what the first check has seen the next one
/// sees too.
async fn is_drained(log: &dyn Log) -> Result<bool, LogError> {
    for (topic, group) in [(&POSTS, "assess"), (&ASSESSED, "intake"), (&DEAD, "intake")] {
        let committed = log.committed(topic, group).await?;
        for end in log.ends(topic).await? {
            let position = committed.get(&end.partition).copied().unwrap_or(end.earliest);
            if position < end.next {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
