//! What goes into the log and what comes out.

use bytes::Bytes;

use crate::LogError;

/// A record to append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Decides the partition ([`partition_of`](crate::partition_of)); records of one key keep their order. May be empty.
    pub key: Bytes,
    /// The content; the log does not look into it.
    pub payload: Bytes,
    /// Names and values, in order; names may repeat.
    pub headers: Vec<(String, Bytes)>,
    /// Event time from the caller, in milliseconds since 1970 UTC. Stored and given back; retention does not use it.
    pub at_ms: i64,
}

impl Outgoing {
    /// Bytes that count against the limits: key, payload, header names and values.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.key.len() + self.payload.len() + headers
    }
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The partition it is in, from 0.
    pub partition: i32,
    /// Its place in the partition, from 0, ascending.
    pub offset: i64,
    /// The key it was appended with; empty when an outside program gave none.
    pub key: Bytes,
    /// The content, exactly as appended.
    pub payload: Bytes,
    /// As appended.
    pub headers: Vec<(String, Bytes)>,
    /// As appended. For a record by an outside program, which has no such header, Kafka's timestamp; 0 without one.
    pub at_ms: i64,
}

/// Records of one partition that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The partition.
    pub partition: i32,
    /// Where this reading began: nothing between `from` and `next` was left out. It equals the `next` of the batch
    /// before, unless the partition changed hands or retention removed what was to be read; so
    /// "set position = next where position = from" fails exactly when something was missed or repeated.
    pub from: i64,
    /// The position to commit after these records: last offset + 1.
    pub next: i64,
    /// At least one, by ascending offset.
    pub records: Vec<Incoming>,
}

/// The readable range of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionEnd {
    /// The partition, from 0.
    pub partition: i32,
    /// The oldest offset kept; equals `next` when nothing is.
    pub earliest: i64,
    /// The offset the next record will get.
    pub next: i64,
}

/// Limits of one log. Every one is checked before anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one record ([`Outgoing::bytes`]). Default 1 MiB.
    pub record_bytes_max: usize,
    /// Records of one append. Default 10,000.
    pub append_records_max: usize,
    /// Bytes of one append. Default 16 MiB.
    pub append_bytes_max: usize,
    /// Bytes of all appends that are not durable yet; further ones wait. Default 64 MiB.
    pub pending_bytes_max: usize,
    /// Bytes of one batch read; a single larger record is delivered alone. Default 4 MiB.
    pub batch_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            record_bytes_max: 1 << 20,
            append_records_max: 10_000,
            append_bytes_max: 16 << 20,
            pending_bytes_max: 64 << 20,
            batch_bytes_max: 4 << 20,
        }
    }
}

impl Limits {
    /// The bytes of an append that is within the limits.
    pub(crate) fn check(&self, records: &[Outgoing]) -> Result<usize, LogError> {
        let mut total = 0;
        for record in records {
            let bytes = record.bytes();
            if bytes > self.record_bytes_max {
                return Err(LogError::TooLarge { bytes, max: self.record_bytes_max });
            }
            total += bytes;
        }
        if records.len() > self.append_records_max || total > self.append_bytes_max {
            return Err(LogError::BatchTooLarge {
                records: records.len(),
                records_max: self.append_records_max,
                bytes: total,
                bytes_max: self.append_bytes_max,
            });
        }
        Ok(total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(bytes: usize) -> Outgoing {
        Outgoing { key: Bytes::new(), payload: Bytes::from(vec![0; bytes]), headers: Vec::new(), at_ms: 0 }
    }

    #[test]
    fn limits() {
        let limits = Limits { record_bytes_max: 10, append_records_max: 3, append_bytes_max: 25, ..Limits::default() };
        let table: [(&[usize], &str); 6] = [
            (&[], "0"),
            (&[10, 10], "20"),
            (&[11], "TooLarge"),
            (&[1, 1, 1, 1], "BatchTooLarge"),
            (&[10, 10, 5], "25"),
            (&[10, 10, 6], "BatchTooLarge"),
        ];
        for (sizes, expected) in table {
            let records: Vec<_> = sizes.iter().map(|bytes| record(*bytes)).collect();
            let outcome = match limits.check(&records) {
                Ok(bytes) => bytes.to_string(),
                Err(LogError::TooLarge { .. }) => "TooLarge".into(),
                Err(LogError::BatchTooLarge { .. }) => "BatchTooLarge".into(),
                Err(other) => other.to_string(),
            };
            assert_eq!(outcome, expected, "{sizes:?}");
        }
    }

    #[test]
    fn headers_count() {
        let headers = vec![("ab".to_owned(), Bytes::from_static(b"cde"))];
        assert_eq!(Outgoing { headers, ..record(7) }.bytes(), 12);
    }
}
