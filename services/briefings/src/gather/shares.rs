//! Matters by state, grade, system, place and source.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::matter::State;
use huiyin_domain::{Grade, Level, PlaceCode, SystemCode};
use huiyin_store::MatterKey;

use super::{Scope, change};
use crate::slice::Slice;
use crate::{BriefingError, Share};

/// Where a matter's place is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Area {
    /// With all that lies in this place.
    Within(String),
    /// Under its own code: it is no part of a place at the level counted.
    Itself(String),
}

impl Scope<'_> {
    pub(super) async fn states(&self) -> Result<Vec<Share>, BriefingError> {
        let [this, _] = self.slices();
        let counts = self.both(MatterKey::State).await?;
        let states = State::ALL.into_iter().filter(|state| *state != State::Merged);
        Ok(states
            .map(|state| {
                let (matters, before) = counts.get(state.as_str()).copied().unwrap_or_default();
                share(state.as_str(), state.chinese(), matters, before, &this.clone().state(state))
            })
            .collect())
    }

    pub(super) async fn grades(&self) -> Result<Vec<Share>, BriefingError> {
        let [this, _] = self.slices();
        let counts = self.both(MatterKey::Grade).await?;
        Ok(Grade::ALL
            .into_iter()
            .map(|grade| {
                let (matters, before) = counts.get(grade.as_str()).copied().unwrap_or_default();
                share(grade.as_str(), grade.chinese(), matters, before, &this.clone().grade(grade))
            })
            .collect())
    }

    pub(super) async fn systems(&self) -> Result<Vec<Share>, BriefingError> {
        let [this, _] = self.slices();
        let counts = self.both(MatterKey::System).await?;
        let shares = counts.iter().map(|(code, (matters, before))| {
            let known = self.catalogue.system(&SystemCode::new(code.as_str()));
            let name = known.map_or(code.as_str(), |system| system.name.as_str());
            let name = if code.is_empty() { "领域待定" } else { name };
            share(code, name, *matters, *before, &this.clone().system(code))
        });
        Ok(ranked(shares))
    }

    pub(super) async fn sources(&self) -> Result<Vec<Share>, BriefingError> {
        let [this, _] = self.slices();
        let counts = self.both(MatterKey::Source).await?;
        Ok(ranked(
            counts.iter().map(|(source, (matters, before))| {
                share(source, source, *matters, *before, &this.clone().source(source))
            }),
        ))
    }

    pub(super) async fn places(&self) -> Result<Vec<Share>, BriefingError> {
        let [this, _] = self.slices();
        let region = self.catalogue.region();
        let mut counts: BTreeMap<Area, (u64, u64)> = BTreeMap::new();
        for (code, (matters, before)) in self.both(MatterKey::Place).await? {
            let count = counts.entry(area(&code, region.level)).or_default();
            *count = (count.0 + matters, count.1 + before);
        }
        let shares = counts.iter().map(|(area, (matters, before))| {
            let (code, slice) = match area {
                Area::Within(code) => (code, this.clone().place(code)),
                Area::Itself(code) => (code, this.clone().place_itself(code)),
            };
            let known = self.catalogue.place(&PlaceCode::new(code.as_str())).map(|place| place.name.as_str());
            let name = match area {
                Area::Itself(code) if code.is_empty() => "属地待定".to_owned(),
                Area::Itself(code) if *code == region.code.as_str() => format!("{}本级", region.name),
                _ => known.unwrap_or(code).to_owned(),
            };
            share(code, &name, *matters, *before, &slice)
        });
        Ok(ranked(shares))
    }

    /// Counts of the month and of the month before, by key.
    async fn both(&self, key: MatterKey) -> Result<BTreeMap<String, (u64, u64)>, BriefingError> {
        let [this, before] = self.slices();
        let this = self.store.count_matters_by(&this.filter, key).await?;
        let before = self.store.count_matters_by(&before.filter, key).await?;
        let keys: BTreeSet<&String> = this.keys().chain(before.keys()).collect();
        let count = |counts: &BTreeMap<String, u64>, key: &String| counts.get(key).copied().unwrap_or(0);
        Ok(keys.into_iter().map(|key| (key.clone(), (count(&this, key), count(&before, key)))).collect())
    }
}

fn share(code: &str, name: &str, matters: u64, before: u64, slice: &Slice) -> Share {
    Share {
        code: code.into(),
        name: name.into(),
        matters,
        before,
        change: change(matters, before),
        query: slice.query(),
    }
}

/// Those with matters in the month, most first.
fn ranked(shares: impl Iterator<Item = Share>) -> Vec<Share> {
    let mut shares: Vec<Share> = shares.filter(|share| share.matters > 0).collect();
    shares.sort_by(|one, other| {
        // What has no name of its own comes last.
        let key = |share: &Share| (share.code.is_empty(), std::cmp::Reverse(share.matters), share.code.clone());
        key(one).cmp(&key(other))
    });
    shares
}

fn area(code: &str, region: Level) -> Area {
    let below = PlaceCode::new(code).division_below(region);
    below.map_or_else(|| Area::Itself(code.to_owned()), |place| Area::Within(place.as_str().to_owned()))
}
