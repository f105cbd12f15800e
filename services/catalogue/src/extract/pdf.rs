//! PDF with text. The file's objects are read by `hayro-syntax`; what stands where on the page, and in which order a
//! person reads it, is worked out here.

mod cell;
mod cmap;
mod column;
mod content;
mod font;
mod furniture;
mod grid;
mod guard;
mod line;
mod paragraph;
mod radical;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::{LoadPdfError, Pdf};

use self::content::{Budget, Drawn};
use super::{Extracted, Problem, TEXT_BYTES_MAX, TEXT_TOO_LARGE};

/// Pages read.
const PAGES_MAX: usize = 3_000;
/// Unreadable characters among all, in percent: above the first nothing is given, above none a warning.
const UNREADABLE_PERCENT_MAX: usize = 10;

const DAMAGED: Problem = Problem::Damaged { what: "PDF 的结构" };

/// The text of a PDF in reading order: tables as rows, page numbers and running heads left out.
pub(super) fn read(bytes: &[u8]) -> Result<Extracted, Problem> {
    guard::check(bytes)?;
    // The parser is another's work and meets hostile files; a fault of its own must not take the program down.
    let drawn = catch_unwind(AssertUnwindSafe(|| draw(bytes))).unwrap_or(Err(DAMAGED))?;
    judge_readability(&drawn)?;
    let mut warnings = Vec::new();
    let pictures = numbers(&drawn, |page| page.glyphs.is_empty() && page.pictures > 0);
    if !pictures.is_empty() {
        warnings.push(format!("第 {pictures} 页只有图片，没有文字，未能读取"));
    }
    if drawn.iter().any(|page| page.glyphs.iter().any(|glyph| glyph.c == char::REPLACEMENT_CHARACTER)) {
        warnings.push("有些字的字体没有文字编码，读成了“\u{fffd}”，请对照原文核对".to_owned());
    }
    let mut layouts = lay_out(drawn)?;
    let split = numbers(&layouts, |page| page.columns > 1);
    if !split.is_empty() {
        warnings.push(format!("第 {split} 页是分栏排版，已按先左栏后右栏读取；分栏的文字可能串栏，请对照原文逐条核对"));
    }
    furniture::remove(&mut layouts);
    Ok(Extracted { text: paragraph::text(layouts)?, warnings })
}

/// Everything that depends on the parser.
fn draw(bytes: &[u8]) -> Result<Vec<Drawn>, Problem> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Problem::Encrypted,
        LoadPdfError::Invalid if guard::is_protected(bytes) => Problem::Encrypted,
        LoadPdfError::Invalid => DAMAGED,
    })?;
    let pages = pdf.pages();
    if pages.len() > PAGES_MAX {
        return Err(Problem::TooLarge { what: "页数", limit: "3000 页" });
    }
    let mut budget = Budget::default();
    let mut fonts = content::Fonts::default();
    let mut drawn = Vec::new();
    for page in pages.iter() {
        drawn.push(content::draw(page, &mut fonts, &mut budget));
        if budget.is_spent() {
            break;
        }
    }
    if budget.is_spent() {
        return Err(Problem::TooLarge { what: "页面内容", limit: "2000 万条指令或 400 万字" });
    }
    Ok(drawn)
}

/// Every page in reading order, as long as the tables come to no more than a text may have.
fn lay_out(pages: Vec<Drawn>) -> Result<Vec<line::Layout>, Problem> {
    let mut layouts = Vec::with_capacity(pages.len());
    let mut tables_bytes = 0_usize;
    for page in pages {
        let layout = line::lay_out(page);
        tables_bytes = tables_bytes.saturating_add(layout.tables_bytes());
        if tables_bytes > TEXT_BYTES_MAX {
            return Err(TEXT_TOO_LARGE);
        }
        layouts.push(layout);
    }
    Ok(layouts)
}

fn judge_readability(pages: &[Drawn]) -> Result<(), Problem> {
    let glyphs: usize = pages.iter().map(|page| page.glyphs.len()).sum();
    let unreadable: usize = pages
        .iter()
        .map(|page| page.glyphs.iter().filter(|glyph| glyph.c == char::REPLACEMENT_CHARACTER).count())
        .sum();
    if glyphs == 0 {
        let pictures: usize = pages.iter().map(|page| page.pictures).sum();
        return Err(if pictures > 0 { Problem::Scanned } else { Problem::Empty });
    }
    if unreadable * 100 > glyphs * UNREADABLE_PERCENT_MAX {
        return Err(Problem::Unreadable);
    }
    Ok(())
}

/// The numbers, from 1, of the pages that are so: `1、3`; long lists are cut.
fn numbers<T>(pages: &[T], is_so: impl Fn(&T) -> bool) -> String {
    const SHOWN_MAX: usize = 10;
    let found: Vec<String> =
        (1..).zip(pages).filter(|(_, page)| is_so(page)).map(|(number, _): (usize, _)| number.to_string()).collect();
    let mut text = found.iter().take(SHOWN_MAX).map(String::as_str).collect::<Vec<_>>().join("、");
    if found.len() > SHOWN_MAX {
        text.push_str(" 等");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::content::{Drawn, Glyph, Rule};
    use super::{TEXT_TOO_LARGE, lay_out};

    /// A page with a table of two columns: a cell of `characters` over all of its left side, `rows` cells on the right.
    fn page(characters: usize, rows: usize) -> Drawn {
        const ROW_POINTS: f32 = 20.0;
        let height = rows as f32 * ROW_POINTS;
        let lines = characters.div_ceil(40) as f32 + 1.0;
        let mut rules: Vec<Rule> =
            [0.0, 100.0, 200.0].map(|at| Rule { horizontal: false, at, from: 0.0, to: height }).into();
        rules.extend((0..=rows).map(|row| {
            let from = if row == 0 || row == rows { 0.0 } else { 100.0 };
            Rule { horizontal: true, at: row as f32 * ROW_POINTS, from, to: 200.0 }
        }));
        let glyphs = (0..characters).map(|at| {
            let (line, x0) = ((at / 40) as f32 + 1.0, 10.0 + (at % 40) as f32 * 2.0);
            Glyph { c: '水', x0, x1: x0 + 2.0, y: line * height / lines, size: 2.0 }
        });
        Drawn { width: 200.0, height, glyphs: glyphs.collect(), rules, pictures: 0 }
    }

    #[test]
    fn merged_cells_are_not_repeated_without_end() {
        for (characters, rows, fits) in [(400, 50, true), (12_000, 480, false)] {
            let laid_out = lay_out(vec![page(characters, rows)]);
            let bytes = laid_out.map(|pages| pages.iter().map(|page| page.tables_bytes()).sum::<usize>());
            let expected = if fits { Ok(characters * rows * '水'.len_utf8()) } else { Err(TEXT_TOO_LARGE) };
            assert_eq!(bytes, expected, "{characters} {rows}");
        }
    }
}
