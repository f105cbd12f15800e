//! Merging and splitting by hand.

use std::collections::BTreeSet;

use huiyin_domain::matter::{Content, Event};
use huiyin_domain::{Actor, MatterNo, PostRef};
use huiyin_store::{StoreError, Tx};

use crate::act::{Change, RACES_MAX, keep, replayed};
use crate::{Acted, Idempotency, Ledger, LedgerError};

/// Asks to merge `other` into `survivor`, or to split it off again.
#[derive(Clone, Debug)]
pub struct MergeRequest {
    /// The matter that survives; the one the answer shows.
    pub survivor: MatterNo,
    /// The other one.
    pub other: MatterNo,
    /// Who asks.
    pub actor: Actor,
    /// The survivor's decided version the caller saw.
    pub if_match: Option<u64>,
    /// Makes a repeated request harmless.
    pub idempotency: Option<Idempotency>,
}

impl Ledger {
    /// Merges `other` into `survivor`: its posts move, its number leads to the survivor.
    ///
    /// # Errors
    /// [`LedgerError`]; then nothing was written.
    pub async fn merge(&self, request: MergeRequest) -> Result<Acted, LedgerError> {
        self.repeat(request, false).await
    }

    /// Splits `other` off again, with the posts it brought.
    ///
    /// # Errors
    /// [`LedgerError`]; then nothing was written.
    pub async fn split(&self, request: MergeRequest) -> Result<Acted, LedgerError> {
        self.repeat(request, true).await
    }

    async fn repeat(&self, request: MergeRequest, split: bool) -> Result<Acted, LedgerError> {
        let mut race = 0;
        loop {
            match self.try_merge(&request, split).await {
                Err(LedgerError::Store(StoreError::Raced { .. })) if race < RACES_MAX => race += 1,
                done => return done,
            }
        }
    }

    async fn try_merge(&self, request: &MergeRequest, split: bool) -> Result<Acted, LedgerError> {
        let mut tx = self.store.begin().await?;
        if let Some(matter) = replayed(&mut tx, &request.actor, request.idempotency.as_ref()).await? {
            return Ok(Acted { matter, replayed: true, claim_ended: None });
        }
        // Both are locked in order of number before either is read, so two merges never wait for each other.
        let mut both = [request.survivor.clone(), request.other.clone()];
        both.sort();
        tx.matters(&both).await?;
        let survivor = self.current(&mut tx, &request.survivor, request.if_match).await?;
        let other = self.current(&mut tx, &request.other, None).await?;
        let (events, moved, owner) = if split {
            let (posts, shown) = brought(&mut tx, &request.survivor, &request.other).await?;
            let events = survivor.decide_split(&other, posts.clone(), shown, &request.actor, &self.policy)?;
            (events, posts, request.other.clone())
        } else {
            let posts = tx.members(&request.other).await?;
            // A survivor may have very many posts; they matter only where the other shows some of them.
            let here = if other.shown.is_empty() { Vec::new() } else { tx.members(&request.survivor).await? };
            let events = survivor.decide_merge(&other, posts.clone(), &here, &request.actor)?;
            (events, posts, request.survivor.clone())
        };
        let now = self.clock.now();
        let (mut survivor, mut other) = (Change::new(survivor), Change::new(other));
        survivor.push(events.0, Content::default(), now, &request.actor)?;
        let danger = (!split && other.matter.danger).then(|| {
            let (post, grade) = (other.matter.first_post.clone(), other.matter.suggestion.grade);
            let from = Some(request.other.clone());
            survivor.matter.endangered(post, from, other.matter.possible, grade, other.matter.received_at, &self.policy)
        });
        if let Some(event) = danger.flatten() {
            survivor.push(event, Content::default(), now, &Actor::machine())?;
        }
        other.push(events.1, Content::default(), now, &request.actor)?;
        self.write(&mut tx, &[&survivor, &other], true).await?;
        let from = if split { &request.survivor } else { &request.other };
        tx.move_members(&moved, from, &owner).await?;
        keep(&mut tx, request.idempotency.as_ref(), &request.actor, &survivor.matter, now).await?;
        let ended = !split && tx.end_claim(&request.other).await?;
        tx.commit().await?;
        self.appended.notify_one();
        Ok(Acted { matter: survivor.matter, replayed: false, claim_ended: ended.then(|| request.other.clone()) })
    }
}

/// The posts `other` brought when it was merged last, as far as they still belong to `survivor`, and those it only showed.
async fn brought(
    tx: &mut Tx,
    survivor: &MatterNo,
    other: &MatterNo,
) -> Result<(Vec<PostRef>, Vec<PostRef>), LedgerError> {
    let entries = tx.entries(survivor).await?;
    let brought = entries.into_iter().rev().find_map(|one| match one.entry.event {
        Event::Absorbed { from, posts, shown } if from == *other => Some((posts, shown)),
        _ => None,
    });
    let members: BTreeSet<PostRef> = tx.members(survivor).await?.into_iter().collect();
    let (posts, shown) = brought.unwrap_or_default();
    Ok((posts.into_iter().filter(|post| members.contains(post)).collect(), shown))
}
