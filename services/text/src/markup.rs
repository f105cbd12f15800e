//! Takes HTML off a text. A `<` only counts when a tag that HTML knows follows and is closed, because posts use angle
//! brackets for titles (`<A市物业办法>`) and comparisons (`50m<H`).

use std::borrow::Cow;
use std::sync::LazyLock;

use lol_html::html_content::{ContentType, Element};
use lol_html::{DocumentContentHandlers, ElementContentHandlers, HtmlRewriter, MemorySettings, Selector, Settings};

/// Open elements kept by the rewriter count against this, so that hostile nesting cannot make it quadratic.
const REWRITER_BYTES_MAX: usize = 128 << 10;
/// Longest tag taken for one by the plain stripper.
const TAG_BYTES_MAX: usize = 4_096;
/// Longest entity of HTML is `&CounterClockwiseContourIntegral;`.
const ENTITY_BYTES_MAX: usize = 34;

const BLOCKS: &str = "\
    address article aside blockquote body br caption center dd div dl dt fieldset figure footer form h1 \
    h2 h3 h4 h5 h6 head header hr html li main nav ol option p pre section table tbody tfoot thead title \
    tr ul";
const INLINES: &str = "\
    a abbr acronym area audio b base basefont bdi bdo big button canvas cite code col colgroup data del \
    details dfn dialog em embed figcaption font frame frameset i iframe img input ins kbd label legend \
    link map mark marquee meta nobr noframes noscript object optgroup param picture q rp rt ruby s samp \
    select small source span strike strong sub summary sup svg textarea time tt u var video wbr";
const CELLS: &str = "td th";
/// Elements whose content is not text of the post.
const DROPPED: &str = "script style template";

static ANY: LazyLock<Selector> = LazyLock::new(|| "*".parse().expect("the universal selector is valid"));

/// The text without one layer of markup; `None` when it holds none.
pub(crate) fn strip(text: &str) -> Option<String> {
    let mut result: Option<String> = None;
    if contains_tag(text) {
        result = if is_closed(text) { rewrite(text) } else { None };
        let remaining = result.as_deref().unwrap_or(text);
        if contains_tag(remaining) {
            result = Some(strip_plainly(remaining));
        }
    }
    decode_entities(result.as_deref().unwrap_or(text)).or(result)
}

/// Makes sure that nothing in the text is markup any more, at the price of its `<` and `&`: for texts built to keep
/// producing new tags when old ones are removed.
pub(crate) fn defuse(text: String) -> String {
    let text = if decode_entities(&text).is_some() { text.replace('&', " ") } else { text };
    if contains_tag(&text) { text.replace('<', " ") } else { text }
}

enum Effect {
    Nothing,
    Blank,
    Line,
    Drop,
}

/// What removing a tag of this name (lower case) leaves; `None` when HTML has no such tag.
fn effect(name: &str) -> Option<Effect> {
    if listed(BLOCKS, name) {
        Some(Effect::Line)
    } else if listed(INLINES, name) || is_prefixed(name) {
        Some(Effect::Nothing)
    } else if listed(CELLS, name) {
        Some(Effect::Blank)
    } else if listed(DROPPED, name) {
        Some(Effect::Drop)
    } else {
        None
    }
}

fn listed(list: &str, name: &str) -> bool {
    list.split(' ').any(|listed| listed == name)
}

/// `o:p` of word processors and custom elements such as `my-card`.
fn is_prefixed(name: &str) -> bool {
    name.split_once([':', '-']).is_some_and(|(before, after)| {
        !before.is_empty()
            && !after.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b':' || b == b'-')
    })
}

