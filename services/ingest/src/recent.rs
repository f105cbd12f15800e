//! What was appended lately, to leave out plain repeats.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

/// The last digest of each of the latest posts; 32 bytes a post. Best effort: intake is exact.
///
/// Only the *last* digest counts. A source that takes a change back sends the first text again, and that is news.
pub(crate) struct Recent {
    last: HashMap<[u8; 16], String>,
    order: VecDeque<[u8; 16]>,
    posts_max: usize,
}

impl Recent {
    pub(crate) fn new(posts_max: usize) -> Recent {
        Recent { last: HashMap::new(), order: VecDeque::new(), posts_max: posts_max.max(1) }
    }

    /// Whether `digest` is the last one seen of the post with this log key.
    pub(crate) fn is_repeat(&self, key: &[u8], digest: &str) -> bool {
        self.last.get(&short(key)).is_some_and(|last| last == digest)
    }

    pub(crate) fn note(&mut self, key: &[u8], digest: &str) {
        let key = short(key);
        if self.last.insert(key, digest.to_owned()).is_none() {
            self.order.push_back(key);
        }
        while self.order.len() > self.posts_max {
            if let Some(oldest) = self.order.pop_front() {
                self.last.remove(&oldest);
            }
        }
    }
}

fn short(key: &[u8]) -> [u8; 16] {
    let hash = Sha256::digest(key);
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(hash.iter()) {
        *to = *from;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_is_the_last_text_of_a_remembered_post() {
        let mut recent = Recent::new(2);
        recent.note(b"a", "1");
        assert!(recent.is_repeat(b"a", "1"));
        assert!(!recent.is_repeat(b"a", "2"));
        recent.note(b"a", "2");
        assert!(!recent.is_repeat(b"a", "1"), "taken back: not a repeat");
        recent.note(b"b", "1");
        recent.note(b"c", "1");
        assert!(!recent.is_repeat(b"a", "2"), "forgotten");
        assert!(recent.is_repeat(b"b", "1") && recent.is_repeat(b"c", "1"));
    }
}
