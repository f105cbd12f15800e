//! Taking the last action back, within the window for which nothing of it has gone out.

use huiyin_domain::matter::{Entry, Matter, UndoOffer};
use huiyin_domain::{Actor, MatterNo};
use huiyin_store::StoreError;
use jiff::SignedDuration;

use crate::act::{Change, RACES_MAX, keep, replayed};
use crate::{Acted, Idempotency, Ledger, LedgerError};

/// Asks to take the last action on a matter back.
#[derive(Clone, Debug)]
pub struct UndoRequest {
    /// The matter.
    pub matter: MatterNo,
    /// Why.
    pub reason: Option<String>,
    /// Who asks: only who acted may.
    pub actor: Actor,
    /// The decided version after the action to take back.
    pub if_match: Option<u64>,
    /// Makes a repeated request harmless.
    pub idempotency: Option<Idempotency>,
}

/// What an undo that begins within the window may take until its entry is committed.
const COMMIT_TIME: SignedDuration = SignedDuration::from_secs(2);

impl Ledger {
    /// How old an entry is before anybody outside may be told of it: until then it may be taken back. Zero when the
    /// window is.
    pub fn hold(&self) -> SignedDuration {
        match self.policy.undo_window() {
            window if window.is_zero() => window,
            window => window + COMMIT_TIME,
        }
    }

    /// The action on `matter` that `actor` may still take back.
    ///
    /// # Errors
    /// What the store said.
    pub async fn undo_offer(&self, matter: &Matter, actor: &Actor) -> Result<Option<UndoOffer>, LedgerError> {
        if !actor.role.is_duty() || self.policy.undo_window().is_zero() {
            return Ok(None);
        }
        let last = self.store.entry(&matter.no, matter.decided_version).await?;
        Ok(last.and_then(|last| UndoOffer::of(&last.entry, actor, self.now(), &self.policy)))
    }

    /// Takes the last action back by an entry that carries the state before it.
    ///
    /// # Errors
    /// [`LedgerError`]; then nothing was written.
    pub async fn undo(&self, request: UndoRequest) -> Result<Acted, LedgerError> {
        let mask = |text: String| huiyin_text::prepare_prose(&text).into_string();
        let request = UndoRequest { reason: request.reason.map(mask), ..request };
        let mut race = 0;
        loop {
            match self.try_undo(&request).await {
                Err(LedgerError::Store(StoreError::Raced { .. })) if race < RACES_MAX => race += 1,
                done => return done,
            }
        }
    }

    async fn try_undo(&self, request: &UndoRequest) -> Result<Acted, LedgerError> {
        let mut tx = self.store.begin().await?;
        if let Some(matter) = replayed(&mut tx, &request.actor, request.idempotency.as_ref()).await? {
            return Ok(Acted { matter, replayed: true, claim_ended: None });
        }
        // What was decided since is a refusal that says so, not a conflict to decide on anew.
        let matter = self.current(&mut tx, &request.matter, None).await?;
        let entries: Vec<Entry> = tx.entries(&request.matter).await?.into_iter().map(|one| one.entry).collect();
        let (actor, now) = (&request.actor, self.clock.now());
        let action = matter.undoable_action(&entries, request.if_match, actor, now, &self.policy)?;
        let before = Matter::fold(entries.iter().take_while(|one| one.version < *action.start()))?;
        let before = before.ok_or_else(|| LedgerError::NotFound(request.matter.clone()))?;
        let (event, content) = matter.undone(&before, &action, request.reason.clone())?;
        let mut change = Change::new(matter);
        change.push(event, content, now, actor)?;
        self.write(&mut tx, &[&change], true).await?;
        keep(&mut tx, request.idempotency.as_ref(), actor, &change.matter, now).await?;
        tx.commit().await?;
        self.appended.notify_one();
        Ok(Acted { matter: change.matter, replayed: false, claim_ended: None })
    }
}
