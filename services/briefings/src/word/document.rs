//! `word/document.xml`: the text.

use std::collections::BTreeMap;

use super::styles::fonts;
use crate::Briefing;
use crate::chart::Chart;
use crate::report::{Align, Block, Run, Table};
use crate::xml::{escaped, put};

/// Twips of a millimetre.
const TWIPS_PER_MM: f64 = 56.692_9;
/// English metric units of a millimetre.
const EMU_PER_MM: u32 = 36_000;
/// Width of the type area (版心), in millimetres.
const WIDTH_MM: u32 = 156;
/// Its width in twips.
const WIDTH_TWIPS: u32 = 8_844;

/// The page: A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm, 22 lines of 28 characters (GB/T 9704-2012, 5.2). The grid
/// is one of lines; 28 characters come of their spacing in the style Normal, since a grid of characters narrower than 三号
/// makes other programs than Word give each character two cells.
const PAGE: &str = "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rIdFooterOdd\"/><w:footerReference w:type=\"even\" r:id=\"rIdFooterEven\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\" w:header=\"851\" w:footer=\"1304\" w:gutter=\"0\"/><w:cols w:space=\"425\"/><w:docGrid w:type=\"lines\" w:linePitch=\"579\"/></w:sectPr>";

/// The text, and the addresses it links to, by relationship.
pub(super) struct Document {
    pub(super) xml: String,
    /// Relationship by address.
    pub(super) links: BTreeMap<String, String>,
}

/// Writes the text. Chart `n`, from 1, is the relationship `rIdChartN`.
pub(super) fn write(briefing: &Briefing) -> Document {
    let mut writer = Writer { briefing, out: String::with_capacity(64 << 10), links: BTreeMap::new(), charts: 0 };
    writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><w:body>");
    writer.head();
    for section in briefing.sections() {
        writer.styled("Heading1", &section.heading);
        for block in &section.blocks {
            match block {
                Block::Heading(text) => writer.styled("Heading2", text),
                Block::Paragraph(runs) => writer.paragraph("", runs, ""),
                Block::Table(table) => writer.table(table),
                Block::Chart(chart) => writer.chart(chart),
            }
        }
    }
    writer.foot();
    writer.out.push_str(PAGE);
    writer.out.push_str("</w:body></w:document>");
    Document { xml: writer.out, links: writer.links }
}

struct Writer<'b> {
    briefing: &'b Briefing,
    out: String,
    links: BTreeMap<String, String>,
    charts: u32,
}

