//! The ledger on a real log and a real database: SQLite, or PostgreSQL with `HUIYIN_TEST_POSTGRES` set.

mod act;
mod further;
mod intake;
mod order;
mod rebuild;
mod sequence;
mod undo;
mod world;
