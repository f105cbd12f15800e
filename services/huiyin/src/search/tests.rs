use huiyin_domain::matter::{AssignTo, Command, Part, Policy};
use huiyin_domain::{Actor, ManualClock, PostRef, Role, UnitId};
use huiyin_ledger::{ActRequest, Intake, MergeRequest, SeededEntropy};
use huiyin_proto::Message;
use huiyin_proto::v1::{Assessed, Decision, Post};
use huiyin_search::{Filter, Kind, Query};
use huiyin_store::StoreOptions;
use huiyin_stream::{ASSESSED, EmbeddedLog, EmbeddedOptions, Log, Outgoing};
use huiyin_text::Fingerprint;

use super::*;

const LAMP: &str = "霁垚路从菜市场到小学这一段的路灯坏了半个多月,晚上一片漆黑,请尽快派人维修,谢谢。";
const RUBBISH: &str = "望汀花园二期门口的垃圾桶三天没有清运,苍蝇乱飞臭气熏天,物业和环卫互相推诿没人管。";
const LIGHTS: &str = "990100-城管";

struct World {
    ledger: Ledger,
    log: Arc<EmbeddedLog>,
    search: Arc<Search>,
    directory: tempfile::TempDir,
}

impl World {
    async fn new() -> World {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/huiyin.db", directory.path().display());
        let store = Store::open(StoreOptions { url, connections_max: 4 }).await.unwrap();
        let clock = Arc::new(ManualClock::new("2026-11-20T01:00:00Z".parse().unwrap()));
        let log = Arc::new(EmbeddedLog::open(EmbeddedOptions::new(directory.path().join("log"))).unwrap());
        let ledger = Ledger::new(store, clock, Arc::new(SeededEntropy::new(1)), Policy::default());
        let search = open_index(&directory);
        World { ledger, log, search, directory }
    }

    /// Takes posts in and numbers the entries.
    async fn take_in(&self, posts: &[(&str, &str, &str)]) {
        let records = posts.iter().map(|post| Outgoing {
            key: "990100".into(),
            payload: assessed(post).encode_to_vec().into(),
            headers: Vec::new(),
            at_ms: 0,
        });
        self.log.append(&ASSESSED, records.collect()).await.unwrap();
        let cancel = CancellationToken::new();
        let intake = Intake::new(self.ledger.clone(), self.log.clone());
        let drained = async {
            let taken = |next: &huiyin_stream::PartitionEnd, at: Option<&i64>| at.copied().unwrap_or(0) >= next.next;
            loop {
                let committed = self.log.committed(&ASSESSED, "intake").await.unwrap();
                let ends = self.log.ends(&ASSESSED).await.unwrap();
                if ends.iter().all(|end| taken(end, committed.get(&end.partition))) {
                    break;
                }
                tokio::task::yield_now().await;
            }
            cancel.cancel();
        };
        let (ran, ()) = tokio::join!(intake.run(cancel.clone()), drained);
        ran.unwrap();
        self.number().await;
    }

    async fn number(&self) {
        while self.ledger.sequence_once("test").await.unwrap() {}
    }

    /// Reads everything there is to read.
    async fn follow(&self) {
        let mut follower = Follower::open(self.search.clone(), self.ledger.store().clone()).await.unwrap();
        while follower.step(&CancellationToken::new()).await.unwrap() {}
    }

    async fn assign(&self, no: &MatterNo, unit: &str) {
        let to = AssignTo { unit: UnitId::new(unit), unit_name: "棠溪市城市管理局".into(), part: Part::Lead };
        let command = Command::Assign { units: vec![to], grade: None, instruction: None };
        let request = ActRequest { matter: no.clone(), command, actor: officer(), if_match: None, idempotency: None };
        self.ledger.act(request).await.unwrap();
        self.number().await;
    }

    async fn matter_of(&self, id: &str) -> MatterNo {
        let post = PostRef { source: "信箱".into(), id: id.into() };
        self.ledger.store().posts_named(&[post]).await.unwrap().pop().unwrap().matter.unwrap()
    }

    fn total(&self, text: &str, filter: Filter) -> usize {
        self.search.find(&Query { text: text.into(), filter, limit: 10, ..Query::default() }).unwrap().total
    }
}

fn open_index(directory: &tempfile::TempDir) -> Arc<Search> {
    Arc::new(Search::open(&directory.path().join("search"), &huiyin_search::segmenter()).unwrap())
}

fn officer() -> Actor {
    Actor { name: "duty".into(), role: Role::DutyOfficer, unit: None }
}

