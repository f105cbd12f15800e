//! Folding: an entry changes the matter as it says, nothing is decided here.

use super::{
    Assignment, AssignmentState, Channel, Commitment, Consultation, Content, Decision, Entry, Event, JoinedBy, Matter,
    OpenedFurther, Response, ResponseKind, State, Step, StepKind, Suggestion,
};
use crate::{DeadlineKind, MatterNo};

/// Entries that do not follow one another: a fault of the store or of a tampered ledger, never of a user.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FoldError {
    /// The first entry of a matter must open it.
    #[error("matter {0}: the first entry does not open it")]
    NotOpened(MatterNo),
    /// Versions have a gap or a repeat.
    #[error("matter {matter}: entry {got} follows entry {have}")]
    Gap {
        /// The matter.
        matter: MatterNo,
        /// Version folded so far.
        have: u64,
        /// Version of the entry offered.
        got: u64,
    },
    /// An entry names something the matter does not have.
    #[error("matter {matter}: entry {version} names {what}, which does not exist")]
    Missing {
        /// The matter.
        matter: MatterNo,
        /// The entry's version.
        version: u64,
        /// Assignment, commitment, consultation or deadline.
        what: &'static str,
    },
}

impl Matter {
    /// Folds all entries of one matter, in order of version.
    ///
    /// # Errors
    /// [`FoldError`] when they do not follow one another.
    pub fn fold<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Result<Option<Matter>, FoldError> {
        let mut matter: Option<Matter> = None;
        for entry in entries {
            match &mut matter {
                None => matter = Some(Matter::open(entry)?),
                Some(matter) => matter.apply(entry)?,
            }
        }
        Ok(matter)
    }

    /// The matter after its first entry.
    ///
    /// # Errors
    /// [`FoldError::NotOpened`] when the entry does not open one.
    pub fn open(entry: &Entry) -> Result<Matter, FoldError> {
        let Event::Opened {
            post,
            received_at,
            published_at,
            backfill,
            danger,
            possible,
            place,
            place_name,
            system,
            decision,
            unit,
            unit_name,
            assist,
            grade,
            catalogue,
            model,
            follows,
            beside,
            deadlines,
        } = &entry.event
        else {
            return Err(FoldError::NotOpened(entry.matter.clone()));
        };
        if entry.version != 1 {
            return Err(FoldError::Gap { matter: entry.matter.clone(), have: 0, got: entry.version });
        }
        Ok(Matter {
            no: entry.matter.clone(),
            version: 1,
            decided_version: 1,
            state: State::New,
            title: entry.content.as_ref().and_then(|content| content.title.clone()),
            first_post: post.clone(),
            // The post of a further concern goes on belonging to the matter it came from.
            posts: u32::from(beside.is_none()),
            received_at: *received_at,
            published_at: *published_at,
            last_post_at: *received_at,
            backfill: *backfill,
            danger: *danger,
            possible: *possible,
            place: place.clone(),
            place_name: place_name.clone(),
            system: system.clone(),
            suggestion: Suggestion {
                decision: *decision,
                unit: unit.clone().filter(|_| *decision == Decision::Unit),
                unit_name: unit_name.clone(),
                assist: assist.clone(),
                grade: *grade,
                catalogue: catalogue.clone(),
                model: model.clone(),
            },
            grade: None,
            assignments: Vec::new(),
            responses: Vec::new(),
            commitments: Vec::new(),
            steps: Vec::new(),
            consultations: Vec::new(),
            supervisions: Vec::new(),
            deadlines: deadlines.clone(),
            bounces: 0,
            follows: follows.clone(),
            beside: beside.clone(),
            shown: beside.iter().map(|_| post.clone()).collect(),
            further: Vec::new(),
            merged_into: None,
            apart: Vec::new(),
            ended_at: None,
        })
    }

