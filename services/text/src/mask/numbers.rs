//! What makes digits a mobile or resident ID number.

/// Whether these are exactly the 11 digits of a mobile number.
pub(crate) fn is_mobile(digits: &[u8]) -> bool {
    digits.len() == 11
        && digits.iter().all(u8::is_ascii_digit)
        && digits.starts_with(b"1")
        && digits.get(1).is_some_and(|d| *d >= b'3')
}

/// Whether these are the 15 or 18 characters of a resident ID number with a possible region and date of birth.
pub(crate) fn is_resident_id(characters: &[u8]) -> bool {
    let (body, year) = match characters.len() {
        18 => (characters.get(..17), number(characters, 6, 4)),
        15 => (Some(characters), number(characters, 6, 2).map(|year| year + 1900)),
        _ => return false,
    };
    let date_at = if characters.len() == 18 { 10 } else { 8 };
    let region = characters.first().is_some_and(|d| (b'1'..=b'9').contains(d));
    let last = characters.last().is_some_and(|c| c.is_ascii_digit() || matches!(c, b'X' | b'x'));
    body.is_some_and(|body| body.iter().all(u8::is_ascii_digit))
        && region
        && last
        && year.is_some_and(|year| (1850..2100).contains(&year))
        && number(characters, date_at, 2).is_some_and(|month| (1..=12).contains(&month))
        && number(characters, date_at + 2, 2).is_some_and(|day| (1..=31).contains(&day))
}

/// Whether these are the 18 characters of a resident ID number and the last is the checksum of GB 11643.
pub(crate) fn has_valid_checksum(characters: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    if characters.len() != 18 || !is_resident_id(characters) {
        return false;
    }
    let sum: u32 = characters.iter().zip(WEIGHTS).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
    characters.last().map(u8::to_ascii_uppercase) == CHECKS.get(sum as usize % 11).copied()
}

/// The number that `count` digits from `from` on write.
pub(super) fn number(characters: &[u8], from: usize, count: usize) -> Option<u32> {
    std::str::from_utf8(characters.get(from..from + count)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{has_valid_checksum, is_mobile, is_resident_id};

    #[test]
    fn shapes_and_checksums() {
        for (digits, expected) in
            [("13812345678", true), ("12812345678", false), ("1381234567", false), ("1381234567X", false)]
        {
            assert_eq!(is_mobile(digits.as_bytes()), expected, "{digits}");
        }
        let cases = [
            ("11010519491231002X", true, true),
            ("11010519491231002x", true, true),
            ("110105194912310021", true, false),
            ("110105194913310021", false, false),
            ("110105491231002", true, false),
            ("110105499931002", false, false),
            ("0", false, false),
            ("", false, false),
        ];
        for (characters, shape, checksum) in cases {
            assert_eq!(is_resident_id(characters.as_bytes()), shape, "{characters}");
            assert_eq!(has_valid_checksum(characters.as_bytes()), checksum, "{characters}");
        }
    }
}
