//! What a message says: composed once, when its delivery is written, and sent unchanged at every try.
//!
//! A post's text, its source and its link have no place here.

use huiyin_domain::matter::{Assignment, Entry, Event, Matter, Part, ResponseKind};
use huiyin_domain::{BEIJING, Deadline, DeadlineKind, UnitId};
use huiyin_store::CommitmentDue;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::AlertKind;

/// Longest title, in characters.
const TITLE_CHARS_MAX: usize = 100;
/// Longest instruction or reason, in characters.
const WORDS_CHARS_MAX: usize = 1_000;

/// Body of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    /// `matter.` and the kind of event, or `huiyin.test`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// When it happened.
    pub(crate) timestamp: Timestamp,
    /// What happened to which matter.
    pub(crate) data: NoticeData,
}

/// What happened to which matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct NoticeData {
    /// Public number.
    pub(crate) matter: String,
    /// Short title, masked.
    pub(crate) title: String,
    /// Grade in force.
    pub(crate) grade: String,
    /// The same in Chinese.
    pub(crate) grade_name: String,
    /// Words of danger to life.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) danger: bool,
    /// Name of the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place_name: Option<String>,
    /// The unit concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit_name: Option<String>,
    /// `lead` or `assist`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) part: Option<String>,
    /// What is due, or was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deadline: Option<NoticeDeadline>,
    /// What the office or the leader asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instruction: Option<String>,
    /// Why it was sent back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// Kind of the answer, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_name: Option<String>,
    /// What was promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) commitment: Option<String>,
    /// `before`, `today` or `overdue`, of a promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stage: Option<String>,
    /// Address of the matter in the console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
}

/// A deadline of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoticeDeadline {
    /// What is due.
    pub(crate) kind: String,
    /// The same in Chinese.
    pub(crate) kind_name: String,
    /// When.
    pub(crate) due: Timestamp,
}

/// A unit that an event concerns, with its part in the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Concern {
    pub(crate) unit: UnitId,
    pub(crate) unit_name: String,
    pub(crate) part: Option<Part>,
}

/// The units an event concerns, the one that leads first; none while nobody was given the matter.
pub(crate) fn concerns(event: &Event, matter: &Matter) -> Vec<Concern> {
    let numbered = |number: u32| matter.assignments.iter().find(|one| one.number == number);
    match event {
        Event::Assigned { unit, unit_name, part, .. } => {
            vec![Concern { unit: unit.clone(), unit_name: unit_name.clone(), part: Some(*part) }]
        }
        Event::Overridden { assignment }
        | Event::Rejected { assignment }
        | Event::Responded { assignment: Some(assignment), .. }
        | Event::DeadlinePassed { assignment: Some(assignment), .. } => {
            numbered(*assignment).map(concern).into_iter().collect()
        }
        Event::Responded { unit: Some(unit), .. } => vec![owner(unit, matter)],
        Event::Committed { owner: unit, .. } => vec![owner(unit, matter)],
        Event::Supervised | Event::Closed | Event::DeadlinePassed { assignment: None, .. } => {
            let mut live: Vec<&Assignment> = matter.assignments.iter().filter(|one| one.state.is_live()).collect();
            live.sort_by_key(|one| (one.part == Part::Assist, one.number));
            live.into_iter().map(concern).collect()
        }
        _ => Vec::new(),
    }
}

/// The unit that owes a promise, by the name it had in the matter.
pub(crate) fn owner(unit: &UnitId, matter: &Matter) -> Concern {
    let known = matter.assignments.iter().rev().find(|one| one.unit == *unit);
    known.map_or_else(|| Concern { unit: unit.clone(), unit_name: unit.to_string(), part: None }, concern)
}

fn concern(one: &Assignment) -> Concern {
    Concern { unit: one.unit.clone(), unit_name: one.unit_name.clone(), part: Some(one.part) }
}

