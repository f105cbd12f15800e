//! The posts that a batch is compared with: stored ones that share a key with it, and its own.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use huiyin_domain::matter::JoinedBy;
use huiyin_domain::{MatterNo, PostRef};
use huiyin_matching::grouping::{KEY_POSTS_MAX, Sketch, Why, same_concern};
use huiyin_store::{Compared, StoreError, Tx};
use huiyin_text::Fingerprint;
use lru::LruCache;

use super::record::{self, Record};

/// Sketches kept in memory, some 5 kB each.
const SKETCHES_MAX: NonZeroUsize = NonZeroUsize::new(8_192).expect("it is not 0");

/// Sketches of stored posts by running number: what is spoken of today is compared again and again, and making a sketch
/// costs more than comparing it. Only posts whose batch was committed: a number taken back is given out anew.
pub(super) struct Sketches(Mutex<LruCache<i64, Arc<Sketch>>>);

impl Default for Sketches {
    fn default() -> Sketches {
        Sketches(Mutex::new(LruCache::new(SKETCHES_MAX)))
    }
}

impl Sketches {
    /// Keeps sketches of posts that are stored now.
    pub(super) fn keep(&self, stored: impl IntoIterator<Item = (i64, Arc<Sketch>)>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, sketch) in stored {
            kept.put(key, sketch);
        }
    }

    fn of(&self, key: i64) -> Option<Arc<Sketch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }
}

/// A post that others may join.
struct Member {
    sketch: Arc<Sketch>,
    post: PostRef,
}

/// Posts by the keys of their sketches.
#[derive(Default)]
pub(super) struct Members {
    members: Vec<Member>,
    /// By key, the newest last.
    by_key: BTreeMap<u64, Vec<usize>>,
    /// Those of the batch, with their running numbers.
    new: Vec<(i64, Arc<Sketch>)>,
}

impl Members {
    /// The stored posts that share a key with any of `fresh`, and the matters they belong to.
    pub(super) async fn load(
        tx: &mut Tx,
        kept: &Sketches,
        fresh: &[Record],
    ) -> Result<(Members, BTreeMap<PostRef, MatterNo>), StoreError> {
        let concerns = fresh.iter().filter(|record| record.aside.is_empty());
        let keys: BTreeSet<u64> = concerns.flat_map(|record| record.sketch.keys()).copied().collect();
        let keys: Vec<u64> = keys.into_iter().collect();
        let (by_key, hits) = tx.key_hits(&keys, KEY_POSTS_MAX).await?;
        let mut sketches: BTreeMap<i64, Arc<Sketch>> =
            hits.keys().filter_map(|key| Some((*key, kept.of(*key)?))).collect();
        let missing: Vec<i64> = hits.keys().filter(|key| !sketches.contains_key(key)).copied().collect();
        let made = tx.compared(&missing).await?.into_iter();
        let made: Vec<_> = made.filter_map(|post| Some((post.key, Arc::new(sketch(&post)?)))).collect();
        sketches.extend(made.iter().cloned());
        kept.keep(made);
        let (mut members, mut owners, mut index) = (Members::default(), BTreeMap::new(), BTreeMap::new());
        for (key, hit) in hits {
            let Some(sketch) = sketches.remove(&key) else { continue };
            index.insert(key, members.members.len());
            members.members.push(Member { sketch, post: hit.post.clone() });
            owners.insert(hit.post, hit.matter);
        }
        for (key, posts) in by_key {
            members.by_key.insert(key, posts.iter().filter_map(|post| index.get(post).copied()).collect());
        }
        Ok((members, owners))
    }

    /// The matters of posts that are the same concern as this one, each with how it was found. `owner` tells where each post
    /// belongs now.
    pub(super) fn linked(&self, record: &Record, owner: &BTreeMap<PostRef, MatterNo>) -> BTreeMap<MatterNo, JoinedBy> {
        let (mut asked, mut linked) = (BTreeSet::new(), BTreeMap::new());
        // Keys of the fingerprint come first, so near repeats are found before what is alike in other words.
        for key in record.sketch.keys() {
            for at in self.by_key.get(key).into_iter().flatten().rev().take(KEY_POSTS_MAX) {
                let Some(member) = self.members.get(*at).filter(|_| asked.insert(*at)) else { continue };
                let Some(matter) = owner.get(&member.post).filter(|matter| !linked.contains_key(*matter)) else {
                    continue;
                };
                if let Some(why) = same_concern(&record.sketch, &member.sketch) {
                    let by = if matches!(why, Why::NearRepeat(_)) { JoinedBy::NearRepeat } else { JoinedBy::SameEvent };
                    linked.insert(matter.clone(), by);
                }
            }
        }
        linked
    }

    /// Adds a post of the batch, for later ones to join.
    pub(super) fn add(&mut self, key: i64, post: &PostRef, sketch: Sketch) {
        let sketch = Arc::new(sketch);
        for key in sketch.keys() {
            self.by_key.entry(*key).or_default().push(self.members.len());
        }
        self.members.push(Member { sketch: sketch.clone(), post: post.clone() });
        self.new.push((key, sketch));
    }

    /// The batch's own sketches, to keep once it is committed.
    pub(super) fn into_new(self) -> Vec<(i64, Arc<Sketch>)> {
        self.new
    }
}

fn sketch(post: &Compared) -> Option<Sketch> {
    let fingerprint = Fingerprint::from_bytes(&post.fingerprint)?;
    let at = record::dated(post.published_at, post.received_at, post.backfill);
    Some(record::sketch(&post.title, &post.text, &fingerprint, &post.place, at))
}