fn rewrite(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let elements = ElementContentHandlers::default().element(|element: &mut Element| {
        match effect(&element.tag_name()) {
            Some(Effect::Nothing) => element.remove_and_keep_content(),
            Some(Effect::Blank) => {
                element.before(" ", ContentType::Text);
                element.remove_and_keep_content();
            }
            Some(Effect::Line) => {
                element.before("\n", ContentType::Text);
                element.after("\n", ContentType::Text);
                element.remove_and_keep_content();
            }
            Some(Effect::Drop) => element.remove(),
            None => {}
        }
        Ok(())
    });
    let settings = Settings::new()
        .append_element_content_handler((Cow::Borrowed(&*ANY), elements))
        .append_document_content_handler(lol_html::doc_comments!(|comment| {
            comment.remove();
            Ok(())
        }))
        .append_document_content_handler(DocumentContentHandlers::default().doctype(
            |doctype: &mut lol_html::html_content::Doctype| {
                doctype.remove();
                Ok(())
            },
        ))
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(REWRITER_BYTES_MAX))
        .with_strict(false);
    let mut rewriter = HtmlRewriter::new(settings, |chunk: &[u8]| out.extend_from_slice(chunk));
    rewriter.write(text.as_bytes()).ok()?;
    rewriter.end().ok()?;
    String::from_utf8(out).ok()
}

/// Whether every comment and dropped element ends; otherwise the rewriter would drop the rest of the post with it.
fn is_closed(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let ends = |open: &str, close: &str| lower.rfind(open) <= lower.rfind(close);
    ends("<!--", "-->") && DROPPED.split(' ').all(|name| ends(&format!("<{name}"), &format!("</{name}")))
}

struct Tag {
    effect: Effect,
    bytes: usize,
    opens: Option<&'static str>,
}

/// The tag at the start of `text`, which begins with `<`.
fn tag(text: &str) -> Option<Tag> {
    let inner = text.strip_prefix('<')?;
    if let Some(rest) = inner.strip_prefix('!').or_else(|| inner.strip_prefix('?')) {
        let known = rest.starts_with("--")
            || ["doctype", "xml", "[cdata["]
                .iter()
                .any(|word| rest.get(..word.len()).is_some_and(|s| s.eq_ignore_ascii_case(word)));
        let bytes = if rest.starts_with("--") { rest.find("-->")? + 5 } else { close(text)? };
        return known.then_some(Tag { effect: Effect::Nothing, bytes, opens: None });
    }
    let name_from = inner.strip_prefix('/').unwrap_or(inner);
    let name_bytes =
        name_from.bytes().take(64).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-')).count();
    let name = name_from.get(..name_bytes)?.to_ascii_lowercase();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic())
        || !name_from.get(name_bytes..)?.starts_with([' ', '\n', '/', '>'])
    {
        return None;
    }
    let effect = effect(&name)?;
    let opens = if inner.starts_with('/') { None } else { DROPPED.split(' ').find(|dropped| *dropped == name) };
    Some(Tag { effect, bytes: close(text)?, opens })
}

/// Bytes up to and with the `>` of a tag, unless another `<` comes first or it is too far.
fn close(text: &str) -> Option<usize> {
    let at = text.bytes().take(TAG_BYTES_MAX).skip(1).position(|b| matches!(b, b'<' | b'>'))? + 1;
    (text.as_bytes().get(at) == Some(&b'>')).then_some(at + 1)
}

fn contains_tag(text: &str) -> bool {
    // Every unclosed comment scans to the end: look at the first only, the others cannot be closed either.
    let mut comments = true;
    text.match_indices('<').any(|(at, _)| {
        let from = text.get(at..).unwrap_or_default();
        let comment = from.starts_with("<!--");
        let found = (comments || !comment) && tag(from).is_some();
        comments &= found || !comment;
        found
    })
}

/// One pass without a parser, for what the rewriter refused or left.
fn strip_plainly(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let last_closing = |name: &str| lower.rfind(&format!("</{name}"));
    let closings: Vec<_> = DROPPED.split(' ').map(|name| (name, last_closing(name))).collect();
    let last_comment_end = lower.rfind("-->");
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(next) = rest.find('<') else {
            out.push_str(rest);
            break;
        };
        let (before, from) = rest.split_at(next);
        out.push_str(before);
        at += next;
        let hopeless = from.starts_with("<!--") && last_comment_end.is_none_or(|end| end < at);
        match if hopeless { None } else { tag(from) } {
            None => {
                out.push('<');
                at += 1;
            }
            Some(tag) => {
                match tag.effect {
                    Effect::Line => out.push('\n'),
                    Effect::Blank => out.push(' '),
                    Effect::Nothing | Effect::Drop => {}
                }
                at += tag.bytes;
                let dropped = tag.opens.and_then(|name| closings.iter().find(|(closing, _)| *closing == name));
                if let Some((name, Some(last))) = dropped
                    && *last >= at
                {
                    at += lower.get(at..).and_then(|rest| rest.find(&format!("</{name}"))).unwrap_or(0);
                }
            }
        }
    }
    out
}

