//! Waiting for a condition.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Gives up after this long; far more than any condition needs, so that only a hang meets it.
const WAIT_MAX: Duration = Duration::from_secs(180);
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const PAUSE_MAX: Duration = Duration::from_millis(300);

/// Asks again and again, less and less often, until `look` gives a value.
///
/// # Errors
/// What `look` failed with, or after three minutes without a value `what` was waited for.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(value) = look().await? {
            return Ok(value);
        }
        if begun.elapsed() > WAIT_MAX {
            bail!("waited {} s in vain: {what}", WAIT_MAX.as_secs());
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 3 / 2).min(PAUSE_MAX);
    }
}
