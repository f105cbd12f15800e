//! Logs and metrics of the process.

use std::io::IsTerminal;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Logs to stderr: text in a terminal, JSON lines elsewhere. `HUIYIN_LOG` sets what is shown (default `info`).
pub(crate) fn start_logs(quiet: bool) {
    let default = if quiet { "warn" } else { "info,sqlx=warn,librdkafka=warn,tower_http=warn" };
    // Two merges that meet at one segment are foreseen where removed posts are purged; the one that is late gives up.
    let default = format!("{default},tantivy::indexer::segment_manager=error");
    let filter = EnvFilter::try_from_env("HUIYIN_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start (tests) keeps the first one.
    let _kept = if std::io::stderr().is_terminal() { builder.try_init() } else { builder.json().try_init() };
}

/// Metrics, rendered on demand by the API; no listener of their own.
pub(crate) fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new().install_recorder()?)
}
