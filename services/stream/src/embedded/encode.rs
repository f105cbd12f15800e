//! How a record is stored: one value per record, in a format of our own.
//!
//! `version u8 = 1 | at_ms i64 | headers u16 | {name u16 + bytes, value u32 + bytes}… | key u32 + bytes | payload: the rest`,
//! numbers big-endian. A value of another version is refused, never guessed at.

use bytes::{Buf, BufMut, Bytes};

use crate::{Incoming, Outgoing};

const VERSION: u8 = 1;
/// Most headers one record may carry, and the longest header name in bytes: what `u16` counts.
const U16_MAX: usize = u16::MAX as usize;

/// The stored form, or `None` when there are more headers, or a longer header name, than the format can count.
pub(super) fn encode(record: &Outgoing) -> Option<Vec<u8>> {
    let mut value = Vec::with_capacity(record.bytes() + 15 + 6 * record.headers.len());
    value.put_u8(VERSION);
    value.put_i64(record.at_ms);
    if record.headers.len() > U16_MAX {
        return None;
    }
    value.put_u16(u16::try_from(record.headers.len()).ok()?);
    for (name, content) in &record.headers {
        value.put_u16(u16::try_from(name.len()).ok()?);
        value.put_slice(name.as_bytes());
        value.put_u32(u32::try_from(content.len()).ok()?);
        value.put_slice(content);
    }
    value.put_u32(u32::try_from(record.key.len()).ok()?);
    value.put_slice(&record.key);
    value.put_slice(&record.payload);
    Some(value)
}

/// The record in `value`, or what is wrong with it.
pub(super) fn decode(partition: i32, offset: i64, value: &[u8]) -> Result<Incoming, &'static str> {
    const SHORT: &str = "it is cut short";
    let mut rest = Bytes::copy_from_slice(value);
    if rest.try_get_u8().map_err(|_| SHORT)? != VERSION {
        return Err("its format is unknown");
    }
    let at_ms = rest.try_get_i64().map_err(|_| SHORT)?;
    let count = rest.try_get_u16().map_err(|_| SHORT)?;
    let mut headers = Vec::new();
    for _ in 0..count {
        let name_bytes = rest.try_get_u16().map_err(|_| SHORT)?;
        let name = take(&mut rest, name_bytes as usize).ok_or(SHORT)?;
        let name = std::str::from_utf8(&name).map_err(|_| "a header name is not UTF-8")?.to_owned();
        let content_bytes = rest.try_get_u32().map_err(|_| SHORT)?;
        headers.push((name, take(&mut rest, content_bytes as usize).ok_or(SHORT)?));
    }
    let key_bytes = rest.try_get_u32().map_err(|_| SHORT)?;
    let key = take(&mut rest, key_bytes as usize).ok_or(SHORT)?;
    Ok(Incoming { partition, offset, key, payload: rest, headers, at_ms })
}

fn take(from: &mut Bytes, bytes: usize) -> Option<Bytes> {
    (from.len() >= bytes).then(|| from.split_to(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: &'static [u8], payload: &'static [u8], headers: Vec<(String, Bytes)>) -> Outgoing {
        Outgoing { key: Bytes::from_static(key), payload: Bytes::from_static(payload), headers, at_ms: -5 }
    }

    #[test]
    fn round_trip() {
        let header = |name: &str, value: &'static [u8]| (name.to_owned(), Bytes::from_static(value));
        let table = [
            record(b"", b"", vec![]),
            record(b"k", b"\xff\x00 garbage", vec![]),
            record(b"k", "热线".as_bytes(), vec![header("名", b"1"), header("", b""), header("名", b"2")]),
        ];
        for sent in table {
            let read = decode(3, 9, &encode(&sent).unwrap()).unwrap();
            assert_eq!((read.partition, read.offset, read.at_ms), (3, 9, sent.at_ms));
            assert_eq!((read.key, read.payload, read.headers), (sent.key, sent.payload, sent.headers));
        }
    }

    #[test]
    fn damage_is_an_error() {
        let value = encode(&record(b"key", b"", vec![("h".into(), Bytes::from_static(b"v"))])).unwrap();
        for cut in 0..value.len() {
            assert!(decode(0, 0, &value[..cut]).is_err(), "cut at {cut}");
        }
        assert_eq!(decode(0, 0, &[9, 0]).unwrap_err(), "its format is unknown");
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        assert!(encode(&record(b"", b"", vec![("n".repeat(70_000), Bytes::new())])).is_none());
        assert!(encode(&record(b"", b"", vec![(String::new(), Bytes::new()); 70_000])).is_none());
    }
}
