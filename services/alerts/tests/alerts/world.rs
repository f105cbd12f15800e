//! A ledger with a matter, and the parts of alerts over it.

use std::sync::Arc;
use std::time::Duration;

use huiyin_alerts::guard::Guard;
use huiyin_alerts::{
    Alerts, ChannelDraft, DeliverOptions, Deliverer, FollowOptions, Follower, HttpOptions, HttpSender, Sender,
};
use huiyin_domain::matter::{AssignTo, Command, Content, Decision, Entry, Event, Matter, Part, Policy};
use huiyin_domain::{
    Actor, CatalogueVersionId, Clock, Grade, ManualClock, MatterNo, PlaceCode, PostRef, Role, SystemCode, UnitId,
};
use huiyin_ledger::{ActRequest, Ledger, SeededEntropy, leaf};
use huiyin_store::{Channel, ChannelKind, Delivery, DeliveryFilter, NewEntry, Signing, Store, testing};
use jiff::SignedDuration;
use tempfile::TempDir;

pub(crate) const LIGHTS: &str = "990100-城管";
pub(crate) const HOUSING: &str = "990100-住建";
pub(crate) const NOW: &str = "2026-11-20T01:00:00Z";

pub(crate) struct World {
    _directory: TempDir,
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ledger: Ledger,
    pub(crate) follower: Follower,
    pub(crate) sender: Arc<dyn Sender>,
    pub(crate) alerts: Alerts,
    opened: std::sync::atomic::AtomicU64,
}

impl World {
    /// Over real HTTP, with short times.
    pub(crate) async fn new() -> World {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = HttpOptions {
            guard: Guard { allow_loopback: true },
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(5),
        };
        World::with(Arc::new(HttpSender::new(options).unwrap())).await
    }

    pub(crate) async fn with(sender: Arc<dyn Sender>) -> World {
        let directory = tempfile::tempdir().unwrap();
        let store = testing::fresh(directory.path()).await.unwrap();
        let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
        let ledger = Ledger::new(store.clone(), clock.clone(), Arc::new(SeededEntropy::new(1)), Policy::default());
        let options = FollowOptions { hold: ledger.hold(), console_url: Some("http://10.0.0.8/".into()) };
        let follower = Follower::new(store.clone(), clock.clone(), options);
        let guard = Guard { allow_loopback: true };
        let url = Some("http://10.0.0.8".to_owned());
        let alerts = Alerts::new(store.clone(), clock.clone(), sender.clone(), guard, url);
        let opened = std::sync::atomic::AtomicU64::new(0);
        World { _directory: directory, store, clock, ledger, follower, sender, alerts, opened }
    }

    pub(crate) fn deliverer(&self) -> Deliverer {
        Deliverer::new(self.store.clone(), self.clock.clone(), self.sender.clone(), DeliverOptions::default())
    }

    pub(crate) async fn webhook(&self, name: &str, url: &str, unit: Option<&str>) -> Channel {
        self.channel(ChannelKind::Webhook, name, url, unit).await
    }

    pub(crate) async fn channel(&self, kind: ChannelKind, name: &str, url: &str, unit: Option<&str>) -> Channel {
        let draft = ChannelDraft {
            name: name.into(),
            kind,
            url: url.into(),
            unit: unit.map(UnitId::new),
            signing: Signing::Hmac,
            secret: None,
        };
        let random: [u8; 32] = std::array::from_fn(|index| name.as_bytes()[index % name.len()]);
        self.alerts.create(draft, random).await.unwrap().0
    }

    /// A matter as the machine opens it.
    pub(crate) async fn open(&self, title: &str, danger: bool) -> MatterNo {
        let number = self.opened.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        let no = MatterNo::new(format!("20261120-{number:05}"));
        let now = self.clock.now();
        let event = Event::Opened {
            post: PostRef { source: "市长信箱".into(), id: format!("letter-{number}") },
            received_at: now,
            published_at: None,
            backfill: false,
            danger,
            possible: false,
            place: Some(PlaceCode::new("990101")),
            place_name: Some("霁川省棠溪市柏桥区".into()),
            system: Some(SystemCode::new("城管")),
            decision: Decision::Unit,
            unit: Some(UnitId::new(LIGHTS)),
            unit_name: Some("棠溪市城市管理局".into()),
            assist: Vec::new(),
            grade: Grade::Ordinary,
            catalogue: CatalogueVersionId::new("jichuan-1"),
            model: "rules-1".into(),
            follows: None,
            beside: None,
            deadlines: self.ledger.policy().deadlines.of_matter(now, Grade::Ordinary, true),
        };
        let content = Some(Content { title: Some(title.into()), ..Content::default() });
        let entry = Entry { matter: no.clone(), version: 1, at: now, actor: Actor::machine(), event, content };
        let matter = Matter::open(&entry).unwrap();
        let mut tx = self.store.begin().await.unwrap();
        let salt = [u8::try_from(number % 256).unwrap(); 32];
        tx.append(&[NewEntry { entry, salt }], leaf).await.unwrap();
        tx.insert_matters(&[&matter]).await.unwrap();
        tx.commit().await.unwrap();
        no
    }

    pub(crate) async fn act(&self, no: &MatterNo, actor: Actor, command: Command) {
        let request = ActRequest { matter: no.clone(), command, actor, if_match: None, idempotency: None };
        self.ledger.act(request).await.unwrap();
    }

    pub(crate) async fn assign(&self, no: &MatterNo, units: &[&str]) {
        let parts = std::iter::once(Part::Lead).chain(std::iter::repeat(Part::Assist));
        let units = units.iter().zip(parts).map(|(unit, part)| AssignTo {
            unit: UnitId::new(*unit),
            unit_name: unit.replace("990100-", "棠溪市") + "局",
            part,
        });
        let instruction = Some("请今日内到场，联系电话13900001111".into());
        self.act(no, officer(), Command::Assign { units: units.collect(), grade: None, instruction }).await;
    }

    /// Lets the undo window pass and the follower read everything.
    pub(crate) async fn settle(&self) {
        self.clock.advance(self.ledger.hold() + SignedDuration::from_secs(1));
        self.follow().await;
    }

    pub(crate) async fn follow(&self) {
        while self.ledger.sequence_once("test").await.unwrap() {}
        while self.follower.follow_once().await.unwrap() {}
    }

    /// All deliveries, first first.
    pub(crate) async fn log(&self) -> Vec<Delivery> {
        let filter = DeliveryFilter { limit: 200, ..DeliveryFilter::default() };
        let mut log = self.store.deliveries(&filter).await.unwrap().0;
        log.reverse();
        log
    }

    /// Channel, kind and state of all deliveries, first first.
    pub(crate) async fn told(&self) -> Vec<String> {
        self.log().await.iter().map(|one| format!("{} {} {}", one.channel_name, one.kind, one.state.as_str())).collect()
    }
}

pub(crate) fn officer() -> Actor {
    Actor { name: "duty".into(), role: Role::DutyOfficer, unit: None }
}

pub(crate) fn leader() -> Actor {
    Actor { name: "leader".into(), role: Role::Leader, unit: None }
}

pub(crate) fn liaison(unit: &str) -> Actor {
    Actor { name: "liaison".into(), role: Role::Liaison, unit: Some(UnitId::new(unit)) }
}
