//! The way of a post through an embedded node: pushed, assessed, in a matter or set aside, worked until it is closed.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Client, Node, eventually, sample_posts};
use serde_json::{Value, json};

#[tokio::test]
async fn every_post_is_accounted_for_and_matters_are_worked() -> Result<()> {
    let mut node = Node::start().await?;
    let posts = sample_posts()?;
    let known: BTreeSet<(&str, &str)> = posts.iter().map(|post| (text(post, "source"), text(post, "id"))).collect();
    let pusher = node.pusher()?;
    let mut accepted = 0;
    for batch in posts.chunks(100) {
        let receipt = pusher.post("/api/v1/posts", &json!(batch), &[]).await?.expect(202)?;
        ensure!(receipt["refused"] == json!([]), "{receipt}");
        accepted += receipt["accepted"].as_u64().unwrap_or_default();
    }
    assert_eq!(accepted, posts.len() as u64);

    let counts = settled_with_revisions(&node, known.len(), posts.len() - known.len()).await?;
    assert_eq!(counts["dead_letters"], 0);
    assert_eq!(sum(&counts["asides"]) + number(&counts, "in_matters"), known.len() as u64);
    let officer = node.client_as("office", "duty_officer", None).await?;
    each_has_a_fate(&officer, &known).await?;

    // Pushing everything again changes nothing.
    for batch in posts.chunks(100) {
        pusher.post("/api/v1/posts", &json!(batch), &[]).await?.expect(202)?;
    }
    work_on_a_matter(&node, &officer).await?;
    let before = node.counts().await?;
    node.stop().await?;
    assert_eq!(node.command(&["ledger", "rebuild"]).await?["identical"], true);
    node.run().await?;
    for field in ["posts", "revisions", "in_matters", "asides", "dead_letters", "matters", "entries"] {
        assert_eq!(node.counts().await?[field], before[field], "{field} after a restart");
    }
    node.stop().await
}

async fn settled_with_revisions(node: &Node, posts: usize, revisions: usize) -> Result<Value> {
    node.settled(posts as u64).await?;
    eventually("the revisions in the ledger", async || {
        let counts = node.counts().await?;
        Ok((number(&counts, "revisions") >= revisions as u64).then_some(counts))
    })
    .await
    .inspect(|counts| assert_eq!(number(counts, "posts"), posts as u64))
}

/// Every post is found by its source and id, with a matter or a reason.
async fn each_has_a_fate(officer: &Client, known: &BTreeSet<(&str, &str)>) -> Result<()> {
    for (source, id) in known {
        let page = officer.read(&format!("/api/v1/posts?source={source}&id={id}")).await?;
        let post = &page["posts"][0];
        let fate = (text(post, "fate"), post["matter"].is_string(), post["aside"].is_string());
        ensure!(matches!(fate, ("matter", true, false) | ("aside", false, true)), "{source} {id}: {page}");
        ensure!(fate.0 == "matter" || !text(post, "reason").is_empty(), "{source} {id} has no reason");
    }
    Ok(())
}

async fn work_on_a_matter(node: &Node, officer: &Client) -> Result<()> {
    let page = officer.read("/api/v1/matters?state=new&decision=unit&limit=200").await?;
    let matters = page["matters"].as_array().context("no matters")?;
    let matter = matters.iter().find(|one| one["suggested"].is_object()).context("no matter has a proposal")?;
    let unit = text(&matter["suggested"], "id");
    let path = format!("/api/v1/matters/{}", text(matter, "no"));
    let liaison = node.client_as("liaison", "liaison", Some(unit)).await?;
    let fresh = officer.get(&path).await?.etag.context("a matter has an ETag")?;

    // Assigned once, however often it is said; decided on what was seen.
    let (assign, body) = (format!("{path}/assign"), json!({ "lead": unit, "grade": "ordinary" }));
    let headers = [("if-match", fresh.as_str()), ("idempotency-key", "assign-1")];
    let first = officer.post(&assign, &body, &headers).await?;
    let assigned_etag = first.etag.clone().context("ETag")?;
    let first = first.expect(200)?;
    assert_eq!((text(&first, "state"), text(&first["lead"], "id")), ("assigned", unit));
    let again = officer.post(&assign, &body, &headers).await?.expect(200)?;
    assert_eq!(again["version"], first["version"]);
    let other = officer.post(&assign, &json!({ "lead": unit, "grade": "major" }), &headers).await?.expect(422)?;
    assert_eq!(other["code"], "key_reused");
    let stale = json!({ "reason": "重复反映" });
    let stale = officer.post(&format!("{path}/dismiss"), &stale, &[("if-match", &fresh)]).await?.expect(409)?;
    assert_eq!((text(&stale, "code"), text(&stale["last_change"], "by")), ("conflict", "token:office"));

    // The unit does its part, and not the office's.
    let forbidden = liaison.post(&format!("{path}/close"), &json!({}), &[]).await?;
    assert_eq!(forbidden.status, 403, "{}", forbidden.body);
    let headers = [("if-match", assigned_etag.as_str()), ("idempotency-key", "accept-1")];
    let accepted = liaison.post(&format!("{path}/accept"), &json!({}), &headers).await?.expect(200)?;
    assert_eq!(accepted["state"], "accepted");
    let early = officer.post(&format!("{path}/close"), &json!({}), &[]).await?.expect(409)?;
    assert_eq!(early["code"], "state");
    let answer = json!({ "kind": "authoritative", "channel": "website", "text": "已现场核实并整改，结果已向来信人说明。", "link": "https://example.cn/1" });
    let responded =
        liaison.post(&format!("{path}/respond"), &answer, &[("idempotency-key", "respond-1")]).await?.expect(200)?;
    assert_eq!(responded["state"], "responded");
    let closed = officer
        .post(&format!("{path}/close"), &json!({ "text": "回访满意" }), &[("idempotency-key", "close-1")])
        .await?;
    let closed = closed.expect(200)?;
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["actions"], json!(["reopen"]));

    // All of it is on the record, once.
    let entries = officer.read(&format!("{path}/entries?limit=200")).await?;
    let kinds: Vec<&str> =
        entries["entries"].as_array().context("entries")?.iter().map(|one| text(one, "kind")).collect();
    for kind in ["opened", "graded", "assigned", "accepted", "responded", "closed"] {
        assert_eq!(kinds.iter().filter(|one| **one == kind).count(), 1, "{kind} in {kinds:?}");
    }
    Ok(())
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn number(value: &Value, field: &str) -> u64 {
    value[field].as_u64().unwrap_or_default()
}

fn sum(figures: &Value) -> u64 {
    figures.as_object().into_iter().flat_map(|fields| fields.values()).filter_map(Value::as_u64).sum()
}
