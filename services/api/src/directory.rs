//! The catalogue in force, for pickers.

pub(crate) mod clauses;
pub(crate) mod places;
pub(crate) mod systems;
pub(crate) mod units;
