//! The annex as an Excel workbook: every table in full, with native charts, and the month's part of the ledger (台账).

mod ledger;
mod lists;

use huiyin_domain::matter::Matter;
use jiff::Timestamp;
use rust_xlsxwriter::{
    Chart, ChartSeries, ChartType, Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet,
};

use crate::chart::{BEFORE, THIS};
use crate::{Briefing, BriefingError, Share};

/// The workbook as a file.
///
/// # Errors
/// [`BriefingError::Excel`].
pub(crate) fn workbook(briefing: &Briefing, matters: &[Matter]) -> Result<Vec<u8>, BriefingError> {
    let mut workbook = empty(briefing.figures().at)?;
    let look = Look::new();
    let console = briefing.options().console.clone().filter(|console| !console.is_empty());
    let book = &mut Book { workbook: &mut workbook, look: &look, console };
    whole(book, briefing)?;
    daily(book, briefing)?;
    let figures = briefing.figures();
    shares(book, "分领域", "领域", &figures.systems, true)?;
    shares(book, "分属地", "属地", &figures.places, true)?;
    shares(book, "分来源", "来源", &figures.sources, false)?;
    lists::units(book, briefing)?;
    lists::matters(book, briefing, matters)?;
    lists::promises(book, briefing)?;
    ledger::sheet(book, figures.at, matters)?;
    lists::notes(book, briefing, matters)?;
    Ok(workbook.save_to_buffer()?)
}

/// A workbook that says when its figures were taken, not when it was written: the same figures give the same bytes.
pub(crate) fn empty(at: Timestamp) -> Result<Workbook, BriefingError> {
    let mut workbook = Workbook::new();
    let at = ExcelDateTime::from_timestamp(at.as_second())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&at));
    Ok(workbook)
}

/// Formats of cells.
struct Look {
    title: Format,
    head: Format,
    text: Format,
    centre: Format,
    number: Format,
    change: Format,
    percent: Format,
    date: Format,
}

impl Look {
    fn new() -> Look {
        let cell = || {
            Format::new()
                .set_font_name("宋体")
                .set_font_size(11)
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
        };
        let number = |format: &str| cell().set_num_format(format).set_align(FormatAlign::Center);
        Look {
            title: Format::new().set_font_name("宋体").set_font_size(16).set_bold(),
            head: cell()
                .set_font_name("黑体")
                .set_background_color(Color::RGB(0xEE_F2_F7))
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            text: cell().set_text_wrap(),
            centre: cell().set_align(FormatAlign::Center),
            number: number("#,##0"),
            change: number("+#,##0;-#,##0;0"),
            percent: number("0.0%"),
            date: number("yyyy-mm-dd"),
        }
    }
}

/// One value of a row.
enum Value<'v> {
    Text(&'v str),
    Centre(&'v str),
    Number(u64),
    /// A number with the console query of its list.
    Listed(u64, &'v str),
    Change(i64),
    Percent(Option<f64>),
    Date(jiff::civil::Date),
}

/// The workbook under construction.
struct Book<'b> {
    workbook: &'b mut Workbook,
    look: &'b Look,
    console: Option<String>,
}

/// Name and width of a column, in characters.
type Heading = (&'static str, f64);

impl Book<'_> {
    /// A sheet with a frozen header row and its rows; printed on landscape A4, the header on every page.
    fn sheet<'v>(
        &mut self,
        name: &str,
        headings: &[Heading],
        rows: impl IntoIterator<Item = Vec<Value<'v>>>,
    ) -> Result<&mut Worksheet, BriefingError> {
        let (look, console) = (self.look, self.console.clone());
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_paper_size(9);
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        for (column, (title, width)) in (0..).zip(headings) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, *title, &look.head)?;
        }
        for (row, values) in (1..).zip(rows) {
            for (column, value) in (0..).zip(values) {
                write(sheet, look, console.as_deref(), row, column, &value)?;
            }
        }
        Ok(sheet)
    }
}

fn write(
    sheet: &mut Worksheet,
    look: &Look,
    console: Option<&str>,
    row: u32,
    column: u16,
    value: &Value<'_>,
) -> Result<(), BriefingError> {
    match value {
        Value::Text(text) => sheet.write_string_with_format(row, column, *text, &look.text)?,
        Value::Centre(text) => sheet.write_string_with_format(row, column, *text, &look.centre)?,
        Value::Number(number) => sheet.write_number_with_format(row, column, *number as f64, &look.number)?,
        Value::Listed(number, query) => {
            if let Some(console) = console {
                // Written first: the number takes its place and the link stays.
                let address = format!("{}{query}", console.trim_end_matches('/'));
                sheet.write_url_with_format(row, column, address.as_str(), &look.number)?;
            }
            sheet.write_number_with_format(row, column, *number as f64, &look.number)?
        }
        Value::Change(change) => sheet.write_number_with_format(row, column, *change as f64, &look.change)?,
        Value::Percent(Some(rate)) => sheet.write_number_with_format(row, column, *rate, &look.percent)?,
        Value::Percent(None) => sheet.write_string_with_format(row, column, "—", &look.centre)?,
        Value::Date(date) => {
            let (year, month, day) =
                (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs());
            let date = ExcelDateTime::from_ymd(year, month, day)?;
            sheet.write_datetime_with_format(row, column, &date, &look.date)?
        }
    };
    Ok(())
}

