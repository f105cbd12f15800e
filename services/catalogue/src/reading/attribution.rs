//! The words that say who is responsible: （A牵头，B按职责分工负责）, 责任单位：A、B；完成时限：…, a cell of a table.

use super::deadline;
use super::label::{LABEL_CHARS_MAX, Label, Role, label, strip_verbs};
use super::lexicon::Lexicon;
use super::names::{self, Names};
use super::script::Piece;

/// Longest attribution, in characters. Longer brackets are text.
pub(super) const CHARS_MAX: usize = 600;

/// Longest name that is taken from an attribution, in characters: more is prose.
const NAME_CHARS_MAX: usize = 40;

/// Who is responsible for a stretch of text, as far as it is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Attribution {
    pub(super) lead: Vec<String>,
    pub(super) responsible: Vec<String>,
    pub(super) deadline: Option<String>,
    /// 等: more than those named.
    pub(super) open: bool,
    /// From here on, or only here, the first named leads.
    pub(super) first_leads: Option<Reach>,
    /// Units that carry out everything that follows, named once (以下任务均需…落实，不再列出).
    pub(super) standing: Vec<String>,
    /// A name as read is no name by its form.
    pub(super) doubtful: bool,
}

impl Attribution {
    /// With what a second attribution says about the same text.
    pub(super) fn join(&mut self, more: Self) {
        for (into, from) in [(&mut self.lead, more.lead), (&mut self.responsible, more.responsible)] {
            for unit in from {
                if !into.contains(&unit) {
                    into.push(unit);
                }
            }
        }
        self.deadline = self.deadline.take().or(more.deadline);
        self.first_leads = self.first_leads.or(more.first_leads);
        self.open |= more.open;
        self.standing.extend(more.standing);
    }
}

/// How far the rule that the first named leads reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Here,
    Onward,
}

/// The content of a bracket, where it says who is responsible; `None` where it is a remark like （IPv6）, （含）, （市、区）.
pub(super) fn bracket(content: Piece<'_>, lexicon: &Lexicon) -> Option<Attribution> {
    if content.is_empty() || content.len() > CHARS_MAX {
        return None;
    }
    let compacted = content.compact();
    let content = compacted.piece();
    let main = content.split(|c| c == '。').first().copied().unwrap_or(content).trim();
    let labelled = label(main.trim_start()).is_some();
    let said = || {
        main.split(|c| ",;".contains(c))
            .into_iter()
            .any(|part| strip_verbs(part.trim()).is_some_and(|verb| verb.role.is_some()))
    };
    if !labelled && first_leads(content).is_none() && !said() {
        return None;
    }
    let attribution = parse(content, None, lexicon);
    let named = !attribution.lead.is_empty() || !attribution.responsible.is_empty() || attribution.deadline.is_some();
    (named && (labelled || !attribution.doubtful) || attribution.first_leads.is_some()).then_some(attribution)
}

/// Whether a label with its colon stands here (责任单位：).
pub(super) fn labelled(piece: Piece<'_>) -> bool {
    label(piece).is_some()
}

/// Whether the label that stands here names a person or the like, not a unit.
pub(super) fn labels_other(piece: Piece<'_>) -> bool {
    matches!(label(piece), Some((Label::Other, _)))
}

/// A bracket of nothing but names at the end of a paragraph, behind its last sentence.
pub(super) fn bare(content: Piece<'_>, lexicon: &Lexicon) -> Option<Attribution> {
    let compacted = content.to(CHARS_MAX + 1).compact();
    let list = compacted.piece();
    if list.len() < 3 || list.len() > CHARS_MAX {
        return None;
    }
    let Names { names, open, certain, .. } = names::split(list, lexicon);
    (certain && !names.is_empty()).then(|| Attribution { responsible: names, open, ..Attribution::default() })
}

/// Reads an attribution. `cell` is the role of a table's column, for names that no verb and no label gives another.
pub(super) fn parse(content: Piece<'_>, cell: Option<Role>, lexicon: &Lexicon) -> Attribution {
    let compacted = content.compact();
    let content = compacted.piece();
    let mut result = Attribution { first_leads: first_leads(content), ..Attribution::default() };
    let mut sentences = content.split(|c| c == '。').into_iter();
    let main = sentences.next().unwrap_or(content);
    let rests: Vec<Piece<'_>> = sentences.collect();
    for rest in &rests {
        standing(*rest, &mut result, lexicon);
    }
    let mut reader = Reader { lexicon, cell, label: cell.map(Label::Units), pending: None, said: false, result };
    reader.sentence(main);
    // 责任单位：A。牵头单位：B。 as sentences of their own
    for rest in rests {
        if label(rest).is_some() {
            reader.sentence(rest);
        }
    }
    reader.result
}

