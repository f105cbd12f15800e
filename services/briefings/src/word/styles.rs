//! Styles, fonts and settings. Sizes are half points: 三号 is 16 pt, 二号 22 pt, 四号 14 pt, 五号 10.5 pt.

use crate::xml::put;

/// Faces by their names in officials' offices, with what may stand in for them.
const FONTS: [(&str, &str); 5] = [
    ("仿宋_GB2312", "仿宋"),
    ("楷体_GB2312", "楷体"),
    ("方正小标宋简体", "华文中宋"),
    ("黑体", "SimHei"),
    ("宋体", "SimSun"),
];

const NAMESPACE: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

/// Twenty-eight characters of 三号 (448 pt) are 5.8 pt wider than the type area: each is set a quarter of a point closer, so
/// that 28 fit a line and 29 do not.
const NARROW: &str = "<w:spacing w:val=\"-5\"/>";

/// Latin letters and figures.
pub(super) const LATIN: &str = "Times New Roman";

/// `w:rFonts` with a Chinese face, named where Word looks for it.
pub(super) fn fonts(chinese: &str) -> String {
    format!("<w:rFonts w:ascii=\"{LATIN}\" w:hAnsi=\"{LATIN}\" w:eastAsia=\"{chinese}\" w:cs=\"{LATIN}\"/>")
}

struct Style {
    id: &'static str,
    name: &'static str,
    next: &'static str,
    paragraph: &'static str,
    font: &'static str,
    /// Half points.
    size: u32,
    bold: bool,
}

/// Beside Normal. The first-line indent is two characters wherever a paragraph begins.
const STYLES: [Style; 8] = [
    Style {
        id: "Heading1",
        name: "heading 1",
        next: "Normal",
        paragraph: "<w:keepNext/><w:keepLines/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"0\"/>",
        font: "黑体",
        size: 32,
        bold: false,
    },
    Style {
        id: "Heading2",
        name: "heading 2",
        next: "Normal",
        paragraph: "<w:keepNext/><w:keepLines/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"1\"/>",
        font: "楷体_GB2312",
        size: 32,
        bold: false,
    },
    Style {
        id: "Heading3",
        name: "heading 3",
        next: "Normal",
        paragraph: "<w:keepNext/><w:keepLines/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"2\"/>",
        font: "仿宋_GB2312",
        size: 32,
        bold: true,
    },
    Style {
        id: "Title",
        name: "Title",
        next: "Normal",
        paragraph: "<w:keepNext/><w:spacing w:before=\"579\" w:after=\"579\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
        font: "方正小标宋简体",
        size: 44,
        bold: false,
    },
    Style {
        id: "Masthead",
        name: "报头",
        next: "Normal",
        paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"0\" w:after=\"240\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
        font: "方正小标宋简体",
        size: 96,
        bold: false,
    },
    Style {
        id: "Plain",
        name: "无缩进",
        next: "Normal",
        paragraph: "<w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/>",
        font: "仿宋_GB2312",
        size: 32,
        bold: false,
    },
    Style {
        id: "Caption",
        name: "caption",
        next: "Normal",
        paragraph: "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"120\" w:after=\"60\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
        font: "黑体",
        size: 24,
        bold: false,
    },
    Style {
        id: "Cell",
        name: "表内文字",
        next: "Cell",
        paragraph: "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"20\" w:after=\"20\" w:line=\"280\" w:lineRule=\"atLeast\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"left\"/>",
        font: "仿宋_GB2312",
        size: 21,
        bold: false,
    },
];

/// `word/styles.xml`
pub(super) fn styles() -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles {NAMESPACE}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:kern w:val=\"2\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/><w:pPr><w:widowControl w:val=\"0\"/><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/></w:pPr><w:rPr>{fonts}{narrow}<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/></w:rPr></w:style><w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\"><w:name w:val=\"Default Paragraph Font\"/><w:uiPriority w:val=\"1\"/><w:semiHidden/></w:style><w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:uiPriority w:val=\"99\"/><w:semiHidden/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"108\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>",
        fonts = fonts("仿宋_GB2312"),
        narrow = NARROW
    );
    for style in &STYLES {
        put(
            &mut out,
            format_args!(
                "<w:style w:type=\"paragraph\" w:styleId=\"{}\"><w:name w:val=\"{}\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"{}\"/><w:qFormat/><w:pPr>{}</w:pPr><w:rPr>{}{}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr></w:style>",
                style.id,
                style.name,
                style.next,
                style.paragraph,
                fonts(style.font),
                if style.bold { "<w:b/>" } else { "" },
                size = style.size
            ),
        );
    }
    out.push_str("</w:styles>");
    out
}

/// `word/fontTable.xml`: what may stand in where a face is missing.
pub(super) fn font_table() -> String {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:fonts {NAMESPACE}>");
    for (name, instead) in FONTS {
        put(
            &mut out,
            format_args!(
                "<w:font w:name=\"{name}\"><w:altName w:val=\"{instead}\"/><w:charset w:val=\"86\"/><w:family w:val=\"auto\"/><w:pitch w:val=\"default\"/></w:font>"
            ),
        );
    }
    put(
        &mut out,
        format_args!("<w:font w:name=\"{LATIN}\"><w:charset w:val=\"00\"/><w:family w:val=\"roman\"/></w:font>"),
    );
    out.push_str("</w:fonts>");
    out
}

/// `word/settings.xml`: page numbers differ on odd and even pages.
pub(super) fn settings() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:settings {NAMESPACE}><w:zoom w:percent=\"100\"/><w:evenAndOddHeaders/><w:drawingGridHorizontalSpacing w:val=\"158\"/><w:drawingGridVerticalSpacing w:val=\"579\"/><w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:adjustLineHeightInTable/><w:useFELayout/><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
    )
}

/// `word/footerN.xml`: — 1 — in 宋体 四号, one character in from the outer edge.
pub(super) fn footer(even: bool) -> String {
    let (align, indent) = if even {
        ("left", "w:leftChars=\"100\" w:left=\"320\"")
    } else {
        ("right", "w:rightChars=\"100\" w:right=\"320\"")
    };
    let run = |content: &str| {
        format!(
            "<w:r><w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr>{content}</w:r>"
        )
    };
    let text = |text: &str| run(&format!("<w:t xml:space=\"preserve\">{text}</w:t>"));
    let field = |kind: &str| run(&format!("<w:fldChar w:fldCharType=\"{kind}\"/>"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:ftr {NAMESPACE}><w:p><w:pPr><w:pStyle w:val=\"Plain\"/><w:snapToGrid w:val=\"0\"/><w:ind {indent} w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"{align}\"/></w:pPr>{}{}{}{}{}{}{}</w:p></w:ftr>",
        text("— "),
        field("begin"),
        run("<w:instrText xml:space=\"preserve\"> PAGE </w:instrText>"),
        field("separate"),
        text("1"),
        field("end"),
        text(" —"),
    )
}
