//! Where attributions stand in a text: in brackets, or behind labels on lines and in sentences of their own.

use super::attribution::{self, Attribution};
use super::lexicon::Lexicon;
use super::script::{Piece, brackets};

/// Every attribution in a text, from, to.
pub(super) fn attributions(text: Piece<'_>, lexicon: &Lexicon) -> Vec<(usize, usize, Attribution)> {
    let closes = brackets(text);
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(c) = text.at(index) {
        if c == '(' || c == '[' {
            if let Some(close) = closes[index]
                && let Some(attribution) = bracketed(text, index, close, lexicon)
            {
                let timed = attribution.lead.is_empty() && attribution.responsible.is_empty();
                if !timed || attribution.first_leads.is_some() || attribution.deadline.is_some() {
                    found.push((index, close + 1, attribution));
                    index = close + 1;
                    continue;
                }
            }
        } else if may_begin(text, index)
            && attribution::labelled(text.slice(index, index + 16))
            && let Some((end, attribution)) = labelled(text, index, lexicon)
        {
            found.push((index, end, attribution));
            index = end;
            continue;
        }
        index += 1;
    }
    found
}

fn bracketed(text: Piece<'_>, open: usize, close: usize, lexicon: &Lexicon) -> Option<Attribution> {
    let content = text.slice(open + 1, close);
    attribution::bracket(content, lexicon).or_else(|| {
        let after_sentence = open > 0 && text.at(open - 1).is_some_and(|c| "。;!".contains(c));
        let ends = text.slice(close + 1, close + 8).chars().find(|c| *c != ' ').is_none_or(|c| c == '\n');
        (after_sentence && ends).then(|| attribution::bare(content, lexicon)).flatten()
    })
}

/// Whether a label may stand here: at the start of a line or sentence, after a gap, or glued to the text where line ends were
/// lost, but not where prose speaks of it (明确责任单位：).
fn may_begin(text: Piece<'_>, index: usize) -> bool {
    text.at(index).is_some_and(|c| "牵主第责配协参落实承支具完时办整进工分包联备".contains(c))
        && index
            .checked_sub(1)
            .and_then(|before| text.at(before))
            .is_none_or(|c| !"确定各其的为等和及与或任究明“".contains(c))
}

/// Longest label with what stands behind it, in characters, that is passed over where it names nobody: more is a sentence.
const DOUBTFUL_CHARS_MAX: usize = 40;

/// Labels with their units on lines or in sentences of their own: 责任单位：甲局、乙局。 One after the other is one attribution.
fn labelled(text: Piece<'_>, start: usize, lexicon: &Lexicon) -> Option<(usize, Attribution)> {
    let mut whole: Option<Attribution> = None;
    let mut at = start;
    let mut end = start;
    while attribution::labelled(text.slice(at, at + 16)) {
        let rest = text.slice(at, at + attribution::CHARS_MAX);
        let mut length = 0;
        let mut before = ' ';
        for c in rest.chars() {
            if c == '。' || (c == '\n' && !"、,:".contains(before)) {
                break;
            }
            if !c.is_whitespace() {
                before = c;
            }
            length += 1;
        }
        let attribution = attribution::parse(rest.to(length), None, lexicon);
        // without a bracket around it, what does not read as names is the next sentence; short, it names nobody
        if attribution.doubtful {
            whole.as_ref()?;
            if length > DOUBTFUL_CHARS_MAX {
                break;
            }
        }
        if attribution.lead.is_empty()
            && attribution.responsible.is_empty()
            && attribution.deadline.is_none()
            && whole.is_none()
            && !attribution::labels_other(rest.to(16))
        {
            return None;
        }
        match &mut whole {
            Some(_) if attribution.doubtful => {}
            Some(before) => before.join(attribution),
            None => whole = Some(attribution),
        }
        end = at + length + usize::from(rest.at(length) == Some('。'));
        let tail = text.from(end);
        at = end + (tail.len() - tail.trim_start().len());
    }
    whole.map(|attribution| (end, attribution))
}