struct Reader<'a> {
    lexicon: &'a Lexicon,
    cell: Option<Role>,
    label: Option<Label>,
    /// Names read since the last verb: from, to.
    pending: Option<(usize, usize)>,
    /// A verb or label has named a lead.
    said: bool,
    result: Attribution,
}

impl Reader<'_> {
    fn sentence(&mut self, content: Piece<'_>) {
        self.label = self.cell.map(Label::Units);
        let mut due: Option<(usize, usize)> = None;
        for (start, end) in clauses(content) {
            let mut part = content.slice(start, end);
            let mut from = start;
            if let Some((next, length)) = label(part) {
                self.flush(content, None);
                self.keep_deadline(content, &mut due);
                self.label = Some(next);
                from += length;
                part = content.slice(from, end);
            }
            if is_rule(part) {
                continue;
            }
            if self.label == Some(Label::Other) {
                continue;
            }
            if self.label == Some(Label::Deadline) {
                due = Some(due.map_or((from, end), |(first, _)| (first, end)));
                continue;
            }
            let part_lead = part.strip_any_prefix(&["由", "具体由", "均由"]).unwrap_or(part);
            from += part.len() - part_lead.len();
            match strip_verbs(part_lead) {
                Some(verb) => {
                    self.extend(from, from + verb.rest);
                    self.flush(content, verb.role);
                }
                None => self.extend(from, end),
            }
        }
        self.flush(content, None);
        self.keep_deadline(content, &mut due);
    }

    fn extend(&mut self, from: usize, to: usize) {
        self.pending = Some(self.pending.map_or((from, to), |(first, _)| (first, to)));
    }

    fn keep_deadline(&mut self, content: Piece<'_>, due: &mut Option<(usize, usize)>) {
        if let Some((from, to)) = due.take() {
            self.result.deadline = deadline::cell(content.slice(from, to)).or(self.result.deadline.take());
        }
    }

    fn flush(&mut self, content: Piece<'_>, verb: Option<Role>) {
        let Some((from, to)) = self.pending.take() else { return };
        // the comma before it tells a saying from a name
        let from = from - usize::from(from > 0 && content.at(from - 1) == Some(','));
        let list = content.slice(from, to);
        if is_blank_cell(list) {
            return;
        }
        let Names { names, open, sure, .. } = names::split(list, self.lexicon);
        let of_label = match self.label {
            Some(Label::Units(role)) => Some(role),
            _ => None,
        };
        // a verb says more than the label before it (责任单位：A牵头，B负责), except that whoever leads is also responsible
        let role = match (verb, of_label) {
            (Some(Role::Responsible), Some(Role::Lead)) if !self.said => Role::Lead,
            (Some(role), _) => role,
            (None, Some(Role::Lead)) if self.said && self.cell.is_none() => Role::Responsible,
            (None, Some(role)) => role,
            (None, None) => Role::Responsible,
        };
        self.said |= verb == Some(Role::Lead);
        self.result.open |= open;
        self.result.doubtful |= !sure;
        for name in names {
            // two texts run together, or a sentence in a cell of units
            let prose = name.chars().count() > NAME_CHARS_MAX || name.contains('。');
            let (name, leads) = own_role(name);
            let leads = leads || role == Role::Lead;
            let side = if leads { &mut self.result.lead } else { &mut self.result.responsible };
            if !prose && !side.contains(&name) {
                side.push(name);
            }
        }
    }
}

/// 市水利局（牵头）: a name with its role in a bracket.
fn own_role(mut name: String) -> (String, bool) {
    for mark in ["（牵头）", "(牵头)", "（牵头单位）", "(牵头单位)", "（牽頭）", "(牽頭)"] {
        if let Some(bare) = name.strip_suffix(mark) {
            name = bare.to_owned();
            return (name, true);
        }
    }
    (name, false)
}

/// A cell that says in so many words that nobody is named.
pub(super) fn is_blank_cell(piece: Piece<'_>) -> bool {
    piece.chars().all(|c| c.is_whitespace() || "/-—–－无、,;".contains(c))
}

/// The parts of an attribution between 、 commas and semicolons, outside brackets, as ranges. A label begins a part of its
/// own even where only a space, now gone, stood before it.
fn clauses(content: Piece<'_>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, c) in content.chars().enumerate() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '、' | ',' | ';' if depth == 0 => {
                found.push((start, index));
                start = index + 1;
            }
            ':' if depth == 0 => {
                let first = start.max(index.saturating_sub(LABEL_CHARS_MAX));
                let begins = (first..index).find(|&at| {
                    label(content.slice(at, index + 1)).is_some_and(|(_, length)| length == index + 1 - at)
                });
                if let Some(at) = begins.filter(|&at| at > start) {
                    found.push((start, at));
                    start = at;
                }
            }
            _ => {}
        }
    }
    found.push((start, content.len()));
    found
}

