//! What the end-to-end tests drive real nodes with: the binary as a child process, HTTP, posts, servers.
//!
//! It knows none of our crates: a test sees what an outside client sees. Nothing here waits for a fixed time;
//! [`eventually`] asks until something holds.

mod client;
mod compare;
mod eventually;
mod figures;
mod node;
mod posts;
mod program;
mod random;
mod servers;

pub use client::{Answer, Client};
pub use compare::compare;
pub use eventually::eventually;
pub use figures::figures;
pub use node::{Node, NodeOptions};
pub use posts::{Post, many_posts, sample_posts, write_jsonl};
pub use program::{Finished, Program, binary, workspace};
pub use random::Random;
pub use servers::{Broker, database, kafka_available, postgres_available};
