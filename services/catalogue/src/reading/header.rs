//! Heads of tables: which column says what.

use super::label::Role;
use super::script::Piece;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Number,
    /// What is to be done, or the heading it stands under.
    Text,
    Units(Role),
    Deadline,
    Other,
}

const NUMBERS: &[&str] = &["序号", "编号", "项次"];
const TEXTS: &[&str] = &[
    "工作任务",
    "主要任务",
    "重点任务",
    "任务名称",
    "任务安排",
    "任务内容",
    "目标任务",
    "工作内容",
    "工作要求",
    "工作事项",
    "工作措施",
    "工作目标",
    "具体要求",
    "具体任务",
    "具体措施",
    "具体内容",
    "具体举措",
    "主要内容",
    "主要措施",
    "指标要求",
    "任务要求",
    "重点工作",
    "任务分解",
    "任务",
    "内容",
    "事项",
    "项目",
    "措施",
    "目标",
    "类别",
    "领域",
    "一级任务",
    "二级任务",
    "工作项目",
    "改革任务",
    "重点事项",
    "问题",
    "整改措施",
    "指标",
    "任务类别",
];
const OTHERS: &[&str] = &[
    "备注",
    "目标类型",
    "说明",
    "类型",
    "进展情况",
    "完成情况",
    "联系人",
    "责任人",
    "分管领导",
    "责任领导",
    "牵头领导",
];
const LEADS: &[&str] = &["牵头", "主办", "主责", "第一责任"];
const BODIES: &[&str] = &["单位", "部门", "科室", "处室", "股室", "机构", "主体"];
const DEADLINES: &[&str] = &["时限", "时间", "期限", "进度", "节点"];

/// Words that say when something begins, which is no deadline.
const BEGINNINGS: &[&str] = &["开始", "启动", "开工"];

/// The column a cell heads, if it reads as the head of one. A remark in brackets behind it (责任单位（首位牵头）) is no part of it.
pub(super) fn column(cell: Piece<'_>) -> Option<Column> {
    let compacted = cell.compact();
    let cell = without_remark(compacted.piece());
    if cell.is_empty() || cell.len() > 12 || cell.has("。，,;、") {
        return None;
    }
    let is_one_of = |words: &[&str]| words.iter().any(|word| cell.is(word));
    if is_one_of(OTHERS) {
        Some(Column::Other)
    } else if is_one_of(NUMBERS) {
        Some(Column::Number)
    } else if BODIES.iter().any(|body| cell.ends_with(body)) || cell.is("责任分工") || cell.is("分工") {
        let lead = LEADS.iter().any(|word| cell.contains(word)) && !cell.contains("配合");
        Some(Column::Units(if lead { Role::Lead } else { Role::Responsible }))
    } else if BEGINNINGS.iter().any(|word| cell.starts_with(word)) && DEADLINES.iter().any(|word| cell.ends_with(word))
    {
        Some(Column::Other)
    } else if DEADLINES.iter().any(|word| cell.ends_with(word) || cell.starts_with(word) || cell.contains(word)) {
        Some(Column::Deadline)
    } else if is_one_of(TEXTS) {
        Some(Column::Text)
    } else {
        None
    }
}

