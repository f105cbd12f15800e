//! Append rates of a log, records of 400 bytes.
//!
//! `cargo bench -p huiyin-stream --bench append`; with `HUIYIN_TEST_KAFKA=host:port` on Kafka too.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use huiyin_stream::{EmbeddedLog, EmbeddedOptions, KafkaLog, KafkaOptions, Log, Outgoing, Topic};

const RECORD_BYTES: usize = 400;
const BATCH: usize = 500;

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let directory = tempfile::tempdir().expect("a directory");
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    let log = EmbeddedLog::open(EmbeddedOptions::new(directory.path())).expect("a log");
    measure(&mut criterion, &runtime, "embedded", &Arc::new(log));
    if let Ok(brokers) = std::env::var("HUIYIN_TEST_KAFKA") {
        let log = runtime.block_on(KafkaLog::connect(KafkaOptions::new(brokers))).expect("a broker");
        measure(&mut criterion, &runtime, "kafka", &Arc::new(log));
    }
    criterion.final_summary();
}

fn measure<L: Log>(criterion: &mut Criterion, runtime: &tokio::runtime::Runtime, provider: &str, log: &Arc<L>) {
    let topic = Topic::parse(&format!("bench.{}", std::process::id())).expect("a topic name");
    let mut group = criterion.benchmark_group(provider);
    for callers in [1, 64] {
        for batch in [1, BATCH] {
            group.throughput(Throughput::Elements((callers * batch) as u64));
            group.bench_function(format!("append/{callers} callers/{batch} records"), |bencher| {
                bencher.iter(|| runtime.block_on(append_once_each(log, &topic, callers, batch)));
            });
        }
    }
    group.throughput(Throughput::Elements(100 * BATCH as u64));
    let mut subscription = runtime.block_on(log.subscribe(&topic, "bench")).expect("a member");
    group.bench_function("read/500 records", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let mut left = 100 * BATCH;
                while left > 0 {
                    let Some(batch) = subscription.next(BATCH.min(left), Duration::from_secs(5)).await.expect("read")
                    else {
                        // From the start again.
                        for end in log.ends(&topic).await.expect("ends") {
                            subscription.seek(end.partition, end.earliest).await.expect("seek");
                        }
                        continue;
                    };
                    left -= batch.records.len();
                }
            });
        });
    });
    group.finish();
}

fn append_once_each<L: Log>(log: &Arc<L>, topic: &Topic, callers: usize, batch: usize) -> impl Future<Output = ()> {
    let append = move |caller: usize| {
        let records = (0..batch).map(|at| record(caller * batch + at)).collect();
        async move { log.append(topic, records).await.expect("append") }
    };
    let appends = futures_util::future::join_all((0..callers).map(append));
    async move {
        appends.await;
    }
}

fn record(number: usize) -> Outgoing {
    Outgoing {
        key: Bytes::from(format!("source/{number}")),
        payload: Bytes::from(vec![b'x'; RECORD_BYTES]),
        headers: Vec::new(),
        at_ms: 0,
    }
}