/// 总体
fn whole(book: &mut Book<'_>, briefing: &Briefing) -> Result<(), BriefingError> {
    let figures = briefing.figures();
    let whole = figures.figures.iter().map(|one| {
        vec![
            Value::Text(&one.label),
            Value::Listed(one.value, &one.query),
            Value::Number(one.before),
            Value::Change(one.change),
            Value::Centre(&one.unit),
        ]
    });
    let shares = figures.grades.iter().chain(&figures.states).map(|one| {
        vec![
            Value::Text(&one.name),
            Value::Listed(one.matters, &one.query),
            Value::Number(one.before),
            Value::Change(one.change),
            Value::Centre("件"),
        ]
    });
    let rate = vec![
        Value::Text("按时回应率"),
        Value::Percent(figures.in_time.value),
        Value::Percent(figures.in_time.before),
        Value::Centre(""),
        Value::Centre(""),
    ];
    let headings = [("指标", 30.0), ("本月", 12.0), ("上月", 12.0), ("增减", 12.0), ("单位", 8.0)];
    book.sheet("总体", &headings, whole.chain(std::iter::once(rate)).chain(shares))?;
    Ok(())
}

/// 分日
fn daily(book: &mut Book<'_>, briefing: &Briefing) -> Result<(), BriefingError> {
    let figures = briefing.figures();
    let rows = figures.daily.iter().map(|one| {
        let before = one.before.map_or(Value::Centre("—"), Value::Number);
        vec![Value::Date(one.date), Value::Listed(one.opened, &one.query), before]
    });
    let sheet = book.sheet("分日", &[("日期", 14.0), ("收录事项", 12.0), ("上月同日", 12.0)], rows)?;
    let last = u32::try_from(figures.daily.len()).unwrap_or(u32::MAX);
    if last > 0 {
        let mut chart = Chart::new(ChartType::Line);
        for (column, name, colour) in [(1, "本月", THIS), (2, "上月", BEFORE)] {
            series(&mut chart, "分日", column, last, name, colour);
        }
        finish(&mut chart, "每日收录事项（件）", "折线图：每日收录事项件数，本月与上月同日");
        sheet.insert_chart(1, 4, &chart)?;
    }
    Ok(())
}

fn shares(
    book: &mut Book<'_>,
    name: &str,
    heading: &'static str,
    shares: &[Share],
    drawn: bool,
) -> Result<(), BriefingError> {
    let rows = shares.iter().map(|share| {
        vec![
            Value::Text(&share.name),
            Value::Listed(share.matters, &share.query),
            Value::Number(share.before),
            Value::Change(share.change),
        ]
    });
    let sheet = book.sheet(name, &[(heading, 26.0), ("本月", 12.0), ("上月", 12.0), ("增减", 12.0)], rows)?;
    let last = u32::try_from(shares.len().min(15)).unwrap_or(0);
    if drawn && last > 0 {
        let mut chart = Chart::new(ChartType::Bar);
        for (column, label, colour) in [(1, "本月", THIS), (2, "上月", BEFORE)] {
            series(&mut chart, name, column, last, label, colour);
        }
        chart.y_axis().set_major_gridlines(false);
        chart.x_axis().set_reverse();
        finish(&mut chart, &format!("{name}收录事项（件）"), &format!("条形图：{name}收录事项件数，本月与上月"));
        chart.set_height(120 + last * 34);
        sheet.insert_chart(1, 5, &chart)?;
    }
    Ok(())
}

/// The values of a column, rows 1 to `last`, with the first column as categories.
fn series(chart: &mut Chart, sheet: &str, column: u16, last: u32, name: &str, colour: &str) {
    let colour = u32::from_str_radix(colour, 16).map_or(Color::Default, Color::RGB);
    let mut series = ChartSeries::new();
    series.set_categories((sheet, 1, 0, last, 0)).set_values((sheet, 1, column, last, column)).set_name(name);
    let mut format = rust_xlsxwriter::ChartFormat::new();
    format.set_line(rust_xlsxwriter::ChartLine::new().set_color(colour));
    format.set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(colour));
    series.set_format(&mut format);
    chart.push_series(&series);
}

fn finish(chart: &mut Chart, title: &str, alt: &str) {
    chart.title().set_name(title);
    chart.set_alt_text(alt);
    chart.set_width(640).set_height(340);
    chart.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Top);
}
