//! HTML pages, whole or saved in part, to lines.

mod tag;

use std::borrow::Cow;

use self::tag::{Scanner, Token};
use super::Problem;
use super::flow::Flow;

/// Tables open inside each other; deeper ones are read as if they were not there.
const TABLES_DEEP_MAX: usize = 16;
/// Longest entity of HTML is `&CounterClockwiseContourIntegral;`.
const ENTITY_BYTES_MAX: usize = 34;
/// Tags that only a page has; any of them once makes a text HTML.
const CERTAIN: [&str; 5] = ["<!doctype html", "<html", "<body", "<tbody", "<table"];
/// Tags that make a text HTML when several of them close.
const LIKELY: [&str; 6] = ["</p>", "</div>", "</td>", "</span>", "<br", "</li>"];
const LIKELY_MIN: usize = 3;

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Elements whose content no reader of the page sees as its text.
const DROPPED: &[&str] =
    &["script", "style", "template", "title", "select", "textarea", "noscript", "iframe", "svg", "object", "button"];

/// Whether the text is a page; `named` when its name says so.
pub(super) fn is_html(text: &str, named: bool) -> bool {
    let lower = text.to_ascii_lowercase();
    let likely = LIKELY.iter().map(|tag| lower.matches(tag).take(LIKELY_MIN).count()).sum::<usize>();
    CERTAIN.iter().any(|tag| lower.contains(tag)) || likely >= if named { 1 } else { LIKELY_MIN }
}

/// The lines of a page: block elements end them, a row of a table is one, lists that number themselves are numbered.
///
/// # Errors
/// Its tables come to more text than a document holds.
pub(super) fn read(source: &str) -> Result<String, Problem> {
    let source = unescape_literal(source);
    let mut page = Page::default();
    let mut scanner = Scanner::new(&source);
    while let Some(token) = scanner.next() {
        match token {
            Token::Text(text) => page.text(&decode_entities(text)),
            Token::Open { name, attributes, empty } => {
                // One that never ends takes nothing but its tag, or the rest of the page would go with it.
                let dropped = DROPPED.iter().find(|dropped| **dropped == name).filter(|_| !empty);
                if !dropped.is_some_and(|name| scanner.skip_element(name)) {
                    page.open(&name, attributes);
                }
            }
            Token::Close { name } => page.close(&name),
        }
    }
    page.end_line();
    page.flow.into_text()
}

#[derive(Default)]
struct Page {
    flow: Flow,
    line: String,
    gap: Gap,
    preformatted: usize,
    lists: Vec<Option<u32>>,
    skipped_tables: usize,
}

/// White space seen since the last character.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Gap {
    #[default]
    None,
    Space,
    /// Holds a line end of the source, which separates words but not Chinese characters.
    Break,
}

