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
use super::{Extracted, Problem};

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
    let mut layouts: Vec<line::Layout> = drawn.into_iter().map(line::lay_out).collect();
    let split = numbers(&layouts, |page| page.columns > 1);
    if !split.is_empty() {
        warnings.push(format!("第 {split} 页是分栏排版，已按先左栏后右栏读取；分栏的文字可能串栏，请对照原文逐条核对"));
    }
    furniture::remove(&mut layouts);
    Ok(Extracted { text: paragraph::text(layouts), warnings })
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
    let drawn = pages.iter().map(|page| content::draw(page, &mut fonts, &mut budget)).collect();
    if budget.is_spent() {
        return Err(Problem::TooLarge { what: "页面内容", limit: "2000 万条指令或 400 万字" });
    }
    Ok(drawn)
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