/// A post of id, text and the reason it is set aside for, if any.
fn assessed((id, text, aside): &(&str, &str, &str)) -> Assessed {
    let decision = if aside.is_empty() { Decision::Abstain } else { Decision::Aside };
    Assessed {
        post: Some(Post {
            source: "信箱".into(),
            id: (*id).into(),
            text: (*text).into(),
            received_at_us: 1_795_136_400_000_000,
            digest: huiyin_domain::ContentDigest::of("", text).as_str().into(),
            ..Post::default()
        }),
        decision: decision.into(),
        aside: (*aside).into(),
        reason: "依据不足".into(),
        place_code: "990101".into(),
        place_name: "棠溪市柏桥区".into(),
        grade: "ordinary".into(),
        catalogue: "t1".into(),
        model: "terms-1".into(),
        fingerprint: Fingerprint::of(&format!("\n{text}")).to_bytes(),
        ..Assessed::default()
    }
}

fn posts() -> Filter {
    Filter { kind: Some(Kind::Post), ..Filter::default() }
}

fn matters() -> Filter {
    Filter { kind: Some(Kind::Matter), ..Filter::default() }
}

fn seen_by(unit: &str) -> Filter {
    Filter { given: Some(UnitId::new(unit)), ..Filter::default() }
}

#[tokio::test]
async fn follows_posts_matters_and_what_is_done_to_them() {
    let world = World::new().await;
    world.take_in(&[("1", LAMP, ""), ("2", RUBBISH, ""), ("3", "大家好,祝各位工作顺利", "chatter")]).await;
    assert!(!world.search.is_built());
    world.follow().await;
    assert!(world.search.is_built());
    assert_eq!((world.total("霁垚路", posts()), world.total("霁垚路", matters())), (1, 1));
    assert_eq!(world.total("工作顺利", posts()), 1, "what was set aside is found as well");
    assert_eq!((world.total("路灯", seen_by(LIGHTS)), world.total("", seen_by(LIGHTS))), (0, 0));

    let lamp = world.matter_of("1").await;
    world.assign(&lamp, LIGHTS).await;
    world
        .take_in(&[("1", &format!("{LAMP}补充:桥头也不亮"), ""), ("4", LAMP, ""), ("5", "祝各位身体健康", "chatter")])
        .await;
    world.follow().await;
    assert_eq!(world.total("", seen_by(LIGHTS)), 3, "the matter and its two posts");
    assert_eq!(world.total("路灯", seen_by("990100-住建")), 0);
    assert_eq!(world.total("桥头", posts()), 1, "a revision replaces the text before");
    assert_eq!(world.total("城市管理局", matters()), 1, "a matter is found by its units");
    assert_eq!(world.total(lamp.as_str(), matters()), 1, "and by its number");
    assert_eq!(world.total("身体健康", posts()), 1);
}

#[tokio::test]
async fn a_restarted_follower_reads_on_and_posts_move_with_a_merge() {
    let mut world = World::new().await;
    world.take_in(&[("1", LAMP, ""), ("2", RUBBISH, "")]).await;
    world.follow().await;
    let (lamp, rubbish) = (world.matter_of("1").await, world.matter_of("2").await);
    let request =
        MergeRequest { survivor: lamp.clone(), other: rubbish, actor: officer(), if_match: None, idempotency: None };
    world.ledger.merge(request).await.unwrap();
    world.number().await;
    world.assign(&lamp, LIGHTS).await;
    let before = world.search.positions();
    world.search = Arc::new(Search::open_in_memory(&huiyin_search::segmenter()).unwrap());
    world.search = open_index(&world.directory);
    assert_eq!(world.search.positions(), before, "the positions survive a restart");
    world.follow().await;
    let of_lamp = Filter { matter: Some(lamp), ..posts() };
    assert_eq!(world.total("", of_lamp), 2, "both posts belong to the matter that survives");
    assert_eq!(world.total("垃圾桶", Filter { given: Some(UnitId::new(LIGHTS)), ..posts() }), 1);
    let positions = world.search.positions();
    world.follow().await;
    assert_eq!((world.search.positions(), world.search.documents()), (positions, 4), "reading again changes nothing");
}

#[tokio::test]
async fn an_index_ahead_of_the_database_is_built_anew() {
    let world = World::new().await;
    world.take_in(&[("1", LAMP, "")]).await;
    let mut writer = world.search.writer().unwrap();
    writer.commit(Positions { posts: 99, entries: 99, built: true }).unwrap();
    drop(writer);
    world.follow().await;
    assert_eq!(world.total("路灯", Filter::default()), 2);
    assert_eq!(world.search.positions().posts, 1);
}
