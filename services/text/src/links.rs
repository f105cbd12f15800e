//! Web addresses: replaced inside texts, cleaned where a record stores one.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::characters;
use crate::mask::numbers::{is_mobile, is_resident_id};

/// What stands in a normalised text where a web address stood.
pub const LINK: &str = "〔链接〕";
/// Longest link stored, in bytes.
pub const LINK_BYTES_MAX: usize = 2_000;
/// Replacing one address can end another before it (`x.cnhttp://…`).
const ROUNDS_MAX: usize = 4;

/// A mail address is matched too, so that its host is not taken for a site; masking deals with it.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let path = r"[A-Za-z0-9\-._~:/?\#@!$&'*+,;=%]*[A-Za-z0-9/=&\#_~%\-]";
    Regex::new(&format!(
        r"(?ix)
        (?P<mail> [a-z0-9._%+\-*]{{0,64}} @ [a-z0-9\-]{{1,63}} (?: \. [a-z0-9\-]{{1,63}} ){{0,3}} \. [a-z]{{2,24}} )
        | (?: https? | ftp ) :// {path}
        | www\. {path}
        | [a-z0-9] [a-z0-9\-]{{0,62}} (?: \. [a-z0-9\-]{{1,63}} ){{0,4}}
          \. (?: com | cn | net | org | gov | edu | top | xyz | vip | cc | info ) (?-u:\b) (?: [:/?] {path} )?
        "
    ))
    .expect("the address pattern is valid")
});

/// The text with addresses replaced; `None` when it holds none.
pub(crate) fn replace(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let likely = bytes.windows(2).any(|pair| matches!(pair, [b'.', b] if b.is_ascii_alphabetic()) || pair == b"//");
    if !likely {
        return None;
    }
    let mut result: Option<String> = None;
    for _ in 0..ROUNDS_MAX {
        let current = result.as_deref().unwrap_or(text);
        let replaced = ADDRESS
            .replace_all(current, |found: &Captures| found.name("mail").map_or(LINK, |mail| mail.as_str()).to_owned());
        if replaced == current {
            break;
        }
        result = Some(replaced.into_owned());
    }
    result
}

static DIGITS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[0-9]{11,}[Xx]?").expect("the digit pattern is valid"));
static SPACED_PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)1[3-9][0-9][-._+][0-9]{4}[-._+][0-9]{4}(?-u:\b)").expect("the phone pattern is valid")
});
static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9._+\-]{1,64}(?:@|%40)[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
        .expect("the mail pattern is valid")
});
const HIDDEN: &str = "***";

/// A link as it may be stored: `http` or `https`, host in lower case, without user information and fragment, with
/// phone numbers, ID numbers and mail addresses in it replaced by `***`. `None` when it is no usable link or longer
/// than [`LINK_BYTES_MAX`].
pub fn link(raw: &str) -> Option<String> {
    let raw = raw.trim();
    if raw.len() > LINK_BYTES_MAX || raw.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let (scheme, rest) = raw.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
    let host_bytes = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(host_bytes);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_lowercase();
    if !is_host(&host) {
        return None;
    }
    let stored = format!("{scheme}://{host}{}", hide(&plain_digits(path)));
    (hide(&host) == host && stored.len() <= LINK_BYTES_MAX).then_some(stored)
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, port),
        _ => (host, ""),
    };
    let named = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let numbered = name.starts_with('[') && name.ends_with(']') && name.contains(':');
    let six = name.trim_matches(['[', ']']).chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'));
    port.len() <= 5 && name.chars().any(char::is_alphanumeric) && (named || numbered && six)
}

/// Digits written as `%3x` or in other widths, as plain ones, so that they cannot hide a number.
fn plain_digits(path: &str) -> String {
    let mut plain = plain_digits_once(path);
    loop {
        // A digit made plain can be the code of another one (`%٣１`). Every further round shortens the text.
        let again = plain_digits_once(&plain);
        if again.len() >= plain.len() {
            return plain;
        }
        plain = again;
    }
}

