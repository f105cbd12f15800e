//! Items by their numbers, and the attributions in them: text in, clauses out.

use super::attribution::{self, Attribution, Reach};
use super::deadline;
use super::lexicon::Lexicon;
use super::numbering::{self, LEVELS, Marker};
use super::script::{Piece, brackets};
use super::{ReadClause, flattened};

/// Shorter text after a bracket is what leads over to the items below it (具体措施：).
const REST_CHARS_MIN: usize = 10;

/// An item's text up to the next number, and whether items follow below it.
pub(super) struct Item<'a> {
    pub(super) marker: Marker,
    pub(super) text: Piece<'a>,
    pub(super) parent: bool,
    /// The last of its part: what follows its attribution is the document's closing words.
    pub(super) last: bool,
}

/// Cuts the body at its numbers.
pub(super) fn items<'a>(body: Piece<'a>, markers: &[Marker]) -> Vec<Item<'a>> {
    let mut found = Vec::with_capacity(markers.len());
    for (index, marker) in markers.iter().enumerate() {
        let next = markers.get(index + 1);
        let text = body.slice(marker.end, next.map_or(body.len(), |next| next.start));
        let same = next.filter(|next| next.part == marker.part);
        found.push(Item {
            marker: marker.clone(),
            text: closed(text),
            parent: same.is_some_and(|next| next.level > marker.level),
            last: same.is_none(),
        });
    }
    found
}

/// Words with which the page goes on after the document.
const CLOSINGS: &[&str] =
    &["附件:", "附件1", "附件2", "附件一", "附:", "抄送", "抄报", "来源:", "相关解读", "相关链接", "责任编辑", "扫一扫", "上一篇", "下一篇", "分享到", "打印", "(此件", "联系人", "附件下载", "主办单位:", "网站地图"];

/// Up to the signature, the annexes and what a page shows below a document.
fn closed(text: Piece<'_>) -> Piece<'_> {
    let (mut start, mut signed) = (0, 0);
    for line in text.split(|c| c == '\n') {
        let shown = line.trim();
        if start > 0 && is_date(shown) {
            return text.to(signed);
        }
        if start > 0 && (CLOSINGS.iter().any(|word| shown.starts_with(word)) || shown.is("附件")) {
            return text.to(start);
        }
        // who signs stands on the line before the date
        if !shown.is_empty() && (shown.len() > SIGNER_CHARS_MAX || shown.has("。,;:)")) || start == 0 {
            signed = start + line.len() + 1;
        }
        start += line.len() + 1;
    }
    let trimmed = text.trim();
    trimmed.strip_suffix("附件下载").unwrap_or(text)
}

/// Longest line that may be a signature, in characters.
const SIGNER_CHARS_MAX: usize = 25;

/// Without a signature that stands on the same line, behind the last sentence.
fn unsigned(text: Piece<'_>) -> Piece<'_> {
    let Some(stop) = text.rposition(|c| c == '。') else { return text };
    let rest = text.from(stop + 1);
    if rest.has("年") && rest.has("月") && rest.has("日") { text.to(stop + 1) } else { text }
}

fn is_date(line: Piece<'_>) -> bool {
    line.len() <= 16 && line.has("年") && line.has("月") && (line.ends_with("日") || line.ends_with("印发"))
}

/// What holds from one clause to the next.
#[derive(Default)]
pub(super) struct Rules {
    /// The first named leads, from here on.
    first_leads: bool,
    /// Units that carry out every clause from here on.
    standing: Vec<String>,
}

/// Attributions before the first number, or in a text without numbers: each with the paragraph it ends.
pub(super) fn unnumbered(front: Piece<'_>, lexicon: &Lexicon) -> Vec<ReadClause> {
    let mut rules = Rules::default();
    let mut start = 0;
    let mut found = Vec::new();
    for (from, to, attribution) in attributions(front, lexicon) {
        let before = front.slice(start, from).trim();
        let text = before.from(before.rposition(|c| c == '\n').map_or(0, |index| index + 1));
        start = to;
        if !text.trim().is_empty() {
            let id = format!("段{}", found.len() + 1);
            found.push(Stretch { text: text.trim(), attribution: Some(attribution) }.clause(id, &mut rules));
        }
    }
    found
}

/// Clauses of the numbered items.
pub(super) fn clauses(items: &[Item<'_>], flat: Option<&flattened::Table>, lexicon: &Lexicon) -> Vec<ReadClause> {
    let ids = Ids::of(items);
    let mut rules = Rules::default();
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let id = ids.of_item(items, index);
        let stretches = match flat {
            Some(table) if !item.parent => table.stretches(item.text, lexicon),
            _ => stretches(item, lexicon),
        };
        let count = stretches.len();
        for (number, stretch) in stretches.into_iter().enumerate() {
            let id = if count > 1 { format!("{id}.{}", number + 1) } else { id.clone() };
            found.push(stretch.clause(id, &mut rules));
        }
    }
    found
}

/// A stretch of text and the attribution that governs it.
pub(super) struct Stretch<'a> {
    pub(super) text: Piece<'a>,
    pub(super) attribution: Option<Attribution>,
}

impl Stretch<'_> {
    fn clause(self, clause_id: String, rules: &mut Rules) -> ReadClause {
        let inline = deadline::in_text(self.text);
        let text = self.text.text();
        let Some(attribution) = self.attribution else {
            return ReadClause { clause_id, text, deadline: inline, ..ReadClause::default() };
        };
        let deadline = attribution.deadline.clone().or(inline);
        let note = attribution.open.then(|| OPEN_LIST.to_owned());
        let (lead_units, responsible_units) = rules.apply(attribution);
        ReadClause { clause_id, text, lead_units, responsible_units, deadline, note }
    }
}

