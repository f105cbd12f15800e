//! Our signatures, verified by a receiver that was written with the public package `standardwebhooks`.

use std::path::PathBuf;
use std::process::{Command as Blocking, Stdio};

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Client, Node, NodeOptions, eventually, workspace};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Short, so that the test need not wait long for what can no longer be undone.
const UNDO_SECONDS: u32 = 3;

const LAMPS: &str = "南昌市东湖区青杨路从菜市场到小学这一段的路灯坏了半个多月，晚上一片漆黑，希望城管局尽快来修。";
const MORE_LAMPS: &str = "南昌市西湖区望汀巷口的路灯整整一周没有亮过，老人夜里出门看不见台阶，请城管部门派人查看。";

#[tokio::test]
async fn webhooks_verify_with_the_public_package_and_undone_ones_are_never_sent() -> Result<()> {
    if !npm_available() {
        eprintln!("skipped: npm is missing, so the receiver cannot be installed");
        return Ok(());
    }
    let mut receiver = Receiver::start().await?;
    let config = format!(
        "[undo]\nseconds = {UNDO_SECONDS}\n[alerts]\nallow_loopback = true\nconsole_url = \"http://console.example\""
    );
    let mut node = Node::prepare(NodeOptions { config, ..NodeOptions::default() })?;
    node.run().await?;
    let leader = node.client_as("leader", "leader", None).await?;
    for (path, signing, key) in [("/hmac", "hmac", "secret"), ("/ed25519", "ed25519", "public_key")] {
        let body = json!({ "name": path, "kind": "webhook", "url": receiver.at(path), "signing": signing });
        let channel = leader.post("/api/v1/alerts/channels", &body, &[]).await?.expect(201)?;
        receiver.trust(path, key, channel[key].as_str().context("the key is shown once")?).await?;
        let id = &channel["id"];
        let rule = json!({ "name": "交办", "channel": id, "kinds": ["assigned"] });
        leader.post("/api/v1/alerts/rules", &rule, &[]).await?.expect(201)?;
        let shown = leader.read(&format!("/api/v1/alerts/channels/{id}")).await?;
        ensure!(shown.get("secret").is_none() && shown.get("public_key").is_none(), "{shown}");
        let tested = leader.post(&format!("/api/v1/alerts/channels/{id}/test"), &json!({}), &[]).await?.expect(200)?;
        assert_eq!((&tested["ok"], &tested["status"]), (&json!(true), &json!(204)), "{tested}");
        let report = receiver.next().await?;
        assert_eq!(
            (&report["verified"], &report["message"]["type"]),
            (&json!(true), &json!("huiyin.test")),
            "{report}"
        );
    }
    let (undone, kept) = matters(&node, &leader).await?;
    let unit = leader.read("/api/v1/units?place=360102&limit=1").await?["units"][0]["id"].clone();
    ensure!(unit.is_string(), "no unit to assign to");
    let assign = json!({ "lead": unit, "grade": "ordinary", "instruction": "请到场查看" });
    let given = leader.post(&format!("/api/v1/matters/{undone}/assign"), &assign, &[]).await?;
    let etag = given.etag.clone();
    given.expect(200)?;
    let etag = etag.context("an action answers with an ETag")?;
    leader.post(&format!("/api/v1/matters/{undone}/undo"), &json!({}), &[("if-match", &etag)]).await?.expect(200)?;
    // Assigned after the other was undone: once these are sent, the other's turn has passed.
    leader.post(&format!("/api/v1/matters/{kept}/assign"), &assign, &[]).await?.expect(200)?;

    let mut paths = Vec::new();
    for _ in 0..2 {
        let report = receiver.next().await?;
        assert_eq!(report["verified"], true, "{report}");
        let message = &report["message"];
        assert_eq!(
            (&message["type"], &message["data"]["matter"]),
            (&json!("matter.assigned"), &json!(kept)),
            "{report}"
        );
        assert_eq!(message["data"]["link"], format!("http://console.example/matters/{kept}"));
        paths.push(report["path"].as_str().unwrap_or_default().to_owned());
    }
    paths.sort();
    assert_eq!(paths, ["/ed25519", "/hmac"]);
    let log = eventually("both deliveries recorded", async || {
        let log = leader.read("/api/v1/alerts/deliveries").await?;
        Ok((log["counts"]["waiting"] == 0).then_some(log))
    })
    .await?;
    assert_eq!(log["counts"], json!({ "waiting": 0, "sent": 2, "failed": 0, "dropped": 0 }), "{log}");
    let of_undone = leader.read(&format!("/api/v1/alerts/deliveries?matter={undone}")).await?;
    assert_eq!(of_undone["deliveries"], json!([]), "an undone assignment sends nothing");
    resent_has_the_same_id(&leader, &log, &mut receiver).await?;
    node.stop().await
}