impl Writer<'_> {
    /// 报头: the name in red, the issue, the office and the day, a red rule; then the title.
    fn head(&mut self) {
        let options = self.briefing.options();
        let red = "<w:rPr><w:color w:val=\"FF0000\"/></w:rPr>";
        put(
            &mut self.out,
            format_args!(
                "<w:p><w:pPr><w:pStyle w:val=\"Masthead\"/></w:pPr><w:r>{red}<w:t>{}</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=\"Plain\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>",
                Briefing::NAME,
                self.briefing.issue()
            ),
        );
        put(
            &mut self.out,
            format_args!(
                "<w:p><w:pPr><w:pStyle w:val=\"Plain\"/><w:pBdr><w:bottom w:val=\"single\" w:sz=\"18\" w:space=\"11\" w:color=\"FF0000\"/></w:pBdr><w:tabs><w:tab w:val=\"right\" w:pos=\"{WIDTH_TWIPS}\"/></w:tabs><w:jc w:val=\"left\"/></w:pPr><w:r><w:t>{}</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>{}</w:t></w:r></w:p>",
                escaped(&options.office),
                self.briefing.date()
            ),
        );
        let [first, second] = self.briefing.title_lines();
        put(
            &mut self.out,
            format_args!(
                "<w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr><w:r><w:t>{first}</w:t></w:r><w:r><w:br/></w:r><w:r><w:t>{second}</w:t></w:r></w:p>"
            ),
        );
    }

    /// 报尾: whom it goes to, who issued it and when, between black rules; kept together.
    fn foot(&mut self) {
        let options = self.briefing.options();
        let to = &options.recipients;
        let line = |content: &str, last: bool| {
            let keep = if last { "" } else { "<w:keepNext/>" };
            format!(
                "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"{WIDTH_TWIPS}\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Plain\"/>{keep}<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"60\" w:after=\"60\"/><w:jc w:val=\"left\"/></w:pPr>{content}</w:p></w:tc></w:tr>",
                WIDTH_TWIPS - 560
            )
        };
        let run = |text: &str| format!("<w:r><w:rPr><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr>{text}</w:r>");
        let text = |text: String| run(&format!("<w:t>{}</w:t>", escaped(&text)));
        let imprint =
            [text(options.office.clone()), run("<w:tab/>"), text(format!("{}印发", self.briefing.date()))].concat();
        let rule = |side: &str, size: u32| {
            format!("<w:{side} w:val=\"single\" w:sz=\"{size}\" w:space=\"0\" w:color=\"000000\"/>")
        };
        put(
            &mut self.out,
            format_args!(
                "<w:p><w:pPr><w:pStyle w:val=\"Plain\"/><w:keepNext/></w:pPr></w:p><w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH_TWIPS}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>{}{}{}</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"280\" w:type=\"dxa\"/><w:right w:w=\"280\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w=\"{WIDTH_TWIPS}\"/></w:tblGrid>{}{}{}{}</w:tbl><w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/><w:rPr><w:sz w:val=\"2\"/></w:rPr></w:pPr></w:p>",
                rule("top", 8),
                rule("bottom", 8),
                rule("insideH", 6),
                line(&text(format!("报：{}", to.up)), false),
                line(&text(format!("送：{}", to.beside)), false),
                line(&text(format!("发：{}", to.down)), false),
                line(&imprint, true),
            ),
        );
    }

    fn styled(&mut self, style: &str, text: &str) {
        self.paragraph(style, &[Run::text(text)], "");
    }

    /// A paragraph; `more` are further paragraph properties, in the order of the schema.
    fn paragraph(&mut self, style: &str, runs: &[Run], more: &str) {
        let style = if style.is_empty() { String::new() } else { format!("<w:pStyle w:val=\"{style}\"/>") };
        put(&mut self.out, format_args!("<w:p><w:pPr>{style}{more}</w:pPr>"));
        for run in runs {
            self.run(run);
        }
        self.out.push_str("</w:p>");
    }

    fn run(&mut self, run: &Run) {
        let text = format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(&run.text));
        match (&run.query, &self.briefing.options().console) {
            // A document has no site of its own to link within.
            (Some(query), Some(console)) if !console.is_empty() => {
                let next = format!("rIdLink{}", self.links.len() + 1);
                let address = format!("{}{query}", console.trim_end_matches('/'));
                let link = self.links.entry(address).or_insert(next);
                put(&mut self.out, format_args!("<w:hyperlink r:id=\"{link}\" w:history=\"1\">{text}</w:hyperlink>"));
            }
            _ => self.out.push_str(&text),
        }
    }

    fn table(&mut self, table: &Table) {
        self.styled("Caption", &table.caption);
        let widths: Vec<u32> = table.columns.iter().map(|column| twips(column.width_mm)).collect();
        let border = |side: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
        let borders: String = ["top", "left", "bottom", "right", "insideH", "insideV"].map(border).concat();
        put(
            &mut self.out,
            format_args!(
                "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"57\" w:type=\"dxa\"/><w:right w:w=\"57\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
                widths.iter().sum::<u32>()
            ),
        );
        for width in &widths {
            put(&mut self.out, format_args!("<w:gridCol w:w=\"{width}\"/>"));
        }
        self.out.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (column, width) in table.columns.iter().zip(&widths) {
            put(
                &mut self.out,
                format_args!(
                    "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EEF2F7\"/><w:vAlign w:val=\"center\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Cell\"/><w:keepNext/><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r></w:p></w:tc>",
                    fonts("黑体"),
                    column.title
                ),
            );
        }
        self.out.push_str("</w:tr>");
        for row in &table.rows {
            self.out.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for ((column, width), cell) in table.columns.iter().zip(&widths).zip(row) {
                put(
                    &mut self.out,
                    format_args!(
                        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>"
                    ),
                );
                let align = if column.align == Align::Centre { "<w:jc w:val=\"center\"/>" } else { "" };
                self.paragraph("Cell", std::slice::from_ref(cell), align);
                self.out.push_str("</w:tc>");
            }
            self.out.push_str("</w:tr>");
        }
        self.out.push_str("</w:tbl><w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr></w:p>");
    }

    fn chart(&mut self, chart: &Chart) {
        self.charts += 1;
        let number = self.charts;
        put(
            &mut self.out,
            format_args!(
                "<w:p><w:pPr><w:pStyle w:val=\"Caption\"/></w:pPr><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{}\" cy=\"{}\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/><wp:docPr id=\"{number}\" name=\"图{number}\" descr=\"{}\"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart r:id=\"rIdChart{number}\"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
                WIDTH_MM * EMU_PER_MM,
                chart.height_mm() * EMU_PER_MM,
                escaped(&chart.alt)
            ),
        );
        self.paragraph("Caption", &[Run::text(&chart.title)], "<w:keepNext w:val=\"0\"/>");
    }
}

fn twips(millimetres: u32) -> u32 {
    (f64::from(millimetres) * TWIPS_PER_MM).round() as u32
}
