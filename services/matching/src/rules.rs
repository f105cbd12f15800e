//! The data files of the rules, and the version computed from them.

use std::sync::LazyLock;

/// Changes by hand when code judges differently by the same words.
const CODE_VERSION: u32 = 6;

/// Words of danger to life.
pub(crate) const ALARM: &str = include_str!("../data/alarm.txt");
/// Words that begin another concern of the same post.
pub(crate) const FURTHER: &str = include_str!("../data/further.txt");
/// Words by which posts are grouped.
pub(crate) const GROUPING: &str = include_str!("../data/grouping.txt");
/// Names of estates, roads and schools.
pub(crate) const LOCALITIES: &str = include_str!("../data/localities.txt");
/// Words around the names of places.
pub(crate) const PLACE: &str = include_str!("../data/place.txt");
/// Who has a matter in hand, and who is complained about.
pub(crate) const HANDLING: &str = include_str!("../data/handling.txt");
/// Where it happens, against what is complained about.
pub(crate) const SCENE: &str = include_str!("../data/scene.txt");
/// Words of posts that are no concern.
pub(crate) const SCREEN: &str = include_str!("../data/screen.txt");

/// Every file of words and rules, in order of name. A decision names the version made of them all.
const FILES: [&str; 10] = [
    ALARM,
    include_str!("clause/kin.txt"),
    FURTHER,
    GROUPING,
    include_str!("grouping/concerns.txt"),
    HANDLING,
    LOCALITIES,
    PLACE,
    SCENE,
    SCREEN,
];

/// Name of the rules: the same post is judged the same as long as it does not change.
pub(crate) static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("rules-{CODE_VERSION}-{}", huiyin_text::lists::digest(&FILES)));
