//! A small installation of invented places, its users and its matters.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use huiyin_api::{ApiParts, ApiSettings, ApiState, hash_password, new_token};
use huiyin_catalogue::Catalogue;
use huiyin_domain::matter::Policy;
use huiyin_domain::{Clock, ManualClock, Role, UnitId};
use huiyin_ingest::{Collector, HealthSink, SourceHealth};
use huiyin_ledger::{Intake, Ledger, SeededEntropy};
use huiyin_proto::Message;
use huiyin_proto::v1::{Assessed, Decision, Further, Post};
use huiyin_store::{SourceState, Staff, Store, Token, testing};
use huiyin_stream::{ASSESSED, EmbeddedLog, EmbeddedOptions, Log, Outgoing};
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub(crate) const NOW: &str = "2026-11-20T01:00:00Z";
pub(crate) const LIGHTS: &str = "990100-城管";
pub(crate) const HOUSING: &str = "990100-住建";
pub(crate) const PASSWORD: &str = "正确的口令一二三四五";

const CATALOGUE: [(&str, &str); 7] = [
    (
        "catalogue.toml",
        "name = \"霁川省职责目录\"\nversion = \"jichuan-1\"\neffective_from = \"2026-01-01\"\nregion = \"990000\"\n\n\
         [systems]\nduty_office = \"政府办\"\nstreet = \"乡镇街道\"\nzone = \"园区管委会\"\n",
    ),
    (
        "places.csv",
        "code,name,short,level,parent,aliases,effective_from,effective_to\n990000,霁川省,霁川,province,,,,\n\
         990100,棠溪市,棠溪,prefecture,990000,,,\n990101,柏桥区,柏桥,county,990100,,,\n",
    ),
    (
        "systems.csv",
        "code,name,vertical,province_pattern,prefecture_pattern,county_pattern,bodies,parent\n\
         政府办,政府办,no,{place}政府办公厅,{place}政府办公室,{place}政府办公室,政府办,\n\
         乡镇街道,乡镇街道,no,,,,街道办,\n园区管委会,园区管委会,no,,,,管委会,\n\
         城管,城市管理,no,{place}住房和城乡建设厅,{place}城市管理局,{place}城市管理局,城管局|城市管理局,\n\
         住建,住房建设,no,{place}住房和城乡建设厅,{place}住房和城乡建设局,{place}住房和城乡建设局,住建局,\n",
    ),
    (
        "units.csv",
        "id,name,aliases,systems,place,level,parent,effective_from,effective_to,successor,documents,collective\n\
         990100-城管,棠溪市城市管理局,市城管局,城管,990100,,,,,,tx2026,\n\
         990100-住建,棠溪市住房和城乡建设局,市住建局,住建,990100,,,,,,tx2026,\n\
         990100-老城管,棠溪市市容管理处,,城管,990100,,,2001-01-01,2018-12-31,990100-城管,,\n\
         990100-各区,各区政府,,,990100,,,,,,tx2026,yes\n",
    ),
    (
        "documents.csv",
        "key,title,doc_number,issuer,issued,place,effective_from,effective_to,source\n\
         tx2026,棠溪市2026年工作分工,棠府字〔2026〕1号,棠溪市政府办公室,2026-01-05,990100,,,棠溪市政府网\n",
    ),
    (
        "clauses.csv",
        "document,clause,summary,systems,lead,responsible,deadline,effective_from,effective_to\n\
         tx2026,一,路灯维护,城管,990100-城管,990100-各区,年底前,,\n",
    ),
    ("terms.csv", "term,system,weight,note\n路灯,城管,5.0,\n物业,住建,4.5,\n"),
];

/// Login name or token name, role, unit.
const PEOPLE: [(&str, Role, Option<&str>); 6] = [
    ("duty", Role::DutyOfficer, None),
    ("leader", Role::Leader, None),
    ("auditor", Role::Auditor, None),
    ("admin", Role::Admin, None),
    ("lights", Role::Liaison, Some(LIGHTS)),
    ("housing", Role::Liaison, Some(HOUSING)),
];

