//! From an official document to routed posts: an office begins a catalogue, takes in its division of responsibilities,
//! looks at what would change, adopts it, and every matter rests on a clause of that document.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Client, Node, NodeOptions, Post, Program, eventually, workspace};
use serde_json::{Value, json};

const DOCUMENT: &str = "services/catalogue/tests/fixtures/documents/duties.txt";
const NUMBER: &str = "云府办字〔2026〕17号";
/// A county that no gazetteer has: an office adds its rows by hand.
const PLACES: &str = "361198,云汀县,云汀,county,361100,,,,,\n361198100,槐堤镇,,street,361198,,,,,\n";

/// What is posted, the unit it has to go to, the clause that has to be cited and words of its text.
const POSTS: [(&str, &str, &str, &str, &str); 10] = [
    (
        "孩子转学插班没有学位",
        "今年从外地回来，想让孩子在县城小学转学插班，学校说学位已满，学区划分也没见公布。",
        "云汀县教育体育局",
        "一.1",
        "公布学区划分范围",
    ),
    (
        "工地拖欠农民工工资",
        "我们二十几个人在北岸安置房工地干了四个月，老板一直拖欠工资，专用账户里一分钱没有。",
        "云汀县人力资源和社会保障局",
        "一.3",
        "受理农民工欠薪投诉",
    ),
    (
        "电梯坏了物业不修",
        "梧溪小区三栋电梯停了半个月，物业服务费照收，公共收益从来不公开，消防通道也被堵死。",
        "云汀县住房和城乡建设局",
        "二.4",
        "公开收费标准和公共收益",
    ),
    (
        "楼盘停工逾期交房",
        "枫岸名邸早就该交房了，楼盘停工半年，开发商说预售资金被监管取不出来，什么时候复工没个准话。",
        "云汀县住房和城乡建设局",
        "二.5",
        "停工楼盘复工计划",
    ),
    (
        "夜宵摊油烟扰民",
        "桂坪路一到晚上全是夜宵摊，流动摊贩占道经营，油烟扰民到凌晨。",
        "云汀县城市管理局",
        "二.6",
        "夜宵摊油烟扰民",
    ),
    (
        "养猪场臭气熏天",
        "槐堤镇后山那家养猪场粪污直排到沟里，臭气扰民，夏天窗户都不敢开。",
        "上饶市云汀生态环境局",
        "三.7",
        "养猪场粪污直排",
    ),
    (
        "自来水浑浊还老停水",
        "村里的自来水浑浊得像米汤，三天两头停水，水厂检修也不提前通知，农村饮水谁来管？",
        "云汀县水利局",
        "三.8",
        "水厂检修时间",
    ),
    (
        "班车停运没有通知",
        "县城到槐堤镇的班车停运一个星期了，城乡公交末班也提前到四点，上学的娃回不来。",
        "云汀县交通运输局",
        "三.9",
        "班车停运、绕行",
    ),
    (
        "异地就医备案后报销比例",
        "父亲在外省住院，异地就医备案办了，医保报销比例怎么比说好的低，门诊慢特病也没认定上。",
        "云汀县医疗保障局",
        "三.10",
        "异地就医备案和报销比例",
    ),
    (
        "低电压空调带不动",
        "我们台区一到晚上低电压，空调带不动，上个月频繁停电六次，农村电网什么时候改造？",
        "云汀县供电公司",
        "三.11",
        "频繁停电",
    ),
];

