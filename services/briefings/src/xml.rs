//! Escaping for XML and HTML.

use std::fmt::Write;

/// Text for element content and attribute values; characters XML 1.0 does not allow are left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            one if one < ' ' && !matches!(one, '\t' | '\n' | '\r') => {}
            one => out.push(one),
        }
    }
    out
}

/// Appends formatted text; writing to a `String` cannot fail.
pub(crate) fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a String does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_escapes() {
        assert_eq!(escaped("<a b=\"c\">&\u{1}\u{FFFF}'"), "&lt;a b=&quot;c&quot;&gt;&amp;'");
    }
}
