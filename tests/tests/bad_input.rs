//! Bad input: each kind gets a clear answer, and nothing that was accepted is lost.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Finished, Node, NodeOptions, Program, eventually, many_posts};
use serde_json::{Value, json};

const GOOD: &str = r#"{"id":"g-1","text":"南昌市西湖区榆塘路井盖缺失，请尽快补上"}"#;

#[tokio::test]
async fn bad_pushes_are_answered_and_good_lines_beside_them_are_kept() -> Result<()> {
    let mut node = Node::start().await?;
    let client = node.pusher()?;
    let long = format!("{{\"id\":\"l\",\"text\":\"{}\"}}\n", "长".repeat(10 << 20 >> 1));
    let with_good = |bad: &[u8], id: &str| [bad, b"\n", GOOD.replace("g-1", id).as_bytes()].concat();
    let (gbk, _, _) = encoding_rs::GBK.encode(r#"{"id":"k","text":"路灯不亮"}"#);
    let (lines, json) = ("application/x-ndjson", "application/json");
    let table: [(&str, &str, Vec<u8>, u16, &str); 12] = [
        ("malformed", json, br#"{"id":"a","text":"#.to_vec(), 422, "JSON"),
        ("malformed beside a good one", lines, with_good(br#"{"id":"a""#, "n-1"), 202, "JSON"),
        ("another encoding", lines, gbk.to_vec(), 422, "UTF-8"),
        ("another encoding beside a good one", lines, with_good(&gbk, "n-2"), 202, "UTF-8"),
        ("a line of 10 MB beside a good one", lines, with_good(long.as_bytes(), "n-3"), 202, "1 MB"),
        ("no id", json, br#"{"text":"x"}"#.to_vec(), 422, "id"),
        ("no text", json, br#"{"id":"a"}"#.to_vec(), 422, "text"),
        ("a time to come", json, br#"{"id":"a","text":"x","time":"2999-01-01 08:00"}"#.to_vec(), 422, "未来"),
        ("an unreadable time", json, br#"{"id":"a","text":"x","time":"yesterday"}"#.to_vec(), 422, "time"),
        ("a phone number as id", json, br#"{"id":"13812345678","text":"x"}"#.to_vec(), 422, "手机"),
        ("nothing", json, b"[]".to_vec(), 400, "没有网帖"),
        ("no JSON type", "image/png", GOOD.into(), 415, "image/png"),
    ];
    for (name, kind, body, status, words) in table {
        let answer = client.post_bytes("/api/v1/posts?source=bad", kind, body, &[]).await?;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        assert!(answer.body.to_string().contains(words), "{name}: {}", answer.body);
        if status == 202 {
            assert_eq!(
                (&answer.body["accepted"], number(&answer.body["refused"][0]["line"])),
                (&json!(1), 1),
                "{name}"
            );
        } else {
            assert!(answer.kind.starts_with("application/problem+json"), "{name}: {}", answer.kind);
            assert_eq!(number(&answer.body["status"]), u64::from(status), "{name}");
        }
    }
    // A place that nobody knows is no reason to refuse a concern.
    let unknown = json!({ "id": "p-1", "text": "门口的树倒了", "place": "乌有省子虚县" });
    let receipt = client.post("/api/v1/posts?source=bad", &unknown, &[]).await?.expect(202)?;
    assert_eq!(receipt["accepted"], 1);
    assert!(receipt["warnings"][0].to_string().contains("乌有省"), "{receipt}");

    too_large(&node).await?;
    wrong_tokens(&node).await?;
    let counts = node.settled(4).await?;
    assert_eq!((number(&counts["posts"]), number(&counts["dead_letters"])), (4, 0), "{counts}");
    node.stop().await
}

/// A body over the limit, plain and as a small one that unpacks to it.
async fn too_large(node: &Node) -> Result<()> {
    let file = node.directory().join("large.jsonl");
    std::fs::write(&file, vec![b' '; 40 << 20])?;
    let bearer = format!("Authorization: Bearer {}", node.token("large", "duty_officer", None).await?);
    let (body, url) = (format!("@{}", file.display()), format!("{}/api/v1/posts", node.url()?));
    let packed = Program::new("gzip".as_ref(), ["--keep", "--fast", &file.to_string_lossy()]).succeed().await;
    packed.context("packing")?;
    let packed = format!("@{}.gz", file.display());
    // curl waits for the server's word before it sends a large body, as clients should.
    let shared = ["-sS", "--noproxy", "*", "-H", &bearer, "-H", "Content-Type: application/x-ndjson", &url];
    for more in [vec!["--data-binary", &body], vec!["--data-binary", &packed, "-H", "Content-Encoding: gzip"]] {
        let answer = Program::new("curl".as_ref(), shared.into_iter().chain(more)).succeed().await?.json()?;
        assert_eq!((number(&answer["status"]), answer["code"].as_str()), (413, Some("too_large")), "{answer}");
    }
    Ok(())
}

async fn wrong_tokens(node: &Node) -> Result<()> {
    let auditor = node.token("audit", "auditor", None).await?;
    let post: Value = serde_json::from_str(GOOD)?;
    for (token, path, status) in [
        ("", "/api/v1/posts", 401),
        ("hy_0000", "/api/v1/posts", 401),
        ("hy_0000", "/api/v1/matters/x/assign", 401),
        (auditor.as_str(), "/api/v1/matters/x/assign", 404),
    ] {
        let answer = node.client_with(token)?.post(path, &post, &[]).await?;
        let refused = answer.status == status || (status == 404 && matches!(answer.status, 403 | 400 | 422));
        assert!(refused, "{path} with {token:?}: {} {}", answer.status, answer.body);
        assert!(answer.body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{}", answer.body);
    }
    Ok(())
}

#[tokio::test]
async fn bad_files_are_answered_and_good_rows_in_them_are_kept() -> Result<()> {
    let node = Node::prepare(NodeOptions::default())?;
    let at = |name: &str| node.directory().join(name);
    let rows = "工单编号,诉求内容,来电时间\nA-1,南昌市东湖区枫坪路路灯不亮,2026-10-09 08:00\nA-2,,2026-10-09 08:00\nA-3,楼道堆物,2999-01-01\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(rows);
    std::fs::write(at("gbk.csv"), &gbk)?;
    std::fs::write(at("good.csv"), rows.replace("A-", "B-"))?;
    std::fs::write(at("columns.csv"), "甲,乙\n1,2\n")?;
    std::fs::write(at("gbk.toml"), "encoding = \"gbk\"\n")?;
    let (gbk_line, _, _) = encoding_rs::GBK.encode(r#"{"id":"k","text":"路灯不亮"}"#);
    std::fs::write(at("gbk.jsonl"), &gbk_line)?;
    let long = format!("{{\"id\":\"l\",\"text\":\"{}\"}}", "x".repeat(10 << 20));
    std::fs::write(at("lines.jsonl"), [GOOD, "{\"id\":", &long, &GOOD.replace("g-1", "g-2")].join("\n"))?;
    std::fs::write(at("broken.xlsx"), b"PK\x03\x04 this was cut off")?;
    std::fs::write(at("named.xlsx"), rows)?;
    std::fs::write(at("posts.pdf"), b"%PDF-1.7")?;
    write_sheet(&at("good.xlsx"))?;

    // Name, mapping, exit status, what is said, posts taken.
    let table: [(&str, Option<&str>, i32, &str, u64); 10] = [
        ("gbk.csv", None, 1, "GBK", 0),
        ("gbk.csv", Some("gbk.toml"), 0, "未来", 1),
        ("good.csv", None, 0, "未来", 1),
        ("columns.csv", None, 1, "编号列", 0),
        ("lines.jsonl", None, 0, "line 2", 2),
        ("broken.xlsx", None, 1, "broken.xlsx", 0),
        ("named.xlsx", None, 1, "named.xlsx", 0),
        ("posts.pdf", None, 1, "格式", 0),
        ("missing.csv", None, 1, "missing.csv", 0),
        ("good.xlsx", None, 0, "", 2),
    ];
    let mut posts = 0;
    for (name, mapping, status, words, taken) in table {
        let finished = import(&node, &at(name), mapping.map(&at)).await?;
        assert_eq!(finished.status.code(), Some(status), "{name}: {}", finished.stderr);
        assert!(finished.stderr.contains(words), "{name}: {}", finished.stderr);
        assert!(!finished.stderr.contains("panicked"), "{name}: {}", finished.stderr);
        if status == 0 {
            assert_eq!(number(&finished.json()?["accepted"]), taken, "{name}: {}", finished.stdout);
        }
        posts += taken;
    }
    // A line in another encoding is one bad line, or a bad file: said either way, and never taken as text.
    let finished = import(&node, &at("gbk.jsonl"), None).await?;
    assert_eq!(finished.status.code(), Some(1), "nothing of it could be used: {}", finished.stderr);
    assert!(format!("{}{}", finished.stdout, finished.stderr).contains("UTF-8"), "{}", finished.stderr);
    let counts = node.counts().await?;
    assert_eq!((number(&counts["posts"]), number(&counts["dead_letters"])), (posts, 0), "{counts}");
    Ok(())
}

#[tokio::test]
async fn a_file_goes_into_a_running_node_too() -> Result<()> {
    let mut node = Node::start().await?;
    let file = node.directory().join("lines.jsonl");
    std::fs::write(&file, [GOOD, "{\"id\":", &GOOD.replace("g-1", "g-2")].join("\n"))?;
    let finished = import(&node, &file, None).await?;
    assert_eq!(finished.status.code(), Some(0), "{}", finished.stderr);
    let summary = finished.json()?;
    assert_eq!((number(&summary["accepted"]), number(&summary["refused_count"])), (2, 1), "{summary}");
    node.settled(2).await?;
    node.stop().await
}

#[tokio::test]
async fn a_full_disk_refuses_and_loses_nothing() -> Result<()> {
    let disk = tempfile::tempdir()?;
    let Some(disk) = SmallDisk::mount(disk.path()).await? else { return Ok(()) };
    let options = NodeOptions { data: Some(disk.path.join("data")), ..NodeOptions::default() };
    let mut node = Node::prepare(options)?;
    node.run().await?;
    let client = node.pusher()?;
    let mut acknowledged = 0;
    let mut refusal = None;
    for batch in many_posts(60_000)?.chunks(200) {
        // Until the disk is full: the answer then says so, and the node still answers.
        let answer = client.post("/api/v1/posts", &json!(batch), &[]).await.with_context(|| node.messages())?;
        if answer.status != 202 {
            refusal = Some(answer);
            break;
        }
        acknowledged += number(&answer.body["accepted"]);
    }
    let refusal = refusal.context("the disk never filled")?;
    println!("{acknowledged} posts before: {} {}", refusal.status, refusal.body);
    ensure!(refusal.status == 503, "{} {}", refusal.status, refusal.body);
    ensure!(refusal.body["detail"].as_str().is_some_and(|detail| detail.contains("存储空间")), "{}", refusal.body);

    disk.enlarge().await?;
    // A node that could not go on without a disk ends; the service manager starts it again.
    if node.stop().await.is_err() {
        println!("the node had ended: {}", node.messages());
    }
    node.run().await?;
    let counts = eventually("every acknowledged post in the ledger", async || {
        let counts = node.counts().await?;
        let kept = number(&counts["posts"]) + number(&counts["revisions"]) + number(&counts["dead_letters"]);
        Ok((kept >= acknowledged).then_some(counts))
    });
    println!("{}", counts.await.with_context(|| node.messages())?);
    node.stop().await?;
    assert_eq!(node.command(&["ledger", "rebuild"]).await?["identical"], true);
    Ok(())
}

/// A file system in memory, unmounted in the end.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// None where the test may not mount.
    async fn mount(path: &Path) -> Result<Option<SmallDisk>> {
        let directory = path.to_string_lossy().into_owned();
        let arguments = ["-t", "tmpfs", "-o", "size=40m", "huiyin-test", &directory];
        let mounted = Program::new("mount".as_ref(), arguments).finish().await?;
        if mounted.status.success() {
            return Ok(Some(SmallDisk { path: path.to_owned() }));
        }
        println!("skipped: a small disk cannot be mounted here ({})", mounted.stderr.trim());
        Ok(None)
    }

    async fn enlarge(&self) -> Result<()> {
        let directory = self.path.to_string_lossy().into_owned();
        Program::new("mount".as_ref(), ["-o", "remount,size=2g", &directory]).succeed().await.map(drop)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("--lazy").arg(&self.path).status();
    }
}

async fn import(node: &Node, file: &Path, mapping: Option<PathBuf>) -> Result<Finished> {
    let mut arguments = vec!["import".to_owned(), "--source".to_owned(), "文件".to_owned()];
    if let Some(mapping) = mapping {
        arguments.extend(["--mapping".to_owned(), mapping.to_string_lossy().into_owned()]);
    }
    arguments.push(file.to_string_lossy().into_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    node.program(&arguments)?.finish().await
}

fn write_sheet(file: &Path) -> Result<()> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [["编号", "内容"], ["X-1", "红谷滩区青麓路夜间施工扰民"], ["X-2", "公交站牌倒了，请扶正"]];
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell)?;
        }
    }
    book.save(file)?;
    Ok(())
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}
