//! Charts as SVG, for the page.

use crate::chart::{Chart, ChartKind};
use crate::xml::{escaped, put};

/// Width of a chart, in its own units.
const WIDTH: f64 = 720.0;
/// Steps of the value axis.
const STEPS: u32 = 4;

/// An inline SVG image with a title and a description.
pub(crate) fn svg(chart: &Chart, id: &str) -> String {
    let mut out = String::new();
    let height = match chart.kind {
        ChartKind::Line => 280.0,
        ChartKind::Bars => bars_top(chart) + chart.categories.len() as f64 * row_height(chart) + 8.0,
    };
    put(
        &mut out,
        format_args!(
            "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-title {id}-alt\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-alt\">{}</desc>",
            escaped(&chart.title),
            escaped(&chart.alt)
        ),
    );
    legend(&mut out, chart);
    match chart.kind {
        ChartKind::Line => line(&mut out, chart, height),
        ChartKind::Bars => bars(&mut out, chart),
    }
    out.push_str("</svg>");
    out
}

fn legend(out: &mut String, chart: &Chart) {
    if chart.series.len() < 2 {
        return;
    }
    for (index, series) in chart.series.iter().enumerate() {
        let x = WIDTH / 2.0 - 130.0 + index as f64 * 140.0;
        put(
            out,
            format_args!(
                "<rect x=\"{x:.0}\" y=\"6\" width=\"14\" height=\"10\" fill=\"#{}\"/><text x=\"{:.0}\" y=\"16\">{}</text>",
                series.colour,
                x + 20.0,
                escaped(&series.name)
            ),
        );
    }
}

fn line(out: &mut String, chart: &Chart, height: f64) {
    let (left, right, top, bottom) = (46.0, 12.0, 30.0, 30.0);
    let most = rounded_up(chart.most());
    let y = |value: f64| top + (height - top - bottom) * (1.0 - value / most);
    for step in 0..=STEPS {
        let value = most * f64::from(step) / f64::from(STEPS);
        let at = y(value);
        put(
            out,
            format_args!(
                "<line x1=\"{left}\" x2=\"{:.0}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#d5dbe3\"/><text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - right,
                left - 8.0,
                at + 4.5,
                chart.written(value),
            ),
        );
    }
    let columns = chart.categories.len().max(2) - 1;
    let x = |index: usize| left + (WIDTH - left - right) * index as f64 / columns as f64;
    for (index, category) in chart.categories.iter().enumerate() {
        if chart.categories.len() > 16 && index % 2 == 1 {
            continue;
        }
        put(
            out,
            format_args!(
                "<text x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
                x(index),
                height - 8.0,
                escaped(category)
            ),
        );
    }
    // The month itself is drawn over the one before.
    for series in chart.series.iter().rev() {
        let points: Vec<String> = series
            .values
            .iter()
            .enumerate()
            .filter_map(|(index, value)| value.map(|value| format!("{:.1},{:.1}", x(index), y(value))))
            .collect();
        put(
            out,
            format_args!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"#{}\" stroke-width=\"2.5\" stroke-linejoin=\"round\"/>",
                points.join(" "),
                series.colour
            ),
        );
        for point in points.iter().filter_map(|point| point.split_once(',')) {
            put(
                out,
                format_args!("<circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"#{}\"/>", point.0, point.1, series.colour),
            );
        }
    }
}

fn bars_top(chart: &Chart) -> f64 {
    if chart.series.len() > 1 { 28.0 } else { 8.0 }
}

fn row_height(chart: &Chart) -> f64 {
    chart.series.len() as f64 * 13.0 + 12.0
}

fn bars(out: &mut String, chart: &Chart) {
    let names = chart.categories.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(16);
    let left = names as f64 * 14.0 + 14.0;
    let most = if chart.percent { 1.0 } else { chart.most().max(1.0) };
    let room = WIDTH - left - 64.0;
    for (row, category) in chart.categories.iter().enumerate() {
        let top = bars_top(chart) + row as f64 * row_height(chart);
        put(
            out,
            format_args!(
                "<text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                left - 8.0,
                top + row_height(chart) / 2.0 + 1.0,
                escaped(&crate::words::cut(category, 16))
            ),
        );
        for (index, series) in chart.series.iter().enumerate() {
            let Some(value) = series.values.get(row).copied().flatten() else { continue };
            let y = top + 2.0 + index as f64 * 13.0;
            put(
                out,
                format_args!(
                    "<rect x=\"{left:.0}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"11\" fill=\"#{}\"/><text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\">{}</text>",
                    room * value / most,
                    series.colour,
                    left + room * value / most + 5.0,
                    y + 9.5,
                    chart.written(value)
                ),
            );
        }
    }
}

/// The next round number, so that the steps of the axis are whole where values are counts.
fn rounded_up(most: f64) -> f64 {
    let steps = f64::from(STEPS);
    let mut unit = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if most <= unit * factor * steps {
                return unit * factor * steps;
            }
        }
        unit *= 10.0;
        if unit > 1e15 {
            return most;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        for (most, expected) in [(0.0, 4.0), (3.0, 4.0), (5.0, 8.0), (17.0, 20.0), (21.0, 40.0), (187.0, 200.0)] {
            assert!((rounded_up(most) - expected).abs() < 1e-9, "{most}: {}", rounded_up(most));
        }
    }
}
