//! A further concern of a post becomes a matter of its own, beside the one its post belongs to.
//!
//! A post belongs to one matter. The matter of a further concern only shows it, and says beside which it stands.

use serde::{Deserialize, Serialize};

use super::{Matter, Refusal};
use crate::{Actor, Evidence, Further, MatterNo, PostRef, SystemCode};

/// A further concern that became a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedFurther {
    /// Its line of work.
    pub system: SystemCode,
    /// Its matter.
    pub matter: MatterNo,
}

impl Matter {
    /// The further concern of `system` that `found`, the evidence of the first post, holds and that may be opened.
    ///
    /// # Errors
    /// [`Refusal`] when the actor may not, the matter has ended, or there is no such concern that is not opened yet.
    pub fn decide_further<'f>(
        &self,
        system: &SystemCode,
        found: &'f Evidence,
        actor: &Actor,
    ) -> Result<&'f Further, Refusal> {
        if !actor.role.is_duty() {
            return Err(Refusal::forbidden("只有值班员、带班领导可以另立事项"));
        }
        self.check_open()?;
        if let Some(first) = &self.beside {
            let message = format!("system：该事项由事项 {first} 另立，网帖的其余诉求请到事项 {first} 另立");
            return Err(Refusal::invalid(message));
        }
        if let Some(opened) = self.further.iter().find(|one| one.system == *system) {
            let message = format!("system：“{system}”已另立事项 {}，无须重复另立", opened.matter);
            return Err(Refusal::invalid(message));
        }
        let missing = || Refusal::invalid(format!("system：首帖中没有“{system}”这一另有的诉求，请刷新后再试"));
        found.further.iter().find(|one| one.system == *system).ok_or_else(missing)
    }

    /// Posts a reader of the matter sees: its own, and those it shows of other matters.
    pub fn posts_seen(&self) -> u32 {
        self.posts.saturating_add(u32::try_from(self.shown.len()).unwrap_or(u32::MAX))
    }

    /// After a merge: what came as its own is no longer another matter's.
    pub(super) fn show(&mut self, own: &[PostRef], shown: &[PostRef]) {
        self.shown.extend(shown.iter().cloned());
        self.shown.retain(|post| !own.contains(post));
    }

    /// After a split: what left with the other matter; its first post it goes on showing.
    pub(super) fn show_no_more(&mut self, left: &[PostRef], shown: &[PostRef]) {
        self.shown.retain(|post| !shown.contains(post));
        if self.beside.is_some() && left.contains(&self.first_post) {
            self.shown.push(self.first_post.clone());
        }
    }
}

#[cfg(test)]
#[path = "further_tests.rs"]
mod tests;
