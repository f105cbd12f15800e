//! Walking through the XML of a part.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Elements open inside each other; Word itself stops far earlier.
const DEPTH_MAX: usize = 512;

/// What the walk meets. Names come without their prefix.
pub(super) enum Node<'a> {
    Open(&'a str, &'a BytesStart<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// A part that is not well-formed, or nested beyond all sense.
#[derive(Debug)]
pub(super) struct Malformed;

/// Calls `visit` for every element and text, in order. When it returns `false` for an opening element, the element is
/// passed over with all it holds, and its end is not told.
pub(super) fn walk(xml: &str, mut visit: impl FnMut(Node<'_>) -> bool) -> Result<(), Malformed> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0usize;
    let mut passed_over: Option<usize> = None;
    loop {
        match reader.read_event().map_err(|_| Malformed)? {
            Event::Start(element) => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(Malformed);
                }
                if passed_over.is_none() && !visit(Node::Open(element.local_name().as_ref(), &element)) {
                    passed_over = Some(depth);
                }
            }
            Event::End(element) => {
                if passed_over.is_none() {
                    visit(Node::Close(element.local_name().as_ref()));
                } else if passed_over == Some(depth) {
                    passed_over = None;
                }
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) if passed_over.is_none() => {
                visit(Node::Text(&text.xml10_content()));
            }
            Event::CData(text) if passed_over.is_none() => {
                visit(Node::Text(&text.xml10_content()));
            }
            Event::GeneralRef(reference) if passed_over.is_none() => {
                let c = match reference.resolve_char_ref() {
                    Ok(Some(c)) => Some(c),
                    _ => match &*reference.xml10_content() {
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "amp" => Some('&'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None, // entities of a DTD do not occur in packages, and would be the way to blow them up
                    },
                };
                if let Some(c) = c {
                    visit(Node::Text(c.encode_utf8(&mut [0; 4])));
                }
            }
            Event::Eof => return if depth == 0 { Ok(()) } else { Err(Malformed) },
            _ => {}
        }
    }
}

/// The value of an attribute, whatever its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element.attributes().with_checks(false).flatten().find_map(|attribute| {
        (attribute.key.local_name().as_ref() == name).then(|| attribute.value.clone().into_owned())
    })
}

/// A number in an attribute.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Option<i64> {
    attribute(element, name)?.trim().parse().ok()
}

/// Whether a switch such as `<w:vanish/>` is on.
pub(super) fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(attribute(element, "val").as_deref(), Some("0" | "false" | "off" | "none"))
}

/// The part that the package's relations call its document.
pub(super) fn main_part(relations: &str) -> Option<String> {
    let mut found = None;
    let _complete = walk(relations, |node| {
        if let Node::Open("Relationship", element) = node
            && attribute(element, "Type").is_some_and(|kind| kind.ends_with("/officeDocument"))
        {
            found = attribute(element, "Target").map(|target| target.trim_start_matches('/').to_owned());
        }
        true
    });
    found
}
