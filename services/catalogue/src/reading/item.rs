//! Items by their numbers, and the attributions in them: text in, clauses out.

use super::attribution::{self, Attribution, Reach};
use super::deadline;
use super::ids::Ids;
use super::lexicon::Lexicon;
use super::numbering::Marker;
use super::script::Piece;
use super::{ReadClause, find, flattened};

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
pub(super) fn items<'a>(body: Piece<'a>, markers: &[Marker], lexicon: &Lexicon) -> Vec<Item<'a>> {
    let mut found = Vec::with_capacity(markers.len());
    for (index, marker) in markers.iter().enumerate() {
        let next = markers.get(index + 1);
        let text = body.slice(marker.end, next.map_or(body.len(), |next| next.start));
        let same = next.filter(|next| next.part == marker.part);
        found.push(Item {
            marker: marker.clone(),
            text: if same.is_none() { closed(text, lexicon) } else { before_annex(text, lexicon) },
            parent: same.is_some_and(|next| next.level > marker.level),
            last: same.is_none(),
        });
    }
    found
}

/// Words with which the page goes on after the document.
const CLOSINGS: &[&str] = &[
    "附件:",
    "附件1",
    "附件2",
    "附件一",
    "附:",
    "抄送",
    "抄报",
    "来源:",
    "相关解读",
    "相关链接",
    "责任编辑",
    "扫一扫",
    "上一篇",
    "下一篇",
    "分享到",
    "打印",
    "(此件",
    "联系人",
    "附件下载",
    "主办单位:",
    "网站地图",
];

/// Up to the signature, the annexes and what a page shows below a document. Not before lines that say who is responsible: then
/// the line is one of the item's own (联系人, a date).
fn closed<'a>(text: Piece<'a>, lexicon: &Lexicon) -> Piece<'a> {
    let (mut start, mut signed) = (0, 0);
    let goes_on = |from: usize| is_attributed(text.from(from), lexicon);
    for line in text.split(|c| c == '\n') {
        let shown = line.trim();
        if start > 0 && is_date(shown) && !goes_on(start + line.len()) {
            return text.to(signed);
        }
        if start > 0 && closes(shown) && !goes_on(start + line.len()) {
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

/// An item before another one of the same numbering is not the document's end, but may be the last before an annex that goes on
/// counting: up to its line, where nothing below says who is responsible.
fn before_annex<'a>(text: Piece<'a>, lexicon: &Lexicon) -> Piece<'a> {
    let mut start = 0;
    for line in text.split(|c| c == '\n') {
        if start > 0 && line.trim().starts_with("附件") && line.len() <= ANNEX_CHARS_MAX {
            let attributed = !find::attributions(text.from(start), lexicon).is_empty();
            return if attributed { text } else { text.to(start) };
        }
        start += line.len() + 1;
    }
    text
}

/// Longest line that may head an annex, in characters.
const ANNEX_CHARS_MAX: usize = 40;

/// Whether a line is one of those below a document, not a sentence that begins like one (打印设备统一采购).
fn closes(line: Piece<'_>) -> bool {
    const BUTTONS_CHARS_MAX: usize = 12;
    let sentence = line.len() > BUTTONS_CHARS_MAX || line.has("。,;()");
    line.is("附件") || CLOSINGS.iter().any(|word| line.starts_with(word)) && !(line.starts_with("打印") && sentence)
}

/// Whether one of the next lines says who is responsible for what stands above. The office that runs the site is none of these.
fn is_attributed(rest: Piece<'_>, lexicon: &Lexicon) -> bool {
    const LINES_MAX: usize = 3;
    const CHARS_MAX: usize = 400;
    let lines = rest.to(CHARS_MAX).split(|c| c == '\n');
    lines.into_iter().map(Piece::trim).filter(|line| !line.is_empty()).take(LINES_MAX).any(|line| {
        let bracket = line.starts_with("(") || line.starts_with("[");
        let label = attribution::labelled(line) && line.strip_any_prefix(&["主办", "承办", "协办"]).is_none();
        (bracket || label)
            && find::attributions(line, lexicon).first().is_some_and(|(from, _, attribution)| {
                *from == 0 && !(attribution.lead.is_empty() && attribution.responsible.is_empty())
            })
    })
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
    line.len() <= 16
        && !line.has("至—~")
        && line.has("年")
        && line.has("月")
        && (line.ends_with("日") || line.ends_with("印发"))
}

/// What holds from one clause to the next.
#[derive(Clone, Default)]
pub(super) struct Rules {
    /// The first named leads, from here on.
    first_leads: bool,
    /// Units that carry out every clause from here on.
    standing: Vec<String>,
}

/// Attributions before the first number, or in a text without numbers: each with the paragraph it ends.
/// A rule said there (列第一位者为牵头单位) is one for the whole document.
pub(super) fn unnumbered(front: Piece<'_>, rules: &mut Rules, lexicon: &Lexicon) -> Vec<ReadClause> {
    let general = |part: Piece<'_>| part.len() <= SENTENCE_CHARS_MAX && attribution::first_leads(part).is_some();
    rules.first_leads |= front.split(|c| "。\n()".contains(c)).into_iter().any(general);
    let mut start = 0;
    let mut found = Vec::new();
    for (from, to, attribution) in find::attributions(front, lexicon) {
        let before = front.slice(start, from).trim();
        let text = before.from(before.rposition(|c| c == '\n').map_or(0, |index| index + 1));
        start = to;
        let only_rule =
            attribution.lead.is_empty() && attribution.responsible.is_empty() && attribution.deadline.is_none();
        if !text.trim().is_empty() && !only_rule {
            let id = format!("段{}", found.len() + 1);
            found.push(Stretch { text: text.trim(), attribution: Some(attribution) }.clause(id, rules));
        }
    }
    found
}

/// Longest sentence that is read as a rule, in characters.
const SENTENCE_CHARS_MAX: usize = 80;

/// Clauses of the numbered items.
pub(super) fn clauses(
    items: &[Item<'_>],
    flat: Option<&flattened::Table>,
    rules: &mut Rules,
    lexicon: &Lexicon,
) -> Vec<ReadClause> {
    let ids = Ids::of(items);
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
            found.push(stretch.clause(id, rules));
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
    /// Who leads and who is responsible by a row of a table: its own head may say that the first named leads, or its columns who does.
    pub(super) fn of_row(
        &mut self,
        attribution: Attribution,
        first_leads: bool,
        has_lead: bool,
    ) -> (Vec<String>, Vec<String>) {
        let of_document = self.first_leads || attribution.first_leads == Some(Reach::Onward);
        self.first_leads = first_leads || of_document && !has_lead;
        let sides = self.apply(attribution);
        self.first_leads = of_document;
        sides
    }

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
    let attributions = find::attributions(text, lexicon);
    let mut found = Vec::new();
    let mut start = 0;
    for (from, to, attribution) in attributions {
        // nothing between two brackets: the second says more about the same text
        if text.slice(start, from).trim().len() < 2
            && let Some(Stretch { attribution: Some(before), .. }) = found.last_mut()
        {
            before.join(attribution);
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
