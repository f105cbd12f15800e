//! Accounts and numbers that a word before them names: chat accounts, numbers of one person, permits. The words stand in
//! `data/numbers.txt`.

use std::sync::LazyLock;

use regex::Regex;

use super::edits::Edits;
use super::letters::{Letters, Signs};
use super::{ACCOUNT, ID};
use crate::lists::Lists;

pub(super) static LISTS: LazyLock<Lists> =
    LazyLock::new(|| Lists::read("numbers.txt", include_str!("../../data/numbers.txt")));

/// The words of the lists that name what follows, the longest first.
static WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let lists = ["chat", "personal", "permits", "kept"];
    let mut words: Vec<&str> = lists.iter().flat_map(|list| LISTS.get(list)).map(String::as_str).collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    let words: Vec<String> = words.into_iter().map(regex::escape).collect();
    Regex::new(&format!("(?i:{})", words.join("|"))).expect("the words of numbers.txt make a pattern")
});

/// What may stand between a word and its number.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^(?:号码|同号|账号|帐号|账户|字号|编号|拼音|证号|名字|昵称|就是|还是|是我|我|写成|写的|号|码|群|名|是|叫|为|[:(=\["“\s,的_]|(?i:id)){0,5}"#)
        .expect("the pattern of links is valid")
});

/// An account or number: letters, digits and what joins them, digits also with single blanks between.
static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\p{Han}{1,4}字?第?)??[A-Za-z0-9][A-Za-z0-9_\-.]*(?: [0-9A-Za-z][0-9A-Za-z\-]*){0,9}")
        .expect("the pattern of values is valid")
});

/// Letters with an underscore, or four small letters and more with two digits and more.
static MADE_UP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[a-z]{3,16}[0-9]{2,10}")
        .expect("the pattern of accounts is valid")
});
/// What people call chats; such a word within so many characters.
const CHAT_WORDS: [&str; 12] =
    ["微信", "加我", "加v", "加V", "抖音", "小红书", "快手", "钉钉", "QQ", "qq", "账号", "泡泡"];
const NEAR: usize = 10;

/// The kinds of words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Chat,
    Personal,
    Permit,
    /// Of a paper or a thing: it stays.
    Kept,
}

/// Digits of a number that leads to one person, and of a permit, at least.
const PERSONAL_DIGITS_MIN: usize = 4;
const PERMIT_DIGITS_MIN: usize = 5;
/// Characters of a chat account at least; of one made of letters alone.
const CHAT_MIN: usize = 5;
const LETTERS_MIN: usize = 6;
/// Digits of a number written in Chinese at least.
const SPOKEN_MIN: usize = 6;

/// Whether anything stands in a text that could be an account or a number.
pub(super) fn may_hold(_: &Letters, signs: &Signs) -> bool {
    signs.latin >= PERSONAL_DIGITS_MIN || signs.spaced || signs.numerals >= SPOKEN_MIN
}

/// Replaces what the words name; `None` when there is none.
pub(super) fn mask_labelled(text: &str) -> Option<String> {
    let mut edits = Edits::new(text);
    let mut done = 0;
    for word in WORDS.find_iter(text) {
        if word.start() < done || is_inside_latin(text, word.start(), word.end()) {
            continue;
        }
        let kind = kind(word.as_str());
        if kind == Kind::Kept {
            continue;
        }
        let after = text.get(word.end()..).unwrap_or("");
        let link = LINK.find(after).map_or("", |link| link.as_str());
        let rest = after.get(link.len()..).unwrap_or("");
        let Some(value) = value(kind, word.as_str(), link, rest) else { continue };
        let start = word.end() + link.len();
        done = start + value;
        edits.replace(start, done, if kind == Kind::Permit { ID } else { ACCOUNT });
    }
    let named = edits.finish();
    self_evident(named.as_deref().unwrap_or(text)).or(named)
}