/// The columns of a row that heads a table: at least two cells, one of them for units, each the head of a column or blank.
pub(super) fn columns(cells: &[Piece<'_>]) -> Option<Vec<Column>> {
    if cells.len() > COLUMNS_MAX {
        return None;
    }
    let found: Option<Vec<Column>> =
        cells.iter().map(|cell| if cell.trim().is_empty() { Some(Column::Text) } else { column(*cell) }).collect();
    found.filter(|columns| {
        let named = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        named >= 2 && columns.iter().any(|column| matches!(column, Column::Units(_)))
    })
}

/// The columns of the first row of a table, which may hold heads that no list knows (资金来源): beside units and what is to be done,
/// a few short words without digits are heads as well.
pub(super) fn first_columns(cells: &[Piece<'_>]) -> Option<Vec<Column>> {
    const UNKNOWN_CHARS_MAX: usize = 8;
    if let Some(known) = columns(cells) {
        return Some(known);
    }
    if cells.len() > COLUMNS_MAX {
        return None;
    }
    let heads: Vec<Option<Column>> = cells.iter().map(|cell| column(*cell)).collect();
    let unknown = heads.iter().filter(|head| head.is_none()).count();
    let short = |cell: Piece<'_>| {
        let compacted = cell.compact();
        let cell = without_remark(compacted.piece());
        (2..=UNKNOWN_CHARS_MAX).contains(&cell.len()) && cell.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    };
    let heads_units = |(cell, head): (&Piece<'_>, &Option<Column>)| {
        let compacted = cell.compact();
        matches!(head, Some(Column::Units(_))) && compacted.piece().strip_any_prefix(UNIT_HEADS).is_some()
    };
    let known = |wanted: Column| heads.contains(&Some(wanted));
    let is_head = cells.iter().zip(&heads).all(|(cell, head)| head.is_some() || short(*cell))
        && cells.iter().zip(&heads).any(heads_units)
        && (known(Column::Text) || known(Column::Number))
        && unknown * 2 <= heads.len() + 1;
    is_head.then(|| cells.iter().zip(heads).map(|(cell, head)| head.unwrap_or_else(|| unknown_column(*cell))).collect())
}

/// 建设内容 and the like say what is to be done; any other unknown head says nothing that is asked for.
fn unknown_column(cell: Piece<'_>) -> Column {
    let compacted = cell.compact();
    let cell = without_remark(compacted.piece());
    let text = ["任务", "内容", "事项", "措施", "举措", "要求", "目标", "项目", "名称"];
    if text.iter().any(|end| cell.ends_with(end)) { Column::Text } else { Column::Other }
}

/// Beginnings of heads of units that no row's own text has.
const UNIT_HEADS: &[&str] = &["责任", "牵头", "配合", "主办", "协办", "承办", "主责", "实施", "落实", "参与", "主管"];

/// Without a remark in brackets at the end.
fn without_remark(cell: Piece<'_>) -> Piece<'_> {
    let open = cell.position(|c| c == '(').filter(|open| *open > 1 && cell.last() == Some(')'));
    open.map_or(cell, |open| cell.to(open))
}

/// Most columns of a table.
pub(super) const COLUMNS_MAX: usize = 16;

/// Heads of columns run together without any separator, at the end of a piece: their columns.
pub(super) fn glued(piece: Piece<'_>) -> Option<Vec<Column>> {
    const HEAD_CHARS_MAX: usize = 60;
    let compacted = piece.from(piece.len().saturating_sub(HEAD_CHARS_MAX)).compact();
    let mut rest = compacted.piece();
    let mut columns = Vec::new();
    'heads: loop {
        for length in (2..=8).rev() {
            let Some(start) = rest.len().checked_sub(length) else { continue };
            let cell = rest.from(start);
            if let Some(column) = GLUED.iter().find(|(word, _)| cell.is(word)).map(|(_, column)| *column) {
                columns.push(column);
                rest = rest.to(start);
                continue 'heads;
            }
        }
        break;
    }
    columns.reverse();
    (columns.len() >= 3 && columns.iter().any(|column| matches!(column, Column::Units(_)))).then_some(columns)
}

/// Heads that stand run together in practice; the general rule of [`column`] would take in words of the title before them.
const GLUED: &[(&str, Column)] = &[
    ("序号", Column::Number),
    ("工作任务", Column::Text),
    ("主要任务", Column::Text),
    ("重点任务", Column::Text),
    ("任务名称", Column::Text),
    ("工作内容", Column::Text),
    ("工作要求", Column::Text),
    ("具体要求", Column::Text),
    ("具体措施", Column::Text),
    ("具体内容", Column::Text),
    ("牵头单位", Column::Units(Role::Lead)),
    ("牵头部门", Column::Units(Role::Lead)),
    ("责任单位", Column::Units(Role::Responsible)),
    ("责任部门", Column::Units(Role::Responsible)),
    ("责任科室", Column::Units(Role::Responsible)),
    ("配合单位", Column::Units(Role::Responsible)),
    ("配合部门", Column::Units(Role::Responsible)),
    ("配合/责任单位", Column::Units(Role::Responsible)),
    ("责任/配合单位", Column::Units(Role::Responsible)),
    ("完成时限", Column::Deadline),
    ("完成时间", Column::Deadline),
    ("时限要求", Column::Deadline),
    ("备注", Column::Other),
];

#[cfg(test)]
mod tests {
    use super::super::script::Script;
    use super::*;

    #[test]
    fn heads_are_read_by_their_words() {
        for (cell, expected) in [
            ("牵 头 部 门", Some(Column::Units(Role::Lead))),
            ("责任科室", Some(Column::Units(Role::Responsible))),
            ("牵头及配合单位", Some(Column::Units(Role::Responsible))),
            ("完成时限", Some(Column::Deadline)),
            ("任务 名称", Some(Column::Text)),
            ("序号", Some(Column::Number)),
            ("责任单位（列第一位的为牵头单位）", Some(Column::Units(Role::Responsible))),
            ("开始时间", Some(Column::Other)),
            ("起止时间", Some(Column::Deadline)),
            ("清理并公布目录。", None),
        ] {
            assert_eq!(column(Script::new(cell).piece()), expected, "{cell}");
        }
    }

    #[test]
    fn a_head_may_hold_words_no_list_knows() {
        for (row, expected) in [
            ("序号|任务|责任单位|联系电话", true),
            ("序号|建设内容|责任单位|资金来源|年度投资（万元）", true),
            ("任务|责任单位|资金来源", true),
            ("资金来源|年度投资|责任单位|进度", false),
            ("3|项目|各有关单位|持续推进", false),
            ("项目|各有关单位|持续推进", false),
            ("一|修渠|区水利局", false),
        ] {
            let script = Script::new(row);
            let cells = script.piece().split(|c| c == '|');
            assert_eq!(first_columns(&cells).is_some(), expected, "{row}");
        }
    }

    #[test]
    fn heads_run_together_are_told_apart() {
        let script = Script::new("附件任务分解表工作任务工作要求牵头单位配合/责任单位");
        let expected = vec![Column::Text, Column::Text, Column::Units(Role::Lead), Column::Units(Role::Responsible)];
        assert_eq!(glued(script.piece()), Some(expected));
        assert_eq!(glued(Script::new("请各牵头单位抓好落实").piece()), None);
    }
}
