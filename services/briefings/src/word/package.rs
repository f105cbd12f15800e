//! The parts put together as one file (OPC, ISO/IEC 29500-2).

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::document::Document;
use super::styles;
use crate::xml::{escaped, put};
use crate::{Briefing, BriefingError};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Packs document, styles and charts (their parts and data). The same input gives the same bytes.
pub(super) fn pack(
    briefing: &Briefing,
    document: &Document,
    charts: &[(String, Vec<u8>)],
) -> Result<Vec<u8>, BriefingError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut add = |name: String, bytes: &[u8]| -> Result<(), BriefingError> {
        zip.start_file(name, options)?;
        Ok(zip.write_all(bytes)?)
    };
    add("[Content_Types].xml".into(), content_types(charts.len()).as_bytes())?;
    add("_rels/.rels".into(), package_relations().as_bytes())?;
    add("docProps/core.xml".into(), core(briefing).as_bytes())?;
    add("docProps/app.xml".into(), app().as_bytes())?;
    add("word/document.xml".into(), document.xml.as_bytes())?;
    add("word/_rels/document.xml.rels".into(), document_relations(document, charts.len()).as_bytes())?;
    add("word/styles.xml".into(), styles::styles().as_bytes())?;
    add("word/settings.xml".into(), styles::settings().as_bytes())?;
    add("word/fontTable.xml".into(), styles::font_table().as_bytes())?;
    add("word/footer1.xml".into(), styles::footer(false).as_bytes())?;
    add("word/footer2.xml".into(), styles::footer(true).as_bytes())?;
    for (number, (xml, data)) in (1..).zip(charts) {
        add(format!("word/charts/chart{number}.xml"), xml.as_bytes())?;
        add(format!("word/charts/_rels/chart{number}.xml.rels"), chart_relations(number).as_bytes())?;
        add(format!("word/embeddings/chart{number}.xlsx"), data)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn content_types(charts: usize) -> String {
    let mut out = format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"xlsx\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"/><Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/><Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/>"
    );
    for (part, kind) in [
        ("document", "document.main"),
        ("styles", "styles"),
        ("settings", "settings"),
        ("fontTable", "fontTable"),
        ("footer1", "footer"),
        ("footer2", "footer"),
    ] {
        put(&mut out, format_args!("<Override PartName=\"/word/{part}.xml\" ContentType=\"{WORD_TYPE}.{kind}+xml\"/>"));
    }
    for number in 1..=charts {
        put(
            &mut out,
            format_args!(
                "<Override PartName=\"/word/charts/chart{number}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.drawingml.chart+xml\"/>"
            ),
        );
    }
    out.push_str("</Types>");
    out
}

fn relations(all: &[(String, String, String, bool)]) -> String {
    let mut out =
        format!("{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for (id, kind, target, outside) in all {
        let mode = if *outside { " TargetMode=\"External\"" } else { "" };
        put(&mut out, format_args!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{}\"{mode}/>", escaped(target)));
    }
    out.push_str("</Relationships>");
    out
}

fn package_relations() -> String {
    let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    relations(&[
        ("rId1".into(), format!("{RELATIONS}/officeDocument"), "word/document.xml".into(), false),
        ("rId2".into(), core.into(), "docProps/core.xml".into(), false),
        ("rId3".into(), format!("{RELATIONS}/extended-properties"), "docProps/app.xml".into(), false),
    ])
}

fn document_relations(document: &Document, charts: usize) -> String {
    let part =
        |id: &str, kind: &str, target: &str| (id.to_owned(), format!("{RELATIONS}/{kind}"), target.to_owned(), false);
    let mut all = vec![
        part("rIdStyles", "styles", "styles.xml"),
        part("rIdSettings", "settings", "settings.xml"),
        part("rIdFonts", "fontTable", "fontTable.xml"),
        part("rIdFooterOdd", "footer", "footer1.xml"),
        part("rIdFooterEven", "footer", "footer2.xml"),
    ];
    for number in 1..=charts {
        all.push(part(&format!("rIdChart{number}"), "chart", &format!("charts/chart{number}.xml")));
    }
    for (address, id) in &document.links {
        all.push((id.clone(), format!("{RELATIONS}/hyperlink"), address.clone(), true));
    }
    relations(&all)
}

fn chart_relations(number: u32) -> String {
    let target = format!("../embeddings/chart{number}.xlsx");
    relations(&[("rIdData".into(), format!("{RELATIONS}/package"), target, false)])
}

fn core(briefing: &Briefing) -> String {
    let at = briefing.figures().at.strftime("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>zh-CN</dc:language><dcterms:created xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:modified></cp:coreProperties>",
        escaped(&briefing.title()),
        escaped(&briefing.options().office),
    )
}

fn app() -> String {
    format!(
        "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Huiyin</Application></Properties>"
    )
}
