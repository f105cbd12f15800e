//! Topics: their names, and what they are created with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::LogError;

/// Masked posts, keyed by source and id.
pub static POSTS: Topic = Topic::new("posts");
/// Assessments of posts, keyed by prefecture-level place.
pub static ASSESSED: Topic = Topic::new("assessed");
/// Records that could not be handled, masked, with the reason.
pub static DEAD: Topic = Topic::new("dead");
/// Catalogue versions: one partition, kept for ever.
pub static CATALOGUE: Topic = Topic::new("catalogue");

/// Longest topic or group name, in bytes; Apache Kafka's limit.
const NAME_BYTES_MAX: usize = 249;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The name of a topic: 1 to 249 of `a-z A-Z 0-9 . _ -`, not `.` or `..` (Apache Kafka's rule).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic(Cow<'static, str>);

impl Topic {
    /// A topic named in the program. A bad name fails to compile in a `const`.
    /// Names from configuration go through [`Topic::parse`].
    #[must_use]
    pub const fn new(name: &'static str) -> Topic {
        assert!(is_name(name), "a topic name is 1 to 249 of a-z A-Z 0-9 . _ -");
        Topic(Cow::Borrowed(name))
    }

    /// A topic named from outside.
    ///
    /// # Errors
    /// [`LogError::Name`] when the name breaks the rule.
    pub fn parse(name: &str) -> Result<Topic, LogError> {
        check_name(name)?;
        Ok(Topic(Cow::Owned(name.to_owned())))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Topic {
    type Err = LogError;

    fn from_str(name: &str) -> Result<Topic, LogError> {
        Topic::parse(name)
    }
}

impl TryFrom<String> for Topic {
    type Error = LogError;

    fn try_from(name: String) -> Result<Topic, LogError> {
        Topic::parse(&name)
    }
}

/// The rule for topic names, and for group names too.
pub(crate) fn check_name(name: &str) -> Result<(), LogError> {
    if is_name(name) { Ok(()) } else { Err(LogError::Name { name: name.to_owned() }) }
}

const fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    if bytes.is_empty() || bytes.len() > NAME_BYTES_MAX {
        return false;
    }
    let mut dots = 0;
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' => {}
            b'.' => dots += 1,
            _ => return false,
        }
        i += 1;
    }
    dots < bytes.len() || dots > 2
}

/// How long records are kept. A record goes when either limit says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Retention {
    /// Milliseconds since the record was appended (not its event time: old posts may be loaded today).
    /// `None` keeps for ever.
    pub age_ms: Option<i64>,
    /// Bytes of the whole topic, of which each partition may use its equal share. `None` is without limit.
    pub bytes_max: Option<i64>,
}

impl Retention {
    /// Nothing is ever removed.
    pub const FOREVER: Retention = Retention { age_ms: None, bytes_max: None };
    /// 30 days, the longest that a topic with posts may keep them.
    pub const MONTH: Retention = Retention { age_ms: Some(30 * DAY_MS), bytes_max: None };
}

/// What one topic is created with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicOptions {
    /// At least 1. May be raised later (a key may then move to another partition, and its order holds from there on);
    /// lowering it is refused.
    pub partitions: i32,
    /// How long records are kept.
    pub retention: Retention,
}

/// What topics are created with: one rule for all, and exceptions by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPlan {
    /// For every topic that has no entry in `exceptions`.
    pub usual: TopicOptions,
    /// By topic. The default holds [`CATALOGUE`]: one partition, kept for ever.
    pub exceptions: BTreeMap<Topic, TopicOptions>,
}

impl TopicPlan {
    /// The options of `topic`.
    #[must_use]
    pub fn of(&self, topic: &Topic) -> TopicOptions {
        self.exceptions.get(topic).copied().unwrap_or(self.usual)
    }
}

impl Default for TopicPlan {
    /// Four partitions kept for 30 days; the catalogue in one partition for ever.
    fn default() -> TopicPlan {
        TopicPlan {
            usual: TopicOptions { partitions: 4, retention: Retention::MONTH },
            exceptions: BTreeMap::from([(
                CATALOGUE.clone(),
                TopicOptions { partitions: 1, retention: Retention::FOREVER },
            )]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let longest = "a".repeat(249);
        let too_long = "a".repeat(250);
        let table = [
            ("posts", true),
            ("External.posts_v-1", true),
            ("...", true),
            (longest.as_str(), true),
            ("", false),
            (".", false),
            ("..", false),
            ("a b", false),
            ("网帖", false),
            ("a/b", false),
            (too_long.as_str(), false),
        ];
        for (name, allowed) in table {
            assert_eq!(Topic::parse(name).is_ok(), allowed, "{name:?}");
        }
        assert_eq!(Topic::parse("posts").unwrap(), POSTS);
    }

    #[test]
    fn plan() {
        let plan = TopicPlan::default();
        assert_eq!(plan.of(&POSTS), TopicOptions { partitions: 4, retention: Retention::MONTH });
        assert_eq!(plan.of(&CATALOGUE), TopicOptions { partitions: 1, retention: Retention::FOREVER });
    }
}
