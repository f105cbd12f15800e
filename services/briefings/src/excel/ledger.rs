//! 台账: the month's matters with the columns of the ledger's export. What the ledger does not record stays empty.

use huiyin_domain::matter::{AssignmentState, Matter, Part, State, StepKind};
use jiff::Timestamp;

use super::{Book, Heading, Value};
use crate::BriefingError;
use crate::gather::{response_due, shared_title};
use crate::words::{channel_chinese, minute};

/// The columns, in order.
pub(super) const COLUMNS: [Heading; 34] = [
    ("序号", 7.0),
    ("编号", 17.0),
    ("来源", 14.0),
    ("平台", 12.0),
    ("发现时间", 17.0),
    ("发布时间", 17.0),
    ("内容摘要", 44.0),
    ("属地", 26.0),
    ("等级", 10.0),
    ("第一责任单位", 26.0),
    ("协同单位", 26.0),
    ("交办时间", 17.0),
    ("签收时间", 17.0),
    ("回应时限", 17.0),
    ("核查情况", 36.0),
    ("回应时间", 17.0),
    ("回应渠道", 12.0),
    ("回应内容", 44.0),
    ("回应链接", 28.0),
    ("承诺事项", 36.0),
    ("承诺时限", 13.0),
    ("承诺落实", 11.0),
    ("落实公开", 11.0),
    ("后续举措", 36.0),
    ("督办", 17.0),
    ("延期", 10.0),
    ("办结时间", 17.0),
    ("办结方式", 11.0),
    ("回访", 10.0),
    ("是否超时", 10.0),
    ("归档", 10.0),
    ("领域", 12.0),
    ("网帖数", 9.0),
    ("状态", 11.0),
];

pub(super) fn sheet(book: &mut Book<'_>, now: Timestamp, matters: &[Matter]) -> Result<(), BriefingError> {
    let kept = matters.iter().filter(|matter| matter.merged_into.is_none());
    let rows: Vec<Vec<String>> = kept.enumerate().map(|(index, matter)| row(index + 1, matter, now)).collect();
    let rows = rows.iter().map(|row| row.iter().map(|text| Value::Text(text)).collect());
    book.sheet("台账", &COLUMNS, rows)?;
    Ok(())
}

fn row(number: usize, matter: &Matter, now: Timestamp) -> Vec<String> {
    let lead = matter.lead();
    let answer = matter.responses.last();
    let assisting = matter.assignments.iter().filter(|one| one.part == Part::Assist && one.state.is_live());
    let promised = &matter.commitments;
    let steps = |kind: StepKind| {
        lines(matter.steps.iter().filter(|step| step.kind == kind).filter_map(|step| step.text.clone()))
    };
    let time = |at: Option<Timestamp>| at.map(minute).unwrap_or_default();
    let signed = lead.filter(|lead| lead.state == AssignmentState::Accepted).and_then(|lead| lead.answered_at);
    let late = matter.deadlines.iter().any(|deadline| deadline.is_overdue(now));
    let extended = matter.deadlines.iter().any(|deadline| deadline.basis.contains("；延期："));
    let yes = |yes: bool| if yes { "是" } else { "否" }.to_owned();
    vec![
        number.to_string(),
        matter.no.to_string(),
        matter.first_post.source.clone(),
        String::new(),
        minute(matter.received_at),
        time(matter.published_at),
        shared_title(matter).unwrap_or_else(|| "（已依法删除）".into()),
        matter.place_name.clone().unwrap_or_default(),
        matter.grade_in_force().chinese().into(),
        lead.map(|lead| lead.unit_name.clone()).unwrap_or_default(),
        lines(assisting.map(|one| one.unit_name.clone())),
        time(lead.map(|lead| lead.assigned_at)),
        time(signed),
        time(response_due(matter)),
        steps(StepKind::Verification),
        time(answer.map(|answer| answer.at)),
        answer.map(|answer| channel_chinese(answer.channel).to_owned()).unwrap_or_default(),
        answer.and_then(|answer| answer.text.clone()).unwrap_or_default(),
        answer.and_then(|answer| answer.link.clone()).unwrap_or_default(),
        lines(promised.iter().filter_map(|one| one.text.clone())),
        lines(promised.iter().map(|one| one.due.to_string())),
        lines(promised.iter().map(|one| match one.kept {
            Some(true) => "已落实".to_owned(),
            Some(false) => "未落实".to_owned(),
            None => "待核查".to_owned(),
        })),
        lines(promised.iter().map(|one| yes(one.published))),
        steps(StepKind::Measure),
        lines(matter.supervisions.iter().map(|at| minute(*at))),
        if extended { "是".into() } else { String::new() },
        time(matter.ended_at),
        match matter.state {
            State::Closed | State::Dismissed => matter.state.chinese().into(),
            _ => String::new(),
        },
        String::new(),
        yes(late),
        String::new(),
        matter.system.as_ref().map(ToString::to_string).unwrap_or_default(),
        matter.posts_seen().to_string(),
        matter.state.chinese().into(),
    ]
}

fn lines(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("\n")
}
