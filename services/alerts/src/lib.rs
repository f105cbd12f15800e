//! Alerts: rules over the ledger, deliveries, signed webhooks and chat robots.
//!
//! The way of a message: [`Follower`] reads ledger entries that can no longer be undone and writes a delivery for each
//! channel whose rules fit, in one transaction with its position, so that every row is written exactly once;
//! [`Deliverer`] takes what is due by lease, sends it outside any transaction and records the try. A crash between the
//! two sends the message again with the same id: at least once, and the receiver can tell.
//!
//! Invariants: a post's text, source or link never leaves; titles and officials' words are masked once more; a channel of
//! a unit is told only of what was given to that unit; an address is checked when it is entered and at every connection
//! ([`guard`]), redirects are never followed; a channel that hangs or fails never delays another.
//! Deliberately unknown here: how matters are decided, and who may manage channels (the API's to say).

mod answer;
mod compose;
mod deliver;
mod follow;
pub mod guard;
mod kind;
mod manage;
mod notice;
mod remind;
mod robot;
mod rule;
mod schedule;
mod send;
mod sign;

use huiyin_store::StoreError;

pub use deliver::{DeliverOptions, Deliverer};
pub use follow::{FollowOptions, Follower};
pub use kind::AlertKind;
pub use manage::{Alerts, ChannelChange, ChannelDraft, Revealed, RuleDraft, TestResult, shown_url};
#[cfg(any(test, feature = "testing"))]
pub use send::RecordingSender;
pub use send::{Answer, HttpOptions, HttpSender, Outgoing, Sender, SenderError};
pub use sign::{KeyFault, Signer};

/// Why alerts did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum AlertError {
    /// A value cannot be taken; `message` says in Chinese what to do.
    #[error("alerts: {field}: {message}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong, in Chinese.
        message: String,
    },
    /// No such channel, rule or delivery; said in Chinese.
    #[error("alerts: {0}")]
    NotFound(&'static str),
    /// Not possible now; said in Chinese.
    #[error("alerts: {0}")]
    State(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AlertError {
    /// Trying again later may succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, AlertError::Store(error) if error.is_retryable())
    }
}
