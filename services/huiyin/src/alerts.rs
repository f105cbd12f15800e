//! Alerts of a node: who reads the ledger for them, and who sends.

use std::sync::Arc;

use anyhow::Context;
use huiyin_alerts::guard::Guard;
use huiyin_alerts::{Alerts, DeliverOptions, Deliverer, FollowOptions, Follower, HttpOptions, HttpSender, Sender};
use huiyin_domain::Clock;
use huiyin_ledger::Ledger;

use crate::config::AlertsConfig;
use crate::tasks::{Rule, Tasks};

/// What alerts of a node are made of.
#[derive(Clone)]
pub(crate) struct AlertParts {
    sender: Arc<dyn Sender>,
    guard: Guard,
    console_url: Option<String>,
    clock: Arc<dyn Clock>,
}

impl AlertParts {
    /// # Errors
    /// The HTTP client cannot start.
    pub(crate) fn new(config: &AlertsConfig, clock: Arc<dyn Clock>) -> anyhow::Result<AlertParts> {
        let guard = Guard { allow_loopback: config.allow_loopback };
        let options = HttpOptions { guard, ..HttpOptions::default() };
        let sender = Arc::new(HttpSender::new(options).context("alerts")?);
        let console_url = Some(config.console_url.clone()).filter(|url| !url.is_empty());
        Ok(AlertParts { sender, guard, console_url, clock })
    }

    /// What the API manages.
    pub(crate) fn managed(&self, ledger: &Ledger) -> Alerts {
        let (store, clock, sender) = (ledger.store().clone(), self.clock.clone(), self.sender.clone());
        Alerts::new(store, clock, sender, self.guard, self.console_url.clone())
    }

    /// Follows the ledger and sends what is due.
    pub(crate) fn spawn(&self, tasks: &mut Tasks, ledger: &Ledger) {
        let random = crate::clock::random();
        let holder: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let seed = random.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
        let options = FollowOptions { hold: ledger.hold(), console_url: self.console_url.clone() };
        let follower = Follower::new(ledger.store().clone(), self.clock.clone(), options);
        let cancel = tasks.cancel();
        tasks.spawn("alerts", Rule::Vital, async move { Ok(follower.run(&holder, cancel).await?) });
        let options = DeliverOptions { seed, ..DeliverOptions::default() };
        let (store, clock, sender) = (ledger.store().clone(), self.clock.clone(), self.sender.clone());
        let deliverer = Deliverer::new(store, clock, sender, options);
        let cancel = tasks.cancel();
        tasks.spawn("deliveries", Rule::Vital, async move { Ok(deliverer.run(cancel).await?) });
    }
}
