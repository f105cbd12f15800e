//! Where a page ended.

use std::fmt;
use std::str::FromStr;

/// Position in a list ordered by a number and a key; opaque to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) value: i64,
    pub(crate) key: String,
}

/// A cursor nobody here gave out.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("cursor: not one this service gave out; leave it away to start at the first page")]
pub struct CursorFault;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.value, hex::encode(&self.key))
    }
}

impl FromStr for Cursor {
    type Err = CursorFault;

    fn from_str(text: &str) -> Result<Cursor, CursorFault> {
        let (value, key) = text.split_once('.').ok_or(CursorFault)?;
        let key = String::from_utf8(hex::decode(key).map_err(|_| CursorFault)?).map_err(|_| CursorFault)?;
        if key.contains('\0') || key.len() > 200 {
            return Err(CursorFault);
        }
        Ok(Cursor { value: value.parse().map_err(|_| CursorFault)?, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_went_out() {
        let cursor = Cursor { value: -5, key: "20261122-00001".into() };
        assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        for bad in ["", ".", "x.00", "1.zz", "1", "1.00", "1.ff"] {
            assert_eq!(bad.parse::<Cursor>(), Err(CursorFault), "{bad}");
        }
    }
}
