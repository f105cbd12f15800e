//! `huiyin run`: the roles of one process.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use huiyin_api::{ApiParts, ApiSettings};
use huiyin_catalogue::Catalogue;
use huiyin_domain::{BEIJING, Clock};
use huiyin_ingest::{
    AssessOptions, AssessRole, Assessors, Collector, ExternalOptions, ExternalSource, FeedOptions, FeedSource,
    HealthSink, PlaceCheck, Source,
};
use huiyin_ledger::{Intake, Ledger};
use huiyin_store::Store;
use huiyin_stream::{EmbeddedLog, Log};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::alerts::AlertParts;
use crate::cli::{Role, RunArgs};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::health::HealthBook;
use crate::node::{self, OpenLog};
use crate::tasks::{Rule, Tasks};
use crate::{learn, pipeline, remote, search, telemetry};

/// How often retention is looked at.
const EXPIRE_PERIOD: Duration = Duration::from_secs(600);
/// How often the catalogue in force is looked up again: versions come over the log, and days change.
const CATALOGUE_PERIOD: Duration = Duration::from_secs(2);
/// Longest place name looked at.
const PLACE_CHARS_MAX: usize = 40;
/// How often metrics are tidied.
const METRICS_PERIOD: Duration = Duration::from_secs(15);

/// `huiyin run`
pub(crate) async fn run(args: RunArgs) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(&args.node)?;
    if let Some(listen) = args.listen {
        config.listen = listen;
    }
    let roles = if args.roles.is_empty() { Role::ALL.to_vec() } else { args.roles };
    let mut tasks = Tasks::new();
    let started = start(&config, &roles, Arc::new(SystemClock), &mut tasks).await?;
    tracing::info!(roles = ?roles, address = started.url.as_deref().unwrap_or("none"), "running");
    let done = tasks.run_until(std::future::pending()).await;
    started.stop().await;
    done.map(|()| ExitCode::SUCCESS)
}

/// A running node, for those who go on with its parts.
pub(crate) struct Started {
    pub(crate) url: Option<String>,
    pub(crate) log: Arc<dyn Log>,
    pub(crate) embedded: Option<EmbeddedLog>,
    pub(crate) ledger: Option<Ledger>,
    pub(crate) collector: Arc<Collector>,
    pub(crate) assessors: Arc<Assessors>,
    announced: Option<remote::Announced>,
}

impl Started {
    /// The parts alone, without what has to be taken back at the end.
    pub(crate) fn clone_parts(&self) -> Started {
        Started {
            url: self.url.clone(),
            log: self.log.clone(),
            embedded: self.embedded.clone(),
            ledger: self.ledger.clone(),
            collector: self.collector.clone(),
            assessors: self.assessors.clone(),
            announced: None,
        }
    }

    /// Takes back what was announced, and closes the database.
    pub(crate) async fn stop(self) {
        if let (Some(announced), Some(ledger)) = (self.announced, &self.ledger) {
            announced.withdraw(ledger.store(), ledger.now()).await;
        }
        if let Some(ledger) = &self.ledger {
            ledger.store().close().await;
        }
        if let Some(embedded) = self.embedded
            && let Err(error) = embedded.close().await
        {
            tracing::warn!(%error, "the log did not close cleanly; the next start checks it");
        }
    }
}

