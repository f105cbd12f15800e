//! Deciding: a command becomes events, or is refused with cause and remedy.

use jiff::Timestamp;

use super::{AssignTo, AssignmentState, Command, Content, Event, Matter, Part, Refusal, ResponseKind, State};
use crate::{Actor, Calendar, Deadline, DeadlineRules, Grade, Role, UnitId};

/// The rules a decision runs on: configuration and the pinned calendar.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Amounts of the deadlines.
    pub deadlines: DeadlineRules,
    /// Working days.
    pub calendar: Calendar,
    /// After so many rejections only a leader may assign: the ruling (裁定).
    pub bounces_max: u32,
    /// Seconds within which who acted may take it back, and for which nothing goes out: 10. 0 switches it off.
    pub undo_seconds: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { deadlines: DeadlineRules::default(), calendar: Calendar::shipped(), bounces_max: 2, undo_seconds: 10 }
    }
}

type Decided = Result<Vec<(Event, Content)>, Refusal>;

/// Longest text of an action, in characters.
const TEXT_CHARS_MAX: usize = 20_000;

impl Matter {
    /// The events of `command` by `actor` at `now`, in order.
    ///
    /// # Errors
    /// [`Refusal`]: the role or unit may not, the state does not allow it, or a value is missing or wrong.
    pub fn decide(&self, command: Command, actor: &Actor, now: Timestamp, policy: &Policy) -> Decided {
        check_texts(&command)?;
        // A promise outlives its matter: it can be checked after closing, and only an ended matter can be reopened.
        if !matches!(command, Command::Verify { .. } | Command::Reopen { .. }) {
            self.check_open()?;
        }
        match command {
            Command::Assign { units, grade, instruction } => {
                self.decide_assign(units, grade, instruction, actor, now, policy)
            }
            Command::Grade(grade) => {
                need(actor.role.is_duty(), "只有值班员、带班领导可以定级")?;
                Ok(vec![(self.graded(grade, policy), Content::default())])
            }
            Command::Accept { assignment } => {
                let number = self.answerable(actor, assignment, &[AssignmentState::Pending], "签收")?;
                Ok(vec![(Event::Accepted { assignment: number }, Content::default())])
            }
            Command::Reject { assignment, reason } => {
                let number = self.answerable(actor, assignment, &[AssignmentState::Pending], "退回")?;
                Ok(vec![(Event::Rejected { assignment: number }, Content::reason(reason))])
            }
            Command::Respond { assignment, kind, channel, link, text } => {
                let (assignment, unit) = self.responder(actor, assignment, kind)?;
                let event = Event::Responded { assignment, unit, response: kind, channel };
                Ok(vec![(event, Content { link, ..Content::text(text) })])
            }
            Command::Commit { assignment, due, published, text } => {
                let number = self.answerable(actor, assignment, &[AssignmentState::Accepted], "承诺")?;
                if due < crate::BEIJING.to_datetime(now).date() {
                    return Err(Refusal::invalid("due：承诺时限早于今天，请改为今天或以后的日期"));
                }
                let owner = self.unit_of(number)?;
                Ok(vec![(Event::Committed { owner, due, published }, Content::text(text))])
            }
            Command::Verify { commitment, kept, text } => self.decide_verify(commitment, kept, text, actor),
            Command::Act { assignment, kind, text, link } => {
                let number = self.answerable(actor, assignment, &[AssignmentState::Accepted], "登记处置举措")?;
                let event = Event::Acted { assignment: Some(number), step: kind };
                Ok(vec![(event, Content { link, ..Content::text(text) })])
            }
            Command::Consult { lead, units, question } => {
                need(actor.role.is_duty(), "只有值班员、带班领导可以发起会商")?;
                Ok(vec![(Event::Consulted { lead, units }, Content::text(question))])
            }
            Command::Conclude { consultation, conclusion } => {
                need(actor.role.is_duty(), "只有值班员、带班领导可以登记会商结论")?;
                let found = self.consultations.iter().find(|one| one.number == consultation);
                match found {
                    None => Err(Refusal::invalid(format!("consultation：没有第{consultation}次会商"))),
                    Some(one) if one.concluded_at.is_some() => Err(Refusal::state("该次会商已有结论")),
                    Some(_) => Ok(vec![(Event::Concluded { consultation }, Content::text(conclusion))]),
                }
            }
            Command::Supervise { text } => {
                need(actor.role.is_leader(), "只有带班领导可以督办")?;
                Ok(vec![(Event::Supervised, Content::text(text))])
            }
            Command::Extend { deadline, assignment, due, reason } => {
                need(actor.role.is_leader(), "只有带班领导可以批准延期")?;
                let same =
                    |one: &&Deadline| one.kind == deadline && one.assignment == assignment && one.met_at.is_none();
                let found = self.deadlines.iter().find(same);
                let found = found.ok_or_else(|| Refusal::invalid("deadline：该事项没有这项未完成的时限"))?;
                if due <= found.due || due <= now {
                    return Err(Refusal::invalid("due：新时限须晚于原时限和当前时间"));
                }
                Ok(vec![(Event::Extended { deadline, assignment, due }, Content::reason(reason))])
            }
            Command::Dismiss { reason } => {
                need(actor.role.is_duty(), "只有值班员、带班领导可以决定不予办理")?;
                Ok(vec![(Event::Dismissed, Content::reason(reason))])
            }
            Command::Close { text } => self.decide_close(text, actor),
            Command::Reopen { reason } => self.decide_reopen(reason, actor, now, policy),
        }
    }

