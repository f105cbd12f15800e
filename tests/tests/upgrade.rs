//! What earlier versions wrote: every version opens it, brings it up to date, rebuilds it and goes on with it.
//!
//! A directory of `tests/fixtures/upgrade` holds what the node of one version left behind and what it answered then; how
//! they are made is said there. An answer may have become longer since, never shorter or other.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Client, Node, NodeOptions, Program, compare, database, eventually, postgres_available, workspace};
use serde_json::{Value, json};

/// Differences named when a test fails.
const DIFFERENCES_SHOWN: usize = 30;
/// Messages are kept for half a year after they went out; one day less, for those the node removes just now.
const MESSAGES_KEPT: &str = "179 days ago";

#[tokio::test]
async fn what_earlier_versions_wrote_on_sqlite_is_whole() -> Result<()> {
    for version in versions()? {
        let unpacked = unpack(&version, "embedded").await?;
        goes_on(&version.join("embedded.json.gz"), unpacked.path(), "").await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_earlier_versions_wrote_on_postgres_is_whole() -> Result<()> {
    if !postgres_available() {
        return Ok(());
    }
    for (number, version) in versions()?.iter().enumerate() {
        let unpacked = unpack(version, "postgres").await?;
        let url = database(&format!("upgrade_{number}")).await?;
        let dump = version.join("postgres.sql.gz");
        let load = format!("gzip -dc {dump:?} | psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --dbname {url:?}");
        Program::new("bash".as_ref(), ["-o", "pipefail", "-c", &load]).succeed().await?;
        let store = format!("[store]\nurl = {url:?}\n");
        goes_on(&version.join("postgres.json.gz"), unpacked.path(), &store).await?;
    }
    Ok(())
}

/// The versions of which there is something, by directory.
fn versions() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(workspace().join("tests/fixtures/upgrade"))? {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "there are no fixtures");
    Ok(found)
}

async fn unpack(version: &Path, name: &str) -> Result<tempfile::TempDir> {
    let directory = tempfile::tempdir()?;
    let archive = version.join(format!("{name}.tar.gz"));
    let arguments = ["-xzf".as_ref(), archive.as_os_str(), "-C".as_ref(), directory.path().as_os_str()];
    Program::new("tar".as_ref(), arguments).succeed().await?;
    Ok(directory)
}

/// The present binary on what an earlier one left in `unpacked`, with what that one answered in `expected`.
async fn goes_on(expected: &Path, unpacked: &Path, store: &str) -> Result<()> {
    let name = expected.strip_prefix(workspace()).unwrap_or(expected).display().to_string();
    let arguments = ["-dc".as_ref(), expected.as_os_str()];
    let expected = Program::new("gzip".as_ref(), arguments).succeed().await?.json().context(name.clone())?;
    let model = workspace().join("deploy/model/starter.bin");
    let config = format!("[assess]\nmodel = {model:?}\n[alerts]\nallow_loopback = true\n{store}");
    let options = NodeOptions { data: Some(unpacked.join("data")), config, ..NodeOptions::default() };
    let mut node = Node::prepare(options)?;
    // The command also brings the database up to date, before any node runs.
    check_rebuilt(&node, &expected).await.context(name.clone())?;
    node.run().await.context(name.clone())?;
    let checked = async {
        let chief = client(&node, &expected, "chief")?;
        let mut differences = Vec::new();
        check_matters(&chief, &expected, &mut differences).await?;
        check_lists(&chief, &expected, &mut differences).await?;
        let shown = differences.iter().take(DIFFERENCES_SHOWN).map(String::as_str).collect::<Vec<_>>().join("\n");
        ensure!(differences.is_empty(), "{} differences:\n{shown}", differences.len());
        check_people(&node, &expected).await?;
        check_search(&chief, &expected).await?;
        check_actions(&node, &expected).await?;
        check_new_posts(&node, &chief, &expected).await
    };
    checked.await.inspect_err(|_| println!("{}", node.messages())).context(name.clone())?;
    node.stop().await?;
    check_rebuilt(&node, &expected).await.context(name)
}

async fn check_rebuilt(node: &Node, expected: &Value) -> Result<()> {
    let rebuilt = node.command(&["ledger", "rebuild"]).await?;
    ensure!(rebuilt["identical"] == true, "the tables are not what the entries say: {rebuilt}");
    let matters = expected["matters"].as_object().context("matters")?.len() as u64;
    ensure!(rebuilt["matters"].as_u64() >= Some(matters), "{matters} matters expected: {rebuilt}");
    Ok(())
}

/// Every matter with its entries and posts.
async fn check_matters(chief: &Client, expected: &Value, differences: &mut Vec<String>) -> Result<()> {
    for (no, was) in expected["matters"].as_object().context("matters")? {
        let mut entries = chief.read(&format!("/api/v1/matters/{no}/entries?limit=200")).await?["entries"].take();
        let known = was["entries"].as_array().context("entries")?.len();
        // Deadlines lapsed since then.
        entries.as_array_mut().context("entries")?.truncate(known);
        let mut is = json!({ "entries": entries });
        if was["matter"].is_object() {
            is["matter"] = chief.read(&format!("/api/v1/matters/{no}")).await?;
            is["posts"] = list(chief, &format!("/api/v1/matters/{no}/posts"), "posts").await?;
        }
        compare(no, was, &is, differences);
    }
    Ok(())
}

/// What is not part of one matter: figures, lists of matters, posts set aside, promises, channels, sources.
async fn check_lists(chief: &Client, expected: &Value, differences: &mut Vec<String>) -> Result<()> {
    compare("statistics", &expected["statistics"], &chief.read("/api/v1/statistics").await?, differences);
    let mut queue = chief.read("/api/v1/queue?view=new").await?;
    compare("queue", &expected["queue"], &numbers(&queue["rows"].take())?, differences);
    for (query, was) in expected["lists"].as_object().context("lists")? {
        let found = list(chief, &format!("/api/v1/matters?{query}"), "matters").await?;
        compare(query, was, &numbers(&found)?, differences);
    }
    for (path, field, name) in [
        ("/api/v1/posts?fate=aside", "posts", "asides"),
        ("/api/v1/commitments?state=all", "commitments", "commitments"),
    ] {
        compare(name, &expected[name], &list(chief, path, field).await?, differences);
    }
    for (path, name) in [("alerts/channels", "channels"), ("alerts/rules", "rules"), ("sources", "sources")] {
        let mut is = chief.read(&format!("/api/v1/{path}")).await?;
        compare(name, &expected[name], &is[name].take(), differences);
    }
    let kept = Program::new("date".as_ref(), ["-u", "-d", MESSAGES_KEPT, "+%FT%T"]).succeed().await?.stdout;
    let deliveries = expected["deliveries"].as_array().context("deliveries")?;
    for was in deliveries.iter().filter(|was| was["created_at"].as_str() > Some(kept.trim())) {
        let is = chief.read(&format!("/api/v1/alerts/deliveries/{}", was["id"])).await?;
        compare(&format!("delivery {}", was["id"]), was, &is, differences);
    }
    Ok(())
}

/// Logins and tokens of then are still good, and worth what they were.
async fn check_people(node: &Node, expected: &Value) -> Result<()> {
    let nobody = node.client_with("")?;
    let login = nobody.post("/api/v1/login", &expected["people"]["user"], &[("x-huiyin-request", "1")]).await?;
    let mut differences = Vec::new();
    compare("me", &expected["people"]["me"], &login.expect(200)?, &mut differences);
    ensure!(differences.is_empty(), "{differences:?}");
    let desk = client(node, expected, "desk")?;
    ensure!(desk.read("/api/v1/me").await?["role"] == "duty_officer", "the token's role");
    Ok(())
}

async fn check_search(chief: &Client, expected: &Value) -> Result<()> {
    let (path, id) = (text(&expected["found"], "path")?, &expected["found"]["id"]);
    eventually("the known post to be found", async || {
        let found = chief.get(path).await?;
        let hits = found.body["hits"].as_array().cloned().unwrap_or_default();
        Ok(hits.iter().any(|hit| hit["id"] == *id).then_some(()))
    })
    .await
}

/// A matter that its unit had accepted goes on, and what was done once is not done again.
async fn check_actions(node: &Node, expected: &Value) -> Result<()> {
    let liaison = client(node, expected, "liaison")?;
    let path = format!("/api/v1/matters/{}/respond", text(expected, "accepted")?);
    let answer = json!({ "kind": "authoritative", "channel": "source", "text": "升级之后：已现场核实并整改。" });
    let responded = liaison.post(&path, &answer, &[]).await?.expect(200)?;
    assert_eq!(responded["state"], "responded", "{responded}");

    let desk = client(node, expected, "desk")?;
    let once = &expected["repeated"];
    let headers = [("idempotency-key", text(once, "key")?)];
    let again = desk.post(text(once, "path")?, &once["body"], &headers).await?.expect(200)?;
    ensure!(again["assignments"].as_array().map(Vec::len) == Some(1), "assigned twice: {again}");
    let other = json!({ "lead": once["body"]["lead"], "grade": "major" });
    let other = desk.post(text(once, "path")?, &other, &headers).await?.expect(422)?;
    assert_eq!(other["code"], "key_reused", "{other}");
    Ok(())
}

/// Posts that belong to an open matter of then, to a closed one, to none; and one that was there then.
async fn check_new_posts(node: &Node, chief: &Client, expected: &Value) -> Result<()> {
    let later = expected["later"].as_array().context("later")?;
    let posts: Vec<&Value> = [&expected["known"]].into_iter().chain(later.iter().map(|one| &one["post"])).collect();
    let receipt = client(node, expected, "desk")?.post("/api/v1/posts", &json!(posts), &[]).await?.expect(202)?;
    ensure!(receipt["accepted"] == posts.len(), "{receipt}");
    for one in later {
        let stored = fate(chief, &one["post"]).await?;
        ensure!(!text(&stored["assessment"], "system")?.is_empty(), "it is judged: {stored}");
        let no = text(&stored, "matter")?;
        if let Some(joins) = one["joins"].as_str() {
            ensure!(no == joins, "joins {joins}, not {stored}");
            continue;
        }
        ensure!(expected["matters"].get(no).is_none(), "opens a matter of its own: {stored}");
        let matter = chief.read(&format!("/api/v1/matters/{no}")).await?;
        assert_eq!((&matter["state"], &matter["follows"]), (&json!("new"), &one["follows"]), "{matter}");
        let entries = chief.read(&format!("/api/v1/matters/{no}/entries")).await?;
        assert_eq!(entries["entries"][0]["kind"], "opened", "{entries}");
    }
    let (was, is) = (&expected["statistics"], chief.read("/api/v1/statistics").await?);
    let posts = was["posts"].as_u64().map(|posts| posts + later.len() as u64);
    assert_eq!((is["posts"].as_u64(), &is["revisions"]), (posts, &was["revisions"]), "the known post is no revision");
    Ok(())
}

/// The post as it is stored, once it is.
async fn fate(client: &Client, post: &Value) -> Result<Value> {
    let path = format!("/api/v1/posts?source={}&id={}", text(post, "source")?, text(post, "id")?);
    eventually("the new post in the ledger", async || Ok(client.read(&path).await?["posts"].get(0).cloned())).await
}

fn client(node: &Node, expected: &Value, name: &str) -> Result<Client> {
    node.client_with(text(&expected["people"]["tokens"], name)?)
}

fn text<'a>(value: &'a Value, field: &str) -> Result<&'a str> {
    value[field].as_str().with_context(|| format!("no {field}: {value}"))
}

/// Numbers of matters, in order.
fn numbers(matters: &Value) -> Result<Value> {
    let rows = matters.as_array().context("no list of matters")?;
    let mut numbers: Vec<&str> = rows.iter().filter_map(|matter| matter["no"].as_str()).collect();
    numbers.sort_unstable();
    Ok(json!(numbers))
}

/// All pages of a list.
async fn list(client: &Client, path: &str, field: &str) -> Result<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let with = if path.contains('?') { '&' } else { '?' };
        let mut page = client.read(&format!("{path}{with}limit=200{cursor}")).await?;
        all.append(page[field].as_array_mut().with_context(|| format!("{path} has no {field}"))?);
        let Some(next) = page["next"].as_str() else { return Ok(Value::Array(all)) };
        cursor = format!("&cursor={next}");
    }
}