fn plain_digits_once(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(c) = rest.chars().next() {
        let encoded = rest.strip_prefix("%3").and_then(|after| after.chars().next()).filter(char::is_ascii_digit);
        if let Some(digit) = encoded {
            out.push(digit);
            rest = rest.get(3..).unwrap_or_default();
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if c.is_numeric() && !c.is_ascii() {
            out.push_str(&characters::clean(c.encode_utf8(&mut [0; 4])));
        } else {
            out.push(c);
        }
    }
    out
}

/// What is hidden can leave the next thing bare (a number right behind another): until nothing changes.
fn hide(text: &str) -> String {
    let mut hidden = hide_once(text);
    for _ in 0..ROUNDS_MAX {
        let again = hide_once(&hidden);
        if again == hidden {
            break;
        }
        hidden = again;
    }
    hidden
}

fn hide_once(text: &str) -> String {
    let text = MAIL.replace_all(text, HIDDEN);
    let text = SPACED_PHONE.replace_all(&text, HIDDEN);
    let digits = |found: &Captures| {
        let run = found.get(0).map_or("", |run| run.as_str());
        let plain = run.trim_end_matches(['X', 'x']);
        let phone =
            is_mobile(plain.as_bytes()) || plain.strip_prefix("86").is_some_and(|rest| is_mobile(rest.as_bytes()));
        if phone || is_resident_id(run.as_bytes()) || is_resident_id(plain.as_bytes()) { HIDDEN } else { run }
            .to_owned()
    };
    DIGITS.replace_all(&text, digits).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{link, replace};

    #[test]
    fn addresses_in_texts() {
        let cases = [
            ("见https://example.com/a/b?x=1#c后", "见〔链接〕后"),
            ("网址www.example.com.", "网址〔链接〕."),
            ("上example.gov.cn/path查", "上〔链接〕查"),
            ("邮箱 a.b@example.com 收", "邮箱 a.b@example.com 收"),
            ("第3.2条 4.5元 v1.cn2", "第3.2条 4.5元 v1.cn2"),
            ("http://", "http://"),
        ];
        for (input, expected) in cases {
            assert_eq!(replace(input).as_deref().unwrap_or(input), expected);
        }
    }

    #[test]
    fn links_to_store() {
        let cases = [
            ("https://Example.com/a?b=1#frag", Some("https://example.com/a?b=1")),
            (" http://user:pass@example.com:8080/x ", Some("http://example.com:8080/x")),
            ("https://example.com/u/13812345678/p", Some("https://example.com/u/***/p")),
            ("https://example.com/?t=%31%33%38%31%32%33%34%35%36%37%38", Some("https://example.com/?t=***")),
            ("https://example.com/?t=%٣1%٣3%٣8%٣1%٣2%٣3%٣4%٣5%٣6%٣7%٣8", Some("https://example.com/?t=***")),
            ("https://example.com/?id=11010519491231002X", Some("https://example.com/?id=***")),
            ("https://example.com/11010519491231002X138-0013-8000", Some("https://example.com/******")),
            ("https://example.com/?m=a.b%40example.com", Some("https://example.com/?m=***")),
            ("https://example.com/status/4456789012345678", Some("https://example.com/status/4456789012345678")),
            ("https://example.com/t_1577836800000.html", Some("https://example.com/t_1577836800000.html")),
            ("https://[2001:db8::1]/x", Some("https://[2001:db8::1]/x")),
            ("https://中国.cn/路", Some("https://中国.cn/路")),
            ("ftp://example.com/", None),
            ("javascript:alert(1)", None),
            ("https:///x", None),
            ("https://exa mple.com/", None),
            ("https://13812345678.example.com/", None),
            ("", None),
        ];
        for (input, expected) in cases {
            assert_eq!(link(input).as_deref(), expected, "{input}");
        }
        assert_eq!(link(&format!("https://example.com/{}", "a".repeat(2_000))), None);
    }

    proptest! {
        #[test]
        fn never_panics_and_is_stable(text in any::<String>(), tail in "[a-z0-9@#%/:.Xx一-]{0,60}") {
            for raw in [text, format!("https://{tail}"), format!("http://example.com/{tail}")] {
                if let Some(stored) = link(&raw) {
                    prop_assert_eq!(link(&stored), Some(stored.clone()));
                }
            }
        }
    }
}
