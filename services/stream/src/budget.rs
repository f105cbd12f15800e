//! Back-pressure: the bytes that may be in flight at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::LogError;

/// Bytes per permit: a semaphore counts in `u32`.
const UNIT_BYTES: usize = 1024;

/// A share of the bytes that may be in flight; callers wait for theirs in order of arrival.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    permits: Arc<Semaphore>,
    total: u32,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Budget {
        let total = u32::try_from((bytes / UNIT_BYTES).clamp(1, Semaphore::MAX_PERMITS >> 1)).unwrap_or(u32::MAX >> 1);
        Budget { permits: Arc::new(Semaphore::new(total as usize)), total }
    }

    /// Wait for `bytes`; held until the permit is dropped. More than the whole budget gets the whole budget.
    pub(crate) async fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, LogError> {
        let wanted = u32::try_from(bytes.div_ceil(UNIT_BYTES).max(1)).unwrap_or(u32::MAX).min(self.total);
        self.permits.clone().acquire_many_owned(wanted).await.map_err(|_| LogError::Closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first() {
        let budget = Budget::new(4096);
        let first = budget.take(3000).await.unwrap();
        let mut second = Box::pin(budget.take(2000));
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(first);
        assert!(second.await.is_ok());
        assert!(budget.take(1 << 40).await.is_ok(), "an oversized request gets all there is");
    }
}
