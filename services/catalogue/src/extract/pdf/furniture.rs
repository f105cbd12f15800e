//! What stands on every page and is no part of the text: page numbers, running heads and feet.

use std::collections::HashMap;

use super::line::{Item, Layout, Line};

/// Share of the page, in percent of its height, at the top and the bottom where such things stand.
const MARGIN_PERCENT: f32 = 12.0;
/// Lines at one height, in points.
const SAME_HEIGHT: f32 = 4.0;
/// Digits of a page number.
const PAGE_DIGITS_MAX: usize = 4;

/// Lines from the top and the bottom that such things stand in.
const OUTERMOST: usize = 2;
/// A line repeated must have something to repeat.
const REPEATED_CHARS_MIN: usize = 4;

/// Takes them out.
pub(super) fn remove(pages: &mut [Layout]) {
    let candidates: Vec<Vec<usize>> = pages.iter().map(outermost).collect();
    let mut met: HashMap<(String, i64), usize> = HashMap::new();
    // How far the numbers found are from the count of the pages; those of real page numbers agree.
    let mut offsets: HashMap<i64, usize> = HashMap::new();
    for (page_at, (page, candidates)) in (0i64..).zip(pages.iter().zip(&candidates)) {
        for line in candidates.iter().filter_map(|at| line_at(page, *at)) {
            *met.entry(key(line)).or_default() += 1;
            if let Some(number) = page_number(&line.text) {
                *offsets.entry(number - page_at).or_default() += 1;
            }
        }
    }
    let repeated_min = (pages.len() * 2 / 5).max(2);
    for (page_at, (page, candidates)) in (0i64..).zip(pages.iter_mut().zip(&candidates)) {
        let removed: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|at| {
                let Some(line) = line_at(page, *at) else { return false };
                let (text, height) = key(line);
                // A line between two steps of height may fall to either side.
                let count: usize = (height - 1..=height + 1).filter_map(|at| met.get(&(text.clone(), at))).sum();
                let is_repeated = count >= repeated_min && text.chars().count() >= REPEATED_CHARS_MIN;
                let is_number = page_number(&line.text).is_some_and(|number| {
                    is_marked(&line.text) || offsets.get(&(number - page_at)).is_some_and(|count| *count > 1)
                });
                is_repeated || is_number
            })
            .collect();
        let mut at = 0usize;
        page.items.retain(|_| {
            at += 1;
            !removed.contains(&(at - 1))
        });
    }
}

/// The items of a page that stand where page numbers and running heads do.
fn outermost(page: &Layout) -> Vec<usize> {
    let margin = page.height * MARGIN_PERCENT / 100.0;
    let mut lines: Vec<(usize, f32)> =
        (0..page.items.len()).filter_map(|at| line_at(page, at).map(|line| (at, line.y))).collect();
    lines.sort_by(|a, b| a.1.total_cmp(&b.1));
    let top = lines.iter().take(OUTERMOST).filter(|(_, y)| *y < margin);
    let bottom = lines.iter().rev().take(OUTERMOST).filter(|(_, y)| *y > page.height - margin);
    let mut found: Vec<usize> = top.chain(bottom).map(|(at, _)| *at).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn line_at(page: &Layout, at: usize) -> Option<&Line> {
    match page.items.get(at)? {
        Item::Line(line) => Some(line),
        Item::Table(_) => None,
    }
}

/// Text with its numbers made alike, and the height.
fn key(line: &Line) -> (String, i64) {
    let text = line.text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_numeric() { '0' } else { c }).collect();
    (text, (line.y / SAME_HEIGHT).round() as i64)
}

/// Whether a number is dressed as a page's: `— 3 —`, `第3页`.
fn is_marked(text: &str) -> bool {
    let text = text.trim();
    let dash = |c: char| "-—–―－‐".contains(c);
    text.contains(['页', '頁']) || text.starts_with(dash) && text.ends_with(dash)
}

/// The number of a line that is nothing but one: `12`, `- 3 -`, `— 3 —`, `第3页`, `第 3 页 共 12 页`, `3/12`.
fn page_number(text: &str) -> Option<i64> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others =
        text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "-—–―－‐·.•/／|第页頁共,，~～".contains(c));
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).count();
    // `3.` and `3，` begin a paragraph; nothing else of a text is made of these signs.
    let ends_open = text.trim_end().ends_with(['.', ',', '，']);
    let is_number = others && (1..=2).contains(&numbers) && digits <= PAGE_DIGITS_MAX * numbers && !ends_open;
    let first = text.split(|c: char| !c.is_ascii_digit()).find(|number| !number.is_empty())?;
    first.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::{is_marked, page_number};

    #[test]
    fn page_numbers_are_told_from_text() {
        for (text, number, marked) in [
            ("12", Some(12), false),
            ("— 3 —", Some(3), true),
            ("第 3 页 共 12 页", Some(3), true),
            ("3/12", Some(3), false),
            ("3.", None, false),
            ("2031年", None, false),
            ("第3条", None, false),
            ("20310201", None, false),
            ("", None, false),
        ] {
            assert_eq!((page_number(text), is_marked(text)), (number, marked), "{text}");
        }
    }
}
