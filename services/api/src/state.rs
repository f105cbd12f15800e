//! What the handlers share, and the limits they keep.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use huiyin_catalogue::Catalogue;
use huiyin_domain::BEIJING;
use huiyin_ingest::{Collector, HealthSink};
use huiyin_ledger::Ledger;
use huiyin_search::Search;
use huiyin_store::Store;
use huiyin_stream::Log;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::{Semaphore, broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::auth::Attempts;
use crate::console::ConsoleFile;
use crate::problem::{ApiError, Code};
use crate::wire::ClaimEvent;

/// Everything the API is made of; the binary puts it together.
pub struct ApiParts {
    /// Matters, and through it the store.
    pub ledger: Ledger,
    /// Channels, rules and deliveries.
    pub alerts: huiyin_alerts::Alerts,
    /// Takes pushed posts.
    pub collector: Arc<Collector>,
    /// The catalogue in force; none until one was read.
    pub catalogue: watch::Receiver<Option<Arc<Catalogue>>>,
    /// Asked by `/readyz`.
    pub log: Arc<dyn Log>,
    /// Told how each push went.
    pub health: Arc<dyn HealthSink>,
    /// Text of `/metrics` in Prometheus' format.
    pub metrics_text: Arc<dyn Fn() -> String + Send + Sync>,
    /// The console's files.
    pub console: Box<ConsoleFile>,
    /// The index of posts and matters; none when this process keeps none.
    pub search: Option<Arc<Search>>,
    /// Limits and switches.
    pub settings: ApiSettings,
    /// Cancelled at shutdown: live events end.
    pub shutdown: CancellationToken,
}

/// Limits and switches, with their defaults.
#[derive(Clone, Debug)]
pub struct ApiSettings {
    /// Life of a login, in hours: 12, one shift.
    pub session_hours: u32,
    /// Sends the session cookie over HTTPS only. Off by default, since intranets run plain HTTP.
    pub cookie_secure: bool,
    /// Bytes of one push, before and after decompression: 32 MiB.
    pub push_bytes_max: usize,
    /// Pushes handled at once, further ones get 429: 4.
    pub pushes_max: usize,
    /// Bytes of any other body: 256 KiB.
    pub json_bytes_max: usize,
    /// Live event streams open at once, further ones get 429: 256.
    pub event_streams_max: usize,
    /// Seconds between heartbeats of a live event stream: 15.
    pub heartbeat_seconds: u32,
    /// Seconds after which a live event stream ends and the client comes back with its login checked anew: 900.
    pub event_stream_seconds_max: u32,
    /// Seconds a request may take before it is answered with 503: 60.
    pub request_seconds_max: u32,
    /// Failed logins of one name in a quarter of an hour: 10.
    pub login_failures_per_name_max: u32,
    /// Failed logins from one address in a quarter of an hour: 50.
    pub login_failures_per_address_max: u32,
    /// Reverse proxies whose `X-Forwarded-For` is believed (its last entry). None by default.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for ApiSettings {
    fn default() -> ApiSettings {
        ApiSettings {
            session_hours: 12,
            cookie_secure: false,
            push_bytes_max: 32 << 20,
            pushes_max: 4,
            json_bytes_max: 256 << 10,
            event_streams_max: 256,
            heartbeat_seconds: 15,
            event_stream_seconds_max: 900,
            request_seconds_max: 60,
            login_failures_per_name_max: 10,
            login_failures_per_address_max: 50,
            trusted_proxies: Vec::new(),
        }
    }
}

/// Shared by all handlers; a clone is cheap.
#[derive(Clone)]
pub struct ApiState(Arc<Inner>);

struct Inner {
    parts: ApiParts,
    attempts: Attempts,
    pushes: Arc<Semaphore>,
    event_streams: Arc<Semaphore>,
    password_checks: Semaphore,
    searches: Semaphore,
    claims: broadcast::Sender<ClaimEvent>,
}

/// Password checks at once, each 19 MiB of memory; further ones wait.
const PASSWORD_CHECKS_MAX: usize = 4;
/// Searches at once, each a few milliseconds of one core; further ones wait.
const SEARCHES_MAX: usize = 4;

/// Claims kept for a live stream that is behind; further ones it does not hear of.
const CLAIMS_WAITING_MAX: usize = 256;

impl ApiState {
    /// State of the given parts.
    pub fn new(parts: ApiParts) -> ApiState {
        let settings = &parts.settings;
        let attempts = Attempts::new(settings.login_failures_per_name_max, settings.login_failures_per_address_max);
        ApiState(Arc::new(Inner {
            attempts,
            pushes: Arc::new(Semaphore::new(settings.pushes_max)),
            event_streams: Arc::new(Semaphore::new(settings.event_streams_max)),
            password_checks: Semaphore::new(PASSWORD_CHECKS_MAX),
            searches: Semaphore::new(SEARCHES_MAX),
            claims: broadcast::Sender::new(CLAIMS_WAITING_MAX),
            parts,
        }))
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.0.parts.ledger
    }

    pub(crate) fn store(&self) -> &Store {
        self.0.parts.ledger.store()
    }

    pub(crate) fn alerts(&self) -> &huiyin_alerts::Alerts {
        &self.0.parts.alerts
    }

    pub(crate) fn collector(&self) -> &Arc<Collector> {
        &self.0.parts.collector
    }

    pub(crate) fn health(&self) -> &dyn HealthSink {
        &*self.0.parts.health
    }

    pub(crate) fn log(&self) -> &dyn Log {
        &*self.0.parts.log
    }

    pub(crate) fn metrics_text(&self) -> String {
        (self.0.parts.metrics_text)()
    }

    /// The index of posts and matters; none when this process keeps none.
    pub(crate) fn search(&self) -> Option<&Arc<Search>> {
        self.0.parts.search.as_ref()
    }

    pub(crate) fn searches(&self) -> &Semaphore {
        &self.0.searches
    }

    /// One of the console's files by its path.
    pub(crate) fn console(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        (self.0.parts.console)(path)
    }

    pub(crate) fn settings(&self) -> &ApiSettings {
        &self.0.parts.settings
    }

    pub(crate) fn shutdown(&self) -> &CancellationToken {
        &self.0.parts.shutdown
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    pub(crate) fn pushes(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.pushes)
    }

    pub(crate) fn event_streams(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.event_streams)
    }

    pub(crate) fn password_checks(&self) -> &Semaphore {
        &self.0.password_checks
    }

    /// Claims as they change, of this process alone.
    pub(crate) fn claims(&self) -> &broadcast::Sender<ClaimEvent> {
        &self.0.claims
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.parts.ledger.now()
    }

    /// Today in Beijing.
    pub(crate) fn today(&self) -> Date {
        BEIJING.to_datetime(self.now()).date()
    }

    pub(crate) fn catalogue_in_force(&self) -> Option<Arc<Catalogue>> {
        self.0.parts.catalogue.borrow().clone()
    }

    /// The catalogue in force, or 503 while none is.
    pub(crate) fn catalogue(&self) -> Result<Arc<Catalogue>, ApiError> {
        let missing = || ApiError::new(Code::Unavailable, "职责目录尚未就绪，请稍后重试").retry_after(5);
        self.catalogue_in_force().ok_or_else(missing)
    }
}
