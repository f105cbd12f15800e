//! Actions of people on one matter.

use huiyin_domain::matter::{Command, Content, Entry, Event, Matter};
use huiyin_domain::{Actor, MatterNo};
use huiyin_store::{NewEntry, Outcome, StoreError, Tx};
use huiyin_text as text;

use crate::{Ledger, LedgerError};

/// One request to act.
#[derive(Clone, Debug)]
pub struct ActRequest {
    /// The matter.
    pub matter: MatterNo,
    /// What to do.
    pub command: Command,
    /// Who asks.
    pub actor: Actor,
    /// The decided version the caller saw (`If-Match`).
    pub if_match: Option<u64>,
    /// Makes a repeated request harmless.
    pub idempotency: Option<Idempotency>,
}

/// An `Idempotency-Key` with the digest of the body it came with.
#[derive(Clone, Debug)]
pub struct Idempotency {
    /// The caller's key; keys of different actors do not meet.
    pub key: String,
    /// SHA-256 of the request's body.
    pub body_digest: [u8; 32],
}

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Acted {
    /// The matter after it.
    pub matter: Matter,
    /// The same request had been carried out before; nothing was done now.
    pub replayed: bool,
    /// A claim ended with it, on this matter: the one acted on, or the one that was merged into it.
    pub claim_ended: Option<MatterNo>,
}

/// How often a transaction that lost against another writer is decided anew.
pub(crate) const RACES_MAX: u32 = 8;

impl Ledger {
    /// Carries out an action and writes its entries, in one transaction.
    ///
    /// # Errors
    /// [`LedgerError`]; then nothing was written.
    pub async fn act(&self, request: ActRequest) -> Result<Acted, LedgerError> {
        let command = masked(request.command.clone());
        let mut race = 0;
        loop {
            match self.try_act(&request, &command).await {
                Err(LedgerError::Store(StoreError::Raced { .. })) if race < RACES_MAX => race += 1,
                done => return done,
            }
        }
    }

    async fn try_act(&self, request: &ActRequest, command: &Command) -> Result<Acted, LedgerError> {
        let mut tx = self.store.begin().await?;
        if let Some(matter) = replayed(&mut tx, &request.actor, request.idempotency.as_ref()).await? {
            return Ok(Acted { matter, replayed: true, claim_ended: None });
        }
        let matter = self.current(&mut tx, &request.matter, request.if_match).await?;
        let now = self.clock.now();
        let events = matter.decide(command.clone(), &request.actor, now, &self.policy)?;
        let mut change = Change::new(matter);
        for (event, content) in events {
            change.push(event, content, now, &request.actor)?;
        }
        self.write(&mut tx, &[&change], true).await?;
        keep(&mut tx, request.idempotency.as_ref(), &request.actor, &change.matter, now).await?;
        // Given away or ended: whoever held it is done with it.
        let done = matches!(command, Command::Assign { .. } | Command::Dismiss { .. } | Command::Close { .. });
        let ended = done && tx.end_claim(&request.matter).await?;
        tx.commit().await?;
        self.appended.notify_one();
        Ok(Acted { matter: change.matter, replayed: false, claim_ended: ended.then(|| request.matter.clone()) })
    }

    /// The matter as it stands, if it is the one the caller saw.
    pub(crate) async fn current(
        &self,
        tx: &mut Tx,
        no: &MatterNo,
        if_match: Option<u64>,
    ) -> Result<Matter, LedgerError> {
        let matter = tx.matter(no).await?.ok_or_else(|| LedgerError::NotFound(no.clone()))?;
        if if_match.is_some_and(|seen| seen != matter.decided_version) {
            let entries = tx.entries(no).await?;
            let last = entries.into_iter().find(|one| one.entry.version == matter.decided_version);
            return Err(LedgerError::Conflict { current: matter.decided_version, last: last.map(Box::new) });
        }
        Ok(matter)
    }

    /// Writes changed matters and their entries.
    pub(crate) async fn write(&self, tx: &mut Tx, changes: &[&Change], parts: bool) -> Result<(), LedgerError> {
        let entries: Vec<NewEntry> = changes.iter().flat_map(|change| self.salted(&change.entries)).collect();
        tx.append(&entries, crate::leaf).await?;
        let matters: Vec<(&Matter, u64)> = changes.iter().map(|change| (&change.matter, change.before)).collect();
        tx.update_matters(&matters, parts).await?;
        Ok(())
    }

