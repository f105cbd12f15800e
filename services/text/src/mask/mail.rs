//! Mail addresses, also where @ and the point are written as words.

use std::sync::LazyLock;

use regex::Regex;

use super::EMAIL;
use super::edits::Edits;
use super::letters::class::{AT, LATIN};
use super::letters::{Letters, Signs};

static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) [a-z0-9._%+\-*]{0,64} \s? (?: @ | \[?艾特\]? | \[at\] | \(at\) | \s at \s | \#at\# | 圈a ) \s?
        (?: [a-z0-9\-]{1,63} | 新浪 | 扣扣 | 搜狐 | 网易 | 谷歌 | 腾讯 | 雅虎 | 移动 | 联通 | 电信 | [一幺]六三 | 一二六 )
        (?: \s? (?: \. | , | \[?点\]? | 。 | \[?dot\]? ) \s? [a-z0-9\-]{1,63} ){0,3}
        \s? (?: \. | , | \[?点\]? | 。 | \[?dot\]? ) \s? [a-z]{2,24}",
    )
    .expect("the mail pattern is valid")
});

/// Whether @ or what is written for it may stand in a text.
pub(super) fn may_hold(letters: &Letters, _: &Signs) -> bool {
    letters.has(AT | LATIN)
}

/// Replaces mail addresses; `None` when there is none.
pub(super) fn mask_mail(text: &str) -> Option<String> {
    let words = ["@", "艾特", "at", "AT", "圈a"];
    if !words.iter().any(|word| text.contains(word)) {
        return None;
    }
    let mut edits = Edits::new(text);
    for found in MAIL.find_iter(text) {
        let led = found.as_str().len() - found.as_str().trim_start().len();
        edits.replace(found.start() + led, found.end(), EMAIL);
    }
    edits.finish()
}
