//! How two places lie to each other.

use huiyin_domain::PlaceCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The same, or neither is known.
    Same,
    /// One lies in the other, or is not known.
    LessExact,
    /// Neither lies in the other.
    Apart,
}

pub(super) fn relation(one: Option<&PlaceCode>, other: Option<&PlaceCode>) -> Relation {
    match (one, other) {
        (None, None) => Relation::Same,
        (Some(one), Some(other)) if one == other => Relation::Same,
        (Some(one), Some(other)) if !nested(one, other) => Relation::Apart,
        _ => Relation::LessExact,
    }
}

/// Whether one place lies in the other, by the structure of their codes.
fn nested(one: &PlaceCode, other: &PlaceCode) -> bool {
    let (one, other) = (stem(one), stem(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// The digits that a place and everything in it share: 36 for 360000, 361103 for 361103001. A zone's code is `X`, the
/// code of the place it lies in, and its number.
fn stem(code: &PlaceCode) -> String {
    let code = code.as_str();
    let (digits, tail) = match code.strip_prefix('X') {
        Some(rest) => match rest.char_indices().nth(6) {
            Some((at, _)) => rest.split_at(at),
            None => (rest, ""),
        },
        None => (code, ""),
    };
    let trimmed =
        if digits.len() == 6 { digits.strip_suffix("0000").or_else(|| digits.strip_suffix("00")) } else { None };
    format!("{}{}", trimmed.unwrap_or(digits), if tail.is_empty() { String::new() } else { format!("X{tail}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems() {
        for (code, expected) in [
            ("360000", "36"),
            ("361100", "3611"),
            ("361103", "361103"),
            ("361103001", "361103001"),
            ("X36110001", "3611X01"),
        ] {
            assert_eq!(stem(&PlaceCode::new(code)), expected);
        }
    }
}
