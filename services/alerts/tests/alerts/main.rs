//! From ledger entries to real HTTP receivers, on both databases.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of this is test code; a failed step should stop its test")]

mod deliver;
mod follow;
mod receiver;
mod world;
