//! What a ledger teaches: matters that officers, units and leaders settled make the model better, wrong labels do not get in.

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Client, Finished, Node, Post, Program, eventually, write_jsonl};
use serde_json::{Value, json};

/// Concerns of one county: what is said, who answers by today's practice, and who did by an earlier one.
const CONCERNS: [Concern; 4] = [
    Concern { what: ["路灯整排不亮", "路灯杆歪了没人扶"], now: "供电", before: "城管" },
    Concern { what: ["流浪狗成群追人", "野狗夜里乱叫"], now: "农业农村", before: "公安" },
    Concern { what: ["雨水井盖碎了", "窨井堵了污水横流"], now: "水利", before: "住建" },
    Concern { what: ["校车超员", "校车不按点接娃"], now: "交通运输", before: "教育" },
];
/// Matters of each concern.
const MATTERS: usize = 14;
/// Characters that names of estates are made of: each concern has estates of its own.
const FIRST: [&str; MATTERS] = ["杏", "桤", "榆", "枫", "槐", "柚", "桂", "梧", "棠", "椿", "榕", "槿", "楠", "樟"];
const SECOND: [&str; MATTERS] = ["汀", "林", "塘", "港", "陂", "岸", "坪", "堤", "溪", "浦", "湾", "圩", "洲", "埠"];