    pub(crate) fn salted(&self, entries: &[Entry]) -> Vec<NewEntry> {
        entries.iter().map(|entry| NewEntry { entry: entry.clone(), salt: self.entropy.salt() }).collect()
    }
}

/// A matter under change: the entries since `before`, folded as they are added.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) matter: Matter,
    pub(crate) before: u64,
    pub(crate) entries: Vec<Entry>,
}

impl Change {
    pub(crate) fn new(matter: Matter) -> Change {
        Change { before: matter.version, matter, entries: Vec::new() }
    }

    pub(crate) fn push(
        &mut self,
        event: Event,
        content: Content,
        at: jiff::Timestamp,
        actor: &Actor,
    ) -> Result<(), LedgerError> {
        let entry = Entry {
            matter: self.matter.no.clone(),
            version: self.matter.version + 1,
            at,
            actor: actor.clone(),
            event,
            content: Some(content),
        };
        self.matter.apply(&entry)?;
        self.entries.push(entry);
        Ok(())
    }
}

/// Keys of different actors must not meet, so the actor's name is part of the stored key.
fn key(actor: &Actor, idempotency: &Idempotency) -> String {
    format!("{}\u{1f}{}", actor.name, idempotency.key)
}

/// The matter of an earlier request with the same key and body.
pub(crate) async fn replayed(
    tx: &mut Tx,
    actor: &Actor,
    idempotency: Option<&Idempotency>,
) -> Result<Option<Matter>, LedgerError> {
    let Some(idempotency) = idempotency else { return Ok(None) };
    let Some(outcome) = tx.outcome(&key(actor, idempotency)).await? else { return Ok(None) };
    if outcome.body_digest != idempotency.body_digest {
        return Err(LedgerError::KeyReused);
    }
    let no = MatterNo::new(outcome.matter);
    let matter = tx.matter(&no).await?;
    matter.map(Some).ok_or(LedgerError::NotFound(no))
}

/// Keeps what a request did, for its repetition.
pub(crate) async fn keep(
    tx: &mut Tx,
    idempotency: Option<&Idempotency>,
    actor: &Actor,
    matter: &Matter,
    at: jiff::Timestamp,
) -> Result<(), LedgerError> {
    let Some(idempotency) = idempotency else { return Ok(()) };
    let outcome = Outcome {
        body_digest: idempotency.body_digest.to_vec(),
        matter: matter.no.to_string(),
        version: matter.version,
    };
    if !tx.put_outcome(&key(actor, idempotency), &outcome, at).await? {
        return Err(StoreError::Raced { what: "a request with this Idempotency-Key".into() }.into());
    }
    Ok(())
}

/// What people write goes through the mask like everything else that is stored.
fn masked(command: Command) -> Command {
    let mask = |value: String| text::prepare_prose(&value).into_string();
    // A link that cannot be kept is masked as text, which the rules then refuse as no link.
    let kept = |one: String| text::link(&one).unwrap_or_else(|| text::prepare(&one).into_string());
    let link = |value: Option<String>| value.filter(|one| !one.is_empty()).map(kept);
    match command {
        Command::Assign { units, grade, instruction } => {
            Command::Assign { units, grade, instruction: instruction.map(mask) }
        }
        Command::Reject { assignment, reason } => Command::Reject { assignment, reason: mask(reason) },
        Command::Respond { assignment, kind, channel, link: given, text } => {
            Command::Respond { assignment, kind, channel, link: link(given), text: mask(text) }
        }
        Command::Commit { assignment, due, published, text } => {
            Command::Commit { assignment, due, published, text: mask(text) }
        }
        Command::Verify { commitment, kept, text } => Command::Verify { commitment, kept, text: mask(text) },
        Command::Act { assignment, kind, text, link: given } => {
            Command::Act { assignment, kind, text: mask(text), link: link(given) }
        }
        Command::Consult { lead, units, question } => Command::Consult { lead, units, question: mask(question) },
        Command::Conclude { consultation, conclusion } => {
            Command::Conclude { consultation, conclusion: mask(conclusion) }
        }
        Command::Supervise { text } => Command::Supervise { text: mask(text) },
        Command::Extend { deadline, assignment, due, reason } => {
            Command::Extend { deadline, assignment, due, reason: mask(reason) }
        }
        Command::Dismiss { reason } => Command::Dismiss { reason: mask(reason) },
        Command::Close { text } => Command::Close { text: text.map(mask) },
        Command::Reopen { reason } => Command::Reopen { reason: mask(reason) },
        plain @ (Command::Grade(_) | Command::Accept { .. }) => plain,
    }
}
