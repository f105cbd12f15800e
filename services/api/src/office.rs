//! What concerns the whole office.

pub(crate) mod sources;
pub(crate) mod statistics;
pub(crate) mod surges;
