//! Words that give roles: labels before names (责任单位：) and verbs behind them (牵头).

use super::script::Piece;

/// Longest label with its colon, in characters.
pub(super) const LABEL_CHARS_MAX: usize = 14;

/// What a unit named is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Lead,
    Responsible,
}

/// What follows a label.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Units(Role),
    Deadline,
    /// A person, a telephone number and the like: nothing for a clause.
    Other,
}

const LEAD_WORDS: &[&str] = &["牵头", "主办", "主要责任", "第一责任"];
const PART_WORDS: &[&str] = &[
    "责任",
    "配合/责任",
    "责任/配合",
    "配合",
    "协办",
    "协同",
    "协助",
    "参与",
    "参加",
    "落实",
    "实施",
    "承办",
    "支持",
    "主体责任",
    "具体负责",
];
const BODY_WORDS: &[&str] =
    &["单位和部门", "单位", "部门", "处室", "科室", "股室", "机构", "主体", "地区", "乡镇", "县区"];
const OTHER_WORDS: &[&str] =
    &["责任人", "责任领导", "牵头领导", "分管领导", "包保领导", "联系人", "联系电话", "备注", "联络员"];
const DEADLINE_WORDS: &[&str] = &[
    "完成时限",
    "完成时间",
    "完成期限",
    "时限要求",
    "时间要求",
    "办理时限",
    "整改时限",
    "责任时限",
    "时间节点",
    "进度要求",
    "工作时限",
    "时限",
];

/// Verbs at the end of a group of names, longest first where one ends another.
const VERBS: &[&str] = &[
    "负责",
    "落实",
    "牵头",
    "配合",
    "参与",
    "参加",
    "协助",
    "协同",
    "指导",
    "承办",
    "主办",
    "协办",
    "承担",
    "实施",
    "办理",
    "支持",
    "分别",
    "共同",
    "具体",
    "各自",
    "分工",
    "按照职责",
    "按职责",
    "按照各自职责",
    "按各自职责",
    "按职责权限",
    "按职能",
    "根据职责",
    "依职责",
    "按职责范围",
    "按照职能",
    "抓好",
    "做好",
];

/// A label and how many characters it takes, its colon included.
pub(super) fn label(piece: Piece<'_>) -> Option<(Label, usize)> {
    let colon = piece.to(LABEL_CHARS_MAX).position(|c| c == ':')?;
    let word = piece.to(colon).compact();
    let word = word.piece();
    let of = |starts: &[&str]| {
        word.strip_any_prefix(starts).is_some_and(|rest| rest.is_empty() || BODY_WORDS.iter().any(|body| rest.is(body)))
    };
    if of(LEAD_WORDS) {
        Some((Label::Units(Role::Lead), colon + 1))
    } else if PART_WORDS.iter().any(|start| of(&[start])) {
        Some((Label::Units(Role::Responsible), colon + 1))
    } else if OTHER_WORDS.iter().any(|start| word.is(start)) {
        Some((Label::Other, colon + 1))
    } else if DEADLINE_WORDS.iter().any(|start| word.is(start)) {
        Some((Label::Deadline, colon + 1))
    } else {
        None
    }
}

/// Verbs at the end of a part.
pub(super) struct Verb {
    /// Length of what stands before the verbs.
    pub(super) rest: usize,
    pub(super) role: Option<Role>,
}

/// The verbs at the end of a part, taken off one by one.
pub(super) fn strip_verbs(part: Piece<'_>) -> Option<Verb> {
    let mut rest = part;
    let mut role = None;
    while let Some((shorter, verb)) =
        VERBS.iter().find_map(|verb| rest.strip_suffix(verb).map(|shorter| (shorter, *verb)))
    {
        rest = shorter;
        let says = match verb {
            "牵头" | "主办" => Some(Role::Lead),
            "负责" | "落实" | "配合" | "参与" | "参加" | "协助" | "协同" | "指导" | "承办" | "协办" | "承担"
            | "实施" | "办理" => Some(Role::Responsible),
            _ => None,
        };
        if role != Some(Role::Lead) {
            role = says.or(role);
        }
    }
    (rest.len() < part.len()).then_some(Verb { rest: rest.len(), role })
}