impl Notice {
    /// What a ledger entry says to those it concerns.
    pub(crate) fn of_entry(
        kind: AlertKind,
        entry: &Entry,
        matter: &Matter,
        to: Option<&Concern>,
        console_url: Option<&str>,
    ) -> Notice {
        let content = entry.content.clone().unwrap_or_default();
        let mut data = NoticeData::of(matter, to, console_url);
        match (&entry.event, kind) {
            (Event::Assigned { assignment, .. }, _) => {
                data.deadline = next_due(matter, Some(*assignment)).or_else(|| next_due(matter, None)).map(deadline);
                data.instruction = words(content.text);
            }
            (Event::DeadlinePassed { deadline: passed, assignment }, _) => {
                let found = matter.deadlines.iter().find(|one| one.kind == *passed && one.assignment == *assignment);
                data.deadline = found.map(deadline);
            }
            (Event::Supervised, _) => {
                data.instruction = words(content.text);
                data.deadline = matter.next_due().map(deadline);
            }
            (Event::Rejected { .. }, _) => data.reason = words(content.reason.or(content.text)),
            (Event::Responded { response, .. }, _) => data.response_name = Some(response_chinese(*response).to_owned()),
            (Event::Committed { due, .. }, _) => {
                data.commitment = words(content.text);
                data.deadline = Some(promise_deadline(*due));
            }
            (_, AlertKind::Danger) => data.deadline = matter.next_due().map(deadline),
            _ => {}
        }
        Notice { kind: format!("matter.{}", kind.as_str()), timestamp: entry.at, data }
    }

    /// That a promise falls due, or is overdue.
    pub(crate) fn of_commitment(
        due: &CommitmentDue,
        stage: &str,
        matter: &Matter,
        to: &Concern,
        console_url: Option<&str>,
        at: Timestamp,
    ) -> Notice {
        let promise = matter.commitments.iter().find(|one| one.number == due.number);
        let data = NoticeData {
            commitment: words(promise.and_then(|one| one.text.clone())),
            deadline: Some(promise_deadline(due.due)),
            stage: Some(stage.to_owned()),
            ..NoticeData::of(matter, Some(to), console_url)
        };
        Notice { kind: format!("matter.{}", AlertKind::CommitmentDue.as_str()), timestamp: at, data }
    }

    /// A message that tries a channel.
    pub(crate) fn test(console_url: Option<&str>, at: Timestamp) -> Notice {
        let data = NoticeData {
            matter: "00000000-00000".into(),
            title: "这是一条测试消息，收到即表示通道可用".into(),
            grade: "ordinary".into(),
            grade_name: "一般".into(),
            link: console_url.map(|url| format!("{}/alerts", url.trim_end_matches('/'))),
            ..NoticeData::default()
        };
        Notice { kind: "huiyin.test".into(), timestamp: at, data }
    }

    /// Kind of event; none of a test.
    pub(crate) fn alert_kind(&self) -> Option<AlertKind> {
        AlertKind::parse(self.kind.strip_prefix("matter.")?)
    }

    /// What happened, in one phrase an official would write.
    pub(crate) fn headline(&self) -> String {
        let data = &self.data;
        let unit = data.unit_name.as_deref().unwrap_or("有关单位");
        let due = data.deadline.as_ref().map_or("办理", |one| one.kind_name.as_str());
        match self.alert_kind() {
            None => "【测试】回音提醒通道测试".to_owned(),
            Some(AlertKind::Danger) => "【险情】来信疑涉人身安全，请立即核实处置".to_owned(),
            Some(AlertKind::Assigned) if data.part.as_deref() == Some("assist") => {
                format!("【交办】请{unit}签收并协同办理")
            }
            Some(AlertKind::Assigned) => format!("【交办】请{unit}签收办理"),
            Some(AlertKind::Overridden) => format!("【改派】该事项已另行交办，{unit}无需继续办理"),
            Some(AlertKind::Rejected) => format!("【退回】{unit}退回交办，请重新研判"),
            Some(AlertKind::DeadlinePassed) => format!("【超时】{unit}未在时限内完成{due}"),
            Some(AlertKind::Supervised) => format!("【督办】请{unit}按督办要求抓紧办理"),
            Some(AlertKind::Responded) => {
                format!("【回应】{unit}已作出{}", data.response_name.as_deref().unwrap_or("回应"))
            }
            Some(AlertKind::Committed) => format!("【承诺】{unit}作出承诺，请按期兑现"),
            Some(AlertKind::CommitmentDue) => {
                let when = match data.stage.as_deref() {
                    Some("before") => "明日到期",
                    Some("today") => "今日到期",
                    _ => "已逾期",
                };
                format!("【承诺到期】{unit}的承诺{when}，请抓紧兑现并反馈")
            }
            Some(AlertKind::Closed) => "【办结】事项已办结".to_owned(),
        }
    }

