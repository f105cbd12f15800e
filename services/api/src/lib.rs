//! HTTP API v1, its OpenAPI document, live events, login; serves the console's files.
//!
//! A handler takes its request apart, calls one function of the ledger, store, collector or catalogue, and converts what
//! comes back. Invariants: every refusal is problem+json and carries no internal text; a route without a
//! login or token is one that a test names; a liaison is told of no matter that was not given to its unit; wire types are
//! apart from the domain's. Who may do what to a matter is decided in `domain`; this crate knows only who asks, and
//! which matters a liaison may see. It spawns no tasks, reads no files and no clock of its own.

mod actions;
mod alerts;
mod auth;
mod briefings;
mod claims;
mod commitments;
mod console;
mod directory;
mod events;
mod extract;
mod failure;
mod matters;
mod observe;
mod office;
mod openapi;
mod operations;
mod posts;
mod problem;
mod queue;
mod router;
mod search;
mod serve;
mod state;
mod time;
mod wire;

pub use auth::{PasswordError, hash_password, new_token, token_digest};
pub use console::ConsoleFile;
pub use router::{openapi_text, router};
pub use serve::serve;
pub use state::{ApiParts, ApiSettings, ApiState};
