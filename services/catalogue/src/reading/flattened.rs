//! Tables that lost every separator: the units stand glued to the end of each task, and to each other.

use super::attribution::Attribution;
use super::header::Column;
use super::item::Stretch;
use super::label::Role;
use super::lexicon::{Lexicon, is_generic};
use super::script::Piece;

/// First characters of a name that follows another without a separator.
const STARTS: &[&str] = &["各", "区", "市", "省", "县", "国家", "中央", "驻", "镇", "乡"];

/// Longest name looked for, in characters.
const NAME_CHARS_MAX: usize = 32;

/// The columns for units of a flattened table.
pub(super) struct Table {
    has_lead: bool,
    has_responsible: bool,
}

/// Names that stood between two places where a cell may end.
struct Run<'a> {
    names: Vec<Piece<'a>>,
}

impl Table {
    pub(super) fn new(columns: &[Column]) -> Self {
        Self {
            has_lead: columns.contains(&Column::Units(Role::Lead)),
            has_responsible: columns.contains(&Column::Units(Role::Responsible)),
        }
    }

    /// The task and its units: what follows the last sentence, as far as it reads as names of units.
    pub(super) fn stretches<'a>(&self, text: Piece<'a>, lexicon: &Lexicon) -> Vec<Stretch<'a>> {
        let cut = text.rposition(|c| c == '。').map_or(0, |index| index + 1);
        let cut = tail_start(text, cut, lexicon);
        let task = text.to(cut).trim();
        let tail = text.from(cut);
        let runs = runs(tail, lexicon);
        if runs.is_empty() {
            return vec![Stretch { text: text.trim(), attribution: None }];
        }
        let leading = tail.first().is_some_and(char::is_whitespace);
        let trailing = tail.chars().next_back().is_some_and(char::is_whitespace);
        vec![Stretch { text: task, attribution: Some(self.sides(&runs, leading, trailing)) }]
    }

    /// Which cell each run stood in. A blank cell leaves a gap before or after the names. Where both cells are filled, bodies
    /// named one by one lead, and those named all together carry out; without any sign nobody is taken to lead.
    fn sides(&self, runs: &[Run<'_>], leading: bool, trailing: bool) -> Attribution {
        let lead_runs = if !self.has_lead {
            0
        } else if !self.has_responsible || (trailing && !leading && runs.len() == 1) {
            runs.len()
        } else {
            let single = runs.iter().take_while(|run| run.names.iter().all(|name| !is_collective(*name))).count();
            if single == runs.len() { if leading && !trailing { 0 } else { single } } else { single }
        };
        let mut attribution = Attribution::default();
        for (index, run) in runs.iter().enumerate() {
            let side = if index < lead_runs { &mut attribution.lead } else { &mut attribution.responsible };
            for name in &run.names {
                let name = name.trim().written();
                if !side.contains(&name) {
                    side.push(name);
                }
            }
        }
        attribution
    }
}

/// Where the units begin: after the last sentence; where that is prose, at the last name of a body named elsewhere.
fn tail_start(text: Piece<'_>, cut: usize, lexicon: &Lexicon) -> usize {
    let tail = text.from(cut);
    if tail.trim().is_empty() {
        return cut;
    }
    let trimmed = tail.trim();
    let begin = cut + (tail.len() - tail.trim_start().len());
    let end = begin + trimmed.len();
    (begin.max(end.saturating_sub(NAME_CHARS_MAX))..end)
        .find(|&start| lexicon.is_listed(text.slice(start, end)))
        .filter(|&start| start > begin && runs(tail, lexicon).iter().map(|run| run.names.len()).sum::<usize>() < 2)
        .unwrap_or(cut)
}

fn is_collective(name: Piece<'_>) -> bool {
    name.starts_with("各")
        || ["区直", "市直", "省直", "县直", "区属", "市属", "区级", "市级"].iter().any(|start| name.starts_with(start))
        || ["部门", "单位"].iter().any(|end| name.ends_with(end))
}

/// The names at the start of a tail. Nothing where the tail does not begin with one.
fn runs<'a>(tail: Piece<'a>, lexicon: &Lexicon) -> Vec<Run<'a>> {
    let mut found: Vec<Run<'a>> = Vec::new();
    let mut rest = tail.trim_start();
    let mut joined = false;
    while !rest.is_empty() {
        let Some(length) = name(rest, lexicon) else { break };
        let name = rest.to(length);
        match found.last_mut() {
            Some(run) if joined => run.names.push(name),
            _ => found.push(Run { names: vec![name] }),
        }
        let after = rest.from(length);
        let next = after.trim_start();
        joined = next.first().is_some_and(|c| "、,;".contains(c));
        rest = if joined { next.from(1).trim_start() } else { next };
    }
    found
}

/// The length of the name that a tail begins with: up to a separator, a gap, the end, or the start of another name.
fn name(rest: Piece<'_>, lexicon: &Lexicon) -> Option<usize> {
    let mut depth = 0_usize;
    for length in 1..=rest.len().min(NAME_CHARS_MAX) {
        match rest.at(length - 1) {
            Some('(' | '[') => depth += 1,
            Some(')' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > 0 {
            continue;
        }
        let name = rest.to(length);
        let after = rest.from(length);
        let stop = after.first().is_none_or(|c| c.is_whitespace() || "、,;".contains(c));
        if stop {
            let collective = name.starts_with("各") && name.len() > 3;
            return (lexicon.is_name(name) || collective).then_some(length);
        }
        let glued =
            (STARTS.iter().any(|start| after.starts_with(start)) && name.len() > 2) || after.starts_with("关于");
        if glued && !is_generic(name) && lexicon.is_name(name) && !name.ends_with("区") && !name.ends_with("市") {
            return Some(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::script::Script;
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let script = Script::new(text);
        let table = Table { has_lead: true, has_responsible: true };
        let found = table.stretches(script.piece(), &Lexicon::with_names(["区财政金融局"]));
        let attribution = found.into_iter().next().and_then(|stretch| stretch.attribution).unwrap_or_default();
        (attribution.lead, attribution.responsible)
    }

    #[test]
    fn glued_units_are_told_apart() {
        for (text, lead, responsible) in [
            (
                "公开目录。区水利局区城管局区属各水务企业，各街区管理处",
                vec!["区水利局", "区城管局"],
                vec!["区属各水务企业", "各街区管理处"],
            ),
            (
                "公开目录。 区直各单位，各乡镇人民政府（街道办事处）",
                vec![],
                vec!["区直各单位", "各乡镇人民政府（街道办事处）"],
            ),
            ("公开目录。区河湖管护中心，各街区管理处 ", vec!["区河湖管护中心", "各街区管理处"], vec![]),
            ("公开相关信息区财政金融局 ", vec!["区财政金融局"], vec![]),
            ("公开目录。 政务公开工作部门关于印发任务分解表.pdf", vec![], vec!["政务公开工作部门"]),
            ("公开目录，抓好落实", vec![], vec![]),
        ] {
            let expected =
                (lead.into_iter().map(str::to_owned).collect(), responsible.into_iter().map(str::to_owned).collect());
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
