//! One ledger with its log, and posts to put on it.

use std::sync::Arc;

use anyhow::{Context, Result};
use bytes::Bytes;
use huiyin_domain::matter::{AssignTo, Command, Matter, Part, Policy};
use huiyin_domain::{Actor, Clock, ContentDigest, ManualClock, MatterNo, PostRef, Role, UnitId};
use huiyin_ledger::{ActRequest, Acted, Intake, Ledger, LedgerError, SeededEntropy};
use huiyin_proto::Message;
use huiyin_proto::v1::{Assessed, Decision, Post};
use huiyin_store::{Counts, MatterFilter, PostFilter, Store};
use huiyin_stream::{ASSESSED, EmbeddedLog, EmbeddedOptions, Log, Outgoing};
use huiyin_text::Fingerprint;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

pub(crate) struct World {
    pub(crate) ledger: Ledger,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) log: EmbeddedLog,
    pub(crate) directory: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Result<World> {
        let directory = tempfile::tempdir()?;
        let store = huiyin_store::testing::fresh(directory.path()).await?;
        let clock = Arc::new(ManualClock::new("2026-11-20T09:00:00+08:00".parse()?));
        let entropy = Arc::new(SeededEntropy::new(1));
        let ledger = Ledger::new(store, clock.clone(), entropy, Policy::default());
        let log = EmbeddedLog::open(EmbeddedOptions::new(directory.path().join("log")))?;
        Ok(World { ledger, clock, log, directory })
    }

    pub(crate) fn store(&self) -> &Store {
        self.ledger.store()
    }

    pub(crate) fn pass(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    /// Appends assessed posts and takes everything in.
    pub(crate) async fn take_in(&self, posts: &[Assessed]) -> Result<()> {
        let records = posts.iter().map(|one| outgoing("nanchang", one.encode_to_vec())).collect();
        self.append(records).await
    }

    /// Appends records and takes everything in.
    pub(crate) async fn append(&self, records: Vec<Outgoing>) -> Result<()> {
        self.log.append(&ASSESSED, records).await?;
        self.drain().await
    }

    /// Runs intake until it has reached the ends of the log.
    pub(crate) async fn drain(&self) -> Result<()> {
        let cancel = CancellationToken::new();
        let intake = Intake::new(self.ledger.clone(), Arc::new(self.log.clone()));
        let reached = async {
            loop {
                let committed = self.log.committed(&ASSESSED, "intake").await?;
                let ends = self.log.ends(&ASSESSED).await?;
                if ends.iter().all(|end| committed.get(&end.partition).copied().unwrap_or(0) >= end.next) {
                    cancel.cancel();
                    return Ok::<(), anyhow::Error>(());
                }
                tokio::task::yield_now().await;
            }
        };
        let mut run = std::pin::pin!(intake.run(cancel.clone()));
        tokio::select! {
            ended = &mut run => {
                ended?;
                anyhow::bail!("intake ended before the log did");
            }
            reached = reached => reached?,
        }
        Ok(run.await?)
    }

    pub(crate) async fn matters(&self) -> Result<Vec<Matter>> {
        let filter = MatterFilter { limit: 200, ..MatterFilter::default() };
        Ok(self.store().matters(&filter).await?.matters)
    }

    pub(crate) async fn matter(&self, no: &MatterNo) -> Result<Matter> {
        self.store().matter(no).await?.context("no such matter")
    }

    /// The matter a post belongs to.
    pub(crate) async fn matter_of(&self, id: &str) -> Result<Matter> {
        let post = Some(PostRef { source: "信箱".into(), id: id.into() });
        let page = self.store().posts(&PostFilter { post, limit: 1, ..PostFilter::default() }).await?;
        let no = page.posts.first().and_then(|post| post.matter.clone()).context("in no matter")?;
        self.matter(&no).await
    }

    pub(crate) async fn counts(&self) -> Result<Counts> {
        Ok(self.store().counts(self.clock.now()).await?)
    }

    pub(crate) async fn act(&self, no: &MatterNo, command: Command) -> Result<Acted, LedgerError> {
        let request = ActRequest { matter: no.clone(), command, actor: officer(), if_match: None, idempotency: None };
        self.ledger.act(request).await
    }
}

pub(crate) fn officer() -> Actor {
    Actor { name: "duty".into(), role: Role::DutyOfficer, unit: None }
}

pub(crate) fn assign(unit: &str) -> Command {
    let unit = AssignTo { unit: UnitId::new(unit), unit_name: unit.into(), part: Part::Lead };
    Command::Assign { units: vec![unit], grade: None, instruction: None }
}

pub(crate) fn outgoing(key: &str, payload: Vec<u8>) -> Outgoing {
    Outgoing { key: Bytes::copy_from_slice(key.as_bytes()), payload: payload.into(), headers: Vec::new(), at_ms: 0 }
}

/// An assessed post about a place.
pub(crate) fn post(id: &str, text: &str) -> Assessed {
    let received: Timestamp = "2026-11-20T09:00:00+08:00".parse().expect("a valid time");
    let number: i64 = id.bytes().map(i64::from).sum();
    let whole = format!("\n{text}");
    Assessed {
        post: Some(Post {
            source: "信箱".into(),
            id: id.into(),
            text: text.into(),
            received_at_us: received.as_microsecond() + number,
            digest: ContentDigest::of("", text).as_str().into(),
            ..Post::default()
        }),
        decision: Decision::Unit.into(),
        reason: "谁主管谁回应".into(),
        system: "城管".into(),
        unit: "360102-城管".into(),
        unit_name: "东湖区城市管理局".into(),
        place_code: "360102".into(),
        place_name: "南昌市东湖区".into(),
        grade: "ordinary".into(),
        catalogue: "t1".into(),
        model: "terms-1".into(),
        fingerprint: Fingerprint::of(&whole).to_bytes(),
        ..Assessed::default()
    }
}

pub(crate) const LAMP: &str =
    "青杨路从菜市场到小学这一段的路灯已经坏了半个多月，晚上孩子放学回家一片漆黑，多次打电话没有人来修，请尽快处理。";
pub(crate) const RUBBISH: &str =
    "望汀花园二期门口的垃圾桶三天没有清运，苍蝇乱飞臭气熏天，物业和环卫互相推诿，希望有关部门能够管一管这件事情。";
