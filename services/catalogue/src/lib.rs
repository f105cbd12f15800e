//! The versioned directory (职责目录): places, systems, units, documents with their clauses, and terms.
//!
//! A catalogue is made from the contents of a handful of tables that an office edits in a spreadsheet, and is immutable
//! afterwards: share it by `Arc`. [`Catalogue::from_files`] reports every fault of the tables at once, each with file,
//! line and column, because the person who mends them works through a list.
//!
//! Invariants: every code a table names exists; parents and successors have no cycles; a name means one unit at one
//! place on one day; lookups give the same answer on every machine, in table order.
//!
//! The crate reads no files and no clock: dates come in as arguments. It knows nothing of posts; choosing a unit for a
//! text is `huiyin-matching`'s work.

pub mod adopting;
mod bearing;
mod catalogue;
mod check;
mod day;
mod diff;
mod document;
pub mod extract;
mod fault;
mod find;
pub mod gazetteer;
mod locality;
mod manifest;
mod place;
pub mod reading;
mod resolve;
mod serving;
mod starting;
mod system;
mod table;
mod term;
mod unit;

pub use bearing::{Bearing, Held, Naming};
pub use catalogue::{Catalogue, FILES};
pub use diff::{ChangedField, ChangedRow, Difference, Row, TableDifference};
pub use document::{Clause, Document, Duty};
pub use fault::Fault;
pub use locality::{Locality, learned_csv};
pub use manifest::Manifest;
pub use place::Place;
pub use starting::{Beginning, begin};
pub use system::System;
pub use term::{Elsewhere, Term};
pub use unit::Unit;