/// Opens the parts that `roles` need and spawns their tasks.
///
/// # Errors
/// Says which part cannot be opened and what to do.
pub(crate) async fn start(
    config: &Config,
    roles: &[Role],
    clock: Arc<dyn Clock>,
    tasks: &mut Tasks,
) -> anyhow::Result<Started> {
    let has = |role| roles.contains(&role);
    node::make_directory(&config.data)?;
    let OpenLog { log, embedded } = node::open_log(config).await?;
    let store = if roles == [Role::Assess] { None } else { Some(node::open_store(config).await?) };
    if let Some(store) = &store
        && !node::adopt_first(config, log.as_ref(), store, clock.as_ref()).await?
    {
        tracing::warn!("no catalogue yet: posts wait in the log until `huiyin catalogue adopt` gives one");
    }
    let assessors = Arc::new(Assessors::with_model(learn::load(config.assess.model.as_deref())?));
    spawn_catalogue(tasks, log.clone(), assessors.clone());
    let place_known = place_check(assessors.clone(), clock.clone());
    let workers = config.assess.workers;
    let external = config.external.enabled.then(|| config.external.source.clone());
    let named = config.feed.iter().map(|feed| feed.source.clone()).chain(external);
    let collector = Collector::new(log.clone(), clock.clone(), Some(place_known), workers);
    let collector = Arc::new(collector.metering(named));
    if has(Role::Assess) {
        let options = AssessOptions { workers, ..AssessOptions::default() };
        let role = AssessRole::new(log.clone(), assessors.clone(), clock.clone(), options);
        let cancel = tasks.cancel();
        tasks.spawn("assess", Rule::Vital, async move { Ok(role.run(&cancel).await?) });
    }
    let ledger = store.map(|store| node::ledger(config, store, clock.clone()));
    let mut announced = None;
    let mut url = None;
    if let Some(ledger) = &ledger {
        let health = spawn_health(tasks, ledger.store());
        let alerts = AlertParts::new(&config.alerts, clock.clone())?;
        if has(Role::Alerts) {
            alerts.spawn(tasks, ledger);
        }
        if has(Role::Intake) {
            spawn_intake(tasks, ledger, &log);
        }
        if has(Role::Collect) {
            spawn_sources(config, tasks, ledger.store(), &collector, &health).await?;
        }
        if has(Role::Api) {
            let metrics = telemetry::start_metrics()?;
            spawn_metrics(tasks, metrics.clone(), log.clone());
            let catalogue = spawn_in_force(tasks, assessors.clone(), clock.clone());
            let search = search::open(config).await?;
            if let Some(search) = &search {
                let task = search::follow(search.clone(), ledger.clone(), tasks.cancel());
                tasks.spawn("search index", Rule::Spare, task);
            }
            let (listener, address) = listen(&config.listen).await?;
            let parts = ApiParts {
                ledger: ledger.clone(),
                alerts: alerts.managed(ledger),
                collector: collector.clone(),
                catalogue,
                log: log.clone(),
                health,
                metrics_text: Arc::new(move || metrics.render()),
                console: Box::new(huiyin_console::file),
                search,
                settings: ApiSettings {
                    session_hours: config.session.hours,
                    cookie_secure: config.session.cookie_secure,
                    ..ApiSettings::default()
                },
                shutdown: tasks.cancel(),
            };
            let cancel = tasks.cancel();
            tasks.spawn("api", Rule::Vital, async move { Ok(huiyin_api::serve(listener, parts, cancel).await?) });
            announced = Some(remote::announce(&config.data, &address, ledger.store(), ledger.now()).await?);
            url = Some(address);
        }
    }
    if let Some(embedded) = embedded.clone() {
        spawn_expiry(tasks, embedded, clock);
    }
    Ok(Started { url, log, embedded, ledger, collector, assessors, announced })
}

async fn listen(address: &str) -> anyhow::Result<(TcpListener, String)> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("listen: {address} cannot be used; is another node running, or the port taken?"))?;
    let address = listener.local_addr()?;
    Ok((listener, format!("http://{address}")))
}

fn spawn_catalogue(tasks: &mut Tasks, log: Arc<dyn Log>, assessors: Arc<Assessors>) {
    let cancel = tasks.cancel();
    let random: String = crate::clock::random().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let group = format!("catalogue-{random}");
    tasks.spawn("catalogue", Rule::Vital, async move {
        Ok(huiyin_ingest::watch_catalogue(log.as_ref(), &assessors, &group, &cancel).await?)
    });
}

/// Tells the API which catalogue is in force.
fn spawn_in_force(
    tasks: &mut Tasks,
    assessors: Arc<Assessors>,
    clock: Arc<dyn Clock>,
) -> watch::Receiver<Option<Arc<Catalogue>>> {
    let (sender, receiver) = watch::channel(None);
    let cancel = tasks.cancel();
    tasks.spawn("catalogue in force", Rule::Vital, async move {
        // While versions are still being read, one that is no longer in force would be told for a while.
        tokio::select! {
            () = assessors.completed() => {}
            () = cancel.cancelled() => return Ok(()),
        }
        while !cancel.is_cancelled() {
            if let Some(assessor) = assessors.on(BEIJING.to_datetime(clock.now()).date()) {
                let catalogue = assessor.shared_catalogue();
                sender.send_if_modified(|known: &mut Option<Arc<Catalogue>>| {
                    let same = known.as_ref().is_some_and(|known| Arc::ptr_eq(known, &catalogue));
                    if !same {
                        *known = Some(catalogue);
                    }
                    !same
                });
            }
            pause(&cancel, CATALOGUE_PERIOD).await;
        }
        Ok(())
    });
    receiver
}

fn place_check(assessors: Arc<Assessors>, clock: Arc<dyn Clock>) -> PlaceCheck {
    Arc::new(move |place| {
        let assessor = assessors.on(BEIJING.to_datetime(clock.now()).date());
        // Without a catalogue nothing is known to be wrong.
        assessor.is_none_or(|assessor| {
            let catalogue = assessor.catalogue();
            let coded = catalogue.place(&huiyin_domain::PlaceCode::new(place)).is_some();
            let letters: Vec<char> = place.chars().filter(|one| !one.is_whitespace()).take(PLACE_CHARS_MAX).collect();
            coded || names_a_place(catalogue, &letters)
        })
    })
}

/// True for a name the catalogue has, or several in a row: 南昌市南昌县莲塘镇.
fn names_a_place(catalogue: &Catalogue, letters: &[char]) -> bool {
    // Ends of names from which the rest can still be a row of names.
    let mut ends = std::collections::BTreeSet::from([0_usize]);
    while let Some(from) = ends.pop_first() {
        let Some(rest) = letters.get(from..).filter(|rest| !rest.is_empty()) else { return from > 0 };
        for length in 1..=rest.len() {
            let name: String = rest.iter().take(length).collect();
            if !catalogue.places_named(&name).is_empty() {
                ends.insert(from + length);
            }
        }
    }
    false
}

