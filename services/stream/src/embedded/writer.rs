//! Group commit: the changes of all callers that wait, in one transaction and one fsync.
//!
//! There is no writer task. A caller that finds no transaction running starts one on a blocking thread, which goes on
//! for as long as changes keep coming and then ends. Callers only wait for their answer, so one that is cancelled
//! (also the one that started the thread) takes nothing from the others.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Inner;
use super::tables::{self, Change};
use crate::LogError;

/// Changes in one transaction. With [`TRANSACTION_BYTES_MAX`] it bounds what a transaction holds in memory.
const TRANSACTION_CHANGES_MAX: usize = 10_000;
const TRANSACTION_BYTES_MAX: usize = 16 << 20;

/// What waits to be written.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    /// Whether a blocking thread is at it.
    running: bool,
}

struct Waiting {
    change: Change,
    bytes: usize,
    done: oneshot::Sender<Result<(), LogError>>,
    /// The share of the bytes in flight, given back when the change is durable.
    _share: Option<OwnedSemaphorePermit>,
}

/// Write `change`; durable when this returns. Cancelled, it may be written all the same.
pub(super) async fn submit(
    inner: &Arc<Inner>,
    change: Change,
    bytes: usize,
    share: Option<OwnedSemaphorePermit>,
) -> Result<(), LogError> {
    let (done, answer) = oneshot::channel();
    let start = {
        let mut queue = lock(&inner.queue);
        queue.waiting.push_back(Waiting { change, bytes, done, _share: share });
        !std::mem::replace(&mut queue.running, true)
    };
    if start {
        let run = Run { inner: inner.clone(), finished: false };
        tokio::task::spawn_blocking(move || run.write_all());
    }
    answer.await.unwrap_or(Err(LogError::Closed))
}

/// One blocking thread's work.
struct Run {
    inner: Arc<Inner>,
    finished: bool,
}

impl Run {
    fn write_all(mut self) {
        loop {
            let taken = {
                let mut queue = lock(&self.inner.queue);
                let taken = take(&mut queue.waiting);
                if taken.is_empty() {
                    queue.running = false;
                    self.finished = true;
                    return;
                }
                taken
            };
            let changes: Vec<&Change> = taken.iter().map(|waiting| &waiting.change).collect();
            let outcome = self.inner.file.run("write", |database| tables::write(database, &changes));
            if let Ok(touched) = &outcome {
                self.inner.publish(touched, &changes);
            }
            let outcome = outcome.map(|_| ());
            for waiting in taken {
                // A caller that was cancelled does not listen any more.
                let _ = waiting.done.send(outcome.clone());
            }
        }
    }
}

impl Drop for Run {
    /// When the runtime is shut down before the thread began, or a bug made it panic: the callers must not wait for ever,
    /// and the next one must be able to start again.
    fn drop(&mut self) {
        if !self.finished {
            let mut queue = lock(&self.inner.queue);
            queue.running = false;
            queue.waiting.clear();
        }
    }
}

fn take(waiting: &mut VecDeque<Waiting>) -> Vec<Waiting> {
    let mut bytes = 0;
    let mut count = 0;
    for change in waiting.iter().take(TRANSACTION_CHANGES_MAX) {
        bytes += change.bytes;
        if count > 0 && bytes > TRANSACTION_BYTES_MAX {
            break;
        }
        count += 1;
    }
    waiting.drain(..count).collect()
}

fn lock(queue: &Mutex<Queue>) -> std::sync::MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}
