//! kill -9 at seeded random moments: nothing that was acknowledged is lost, nothing counts twice.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Client, Node, NodeOptions, Post, Random, figures, many_posts, write_jsonl};
use serde_json::{Value, json};

/// Kills of one test, unless `HUIYIN_KILLS` says otherwise.
const KILLS: u64 = 5;
const IMPORT_POSTS: usize = 6_000;
const PUSHED_POSTS: usize = 1_500;
const POSTS_PER_PUSH: usize = 10;

#[tokio::test]
async fn an_import_that_is_killed_goes_on_to_the_same_counts() -> Result<()> {
    let files = tempfile::tempdir()?;
    let file = files.path().join("posts.jsonl");
    write_jsonl(&file, &many_posts(IMPORT_POSTS)?)?;

    let calm = Node::prepare(NodeOptions::default())?;
    let begun = Instant::now();
    let summary = import(&calm, &file).await?;
    let whole = begun.elapsed();
    let expected = figures(&calm.counts().await?);
    println!("{IMPORT_POSTS} posts in {whole:?} without a kill, {} a second: {expected}", summary["posts_per_second"]);

    let mut random = Random::seeded(20_261_122);
    let mut kills_left = kills();
    while kills_left > 0 {
        let shaken = Node::prepare(NodeOptions::default())?;
        while kills_left > 0 && killed(&shaken, &file, whole, &mut random).await? {
            kills_left -= 1;
        }
        check_resumed(&shaken, &file, &expected).await?;
    }
    Ok(())
}

/// Starts an import and kills it at a random moment; false when it had ended before.
async fn killed(node: &Node, file: &Path, whole: Duration, random: &mut Random) -> Result<bool> {
    // The moment of the kill is the test's input: no outcome depends on what has happened by then.
    let moment = Duration::from_millis(random.below(u64::try_from(whole.as_millis())? * 2 / 3));
    let messages = node.directory().join("import.log");
    let mut child = program(node, file)?.start(&messages)?;
    if let Ok(ended) = tokio::time::timeout(moment, child.wait()).await {
        let said = std::fs::read_to_string(&messages)?;
        ensure!(ended?.success(), "an import ended by itself:\n{said}");
        return Ok(false);
    }
    child.kill().await?;
    Ok(true)
}

async fn check_resumed(node: &Node, file: &Path, expected: &Value) -> Result<()> {
    import(node, file).await?;
    let counts = node.counts().await?;
    println!("resumed: {counts}");
    assert_eq!(figures(&counts), *expected);
    let rebuilt = node.command(&["ledger", "rebuild"]).await?;
    assert_eq!((&rebuilt["identical"], &rebuilt["changed"]), (&json!(true), &json!([])));
    // Once more: everything is there already.
    import(node, file).await?;
    assert_eq!(figures(&node.counts().await?), *expected);
    Ok(())
}

#[tokio::test]
async fn what_a_killed_node_acknowledged_is_in_its_ledger() -> Result<()> {
    let mut node = Node::prepare(NodeOptions::default())?;
    let posts = many_posts(PUSHED_POSTS)?;
    let batches: Vec<&[Post]> = posts.chunks(POSTS_PER_PUSH).collect();
    let mut random = Random::seeded(7);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    let share = batches.len() / usize::try_from(kills())? + 1;
    for batches in batches.chunks(share) {
        node.run().await?;
        let client = node.pusher()?;
        let killed_after = usize::try_from(random.below(batches.len() as u64))?;
        let progress = Progress { next: Cell::new(0), killed_after, killed: Cell::new(false) };
        // Three senders, so that requests are on their way when the kill comes.
        let (one, two, three) =
            tokio::join!(push(&client, batches, &progress), push(&client, batches, &progress), async {
                let acked = push_until(&client, batches, &progress).await;
                node.kill().await?;
                progress.killed.set(true);
                acked
            },);
        for ids in [one?, two?, three?] {
            acknowledged.extend(ids);
        }
    }
    node.run().await?;
    println!("{} of {} posts were acknowledged", acknowledged.len(), posts.len());
    node.settled(acknowledged.len() as u64).await?;
    let officer = node.client_as("office", "duty_officer", None).await?;
    huiyin_tests::eventually("every acknowledged post in the ledger", async || {
        let kept = kept(&officer).await?;
        Ok(acknowledged.iter().all(|id| kept.contains(id)).then_some(()))
    })
    .await?;
    node.stop().await?;
    assert_eq!(node.command(&["ledger", "rebuild"]).await?["identical"], true);
    Ok(())
}

struct Progress {
    next: Cell<usize>,
    killed_after: usize,
    killed: Cell<bool>,
}

/// Pushes batch after batch until the node is gone; gives the ids that were acknowledged.
async fn push(client: &Client, batches: &[&[Post]], progress: &Progress) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    while let Some(batch) = take(batches, progress) {
        match client.post("/api/v1/posts", &json!(batch), &[]).await {
            Ok(answer) => {
                answer.expect(202)?;
                ids.extend(batch.iter().map(|post| name(&post["source"], &post["id"])));
            }
            // The connection broke: that is the kill, and nothing was acknowledged.
            Err(_) => break,
        }
    }
    Ok(ids)
}

/// Pushes until the batch at which the kill is due has been handed out.
async fn push_until(client: &Client, batches: &[&[Post]], progress: &Progress) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    while progress.next.get() < progress.killed_after {
        let Some(batch) = take(batches, progress) else { break };
        client.post("/api/v1/posts", &json!(batch), &[]).await?.expect(202)?;
        ids.extend(batch.iter().map(|post| name(&post["source"], &post["id"])));
    }
    Ok(ids)
}

fn take<'a>(batches: &[&'a [Post]], progress: &Progress) -> Option<&'a [Post]> {
    let next = progress.next.get();
    progress.next.set(next + 1);
    batches.get(next).copied().filter(|_| !progress.killed.get())
}

/// Every post in the ledger.
async fn kept(officer: &Client) -> Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    let mut cursor = String::new();
    loop {
        let page = officer.read(&format!("/api/v1/posts?limit=200{cursor}")).await?;
        ids.extend(page["posts"].as_array().context("posts")?.iter().map(|post| name(&post["source"], &post["id"])));
        let Some(next) = page["next"].as_str() else { return Ok(ids) };
        cursor = format!("&cursor={next}");
    }
}

fn name(source: &Value, id: &Value) -> String {
    format!("{}/{}", source.as_str().unwrap_or_default(), id.as_str().unwrap_or_default())
}

fn program(node: &Node, file: &Path) -> Result<huiyin_tests::Program> {
    node.program(&["import", "--source", "导入", &file.to_string_lossy()])
}

async fn import(node: &Node, file: &Path) -> Result<Value> {
    program(node, file)?.succeed().await?.json()
}

fn kills() -> u64 {
    std::env::var("HUIYIN_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS)
}