/// The note of a clause whose list of units ends in 等.
pub(super) const OPEN_LIST: &str = "open list";

impl Rules {
    fn apply(&mut self, mut attribution: Attribution) -> (Vec<String>, Vec<String>) {
        self.first_leads |= attribution.first_leads == Some(Reach::Onward);
        let first = self.first_leads || attribution.first_leads.is_some();
        if first && attribution.lead.is_empty() && !attribution.responsible.is_empty() {
            attribution.lead.push(attribution.responsible.remove(0));
        }
        let named = !(attribution.lead.is_empty() && attribution.responsible.is_empty());
        for unit in &self.standing {
            if named && !attribution.lead.contains(unit) && !attribution.responsible.contains(unit) {
                attribution.responsible.push(unit.clone());
            }
        }
        if !attribution.standing.is_empty() {
            self.standing = attribution.standing;
        }
        (attribution.lead, attribution.responsible)
    }
}

/// The text of an item by its attributions: each governs what stands before it.
fn stretches<'a>(item: &Item<'a>, lexicon: &Lexicon) -> Vec<Stretch<'a>> {
    let text = item.text;
    let attributions = attributions(text, lexicon);
    let mut found = Vec::new();
    let mut start = 0;
    for (from, to, attribution) in attributions {
        // nothing between two brackets: the second says more about the same text
        if text.slice(start, from).trim().len() < 2 && let Some(Stretch { attribution: Some(before), .. }) = found.last_mut() {
            join(before, attribution);
        } else {
            found.push(Stretch { text: text.slice(start, from).trim(), attribution: Some(attribution) });
        }
        start = to;
    }
    let rest = text.from(start);
    if found.is_empty() {
        if let Some(stretch) = headed(text, lexicon) {
            return vec![stretch];
        }
        let sentences = text.chars().filter(|&c| c == '。').count();
        if !item.parent || sentences > 1 {
            found.push(Stretch { text: if item.last { unsigned(text) } else { text }.trim(), attribution: None });
        }
        return found;
    }
    let leads_on = rest.trim().ends_with(":");
    let closing = item.last && (rest.starts_with("\n") || !rest.has("。"));
    if rest.trim().len() >= REST_CHARS_MIN && !leads_on && !closing {
        found.push(Stretch { text: rest.trim(), attribution: None });
    }
    found
}

fn join(before: &mut Attribution, more: Attribution) {
    for (into, from) in [(&mut before.lead, more.lead), (&mut before.responsible, more.responsible)] {
        for unit in from {
            if !into.contains(&unit) {
                into.push(unit);
            }
        }
    }
    before.deadline = before.deadline.take().or(more.deadline);
    before.first_leads = before.first_leads.or(more.first_leads);
    before.open |= more.open;
    before.standing.extend(more.standing);
}

