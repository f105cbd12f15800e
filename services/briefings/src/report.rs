//! The briefing as data: headings, paragraphs, tables and charts, the same for every format.

mod features;
mod matters;
mod overall;
mod promises;
mod units;

use huiyin_domain::BEIJING;
use huiyin_domain::matter::Matter;
use jiff::civil::Date;

use crate::chart::Chart;
use crate::words::{full_day, hour};
use crate::{BriefingError, Figure, MonthFigures, excel, html, word};

/// 月度舆情共享通报 of one month.
#[derive(Clone, Debug, PartialEq)]
pub struct Briefing {
    figures: MonthFigures,
    options: BriefingOptions,
    sections: Vec<Section>,
}

/// What the office adds to the figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BriefingOptions {
    /// The office that issues it (编发单位).
    pub office: String,
    /// Number of the issue (期号).
    pub issue_number: u32,
    /// Day of issue.
    pub date: Date,
    /// Whom it goes to.
    pub recipients: Recipients,
    /// Address of the console, such as `http://10.0.0.5:8460`: figures link to their lists there. With an empty one they
    /// link within the site that serves the page; without one they do not link.
    pub console: Option<String>,
}

/// 报、送、发
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients {
    /// 报: to those above.
    pub up: String,
    /// 送: to those beside.
    pub beside: String,
    /// 发: to those below.
    pub down: String,
}

impl Default for Recipients {
    fn default() -> Recipients {
        Recipients {
            up: "本级党委、政府有关负责同志。".into(),
            beside: "本级宣传、网信部门。".into(),
            down: "各有关地方和部门、单位。".into(),
        }
    }
}

/// A format of the briefing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Word.
    Docx,
    /// One self-contained page.
    Html,
    /// The annex with all tables.
    Xlsx,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 3] = [Format::Docx, Format::Html, Format::Xlsx];

    /// Its file name extension.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Html => "html",
            Format::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Html => "text/html; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl Briefing {
    /// Name of the publication.
    pub const NAME: &'static str = "月度舆情共享通报";

    /// The briefing of these figures.
    pub fn new(figures: MonthFigures, options: BriefingOptions) -> Briefing {
        let sections = vec![
            overall::section(&figures),
            features::section(&figures),
            matters::section(&figures),
            units::section(&figures),
            promises::section(&figures),
            method(&figures),
        ];
        Briefing { figures, options, sections }
    }

    /// Its title: 关于2026年11月政务舆情处置回应情况的通报
    pub fn title(&self) -> String {
        self.title_lines().concat()
    }

    /// The title as it is set: a line ends where the sense does.
    pub(crate) fn title_lines(&self) -> [String; 2] {
        [format!("关于{}政务舆情", self.figures.month.chinese()), "处置回应情况的通报".to_owned()]
    }

    /// Name of a file of it: 月度舆情共享通报(2026年11月).docx
    pub fn file_name(&self, format: Format) -> String {
        format!("{}({}).{}", Briefing::NAME, self.figures.month.chinese(), format.extension())
    }

    /// The figures it is made of.
    pub fn figures(&self) -> &MonthFigures {
        &self.figures
    }

    /// What the office added.
    pub fn options(&self) -> &BriefingOptions {
        &self.options
    }

    pub(crate) fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Its charts, in order.
    pub(crate) fn charts(&self) -> impl Iterator<Item = &Chart> {
        self.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
            Block::Chart(chart) => Some(chart),
            _ => None,
        })
    }

    /// 第11期
    pub(crate) fn issue(&self) -> String {
        format!("第{}期", self.options.issue_number)
    }

    /// 2026年11月22日
    pub(crate) fn date(&self) -> String {
        full_day(self.options.date)
    }

    /// One format of it. `matters` are those of the month, for the annex; the other formats do not look at them.
    ///
    /// # Errors
    /// [`BriefingError::Excel`] or [`BriefingError::Package`].
    pub fn write(&self, format: Format, matters: &[Matter]) -> Result<Vec<u8>, BriefingError> {
        match format {
            Format::Docx => word::docx(self),
            Format::Html => Ok(html::page(self).into_bytes()),
            Format::Xlsx => excel::workbook(self, matters),
        }
    }
}

/// 一、二、三 …
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    /// With its number.
    pub(crate) heading: String,
    pub(crate) blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// （一）…
    Heading(String),
    Paragraph(Vec<Run>),
    Table(Table),
    Chart(Chart),
}

/// A piece of text, perhaps with the list behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) query: Option<String>,
}

/// A table with a header row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Above it.
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Run>>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) title: &'static str,
    /// Width in millimetres; all together 156, the width of the type area.
    pub(crate) width_mm: u32,
    pub(crate) align: Align,
}

/// How the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
}

impl Run {
    /// Plain text.
    pub(crate) fn text(text: impl Into<String>) -> Run {
        Run { text: text.into(), query: None }
    }

    /// Text with the list behind it.
    pub(crate) fn listed(text: impl ToString, query: &str) -> Run {
        Run { text: text.to_string(), query: Some(query.to_owned()) }
    }

    /// A figure with its unit: 39件
    pub(crate) fn figure(figure: &Figure) -> Run {
        Run::listed(format!("{}{}", figure.value, figure.unit), &figure.query)
    }
}

/// A sentence under construction.
#[derive(Default)]
pub(crate) struct Words(Vec<Run>);

impl Words {
    pub(crate) fn say(mut self, text: impl Into<String>) -> Words {
        self.0.push(Run::text(text));
        self
    }

    pub(crate) fn listed(mut self, text: impl ToString, query: &str) -> Words {
        self.0.push(Run::listed(text, query));
        self
    }

    /// The value and unit of a figure by its key.
    pub(crate) fn figure(mut self, figures: &MonthFigures, key: &str) -> Words {
        if let Some(figure) = figures.figure(key) {
            self.0.push(Run::figure(figure));
        }
        self
    }

    pub(crate) fn paragraph(self) -> Block {
        Block::Paragraph(self.0)
    }
}

pub(crate) fn column(title: &'static str, width_mm: u32, align: Align) -> Column {
    Column { title, width_mm, align }
}

/// 六、统计口径说明
fn method(figures: &MonthFigures) -> Section {
    let mut blocks = vec![
        Words::default()
            .say(format!(
                "统计时点为{}{}。",
                if figures.complete { full_year(figures) } else { String::new() },
                hour(figures.at)
            ))
            .paragraph(),
    ];
    let numbered = figures.method.iter().enumerate();
    blocks.extend(numbered.map(|(index, text)| Words::default().say(format!("{}．{text}", index + 1)).paragraph()));
    Section { heading: "六、统计口径说明".into(), blocks }
}

/// A briefing of a past month may be made in another year.
fn full_year(figures: &MonthFigures) -> String {
    format!("{}年", BEIJING.to_datetime(figures.at).year())
}
