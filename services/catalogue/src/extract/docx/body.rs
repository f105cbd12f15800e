//! The body of a Word document: paragraphs, tables, text boxes.

use quick_xml::events::BytesStart;

use super::super::Problem;
use super::super::flow::Flow;
use super::numbering::Numbering;
use super::styles::{Listed, Styles};
use super::xml::{Malformed, Node, attribute, is_on, number, walk};

/// Elements passed over whole: deleted or moved-away text, former properties, second copies for older programs, the
/// reading above a character, codes of fields.
const PASSED_OVER: &[&str] = &[
    "del",
    "moveFrom",
    "pPrChange",
    "rPrChange",
    "tblPrChange",
    "tcPrChange",
    "trPrChange",
    "sectPrChange",
    "numberingChange",
    "Fallback",
    "rt",
    "instrText",
    "delText",
    "delInstrText",
    "sdtPr",
    "tblPr",
    "tblGrid",
    "sectPr",
];

/// The lines of a body.
///
/// # Errors
/// Its XML is not whole, or its tables come to more text than a document holds.
pub(super) fn read(xml: &str, styles: &Styles, numbering: Numbering) -> Result<String, Problem> {
    let mut body = Body { styles, numbering, ..Body::new(styles) };
    walk(xml, |node| match node {
        Node::Open(name, element) => body.open(name, element),
        Node::Close(name) => {
            body.close(name);
            true
        }
        Node::Text(text) => {
            body.text(text);
            true
        }
    })
    .map_err(|Malformed| Problem::Damaged { what: "正文部件不是完整的 XML" })?;
    body.flow.into_text()
}

struct Body<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    flow: Flow,
    /// Open paragraphs: more than one where a text box stands in a paragraph.
    paragraphs: Vec<Paragraph>,
    /// Text of a paragraph whose end mark was deleted: it runs on in the next.
    carried: String,
    in_properties: usize,
    in_text: bool,
    in_run: usize,
    rows: Vec<Row>,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    listed: Listed,
    runs_on: bool,
    hidden: bool,
    boxes: Vec<String>,
}

/// The cell properties come before its text, so a cell is opened when they are over.
#[derive(Default)]
struct Row {
    columns: usize,
    merged: bool,
    deleted: bool,
    opened: bool,
}

impl<'a> Body<'a> {
    fn new(styles: &'a Styles) -> Body<'a> {
        Body {
            styles,
            numbering: Numbering::default(),
            flow: Flow::default(),
            paragraphs: Vec::new(),
            carried: String::new(),
            in_properties: 0,
            in_text: false,
            in_run: 0,
            rows: Vec::new(),
        }
    }

    /// Whether to go into the element.
    fn open(&mut self, name: &str, element: &BytesStart<'_>) -> bool {
        if self.in_properties > 0 {
            return self.property(name, element);
        }
        if PASSED_OVER.contains(&name) {
            return false;
        }
        match name {
            "p" => {
                self.begin_cell();
                let text = std::mem::take(&mut self.carried);
                self.paragraphs.push(Paragraph { text, ..Paragraph::default() });
            }
            "pPr" | "rPr" | "tcPr" | "trPr" => self.in_properties = 1,
            "r" => {
                self.in_run += 1;
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.hidden = false;
                }
            }
            "t" => self.in_text = true,
            "tab" => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "sym" => {
                // Signs of symbol fonts stand in the private area and mean nothing outside of them.
                let code = attribute(element, "char").and_then(|code| u32::from_str_radix(&code, 16).ok());
                if let Some(c) = code.filter(|code| !(0xE000..0xF900).contains(code)).and_then(char::from_u32) {
                    self.push(c.encode_utf8(&mut [0; 4]));
                }
            }
            "tbl" => {
                self.begin_cell();
                self.flow.open_table();
                self.rows.push(Row::default());
            }
            "tr" => {
                if let Some(row) = self.rows.last_mut() {
                    *row = Row { opened: true, ..Row::default() };
                }
                self.flow.open_row();
            }
            "tc" => {
                if let Some(row) = self.rows.last_mut() {
                    *row = Row { columns: 1, deleted: row.deleted, ..Row::default() };
                }
            }
            _ => {}
        }
        true
    }

