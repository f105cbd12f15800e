//! The wire contract: records of the log, as protobuf.
//!
//! Invariant: a record of any released version is read by every later one; `golden/` keeps the bytes of each, and a
//! test decodes them. Knows nothing of what the records mean.

/// Records of version 1.
pub mod v1 {
    #![allow(missing_docs, reason = "generated from v1/huiyin.proto, whose comments say what each field is")]
    #![allow(unreachable_pub, reason = "generated")]
    include!(concat!(env!("OUT_DIR"), "/huiyin.v1.rs"));
}

pub use prost::{DecodeError, Message};
