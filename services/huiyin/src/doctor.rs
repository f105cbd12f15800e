//! `huiyin doctor`: looks at a node's parts.

use std::process::ExitCode;

use huiyin_domain::{Calendar, Clock};
use serde_json::{Value, json};

use crate::clock::SystemClock;
use crate::config::{Config, LogKind, NodeArgs};
use crate::{node, remote};

/// `huiyin doctor`
pub(crate) async fn run(args: &NodeArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(args)?;
    let running = remote::running(&config.data)?;
    let mut findings = Vec::new();
    let mut check = |part: &str, outcome: Result<Value, String>| {
        let (ok, detail) = match outcome {
            Ok(detail) => (true, detail),
            Err(message) => (false, Value::from(message)),
        };
        eprintln!("{} {part}: {detail}", if ok { "ok  " } else { "FAIL" });
        findings.push(json!({ "part": part, "ok": ok, "detail": detail }));
    };
    check("node", Ok(running.as_ref().map_or(json!("stopped"), |found| json!({ "running": found.url }))));
    match node::open_store(&config).await {
        Ok(store) => {
            let counts = store.counts(SystemClock.now()).await.map_err(|error| error.to_string());
            check("database", counts.map(|counts| crate::ledger::counts_json(&counts)));
            let versions = store.catalogues().await.map_err(|error| error.to_string());
            check(
                "catalogue",
                versions.and_then(|versions| match versions.last() {
                    Some(last) => Ok(json!({ "version": last.version, "effective_from": last.effective_from })),
                    None => Err("none adopted: posts wait until `huiyin catalogue adopt` gives one".into()),
                }),
            );
            let staff = store.staff_list().await.map_err(|error| error.to_string());
            check(
                "users",
                staff.and_then(|staff| match staff.len() {
                    0 => Err("none: nobody can log in; make one with `huiyin user add`".into()),
                    users => Ok(json!(users)),
                }),
            );
        }
        Err(error) => check("database", Err(format!("{error:#}"))),
    }
    if config.log.kind == LogKind::Embedded && running.is_some() {
        check("log", Ok(json!("held by the running node")));
    } else {
        match node::open_log(&config).await {
            Ok(open) => {
                check("log", open.log.ready().await.map(|()| json!("ready")).map_err(|error| error.to_string()))
            }
            Err(error) => check("log", Err(format!("{error:#}"))),
        }
    }
    let today = huiyin_domain::BEIJING.to_datetime(SystemClock.now()).date();
    let calendar = Calendar::shipped();
    let covered = calendar.covers(today);
    check(
        "calendar",
        if covered {
            Ok(json!(calendar.version()))
        } else {
            Err(format!("{} does not cover {}: working days are Monday to Friday", calendar.version(), today.year()))
        },
    );
    let failed = findings.iter().any(|one| one.get("ok") == Some(&Value::Bool(false)));
    println!("{}", json!({ "ok": !failed, "findings": findings }));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
