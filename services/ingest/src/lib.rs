//! Roles `collect` (sources to posts) and `assess` (posts to assessed).
//!
//! `collect` reads posts from HTTP pushes, files, RSS/Atom feeds and a topic that outside programs write. Whatever the
//! way in, a post passes [`accept`] and then [`Collector::push`]. `assess` is a stateless consumer of what came out.
//!
//! Invariants:
//! - everything is masked in [`accept`], before the first write; ids, links and dead letters included;
//! - a post is durable in the log when [`Collector::push`] returns;
//! - a bad line, a bad source or a bad post never stops the others: it is refused with field, reason and remedy, or
//!   ends as a dead letter;
//! - the same post and catalogue give the same assessment, whatever the number of workers.
//!
//! What this crate deliberately does not know: SQL, matters, who wrote a post, the wall clock, and how tasks are run
//! (loops are futures for the caller to run; they end when their `CancellationToken` says so).

mod accept;
mod assess;
mod assessed;
mod assessors;
mod backoff;
mod catalogue;
mod collect;
mod dead;
mod error;
mod external;
mod feed;
mod file;
mod import;
mod json;
mod parallel;
mod push;
mod raw;
mod recent;
mod source;
mod split;
mod time;

pub use accept::{Reception, accept};
pub use assess::{AssessOptions, AssessRole};
pub use assessors::Assessors;
pub use catalogue::{Published, publish_catalogue, watch_catalogue};
pub use collect::{Collector, PlaceCheck, Receipt, Refusal, Warning};
pub use error::{FileFault, IngestError};
pub use external::{EXTERNAL, ExternalOptions, ExternalSource};
pub use feed::{FeedOptions, FeedSource, Polled, feed_client};
pub use file::{FileFormat, FileReader, MappedColumns, Mapping, TextEncoding, open_file};
pub use import::{ImportReport, Progress, import};
pub use parallel::map_in_order;
pub use push::{ITEMS_MAX, LINE_BYTES_MAX, parse_push};
pub use raw::{RawPost, Refused};
pub use source::{HealthSink, HealthState, Source, SourceHealth, SourceKind};
