//! The numbers Word makes itself (`numbering.xml`): they stand on the page but not in the text of the document.

use std::collections::{HashMap, HashSet};

use super::numeral::numeral;
use super::xml::{Malformed, Node, attribute, is_on, number, walk};

/// Levels of a list in the format.
const LEVELS: usize = 9;

/// The lists of a document and how far each has been counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    schemes: HashMap<i64, Scheme>,
    lists: HashMap<i64, List>,
    counts: HashMap<i64, [Option<i64>; LEVELS]>,
    begun: HashSet<(i64, usize)>,
}

#[derive(Clone, Debug, Default)]
struct Scheme {
    levels: [Level; LEVELS],
}

#[derive(Clone, Debug)]
struct Level {
    start: i64,
    format: String,
    text: String,
    style: Option<String>,
    /// Every number in it is written in Arabic digits.
    legal: bool,
    /// Counting goes on when a higher level goes on.
    continues: bool,
    glued: bool,
}

impl Default for Level {
    fn default() -> Level {
        Level {
            start: 1,
            format: "decimal".to_owned(),
            text: String::new(),
            style: None,
            legal: false,
            continues: false,
            glued: false,
        }
    }
}

#[derive(Debug, Default)]
struct List {
    scheme: i64,
    starts: HashMap<usize, i64>,
    levels: HashMap<usize, Level>,
}

impl Numbering {
    /// The level of a list that is tied to a paragraph style.
    pub(super) fn level_of_style(&self, list: i64, style: &str) -> Option<i64> {
        let scheme = self.schemes.get(&self.lists.get(&list)?.scheme)?;
        scheme.levels.iter().position(|level| level.style.as_deref() == Some(style)).map(|at| at as i64)
    }

    /// Counts one paragraph of a list and gives what Word writes before it; empty for bullets and unknown lists.
    pub(super) fn next(&mut self, list_id: i64, level: i64) -> String {
        let at = usize::try_from(level).unwrap_or(0).min(LEVELS - 1);
        let Some(list) = self.lists.get(&list_id) else { return String::new() };
        let Some(scheme) = self.schemes.get(&list.scheme) else { return String::new() };
        let level_at = |at: usize| list.levels.get(&at).or_else(|| scheme.levels.get(at));
        let Some(level) = level_at(at) else { return String::new() };
        let counts = self.counts.entry(list.scheme).or_default();
        let restarted = list.starts.get(&at).filter(|_| self.begun.insert((list_id, at)));
        for (depth, count) in counts.iter_mut().enumerate() {
            let start = level_at(depth).map_or(1, |level| level.start);
            if depth < at {
                count.get_or_insert(start);
            } else if depth == at {
                *count = Some(match (restarted, *count) {
                    (Some(start), _) => *start,
                    (None, Some(count)) => count.saturating_add(1),
                    (None, None) => start,
                });
            } else if !level_at(depth).is_some_and(|level| level.continues) {
                *count = None;
            }
        }
        if level.format == "bullet" {
            return String::new();
        }
        let mut label = String::new();
        let mut chars = level.text.chars().peekable();
        while let Some(c) = chars.next() {
            match (c, chars.peek().and_then(|digit| digit.to_digit(10)).filter(|digit| *digit > 0)) {
                ('%', Some(digit)) => {
                    chars.next();
                    let named = digit as usize - 1;
                    let format = level_at(named).map_or("decimal", |level| &level.format);
                    let format = if level.legal { "decimal" } else { format };
                    label.push_str(&numeral(counts.get(named).copied().flatten().unwrap_or(1), format));
                }
                _ => label.push(c),
            }
        }
        // The blank Word puts after a number is wanted after digits; after `、` or `）` nobody writes one.
        if !level.glued && label.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ')')) {
            label.push(' ');
        }
        label
    }
}

/// Reads `numbering.xml`.
pub(super) fn read(xml: &str) -> Result<Numbering, Malformed> {
    let mut numbering = Numbering::default();
    let mut scheme: Option<(i64, Scheme)> = None;
    let mut list: Option<(i64, List)> = None;
    let mut level: Option<(usize, Level)> = None;
    let mut overridden = 0usize;
    walk(xml, |node| {
        match node {
            Node::Open("abstractNum", element) => {
                scheme = number(element, "abstractNumId").map(|id| (id, Scheme::default()));
            }
            Node::Open("num", element) => list = number(element, "numId").map(|id| (id, List::default())),
            Node::Open("abstractNumId", element) => {
                if let (Some((_, list)), Some(id)) = (&mut list, number(element, "val")) {
                    list.scheme = id;
                }
            }
            Node::Open("lvlOverride", element) => overridden = depth(number(element, "ilvl")),
            Node::Open("startOverride", element) => {
                if let (Some((_, list)), Some(start)) = (&mut list, number(element, "val")) {
                    list.starts.insert(overridden, start);
                }
            }
            Node::Open("lvl", element) => level = Some((depth(number(element, "ilvl")), Level::default())),
            Node::Open("pPr" | "rPr", _) => return false,
            Node::Open(name, element) => {
                if let Some((_, level)) = &mut level {
                    match name {
                        "start" => level.start = number(element, "val").unwrap_or(1),
                        "numFmt" => level.format = attribute(element, "val").unwrap_or_default(),
                        "lvlText" => level.text = attribute(element, "val").unwrap_or_default(),
                        "pStyle" => level.style = attribute(element, "val"),
                        "isLgl" => level.legal = is_on(element),
                        "lvlRestart" => level.continues = number(element, "val") == Some(0),
                        "suff" => level.glued = attribute(element, "val").as_deref() == Some("nothing"),
                        _ => {}
                    }
                }
            }
            Node::Close("lvl") => {
                if let Some((at, level)) = level.take() {
                    if let Some((_, list)) = &mut list {
                        list.levels.insert(at, level);
                    } else if let Some(slot) = scheme.as_mut().and_then(|(_, scheme)| scheme.levels.get_mut(at)) {
                        *slot = level;
                    }
                }
            }
            Node::Close("abstractNum") => numbering.schemes.extend(scheme.take()),
            Node::Close("num") => numbering.lists.extend(list.take()),
            _ => {}
        }
        true
    })?;
    Ok(numbering)
}

fn depth(level: Option<i64>) -> usize {
    level.and_then(|level| usize::try_from(level).ok()).unwrap_or(0).min(LEVELS - 1)
}

#[cfg(test)]
mod tests {
    use super::read;

    const XML: &str = r#"<w:numbering xmlns:w="w">
        <w:abstractNum w:abstractNumId="7">
          <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
          <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
          <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
          <w:lvl w:ilvl="3"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%4"/><w:isLgl/><w:suff w:val="nothing"/></w:lvl>
          <w:lvl w:ilvl="4"><w:numFmt w:val="bullet"/><w:lvlText w:val="*"/></w:lvl>
        </w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="7"/>
          <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
      </w:numbering>"#;

    #[test]
    fn lists_count_like_word() {
        let mut numbering = read(XML).expect("well-formed");
        let steps = [
            (1, 0, "一、"),
            (1, 1, "（一）"),
            (1, 1, "（二）"),
            (1, 2, "3. "),
            (1, 0, "二、"),
            (1, 1, "（一）"),
            (1, 3, "2.1"),
            (1, 4, ""),
            (2, 0, "一、"),
            (2, 0, "二、"),
            (1, 0, "三、"),
            (9, 0, ""),
        ];
        for (step, (list, level, expected)) in steps.into_iter().enumerate() {
            assert_eq!(numbering.next(list, level), expected, "step {step}");
        }
    }
}
