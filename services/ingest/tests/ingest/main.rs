//! The roles end to end, over an embedded log in a directory of its own and a real HTTP server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of this is test code; a failed step should stop its test")]

mod assess;
mod collect;
mod external;
mod feed;
mod node;
