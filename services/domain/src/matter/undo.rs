//! Taking the last action back (撤销): a compensating entry that carries the state before it.
//!
//! Only whoever acted may, within the window, while nothing was decided since. What outsiders are told of the ledger
//! waits for the window, so that what was taken back never left the office.

use std::ops::RangeInclusive;

use jiff::{SignedDuration, Timestamp};

use super::{Assignment, AssignmentState, Content, Entry, Event, Matter, Policy, Refusal, RefusalKind, apply};
use crate::Actor;

/// The action one may still take back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoOffer {
    /// The last instant at which it is taken back.
    pub until: Timestamp,
    /// The action in Chinese: 交办, 定级 …
    pub what: &'static str,
}

/// Longest reason, in characters.
const REASON_CHARS_MAX: usize = 2_000;

impl UndoOffer {
    /// What `actor` may take back at `now`, when `last` is the entry that decided the matter last.
    pub fn of(last: &Entry, actor: &Actor, now: Timestamp, policy: &Policy) -> Option<UndoOffer> {
        let what = undoable(&last.event)?;
        let until = until(last.at, policy)?;
        let may = actor.role.is_duty() && last.actor.name == actor.name && now <= until;
        may.then_some(UndoOffer { until, what })
    }
}

impl Policy {
    /// How long an action may be taken back.
    pub fn undo_window(&self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.undo_seconds))
    }
}

impl Matter {
    /// The versions that the last action wrote, when `actor` may take it back at `now`. `entries` are all entries of
    /// this matter, `seen` is the decided version after the action to take back, where the caller said so.
    ///
    /// # Errors
    /// [`Refusal`] of kind [`RefusalKind::UndoExpired`] or [`RefusalKind::UndoRefused`].
    pub fn undoable_action(
        &self,
        entries: &[Entry],
        seen: Option<u64>,
        actor: &Actor,
        now: Timestamp,
        policy: &Policy,
    ) -> Result<RangeInclusive<u64>, Refusal> {
        let seen = seen.unwrap_or(self.decided_version);
        let since = entries.iter().find(|one| one.event.decides() && one.version > seen);
        if let Some(later) = since {
            return Err(refused(overtaken(&later.event)));
        }
        let at = entries.iter().position(|one| one.version == self.decided_version);
        let Some((last, before)) = at.and_then(|at| entries.get(..=at)).and_then(<[Entry]>::split_last) else {
            return Err(refused("没有可以撤销的操作"));
        };
        if undoable(&last.event).is_none() {
            return Err(refused(overtaken(&last.event)));
        }
        if last.actor.name != actor.name || !actor.role.is_duty() {
            return Err(refused(format!("只能撤销本人的操作，这一操作由{}办理", last.actor.name)));
        }
        match until(last.at, policy) {
            None => return Err(refused("本系统未开启撤销；如需更正，请改派或重新打开")),
            Some(until) if now > until => {
                let seconds = policy.undo_seconds;
                let message = format!("撤销须在操作后{seconds}秒内进行，现已超过；如需更正，请改派或重新打开");
                return Err(Refusal { kind: RefusalKind::UndoExpired, message });
            }
            Some(_) => {}
        }
        let mut from = last;
        for one in before.iter().rev() {
            let same = one.actor == from.actor && one.at == from.at && one.version + 1 == from.version;
            if !same || !precedes(&one.event, &from.event) {
                break;
            }
            from = one;
        }
        Ok(from.version..=last.version)
    }

    /// The entry that takes `action` back; `before` is this matter folded from the entries before it.
    ///
    /// # Errors
    /// [`Refusal`] when the reason is too long or cannot be stored.
    pub fn undone(
        &self,
        before: &Matter,
        action: &RangeInclusive<u64>,
        reason: Option<String>,
    ) -> Result<(Event, Content), Refusal> {
        if let Some(reason) = &reason
            && (reason.chars().count() > REASON_CHARS_MAX || reason.contains('\0'))
        {
            return Err(Refusal::invalid(format!("reason：超过{REASON_CHARS_MAX}字或含有非法字符，请修改")));
        }
        let old = |now: &Assignment| before.assignments.iter().find(|one| one.number == now.number);
        let withdrawn = self.assignments.iter().filter(|one| old(one).is_none()).map(|one| one.number).collect();
        let changed = |now: &Assignment| Some((now.number, old(now)?.state)).filter(|(_, state)| *state != now.state);
        let event = Event::Undone {
            from: *action.start(),
            to: *action.end(),
            state: before.state,
            grade: before.grade,
            withdrawn,
            revived: self.assignments.iter().filter_map(changed).collect(),
            supervisions: before.supervisions.clone(),
            deadlines: before.deadlines.clone(),
            ended_at: before.ended_at,
        };
        Ok((event, Content { reason: reason.filter(|reason| !reason.trim().is_empty()), ..Content::default() }))
    }

    pub(super) fn fold_undone(&mut self, entry: &Entry) -> Result<(), apply::FoldError> {
        let Event::Undone { state, grade, withdrawn, revived, supervisions, deadlines, ended_at, .. } = &entry.event
        else {
            return Ok(());
        };
        for number in withdrawn {
            let found = self.assignment(entry, *number)?;
            found.state = AssignmentState::Overridden;
            found.withdrawn = true;
        }
        for (number, state) in revived {
            self.assignment(entry, *number)?.state = *state;
        }
        self.state = *state;
        self.grade = *grade;
        self.supervisions.clone_from(supervisions);
        self.deadlines.clone_from(deadlines);
        self.ended_at = *ended_at;
        Ok(())
    }
}

/// The action an entry is the end of, in Chinese, where it is one that may be taken back.
fn undoable(event: &Event) -> Option<&'static str> {
    match event {
        Event::Graded { .. } => Some("定级"),
        Event::Assigned { .. } | Event::Overridden { .. } => Some("交办"),
        Event::Supervised => Some("督办"),
        Event::Dismissed => Some("不予办理"),
        Event::Closed => Some("办结"),
        Event::Reopened { .. } => Some("重新打开"),
        _ => None,
    }
}

/// One assigning writes the grade, then what it replaces, then what it gives.
fn precedes(one: &Event, next: &Event) -> bool {
    match next {
        Event::Assigned { .. } => {
            matches!(one, Event::Assigned { .. } | Event::Overridden { .. } | Event::Graded { .. })
        }
        Event::Overridden { .. } => matches!(one, Event::Overridden { .. } | Event::Graded { .. }),
        _ => false,
    }
}

fn overtaken(event: &Event) -> &'static str {
    match event {
        Event::Accepted { .. } => "该单位已签收，不能撤销；如需更正，请改派",
        Event::Rejected { .. } => "该单位已退回，不能撤销；请重新交办",
        Event::Undone { .. } => "该操作已经撤销",
        Event::MergedInto { .. } => "合并不能撤销，请用拆分恢复",
        _ => "此后该事项又有变更，不能撤销；请查看最新情况",
    }
}

fn until(at: Timestamp, policy: &Policy) -> Option<Timestamp> {
    let window = policy.undo_window();
    (policy.undo_seconds > 0).then(|| at.saturating_add(window).unwrap_or(at))
}

fn refused(message: impl Into<String>) -> Refusal {
    Refusal { kind: RefusalKind::UndoRefused, message: message.into() }
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
