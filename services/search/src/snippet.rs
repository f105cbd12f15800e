//! Where the words of a query stand in a text, and the part of it worth showing.

use crate::pattern::{Pattern, folded};

/// Ranges of characters to mark, in order and apart from each other: from, and to (not included).
pub type Marks = Vec<(usize, usize)>;

/// Characters of a text that are looked at; what is found behind them is found, but not marked.
const CHARS_MAX: usize = 20_000;
/// Marks in one text at most.
const MARKS_MAX: usize = 200;
/// Characters shown.
const SHOWN_CHARS: usize = 120;
/// Characters shown before the first mark at most.
const BEFORE_CHARS: usize = 24;
/// Stands for what is left out.
const LEFT_OUT: char = '…';

/// Marks of all patterns in a text.
pub(crate) fn marks(text: &str, patterns: &[&Pattern]) -> Marks {
    let letters = folded(text.chars().take(CHARS_MAX));
    joined(found(&letters, patterns))
}

/// The part of the text with most of the patterns closest together, its line breaks as blanks, and the marks in it.
pub(crate) fn snippet(text: &str, patterns: &[&Pattern]) -> (String, Marks) {
    let shown: Vec<char> = text.chars().take(CHARS_MAX).collect();
    let found = found(&folded(shown.iter().copied()), patterns);
    let from = start(&shown, &found);
    let to = (from + SHOWN_CHARS).min(shown.len());
    let more = to < shown.len() || (to == CHARS_MAX && text.chars().nth(CHARS_MAX).is_some());
    let mut part = String::new();
    let lead = usize::from(from > 0);
    if from > 0 {
        part.push(LEFT_OUT);
    }
    part.extend(shown.iter().take(to).skip(from).map(|one| if *one == '\n' { ' ' } else { *one }));
    if more {
        part.push(LEFT_OUT);
    }
    let inside = joined(found).into_iter().filter(|(start, end)| *end > from && *start < to);
    let moved = inside.map(|(start, end)| (start.max(from) - from + lead, end.min(to) - from + lead));
    (part, moved.collect())
}

/// Where patterns begin and end, and which, in order.
fn found(letters: &[Option<char>], patterns: &[&Pattern]) -> Vec<(usize, usize, usize)> {
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for (which, pattern) in patterns.iter().enumerate() {
        let places = pattern.occurrences(letters).take(MARKS_MAX);
        found.extend(places.map(|start| (start, start + pattern.length(), which)));
    }
    found.sort_unstable();
    found.truncate(MARKS_MAX);
    found
}

fn joined(found: Vec<(usize, usize, usize)>) -> Marks {
    let mut marks: Marks = Vec::new();
    for (start, end, _) in found {
        match marks.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => marks.push((start, end)),
        }
    }
    marks
}

/// Where the shown part begins: a little before the best cluster, at the beginning of a clause where one is near.
fn start(shown: &[char], found: &[(usize, usize, usize)]) -> usize {
    let reach = SHOWN_CHARS - BEFORE_CHARS;
    let mut best = (0, 0, 0);
    for (index, (from, _, _)) in found.iter().enumerate() {
        let cluster = found.iter().skip(index).take_while(|(_, end, _)| *end <= from + reach);
        let mut kinds: Vec<usize> = cluster.map(|(_, _, which)| *which).collect();
        let count = kinds.len();
        kinds.sort_unstable();
        kinds.dedup();
        if (kinds.len(), count) > (best.0, best.1) {
            best = (kinds.len(), count, *from);
        }
    }
    let first = best.2;
    if first < BEFORE_CHARS || shown.len() <= SHOWN_CHARS {
        return 0;
    }
    let earliest = first - BEFORE_CHARS;
    let ends = |one: &char| matches!(one, '。' | '!' | '?' | '！' | '？' | '\n' | ';' | '；' | ',' | '，');
    let clause = shown.iter().take(first).skip(earliest).position(ends).map(|at| earliest + at + 1);
    clause.unwrap_or(earliest).min(shown.len().saturating_sub(SHOWN_CHARS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(words: &str) -> Vec<Pattern> {
        words.split(' ').filter_map(Pattern::of).collect()
    }

    fn cut(text: &str, (start, end): (usize, usize)) -> String {
        text.chars().skip(start).take(end - start).collect()
    }

    #[test]
    fn marks_what_was_found() {
        for (words, text, expected) in [
            ("停水", "小区停水,又停水", &[(2, 4), (6, 8)][..]),
            ("停水 水管", "停水管", &[(0, 3)]),
            ("停 水", "停水", &[(0, 2)]),
            ("a栋", "在A栋和a栋", &[(1, 3), (4, 6)]),
            ("停水", "停电", &[]),
            ("", "停电", &[]),
        ] {
            let patterns = patterns(words);
            assert_eq!(marks(text, &patterns.iter().collect::<Vec<_>>()), expected, "{words} in {text}");
        }
    }

    #[test]
    fn shows_the_best_cluster() {
        let filler = "甲乙丙丁".repeat(60);
        let text = format!("停水开头。{filler}。\n物业说停水三天,{filler}");
        let patterns = patterns("停水 物业");
        let (part, marks) = snippet(&text, &patterns.iter().collect::<Vec<_>>());
        assert_eq!(part.chars().count(), SHOWN_CHARS + 2);
        assert!(part.starts_with('…') && part.ends_with('…') && !part.contains('\n'), "{part}");
        assert_eq!(marks.iter().map(|mark| cut(&part, *mark)).collect::<Vec<_>>(), ["物业", "停水"]);
    }

    #[test]
    fn short_texts_are_shown_whole() {
        for text in ["", "短", "一二三,停水"] {
            let patterns = patterns("停水");
            let (part, marks) = snippet(text, &patterns.iter().collect::<Vec<_>>());
            assert_eq!(part, text);
            assert!(marks.iter().all(|mark| cut(text, *mark) == "停水"));
        }
    }

    #[test]
    fn every_mark_lies_in_the_part() {
        for length in [100, 119, 120, 121, 150, 300, 20_100] {
            for at in [0, 20, 60, 110, 140, 280, 19_999] {
                let mut letters = vec!['甲'; length];
                let here = at.min(length - 2);
                (letters[here], letters[here + 1]) = ('停', '水');
                let text: String = letters.into_iter().collect();
                let patterns = patterns("停水");
                let (part, marks) = snippet(&text, &patterns.iter().collect::<Vec<_>>());
                let inside = here + 2 <= CHARS_MAX;
                assert_eq!(marks.len(), usize::from(inside), "{length} {at}");
                assert!(marks.iter().all(|mark| cut(&part, *mark) == "停水"), "{length} {at}: {part} {marks:?}");
            }
        }
    }
}