    /// Folds one more entry.
    ///
    /// # Errors
    /// [`FoldError`] when the entry is not the next one or names something that does not exist.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), FoldError> {
        if entry.version != self.version + 1 {
            return Err(FoldError::Gap { matter: self.no.clone(), have: self.version, got: entry.version });
        }
        let content = entry.content.clone().unwrap_or_default();
        self.fold_event(entry, content)?;
        self.version = entry.version;
        if entry.event.decides() {
            self.decided_version = entry.version;
        }
        Ok(())
    }

    fn fold_event(&mut self, entry: &Entry, content: Content) -> Result<(), FoldError> {
        match &entry.event {
            Event::Opened { .. } => {
                return Err(FoldError::Gap { matter: self.no.clone(), have: self.version, got: entry.version });
            }
            Event::Joined { by, received_at, .. } => {
                if *by != JoinedBy::Revision {
                    self.posts += 1;
                }
                self.last_post_at = self.last_post_at.max(*received_at);
            }
            Event::Endangered { possible, grade, deadlines, .. } => {
                self.danger = true;
                self.possible = *possible;
                self.suggestion.grade = *grade;
                self.deadlines.clone_from(deadlines);
            }
            Event::Suggested { suggestion, system, place, place_name } => {
                self.suggestion = suggestion.clone();
                self.system.clone_from(system);
                if self.place.is_none() {
                    self.place.clone_from(place);
                    self.place_name.clone_from(place_name);
                }
            }
            Event::Graded { grade, deadlines } => {
                self.grade = Some(*grade);
                self.deadlines.clone_from(deadlines);
            }
            Event::Assigned { .. } | Event::Overridden { .. } | Event::Accepted { .. } | Event::Rejected { .. } => {
                self.fold_assignment(entry, content)?
            }
            Event::Responded { .. } | Event::Acted { .. } => self.fold_work(entry, content),
            Event::Committed { .. } | Event::Verified { .. } => self.fold_commitment(entry, content)?,
            Event::Consulted { .. } | Event::Concluded { .. } => self.fold_consultation(entry, content)?,
            Event::Supervised => self.supervisions.push(entry.at),
            Event::Extended { deadline, assignment, due } => {
                let found = self.deadline(entry, *deadline, *assignment)?;
                found.due = *due;
                found.passed = false;
                if let Some(reason) = content.reason {
                    found.basis.push_str(&format!("；延期：{reason}"));
                }
            }
            Event::DeadlinePassed { deadline, assignment } => {
                self.deadline(entry, *deadline, *assignment)?.passed = true
            }
            Event::FurtherOpened { system, matter } => {
                self.further.push(OpenedFurther { system: system.clone(), matter: matter.clone() });
            }
            Event::Absorbed { posts, shown, .. } => {
                self.posts += count(posts.len());
                self.show(posts, shown);
            }
            Event::Released { to, posts, shown } => {
                self.posts = self.posts.saturating_sub(count(posts.len()));
                self.show_no_more(posts, shown);
                self.apart.push(to.clone());
            }
            Event::MergedInto { into } => {
                self.merged_into = Some(into.clone());
                self.posts = 0;
                self.end(State::Merged, entry.at);
            }
            Event::SplitFrom { from, state, posts, deadlines } => {
                self.merged_into = None;
                self.apart.push(from.clone());
                self.posts = count(posts.len());
                self.state = *state;
                self.ended_at = None;
                self.deadlines.extend(deadlines.iter().cloned());
            }
            Event::Dismissed => self.end(State::Dismissed, entry.at),
            Event::Closed => self.end(State::Closed, entry.at),
            Event::Reopened { state, deadlines } => {
                self.state = *state;
                self.ended_at = None;
                self.deadlines.extend(deadlines.iter().cloned());
            }
            Event::Undone { .. } => self.fold_undone(entry)?,
        }
        Ok(())
    }

    fn fold_assignment(&mut self, entry: &Entry, content: Content) -> Result<(), FoldError> {
        match &entry.event {
            Event::Assigned { assignment, unit, unit_name, part, deadlines } => {
                self.assignments.push(Assignment {
                    number: *assignment,
                    unit: unit.clone(),
                    unit_name: unit_name.clone(),
                    part: *part,
                    state: AssignmentState::Pending,
                    assigned_at: entry.at,
                    answered_at: None,
                    reason: None,
                    instruction: content.text,
                    withdrawn: false,
                });
                self.deadlines.extend(deadlines.iter().cloned());
                if self.state == State::New {
                    self.state = State::Assigned;
                }
            }
            Event::Overridden { assignment } => {
                self.assignment(entry, *assignment)?.state = AssignmentState::Overridden;
                self.deadlines.retain(|one| one.assignment != Some(*assignment) || !one.is_pending());
                self.settle();
            }
            Event::Accepted { assignment } => {
                let found = self.assignment(entry, *assignment)?;
                found.state = AssignmentState::Accepted;
                found.answered_at = Some(entry.at);
                self.meet(DeadlineKind::Sign, Some(*assignment), entry);
                self.settle();
            }
            Event::Rejected { assignment } => {
                let found = self.assignment(entry, *assignment)?;
                found.state = AssignmentState::Rejected;
                found.answered_at = Some(entry.at);
                found.reason = content.reason;
                self.meet(DeadlineKind::Sign, Some(*assignment), entry);
                self.deadlines.retain(|one| one.assignment != Some(*assignment) || !one.is_pending());
                self.bounces += 1;
                self.settle();
            }
            _ => {}
        }
        Ok(())
    }

    /// While no answer is on the record, the state follows from the live assignments.
    fn settle(&mut self) {
        if !matches!(self.state, State::New | State::Assigned | State::Accepted) {
            return;
        }
        self.state = self.state_of_work();
    }

    fn fold_work(&mut self, entry: &Entry, content: Content) {
        match &entry.event {
            Event::Responded { assignment, unit, response, channel } => {
                self.responses.push(Response {
                    number: count(self.responses.len()) + 1,
                    assignment: *assignment,
                    unit: unit.clone(),
                    kind: *response,
                    channel: *channel,
                    link: content.link,
                    text: content.text,
                    at: entry.at,
                });
                if *response == ResponseKind::Holding {
                    return;
                }
                self.meet(DeadlineKind::Information, None, entry);
                self.meet(DeadlineKind::Response, None, entry);
                if *channel == Channel::PressConference {
                    self.meet(DeadlineKind::PressConference, None, entry);
                }
                if *response == ResponseKind::Final {
                    self.meet(DeadlineKind::Verification, *assignment, entry);
                }
                if self.state.is_open() {
                    self.state = State::Responded;
                }
            }
            Event::Acted { assignment, step } => {
                self.steps.push(Step {
                    number: count(self.steps.len()) + 1,
                    assignment: *assignment,
                    kind: *step,
                    text: content.text,
                    link: content.link,
                    at: entry.at,
                });
                if *step == StepKind::Verification {
                    self.meet(DeadlineKind::Verification, *assignment, entry);
                }
            }
            _ => {}
        }
    }

    fn fold_commitment(&mut self, entry: &Entry, content: Content) -> Result<(), FoldError> {
        match &entry.event {
            Event::Committed { owner, due, published } => self.commitments.push(Commitment {
                number: count(self.commitments.len()) + 1,
                owner: owner.clone(),
                due: *due,
                published: *published,
                text: content.text,
                at: entry.at,
                promised_by: entry.actor.name.clone(),
                kept: None,
                verified_at: None,
            }),
            Event::Verified { commitment, kept } => {
                let missing = missing(self, entry, "a commitment");
                let found = self.commitments.iter_mut().find(|one| one.number == *commitment).ok_or(missing)?;
                found.kept = Some(*kept);
                found.verified_at = Some(entry.at);
            }
            _ => {}
        }
        Ok(())
    }

    fn fold_consultation(&mut self, entry: &Entry, content: Content) -> Result<(), FoldError> {
        match &entry.event {
            Event::Consulted { lead, units } => self.consultations.push(Consultation {
                number: count(self.consultations.len()) + 1,
                lead: lead.clone(),
                units: units.clone(),
                question: content.text,
                conclusion: None,
                at: entry.at,
                concluded_at: None,
            }),
            Event::Concluded { consultation } => {
                let missing = missing(self, entry, "a consultation");
                let found = self.consultations.iter_mut().find(|one| one.number == *consultation).ok_or(missing)?;
                found.conclusion = content.text;
                found.concluded_at = Some(entry.at);
            }
            _ => {}
        }
        Ok(())
    }

    /// Deadlines still running end with the matter; those met or recorded as passed stay as they were.
    fn end(&mut self, state: State, at: jiff::Timestamp) {
        self.state = state;
        self.ended_at = Some(at);
        self.deadlines.retain(|deadline| !deadline.is_pending());
    }

    fn meet(&mut self, kind: DeadlineKind, assignment: Option<u32>, entry: &Entry) {
        for deadline in &mut self.deadlines {
            if deadline.kind == kind && deadline.assignment == assignment && deadline.met_at.is_none() {
                deadline.met_at = Some(entry.at);
            }
        }
    }

    pub(super) fn assignment(&mut self, entry: &Entry, number: u32) -> Result<&mut Assignment, FoldError> {
        let missing = missing(self, entry, "an assignment");
        self.assignments.iter_mut().find(|one| one.number == number).ok_or(missing)
    }

    fn deadline(
        &mut self,
        entry: &Entry,
        kind: DeadlineKind,
        assignment: Option<u32>,
    ) -> Result<&mut crate::Deadline, FoldError> {
        let missing = missing(self, entry, "a deadline");
        let same =
            |one: &&mut crate::Deadline| one.kind == kind && one.assignment == assignment && one.met_at.is_none();
        self.deadlines.iter_mut().find(same).ok_or(missing)
    }
}

fn missing(matter: &Matter, entry: &Entry, what: &'static str) -> FoldError {
    FoldError::Missing { matter: matter.no.clone(), version: entry.version, what }
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}