/// 列第一位者为牵头单位，下同.
pub(super) fn first_leads(content: Piece<'_>) -> Option<Reach> {
    if !content.split(|c| ",。;".contains(c)).into_iter().any(|part| is_first_rule(part)) {
        return None;
    }
    Some(if content.contains("下同") { Reach::Onward } else { Reach::Here })
}

fn is_first_rule(part: Piece<'_>) -> bool {
    ["第一位", "首位", "第一个", "排名第一"].iter().any(|word| part.contains(word)) && part.contains("牵头")
}

fn is_rule(part: Piece<'_>) -> bool {
    is_first_rule(part) || part.is("下同") || part.contains("不再") && part.contains("列出")
}

/// 以下任务均需A、B落实，不再一一列出: the units, once for all that follows.
fn standing(sentence: Piece<'_>, result: &mut Attribution, lexicon: &Lexicon) {
    if !sentence.starts_with("以下") || !sentence.contains("不再") {
        return;
    }
    let Some(start) = ["均需由", "均需", "均由", "都需", "都由"]
        .iter()
        .find_map(|word| sentence.find(word).map(|index| index + word.chars().count()))
    else {
        return;
    };
    let end = sentence.from(start).find("不再").map_or(sentence.len(), |index| start + index);
    let mut list = sentence.slice(start, end);
    while let Some(shorter) = list.strip_suffix(",") {
        list = shorter;
    }
    if let Some(verb) = strip_verbs(list) {
        let names = names::split(list.to(verb.rest), lexicon);
        if names.sure {
            result.standing = names.names;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::Script;
    use super::*;

    fn check(content: &str, lead: &[&str], responsible: &[&str]) {
        let script = Script::new(content);
        let found = bracket(script.piece(), &Lexicon::new());
        let found = found.unwrap_or_else(|| panic!("{content} is an attribution"));
        assert_eq!((found.lead, found.responsible), (owned(lead), owned(responsible)), "{content}");
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn verbs_and_labels_give_roles() {
        check("甲局牵头，乙局、丙局按职责分工负责", &["甲局"], &["乙局", "丙局"]);
        check("甲局、乙局按职责分工负责", &[], &["甲局", "乙局"]);
        check("甲局牵头，全力推进，乙局配合", &["甲局"], &["乙局"]);
        check("甲局、乙局分别牵头落实", &["甲局", "乙局"], &[]);
        check("责任单位:甲局牵头，乙局、丙局等部门分工负责", &["甲局"], &["乙局", "丙局"]);
        check("牵头单位：甲局、乙局；责任单位：各镇人民政府；完成时限：九月底前", &["甲局", "乙局"], &["各镇人民政府"]);
        check("牵头单位：甲局，配合单位：乙局、丙局", &["甲局"], &["乙局", "丙局"]);
        check("甲部指导，乙市政府负责落实", &[], &["甲部", "乙市政府"]);
        check("甲局牵头，乙局、丙局参与", &["甲局"], &["乙局", "丙局"]);
        check("甲局牵頭,各鎮街配合", &["甲局"], &["各鎮街"]);
        check("甲部、乙部负责，排在第一位的部门为牵头部门，下同", &[], &["甲部", "乙部"]);
        check("牵头单位:甲局 责任单位:乙局、丙局 责任领导:某某 完成时限:年底前", &["甲局"], &["乙局", "丙局"]);
        check("责任单位：甲局（牵头）、乙局", &["甲局"], &["乙局"]);
        check("由甲局牵头，会同乙局等部门落实", &["甲局"], &["乙局"]);
        check("12345热线办、甲局负责", &[], &["12345热线办", "甲局"]);
        check("甲局、乙局、丙平台负责", &[], &["甲局", "乙局", "丙平台"]);
        check("甲局、乙局，各省级人民政府按职责分工负责", &[], &["甲局", "乙局", "各省级人民政府"]);
    }

    #[test]
    fn remarks_are_not_attributions() {
        for remark in [
            "IPv6",
            "含",
            "市、区",
            "一般不超过十个工作日",
            "以下简称平台",
            "主要领导亲自负责",
            "不超过3个的由各级落实",
            "答复稿须附咨询电话栏",
            "各级要认真抓好落实",
        ] {
            assert!(bracket(Script::new(remark).piece(), &Lexicon::new()).is_none(), "{remark}");
        }
    }

    #[test]
    fn a_rule_for_what_follows_is_kept() {
        let script = Script::new("甲局负责。以下任务均需各镇政府、园区管委落实，不再一一列出");
        let found = bracket(script.piece(), &Lexicon::new()).unwrap();
        assert_eq!(found.standing, owned(&["各镇政府", "园区管委"]));
        let script = Script::new("甲部、乙部负责。列第一位者为牵头单位，下同");
        assert_eq!(bracket(script.piece(), &Lexicon::new()).unwrap().first_leads, Some(Reach::Onward));
    }
}
