//! Ids and source names given from outside: they are stored and shown, so they must not be personal data.

use std::sync::LazyLock;

use regex::Regex;

use crate::characters;
use crate::mask::numbers::{has_valid_checksum, is_mobile};

/// Longest id or source name, in bytes.
pub const IDENTIFIER_BYTES_MAX: usize = 200;

/// Why an id from outside is refused. Final: the sender has to send another id. The message names the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierFault {
    /// Nothing but white space.
    #[error("编号为空：请填写来源系统中的工单号或帖子编号")]
    Empty,
    /// Longer than [`IDENTIFIER_BYTES_MAX`].
    #[error("编号过长（{bytes} 字节，最多 {IDENTIFIER_BYTES_MAX} 字节）：请使用工单号")]
    TooLong {
        /// Bytes after trimming.
        bytes: usize,
    },
    /// Holds U+0000 or another control character.
    #[error("编号含控制字符（U+{code:04X}）：请去掉后重新提交")]
    Control {
        /// The first such character.
        code: u32,
    },
    /// Holds an 11-digit mobile number.
    #[error("编号中含有手机号码：个人信息不得作为编号，请改用工单号")]
    Phone,
    /// Holds a resident ID number whose checksum is right.
    #[error("编号中含有居民身份证号码：个人信息不得作为编号，请改用工单号")]
    ResidentId,
}

static RUN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[0-9]{11,}[Xx]?").expect("the digit pattern is valid"));
static SPACED_PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)1[3-9][0-9][-. ][0-9]{4}[-. ][0-9]{4}(?-u:\b)").expect("the phone pattern is valid")
});

/// An id or source name as stored: trimmed, otherwise as given.
///
/// # Errors
/// [`IdentifierFault`] when it is empty, too long, holds control characters, a mobile number or a resident ID number.
pub fn identifier(raw: &str) -> Result<String, IdentifierFault> {
    let trimmed = raw.trim();
    if trimmed.is_empty() {
        return Err(IdentifierFault::Empty);
    }
    if trimmed.len() > IDENTIFIER_BYTES_MAX {
        return Err(IdentifierFault::TooLong { bytes: trimmed.len() });
    }
    if let Some(control) = trimmed.chars().find(|c| c.is_control()) {
        return Err(IdentifierFault::Control { code: control as u32 });
    }
    let plain = characters::clean(trimmed);
    if SPACED_PHONE.is_match(&plain) {
        return Err(IdentifierFault::Phone);
    }
    for run in RUN.find_iter(&plain) {
        let run = run.as_str();
        let digits = run.trim_end_matches(['X', 'x']);
        if has_valid_checksum(run.as_bytes()) || has_valid_checksum(digits.as_bytes()) {
            return Err(IdentifierFault::ResidentId);
        }
        if is_mobile(digits.as_bytes()) || digits.strip_prefix("86").is_some_and(|rest| is_mobile(rest.as_bytes())) {
            return Err(IdentifierFault::Phone);
        }
    }
    Ok(trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{IdentifierFault, identifier};

    #[test]
    fn accepts_and_refuses() {
        let cases = [
            (" T-2024-000123 ", Ok("T-2024-000123")),
            ("12345热线", Ok("12345热线")),
            ("4456789012345678", Ok("4456789012345678")),
            ("20240101123456", Ok("20240101123456")),
            ("", Err(IdentifierFault::Empty)),
            (" \n ", Err(IdentifierFault::Empty)),
            ("a\u{0}b", Err(IdentifierFault::Control { code: 0 })),
            ("a\tb", Err(IdentifierFault::Control { code: 9 })),
            ("letter-13812345678", Err(IdentifierFault::Phone)),
            ("8613812345678", Err(IdentifierFault::Phone)),
            ("138-1234-5678", Err(IdentifierFault::Phone)),
            ("１３８１２３４５６７８", Err(IdentifierFault::Phone)),
            ("11010519491231002X", Err(IdentifierFault::ResidentId)),
            ("id:11010519491231002x!", Err(IdentifierFault::ResidentId)),
            ("110105194912310021", Ok("110105194912310021")),
        ];
        for (input, expected) in cases {
            assert_eq!(identifier(input), expected.map(str::to_owned), "{input:?}");
        }
        assert_eq!(identifier(&"a".repeat(201)), Err(IdentifierFault::TooLong { bytes: 201 }));
        assert!(identifier(&"a".repeat(200)).is_ok());
    }

    proptest! {
        #[test]
        fn never_panics_and_is_stable(text in any::<String>()) {
            if let Ok(id) = identifier(&text) {
                prop_assert_eq!(identifier(&id), Ok(id.clone()));
            }
        }
    }
}