pub(crate) struct World {
    _directory: TempDir,
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) log: Arc<EmbeddedLog>,
    pub(crate) catalogue: watch::Sender<Option<Arc<Catalogue>>>,
    pub(crate) shutdown: CancellationToken,
    pub(crate) app: Router,
    pub(crate) sender: Arc<huiyin_alerts::RecordingSender>,
    tokens: BTreeMap<&'static str, String>,
    opened: std::sync::atomic::AtomicU64,
}

/// Writes the health of sources at once.
struct Kept(Store);

#[async_trait::async_trait]
impl HealthSink for Kept {
    async fn report(&self, health: SourceHealth) {
        let state = SourceState {
            source: health.source,
            kind: health.kind.as_str().into(),
            state: health.state.as_str().into(),
            message: health.message,
            last_try_at: health.last_try_at,
            last_ok_at: health.last_ok_at,
            last_change_at: health.last_change_at,
            accepted: health.accepted,
            repeated: health.repeated,
            refused: health.refused,
            cursor: health.cursor,
        };
        self.0.report_source(&state).await.unwrap();
    }
}

impl World {
    pub(crate) async fn new() -> World {
        World::with(ApiSettings::default()).await
    }

    pub(crate) async fn with(settings: ApiSettings) -> World {
        World::made(settings, None).await
    }

    /// With an index, which the test fills.
    pub(crate) async fn searching(search: Arc<huiyin_search::Search>) -> World {
        World::made(ApiSettings::default(), Some(search)).await
    }

    async fn made(settings: ApiSettings, search: Option<Arc<huiyin_search::Search>>) -> World {
        let directory = tempfile::tempdir().unwrap();
        let store = testing::fresh(directory.path()).await.unwrap();
        let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
        let log = Arc::new(EmbeddedLog::open(EmbeddedOptions::new(directory.path().join("log"))).unwrap());
        let ledger = Ledger::new(store.clone(), clock.clone(), Arc::new(SeededEntropy::new(1)), Policy::default());
        let files = CATALOGUE.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
        let (catalogue, in_force) = watch::channel(Some(Arc::new(Catalogue::from_files(&files).unwrap())));
        let shutdown = CancellationToken::new();
        let sender = Arc::new(huiyin_alerts::RecordingSender::default());
        let app = huiyin_api::router(ApiState::new(ApiParts {
            ledger: ledger.clone(),
            alerts: huiyin_alerts::Alerts::new(
                store.clone(),
                clock.clone(),
                sender.clone(),
                huiyin_alerts::guard::Guard::default(),
                Some("http://10.0.0.8".into()),
            ),
            collector: Arc::new(Collector::new(log.clone(), clock.clone(), None, 2)),
            catalogue: in_force,
            log: log.clone(),
            health: Arc::new(Kept(store.clone())),
            console: Box::new(console_file),
            search,
            metrics_text: Arc::new(|| "huiyin_up 1\n".to_owned()),
            settings,
            shutdown: shutdown.clone(),
        }));
        let tokens = people(&store, clock.now()).await;
        let opened = std::sync::atomic::AtomicU64::new(0);
        World { _directory: directory, store, ledger, clock, log, catalogue, shutdown, app, sender, tokens, opened }
    }

    /// Opens a matter for each text, as the machine would; gives their numbers in the same order.
    pub(crate) async fn open(&self, texts: &[&str]) -> Vec<String> {
        let heard = texts.iter().map(|text| Heard::new(text, self.clock.now())).collect();
        self.hear(heard).await
    }