impl Page {
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' if self.preformatted > 0 => self.end_line(),
                '\t' if self.preformatted > 0 => self.line.push('\t'),
                '\n' | '\r' => self.gap = Gap::Break,
                ' ' | '\t' | '\u{c}' | '\u{a0}' => {
                    self.gap = if self.gap == Gap::Break { Gap::Break } else { Gap::Space }
                }
                '\u{200b}' | '\u{feff}' | '\u{ad}' => {}
                c if c.is_control() => {}
                c => {
                    let before = self.line.chars().next_back();
                    let joined = self.gap == Gap::Break && !c.is_ascii() && before.is_some_and(|b| !b.is_ascii());
                    if self.gap != Gap::None && before.is_some() && !joined {
                        self.line.push(' ');
                    }
                    self.gap = Gap::None;
                    self.line.push(c);
                }
            }
        }
    }

    fn end_line(&mut self) {
        self.gap = Gap::None;
        self.flow.paragraph(&self.line);
        self.line.clear();
    }

    fn open(&mut self, name: &str, attributes: &str) {
        if !BLOCKS.contains(&name) {
            return;
        }
        self.end_line();
        match name {
            "table" if self.flow.depth() < TABLES_DEEP_MAX => self.flow.open_table(),
            "table" => self.skipped_tables += 1,
            "tr" if self.skipped_tables == 0 => self.flow.open_row(),
            "td" | "th" if self.skipped_tables == 0 => {
                // A page saved in part may begin inside its table.
                if self.flow.depth() == 0 {
                    self.flow.open_table();
                }
                let span = |key| tag::attribute(attributes, key).and_then(|value| value.trim().parse().ok());
                self.flow.open_cell(span("colspan").unwrap_or(1), span("rowspan").unwrap_or(1));
            }
            "pre" => self.preformatted += 1,
            "ul" => self.lists.push(None),
            "ol" => {
                let start = tag::attribute(attributes, "start").and_then(|value| value.trim().parse().ok());
                self.lists.push(Some(start.unwrap_or(1)));
            }
            "li" => {
                if let Some(Some(number)) = self.lists.last_mut() {
                    self.line = format!("{number}. ");
                    *number = number.saturating_add(1);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if !BLOCKS.contains(&name) {
            return;
        }
        self.end_line();
        match name {
            "table" if self.skipped_tables > 0 => self.skipped_tables -= 1,
            "table" => self.flow.close_table(),
            "td" | "th" if self.skipped_tables == 0 => self.flow.close_cell(),
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "ul" | "ol" => {
                self.lists.pop();
            }
            _ => {}
        }
    }
}

/// Pages kept as a string literal of a database dump: `\"` within tags gives them away.
fn unescape_literal(source: &str) -> Cow<'_, str> {
    if source.matches("=\\\"").take(LIKELY_MIN).count() < LIKELY_MIN {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'r') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(escaped) => out.push(escaped),
                None => {}
            },
            (c, false) => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Entities decoded once; `&nbsp;` is an ordinary space. What is none stays as it is.
pub(super) fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(ENTITY_BYTES_MAX).position(|byte| byte == b';');
        match end.and_then(|end| after.split_at_checked(end + 1)) {
            Some(("nbsp;" | "ensp;" | "emsp;" | "thinsp;", tail)) => {
                out.push(' ');
                rest = tail;
            }
            Some((name, tail)) if name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'#' | b';')) => {
                out.push_str(&html_escape::decode_html_entities(&format!("&{name}")));
                rest = tail;
            }
            _ => match after.strip_prefix("nbsp") {
                Some(tail) => {
                    out.push(' ');
                    rest = tail;
                }
                None => {
                    out.push('&');
                    rest = after;
                }
            },
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{decode_entities, is_html, read};

    #[test]
    fn pages_become_lines() {
        let cases = [
            ("<p>一、甲<b>乙</b></p><p>丙<br>丁</p>", "一、甲乙\n丙\n丁\n"),
            ("<p>市水务局、\n  市城管局 Tel\n 12</p>", "市水务局、市城管局 Tel 12\n"),
            ("<script>if (a<b) {}</script><style>p{}</style><title>站</title><p>甲</p>", "甲\n"),
            ("<p>甲<script>乙</p>", "甲乙\n"),
            ("<p>甲<!-- <p>注</p> -->乙</p><![CDATA[ ]]>", "甲乙\n"),
            ("<p title='a>b'>1 < 2 &lt;办法&gt; &#12300;丙&#x300d;</p>", "1 < 2 <办法> 「丙」\n"),
            ("<P>关于《A市办法》<A市></P>", "关于《A市办法》<A市>\n"),
            ("<ol start=3><li>甲<li>乙<ul><li>丙</ul></ol><ul><li>丁</li></ul>", "3. 甲\n4. 乙\n丙\n丁\n"),
            ("<pre>甲\t乙\n丙</pre>", "甲\t乙\n丙\n"),
            ("<p>甲&nbsp;&nbsp;乙&emsp;丙</p>", "甲 乙 丙\n"),
            ("<td><p style=\\\"a\\\">\\n\\t甲</p><p class=\\\"b\\\" id=\\\"c\\\">乙</p></td>", "甲\n乙\n"),
        ];
        for (source, expected) in cases {
            assert_eq!(read(source).as_deref(), Ok(expected), "{source}");
        }
    }

    #[test]
    fn tables_become_rows() {
        let source = "<table><caption>分工表</caption><tr><th>序号<th>任务<th colspan=2>单位</tr>\
            <tr><td rowspan='2'>1</td><td>管网<br>改造</td><td>水务局</td><td></td></tr>\
            <tr><td>清淤</td><td colspan=\"2\">城管局</td></tr></table><p>注</p>";
        let expected = "分工表\n序号\t任务\t单位\t\n1\t管网 改造\t水务局\t\n1\t清淤\t城管局\t\n注\n";
        assert_eq!(read(source).as_deref(), Ok(expected));
    }

    #[test]
    fn only_pages_are_html() {
        for (text, named, expected) in [
            ("<html>", false, true),
            ("1 < 2，<A市办法>", false, false),
            ("<p>甲</p>", false, false),
            ("<p>甲</p>", true, true),
            ("甲<br>乙<br/>丙<br />", false, true),
        ] {
            assert_eq!(is_html(text, named), expected, "{text}");
        }
    }

    #[test]
    fn entities_are_decoded_once() {
        for (text, expected) in
            [("&amp;lt;", "&lt;"), ("A&B;甲&乙", "A&B;甲&乙"), ("?a=1&amp;b=2", "?a=1&b=2"), ("&nbsp甲&", " 甲&")]
        {
            assert_eq!(decode_entities(text), expected, "{text}");
        }
    }
}