    /// One line for the log.
    pub(crate) fn summary(&self) -> String {
        format!("{}：{}", self.headline(), self.data.title)
    }
}

impl NoticeData {
    fn of(matter: &Matter, to: Option<&Concern>, console_url: Option<&str>) -> NoticeData {
        let grade = matter.grade_in_force();
        let part = to.and_then(|to| to.part).map(|part| if part == Part::Lead { "lead" } else { "assist" });
        NoticeData {
            matter: matter.no.to_string(),
            title: masked(matter.title.as_deref().unwrap_or("（内容已按期清除）"), TITLE_CHARS_MAX),
            grade: grade.as_str().into(),
            grade_name: grade.chinese().into(),
            danger: matter.danger,
            place_name: matter.place_name.clone(),
            unit: to.map(|to| to.unit.to_string()),
            unit_name: to.map(|to| to.unit_name.clone()),
            part: part.map(str::to_owned),
            link: console_url.map(|url| format!("{}/matters/{}", url.trim_end_matches('/'), matter.no)),
            ..NoticeData::default()
        }
    }
}

fn next_due(matter: &Matter, assignment: Option<u32>) -> Option<&Deadline> {
    let own = matter.deadlines.iter().filter(|one| one.is_pending() && one.assignment == assignment);
    own.min_by_key(|one| one.due)
}

fn deadline(one: &Deadline) -> NoticeDeadline {
    NoticeDeadline { kind: one.kind.as_str().into(), kind_name: deadline_chinese(one.kind).into(), due: one.due }
}

/// The end of the day by which something was promised.
fn promise_deadline(due: Date) -> NoticeDeadline {
    let end = due.at(23, 59, 59, 0);
    let due = BEIJING.to_timestamp(end).expect("a day of the calendar is within the range of instants");
    NoticeDeadline { kind: "commitment".into(), kind_name: "承诺兑现".into(), due }
}

fn deadline_chinese(kind: DeadlineKind) -> &'static str {
    match kind {
        DeadlineKind::Information => "权威信息发布",
        DeadlineKind::PressConference => "新闻发布会",
        DeadlineKind::Response => "回应",
        DeadlineKind::Sign => "签收",
        DeadlineKind::Verification => "核查报告",
    }
}

fn response_chinese(kind: ResponseKind) -> &'static str {
    match kind {
        ResponseKind::Holding => "先期回应",
        ResponseKind::Authoritative => "权威回应",
        ResponseKind::Final => "最终回应",
    }
}

/// What an official wrote, masked once more; none when blank.
fn words(text: Option<String>) -> Option<String> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    Some(masked(&text, WORDS_CHARS_MAX))
}

/// Masked, and no longer than `chars_max`.
pub(crate) fn masked(text: &str, chars_max: usize) -> String {
    shortened(huiyin_text::prepare_prose(text).as_str(), chars_max)
}

/// The beginning of a text, with an ellipsis when something is left off.
pub(crate) fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    text.chars().take(chars_max.saturating_sub(1)).chain(['…']).collect()
}