    pub(super) fn check_open(&self) -> Result<(), Refusal> {
        if self.state.is_open() {
            return Ok(());
        }
        let remedy = match (&self.merged_into, self.state) {
            (Some(into), _) => format!("请到事项 {into} 办理"),
            _ => "如需继续办理，请先重新打开".into(),
        };
        Err(Refusal::state(format!("该事项{}，{remedy}", self.state.chinese())))
    }

    fn decide_assign(
        &self,
        units: Vec<AssignTo>,
        grade: Option<Grade>,
        instruction: Option<String>,
        actor: &Actor,
        now: Timestamp,
        policy: &Policy,
    ) -> Decided {
        need(actor.role.is_duty(), "只有值班员、带班领导可以交办")?;
        if self.bounces >= policy.bounces_max && !actor.role.is_leader() {
            let message = format!("该事项已被退回{}次，须由带班领导裁定责任单位", self.bounces);
            return Err(Refusal { kind: super::RefusalKind::Forbidden, message });
        }
        let leads = units.iter().filter(|one| one.part == Part::Lead).count();
        if leads != 1 {
            return Err(Refusal::invalid(format!("units：须有且只有一个第一责任单位，现有{leads}个")));
        }
        let twice = |one: &AssignTo| units.iter().filter(|other| other.unit == one.unit).count() > 1;
        if let Some(one) = units.iter().find(|one| twice(one)) {
            return Err(Refusal::invalid(format!("units：{}重复", one.unit_name)));
        }
        let mut events = Vec::new();
        let effective = grade.unwrap_or_else(|| self.grade_in_force());
        if let Some(grade) = grade.filter(|grade| self.grade != Some(*grade)) {
            events.push((self.graded(grade, policy), Content::default()));
        }
        let wanted = |unit: &UnitId, part| units.iter().any(|one| one.unit == *unit && one.part == part);
        for old in self.assignments.iter().filter(|one| one.state.is_live() && !wanted(&one.unit, one.part)) {
            events.push((Event::Overridden { assignment: old.number }, Content::default()));
        }
        let live = |unit: &UnitId, part| {
            self.assignments.iter().any(|one| one.state.is_live() && one.unit == *unit && one.part == part)
        };
        let mut number = u32::try_from(self.assignments.len()).unwrap_or(u32::MAX);
        for one in units.iter().filter(|one| !live(&one.unit, one.part)) {
            number += 1;
            let provisional = grade.or(self.grade).is_none();
            let deadlines = if self.backfill {
                Vec::new()
            } else {
                policy.deadlines.of_assignment(now, number, effective, provisional, &policy.calendar)
            };
            let event = Event::Assigned {
                assignment: number,
                unit: one.unit.clone(),
                unit_name: one.unit_name.clone(),
                part: one.part,
                deadlines,
            };
            events.push((event, Content { text: instruction.clone(), ..Content::default() }));
        }
        if events.is_empty() {
            return Err(Refusal::state("该事项已交办上述单位，无须重复交办"));
        }
        Ok(events)
    }