/// Accounts that no word needs to name: letters with an underscore, or small letters with digits beside a word for chats.
fn self_evident(text: &str) -> Option<String> {
    let mut edits = Edits::new(text);
    for found in MADE_UP.find_iter(text) {
        let joins = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '@' | '-' | ':' | '?' | '='))
        };
        let before = text.get(..found.start()).unwrap_or("");
        let after = text.get(found.end()..).unwrap_or("");
        if joins(before.chars().next_back().filter(|c| *c != ':')) || joins(after.chars().next()) {
            continue;
        }
        let near = |text: &str| CHAT_WORDS.iter().any(|word| text.contains(word));
        let behind = after.get(..after.char_indices().nth(NEAR).map_or(after.len(), |(at, _)| at)).unwrap_or("");
        let ahead =
            before.char_indices().rev().take(NEAR).last().map_or(before, |(at, _)| before.get(at..).unwrap_or(""));
        if found.as_str().contains('_') || near(behind) || near(ahead) {
            edits.replace(found.start(), found.end(), ACCOUNT);
        }
    }
    edits.finish()
}

fn kind(word: &str) -> Kind {
    let lower = word.to_ascii_lowercase();
    let is_in = |list: &str| LISTS.get(list).contains(&lower);
    match () {
        () if is_in("permits") => Kind::Permit,
        () if is_in("kept") => Kind::Kept,
        () if is_in("personal") => Kind::Personal,
        () => Kind::Chat,
    }
}

/// Whether a word of Latin letters stands inside a longer one: id in video, wx in wxpay.
fn is_inside_latin(text: &str, start: usize, end: usize) -> bool {
    let word = text.get(start..end).unwrap_or("");
    let latin = |c: char| c.is_ascii_alphanumeric();
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    word.starts_with(|c: char| c.is_ascii_alphabetic()) && before.is_some_and(latin)
}

/// Bytes of the account or number at the front of `rest`.
fn value(kind: Kind, word: &str, link: &str, rest: &str) -> Option<usize> {
    if let Some(spoken) = spoken(rest).filter(|_| kind != Kind::Permit) {
        return Some(spoken);
    }
    let found = VALUE.find(rest)?;
    let mut value = found.as_str().trim_end_matches(['.', '-', ' ', '_']);
    let digits = |value: &str| value.bytes().filter(u8::is_ascii_digit).count();
    // Blanks join groups of digits; letters after a blank begin something else, unless single characters stand apart.
    if let Some((first, _)) = value.split_once(' ') {
        let groups: Vec<&str> = value.split(' ').collect();
        let spread = groups.iter().all(|group| group.len() == 1);
        let numbers = groups.iter().skip(1).all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
        let joined = spread || (numbers && first.len() <= 6);
        value = if joined { value } else { first };
    }
    let counted = |value: &str| {
        let ahead = rest.get(value.len()..).unwrap_or("");
        ahead.starts_with(['人', '个', '元', '名', '万', '多', '年', '群', '月', '块', '次', '路'])
            || (kind == Kind::Chat && ahead.starts_with('号'))
    };
    if counted(value) {
        // The last group is a date or a sum of its own.
        value = value.rsplit_once(' ')?.0;
    }
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let latin_word = word.bytes().all(|byte| byte.is_ascii_alphabetic()) || word.ends_with(['v', 'V', 'x', 'X', '薇']);
    let is_one = match kind {
        Kind::Personal => digits(value) >= PERSONAL_DIGITS_MIN && value.len() >= 4,
        Kind::Permit => digits(value) >= PERMIT_DIGITS_MIN,
        Kind::Kept => false,
        Kind::Chat => {
            let plain = letters == value.len();
            let named = link.contains([':', '=', '是', '为', '号', '叫', 'd', 'D', '音', '名']) || word.ends_with('号');
            let all_digits = digits(value) + value.matches(' ').count() == value.len();
            value.len() >= CHAT_MIN
                && (all_digits
                    || if plain {
                        value.len() >= LETTERS_MIN && (named || (latin_word && !link.is_empty()))
                    } else {
                        digits(value) > 0 || value.contains(['_', '-', '.'])
                    })
        }
    };
    is_one.then_some(value.len())
}

fn is_spoken_digit(c: char) -> bool {
    matches!(c, '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '幺')
}

/// Bytes of a number of six digits or more written in Chinese.
fn spoken(rest: &str) -> Option<usize> {
    let count = rest.chars().take_while(|c| is_spoken_digit(*c)).count();
    (count >= SPOKEN_MIN).then(|| rest.chars().take(count).map(char::len_utf8).sum())
}