struct Concern {
    what: [&'static str; 2],
    now: &'static str,
    before: &'static str,
}

#[tokio::test]
async fn retraining_takes_what_was_settled_and_refuses_what_is_worse() -> Result<()> {
    let mut node = Node::start().await?;
    let officer = node.client_as("office", "duty_officer", None).await?;
    settle_matters(&node, &officer).await?;
    rule_on_one(&node, &officer).await?;
    let directory = node.directory().to_owned();
    let file = |name: &str| directory.join(name).display().to_string();

    // In force: what was learned before the lines of work were divided anew.
    let before = labelled(0, |concern| concern.before, 1.0);
    write_jsonl(&directory.join("before.jsonl"), &before)?;
    let model = file("model.bin");
    let first = ["train", "--posts", &file("before.jsonl"), "--label", "system", "--out", &model];
    let first = Program::huiyin(first)?.succeed().await?.json()?;
    assert_eq!((&first["adopted"], &first["held_out"]), (&json!(true), &json!(0)));
    std::fs::copy(&model, file("copy.bin"))?;
    let old = std::fs::read(&model)?;

    // The ledger teaches today's practice: better on the matters kept apart, so it is adopted.
    let learned = train(&node, &model, None).await?.json()?;
    assert_eq!(learned["adopted"], true, "{learned}");
    let (right, right_before) = (number(&learned, "right"), number(&learned, "right_before"));
    ensure!(number(&learned, "held_out") > 0 && right > right_before, "{learned}");
    let good = std::fs::read(&model)?;
    ensure!(good != old, "the model file is the old one");

    // Every matter settled is an example, the ruling for the unit it was made for.
    let of = |system: &str| learned["taught"][system].clone();
    for concern in &CONCERNS {
        assert_eq!(of(concern.now)["of"], MATTERS, "{}: {learned}", concern.now);
    }
    assert_eq!(of("民政"), json!({ "of": 1, "not": 0 }), "ruled, though not accepted yet: {learned}");
    assert_eq!(of("退役军人"), json!({ "of": 0, "not": 1 }), "rejected: {learned}");
    assert_eq!(of("卫健"), json!({ "of": 0, "not": 1 }), "rejected: {learned}");

    // Once more from the same file: the same bytes.
    let again = train(&node, &file("copy.bin"), None).await?.json()?;
    assert_eq!(again["model"], learned["model"]);
    ensure!(std::fs::read(file("copy.bin"))? == good, "training twice gives other bytes");

    // Wrong labels that outweigh the ledger: refused, and the file is what it was.
    let poisoned = labelled(1, |concern| concern.before, 1_000.0);
    write_jsonl(&directory.join("poisoned.jsonl"), &poisoned)?;
    let refused = train(&node, &model, Some(&file("poisoned.jsonl"))).await?;
    assert_eq!(refused.status.code(), Some(1), "{}{}", refused.stdout, refused.stderr);
    let figures = refused.json()?;
    assert_eq!(figures["adopted"], false);
    ensure!(number(&figures, "right") < number(&figures, "right_before"), "{figures}");
    assert_eq!(number(&figures, "right_before"), right);
    let told = format!(
        "not adopted: right on {} of {} confirmed matters kept apart, the model in force on {right}; {model} is kept as it is",
        figures["right"], figures["held_out"]
    );
    ensure!(refused.stderr.contains(&told), "{told}\n{}", refused.stderr);
    ensure!(std::fs::read(&model)? == good, "the model file was touched");
    let left: Vec<_> = std::fs::read_dir(&directory)?.collect::<Result<_, _>>()?;
    ensure!(left.iter().all(|file| !file.file_name().to_string_lossy().ends_with(".new")), "{left:?}");
    node.stop().await
}

/// Pushes posts of every concern; the office assigns each matter, and the unit accepts it.
async fn settle_matters(node: &Node, officer: &Client) -> Result<()> {
    let mut posts = Vec::new();
    for (kind, concern) in CONCERNS.iter().enumerate() {
        for copy in 0..MATTERS {
            let mut post = said(concern, &estate(kind, copy));
            post["id"] = format!("{kind}-{copy}").into();
            posts.push(post);
        }
    }
    let pusher = node.pusher()?;
    let receipt = pusher.post("/api/v1/posts?source=letters", &json!(posts), &[]).await?.expect(202)?;
    assert_eq!(receipt["accepted"], posts.len(), "{receipt}");
    node.settled(posts.len() as u64).await?;
    for (kind, concern) in CONCERNS.iter().enumerate() {
        let unit = format!("360783-{}", concern.now);
        let liaison = node.client_as(&format!("liaison-{kind}"), "liaison", Some(&unit)).await?;
        for copy in 0..MATTERS {
            let path = matter_of(officer, &format!("{kind}-{copy}")).await?;
            let assigned = officer.post(&format!("{path}/assign"), &json!({ "lead": unit }), &[]).await?.expect(200)?;
            assert_eq!(
                assigned["assignments"].as_array().map(Vec::len),
                Some(1),
                "two concerns in one matter: {assigned}"
            );
            liaison.post(&format!("{path}/accept"), &json!({}), &[]).await?.expect(200)?;
        }
    }
    Ok(())
}

/// Two units reject a matter; from then on a leader alone assigns it, and it waits for the unit he named.
async fn rule_on_one(node: &Node, officer: &Client) -> Result<()> {
    let post = json!({
        "id": "ruled", "place": "赣州市龙南市", "title": "老人无人照看",
        "text": "龙南市樟岭花园有位独居老人行动不便，无人照看，三个部门都说不归自己管，请明确由谁负责。",
    });
    node.pusher()?.post("/api/v1/posts?source=letters", &post, &[]).await?.expect(202)?;
    let path = matter_of(officer, "ruled").await?;
    for system in ["退役军人", "卫健"] {
        let unit = format!("360783-{system}");
        let liaison = node.client_as(&format!("rejecting-{system}"), "liaison", Some(&unit)).await?;
        officer.post(&format!("{path}/assign"), &json!({ "lead": unit }), &[]).await?.expect(200)?;
        let reason = json!({ "reason": "不属本单位职责" });
        liaison.post(&format!("{path}/reject"), &reason, &[]).await?.expect(200)?;
    }
    let ruled = json!({ "lead": "360783-民政" });
    officer.post(&format!("{path}/assign"), &ruled, &[]).await?.expect(403)?;
    let leader = node.client_as("head", "leader", None).await?;
    let given = leader.post(&format!("{path}/assign"), &ruled, &[]).await?.expect(200)?;
    assert_eq!(given["state"], "assigned");
    Ok(())
}

async fn matter_of(officer: &Client, id: &str) -> Result<String> {
    eventually("the post in a matter", async || {
        let page = officer.read(&format!("/api/v1/posts?source=letters&id={id}")).await?;
        let post = &page["posts"][0];
        ensure!(!post["aside"].is_string(), "{id} was set aside: {page}");
        Ok(post["matter"].as_str().map(|no| format!("/api/v1/matters/{no}")))
    })
    .await
}

async fn train(node: &Node, model: &str, posts: Option<&str>) -> Result<Finished> {
    let mut arguments = vec!["train", "--label", "system", "--out", model];
    if let Some(posts) = posts {
        arguments.extend(["--posts", posts]);
    }
    node.program(&arguments)?.finish().await.context("huiyin train")
}

/// Labelled posts of each concern at estates of their own, the label by a practice.
fn labelled(round: usize, label: impl Fn(&Concern) -> &'static str, weight: f64) -> Vec<Post> {
    let mut posts = Vec::new();
    for (kind, concern) in CONCERNS.iter().enumerate() {
        for copy in 0..MATTERS {
            let mut post = said(concern, &estate(kind + CONCERNS.len() * (round + 1), copy));
            post["system"] = label(concern).into();
            post["weight"] = weight.into();
            posts.push(post);
        }
    }
    posts
}

fn estate(round: usize, copy: usize) -> String {
    format!("{}{}", FIRST[copy], SECOND[(copy + round) % SECOND.len()])
}

fn said(concern: &Concern, estate: &str) -> Post {
    let [one, other] = concern.what;
    json!({
        "title": format!("{estate}花园{one}"), "place": "赣州市龙南市",
        "text": format!("龙南市{estate}花园门口{one}，旁边{other}，住户反映多次没有结果，请派人来看看。"),
    })
}

fn number(value: &Value, field: &str) -> u64 {
    value[field].as_u64().unwrap_or_default()
}
