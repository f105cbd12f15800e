//! A chart as its own part of the document, with the workbook Word opens for editing it.

use jiff::Timestamp;

use crate::BriefingError;
use crate::chart::{Chart, ChartKind, Series};
use crate::xml::{escaped, put};

/// Points of text in a chart, in hundredths.
const TEXT_SIZE: u32 = 900;

/// `word/charts/chartN.xml`
pub(super) fn xml(chart: &Chart) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:date1904 val=\"0\"/><c:lang val=\"zh-CN\"/><c:roundedCorners val=\"0\"/><c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea><c:layout/>",
    );
    match chart.kind {
        ChartKind::Line => out.push_str("<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>"),
        ChartKind::Bars => {
            out.push_str("<c:barChart><c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>");
        }
    }
    for (index, series) in chart.series.iter().enumerate() {
        put_series(&mut out, chart, index, series);
    }
    match chart.kind {
        ChartKind::Line => {
            out.push_str("<c:marker val=\"1\"/><c:axId val=\"1001\"/><c:axId val=\"1002\"/></c:lineChart>")
        }
        ChartKind::Bars => {
            // A bar or two would fill the whole chart.
            let gap = if chart.categories.len() < 3 { 300 } else { 45 };
            put(
                &mut out,
                format_args!("<c:gapWidth val=\"{gap}\"/><c:axId val=\"1001\"/><c:axId val=\"1002\"/></c:barChart>"),
            );
        }
    }
    put_axes(&mut out, chart);
    out.push_str("<c:spPr><a:noFill/></c:spPr></c:plotArea>");
    if chart.series.len() > 1 {
        out.push_str("<c:legend><c:legendPos val=\"t\"/><c:overlay val=\"0\"/></c:legend>");
    }
    put(
        &mut out,
        format_args!(
            "<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart><c:spPr><a:solidFill><a:srgbClr val=\"FFFFFF\"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>{}<c:externalData r:id=\"rIdData\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
            text_properties()
        ),
    );
    out
}

fn text_properties() -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{TEXT_SIZE}\"><a:solidFill><a:srgbClr val=\"1A1F26\"/></a:solidFill><a:latin typeface=\"Times New Roman\"/><a:ea typeface=\"宋体\"/></a:defRPr></a:pPr><a:endParaRPr lang=\"zh-CN\"/></a:p></c:txPr>"
    )
}

fn put_series(out: &mut String, chart: &Chart, index: usize, series: &Series) {
    let column = column_letter(index);
    let rows = chart.categories.len() + 1;
    let colour = series.colour;
    put(
        out,
        format_args!(
            "<c:ser><c:idx val=\"{index}\"/><c:order val=\"{index}\"/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx>",
            escaped(&series.name)
        ),
    );
    match chart.kind {
        ChartKind::Line => put(
            out,
            format_args!(
                "<c:spPr><a:ln w=\"25400\" cap=\"rnd\"><a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill><a:round/></a:ln></c:spPr><c:marker><c:symbol val=\"circle\"/><c:size val=\"5\"/><c:spPr><a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill><a:ln><a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill></a:ln></c:spPr></c:marker>"
            ),
        ),
        ChartKind::Bars => {
            let format = if chart.percent { "0.0%" } else { "0" };
            put(
                out,
                format_args!(
                    "<c:spPr><a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill></c:spPr><c:invertIfNegative val=\"0\"/><c:dLbls><c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:dLblPos val=\"outEnd\"/><c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls>"
                ),
            );
        }
    }
    put(
        out,
        format_args!(
            "<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${rows}</c:f><c:strCache><c:ptCount val=\"{}\"/>",
            chart.categories.len()
        ),
    );
    for (at, category) in chart.categories.iter().enumerate() {
        put(out, format_args!("<c:pt idx=\"{at}\"><c:v>{}</c:v></c:pt>", escaped(category)));
    }
    let format = if chart.percent { "0.0%" } else { "General" };
    put(
        out,
        format_args!(
            "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${rows}</c:f><c:numCache><c:formatCode>{format}</c:formatCode><c:ptCount val=\"{}\"/>",
            series.values.len()
        ),
    );
    for (at, value) in series.values.iter().enumerate() {
        if let Some(value) = value {
            put(out, format_args!("<c:pt idx=\"{at}\"><c:v>{value}</c:v></c:pt>"));
        }
    }
    out.push_str("</c:numCache></c:numRef></c:val>");
    if chart.kind == ChartKind::Line {
        out.push_str("<c:smooth val=\"0\"/>");
    }
    out.push_str("</c:ser>");
}

fn put_axes(out: &mut String, chart: &Chart) {
    let grey = "<c:spPr><a:ln w=\"6350\"><a:solidFill><a:srgbClr val=\"8A94A3\"/></a:solidFill></a:ln></c:spPr>";
    let grid = "<c:majorGridlines><c:spPr><a:ln w=\"6350\"><a:solidFill><a:srgbClr val=\"D5DBE3\"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>";
    // Lying bars run from the bottom: reversed, the first category is on top. Their values stand beside the bars.
    let (order, category_at, value_at, hidden, grid) = match chart.kind {
        ChartKind::Line => ("minMax", "b", "l", 0, grid),
        ChartKind::Bars => ("maxMin", "l", "t", 1, ""),
    };
    let format = if chart.percent { "0%" } else { "0" };
    let most = if chart.percent { "<c:max val=\"1.25\"/>" } else { "" };
    put(
        out,
        format_args!(
            "<c:catAx><c:axId val=\"1001\"/><c:scaling><c:orientation val=\"{order}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"{category_at}\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/>{grey}<c:crossAx val=\"1002\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/><c:noMultiLvlLbl val=\"1\"/></c:catAx><c:valAx><c:axId val=\"1002\"/><c:scaling><c:orientation val=\"minMax\"/>{most}<c:min val=\"0\"/></c:scaling><c:delete val=\"{hidden}\"/><c:axPos val=\"{value_at}\"/>{grid}<c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr><c:crossAx val=\"1001\"/><c:crosses val=\"autoZero\"/><c:crossBetween val=\"between\"/></c:valAx>"
        ),
    );
}

/// B, C, D … of the first, second, third series; A holds the categories.
fn column_letter(index: usize) -> char {
    u8::try_from(index).ok().and_then(|index| b'B'.checked_add(index)).map_or('B', char::from)
}

/// The chart's data as a workbook, laid out as the part refers to it.
pub(super) fn data(chart: &Chart, at: Timestamp) -> Result<Vec<u8>, BriefingError> {
    let mut workbook = crate::excel::empty(at)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1")?;
    for (row, category) in (1..).zip(&chart.categories) {
        sheet.write_string(row, 0, category)?;
    }
    for (column, series) in (1..).zip(&chart.series) {
        sheet.write_string(0, column, &series.name)?;
        for (row, value) in (1..).zip(&series.values) {
            if let Some(value) = value {
                sheet.write_number(row, column, *value)?;
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}
