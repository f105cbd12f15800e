//! Who of the duty office works on a matter just now, and what may be taken back.

use huiyin_domain::matter::UndoOffer;
use huiyin_store::Claim;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Someone of the duty office works on the matter (认领).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ClaimView {
    /// Login name.
    by: String,
    /// Name shown to others.
    name: String,
    /// Since when.
    since: Timestamp,
    /// It ends then by itself.
    until: Timestamp,
}

/// Data of a live `claim` event.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ClaimEvent {
    /// The matter.
    pub(crate) matter: String,
    /// Who works on it; null when nobody does any more.
    pub(crate) claim: Option<ClaimView>,
}

/// The action the caller may still take back (撤销).
#[derive(Serialize, ToSchema)]
pub(crate) struct UndoView {
    /// Until when, by the server's clock.
    until: Timestamp,
    /// The action in Chinese: 交办, 定级 …
    what: &'static str,
}

impl ClaimView {
    pub(crate) fn of(claim: &Claim) -> ClaimView {
        ClaimView { by: claim.holder.clone(), name: claim.name.clone(), since: claim.since, until: claim.until }
    }
}

impl UndoView {
    pub(crate) fn of(offer: &UndoOffer) -> UndoView {
        UndoView { until: offer.until, what: offer.what }
    }
}
