//! Probes and metrics.

pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod ready;
