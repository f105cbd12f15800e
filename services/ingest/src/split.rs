//! Appends of a size that the log takes at once.

use huiyin_stream::Outgoing;

/// Half of what the log takes at once by default.
const APPEND_RECORDS_MAX: usize = 5_000;
const APPEND_BYTES_MAX: usize = 8 << 20;

/// Splits records into appends, in order.
pub(crate) fn split(records: Vec<Outgoing>) -> Vec<Vec<Outgoing>> {
    let mut appends: Vec<Vec<Outgoing>> = Vec::new();
    let mut bytes = 0;
    for record in records {
        bytes += record.bytes();
        match appends.last_mut() {
            Some(append) if append.len() < APPEND_RECORDS_MAX && bytes <= APPEND_BYTES_MAX => append.push(record),
            _ => {
                bytes = record.bytes();
                appends.push(vec![record]);
            }
        }
    }
    appends
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn sizes() {
        let table: [(usize, usize, &[usize]); 5] = [
            (0, 0, &[]),
            (1, 9 << 20, &[1]),
            (3, 5 << 20, &[1, 1, 1]),
            (5, 3 << 20, &[2, 2, 1]),
            (10_001, 10, &[5_000, 5_000, 1]),
        ];
        for (count, bytes, expected) in table {
            let record =
                Outgoing { key: Bytes::new(), payload: Bytes::from(vec![0; bytes]), headers: Vec::new(), at_ms: 0 };
            let sizes: Vec<usize> = split(vec![record; count]).iter().map(Vec::len).collect();
            assert_eq!(sizes, expected, "{count} of {bytes}");
        }
    }
}
