//! Several processes on Apache Kafka and PostgreSQL, and what outside programs write to a topic.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use huiyin_tests::{
    Broker, Node, NodeOptions, Post, database, eventually, figures, kafka_available, many_posts, postgres_available,
    sample_posts,
};
use serde_json::{Value, json};

const POSTS: usize = 2_000;

#[tokio::test]
async fn an_assess_process_killed_midway_changes_no_count() -> Result<()> {
    if !kafka_available() || !postgres_available() {
        return Ok(());
    }
    let posts = many_posts(POSTS)?;
    let expected = embedded(&posts).await?;

    let broker = Broker::start().await?;
    let config = |store: &str| format!("[log]\nkind = \"kafka\"\nbrokers = {:?}\n{store}", broker.address);
    let store = format!("[store]\nurl = {:?}\n", database("cluster").await?);
    let options = |roles: &str| NodeOptions { config: config(&store), roles: roles.into(), data: None };
    let mut main = Node::prepare(options("collect,intake,api"))?;
    main.run().await?;
    let mut steady = Node::prepare(options("assess"))?;
    let mut shaken = Node::prepare(options("assess"))?;
    steady.run().await?;
    shaken.run().await?;

    let (first, second) = posts.split_at(POSTS / 2);
    push(&main, first).await?;
    main.settled(first.len() as u64 / 4).await?;
    shaken.kill().await?;
    push(&main, second).await?;
    main.settled(first.len() as u64).await?;
    shaken.run().await?;
    main.settled(distinct(&posts)).await.with_context(|| format!("{}\n{}", steady.messages(), shaken.messages()))?;
    let found = eventually("the same figures as embedded", async || {
        let counts = figures(&main.counts().await?);
        Ok((counts["revisions"] == expected["revisions"]).then_some(counts))
    });
    assert_eq!(found.await?, expected);
    shaken.stop().await?;
    steady.stop().await?;
    main.stop().await?;
    assert_eq!(main.command(&["ledger", "rebuild"]).await?["identical"], true);
    Ok(())
}

#[tokio::test]
async fn what_kcat_writes_arrives_or_becomes_a_dead_letter() -> Result<()> {
    if !kafka_available() {
        return Ok(());
    }
    let broker = Broker::start().await?;
    let config = format!(
        "[log]\nkind = \"kafka\"\nbrokers = {:?}\n[external]\nenabled = true\ntopic = \"external\"\nsource = \"外部\"\n",
        broker.address
    );
    let mut node = Node::prepare(NodeOptions { config, ..NodeOptions::default() })?;
    node.run().await?;
    let posts = sample_posts()?;
    let posts = posts.get(..50).context("the sample is shorter")?;
    let mut lines: Vec<u8> = Vec::new();
    for (number, post) in posts.iter().enumerate() {
        lines.extend(format!("{post}\n").bytes());
        let garbage: &[u8] = match number {
            10 => b"not JSON at all\n",
            20 => b"{\"id\":\"x-1\"\n",
            30 => b"{\"text\":\"\xe8\xb7\xaf\xe7\x81\xaf\xe4\xb8\x8d\xe4\xba\xae\"}\n",
            40 => b"{\"id\":\"x-2\",\"text\":\"\xc2\xb7\xb5\xc6\"}\n",
            _ => b"",
        };
        lines.extend(garbage);
    }
    broker.produce("external", &lines).await?;
    let counts = eventually("posts and dead letters", async || {
        let counts = node.counts().await?;
        let arrived = counts["posts"].as_u64() >= Some(distinct(posts)) && counts["dead_letters"].as_u64() >= Some(4);
        Ok(arrived.then_some(counts))
    });
    let counts = counts.await.with_context(|| node.messages())?;
    assert_eq!(
        (counts["posts"].as_u64(), counts["dead_letters"].as_u64()),
        (Some(distinct(posts)), Some(4)),
        "{counts}"
    );
    let auditor = node.client_as("audit", "auditor", None).await?;
    let first = posts.first().context("no posts")?;
    let path = format!("/api/v1/posts?source={}&id={}", plain(first, "source"), plain(first, "id"));
    assert_eq!(auditor.read(&path).await?["posts"][0]["id"], first["id"]);
    node.stop().await
}

async fn embedded(posts: &[Post]) -> Result<Value> {
    let mut node = Node::start().await?;
    push(&node, posts).await?;
    node.settled(distinct(posts)).await?;
    let revisions = posts.len() as u64 - distinct(posts);
    let counts = eventually("the revisions", async || {
        let counts = node.counts().await?;
        Ok((counts["revisions"].as_u64() >= Some(revisions)).then_some(counts))
    });
    let counts = counts.await?;
    node.stop().await?;
    Ok(figures(&counts))
}

async fn push(node: &Node, posts: &[Post]) -> Result<()> {
    let client = node.pusher()?;
    for batch in posts.chunks(100) {
        client.post("/api/v1/posts", &json!(batch), &[]).await?.expect(202)?;
    }
    Ok(())
}

fn distinct(posts: &[Post]) -> u64 {
    posts.iter().map(|post| (plain(post, "source"), plain(post, "id"))).collect::<BTreeSet<_>>().len() as u64
}

fn plain<'a>(post: &'a Post, field: &str) -> &'a str {
    post[field].as_str().unwrap_or_default()
}
