//! Two columns of a page run into each other. Such text is refused: any split of it would put units to the wrong text.

use super::attribution;
use super::lexicon::Lexicon;
use super::numbering;
use super::script::{Piece, Script, brackets};

/// Fewer lines than this show nothing.
const LINES_MIN: usize = 5;

/// Fewer attributions than this show nothing.
const ATTRIBUTIONS_MIN: usize = 3;

/// Shortest bracket, in characters, that two texts run together would leave.
const BROKEN_CHARS_MIN: usize = 20;

/// Whether the lines outside tables read as two columns side by side.
///
/// Enough alone: wide gaps inside most lines, with text of some length on both sides; or half of the attributions with prose
/// among their names. Otherwise two signs of three must agree: lines with a gap inside, numbers that go backwards, an
/// attribution with prose in it.
pub(super) fn interleaved(lines: &[Piece<'_>], lexicon: &Lexicon) -> bool {
    let lines: Vec<Piece<'_>> =
        lines.iter().map(|line| line.trim()).filter(|line| line.len() > 1 && !is_row(*line)).collect();
    if lines.len() < LINES_MIN {
        return false;
    }
    let most = |width: usize, side: usize| {
        let wide: Vec<bool> =
            lines.iter().filter(|line| (14..=120).contains(&line.len())).map(|line| gap(*line, width, side)).collect();
        wide.iter().filter(|gap| **gap).count() * 10 >= lines.len() * 6
    };
    let (read, broken) = attributions(&lines, lexicon);
    if most(3, 8) || (read >= ATTRIBUTIONS_MIN && broken * 2 >= read) {
        return true;
    }
    let signs = [most(1, 4), backward(&lines), broken > 0];
    signs.into_iter().filter(|sign| *sign).count() >= 2
}

/// A row of a table whose head was not found: bars, or more cells than two columns of a page would make.
fn is_row(line: Piece<'_>) -> bool {
    line.has("|") || line.chars().filter(|c| *c == '\t').count() > 1
}

/// How many spaces a tab is worth: it stands for a wide gap.
const TAB_SPACES: usize = 3;

/// A gap of so many spaces with so much Chinese text on both sides.
fn gap(line: Piece<'_>, width: usize, side: usize) -> bool {
    let (mut spaces, mut chars) = (0, 0);
    for (index, c) in line.chars().enumerate() {
        if c == ' ' || c == '\t' {
            spaces += if c == ' ' { 1 } else { TAB_SPACES };
            chars += 1;
            continue;
        }
        let before = index - chars;
        if spaces >= width && before >= side && line.len() - index >= side {
            let left = line.at(before.wrapping_sub(1)).is_some_and(|c| !c.is_ascii_alphanumeric() && c != '.');
            if left && !c.is_ascii_alphanumeric() {
                return true;
            }
        }
        (spaces, chars) = (0, 0);
    }
    false
}

/// Numbers that step back, but not to one: at line starts and after gaps.
fn backward(lines: &[Piece<'_>]) -> bool {
    let mut last = [0_usize; numbering::LEVELS];
    for line in lines {
        let gaps = line.chars().enumerate().filter(|(_, c)| *c == ' ' || *c == '\t').map(|(index, _)| index + 1);
        for start in std::iter::once(0).chain(gaps) {
            let here = numbering::markers(line.slice(start, start + 8)).into_iter().next();
            let Some(marker) = here.filter(|marker| marker.start == 0) else { continue };
            if marker.value != 1 && marker.value < last[marker.level] {
                return true;
            }
            last[marker.level] = marker.value;
            last[marker.level + 1..].fill(0);
        }
    }
    false
}

/// How many brackets say who is responsible, and how many of them hold what is no name.
fn attributions(lines: &[Piece<'_>], lexicon: &Lexicon) -> (usize, usize) {
    let mut body = Script::default();
    for line in lines {
        body.push(*line);
        body.push_char(' ');
    }
    let body = body.piece();
    let closes = brackets(body);
    let (mut read, mut broken) = (0, 0);
    for (open, close) in closes.iter().enumerate() {
        let content = match close {
            Some(close) => body.slice(open + 1, *close),
            None => continue,
        };
        if content.len() > attribution::CHARS_MAX {
            continue;
        }
        let ends = ["负责", "牵头", "落实", "配合"].iter().any(|verb| content.ends_with(verb));
        if !ends && !attribution::labelled(content.to(16)) {
            continue;
        }
        read += 1;
        // a short one is a saying (谁主管谁负责)
        broken += usize::from(content.len() >= BROKEN_CHARS_MIN && attribution::parse(content, None, lexicon).doubtful);
    }
    (read, broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_parted_by_tabs_are_refused_and_tables_are_not() {
        let left = "一、疏通雨水管网，清理河道淤泥";
        let right = "二、修复路灯，更换老旧井盖设施";
        let page = |gap: &str| vec![format!("{left}{gap}{right}"); 8];
        for (lines, expected) in [
            (page("    "), true),
            (page("\t"), true),
            (page(""), false),
            (vec![format!("1\t{left}\t{right}"); 8], false),
            (vec![format!("| {left} | {right} |"); 8], false),
            ([page("\t"), vec!["| 甲 | 乙 |".to_owned()]].concat(), true),
        ] {
            let scripts: Vec<Script> = lines.iter().map(|line| Script::new(line)).collect();
            let pieces: Vec<Piece<'_>> = scripts.iter().map(Script::piece).collect();
            assert_eq!(interleaved(&pieces, &Lexicon::new()), expected, "{:?}", lines.first());
        }
    }
}
