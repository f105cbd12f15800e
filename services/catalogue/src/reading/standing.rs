//! The last word on units: what is given stands in the text in one piece, whatever the layout led to.

use std::collections::HashMap;

use super::Reading;
use super::lexicon::Lexicon;
use super::script::Script;

/// Leaves out units that do not stand in the text in one piece: no unit is made up. Names that only a gap parts, and that were run
/// together, are parted again. Lines are cleaned ones: without glosses of pronunciation and page numbers.
pub(super) fn keep(reading: &mut Reading, lines: &[String], lexicon: &Lexicon) {
    let text = Text::new(lines);
    let mut known: HashMap<String, Vec<String>> = HashMap::new();
    let mut lost = false;
    let mut check = |units: &mut Vec<String>| {
        let mut kept: Vec<String> = Vec::with_capacity(units.len());
        for unit in units.drain(..) {
            let parts = known.entry(unit).or_insert_with_key(|unit| text.names(unit, lexicon));
            lost |= parts.is_empty();
            for part in parts {
                if !kept.contains(part) {
                    kept.push(part.clone());
                }
            }
        }
        *units = kept;
    };
    for clause in &mut reading.clauses {
        check(&mut clause.lead_units);
        check(&mut clause.responsible_units);
    }
    if lost {
        reading.warnings.push("部分单位名称被版面割裂，未予采用：请对照原文核对责任单位".to_owned());
    }
}

/// A text without its gaps, which are remembered.
struct Text {
    solid: String,
    /// Where gaps were, in bytes of `solid`, in order; whether it was one between cells.
    gaps: Vec<(usize, bool)>,
}

impl Text {
    fn new(lines: &[String]) -> Self {
        let (mut solid, mut gaps): (String, Vec<(usize, bool)>) = (String::new(), Vec::new());
        for line in lines {
            for c in line.chars().chain(['\n']) {
                let between_cells = c == '\t' || c == '|' || c == '｜';
                if !between_cells && !c.is_whitespace() {
                    solid.push(c);
                    continue;
                }
                match gaps.last_mut() {
                    Some((at, cells)) if *at == solid.len() => *cells |= between_cells,
                    _ => gaps.push((solid.len(), between_cells)),
                }
            }
        }
        Self { solid, gaps }
    }

    /// The names a unit is: itself where it stands in one piece; where it does so nowhere, the names it was run together of.
    fn names(&self, unit: &str, lexicon: &Lexicon) -> Vec<String> {
        let mut parted = Vec::new();
        for (at, _) in self.solid.match_indices(unit) {
            let parts = self.parts(at, unit, lexicon);
            if parts.len() == 1 {
                return parts;
            }
            if parted.is_empty() && parts.iter().all(|part| lexicon.is_name(Script::new(part).piece())) {
                parted = parts;
            }
        }
        parted
    }

    /// The unit that stands at a place, cut at the gaps in it that part names.
    fn parts(&self, at: usize, unit: &str, lexicon: &Lexicon) -> Vec<String> {
        let first = self.gaps.partition_point(|(gap, _)| *gap <= at);
        let inside = self.gaps.iter().skip(first).take_while(|(gap, _)| *gap < at + unit.len());
        let mut parts = Vec::new();
        let (mut rest, mut start) = (unit, at);
        for (gap, cells) in inside {
            let Some((before, after)) = rest.split_at_checked(gap - start) else { break };
            let (left, right) = (Script::new(before), Script::new(after));
            let two =
                if *cells { lexicon.is_name(left.piece()) } else { lexicon.are_two_names(left.piece(), right.piece()) };
            if two {
                parts.push(before.to_owned());
                (rest, start) = (after, *gap);
            }
        }
        parts.push(rest.to_owned());
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_one_piece_or_are_parted() {
        for (text, unit, expected) in [
            ("（区水利局负责）", "区水利局", vec!["区水利局"]),
            ("区 水 利 局", "区水利局", vec!["区水利局"]),
            ("1\t疏通管网\t区水利局\n\t\t区城管局", "区水利局区城管局", vec!["区水利局", "区城管局"]),
            ("| 区水利局 | 区城管局 |", "区水利局区城管局", vec!["区水利局", "区城管局"]),
            (
                "（区水利局\n区城管局\n各镇政府负责）",
                "区水利局区城管局各镇政府",
                vec!["区水利局", "区城管局", "各镇政府"],
            ),
            ("（市委办公室 市政府办公室负责）", "市委办公室市政府办公室", vec!["市委办公室", "市政府办公室"]),
            ("（市农业\n农村局负责）", "市农业农村局", vec!["市农业农村局"]),
            ("1\t修渠\t市农业\n\t\t农村局", "市农业农村局", vec!["市农业农村局"]),
            ("（市委\n宣传部、云溪区\n市场监管局负责）", "市委宣传部", vec!["市委宣传部"]),
            ("（市委\n宣传部、云溪区\n市场监管局负责）", "云溪区市场监管局", vec!["云溪区市场监管局"]),
            ("区水利局、区城管局", "区水利局区城管局", vec![]),
            ("区水利局，区城管局", "区水利局区城管局", vec![]),
            ("各市、县（区）人民政府", "各市、县（区）人民政府", vec!["各市、县（区）人民政府"]),
        ] {
            let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
            assert_eq!(Text::new(&lines).names(unit, &Lexicon::new()), expected, "{unit} in {text}");
        }
    }
}
