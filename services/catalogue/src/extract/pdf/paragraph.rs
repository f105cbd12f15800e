//! Lines and tables of all pages to paragraphs, across the ends of pages.

use std::collections::HashMap;

use super::super::Problem;
use super::super::flow::Flow;
use super::line::{Item, Layout, Line, Table, Tail, join, was_broken};

/// Base lines further apart than this, in sizes, are of different paragraphs.
const LEADING_MAX: f32 = 3.0;
/// And those this much further apart than lines of a paragraph.
const LEADING_STEP: f32 = 1.25;
/// Lines of sizes this far apart, in shares of the larger, are of different paragraphs.
const SIZE_STEP: f32 = 0.12;
/// Text this much larger than most is a title.
const TITLE_SCALE: f32 = 1.12;

/// The text of a document.
pub(super) fn text(pages: Vec<Layout>) -> Result<String, Problem> {
    let margins = Margins::of(&pages);
    let mut writer = Writer { margins, flow: Flow::default(), open: None, table: None };
    for page in pages {
        for item in page.items {
            match item {
                Item::Line(line) => writer.line(line, page.width),
                Item::Table(table) => writer.table(table),
            }
        }
    }
    writer.end_paragraph();
    writer.end_table();
    writer.flow.into_text()
}

/// Left and right edge of the text, for each width of page and column.
struct Margins {
    edges: HashMap<(i64, usize), (f32, f32)>,
    body_size: f32,
    /// Distance of base lines within paragraphs, in sizes.
    leading: f32,
}

impl Margins {
    fn of(pages: &[Layout]) -> Margins {
        let mut by_column: HashMap<(i64, usize), Vec<(f32, f32)>> = HashMap::new();
        let mut sizes: Vec<f32> = Vec::new();
        for page in pages {
            for item in &page.items {
                if let Item::Line(line) = item {
                    by_column.entry((page.width as i64, line.column)).or_default().push((line.x0, line.x1));
                    sizes.extend(std::iter::repeat_n(line.size, line.text.chars().count().min(200)));
                }
            }
        }
        sizes.sort_by(f32::total_cmp);
        let body_size = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
        let edges = by_column.into_iter().map(|(key, lines)| (key, edges(key, &lines, body_size))).collect();
        Margins { edges, body_size, leading: leading(pages) }
    }
}

/// The left and right edge of a column. Where too few lines reach as far as the longest to show where the edge is, the
/// page is taken to have the same margin on both sides, and a column to go on for a while.
fn edges((page_width, column): (i64, usize), lines: &[(f32, f32)], size: f32) -> (f32, f32) {
    const FULL_MIN: usize = 3;
    let widest = lines.iter().map(|(x0, x1)| x1 - x0).fold(0.0, f32::max);
    let long = || lines.iter().filter(|(x0, x1)| x1 - x0 > widest * 0.6);
    let left = left_edge(lines);
    let right = percentile(long().map(|line| line.1), 85);
    if lines.iter().filter(|line| (line.1 - right).abs() <= size).count() >= FULL_MIN {
        return (left, right);
    }
    let assumed = if column == 0 { page_width as f32 - left } else { right + 2.0 * size };
    (left, right.max(assumed))
}

/// The distance most lines keep that keep little; paragraphs may be set further apart.
fn leading(pages: &[Layout]) -> f32 {
    let pairs = pages.iter().flat_map(|page| page.items.windows(2));
    let distances = pairs.filter_map(|pair| match pair {
        [Item::Line(above), Item::Line(below)] if below.y > above.y && below.column == above.column => {
            Some((below.y - above.y) / above.size.max(below.size).max(1.0))
        }
        _ => None,
    });
    percentile(distances, 15)
}

/// The leftmost place where several lines begin.
fn left_edge(lines: &[(f32, f32)]) -> f32 {
    const TOGETHER: f32 = 2.0;
    let mut starts: Vec<f32> = lines.iter().map(|line| line.0).collect();
    starts.sort_by(f32::total_cmp);
    let shared = starts.windows(2).find(|pair| matches!(pair, [a, b] if b - a <= TOGETHER));
    shared.and_then(|pair| pair.first()).or(starts.first()).copied().unwrap_or_default()
}

