//! `huiyin demo`: a node of its own, into which the sample is played with its own times.
//!
//! Times are moved by whole days so that the sample ends today. Posts from before the last days that nobody answers in the
//! sample come in as a backfill, the way an office starts: history without deadlines, then the running days.

mod actions;
mod sample;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use huiyin_domain::matter::State;
use huiyin_domain::{Clock, Role as StaffRole, UnitId};
use huiyin_ingest::Reception;
use huiyin_ledger::Ledger;
use huiyin_store::{MatterFilter, Staff};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use self::sample::{Item, Sample};
use crate::cli::{DemoArgs, Role};
use crate::clock::{SystemClock, random};
use crate::config::{AlertsConfig, AssessConfig, CatalogueConfig, Config};
use crate::ledger::counts_json;
use crate::replay::ReplayClock;
use crate::run::Started;
use crate::tasks::Tasks;
use crate::{node, pipeline, progress, run as node_run};

/// Marks a directory as a demo's, which the next demo may empty.
const MARK: &str = ".huiyin-demo";
/// Deadlines are looked at in steps of this much sample time.
const STEP: SignedDuration = SignedDuration::from_hours(1);

/// `huiyin demo`
pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let started_at = Instant::now();
    let sample = Sample::read(&args.sample, SystemClock.now())?;
    prepare(&args.data)?;
    let config = Config {
        listen: args.listen.clone(),
        data: std::path::absolute(&args.data)?,
        catalogue: CatalogueConfig { directory: Some(args.catalogue.clone()) },
        assess: AssessConfig { model: args.model.exists().then(|| args.model.clone()), ..AssessConfig::default() },
        // A receiver on this machine is how one tries the alerts out.
        alerts: AlertsConfig { console_url: format!("http://{}", args.listen), allow_loopback: true },
        ..Config::default()
    };
    let clock = Arc::new(ReplayClock::new(sample.starts_at()));
    let mut tasks = Tasks::new();
    let node = node_run::start(&config, &Role::ALL, clock.clone(), &mut tasks).await?;
    let ledger = node.ledger.clone().context("the demo runs every role")?;
    let password: String = random().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let hash = huiyin_api::hash_password(&password)?;
    make_staff(&ledger, &hash).await?;
    let cancel = tasks.cancel();
    let url = node.url.clone().unwrap_or_default();
    let (play_node, play_ledger) = (node.clone_parts(), ledger.clone());
    let (finished, wait) = (CancellationToken::new(), CancellationToken::new());
    let (tell, until) = (finished.clone(), wait.clone());
    let once = args.once;
    tasks.spawn("demo", crate::tasks::Rule::Vital, async move {
        let summary = play(&sample, &play_node, &play_ledger, &clock, &cancel, started_at).await?;
        clock.follow();
        let liaison = make_liaison(&play_ledger, &hash).await?;
        let liaison = liaison.map_or_else(String::new, |unit| format!("、liaison（{unit}联络员）"));
        eprintln!(
            "\n回音演示：{url}\n登录：duty（值班员）、leader（带班领导）、auditor（审计）、admin（管理员）{liaison}，口令均为 {password}\n"
        );
        println!("{summary}");
        tell.cancel();
        Ok(())
    });
    let stop = async move {
        finished.cancelled().await;
        if !once {
            eprintln!("按 Ctrl+C 结束");
            until.cancelled().await;
        }
    };
    let done = tasks.run_until(stop).await;
    node.stop().await;
    done.map(|()| ExitCode::SUCCESS)
}

