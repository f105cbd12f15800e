//! Places and subject to units with evidence; grouping posts into matters.
//!
//! [`Assessor::assess`] follows the rule of responsibility in its order: who is already handling it (谁处置谁回应), who
//! manages the subject at the place (谁主管谁回应、属地管理), who leads where several are concerned, and otherwise
//! abstains, so that the duty office decides. Every answer carries the words, clauses and runners-up it rests on.
//! [`grouping`] says which posts speak of the same concern.
//!
//! Invariants: pure and deterministic (no IO, clock or randomness; sums and ties in a fixed order); a candidate's score
//! is the sum of the weights of its terms; nothing panics on any text; offsets refer to title, line feed, text as given.
//!
//! The crate deliberately knows neither who wrote a post nor which matters are open: the ledger asks [`grouping`] about
//! pairs it found.

mod alarm;
mod assessment;
mod assessor;
mod blend;
mod candidate;
mod clause;
mod decide;
mod duty;
pub mod evaluate;
mod further;
pub mod grouping;
mod handling;
pub mod heat;
mod lexicon;
pub mod localities;
mod locate;
mod model;
mod opinion;
mod points;
mod rules;
mod scene;
mod screen;
mod script;
mod subject;
pub mod surge;
pub mod train;

pub use assessment::{Aside, Assessment, Decision};
pub use assessor::{Assessor, Scope, Subject};
pub use model::{Head, Model, ModelError, Ranked};
