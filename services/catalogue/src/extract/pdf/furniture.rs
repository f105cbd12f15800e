//! What stands on every page and is no part of the text: page numbers, running heads and feet.

use std::collections::HashMap;

use super::line::{Item, Layout, Line};

/// Share of the page, in percent of its height, at the top and the bottom where such things stand.
const MARGIN_PERCENT: f32 = 12.0;
/// Lines at one height, in points.
const SAME_HEIGHT: f32 = 4.0;
/// Digits of a page number.
const PAGE_DIGITS_MAX: usize = 4;

/// Takes them out.
pub(super) fn remove(pages: &mut [Layout]) {
    let mut met: HashMap<(String, i64), usize> = HashMap::new();
    for page in pages.iter() {
        for line in lines(page).filter(|line| in_margin(line, page.height)) {
            *met.entry(key(line)).or_default() += 1;
        }
    }
    let repeated_min = (pages.len() * 2 / 5).max(2);
    for page in pages.iter_mut() {
        let height = page.height;
        page.items.retain(|item| match item {
            Item::Table(_) => true,
            Item::Line(line) => {
                let (text, at) = key(line);
                // A line between two steps of height may fall to either side.
                let count: usize = (at - 1..=at + 1).filter_map(|at| met.get(&(text.clone(), at))).sum();
                !in_margin(line, height) || !(is_page_number(&line.text) || count >= repeated_min)
            }
        });
    }
}

fn lines(page: &Layout) -> impl Iterator<Item = &Line> {
    page.items.iter().filter_map(|item| match item {
        Item::Line(line) => Some(line),
        Item::Table(_) => None,
    })
}

fn in_margin(line: &Line, height: f32) -> bool {
    let margin = height * MARGIN_PERCENT / 100.0;
    line.y < margin || line.y > height - margin
}

/// Text with its numbers made alike, and the height.
fn key(line: &Line) -> (String, i64) {
    let text = line.text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_numeric() { '0' } else { c }).collect();
    (text, (line.y / SAME_HEIGHT).round() as i64)
}

/// `12`, `- 3 -`, `— 3 —`, `第3页`, `第 3 页 共 12 页`, `3/12`.
fn is_page_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = text.chars().all(|c| {
        c.is_ascii_digit() || c.is_whitespace() || "-—–―－‐·.•/／|第页頁共,，~～".contains(c)
    });
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).count();
    // `3.` and `3，` begin a paragraph; nothing else of a text is made of these signs.
    let ends_open = text.trim_end().ends_with(['.', ',', '，']);
    others && (1..=2).contains(&numbers) && digits <= PAGE_DIGITS_MAX * numbers && !ends_open
}

#[cfg(test)]
mod tests {
    use super::is_page_number;

    #[test]
    fn page_numbers_are_told_from_text() {
        for (text, expected) in [
            ("12", true),
            ("— 3 —", true),
            ("第 3 页 共 12 页", true),
            ("3/12", true),
            ("3.", false),
            ("2031年", false),
            ("第3条", false),
            ("20310201", false),
            ("", false),
        ] {
            assert_eq!(is_page_number(text), expected, "{text}");
        }
    }
}