/// The text with entities decoded, entities made by decoding (`&amp;lt;`) included; `None` when there is none.
/// Semicolonless `&nbsp` counts, because exports are full of it.
fn decode_entities(text: &str) -> Option<String> {
    if !text.contains('&') {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut after_blank = false;
    for c in text.chars() {
        if std::mem::take(&mut after_blank) && c == ';' {
            continue;
        }
        out.push(c);
        while let Some((at, decoded)) = entity_at_end(&out) {
            after_blank = !out.ends_with(';');
            out.truncate(at);
            out.push_str(&decoded);
            changed = true;
        }
    }
    changed.then_some(out)
}

/// Where the entity that ends `text` starts, and what it stands for.
fn entity_at_end(text: &str) -> Option<(usize, String)> {
    const BLANK: &str = "&nbsp";
    if text.ends_with(BLANK) {
        return Some((text.len() - BLANK.len(), " ".to_owned()));
    }
    if !text.ends_with(';') {
        return None;
    }
    let from = text.len().saturating_sub(ENTITY_BYTES_MAX);
    let at = from + text.as_bytes().get(from..)?.iter().rposition(|b| *b == b'&')?;
    let entity = text.get(at..)?;
    match html_escape::decode_html_entities(entity) {
        Cow::Owned(decoded) if decoded != entity => Some((at, decoded)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{contains_tag, decode_entities, rewrite, strip, strip_plainly};

    #[test]
    fn both_strippers_agree() {
        let cases = [
            ("没有标签 1 < 2 > 0", "没有标签 1 < 2 > 0"),
            ("甲<b>乙</b>丙", "甲乙丙"),
            ("甲<br/>乙<BR>丙", "甲\n乙\n丙"),
            ("甲<script>var a = '<b>';</script>乙<style>p{}</style>丙", "甲乙丙"),
            ("甲<!-- 注 -->乙<!DOCTYPE html>丙", "甲乙丙"),
            ("<o:p>甲</o:p>", "甲"),
            ("关于<A市办法>和《乙》", "关于<A市办法>和《乙》"),
            ("未完<b 的标签", "未完<b 的标签"),
        ];
        for (input, expected) in cases {
            let tidy = |s: String| s.replace("\n\n", "\n");
            assert_eq!(tidy(strip_plainly(input)), expected, "plain {input}");
            assert_eq!(rewrite(input).map(tidy).as_deref(), Some(expected), "rewriter {input}");
        }
    }

    #[test]
    fn an_unclosed_script_loses_nothing_but_its_tag() {
        assert_eq!(strip("甲<script>乙").as_deref(), Some("甲乙"));
        assert_eq!(strip("甲<!-- 乙<b>丙</b>").as_deref(), Some("甲<!-- 乙丙"));
    }

    #[test]
    fn entities_are_decoded_through_layers() {
        let cases = [
            ("1 &lt; 2 &amp;&amp; 3", Some("1 < 2 && 3")),
            ("甲&nbsp;乙&nbsp丙", Some("甲 乙 丙")),
            ("&amp;amp;amp;lt;", Some("<")),
            ("&#20013;&#x56fd;", Some("中国")),
            ("A&B; 甲&乙;", None),
            ("?mod=1&tid=2", None),
        ];
        for (input, expected) in cases {
            assert_eq!(decode_entities(input).as_deref(), expected, "{input}");
        }
    }

    #[test]
    fn only_closed_known_tags_count() {
        for (input, expected) in
            [("<b>", true), ("<b", false), ("<A市>", false), ("a<b且c>d", false), ("</p >", true), ("<bad>", false)]
        {
            assert_eq!(contains_tag(input), expected, "{input}");
        }
    }
}
