//! Stores for tests, on the database the test run names.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::AssertSqlSafe;

use crate::{Store, StoreError, StoreOptions};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A fresh store: SQLite in `directory`, or with `HUIYIN_TEST_POSTGRES=postgres://…` a new database on that server.
/// The suites run once with and once without the variable.
///
/// # Errors
/// What the database said.
pub async fn fresh(directory: &Path) -> Result<Store, StoreError> {
    Store::open(StoreOptions { url: fresh_url(directory).await?, connections_max: 4 }).await
}

/// The URL of a fresh store, for tests that open it more than once.
///
/// # Errors
/// What the database said.
pub async fn fresh_url(directory: &Path) -> Result<String, StoreError> {
    let Ok(server) = std::env::var("HUIYIN_TEST_POSTGRES") else {
        return Ok(format!("sqlite://{}/huiyin.db", directory.display()));
    };
    sqlx::any::install_default_drivers();
    let name = format!("huiyin_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&server).await?;
    sqlx::query(AssertSqlSafe(format!("drop database if exists {name}"))).execute(&pool).await?;
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&pool).await?;
    pool.close().await;
    let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |(base, query)| (base, query));
    let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
    Ok(if query.is_empty() { format!("{base}/{name}") } else { format!("{base}/{name}?{query}") })
}