#[tokio::test]
async fn a_division_of_responsibilities_routes_posts_by_its_clauses() -> Result<()> {
    let mut node = Node::prepare(NodeOptions::default())?;
    let directory = node.directory().to_owned();
    let path = |name: &str| directory.join(name).display().to_string();
    let (empty, full) = (path("catalogue"), path("catalogue-2"));
    begin(&empty).await?;

    // Read: every clause with its units.
    let document = workspace().join(DOCUMENT).display().to_string();
    let read = run(&["catalogue", "read", &document]).await?;
    assert_eq!((&read["doc_number"], &read["warnings"]), (&json!(NUMBER), &json!([])));
    let clauses = read["clauses"].as_array().context("clauses")?;
    assert_eq!(clauses.len(), 13);
    let of = |id: &str| clauses.iter().find(|one| one["clause_id"] == id).cloned().unwrap_or_default();
    assert_eq!(of("一.2")["lead_units"], json!(["县教体局", "县市场监管局"]));
    assert_eq!(of("三.7")["responsible_units"], json!(["县农业农村局"]));

    // Import and diff: what is read is corrected by hand where needed, so the reading itself can be imported.
    std::fs::write(path("read.json"), read.to_string())?;
    let report = run(&["catalogue", "import", &empty, &path("read.json"), "--out", &full]).await?;
    let counts = &report["counts"];
    assert_eq!((&counts["names"], &counts["proposed"], &counts["ambiguous"]), (&json!(16), &json!(0), &json!(0)));
    let difference = run(&["catalogue", "diff", &empty, &full]).await?;
    let tables = difference["tables"].as_array().context("tables")?;
    let added = |name: &str| {
        let table = tables.iter().find(|table| table["table"] == name);
        table.and_then(|table| table["added"].as_array()).map_or(0, Vec::len)
    };
    assert_eq!((added("units"), added("documents"), added("clauses")), (16, 1, 13), "{difference}");

    // A matter of before: decided without the document.
    node.command(&["catalogue", "adopt", &empty, "--from", "2026-01-01"]).await?;
    node.run().await?;
    let officer = node.client_as("office", "duty_officer", None).await?;
    push(&node, &[post("old", "柚浦乡养猪场粪污", "柚浦乡有家养猪场粪污直排，臭气扰民，请治理养殖污染。")]).await?;
    let old = assessed(&officer, "old").await?;
    assert_eq!(old["assessment"]["candidates"][0]["clauses"], json!([]), "{old}");
    node.stop().await?;

    // The dry run names it and writes nothing; then the document is adopted.
    let rehearsed = node.command(&["catalogue", "adopt", &full, "--from", "2026-06-01", "--dry-run"]).await?;
    assert_eq!(rehearsed["looked_at"], 1);
    let changed = rehearsed["rerouted"].as_array().map_or(0, Vec::len) as u64;
    assert_eq!(changed + rehearsed["other_clause"].as_u64().unwrap_or_default(), 1, "{rehearsed}");
    let again = node.command(&["catalogue", "adopt", &full, "--from", "2026-06-01", "--dry-run"]).await?;
    assert_eq!(again, rehearsed);
    let adopted = node.command(&["catalogue", "adopt", &full, "--from", "2026-06-01"]).await?;
    assert_eq!(adopted["effective_from"], "2026-06-01");

    // Ten posts, each to its unit by its clause.
    node.run().await?;
    let officer = node.client_as("office-2", "duty_officer", None).await?;
    let posts: Vec<Post> =
        (0..).zip(&POSTS).map(|(number, (title, text, ..))| post(&format!("n-{number}"), title, text)).collect();
    push(&node, &posts).await?;
    let mut wrong = BTreeMap::new();
    for (number, (title, _, unit, clause, words)) in POSTS.iter().enumerate() {
        if let Err(error) = routed(&officer, &format!("n-{number}"), (unit, clause, words), &adopted).await {
            wrong.insert(*title, format!("{error:#}"));
        }
    }
    ensure!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), POSTS.len());

    // What was decided before keeps its version.
    assert_eq!(assessed(&officer, "old").await?["assessment"], old["assessment"]);
    node.stop().await
}

