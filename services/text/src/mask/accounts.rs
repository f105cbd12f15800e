//! Mail addresses, accounts of chat and payment services, customer numbers, passports and permits.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::edits::Edits;
use super::{ACCOUNT, EMAIL, ID};

static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9._%+\-*]{0,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,3}\.[A-Za-z]{2,24}")
        .expect("the mail pattern is valid")
});

/// A number of a service needs no word between; a name made of letters does, or 微信APP would be one.
static CHAT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?i: qq | 扣扣 | 企鹅号 | 微信 | 薇信 | 威信 | 微博 | 抖音 | 快手 | 支付宝 | weixin | wechat | (?-u:\b)vx | (?-u:\b)wx | 加v | 加微 )
        (?P<link> (?: 群 | 同号 | 号 | 码 | 账号 | 帐号 | 账户 | (?i: id ) | [:是为=(] | \s ){0,6} )
        (?P<account> [A-Za-z0-9][A-Za-z0-9_\-]{4,29} )",
    )
    .expect("the chat account pattern is valid")
});

static CUSTOMER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: 卡号 | 账号 | 帐号 | 账户 | 帐户 | 户号 | 用户编号 | 缴费编号 | 学号 | 考号 | 准考证号 | 学籍号 | 社保号 | 医保号 | 公积金号 )
        (?: 码 | 是 | 为 | [:(\s] ){0,3}
        (?P<account> [A-Za-z]{0,3}[0-9][A-Za-z0-9\-]{5,29} )",
    )
    .expect("the customer number pattern is valid")
});

static PASSPORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: 护照 | 通行证 | 军官证 | 士兵证 | 残疾证 | 残疾人证 | 居住证 )
        (?: 号码 | 号 | 编号 | 证号 | 是 | 为 | [:(\s] ){0,4}
        (?P<account> [A-Za-z]{0,3}[0-9]{6,12} )",
    )
    .expect("the passport pattern is valid")
});

/// Letters, digits, dashes and the like in the shortest account.
const ACCOUNT_CHARACTERS_MIN: usize = 5;

/// Whether so many ASCII letters, digits, dashes or underscores stand in a row. Most texts have none, and this is far
/// quicker than to look for the words before them.
pub(super) fn has_latin_run<const LENGTH: usize>(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_latin = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    // A run of that length has one byte at a multiple of it.
    let last = bytes.iter().enumerate().skip(LENGTH - 1).step_by(LENGTH).filter(|(_, byte)| is_latin(byte));
    last.map(|(at, _)| at).any(|at| {
        let before = bytes.get(..at).unwrap_or(&[]).iter().rev().take(LENGTH).take_while(|byte| is_latin(byte)).count();
        let after = bytes.get(at..).unwrap_or(&[]).iter().take(LENGTH).take_while(|byte| is_latin(byte)).count();
        before + after >= LENGTH
    })
}

/// Replaces mail addresses; `None` when there is none.
pub(super) fn mask_emails(text: &str) -> Option<String> {
    if !text.contains('@') {
        return None;
    }
    let mut edits = Edits::new(text);
    for found in MAIL.find_iter(text) {
        edits.replace(found.start(), found.end(), EMAIL);
    }
    edits.finish()
}

/// Replaces accounts and customer numbers; `None` when there is none.
pub(super) fn mask_accounts(text: &str) -> Option<String> {
    if !has_latin_run::<ACCOUNT_CHARACTERS_MIN>(text) {
        return None;
    }
    let chat = replace_accounts(text, &CHAT, ACCOUNT, |found, account| {
        let named =
            found.name("link").is_some_and(|link| link.as_str().contains([':', '=', '是', '为', '号', 'd', 'D']));
        // Letters alone after a service are an ordinary word unless something says that they name the account.
        account.bytes().all(|b| b.is_ascii_digit()) || named
    });
    replace_accounts(chat.as_deref().unwrap_or(text), &CUSTOMER, ACCOUNT, |_, _| true).or(chat)
}

/// Replaces passport and permit numbers after their word; `None` when there is none.
pub(super) fn mask_passports(text: &str) -> Option<String> {
    if !has_latin_run::<ACCOUNT_CHARACTERS_MIN>(text) {
        return None;
    }
    replace_accounts(text, &PASSPORT, ID, |_, _| true)
}

fn replace_accounts(text: &str, pattern: &Regex, token: &str, accept: fn(&Captures, &str) -> bool) -> Option<String> {
    let mut edits = Edits::new(text);
    for found in pattern.captures_iter(text) {
        let Some(account) = found.name("account") else { continue };
        let after = text.get(account.end()..).and_then(|rest| rest.chars().next());
        let counted = after.is_some_and(|c| matches!(c, '人' | '个' | '元' | '名' | '万' | '多' | '年'));
        if !counted && accept(&found, account.as_str()) {
            edits.replace(account.start(), account.end(), token);
        }
    }
    edits.finish()
}

#[cfg(test)]
mod tests {
    use super::has_latin_run;

    #[test]
    fn runs_are_seen_wherever_they_stand() {
        for lead in 0..12 {
            for (run, expected) in
                [("a1-_Z", true), ("a1-_", false), ("abcdefgh", true), ("", false), ("12 345", false)]
            {
                for lead in ["。".repeat(lead), ".".repeat(lead)] {
                    let text = format!("{lead}{run}。");
                    assert_eq!(has_latin_run::<5>(&text), expected, "{text}");
                    assert_eq!(has_latin_run::<5>(text.trim_end_matches('。')), expected, "{text}");
                }
            }
        }
    }
}
