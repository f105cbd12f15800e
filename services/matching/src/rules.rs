//! The data files of the rules, and the version computed from them.

use std::sync::LazyLock;

/// Changes by hand when code judges differently by the same words.
const CODE_VERSION: u32 = 3;

/// Every file of words and rules, in order of name. A decision names the version made of them all.
const FILES: [&str; 3] =
    [include_str!("../data/alarm.txt"), include_str!("clause/kin.txt"), include_str!("grouping/concerns.txt")];

/// Name of the rules: the same post is judged the same as long as it does not change.
pub(crate) static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("rules-{CODE_VERSION}-{}", huiyin_text::lists::digest(&FILES)));