    /// Takes posts in, as the machine would; gives the numbers of their matters in the same order.
    pub(crate) async fn hear(&self, posts: Vec<Heard>) -> Vec<String> {
        let mut ids = Vec::new();
        let mut records = Vec::new();
        for post in posts {
            let number = self.opened.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let id = format!("t{number}");
            let payload = Bytes::from(post.assessed(&id, i64::try_from(number).unwrap()).encode_to_vec());
            records.push(Outgoing { key: Bytes::from_static(b"990100"), payload, headers: Vec::new(), at_ms: 0 });
            ids.push(id);
        }
        self.log.append(&ASSESSED, records).await.unwrap();
        let cancel = CancellationToken::new();
        let intake = Intake::new(self.ledger.clone(), self.log.clone());
        let all = self.opened.load(std::sync::atomic::Ordering::Relaxed);
        let counted = async {
            while self.store.counts(self.clock.now()).await.unwrap().in_matters < all {
                tokio::task::yield_now().await;
            }
            cancel.cancel();
        };
        let mut run = std::pin::pin!(intake.run(cancel.clone()));
        tokio::select! {
            ended = &mut run => panic!("intake ended before all posts were in matters: {ended:?}"),
            () = counted => {}
        }
        run.await.unwrap();
        let mut found = BTreeMap::new();
        let mut filter = huiyin_store::PostFilter { limit: 200, ..Default::default() };
        loop {
            let page = self.store.posts(&filter).await.unwrap();
            found.extend(page.posts.into_iter().map(|row| (row.post.id, row.matter)));
            filter.after = page.next;
            if filter.after.is_none() {
                break;
            }
        }
        ids.iter().map(|id| found[id].clone().unwrap().to_string()).collect()
    }

    pub(crate) fn token(&self, who: &str) -> &str {
        &self.tokens[who]
    }

    /// The cookie of a fresh session.
    pub(crate) async fn log_in(&self, name: &str) -> String {
        let body = serde_json::json!({"name": name, "password": PASSWORD});
        let answer = self.call(Call::post("/api/v1/login").json(&body)).await;
        let line = answer.header("set-cookie").unwrap();
        line.split(';').next().unwrap().to_owned()
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.call(Call::new(Method::GET, path).by(who)).await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: Value) -> Answer {
        self.call(Call::new(Method::POST, path).by(who).json(&body)).await
    }

    /// Does something to a matter that has to work.
    pub(crate) async fn done(&self, who: &str, no: &str, action: &str, body: Value) -> Answer {
        let answer = self.post(who, &format!("/api/v1/matters/{no}/{action}"), body).await;
        assert_eq!(answer.status, StatusCode::OK, "{action} by {who}: {}", answer.text());
        answer
    }

