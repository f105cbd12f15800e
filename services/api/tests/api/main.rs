//! The service as a client sees it: real store, ledger, collector and embedded log; requests through the router.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test ends it")]

mod access;
mod actions;
mod alerts;
mod briefings;
mod console;
mod document;
mod events;
mod further;
mod heat;
mod problems;
mod push;
mod queue;
mod reading;
mod search;
mod sessions;
mod world;