/// Plays every item at its time; the summary of the contract.
async fn play(
    sample: &Sample,
    node: &Started,
    ledger: &Ledger,
    clock: &ReplayClock,
    cancel: &CancellationToken,
    started_at: Instant,
) -> anyhow::Result<serde_json::Value> {
    let bar = progress::bytes(sample.items.len() as u64);
    let mut player = actions::Player::new(ledger.clone(), node.assessors.clone());
    for item in &sample.items {
        if cancel.is_cancelled() {
            bail!("stopped before the sample was played");
        }
        pass_time(ledger, clock, item.at()).await?;
        match item {
            Item::Post { raw, at, backfill } => {
                let reception = Reception {
                    received_at: *at,
                    source: String::new(),
                    source_fixed: false,
                    default_place: String::new(),
                    backfill: *backfill,
                };
                let receipt = node.collector.push(vec![(1, Ok(raw.clone()))], reception).await?;
                if let Some(refused) = receipt.refused.first() {
                    bail!("sample post {}/{}: {}", raw.source, raw.id, refused.reason);
                }
                pipeline::drained(node.log.as_ref(), cancel).await?;
            }
            Item::Action(action) => {
                player.act(action).await.with_context(|| format!("sample action on {}", action.post))?
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    while ledger.sequence_once("demo").await? {}
    let counts = ledger.store().counts(clock.now()).await?;
    let mut summary = serde_json::json!({
        "posts": counts.posts,
        "assessed": counts.posts + counts.revisions,
        "matters": counts.matters.values().sum::<u64>(),
        "abstained": counts.abstained,
        "alerts": player.alarms().await?,
        "seconds": (started_at.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        "actions": player.done,
        "actions_refused": player.refused,
    });
    if let Some(summary) = summary.as_object_mut() {
        summary.insert("counts".into(), counts_json(&counts));
    }
    Ok(summary)
}

/// Leads the clock on, recording the deadlines that run out on the way at about their own times.
async fn pass_time(ledger: &Ledger, clock: &ReplayClock, to: Timestamp) -> anyhow::Result<()> {
    while clock.now() < to {
        let next = clock.now().saturating_add(STEP).unwrap_or(to).min(to);
        clock.lead(next);
        ledger.record_lapses().await?;
    }
    Ok(())
}

fn prepare(data: &Path) -> anyhow::Result<()> {
    if data.join(MARK).exists() {
        std::fs::remove_dir_all(data).with_context(|| format!("{} cannot be emptied", data.display()))?;
    } else if data.exists() && std::fs::read_dir(data)?.next().is_some() {
        bail!("{}: not empty and no demo's directory; choose another with --data", data.display());
    }
    node::make_directory(data)?;
    std::fs::write(data.join(MARK), b"made by huiyin demo\n").context("the demo's directory cannot be written")?;
    Ok(())
}

/// The demo's logins, all with one fresh password.
async fn make_staff(ledger: &Ledger, hash: &str) -> anyhow::Result<()> {
    for (name, display, role) in [
        ("duty", "值班员", StaffRole::DutyOfficer),
        ("leader", "带班领导", StaffRole::Leader),
        ("auditor", "审计", StaffRole::Auditor),
        ("admin", "管理员", StaffRole::Admin),
    ] {
        put_staff(ledger, hash, (name, display, role), None).await?;
    }
    Ok(())
}

/// A liaison of the unit that has most to sign for; its name.
async fn make_liaison(ledger: &Ledger, hash: &str) -> anyhow::Result<Option<String>> {
    let filter = MatterFilter { states: vec![State::Assigned, State::Accepted], limit: 200, ..MatterFilter::default() };
    let mut waiting: BTreeMap<(UnitId, String), usize> = BTreeMap::new();
    for matter in ledger.store().matters(&filter).await?.matters {
        for one in matter.assignments.into_iter().filter(|one| one.state.is_live()) {
            *waiting.entry((one.unit, one.unit_name)).or_default() += 1;
        }
    }
    let most = waiting.into_iter().max_by_key(|(_, matters)| *matters);
    let Some(((unit, name), _)) = most else { return Ok(None) };
    put_staff(ledger, hash, ("liaison", "联络员", StaffRole::Liaison), Some(unit)).await?;
    Ok(Some(name))
}

async fn put_staff(
    ledger: &Ledger,
    hash: &str,
    (name, display, role): (&str, &str, StaffRole),
    unit: Option<UnitId>,
) -> anyhow::Result<()> {
    let staff = Staff {
        name: name.into(),
        display_name: display.into(),
        password_hash: hash.into(),
        role,
        unit,
        created_at: ledger.now(),
        disabled_at: None,
    };
    Ok(ledger.store().put_staff(&staff).await?)
}