    pub(crate) async fn call(&self, call: Call) -> Answer {
        let response = self.app.clone().oneshot(call.request(self)).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// A request under construction.
pub(crate) struct Call {
    method: Method,
    path: String,
    who: Option<String>,
    headers: Vec<(String, String)>,
    from: Option<SocketAddr>,
    body: Vec<u8>,
}

impl Call {
    pub(crate) fn new(method: Method, path: &str) -> Call {
        Call { method, path: path.to_owned(), who: None, headers: Vec::new(), from: None, body: Vec::new() }
    }

    pub(crate) fn get(path: &str) -> Call {
        Call::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str) -> Call {
        Call::new(Method::POST, path)
    }

    /// With the token of that name; a stranger when the name is empty.
    pub(crate) fn by(mut self, who: &str) -> Call {
        self.who = Some(who.to_owned()).filter(|who| !who.is_empty());
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Call {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn from(mut self, address: &str) -> Call {
        self.from = Some(address.parse().unwrap());
        self
    }

    pub(crate) fn json(self, body: &Value) -> Call {
        self.body("application/json", body.to_string().into_bytes())
    }

    pub(crate) fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Call {
        self.body = body.into();
        if kind.is_empty() { self } else { self.header("content-type", kind) }
    }

    pub(crate) fn request(self, world: &World) -> Request<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        if let Some(who) = &self.who {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", world.token(who)));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(from) = self.from {
            request = request.extension(ConnectInfo(from));
        }
        request.body(Body::from(self.body)).unwrap()
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts the shape every refusal has, and gives its code.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}: {}", self.status, self.text());
        let problem = self.json();
        for field in ["type", "title", "detail", "code"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {problem}");
        }
        assert_eq!(problem["status"], self.status.as_u16(), "{problem}");
        assert!(problem["title"].as_str().unwrap().chars().any(|one| one > '\u{2e7f}'), "{problem}");
        problem["code"].as_str().unwrap().to_owned()
    }
}

async fn people(store: &Store, now: Timestamp) -> BTreeMap<&'static str, String> {
    let password_hash = hash_password(PASSWORD).unwrap();
    let mut tokens = BTreeMap::new();
    let mut put = async |name: &'static str, role: Option<Role>, unit: Option<UnitId>, may_push: bool| {
        let (secret, digest) = new_token().unwrap();
        let token = Token { name: name.into(), digest, role, unit, may_push, created_at: now, revoked_at: None };
        assert!(store.put_token(&token).await.unwrap());
        tokens.insert(name, secret);
    };
    for (name, role, unit) in PEOPLE {
        let unit = unit.map(UnitId::new);
        let staff = Staff {
            name: name.into(),
            display_name: format!("{name} 某"),
            password_hash: password_hash.clone(),
            role,
            unit: unit.clone(),
            created_at: now,
            disabled_at: None,
        };
        store.put_staff(&staff).await.unwrap();
        put(name, Some(role), unit, false).await;
    }
    put("push", None, None, true).await;
    put("adrift", Some(Role::Liaison), None, false).await;
    tokens
}

/// A post as it reaches the ledger: about the lights of 柏桥区, unless said otherwise.
#[derive(Clone)]
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) source: &'static str,
    pub(crate) received_at: Timestamp,
    pub(crate) published_at: Option<Timestamp>,
    pub(crate) backfill: bool,
    /// Systems of its further concerns, without a unit, and their words.
    pub(crate) further: Vec<(&'static str, &'static str)>,
}

impl Heard {
    pub(crate) fn new(text: &str, received_at: Timestamp) -> Heard {
        Heard { text: text.into(), source: "market", received_at, published_at: None, backfill: false, further: vec![] }
    }

    /// `number` keeps posts received at once in order.
    fn assessed(&self, id: &str, number: i64) -> Assessed {
        let text = self.text.as_str();
        Assessed {
            post: Some(Post {
                source: self.source.into(),
                id: id.into(),
                text: text.into(),
                url: format!("https://letters.example/{id}"),
                received_at_us: self.received_at.as_microsecond() + number,
                published_at_us: self.published_at.map(Timestamp::as_microsecond),
                backfill: self.backfill,
                digest: huiyin_domain::ContentDigest::of("", text).as_str().into(),
                ..Post::default()
            }),
            decision: Decision::Unit.into(),
            reason: "路灯归城市管理".into(),
            system: "城管".into(),
            unit: LIGHTS.into(),
            unit_name: "棠溪市城市管理局".into(),
            place_code: "990101".into(),
            place_name: "霁川省棠溪市柏桥区".into(),
            grade: "ordinary".into(),
            catalogue: "jichuan-1".into(),
            model: "rules-1".into(),
            fingerprint: huiyin_text::Fingerprint::of(text).to_bytes(),
            further: self.further.iter().map(further).collect(),
            ..Assessed::default()
        }
    }
}

fn further((system, term): &(&'static str, &'static str)) -> Further {
    Further { system: (*system).into(), terms: vec![(*term).into()], ..Further::default() }
}

/// A console of three files, one of them packed beside itself.
fn console_file(path: &str) -> Option<std::borrow::Cow<'static, [u8]>> {
    let bytes: &'static [u8] = match path {
        "index.html" => b"<!doctype html><title>console</title>",
        "assets/app-1.js" => b"plain()",
        "assets/app-1.js.gz" => b"packed",
        _ => return None,
    };
    Some(bytes.into())
}