    /// All deadlines anew under `grade`; what was met or recorded as passed keeps its mark where the kind remains.
    fn graded(&self, grade: Grade, policy: &Policy) -> Event {
        if self.backfill {
            return Event::Graded { grade, deadlines: Vec::new() };
        }
        let mut fresh = policy.deadlines.of_matter(self.received_at, grade, false);
        for one in self.assignments.iter().filter(|one| one.state.is_live()) {
            let rules = &policy.deadlines;
            fresh.extend(rules.of_assignment(one.assigned_at, one.number, grade, false, &policy.calendar));
        }
        for deadline in &mut fresh {
            let old =
                self.deadlines.iter().find(|old| old.kind == deadline.kind && old.assignment == deadline.assignment);
            deadline.met_at = old.and_then(|old| old.met_at);
            // A grade confirmed does not unsay a lapse, unless the new deadline still lies ahead of the old one.
            deadline.passed = old.is_some_and(|old| old.passed && deadline.due <= old.due);
        }
        let kept = |old: &&Deadline| {
            !old.is_pending() && !fresh.iter().any(|one| one.kind == old.kind && one.assignment == old.assignment)
        };
        let history: Vec<Deadline> = self.deadlines.iter().filter(kept).cloned().collect();
        fresh.extend(history);
        Event::Graded { grade, deadlines: fresh }
    }

    /// The assignment `actor` answers for, which must be in one of `states`.
    fn answerable(
        &self,
        actor: &Actor,
        number: Option<u32>,
        states: &[AssignmentState],
        what: &str,
    ) -> Result<u32, Refusal> {
        let mine = |unit: &UnitId| match actor.role {
            Role::Liaison => actor.unit.as_ref() == Some(unit),
            role => role.is_duty(),
        };
        if !matches!(actor.role, Role::Liaison) && !actor.role.is_duty() {
            return Err(Refusal::forbidden(format!("您的角色不能{what}")));
        }
        let mut fitting = self.assignments.iter().filter(|one| {
            states.contains(&one.state) && mine(&one.unit) && number.is_none_or(|number| one.number == number)
        });
        let found = match (fitting.next(), number) {
            (Some(one), _) => one,
            (None, Some(number)) => {
                return match self.assignments.iter().find(|one| one.number == number) {
                    None => Err(Refusal::invalid(format!("assignment：没有第{number}号交办"))),
                    Some(one) if !mine(&one.unit) => {
                        Err(Refusal::forbidden(format!("第{number}号交办属于{}，您不能{what}", one.unit_name)))
                    }
                    Some(_) => Err(Refusal::state(format!("第{number}号交办当前状态不能{what}"))),
                };
            }
            (None, None) if self.assignments.is_empty() => {
                return Err(Refusal::state(format!("该事项尚未交办，不能{what}，请先交办责任单位")));
            }
            (None, None) => return Err(Refusal::state(format!("没有可由您{what}的交办"))),
        };
        if number.is_none() && fitting.next().is_some() {
            return Err(Refusal::invalid("assignment：有多个交办，请写明交办号"));
        }
        Ok(found.number)
    }

    fn responder(
        &self,
        actor: &Actor,
        number: Option<u32>,
        kind: ResponseKind,
    ) -> Result<(Option<u32>, Option<UnitId>), Refusal> {
        // The duty office itself may say "received, being looked into" before anything is assigned (首接负责).
        if kind == ResponseKind::Holding && number.is_none() && actor.role.is_duty() && self.lead().is_none() {
            return Ok((None, None));
        }
        let number = match (number, actor.role.is_duty()) {
            (None, true) => self.lead().map(|lead| lead.number),
            (number, _) => number,
        };
        let number = self.answerable(actor, number, &[AssignmentState::Accepted], "回应")?;
        Ok((Some(number), Some(self.unit_of(number)?)))
    }

    fn unit_of(&self, number: u32) -> Result<UnitId, Refusal> {
        let found = self.assignments.iter().find(|one| one.number == number);
        let found = found.ok_or_else(|| Refusal::invalid(format!("assignment：没有第{number}号交办")))?;
        Ok(found.unit.clone())
    }

    fn decide_verify(&self, commitment: u32, kept: bool, text: String, actor: &Actor) -> Decided {
        need(actor.role.is_duty(), "承诺由值班员、带班领导核查")?;
        let found = self.commitments.iter().find(|one| one.number == commitment);
        let found = found.ok_or_else(|| Refusal::invalid(format!("commitment：没有第{commitment}项承诺")))?;
        if found.kept.is_some() {
            return Err(Refusal::state("该项承诺已核查"));
        }
        need(found.promised_by != actor.name, "承诺须由承诺登记人以外的人员核查")?;
        Ok(vec![(Event::Verified { commitment, kept }, Content::text(text))])
    }

    fn decide_close(&self, text: Option<String>, actor: &Actor) -> Decided {
        need(actor.role.is_duty(), "只有值班员、带班领导可以办结")?;
        if self.state != State::Responded {
            return Err(Refusal::state("尚无权威回应或最终回应，不能办结；无须回应的请选择“不予办理”并写明理由"));
        }
        Ok(vec![(Event::Closed, Content { text, ..Content::default() })])
    }

