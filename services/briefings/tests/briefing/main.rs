//! Figures against a count by hand over generated matters, on SQLite, or PostgreSQL with `HUIYIN_TEST_POSTGRES` set; and
//! what the files made of them hold.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed step of a test ends it")]

mod figures;
mod files;
mod world;