fn percentile(values: impl Iterator<Item = f32>, percent: usize) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}

struct Writer {
    margins: Margins,
    flow: Flow,
    open: Option<(String, Line, f32)>,
    table: Option<Table>,
}

impl Writer {
    fn line(&mut self, line: Line, page_width: f32) {
        self.end_table();
        match &mut self.open {
            Some((text, last, last_width)) if self.margins.run_on(last, *last_width, &line, page_width) => {
                join(text, &line.text);
                (*last, *last_width) = (line, page_width);
            }
            _ => {
                self.end_paragraph();
                self.open = Some((line.text.clone(), line, page_width));
            }
        }
    }

    fn end_paragraph(&mut self) {
        if let Some((text, ..)) = self.open.take() {
            self.flow.paragraph(&text);
        }
    }

    /// A table with the same edges as the one just before goes on from the page above.
    fn table(&mut self, table: Table) {
        self.end_paragraph();
        match &mut self.table {
            Some(open) if is_same_grid(&open.edges, &table.edges) => append(open, table),
            _ => {
                self.end_table();
                self.table = Some(table);
            }
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else { return };
        for row in table.rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())) {
            self.flow.row(row.join("\t"));
        }
    }
}

impl Margins {
    /// Whether `next` goes on with the paragraph of `last`.
    fn run_on(&self, last: &Line, last_width: f32, next: &Line, next_width: f32) -> bool {
        let larger = last.size.max(next.size);
        if (last.size - next.size).abs() > larger * SIZE_STEP || last.text.contains('\t') || next.text.contains('\t') {
            return false;
        }
        let below = next.y - last.y;
        // Above the last one: a new page or column.
        if below > larger * LEADING_MAX.min(self.leading * LEADING_STEP) {
            return false;
        }
        let edges = |line: &Line, width: f32| self.edges.get(&(width as i64, line.column)).copied();
        let (Some((left, right)), Some((next_left, next_right))) = (edges(last, last_width), edges(next, next_width))
        else {
            return false;
        };
        if begins_item(&next.text) && (ends_sentence(&last.text) || begins_heading(&next.text, &last.text)) {
            return false;
        }
        let is_centred = |line: &Line, left: f32, right: f32| {
            ((line.x0 - left) - (right - line.x1)).abs() < 2.0 * line.size && line.x0 > left + line.size
        };
        if is_centred(last, left, right) && is_centred(next, next_left, next_right) {
            return below > 0.0 && last.size > self.body_size * TITLE_SCALE;
        }
        let flush = next.x0 <= next_left + 0.7 * larger;
        let block = (next.x0 - last.x0).abs() < 0.5 * larger && below > 0.0 && !begins_item(&next.text);
        (flush || block && !ends_sentence(&last.text)) && was_broken((right - last.x1) / larger.max(1.0), &next.text)
    }
}

/// Joins the table that goes on on the next page: a header repeated there is dropped, and a row the page cut in two is
/// made whole.
fn append(table: &mut Table, next: Table) {
    let repeated = table.rows.iter().zip(&next.rows).take_while(|(a, b)| a == b).count();
    let cut = next.rows.get(repeated).filter(|row| is_cut(table, row));
    let dropped = repeated + usize::from(cut.is_some());
    for (column, below) in cut.into_iter().flatten().enumerate().filter(|(_, below)| !below.is_empty()) {
        let above = table.tails.get(column).copied().flatten();
        let from = above.map_or(usize::MAX, |tail| tail.row);
        for above in table.rows.iter_mut().skip(from).filter_map(|row| row.get_mut(column)) {
            join(above, below);
        }
    }
    let before = table.rows.len();
    let tails = next.tails.iter().zip(&table.tails).map(|(tail, above)| {
        let tail = (*tail)?;
        let row = match tail.row.checked_sub(dropped) {
            Some(row) => before + row,
            None => above.map_or(0, |above| above.row),
        };
        Some(Tail { row, ..tail })
    });
    table.tails = tails.collect();
    table.rows.extend(next.rows.into_iter().skip(dropped));
}

