//! A chart as data; each format draws it by its own means.

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chart {
    /// Title, in Chinese.
    pub(crate) title: String,
    /// What it shows, for those who cannot see it.
    pub(crate) alt: String,
    pub(crate) kind: ChartKind,
    pub(crate) categories: Vec<String>,
    pub(crate) series: Vec<Series>,
    /// Values are shares from 0 to 1, shown as per cent.
    pub(crate) percent: bool,
}

/// Its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChartKind {
    /// Points over time, joined.
    Line,
    /// Lying bars, the first category on top.
    Bars,
}

/// One row of values, as many as there are categories.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    pub(crate) name: String,
    /// None where there is nothing to show.
    pub(crate) values: Vec<Option<f64>>,
    /// RGB, six digits.
    pub(crate) colour: &'static str,
}

/// This month.
pub(crate) const THIS: &str = "0B4EA2";
/// The month before.
pub(crate) const BEFORE: &str = "A9B8CC";

impl Chart {
    /// Largest value; 0 when there is none.
    pub(crate) fn most(&self) -> f64 {
        self.series.iter().flat_map(|series| series.values.iter().flatten()).fold(0.0, |most, value| most.max(*value))
    }

    /// Height that gives every bar room, in millimetres, within a page.
    pub(crate) fn height_mm(&self) -> u32 {
        match self.kind {
            ChartKind::Line => 62,
            ChartKind::Bars => {
                // Tenths of a millimetre: the legend, then for each category its bars and a gap.
                let tenths = 150 + self.categories.len() * (self.series.len() * 28 + 20);
                u32::try_from((tenths / 10).clamp(34, 110)).unwrap_or(110)
            }
        }
    }

    /// A value as it is written beside its bar.
    pub(crate) fn written(&self, value: f64) -> String {
        if self.percent { format!("{:.1}%", value * 100.0) } else { format!("{value:.0}") }
    }
}
