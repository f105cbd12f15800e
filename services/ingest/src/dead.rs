//! Dead letters: what could not be read or judged, masked, with the reason.

use bytes::Bytes;
use huiyin_proto::Message;
use huiyin_proto::v1::DeadLetter;
use huiyin_stream::{DEAD, Incoming, Log, LogError, Outgoing, Topic};
use jiff::Timestamp;

use crate::split::split;

/// Longest excerpt, in characters.
const EXCERPT_CHARS_MAX: usize = 200;

/// A dead letter about a record of `topic`. `source` and `id` are left out when they may not be kept.
pub(crate) fn dead_letter(
    topic: &Topic,
    record: &Incoming,
    (source, id): (&str, &str),
    reason: String,
    excerpt: &str,
    at: Timestamp,
) -> DeadLetter {
    let name = |raw: &str| huiyin_text::identifier(raw).unwrap_or_default();
    DeadLetter {
        topic: topic.to_string(),
        partition: record.partition,
        offset: record.offset,
        source: name(source),
        id: name(id),
        reason,
        excerpt: masked_excerpt(excerpt),
        at_us: at.as_microsecond(),
    }
}

/// Appends dead letters.
pub(crate) async fn append_dead(log: &dyn Log, letters: Vec<DeadLetter>) -> Result<(), LogError> {
    for letter in &letters {
        tracing::warn!(topic = %letter.topic, partition = letter.partition, offset = letter.offset,
            reason = %letter.reason, "dead letter");
        metrics::counter!("dead_letters_total", "topic" => letter.topic.clone()).increment(1);
    }
    let record = |letter: &DeadLetter| Outgoing {
        key: Bytes::from(format!("{}/{}/{}", letter.topic, letter.partition, letter.offset)),
        payload: Bytes::from(letter.encode_to_vec()),
        headers: Vec::new(),
        at_ms: letter.at_us.div_euclid(1_000),
    };
    for records in split(letters.iter().map(record).collect()) {
        log.append(&DEAD, records).await?;
    }
    Ok(())
}

/// The whole is masked before it is cut: a cut number would not be recognised.
fn masked_excerpt(raw: &str) -> String {
    huiyin_text::prepare(&unescape(raw)).as_str().chars().filter(|c| *c != '\0').take(EXCERPT_CHARS_MAX).collect()
}

/// Resolves `\uXXXX` of JSON, so that masking sees a number that was written with escapes.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once("\\u") {
        text.push_str(before);
        let code = after.get(..4).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
            Some(code) => {
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = after.get(4..).unwrap_or_default();
            }
            None => {
                text.push_str("\\u");
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        for (raw, expected) in [
            ("a\\u0031\\u4f60b", "a1你b"),
            ("\\u12", "\\u12"),
            ("\\ud83d\\u你好", "\u{fffd}\\u你好"),
            ("plain", "plain"),
            ("\\u", "\\u"),
        ] {
            assert_eq!(unescape(raw), expected, "{raw}");
        }
    }

    #[test]
    fn excerpts_are_masked_and_short() {
        let escaped: String = "13907915512".chars().map(|digit| format!("\\u{:04x}", u32::from(digit))).collect();
        for raw in ["{\"text\":\"打 13907915512 ", &escaped, &format!("{}13907915512", "长".repeat(194))] {
            let excerpt = masked_excerpt(raw);
            assert!(!excerpt.contains("139") && excerpt.chars().count() <= EXCERPT_CHARS_MAX, "{excerpt}");
        }
    }
}