#[tokio::test]
async fn an_office_of_another_province_begins_with_its_own_places() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let catalogue = directory.path().join("catalogue").display().to_string();
    let begun = run(&["catalogue", "new", &catalogue, "--region", "430181"]).await?;
    assert_eq!(begun["region"], "浏阳市");
    let post = json!({ "id": "1", "title": "公办学校学位不够", "text": "浏阳市淮川街道的孩子上学难，学位一直不够，请教育部门答复。" });
    let assessed = Program::huiyin(["assess", "--catalogue", &catalogue])?.input(format!("{post}\n")).succeed().await?;
    let assessed = assessed.json()?;
    assert_eq!((&assessed["decision"], &assessed["unit"]), (&json!("unit"), &json!("浏阳市教育体育局")), "{assessed}");
    let refused = Program::huiyin(["catalogue", "new", &catalogue, "--region", "430199"])?.finish().await?;
    assert_eq!(refused.status.code(), Some(1));
    ensure!(refused.stderr.contains("内置区划中没有 430199"), "{}", refused.stderr);
    Ok(())
}

/// `catalogue new` for the prefecture, and the county's own rows.
async fn begin(directory: &str) -> Result<()> {
    run(&["catalogue", "new", directory, "--region", "361100", "--from", "2026-01-01"]).await?;
    let directory = Path::new(directory);
    let mut places = std::fs::OpenOptions::new().append(true).open(directory.join("places.csv"))?;
    places.write_all(PLACES.as_bytes())?;
    let manifest = directory.join("catalogue.toml");
    std::fs::write(&manifest, std::fs::read_to_string(&manifest)?.replace("361100", "361198"))?;
    Ok(())
}

/// The matter of a post proposes the unit, cites the clause, and the clause is shown with its text.
async fn routed(officer: &Client, id: &str, expected: (&str, &str, &str), adopted: &Value) -> Result<()> {
    let (unit, clause, words) = expected;
    let post = assessed(officer, id).await?;
    let assessment = &post["assessment"];
    ensure!(assessment["unit_name"] == unit, "{unit} expected: {} {}", assessment["unit_name"], post["reason"]);
    ensure!(assessment["catalogue"] == adopted["version"], "{}", assessment["catalogue"]);
    let matter = officer.read(&format!("/api/v1/matters/{}", post["matter"].as_str().context("no matter")?)).await?;
    ensure!(matter["suggested"]["id"] == assessment["unit"], "the matter proposes another: {}", matter["suggested"]);
    let cited = &assessment["candidates"][0]["clauses"][0];
    ensure!(cited["clause"] == clause, "clause {clause} expected: {}", assessment["candidates"][0]["clauses"]);
    let reason = post["reason"].as_str().unwrap_or_default();
    ensure!(reason.contains(&format!("依据{NUMBER} {clause}")), "the reason names no clause: {reason}");
    let document = cited["document"].as_str().context("no document")?;
    let shown = officer.read(&format!("/api/v1/clauses/{document}/{clause}")).await?;
    ensure!(shown["number"] == NUMBER && shown["clause"] == clause, "{shown}");
    ensure!(shown["text"].as_str().is_some_and(|text| text.contains(words)), "{words}: {}", shown["text"]);
    Ok(())
}

async fn push(node: &Node, posts: &[Post]) -> Result<()> {
    let receipt = node.pusher()?.post("/api/v1/posts?source=letters", &json!(posts), &[]).await?.expect(202)?;
    ensure!(receipt["accepted"] == posts.len(), "{receipt}");
    Ok(())
}

fn post(id: &str, title: &str, text: &str) -> Post {
    json!({ "id": id, "title": title, "text": text, "place": "云汀县" })
}

async fn assessed(officer: &Client, id: &str) -> Result<Value> {
    eventually("the post in the ledger", async || {
        let page = officer.read(&format!("/api/v1/posts?source=letters&id={id}")).await?;
        Ok(page["posts"].get(0).cloned())
    })
    .await
}

async fn run(arguments: &[&str]) -> Result<Value> {
    Program::huiyin(arguments)?.succeed().await?.json()
}