fn spawn_intake(tasks: &mut Tasks, ledger: &Ledger, log: &Arc<dyn Log>) {
    let holder: String = crate::clock::random().iter().map(|byte| format!("{byte:02x}")).collect();
    let intake = Arc::new(Intake::new(ledger.clone(), log.clone()));
    let (one, cancel) = (intake.clone(), tasks.cancel());
    tasks.spawn("intake", Rule::Vital, async move { Ok(one.run(cancel).await?) });
    let cancel = tasks.cancel();
    tasks.spawn("dead letters", Rule::Vital, async move { Ok(intake.run_dead_letters(cancel).await?) });
    let (one, name, cancel) = (ledger.clone(), holder.clone(), tasks.cancel());
    tasks.spawn("sequencer", Rule::Vital, async move { Ok(one.run_sequencer(&name, cancel).await?) });
    let (one, cancel) = (ledger.clone(), tasks.cancel());
    tasks.spawn("timers", Rule::Vital, async move { Ok(one.run_timers(&holder, cancel).await?) });
}

async fn spawn_sources(
    config: &Config,
    tasks: &mut Tasks,
    store: &Store,
    collector: &Arc<Collector>,
    health: &Arc<HealthBook>,
) -> anyhow::Result<()> {
    let known = store.sources().await?;
    let mut sources: Vec<Box<dyn Source>> = Vec::new();
    let client = huiyin_ingest::feed_client().build().context("feed: the HTTP client cannot start")?;
    for feed in &config.feed {
        let options = FeedOptions {
            every: Duration::from_secs(feed.every_seconds),
            default_place: feed.default_place.clone(),
            ..FeedOptions::new(&feed.source, &feed.url)
        };
        let cursor = known.iter().find(|one| one.source == feed.source).map_or("", |one| one.cursor.as_str());
        sources.push(Box::new(FeedSource::new(options, client.clone(), cursor)));
    }
    if config.external.enabled {
        sources.push(Box::new(ExternalSource::new(ExternalOptions {
            topic: node::external_topic(config)?,
            source: config.external.source.clone(),
            default_place: config.external.default_place.clone(),
        })));
    }
    let health: Arc<dyn HealthSink> = health.clone();
    for source in sources {
        let (collector, health, cancel) = (collector.clone(), health.clone(), tasks.cancel());
        tasks.spawn("source", Rule::Spare, async move {
            source.run(collector, health, cancel).await;
            Ok(())
        });
    }
    Ok(())
}

fn spawn_health(tasks: &mut Tasks, store: &Store) -> Arc<HealthBook> {
    let book = Arc::new(HealthBook::default());
    let (kept, store, cancel) = (book.clone(), store.clone(), tasks.cancel());
    tasks.spawn("health of sources", Rule::Spare, async move {
        kept.run(&store, &cancel).await;
        Ok(())
    });
    book
}

fn spawn_expiry(tasks: &mut Tasks, log: EmbeddedLog, clock: Arc<dyn Clock>) {
    let cancel = tasks.cancel();
    tasks.spawn("retention", Rule::Spare, async move {
        while !cancel.is_cancelled() {
            match log.expire(clock.now().as_millisecond()).await {
                Ok(expired) if expired.unread > 0 => {
                    tracing::error!(unread = expired.unread, "retention removed records nobody had read");
                }
                Ok(expired) => tracing::debug!(records = expired.records, "expired"),
                Err(error) => tracing::warn!(%error, "retention waits"),
            }
            pause(&cancel, EXPIRE_PERIOD).await;
        }
        Ok(())
    });
}

fn spawn_metrics(tasks: &mut Tasks, handle: PrometheusHandle, log: Arc<dyn Log>) {
    let cancel = tasks.cancel();
    tasks.spawn("metrics", Rule::Spare, async move {
        while !cancel.is_cancelled() {
            handle.run_upkeep();
            match pipeline::waiting(log.as_ref()).await {
                Ok(waiting) => waiting.into_iter().for_each(|(topic, records)| {
                    metrics::gauge!("huiyin_log_waiting_records", "topic" => topic).set(records as f64);
                }),
                Err(error) => tracing::debug!(%error, "what waits in the log is not known"),
            }
            pause(&cancel, METRICS_PERIOD).await;
        }
        Ok(())
    });
}

async fn pause(cancel: &CancellationToken, time: Duration) {
    tokio::select! {
        () = cancel.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_of_places_are_known() {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
        let catalogue = crate::catalogue::load(&directory).unwrap();
        for (name, expected) in [
            ("南昌县", true),
            ("南昌市南昌县莲塘镇", true),
            ("江西省南昌市东湖区", true),
            ("乌有省子虚县", false),
            ("南昌市子虚县", false),
            ("", false),
        ] {
            let letters: Vec<char> = name.chars().collect();
            assert_eq!(names_a_place(&catalogue, &letters), expected, "{name}");
        }
    }
}
