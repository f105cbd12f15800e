//! Durability over kill -9: a child process appends and says what was acknowledged; it is killed at a random moment.
//!
//! The child is this test binary again, running the ignored test `appender::child`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use huiyin_stream::{EmbeddedLog, EmbeddedOptions, KafkaLog, KafkaOptions, Log, LogError, Topic};

use crate::cases::{Random, batch, number, record};
use crate::place::{Opened, Place, Tuning};

const PLACE: &str = "HUIYIN_TEST_APPENDER_PLACE";
const TOPIC: &str = "HUIYIN_TEST_APPENDER_TOPIC";
const FIRST: &str = "HUIYIN_TEST_APPENDER_FIRST";
const ROUNDS: u32 = 6;
/// Each round numbers its records from here on.
const PER_ROUND: u32 = 1_000_000;

pub(crate) async fn durable_over_kill(place: &Place) -> Result<()> {
    let topic = place.topic("kill")?;
    // The topic must be the test's before the child uses it with default options.
    let opened = place.open(Tuning::default()).await?;
    opened.log().ends(&topic).await?;
    opened.close().await?;
    let mut random = Random::seeded()?;
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        let until = 1 + random.below(300) as usize;
        acknowledged.extend(append_and_be_killed(place, &topic, round * PER_ROUND, until)?);
    }
    let opened = place.open(Tuning::default()).await?;
    let total: i64 = opened.log().ends(&topic).await?.iter().map(|end| end.next).sum();
    let mut subscription = opened.log().subscribe(&topic, "after").await?;
    let mut found = Vec::new();
    while (found.len() as i64) < total {
        let batch = batch(&mut *subscription, 500).await?;
        found.extend(batch.records.iter().map(number).collect::<Result<Vec<u32>>>()?);
    }
    let unique: BTreeSet<u32> = found.iter().copied().collect();
    ensure!(unique.len() == found.len(), "nothing was written twice");
    let lost: Vec<_> = acknowledged.difference(&unique).collect();
    ensure!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    eprintln!("{} acknowledged, {} found over {ROUNDS} kills", acknowledged.len(), found.len());
    if matches!(place, Place::Embedded(_)) {
        locked_for_a_second_process(place, &topic)?;
    }
    Ok(())
}

/// What the child got acknowledged before it was killed after about `until` acknowledgements.
fn append_and_be_killed(place: &Place, topic: &Topic, first: u32, until: usize) -> Result<Vec<u32>> {
    let mut child = command(place, topic, first)?.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
    let mut acknowledged = Vec::new();
    let mut killed = false;
    for line in BufReader::new(child.stdout.take().context("a pipe")?).lines() {
        // The test harness prints lines of its own; a line cut by the kill does not end in a full stop.
        let line = line?;
        let number = line.strip_prefix("acknowledged ").and_then(|rest| rest.strip_suffix('.'));
        acknowledged.extend(number.map(str::parse::<u32>).transpose()?);
        if acknowledged.len() >= until && !killed {
            child.kill()?;
            killed = true;
        }
    }
    let status = child.wait()?;
    ensure!(killed, "the child ended by itself ({status}) after {} acknowledgements", acknowledged.len());
    Ok(acknowledged)
}

/// While the log is open here, a second process gets a clear refusal, and so does a second opening in this one.
fn locked_for_a_second_process(place: &Place, topic: &Topic) -> Result<()> {
    let Place::Embedded(directory) = place else {
        return Ok(());
    };
    match EmbeddedLog::open(EmbeddedOptions::new(directory.path())) {
        Err(LogError::Locked { directory: locked }) => ensure!(locked == directory.path()),
        other => bail!("opened twice: {other:?}"),
    }
    let output = command(place, topic, 0)?.output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success() && text.contains("another process has this log open"), "{text}");
    Ok(())
}

fn command(place: &Place, topic: &Topic, first: u32) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["--exact", "appender::child", "--ignored", "--nocapture"])
        .env(PLACE, place.to_argument()?)
        .env(TOPIC, topic.as_str())
        .env(FIRST, first.to_string());
    Ok(command)
}

/// Appends from four callers at once, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the child process of durable_over_kill"]
async fn child() -> Result<()> {
    let place = std::env::var(PLACE).context("run by durable_over_kill only")?;
    let topic = Topic::parse(&std::env::var(TOPIC)?)?;
    let first: u32 = std::env::var(FIRST)?.parse()?;
    let opened = match place.split_once(':') {
        Some(("embedded", directory)) => Opened::Embedded(EmbeddedLog::open(EmbeddedOptions::new(directory))?),
        Some(("kafka", brokers)) => Opened::Kafka(KafkaLog::connect(KafkaOptions::new(brokers)).await?, String::new()),
        _ => bail!("{PLACE}={place}"),
    };
    let caller = |caller: u32| append_for_ever(opened.log(), &topic, caller, first);
    futures_util::future::try_join_all((0..4).map(caller)).await?;
    Ok(())
}

async fn append_for_ever(log: &dyn Log, topic: &Topic, caller: u32, first: u32) -> Result<()> {
    for number in (first + caller..first + PER_ROUND).step_by(4) {
        log.append(topic, vec![record(&format!("caller{caller}"), number)]).await?;
        let mut output = std::io::stdout().lock();
        writeln!(output, "acknowledged {number}.")?;
        output.flush()?;
    }
    bail!("nobody killed this process")
}
