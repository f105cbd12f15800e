//! The vocabulary of Huiyin: ids, places, grades, actors, the matter with its state machine, deadlines and the
//! working calendar, and the `Clock` trait.
//!
//! Invariants: pure (no IO, no wall clock, no randomness); a [`matter::Matter`] is a fold of its ledger entries, so
//! [`matter::Matter::apply`] never decides anything: what was decided, deadlines included, stands in the entry.
//! Deliberately absent: any notion of who wrote a post.

mod actor;
mod calendar;
mod clock;
mod deadline;
mod digest;
mod evidence;
mod grade;
mod id;
pub mod matter;
mod place;

pub use actor::{Actor, Role};
pub use calendar::{Calendar, CalendarFault, OfficeHours};
pub use clock::{Clock, ManualClock};
pub use deadline::{Deadline, DeadlineKind, DeadlineRules};
pub use digest::ContentDigest;
pub use evidence::{Candidate, ClauseRef, Demand, Evidence, Further, PlaceRef, TermHit, UnitRef};
pub use grade::Grade;
pub use id::{CatalogueVersionId, MatterNo, PlaceCode, PostRef, SystemCode, UnitId};
pub use place::{Level, Relation};

/// China Standard Time, +08:00, without daylight saving since 1991: the zone of every local date and time here.
pub const BEIJING: jiff::tz::Offset = jiff::tz::Offset::constant(8);

/// The instant in whole microseconds, as every stored time has it.
pub fn whole_micros(at: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.as_microsecond()).expect("a timestamp cut to microseconds stays in range")
}