async fn resent_has_the_same_id(leader: &Client, log: &Value, receiver: &mut Receiver) -> Result<()> {
    let first = &log["deliveries"][0];
    let path = format!("/api/v1/alerts/deliveries/{}", first["id"]);
    leader.post(&format!("{path}/resend"), &json!({}), &[]).await?.expect(200)?;
    let report = receiver.next().await?;
    assert_eq!((&report["verified"], &report["id"]), (&json!(true), &first["message"]), "{report}");
    let detail = eventually("the second try recorded", async || {
        let detail = leader.read(&path).await?;
        Ok((detail["state"] == "sent").then_some(detail))
    })
    .await?;
    assert_eq!(detail["tries"].as_array().map(Vec::len), Some(2), "{detail}");
    Ok(())
}

/// Two posts pushed, and the matters they became.
async fn matters(node: &Node, leader: &Client) -> Result<(String, String)> {
    let posts = json!([
        { "source": "信箱", "id": "lamp-1", "text": LAMPS, "place": "360102" },
        { "source": "信箱", "id": "lamp-2", "text": MORE_LAMPS, "place": "360103" },
    ]);
    node.pusher()?.post("/api/v1/posts", &posts, &[]).await?.expect(202)?;
    node.settled(2).await?;
    let mut numbers = Vec::new();
    for id in ["lamp-1", "lamp-2"] {
        let page = leader.read(&format!("/api/v1/posts?source=信箱&id={id}")).await?;
        numbers.push(page["posts"][0]["matter"].as_str().with_context(|| format!("no matter: {page}"))?.to_owned());
    }
    let (Some(kept), Some(undone)) = (numbers.pop(), numbers.pop()) else { anyhow::bail!("two matters") };
    ensure!(kept != undone, "one matter of two concerns");
    Ok((undone, kept))
}

fn npm_available() -> bool {
    Blocking::new("npm")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
}

/// The receiver as a program of its own.
struct Receiver {
    _child: Child,
    input: ChildStdin,
    reports: Lines<BufReader<ChildStdout>>,
    port: u64,
}

impl Receiver {
    async fn start() -> Result<Receiver> {
        let directory: PathBuf = workspace().join("tests/standardwebhooks");
        let arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
        let installed = Command::new("npm").args(arguments).current_dir(&directory).output().await?;
        ensure!(installed.status.success(), "npm ci: {}", String::from_utf8_lossy(&installed.stderr));
        let mut child = Command::new("node")
            .arg("receiver.mjs")
            .current_dir(&directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let input = child.stdin.take().context("the receiver takes keys")?;
        let reports = BufReader::new(child.stdout.take().context("the receiver reports")?).lines();
        let mut receiver = Receiver { _child: child, input, reports, port: 0 };
        receiver.port = receiver.next().await?["port"].as_u64().context("the receiver says its port")?;
        Ok(receiver)
    }

    fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Tells it the key for an address.
    async fn trust(&mut self, path: &str, name: &str, key: &str) -> Result<()> {
        let mut line = json!({ "path": path, name: key }).to_string();
        line.push('\n');
        self.input.write_all(line.as_bytes()).await?;
        ensure!(self.next().await?["known"] == path, "the receiver took the key");
        Ok(())
    }

    /// What it says next.
    async fn next(&mut self) -> Result<Value> {
        let line = self.reports.next_line().await?.context("the receiver ended")?;
        Ok(serde_json::from_str(&line)?)
    }
}
