//! The service as a client sees it: real store, ledger, collector and embedded log; requests through the router.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test ends it")]

mod access;
mod actions;
mod document;
mod events;
mod pages;
mod problems;
mod push;
mod reading;
mod sessions;
mod world;
