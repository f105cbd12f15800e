//! Which numbering a paragraph style brings along.

use std::collections::HashMap;

use super::xml::{Malformed, Node, attribute, number, walk};

/// Styles based on each other; a longer chain is a circle.
const CHAIN_MAX: usize = 32;

/// Where a paragraph stands in a list: the list's id (0: in none) and the level from 0, each where it is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) list: Option<i64>,
    pub(super) level: Option<i64>,
}

/// The paragraph styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    default: Option<String>,
}

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    listed: Listed,
}

impl Styles {
    /// The list a paragraph of this style is in, with the style that says so; of the default style for `None`.
    pub(super) fn listed<'a>(&'a self, style: Option<&'a str>) -> Option<(Listed, &'a str)> {
        let mut name = style.or(self.default.as_deref())?;
        for _ in 0..CHAIN_MAX {
            let style = self.styles.get(name)?;
            if style.listed.list.is_some() {
                return Some((style.listed, name));
            }
            name = style.based_on.as_deref()?;
        }
        None
    }
}

/// Reads `styles.xml`.
pub(super) fn read(xml: &str) -> Result<Styles, Malformed> {
    let mut styles = Styles::default();
    let mut name = String::new();
    let mut style = Style::default();
    walk(xml, |node| {
        match node {
            Node::Open("style", element) => {
                name = attribute(element, "styleId").unwrap_or_default();
                style = Style::default();
                let is_default = matches!(attribute(element, "default").as_deref(), Some("1" | "true" | "on"));
                if is_default && attribute(element, "type").as_deref() == Some("paragraph") {
                    styles.default = Some(name.clone());
                }
            }
            Node::Open("basedOn", element) => style.based_on = attribute(element, "val"),
            Node::Open("numId", element) => style.listed.list = number(element, "val"),
            Node::Open("ilvl", element) => style.listed.level = number(element, "val"),
            Node::Open("pPrChange", _) => return false,
            Node::Close("style") => {
                styles.styles.insert(std::mem::take(&mut name), std::mem::take(&mut style));
            }
            _ => {}
        }
        true
    })?;
    Ok(styles)
}
