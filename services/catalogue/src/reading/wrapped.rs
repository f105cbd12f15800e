//! Lines broken at a fixed width, as text taken from a PDF has them, put together again.

/// Fewer lines than this show no width.
const LINES_MIN: usize = 8;

/// Wider lines are paragraphs, in half widths of a character: 60 Chinese characters.
const WIDTH_MAX: usize = 120;
const WIDTH_MIN: usize = 30;

/// How much shorter than the width a full line may be: a mark that may not begin a line, a word that may not be broken.
const SLACK: usize = 6;

/// Joins lines where at least half of them end at the same width: a full line goes on in the next. Rows of tables (`rows` says
/// which lines are), other lines with tabs or bars, and texts whose lines are paragraphs, stay as they are.
pub(super) fn join(lines: &[String], rows: &[bool]) -> Vec<String> {
    let is_row = |index: usize, line: &str| rows.get(index) == Some(&true) || line.contains(['\t', '|']);
    let prose = lines.iter().enumerate().filter(|(index, line)| !is_row(*index, line)).map(|(_, line)| line.trim());
    let Some(width) = width(prose) else { return lines.to_vec() };
    let mut joined: Vec<String> = Vec::with_capacity(lines.len());
    let mut full = false;
    let mut blanks = 0;
    for (index, line) in lines.iter().enumerate() {
        if is_row(index, line) {
            joined.extend(std::iter::repeat_n(String::new(), blanks));
            joined.push(line.clone());
            (blanks, full) = (0, false);
            continue;
        }
        let shown = line.trim();
        if shown.is_empty() {
            blanks += 1;
            continue;
        }
        let width_here = half_widths(shown);
        // over blank lines, where a page ended, only an unfinished sentence goes on
        let goes_on = full
            && (blanks == 0 || joined.last().is_some_and(|before| !before.ends_with(['。', '；', '：', ':', ';'])));
        match joined.last_mut() {
            Some(before) if goes_on => before.push_str(shown),
            _ => {
                joined.extend(std::iter::repeat_n(String::new(), blanks));
                joined.push(shown.to_owned());
            }
        }
        blanks = 0;
        full = (width.saturating_sub(SLACK)..=width + SLACK).contains(&width_here);
    }
    joined
}

/// The width at which lines are broken, if they are.
fn width<'a>(lines: impl Iterator<Item = &'a str>) -> Option<usize> {
    let mut widths: Vec<usize> = lines.map(half_widths).filter(|width| *width > 0).collect();
    widths.sort_unstable();
    let width = *widths.get(widths.len() * 9 / 10)?;
    let full = widths.iter().filter(|w| (width.saturating_sub(SLACK)..=width + SLACK).contains(*w)).count();
    (widths.len() >= LINES_MIN && (WIDTH_MIN..=WIDTH_MAX).contains(&width) && full * 2 >= widths.len()).then_some(width)
}

fn half_widths(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_width_are_joined() {
        let line = "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸";
        let mut lines: Vec<String> = vec!["一、标题".to_owned()];
        lines.extend(std::iter::repeat_n(line.to_owned(), 8));
        lines.extend(["到此为止。".to_owned(), String::new(), "二、标题".to_owned()]);
        let joined = join(&lines, &[]);
        assert_eq!(
            joined,
            ["一、标题".to_owned(), format!("{}到此为止。", line.repeat(8)), String::new(), "二、标题".to_owned()]
        );
    }

    #[test]
    fn rows_of_tables_stay_and_the_rest_is_joined() {
        let line = "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸";
        let mut lines = vec![line.to_owned(); 8];
        lines.extend(["到此为止。", "", "\t序号\t任务", "", "1", line].map(str::to_owned));
        let mut rows = vec![false; lines.len()];
        rows[10..].fill(true);
        let joined = join(&lines, &rows);
        let first = format!("{}到此为止。", line.repeat(8));
        assert_eq!(joined, [first.as_str(), "", "\t序号\t任务", "", "1", line]);
    }

    #[test]
    fn paragraphs_are_left_alone() {
        let lines: Vec<String> = (1..30).map(|length| "甲".repeat(length * 7)).collect();
        assert_eq!(join(&lines, &[]), lines);
    }
}
