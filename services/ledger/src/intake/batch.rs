//! Deciding and writing one batch of assessed posts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use huiyin_domain::matter::{Content, Decision, Event, JoinedBy, Matter, Suggestion};
use huiyin_domain::{Actor, MatterNo, PostRef};
use huiyin_matching::grouping::Sketch;
use huiyin_store::{Fate, NewPost, PriorPost, Tx};
use huiyin_stream::Batch;
use jiff::Timestamp;

use super::members::{Members, Sketches};
use super::record::Record;
use super::{IntakeProgress, dead};
use crate::act::Change;
use crate::opening::{self, Proposal};
use crate::{Ledger, LedgerError};

/// What a batch did, and the sketches to keep once it is committed.
pub(super) type Taken = (IntakeProgress, Vec<(i64, Arc<Sketch>)>);

/// Takes in the records of `batch`; the caller commits, with the position.
pub(super) async fn take_in(
    ledger: &Ledger,
    tx: &mut Tx,
    kept: &Sketches,
    batch: &Batch,
) -> Result<Taken, LedgerError> {
    let mut progress = IntakeProgress { records: batch.records.len() as u64, ..IntakeProgress::default() };
    let mut unreadable = Vec::new();
    let mut records = Vec::new();
    for record in &batch.records {
        match Record::read(record) {
            Ok(record) => records.push(record),
            Err(reason) => unreadable.push(dead::unreadable(record, reason)),
        }
    }
    progress.dead = tx.insert_dead_letters(&unreadable).await?;
    let refs: Vec<PostRef> =
        records.iter().map(|record| record.post.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let prior = tx.prior_posts(&refs).await?;
    let fresh = unseen(records, &prior, &mut progress);
    if fresh.is_empty() {
        return Ok((progress, Vec::new()));
    }
    // Numbers are given out by one shard at a time, until it commits: so what other shards took in is seen below.
    let next_key = tx.numbers("post", fresh.len()).await?;
    let mut work = Work::load(tx, kept, ledger.now(), prior, &fresh).await?;
    work.next_key = next_key;
    for record in fresh {
        work.place(tx, ledger, record, &mut progress).await?;
    }
    let sketches = work.write(tx, ledger).await?;
    Ok((progress, sketches))
}

/// The records whose text is not stored yet, each text once.
fn unseen(records: Vec<Record>, prior: &BTreeMap<PostRef, PriorPost>, progress: &mut IntakeProgress) -> Vec<Record> {
    let mut seen: BTreeSet<(PostRef, String)> = BTreeSet::new();
    let mut fresh = Vec::new();
    for record in records {
        let known = prior.get(&record.post).is_some_and(|prior| prior.digests.contains(&record.digest));
        if known || !seen.insert((record.post.clone(), record.digest.clone())) {
            progress.repeated += 1;
        } else {
            fresh.push(record);
        }
    }
    fresh
}

/// Everything a batch reads and changes, held until it is written at once.
struct Work {
    now: Timestamp,
    prior: BTreeMap<PostRef, PriorPost>,
    /// Where each known post belongs now.
    owner: BTreeMap<PostRef, MatterNo>,
    /// Where the ones already stored belonged before this batch.
    stored: BTreeMap<PostRef, MatterNo>,
    members: Members,
    /// Matters loaded or opened.
    matters: BTreeMap<MatterNo, Change>,
    /// Posts of matters opened in this batch are known without asking; of others they are read when needed.
    opened: BTreeSet<MatterNo>,
    /// Next running number of each day.
    numbers: BTreeMap<String, i64>,
    next_key: i64,
    posts: Vec<NewPost>,
    moved: BTreeMap<PostRef, MatterNo>,
}

impl Work {
    async fn load(
        tx: &mut Tx,
        kept: &Sketches,
        now: Timestamp,
        prior: BTreeMap<PostRef, PriorPost>,
        fresh: &[Record],
    ) -> Result<Work, LedgerError> {
        let (members, owner) = Members::load(tx, kept, fresh).await?;
        let mut work = Work {
            now,
            owner,
            stored: BTreeMap::new(),
            members,
            matters: BTreeMap::new(),
            opened: BTreeSet::new(),
            numbers: BTreeMap::new(),
            next_key: 0,
            posts: Vec::new(),
            moved: BTreeMap::new(),
            prior,
        };
        for (post, prior) in &work.prior {
            if let Some(matter) = &prior.matter {
                work.owner.insert(post.clone(), matter.clone());
            }
        }
        work.stored.clone_from(&work.owner);
        let owners: BTreeSet<MatterNo> = work.owner.values().cloned().collect();
        let owners: Vec<MatterNo> = owners.into_iter().collect();
        for matter in tx.matters(&owners).await? {
            work.matters.insert(matter.no.clone(), Change::new(matter));
        }
        Ok(work)
    }

    /// Decides about one record.
    async fn place(
        &mut self,
        tx: &mut Tx,
        ledger: &Ledger,
        record: Record,
        progress: &mut IntakeProgress,
    ) -> Result<(), LedgerError> {
        progress.stored += 1;
        if !record.aside.is_empty() {
            match self.owner.get(&record.post).cloned() {
                Some(no) => self.join(&no, &record, JoinedBy::Revision)?,
                None => progress.aside += 1,
            }
            self.remember(record, Fate::Aside);
            return Ok(());
        }
        let by = self.members.linked(&record, &self.owner);
        let mut linked: BTreeSet<MatterNo> = by.keys().cloned().collect();
        if let Some(no) = self.owner.get(&record.post).cloned() {
            self.join(&no, &record, JoinedBy::Revision)?;
            self.alarm(ledger, &no, &record)?;
            self.suggest(&no, record.proposal())?;
            // What a post says now ties matters together as it would have, had it said so from the first.
            linked.insert(no);
            if let Choice::Join(survivor) = self.choose(&linked, record.backfill) {
                self.absorb(tx, ledger, &survivor, &linked).await?;
            }
            progress.joined += 1;
        } else {
            match self.choose(&linked, record.backfill) {
                Choice::Join(no) => {
                    let by = by.get(&no).copied().unwrap_or(JoinedBy::SameEvent);
                    self.join(&no, &record, by)?;
                    self.alarm(ledger, &no, &record)?;
                    self.suggest(&no, record.proposal())?;
                    self.absorb(tx, ledger, &no, &linked).await?;
                    progress.joined += 1;
                }
                Choice::Open { follows } => {
                    self.open(tx, ledger, &record, follows).await?;
                    progress.opened += 1;
                }
            }
        }
        self.remember(record, Fate::Matter);
        Ok(())
    }

    /// Of the linked matters the one to join: the one people work on, else the oldest. Closed ones are only followed, and
    /// by what is new also those of a backfill, where no deadline would run.
    fn choose(&self, linked: &BTreeSet<MatterNo>, backfill: bool) -> Choice {
        let matters = || linked.iter().filter_map(|no| self.matters.get(no)).map(|change| &change.matter);
        let age = |matter: &&Matter| (matter.is_untouched(), matter.received_at, matter.first_post.clone());
        let joins = |matter: &&Matter| matter.state.is_open() && (backfill || !matter.backfill);
        match matters().filter(joins).min_by_key(age) {
            Some(matter) => Choice::Join(matter.no.clone()),
            None => Choice::Open {
                follows: matters().max_by_key(|matter| (matter.ended_at, matter.no.clone())).map(|one| one.no.clone()),
            },
        }
    }

    fn join(&mut self, no: &MatterNo, record: &Record, by: JoinedBy) -> Result<(), LedgerError> {
        let event = Event::Joined { post: record.post.clone(), by, received_at: record.received_at };
        let now = self.now;
        if let Some(change) = self.matters.get_mut(no) {
            change.push(event, Content::default(), now, &Actor::machine())?;
        }
        if by != JoinedBy::Revision {
            self.own(&record.post, no);
        }
        Ok(())
    }

    /// Merges the other linked matters into `survivor`, as far as the machine may.
    async fn absorb(
        &mut self,
        tx: &mut Tx,
        ledger: &Ledger,
        survivor: &MatterNo,
        linked: &BTreeSet<MatterNo>,
    ) -> Result<(), LedgerError> {
        for no in linked.iter().filter(|no| *no != survivor) {
            let (Some(one), Some(other)) = (self.matters.get(survivor), self.matters.get(no)) else { continue };
            if !one.matter.machine_may_absorb(&other.matter) {
                continue;
            }
            let posts = self.posts_of(tx, no).await?;
            let (Some(one), Some(other)) = (self.matters.get(survivor), self.matters.get(no)) else { continue };
            let (absorbed, merged) = one.matter.merge_events(&other.matter, posts.clone(), &[]);
            let (now, proposal) = (self.now, Proposal::of_matter(&other.matter));
            let danger = other.matter.danger.then(|| {
                let (post, grade) = (other.matter.first_post.clone(), other.matter.suggestion.grade);
                let (possible, at) = (other.matter.possible, other.matter.received_at);
                one.matter.endangered(post, Some(no.clone()), possible, grade, at, ledger.policy())
            });
            for (no, event) in [(survivor, absorbed), (no, merged)] {
                if let Some(change) = self.matters.get_mut(no) {
                    change.push(event, Content::default(), now, &Actor::machine())?;
                }
            }
            if let (Some(event), Some(change)) = (danger.flatten(), self.matters.get_mut(survivor)) {
                change.push(event, Content::default(), now, &Actor::machine())?;
            }
            self.suggest(survivor, proposal)?;
            for post in posts {
                self.own(&post, survivor);
            }
        }
        Ok(())
    }

    /// A post that speaks of danger to life makes its matter one of danger to life.
    fn alarm(&mut self, ledger: &Ledger, no: &MatterNo, record: &Record) -> Result<(), LedgerError> {
        let now = self.now;
        let Some(change) = self.matters.get_mut(no).filter(|_| record.assessment.danger && !record.backfill) else {
            return Ok(());
        };
        let post = record.post.clone();
        match change.matter.endangered(post, None, record.possible, record.grade, record.received_at, ledger.policy()) {
            Some(event) => change.push(event, Content::default(), now, &Actor::machine()),
            None => Ok(()),
        }
    }

    /// A matter the machine was not sure about takes the proposal of a post that gave it more ground, while no person
    /// has touched it. So whether the machine abstains does not depend on which post came first.
    fn suggest(&mut self, no: &MatterNo, proposal: Proposal) -> Result<(), LedgerError> {
        let now = self.now;
        let Some(change) = self.matters.get_mut(no) else { return Ok(()) };
        let unsure = change.matter.suggestion.decision == Decision::Abstain && change.matter.is_untouched();
        if !unsure || proposal.suggestion.decision == Decision::Abstain {
            return Ok(());
        }
        // The grade runs deadlines already: it stays as first suggested.
        let suggestion = Suggestion { grade: change.matter.suggestion.grade, ..proposal.suggestion };
        let Proposal { system, place, place_name, .. } = proposal;
        let event = Event::Suggested { suggestion, system, place, place_name };
        change.push(event, Content::default(), now, &Actor::machine())
    }

    /// The posts of a matter as this batch has it: what is stored, moved by what the batch did.
    async fn posts_of(&mut self, tx: &mut Tx, no: &MatterNo) -> Result<Vec<PostRef>, LedgerError> {
        let stored = if self.opened.contains(no) { Vec::new() } else { tx.members(no).await? };
        self.stored.extend(stored.iter().map(|post| (post.clone(), no.clone())));
        let mut posts: BTreeSet<PostRef> =
            stored.into_iter().filter(|post| self.moved.get(post).is_none_or(|owner| owner == no)).collect();
        posts.extend(self.moved.iter().filter(|(_, owner)| *owner == no).map(|(post, _)| post.clone()));
        Ok(posts.into_iter().collect())
    }

    async fn open(
        &mut self,
        tx: &mut Tx,
        ledger: &Ledger,
        record: &Record,
        follows: Option<MatterNo>,
    ) -> Result<(), LedgerError> {
        let no = self.number(tx, record.received_at).await?;
        let content = Content { title: Some(record.headline()), ..Content::default() };
        let opening = record.opening(follows);
        let change = opening.open(no.clone(), content, self.now, &Actor::machine(), ledger.policy())?;
        self.matters.insert(no.clone(), change);
        self.opened.insert(no.clone());
        self.own(&record.post, &no);
        Ok(())
    }

    /// The next number of the day the post reached us, Beijing time. The day's counter is locked by the first one taken
    /// and written back with the batch, so numbers have no gaps.
    async fn number(&mut self, tx: &mut Tx, received_at: Timestamp) -> Result<MatterNo, LedgerError> {
        let day = opening::day(received_at);
        let next = match self.numbers.get(&day) {
            Some(next) => *next,
            None => tx.numbers(&opening::counter(&day), 0).await?,
        };
        self.numbers.insert(day.clone(), next + 1);
        Ok(opening::number(&day, next))
    }

    fn own(&mut self, post: &PostRef, no: &MatterNo) {
        self.owner.insert(post.clone(), no.clone());
        self.moved.insert(post.clone(), no.clone());
    }

    /// Keeps the post for writing, and for later posts of this batch to join.
    fn remember(&mut self, record: Record, fate: Fate) {
        let keys = if fate == Fate::Matter { record.sketch.keys().to_vec() } else { Vec::new() };
        if fate == Fate::Matter {
            self.members.add(self.next_key, &record.post, record.sketch);
        }
        let prior = self.prior.entry(record.post.clone()).or_default();
        let revision = u32::try_from(prior.digests.len()).unwrap_or(u32::MAX);
        prior.digests.push(record.digest.clone());
        self.posts.push(NewPost {
            key: self.next_key,
            post: record.post,
            digest: record.digest,
            revision,
            title: record.title,
            text: record.text,
            url: record.url,
            place: record.place_given,
            received_at: record.received_at,
            published_at: record.published_at,
            backfill: record.backfill,
            fate,
            aside: record.aside,
            reason: record.reason,
            fingerprint: record.fingerprint.to_bytes(),
            keys,
            assessment: record.assessment,
        });
        self.next_key += 1;
    }

    async fn write(self, tx: &mut Tx, ledger: &Ledger) -> Result<Vec<(i64, Arc<Sketch>)>, LedgerError> {
        for (day, next) in &self.numbers {
            let name = opening::counter(day);
            let first = tx.numbers(&name, 0).await?;
            tx.numbers(&name, usize::try_from(next - first).unwrap_or(0)).await?;
        }
        tx.insert_posts(&self.posts).await?;
        let entries: Vec<_> = self.matters.values().flat_map(|change| ledger.salted(&change.entries)).collect();
        tx.append(&entries, crate::leaf).await?;
        let new: Vec<&Matter> =
            self.opened.iter().filter_map(|no| self.matters.get(no)).map(|one| &one.matter).collect();
        tx.insert_matters(&new).await?;
        let changed = |parts: bool| {
            let old =
                self.matters.iter().filter(|(no, change)| !self.opened.contains(*no) && !change.entries.is_empty());
            let with_parts = |change: &Change| change.entries.iter().any(|entry| entry.event.decides());
            old.filter(move |(_, change)| with_parts(change) == parts)
                .map(|(_, change)| (&change.matter, change.before))
                .collect::<Vec<_>>()
        };
        tx.update_matters(&changed(false), false).await?;
        tx.update_matters(&changed(true), true).await?;
        let (moved, new): (Vec<_>, Vec<_>) =
            self.moved.into_iter().partition(|(post, _)| self.stored.contains_key(post));
        tx.insert_members(&new).await?;
        for (post, to) in moved {
            if let Some(from) = self.stored.get(&post).filter(|from| **from != to) {
                tx.move_members(std::slice::from_ref(&post), from, &to).await?;
            }
        }
        Ok(self.members.into_new())
    }
}

enum Choice {
    Join(MatterNo),
    Open { follows: Option<MatterNo> },
}
