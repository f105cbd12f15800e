//! Which subjects are spoken of more than they use to be, and where.

use std::sync::{Mutex, PoisonError};

use huiyin_domain::BEIJING;
use huiyin_matching::surge::{DayCount, HISTORY_DAYS_MAX, Surge, Surging, Tally};
use huiyin_store::{SpokenDay, day_number};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::{Ledger, LedgerError};

/// The days before yesterday are counted anew after this long: what is filled in later changes them seldom.
const HISTORY_LIFE: SignedDuration = SignedDuration::from_hours(1);

/// The areas whose counts are judged.
pub struct SurgeAreas<'a> {
    /// The areas a place counts for, the smallest first, each lying in the next; none leaves the place out.
    pub of: &'a (dyn Fn(&str) -> Vec<String> + Sync),
    /// Another word whenever `of` may give something else.
    pub version: &'a str,
}

/// One subject in one area that is spoken of more than it uses to be.
#[derive(Clone, Debug, PartialEq)]
pub struct SurgeWarning {
    /// The day, in Beijing.
    pub day: Date,
    /// Code of the area.
    pub area: String,
    /// Code of the system.
    pub system: String,
    /// By how much.
    pub surge: Surge,
}

/// The days before yesterday, as counted last.
pub(crate) type SurgeHistory = Mutex<Option<Counted>>;

#[derive(Clone)]
pub(crate) struct Counted {
    today: i64,
    version: String,
    at: Timestamp,
    tally: Tally,
}

impl Ledger {
    /// What surges on the day `on`; without one today, and yesterday what does not surge today as well: what is handed in
    /// once a day tells of yesterday. Each day is judged by the 56 days before it, by the time the posts were written, in
    /// order of day (today first) and improbability.
    ///
    /// # Errors
    /// [`LedgerError::Store`].
    pub async fn surges(&self, on: Option<Date>, areas: SurgeAreas<'_>) -> Result<Vec<SurgeWarning>, LedgerError> {
        let Some(on) = on else { return self.surges_now(areas).await };
        let day = BEIJING.to_timestamp(on.at(0, 0, 0, 0)).map_or(i64::MAX / 2, day_number);
        if day > day_number(self.now()) {
            return Ok(Vec::new());
        }
        let counts = self.counts(day - HISTORY_DAYS_MAX as i64, day + 1).await?;
        let (history, judged): (Vec<_>, Vec<_>) = counts.into_iter().partition(|count| count.day < day);
        let mut tally = Tally::new(&history, day, areas.of);
        tally.add(&judged, areas.of);
        Ok(tally.surging(day).into_iter().map(|one| warning(on, one)).collect())
    }

    async fn surges_now(&self, areas: SurgeAreas<'_>) -> Result<Vec<SurgeWarning>, LedgerError> {
        let today = BEIJING.to_datetime(self.now()).date();
        let number = day_number(self.now());
        let mut tally = self.history(number, &areas).await?;
        tally.add(&self.counts(number - 1, number + 1).await?, areas.of);
        let mut warnings: Vec<SurgeWarning> =
            tally.surging(number).into_iter().map(|one| warning(today, one)).collect();
        let Ok(yesterday) = today.yesterday() else { return Ok(warnings) };
        for one in tally.surging(number - 1) {
            if !warnings.iter().any(|of_today| (&of_today.area, &of_today.system) == (&one.area, &one.system)) {
                warnings.push(warning(yesterday, one));
            }
        }
        Ok(warnings)
    }

    /// The days before yesterday. Two that ask at once may both count them.
    async fn history(&self, today: i64, areas: &SurgeAreas<'_>) -> Result<Tally, LedgerError> {
        let now = self.now();
        let kept = self.surge_history.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let fresh = |kept: &Counted| {
            kept.today == today && kept.version == areas.version && now.duration_since(kept.at) < HISTORY_LIFE
        };
        if let Some(kept) = kept.filter(fresh) {
            return Ok(kept.tally);
        }
        let until = today - 1;
        let counts = self.counts(until - HISTORY_DAYS_MAX as i64, until).await?;
        let tally = Tally::new(&counts, until, areas.of);
        let counted = Counted { today, version: areas.version.to_owned(), at: now, tally: tally.clone() };
        *self.surge_history.lock().unwrap_or_else(PoisonError::into_inner) = Some(counted);
        Ok(tally)
    }

    async fn counts(&self, from: i64, to: i64) -> Result<Vec<DayCount>, LedgerError> {
        let count = |one: SpokenDay| DayCount {
            day: one.day,
            source: one.source,
            place: one.place,
            system: one.system,
            posts: one.posts,
        };
        Ok(self.store.spoken_days(from, to).await?.into_iter().map(count).collect())
    }
}

fn warning(day: Date, Surging { area, system, surge }: Surging) -> SurgeWarning {
    SurgeWarning { day, area, system, surge }
}