    fn decide_reopen(&self, reason: String, actor: &Actor, now: Timestamp, policy: &Policy) -> Decided {
        need(actor.role.is_duty(), "只有值班员、带班领导可以重新打开")?;
        match self.state {
            State::Closed | State::Dismissed => {}
            State::Merged => return Err(Refusal::state("该事项已合并，请先拆分")),
            _ => return Err(Refusal::state("该事项未办结，无须重新打开")),
        }
        let state = self.state_of_work();
        let deadlines = if self.backfill {
            Vec::new()
        } else {
            policy.deadlines.of_matter(now, self.grade_in_force(), self.grade.is_none())
        };
        Ok(vec![(Event::Reopened { state, deadlines }, Content::reason(reason))])
    }
}

/// The actions `actor` could take on `matter` now, by the words of the API's routes: what the console offers.
pub fn allowed_actions(matter: &Matter, actor: &Actor) -> Vec<&'static str> {
    let duty = actor.role.is_duty();
    let leader = actor.role.is_leader();
    let open = matter.state.is_open();
    let mine = |state: AssignmentState| {
        matter.assignments.iter().any(|one| {
            one.state == state && (duty || (actor.role == Role::Liaison && actor.unit.as_ref() == Some(&one.unit)))
        })
    };
    let accepted = open && mine(AssignmentState::Accepted);
    let pending = open && mine(AssignmentState::Pending);
    let table = [
        ("assign", open && duty),
        ("grade", open && duty),
        ("accept", pending),
        ("reject", pending),
        ("respond", accepted || (open && duty && matter.lead().is_none())),
        ("commit", accepted),
        ("act", accepted),
        ("verify", duty && matter.commitments.iter().any(|one| one.kept.is_none() && one.promised_by != actor.name)),
        ("consult", open && duty),
        ("supervise", open && leader),
        ("extend", open && leader && matter.deadlines.iter().any(|one| one.met_at.is_none())),
        ("merge", open && duty),
        ("split", duty && matter.merged_into.is_some()),
        ("dismiss", open && duty),
        ("close", duty && matter.state == State::Responded),
        ("reopen", duty && matches!(matter.state, State::Closed | State::Dismissed)),
    ];
    table.into_iter().filter_map(|(action, allowed)| allowed.then_some(action)).collect()
}

fn need(allowed: bool, message: &str) -> Result<(), Refusal> {
    if allowed { Ok(()) } else { Err(Refusal::forbidden(message)) }
}

/// Required texts must say something; none may be longer than the limit or hold a U+0000, which PostgreSQL refuses.
fn check_texts(command: &Command) -> Result<(), Refusal> {
    let texts: Vec<(&str, Option<&String>, bool)> = match command {
        Command::Assign { instruction, .. } => vec![("instruction", instruction.as_ref(), false)],
        Command::Reject { reason, .. } | Command::Dismiss { reason } | Command::Reopen { reason } => {
            vec![("reason", Some(reason), true)]
        }
        Command::Extend { reason, .. } => vec![("reason", Some(reason), true)],
        Command::Respond { text, link, .. } | Command::Act { text, link, .. } => {
            vec![("text", Some(text), true), ("link", link.as_ref(), false)]
        }
        Command::Commit { text, .. } | Command::Verify { text, .. } | Command::Supervise { text } => {
            vec![("text", Some(text), true)]
        }
        Command::Consult { question, .. } => vec![("question", Some(question), true)],
        Command::Conclude { conclusion, .. } => vec![("conclusion", Some(conclusion), true)],
        Command::Close { text } => vec![("text", text.as_ref(), false)],
        Command::Grade(_) | Command::Accept { .. } => Vec::new(),
    };
    for (field, text, required) in texts {
        let text = text.map_or("", String::as_str);
        if required && text.trim().is_empty() {
            return Err(Refusal::invalid(format!("{field}：不能为空，请填写")));
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(Refusal::invalid(format!("{field}：超过{TEXT_CHARS_MAX}字，请精简")));
        }
        if text.contains('\0') {
            return Err(Refusal::invalid(format!("{field}：含有非法字符 U+0000，请删除")));
        }
        if field == "link" && !text.is_empty() && !text.starts_with("https://") && !text.starts_with("http://") {
            return Err(Refusal::invalid("link：须以 http:// 或 https:// 开头"));
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
