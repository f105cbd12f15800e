//! One suite, run on every provider of the log.
//!
//! The Kafka half needs a broker: `HUIYIN_TEST_KAFKA=host:port` (see `tests/kafka/start`); without it each of its tests
//! prints why it is skipped. Randomness is seeded: `HUIYIN_TEST_SEED` repeats a run.

mod appender;
mod cases;
mod delivery;
mod groups;
mod limits;
mod place;
mod retention;

use place::Place;

/// The whole suite as tests of one provider: `suite!(module, how to get its place)`.
macro_rules! suite {
    ($provider:ident, $place:expr, [$($case:ident: $path:path,)*]) => {
        mod $provider {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() -> anyhow::Result<()> {
                    match $place? {
                        Some(place) => $path(&place).await,
                        None => Ok(()),
                    }
                }
            )*
        }
    };
}

macro_rules! on_every_provider {
    ($($case:ident: $path:path,)*) => {
        suite!(embedded, Place::embedded(), [$($case: $path,)*]);
        suite!(kafka, Place::kafka(), [$($case: $path,)*]);
    };
}

on_every_provider! {
    what_goes_in_comes_out: delivery::what_goes_in_comes_out,
    order_per_key: delivery::order_per_key,
    poison_record: delivery::poison_record,
    a_waiting_reader_is_woken: delivery::a_waiting_reader_is_woken,
    cancelled_next_loses_nothing: delivery::cancelled_next_loses_nothing,
    durable_over_kill: appender::durable_over_kill,
    resume_from_committed: groups::resume_from_committed,
    two_groups_are_independent: groups::two_groups_are_independent,
    seek: groups::seek,
    rebalance_loses_nothing: groups::rebalance_loses_nothing,
    positions_kept_elsewhere_are_exactly_once: groups::positions_kept_elsewhere_are_exactly_once,
    size_limits: limits::size_limits,
    back_pressure: limits::back_pressure,
    partitions_never_shrink: limits::partitions_never_shrink,
    bad_names: limits::bad_names,
    trimmed_records_show: retention::trimmed_records_show,
    offsets_go_on_after_everything_is_trimmed: retention::offsets_go_on_after_everything_is_trimmed,
}
