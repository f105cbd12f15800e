//! What `huiyin assess` says of a post, a running node says of its matter; danger to life stands first in the queue.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Node, NodeOptions, Program, workspace};
use serde_json::{Value, json};

#[tokio::test]
async fn a_node_proposes_what_assess_proposes_danger_first() -> Result<()> {
    let model = workspace().join("deploy/model/starter.bin");
    let catalogue = workspace().join("deploy/catalogue/jiangxi");
    let table = std::fs::read_to_string(workspace().join("services/matching/tests/everyday/posts.tsv"))?;
    let rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    let texts: Vec<&str> =
        rows.filter(|cells| cells.first() != Some(&"group")).filter_map(|cells| cells.last().copied()).collect();
    let posts: Vec<Value> = (0..)
        .zip(&texts)
        .map(|(id, text): (u32, _)| json!({ "source": "table", "id": id.to_string(), "text": text }))
        .collect();
    ensure!(posts.len() >= 90, "the table has {} posts", posts.len());

    let lines: String = posts.iter().map(|post| format!("{post}\n")).collect();
    let (catalogue, file) = (catalogue.to_string_lossy().into_owned(), model.to_string_lossy().into_owned());
    let assess = ["assess", "--catalogue", &catalogue, "--model", &file];
    let assessed = Program::huiyin(assess)?.input(lines).succeed().await?;
    let assessed: BTreeMap<String, Value> = assessed
        .stdout
        .lines()
        .map(|line| Ok((text(&serde_json::from_str(line)?, "id").to_owned(), serde_json::from_str(line)?)))
        .collect::<Result<_>>()?;

    let mut node =
        Node::prepare(NodeOptions { config: format!("[assess]\nmodel = {file:?}\n"), ..NodeOptions::default() })?;
    node.run().await?;
    node.pusher()?.post("/api/v1/posts", &json!(posts), &[]).await?.expect(202)?;
    node.settled(posts.len() as u64).await?;
    let officer = node.client_as("office", "duty_officer", None).await?;
    let mut compared = 0;
    for (id, line) in &assessed {
        let page = officer.read(&format!("/api/v1/posts?source=table&id={id}")).await?;
        let post = &page["posts"][0];
        ensure!((text(line, "decision") == "aside") == post["aside"].is_string(), "{line}\n{post}");
        let Some(no) = post["matter"].as_str() else { continue };
        let matter = officer.read(&format!("/api/v1/matters/{no}")).await?;
        // A matter of several posts shows what the clearest of them told.
        if matter["posts"] == json!(1) {
            assert_eq!(matter["suggested"]["name"], line["unit"], "{line}\n{matter}");
            assert_eq!(matter["danger"], line["danger"], "{line}\n{matter}");
            compared += 1;
        }
    }
    ensure!(compared >= 60, "only {compared} matters had one post");

    let queue = officer.read("/api/v1/queue").await?;
    let danger: Vec<bool> = queue["rows"]
        .as_array()
        .with_context(|| format!("the queue has no rows: {queue}"))?
        .iter()
        .map(|row| row["danger"] == json!(true))
        .collect();
    let first = danger.iter().take_while(|danger| **danger).count();
    ensure!(first >= 5 && danger.iter().filter(|danger| **danger).count() == first, "{danger:?}");
    node.stop().await
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}
