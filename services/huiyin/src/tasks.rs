//! Every task of the process is spawned here, with a name, an on-error and an on-cancel rule.
//!
//! | rule | on error | on cancel |
//! |---|---|---|
//! | [`Rule::Vital`] | the node stops: what others rely on is gone | finishes its batch, commits, ends |
//! | [`Rule::Spare`] | logged; the node goes on without it | the same |
//!
//! The first signal cancels: intake of requests ends, batches under way are committed. The second signal, or
//! [`GRACE`], aborts what is left; nothing acknowledged is lost by that, it only has to be read again.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Time for tasks to end by themselves after the first signal.
const GRACE: Duration = Duration::from_secs(20);

/// What a task's failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The node stops with it.
    Vital,
    /// The node goes on without it.
    Spare,
}

/// The tasks of one node.
pub(crate) struct Tasks {
    set: JoinSet<(&'static str, Rule, anyhow::Result<()>)>,
    cancel: CancellationToken,
}

impl Tasks {
    pub(crate) fn new() -> Tasks {
        Tasks { set: JoinSet::new(), cancel: CancellationToken::new() }
    }

    /// Told to every task; cancelled at shutdown.
    pub(crate) fn cancel(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Spawns a task.
    pub(crate) fn spawn(
        &mut self,
        name: &'static str,
        rule: Rule,
        task: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) {
        self.set.spawn(async move {
            let done = task.await;
            (name, rule, done)
        });
    }

    /// Waits for a signal, for `stop`, or for a vital task to fail; then shuts down.
    ///
    /// # Errors
    /// The failure of the first vital task.
    pub(crate) async fn run_until(mut self, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
        let mut failure = None;
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                () = signal() => {
                    tracing::info!("stopping: batches under way are finished; a second signal stops at once");
                    break;
                }
                Some(joined) = self.set.join_next() => {
                    failure = failed(joined);
                    if failure.is_some() {
                        break;
                    }
                }
                else => break,
            }
        }
        self.cancel.cancel();
        let drain = async {
            while let Some(joined) = self.set.join_next().await {
                let late = failed(joined);
                failure = failure.take().or(late);
            }
        };
        tokio::select! {
            () = drain => {}
            () = tokio::time::sleep(GRACE) => tracing::warn!("tasks did not end in time and are stopped"),
            () = signal() => tracing::warn!("second signal: stopped at once"),
        }
        self.set.abort_all();
        failure.map_or(Ok(()), Err)
    }
}

/// The failure that stops the node, if this is one.
fn failed(joined: Result<(&'static str, Rule, anyhow::Result<()>), tokio::task::JoinError>) -> Option<anyhow::Error> {
    match joined {
        Ok((name, _, Ok(()))) => {
            tracing::debug!(task = name, "ended");
            None
        }
        Ok((name, Rule::Vital, Err(error))) => {
            tracing::error!(task = name, error = format!("{error:#}"), "failed");
            Some(error.context(format!("task {name} failed")))
        }
        Ok((name, Rule::Spare, Err(error))) => {
            tracing::error!(task = name, error = format!("{error:#}"), "failed; the node goes on without it");
            None
        }
        Err(error) => Some(anyhow::anyhow!("a task broke down: {error}")),
    }
}

/// SIGINT or SIGTERM.
pub(crate) async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        tracing::error!("signals cannot be received; stop the process by its task manager");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
