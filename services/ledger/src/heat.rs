//! How hot matters are at this moment.

use std::collections::BTreeMap;

use huiyin_domain::MatterNo;
use huiyin_matching::heat;

use crate::{Ledger, LedgerError};

pub use huiyin_matching::heat::{Heat, Level as HeatLevel, WARM_POSTS};

impl Ledger {
    /// Heat of each of `matters`, by the time their posts were written: an archive filled in makes nothing hot.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub async fn heat(&self, matters: &[MatterNo]) -> Result<BTreeMap<MatterNo, Heat>, LedgerError> {
        let now = self.now();
        let middle = now - heat::DAY;
        let counts = self.store.spoken(matters, [middle - heat::DAY, middle, now]).await?;
        let heat = |(no, count): (MatterNo, huiyin_store::SpokenCount)| {
            (no, Heat::of(count.posts, count.sources, count.later, count.earlier))
        };
        Ok(counts.into_iter().map(heat).collect())
    }
}
