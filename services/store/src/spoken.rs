//! When people spoke: posts of matters counted by the time they were written, not by the time they reached us.
//!
//! An archive filled in today, or a source that was cut off for three days, makes nothing hot today: a post counts for when
//! its source published it, and where that is not known for its receipt, unless it came as a backfill; then it belongs to no
//! day. A time of publication after receipt is a clock gone wrong, and not believed. Further texts of a post count once.

use std::collections::BTreeMap;

use huiyin_domain::MatterNo;
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use crate::{Store, StoreError, bulk};

/// When post `p` was written; null where nobody knows. Never later than its receipt.
pub(crate) const SPOKEN: &str =
    "case when p.published_at <= p.received_at then p.published_at when p.backfill = 0 then p.received_at end";

const DAY_US: i64 = 86_400_000_000;
/// Beijing is eight hours ahead.
const ZONE_US: i64 = 28_800_000_000;
/// Posts that reach us later than this after the days asked for are not looked for: 57 days, those a surge is judged by.
pub(crate) const LATE_US_MAX: i64 = 57 * DAY_US;

/// The posts of a matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpokenCount {
    /// All of them.
    pub posts: u32,
    /// Sources they came from.
    pub sources: u32,
    /// Written in the later span.
    pub later: u32,
    /// Written in the earlier one.
    pub earlier: u32,
}

/// Posts of one source in matters of one place and system, written on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenDay {
    /// Days since 1970-01-01, Beijing time.
    pub day: i64,
    /// Their source.
    pub source: String,
    /// Code of the matter's place.
    pub place: String,
    /// The matter's system.
    pub system: String,
    /// How many.
    pub posts: u32,
}

impl Store {
    /// The posts of each of `matters`, and how many were written in the spans between `from`, `middle` and `to`: each
    /// without its beginning, with its end. One statement for some 250 matters.
    ///
    /// # Errors
    /// What the database said.
    pub async fn spoken(
        &self,
        matters: &[MatterNo],
        [from, middle, to]: [Timestamp; 3],
    ) -> Result<BTreeMap<MatterNo, SpokenCount>, StoreError> {
        let mut counts = BTreeMap::new();
        for chunk in matters.chunks(bulk::VALUES_MAX - 3) {
            let sql = include_str!("../queries/matter/spoken.sql")
                .replace("{spoken}", SPOKEN)
                .replace("{matters}", &bulk::list(4, chunk.len()));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for at in [from, middle, to] {
                query = query.bind(at.as_microsecond());
            }
            for no in chunk {
                query = query.bind(no.to_string());
            }
            for row in query.fetch_all(&self.pool).await? {
                let count = |column: &str| -> Result<u32, StoreError> {
                    Ok(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(u32::MAX))
                };
                let no = MatterNo::new(row.try_get::<String, _>("matter")?);
                let [posts, sources, later, earlier] =
                    [count("posts")?, count("sources")?, count("later")?, count("earlier")?];
                counts.insert(no, SpokenCount { posts, sources, later, earlier });
            }
        }
        Ok(counts)
    }

    /// Posts by day, source, place and system, written from the day `from` to before the day `to` (days since 1970-01-01,
    /// Beijing time), in this order. Left out are matters without a place or system, and posts that reached us more than
    /// eight weeks after `to`.
    ///
    /// # Errors
    /// What the database said.
    pub async fn spoken_days(&self, from: i64, to: i64) -> Result<Vec<SpokenDay>, StoreError> {
        let sql = include_str!("../queries/post/days.sql").replace("{spoken}", SPOKEN);
        let mut query = sqlx::query(AssertSqlSafe(sql));
        let [from, to] = [from, to].map(|day| day.saturating_mul(DAY_US).saturating_sub(ZONE_US));
        for at in [from, to, to.saturating_add(LATE_US_MAX)] {
            query = query.bind(at);
        }
        let rows = query.fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(SpokenDay {
                    day: row.try_get("day")?,
                    source: row.try_get("source")?,
                    place: row.try_get("place")?,
                    system: row.try_get("system")?,
                    posts: u32::try_from(row.try_get::<i64, _>("posts")?).unwrap_or(u32::MAX),
                })
            })
            .collect()
    }
}

/// The number of a day of the ledger's calendar: days since 1970-01-01, Beijing time.
pub fn day_number(at: Timestamp) -> i64 {
    (at.as_microsecond() + ZONE_US).div_euclid(DAY_US)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_beijing() {
        for (at, day) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T15:59:59Z", 0),
            ("1970-01-01T16:00:00Z", 1),
            ("1969-12-31T15:59:59Z", -1),
            ("2026-11-20T01:00:00Z", 20_777),
        ] {
            assert_eq!(day_number(at.parse().unwrap()), day, "{at}");
        }
    }
}
