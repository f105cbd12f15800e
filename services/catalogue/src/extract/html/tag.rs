//! Cutting HTML into tags and text. A `<` is text unless a tag follows that ends.

/// Bytes looked through in vain for the end of tags, in all; after that quotes are no longer respected, so that hostile
/// input costs no more than a few passes.
const VAIN_BYTES_MAX: usize = 8 << 20;
/// Longest tag whose quotes are followed; a picture written into its tag is longer, and ends at the next `>`.
const TAG_BYTES_MAX: usize = 16 << 10;

/// A piece of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Text(&'a str),
    /// The name in lower case.
    Open {
        name: String,
        attributes: &'a str,
        empty: bool,
    },
    Close {
        name: String,
    },
}

/// Gives the pieces in order; comments, declarations and processing instructions are passed over.
pub(super) struct Scanner<'a> {
    rest: &'a str,
    vain_bytes: usize,
    /// No `>` is left in the rest.
    no_end_left: bool,
    /// No `-->` is left in the rest.
    no_comment_end_left: bool,
    /// Elements that do not end in the rest.
    unclosed: Vec<&'static str>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a str) -> Scanner<'a> {
        Scanner { rest: source, vain_bytes: 0, no_end_left: false, no_comment_end_left: false, unclosed: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                return Some(Token::Text(self.take(end)));
            }
            let Some(bytes) = self.markup_bytes() else {
                // Not markup: the bracket and what follows up to the next one are text.
                let end = self.rest.bytes().skip(1).position(|byte| byte == b'<').map_or(self.rest.len(), |at| at + 1);
                return Some(Token::Text(self.take(end)));
            };
            let markup = self.take(bytes);
            if let Some(token) = token(markup) {
                return Some(token);
            }
        }
    }

    /// Passes over everything up to the end of this element; `false`, and nothing passed over, when it never ends.
    pub(super) fn skip_element(&mut self, name: &'static str) -> bool {
        if self.unclosed.contains(&name) {
            return false;
        }
        let needle = name.as_bytes();
        let found = self.rest.as_bytes().windows(needle.len() + 2).position(|window| {
            window.starts_with(b"</") && window.get(2..).is_some_and(|found| found.eq_ignore_ascii_case(needle))
        });
        match found {
            Some(at) => {
                self.take(at);
                let end = self.plain_end().unwrap_or(self.rest.len());
                self.take(end);
                true
            }
            None => {
                self.unclosed.push(name);
                false
            }
        }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Length of the markup the rest begins with; `None` when its `<` is text.
    fn markup_bytes(&mut self) -> Option<usize> {
        let bytes = self.rest.as_bytes();
        if self.rest.starts_with("<!--") {
            let end = if self.no_comment_end_left { None } else { self.rest.find("-->") };
            self.no_comment_end_left = end.is_none();
            return Some(end.map_or(4, |at| at + 3));
        }
        if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
            return self.plain_end();
        }
        let name_from = if self.rest.starts_with("</") { 2 } else { 1 };
        let name_bytes = bytes.iter().skip(name_from).take(64).take_while(|b| is_name(**b)).count();
        let first = bytes.get(name_from)?;
        let after = bytes.get(name_from + name_bytes)?;
        if !first.is_ascii_alphabetic() || !matches!(after, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | b'\x0c') {
            return None;
        }
        if self.vain_bytes < VAIN_BYTES_MAX {
            let mut quote = None;
            for (at, byte) in bytes.iter().enumerate().take(TAG_BYTES_MAX).skip(name_from + name_bytes) {
                match (quote, byte) {
                    (None, b'>') => return Some(at + 1),
                    (None, b'"' | b'\'') => quote = Some(*byte),
                    (Some(open), byte) if open == *byte => quote = None,
                    _ => {}
                }
            }
            self.vain_bytes += bytes.len().min(TAG_BYTES_MAX);
        }
        self.plain_end()
    }

    fn plain_end(&mut self) -> Option<usize> {
        if self.no_end_left {
            return None;
        }
        let end = self.rest.find('>').map(|at| at + 1);
        self.no_end_left = end.is_none();
        end
    }
}

/// The value of an attribute, with or without quotes, as written.
pub(super) fn attribute<'a>(attributes: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end)?;
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=') else {
            // A bare key, or a stray character that must not stop the walk.
            rest = if name.is_empty() { rest.split_at_checked(1).map_or("", |(_, rest)| rest) } else { after };
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.strip_prefix(quote)?.split_once(quote)?,
            _ => value.split_at_checked(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))?,
        };
        if name.eq_ignore_ascii_case(key) {
            return Some(value);
        }
        rest = after;
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-')
}

fn token(markup: &str) -> Option<Token<'_>> {
    let inner = markup.strip_prefix('<')?.strip_suffix('>')?;
    if let Some(name) = inner.strip_prefix('/') {
        let name = name.split(|c: char| !c.is_ascii() || !is_name(c as u8)).next()?;
        return Some(Token::Close { name: name.to_ascii_lowercase() });
    }
    let end = inner.bytes().take_while(|byte| is_name(*byte)).count();
    let (name, attributes) = inner.split_at_checked(end)?;
    (!name.is_empty()).then(|| Token::Open {
        name: name.to_ascii_lowercase(),
        attributes,
        empty: attributes.ends_with('/'),
    })
}

#[cfg(test)]
mod tests {
    use super::attribute;

    #[test]
    fn attributes_are_found_however_they_are_quoted() {
        let cases = [
            (" rowspan=2 colspan='3'", "colspan", Some("3")),
            (" ROWSPAN = \"2\"", "rowspan", Some("2")),
            (" class=a rowspan", "rowspan", None),
            (" ==x rowspan=4/", "rowspan", Some("4/")),
            ("", "rowspan", None),
        ];
        for (attributes, key, expected) in cases {
            assert_eq!(attribute(attributes, key), expected, "{attributes}");
        }
    }
}
