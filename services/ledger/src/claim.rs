//! Claims (认领): one of the duty office works on a matter, and the others see it. They bind nobody: whoever may act may
//! act on a claimed matter too, and a claim can be taken over.

use huiyin_domain::matter::{Refusal, RefusalKind};
use huiyin_domain::{Actor, MatterNo};
use huiyin_store::Claim;
use jiff::SignedDuration;

use crate::{Ledger, LedgerError};

/// A claim ends by itself after this time: who went off shift holds up nobody.
pub const CLAIM_LIFE: SignedDuration = SignedDuration::from_mins(30);

/// What became of a wish to claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It is the asker's.
    Held(Claim),
    /// Another one holds it.
    ByAnother(Claim),
}

impl Ledger {
    /// Claims a matter for `actor`, shown as `name`, or prolongs the claim; `take_over` takes it from whoever holds it.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] when the role may not or the matter has ended, or what the store said.
    pub async fn claim(
        &self,
        no: &MatterNo,
        actor: &Actor,
        name: &str,
        take_over: bool,
    ) -> Result<Claimed, LedgerError> {
        may_claim(actor)?;
        let matter = self.store.matter(no).await?.ok_or_else(|| LedgerError::NotFound(no.clone()))?;
        if !matter.state.is_open() {
            let message = format!("该事项{}，无须认领", matter.state.chinese());
            return Err(Refusal { kind: RefusalKind::State, message }.into());
        }
        let since = self.now();
        let until = since.saturating_add(CLAIM_LIFE).unwrap_or(since);
        let wanted = Claim { matter: no.clone(), holder: actor.name.clone(), name: name.to_owned(), since, until };
        let standing = self.store.claim(&wanted, take_over).await?;
        let mine = standing.holder == actor.name;
        Ok(if mine { Claimed::Held(standing) } else { Claimed::ByAnother(standing) })
    }

    /// Ends the claim of `actor`; gives the claim of another one, which stays.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] when the role may not, or what the store said.
    pub async fn release(&self, no: &MatterNo, actor: &Actor) -> Result<Option<Claim>, LedgerError> {
        may_claim(actor)?;
        if self.store.release(no, &actor.name).await? {
            return Ok(None);
        }
        Ok(self.store.claim_of(no, self.now()).await?)
    }
}

fn may_claim(actor: &Actor) -> Result<(), Refusal> {
    if actor.role.is_duty() {
        return Ok(());
    }
    Err(Refusal { kind: RefusalKind::Forbidden, message: "只有值班员、带班领导可以认领事项".into() })
}