/// 市水利局：负责……: an item headed by units, as plans list them under 工作职责.
fn headed<'a>(text: Piece<'a>, lexicon: &Lexicon) -> Option<Stretch<'a>> {
    const HEAD_CHARS_MAX: usize = 60;
    let colon = text.to(HEAD_CHARS_MAX).position(|c| c == ':')?;
    if text.from(colon + 1).trim().len() < REST_CHARS_MIN {
        return None;
    }
    let head = text.to(colon).compact();
    let names = super::names::split(head.piece(), lexicon);
    (names.certain && !names.names.is_empty()).then(|| Stretch {
        text: text.trim(),
        attribution: Some(Attribution { responsible: names.names, open: names.open, ..Attribution::default() }),
    })
}

/// Every attribution in a text, from, to.
fn attributions(text: Piece<'_>, lexicon: &Lexicon) -> Vec<(usize, usize, Attribution)> {
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
        } else if starts_line(text, index)
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

/// Whether a label may stand here: at a line's start, after a gap or after a sentence.
fn starts_line(text: Piece<'_>, index: usize) -> bool {
    text.at(index).is_some_and(|c| !c.is_whitespace())
        && index.checked_sub(1).and_then(|before| text.at(before)).is_none_or(|c| c.is_whitespace() || "。;".contains(c))
}

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
        if attribution.lead.is_empty() && attribution.responsible.is_empty() && attribution.deadline.is_none() && whole.is_none()
            && !attribution::labels_other(rest.to(16))
        {
            return None;
        }
        match &mut whole {
            Some(before) => join(before, attribution),
            None => whole = Some(attribution),
        }
        end = at + length + usize::from(rest.at(length) == Some('。'));
        let tail = text.from(end);
        at = end + (tail.len() - tail.trim_start().len());
    }
    whole.map(|attribution| (end, attribution))
}

/// Ids of items: the numbers on the way to them, without a level whose headings the numbering runs through.
struct Ids {
    /// By part and level: the numbering goes on under the next heading one level up.
    runs_on: Vec<[bool; LEVELS]>,
    parents: Vec<Option<usize>>,
    /// The part with most text: the others are the covering notice and annexes.
    main: usize,
}

impl Ids {
    fn of(items: &[Item<'_>]) -> Self {
        let parts = items.iter().map(|item| item.marker.part + 1).max().unwrap_or(0);
        let mut runs_on = vec![[false; LEVELS]; parts];
        let mut lengths = vec![0_usize; parts];
        let mut fresh = [true; LEVELS];
        let mut part = 0;
        for item in items {
            let Marker { level, value, part: own, .. } = item.marker;
            if own != part {
                (part, fresh) = (own, [true; LEVELS]);
            }
            if level > 0 && fresh[level] && value > 1 {
                runs_on[own][level] = true;
            }
            fresh[level] = false;
            fresh[level + 1..].fill(true);
            lengths[own] += item.text.len();
        }
        let main = (0..parts).max_by_key(|&part| (lengths[part], std::cmp::Reverse(part))).unwrap_or(0);
        Self { runs_on, parents: parents(items), main }
    }

    fn of_item(&self, items: &[Item<'_>], index: usize) -> String {
        let own = &items[index].marker;
        let runs_on = &self.runs_on[own.part];
        let mut path = vec![numbering::shown(own.level, own.value)];
        let (mut level, mut at) = (own.level, index);
        while let Some(parent) = self.parents[at] {
            let marker = &items[parent].marker;
            if !(runs_on[level] && marker.level + 1 == level) {
                path.push(numbering::shown(marker.level, marker.value));
            }
            (level, at) = (marker.level, parent);
        }
        path.reverse();
        let id = path.join(".");
        match own.part.cmp(&self.main) {
            std::cmp::Ordering::Less => format!("通知.{id}"),
            std::cmp::Ordering::Equal => id,
            std::cmp::Ordering::Greater => format!("附{}.{id}", own.part - self.main),
        }
    }
}

/// For each item the one it stands under, within its part.
fn parents(items: &[Item<'_>]) -> Vec<Option<usize>> {
    let mut open: [Option<usize>; LEVELS] = [None; LEVELS];
    let mut part = 0;
    let mut found = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let marker = &item.marker;
        if marker.part != part {
            (part, open) = (marker.part, [None; LEVELS]);
        }
        found.push(open[..marker.level].iter().rev().find_map(|parent| *parent));
        open[marker.level] = Some(index);
        open[marker.level + 1..].fill(None);
    }
    found
}
