//! Posts: pushed in, listed.

pub(crate) mod list;
pub(crate) mod push;
