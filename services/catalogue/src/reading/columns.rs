//! Two columns of a page run into each other. Such text is refused: any split of it would put units to the wrong text.

use super::attribution;
use super::numbering;
use super::script::{Piece, Script};

/// Fewer lines than this show nothing.
const LINES_MIN: usize = 5;

/// Longest name of a unit in a labelled bracket, in characters; beyond it two texts have run together.
const NAME_CHARS_MAX: usize = 40;

/// Characters of prose that no name of a unit has.
const PROSE: &str = "的是要应把将对被使";

/// Whether the lines read as two columns side by side. Two signs of three must agree: lines with a gap inside, numbers that go
/// backwards, attributions with prose in them. Wide gaps at most lines are enough alone.
pub(super) fn interleaved(lines: &[Script]) -> bool {
    let lines: Vec<Piece<'_>> = lines.iter().map(|line| line.piece().trim()).filter(|line| line.len() > 1).collect();
    if lines.len() < LINES_MIN || lines.iter().any(|line| line.has("\t|")) {
        return false;
    }
    let share = |count: usize| count * 10 >= lines.len() * 6;
    let long: Vec<&Piece<'_>> = lines.iter().filter(|line| (14..=120).contains(&line.len())).collect();
    if share(long.iter().filter(|line| gap(line, 3)).count()) && backward(&lines) {
        return true;
    }
    let gaps = share(long.iter().filter(|line| gap(line, 1)).count());
    let signs = [gaps, backward(&lines), mixed(&lines)];
    signs.into_iter().filter(|sign| *sign).count() >= 2
}

/// A gap of so many spaces with Chinese text of some length on both sides.
fn gap(line: &Piece<'_>, width: usize) -> bool {
    let mut spaces = 0;
    for (index, c) in line.chars().enumerate() {
        if c == ' ' {
            spaces += 1;
            continue;
        }
        let before = index - spaces;
        if spaces >= width && before >= 4 && line.len() - index >= 4 {
            let left = line.at(before.wrapping_sub(1)).is_some_and(|c| !c.is_ascii_alphanumeric() && c != '.');
            if left && !c.is_ascii_alphanumeric() {
                return true;
            }
        }
        spaces = 0;
    }
    false
}

/// Numbers that step back, but not to one: at line starts and after gaps.
fn backward(lines: &[Piece<'_>]) -> bool {
    let mut last = [0_usize; numbering::LEVELS];
    for line in lines {
        let mut starts = vec![0];
        starts.extend(line.chars().enumerate().filter(|(_, c)| *c == ' ').map(|(index, _)| index + 1));
        for start in starts {
            let one = line.from(start);
            let Some(marker) = numbering::markers(one.to(8)).into_iter().next().filter(|marker| marker.start == 0) else { continue };
            if marker.value != 1 && marker.value < last[marker.level] {
                return true;
            }
            last[marker.level] = marker.value;
            for inner in &mut last[marker.level + 1..] {
                *inner = 0;
            }
        }
    }
    false
}

/// A labelled attribution with a name too long for one.
fn mixed(lines: &[Piece<'_>]) -> bool {
    let mut body = Script::default();
    for line in lines {
        body.push(*line);
        body.push_char('\n');
    }
    let body = body.piece();
    body.chars().enumerate().filter(|(_, c)| *c == '(' || *c == '[').any(|(index, _)| {
        let rest = body.slice(index + 1, index + 1 + attribution::CHARS_MAX);
        if !attribution::labelled(rest.to(16)) {
            return false;
        }
        let content = rest.to(rest.position(|c| c == ')' || c == ']').unwrap_or(rest.len()));
        content.split(|c| "、,;:。".contains(c)).iter().any(|name| name.len() > NAME_CHARS_MAX || (name.len() > 8 && name.has(PROSE)))
    })
}
