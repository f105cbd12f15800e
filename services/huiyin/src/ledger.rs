//! `huiyin ledger`, `counts` and `migrate`.

use std::process::ExitCode;

use huiyin_domain::Clock;
use huiyin_store::Counts;

use crate::clock::SystemClock;
use crate::config::{Config, NodeArgs};
use crate::{node, progress};

/// `huiyin ledger rebuild`
pub(crate) async fn rebuild(args: &NodeArgs) -> anyhow::Result<ExitCode> {
    let store = node::open_store(&Config::load(args)?).await?;
    let bar = progress::spinner("matters folded");
    let report = huiyin_ledger::rebuild(&store, |done| bar.set_position(done)).await?;
    bar.finish_and_clear();
    println!("{}", serde_json::to_string(&report)?);
    for no in report.changed.iter().take(20) {
        eprintln!("matter {no}: its rows were otherwise than its entries say, and were made again");
    }
    Ok(if report.identical { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `huiyin counts`
pub(crate) async fn counts(args: &NodeArgs) -> anyhow::Result<ExitCode> {
    let store = node::open_store(&Config::load(args)?).await?;
    println!("{}", counts_json(&store.counts(SystemClock.now()).await?));
    Ok(ExitCode::SUCCESS)
}

/// `huiyin migrate`
pub(crate) async fn migrate(args: &NodeArgs) -> anyhow::Result<ExitCode> {
    let store = node::open_store(&Config::load(args)?).await?;
    println!(
        "{}",
        serde_json::json!({ "database": format!("{:?}", store.dialect()).to_lowercase(), "up_to_date": true })
    );
    Ok(ExitCode::SUCCESS)
}

/// The figures as commands print them.
pub(crate) fn counts_json(counts: &Counts) -> serde_json::Value {
    serde_json::json!({
        "posts": counts.posts,
        "revisions": counts.revisions,
        "in_matters": counts.in_matters,
        "asides": counts.asides,
        "dead_letters": counts.dead_letters,
        "matters": counts.matters,
        "abstained": counts.abstained,
        "overdue": counts.overdue,
        "entries": counts.entries,
        "commitments": { "made": counts.commitments.0, "kept": counts.commitments.1, "broken": counts.commitments.2 },
    })
}