/// Whether a row is the rest of the table's last one: every text in it goes on with one whose last line was full.
fn is_cut(table: &Table, row: &[String]) -> bool {
    let mut texts = row.iter().zip(&table.tails).filter(|(text, _)| !text.is_empty()).peekable();
    texts.peek().is_some() && texts.all(|(text, tail)| tail.is_some_and(|tail| was_broken(tail.room, text)))
}

fn is_same_grid(above: &[f32], below: &[f32]) -> bool {
    above.len() == below.len() && above.iter().zip(below).all(|(a, b)| (a - b).abs() <= 4.0)
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['。', '！', '？', '；', '：', ';', ':', '）', ')', '】', '〕'])
}

/// Whether a text begins like a numbered item: `一、`, `（二）`, `3.`, `第四条`, `附件`.
fn begins_item(text: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十百零〇○0123456789０１２３４５６７８９";
    let after = |text: &str| text.trim_start_matches(|c| NUMERALS.contains(c)).chars().next();
    let begins = text.starts_with(|c| NUMERALS.contains(c));
    if begins {
        return matches!(after(text), Some('、' | '.' | '．' | ')' | '）'));
    }
    if let Some(inner) = text.strip_prefix(['（', '(', '〔']) {
        return inner.starts_with(|c| NUMERALS.contains(c)) && matches!(after(inner), Some('）' | ')' | '〕'));
    }
    if let Some(inner) = text.strip_prefix('第') {
        return inner.starts_with(|c| NUMERALS.contains(c)) && matches!(after(inner), Some('条' | '章' | '节' | '條'));
    }
    text.starts_with("附件") || text.starts_with(|c| ('①'..='⑳').contains(&c))
}

/// Whether an item's number cannot stand within a sentence: `（一）`, and `一、` unless the line before ends in the first
/// half of 统一、专一 and their like.
fn begins_heading(text: &str, before: &str) -> bool {
    let before = before.trim_end();
    if text.starts_with(['（', '(']) {
        return !before.ends_with(['第', '条', '款', '，', '、']) && !text.starts_with(|c: char| c.is_ascii_digit());
    }
    let numeral = text.starts_with(|c| "一二三四五六七八九十".contains(c));
    numeral && !before.ends_with(|c| "统專专单單唯同合万萬第之逐划劃如归歸十百".contains(c))
}

#[cfg(test)]
mod tests {
    use super::super::line::{Table, Tail};
    use super::{append, begins_item};

    #[test]
    fn items_are_known_by_their_numbers() {
        for (text, expected) in [
            ("一、加强", true),
            ("（二）加强", true),
            ("3.加强", true),
            ("第四条 加强", true),
            ("2031年底", false),
            ("一是加强", false),
            ("（含县）", false),
        ] {
            assert_eq!(begins_item(text), expected, "{text}");
        }
    }

    #[test]
    fn a_table_goes_on_over_the_page() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let table = |rows: &[&[&str]], room: f32| Table {
            rows: rows.iter().map(|cells| row(cells)).collect(),
            tails: vec![Some(Tail { row: rows.len() - 1, room }); 3],
            edges: Vec::new(),
            top: 0.0,
        };
        let next = table(&[&["序号", "任务", "单位"], &["", "河。", ""], &["2", "乙", "城管局"]], 0.0);
        let head: &[&str] = &["序号", "任务", "单位"];
        let mut cut = table(&[head, &["1", "疏通甲", "水务局"]], 0.5);
        append(&mut cut, next.clone());
        assert_eq!(cut.rows, [row(head), row(&["1", "疏通甲河。", "水务局"]), row(&["2", "乙", "城管局"])]);
        let mut whole = table(&[head, &["1", "疏通甲", "水务局"]], 5.0);
        append(&mut whole, next);
        assert_eq!(whole.rows.len(), 4);
    }
}