    /// A property of a paragraph, run, row or cell.
    fn property(&mut self, name: &str, element: &BytesStart<'_>) -> bool {
        let inside = self.in_properties;
        match (name, self.paragraphs.last_mut(), self.rows.last_mut()) {
            (name, _, _) if name.ends_with("Change") => return false,
            ("gridSpan", _, Some(row)) => {
                row.columns = number(element, "val").and_then(|span| usize::try_from(span).ok()).unwrap_or(1);
            }
            ("vMerge", _, Some(row)) => {
                row.merged = attribute(element, "val").as_deref() != Some("restart");
            }
            ("gridBefore", _, Some(_)) => {
                let columns = number(element, "val").and_then(|span| usize::try_from(span).ok()).unwrap_or(0);
                if columns > 0 {
                    self.flow.open_cell(columns, 1);
                    self.flow.close_cell();
                }
            }
            ("pStyle", Some(paragraph), _) => paragraph.style = attribute(element, "val"),
            ("numId", Some(paragraph), _) => paragraph.listed.list = number(element, "val"),
            ("ilvl", Some(paragraph), _) => paragraph.listed.level = number(element, "val"),
            ("vanish", Some(paragraph), _) if self.in_run > 0 => paragraph.hidden = is_on(element),
            ("del", Some(paragraph), _) if self.in_run == 0 && inside > 1 => paragraph.runs_on = true,
            ("del", None, Some(row)) => row.deleted = true,
            _ => {}
        }
        self.in_properties += 1;
        true
    }

    fn close(&mut self, name: &str) {
        if self.in_properties > 0 {
            self.in_properties -= 1;
            if self.in_properties == 0 && name == "tcPr" {
                self.begin_cell();
            }
            return;
        }
        match name {
            "p" => self.end_paragraph(),
            "r" => self.in_run = self.in_run.saturating_sub(1),
            "t" => self.in_text = false,
            "tbl" => {
                self.rows.pop();
                self.flow.close_table();
            }
            "tc" => {
                self.begin_cell();
                self.flow.close_cell();
            }
            _ => {}
        }
    }

    fn begin_cell(&mut self) {
        if let Some(row) = self.rows.last_mut().filter(|row| !row.opened && row.columns > 0) {
            row.opened = true;
            if row.merged {
                self.flow.open_lower_part(row.columns);
            } else {
                self.flow.open_cell(row.columns, 1);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.in_properties == 0 {
            self.push(text);
        }
    }

    fn push(&mut self, text: &str) {
        let dropped = self.rows.last().is_some_and(|row| row.deleted || row.merged);
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| !paragraph.hidden && !dropped) {
            paragraph.text.push_str(text);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        if paragraph.runs_on && self.paragraphs.is_empty() {
            self.carried = paragraph.text;
            return;
        }
        let label = self.label(&paragraph);
        let mut lines: Vec<String> = paragraph.text.split('\n').map(str::to_owned).collect();
        if let Some(first) = lines.iter_mut().find(|line| !line.trim().is_empty()) {
            *first = format!("{label}{}", first.trim_start());
        }
        lines.extend(paragraph.boxes);
        match self.paragraphs.last_mut() {
            Some(outer) => outer.boxes.extend(lines),
            None => lines.iter().for_each(|line| self.flow.paragraph(line)),
        }
    }

    /// What Word writes before the paragraph; counted for an empty one too, as Word does.
    fn label(&mut self, paragraph: &Paragraph) -> String {
        let styled = self.styles.listed(paragraph.style.as_deref());
        let list = paragraph.listed.list.or_else(|| styled.and_then(|(listed, _)| listed.list));
        let Some(list) = list.filter(|list| *list != 0) else { return String::new() };
        let level = paragraph.listed.level.or_else(|| {
            let (listed, style) = styled?;
            listed.level.or_else(|| self.numbering.level_of_style(list, paragraph.style.as_deref().unwrap_or(style)))
        });
        self.numbering.next(list, level.unwrap_or(0))
    }
}
