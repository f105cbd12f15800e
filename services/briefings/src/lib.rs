//! The month's shared-opinion briefing (月度舆情共享通报): figures, charts, Word, HTML, Excel.
//!
//! Invariants: every figure is counted by the filter that its console query names, so the list behind a figure has as many
//! rows as the figure says; a [`Briefing`] is pure data made from figures, and every format shows the same; nothing is said
//! that no figure or ledger entry supports. Months are Beijing time. Deliberately absent: names of persons, texts of posts
//! (titles alone), and any font or drawing program: charts are native to each format.

mod chart;
mod error;
mod excel;
mod figures;
mod gather;
mod html;
mod month;
mod report;
mod slice;
mod svg;
mod word;
mod words;
mod xml;

pub use error::BriefingError;
pub use figures::{
    DayFigure, Figure, InTimeRate, MonthFigures, MonthMatter, MonthPromise, Share, UnitFigures, UnitQueries,
};
pub use gather::{MATTERS_MAX, month_figures, month_matters};
pub use month::Month;
pub use report::{Briefing, BriefingOptions, Format, Recipients};
