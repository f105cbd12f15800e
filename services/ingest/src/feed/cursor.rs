//! What is remembered of a feed between polls and restarts.

use huiyin_domain::ContentDigest;
use serde::{Deserialize, Serialize};

/// Entries remembered: more than any feed shows at once.
const SEEN_MAX: usize = 2_000;
/// Longest tag of a server that is kept.
const TAG_BYTES_MAX: usize = 1_000;

/// The server's tags of the last page, and marks of the entries seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct FeedCursor {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    seen: Vec<String>,
}

impl FeedCursor {
    pub(super) fn parse(text: &str) -> FeedCursor {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).expect("strings and lists of them are always JSON")
    }

    /// The mark of an entry: of its id and the digest of its masked text, so it tells nothing.
    pub(super) fn mark(id: &str, digest: &str) -> String {
        ContentDigest::of(id, digest).as_str().chars().take(16).collect()
    }

    pub(super) fn has(&self, mark: &str) -> bool {
        self.seen.iter().any(|seen| seen == mark)
    }

    /// Takes over the tags of a page that was handled.
    pub(super) fn tags(&mut self, etag: Option<String>, last_modified: Option<String>) {
        let short = |tag: &String| tag.len() <= TAG_BYTES_MAX;
        self.etag = etag.filter(short);
        self.last_modified = last_modified.filter(short);
    }

    /// Remembers the entries of a page; the oldest are forgotten.
    pub(super) fn see(&mut self, marks: impl IntoIterator<Item = String>) {
        for mark in marks {
            self.seen.retain(|seen| *seen != mark);
            self.seen.push(mark);
        }
        let surplus = self.seen.len().saturating_sub(SEEN_MAX);
        self.seen.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_through_text() {
        let mut cursor = FeedCursor::default();
        cursor.tags(Some("\"x\"".into()), Some("y".repeat(TAG_BYTES_MAX + 1)));
        cursor.see((0..SEEN_MAX + 10).map(|n| n.to_string()));
        assert!(!cursor.has("9") && cursor.has("10"));
        assert_eq!(FeedCursor::parse(&cursor.to_text()), cursor);
        assert_eq!(cursor.last_modified, None);
        for text in ["", "{", "[1]", "{\"seen\":3}"] {
            assert_eq!(FeedCursor::parse(text), FeedCursor::default(), "{text}");
        }
    }
}
