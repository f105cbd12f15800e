//! Merging two matters and splitting them again; both stick.

use jiff::Timestamp;

use super::{Event, Matter, Policy, Refusal, ResponseKind, State};
use crate::{Actor, Grade, MatterNo, PostRef};

impl Matter {
    /// The two entries that merge `other`, with its `posts`, into this matter: this one's first. `here` are the posts of
    /// this matter: they are shown already.
    ///
    /// # Errors
    /// [`Refusal`] when the actor may not, when either has ended, or when both are the same.
    pub fn decide_merge(
        &self,
        other: &Matter,
        posts: Vec<PostRef>,
        here: &[PostRef],
        actor: &Actor,
    ) -> Result<(Event, Event), Refusal> {
        if !actor.role.is_duty() {
            return Err(Refusal::forbidden("只有值班员、带班领导可以合并事项"));
        }
        if self.no == other.no {
            return Err(Refusal::invalid("other：不能与自身合并，请填写另一事项的编号"));
        }
        for one in [self, other] {
            if !one.state.is_open() {
                return Err(Refusal::state(format!("事项 {} {}，不能合并", one.no, one.state.chinese())));
            }
        }
        let live = other.assignments.iter().any(|one| one.state.is_live());
        if live {
            let message = format!("事项 {} 已有单位承办，请将它作为保留事项，或先改派", other.no);
            return Err(Refusal::state(message));
        }
        Ok(self.merge_events(other, posts, here))
    }

    /// As [`Matter::decide_merge`], for the machine: only matters no person has touched or split, so nothing is refused; and
    /// no old archive with what is spoken of today, which has deadlines.
    pub fn machine_may_absorb(&self, other: &Matter) -> bool {
        self.no != other.no
            && self.state.is_open()
            && self.backfill == other.backfill
            && other.is_untouched()
            && !self.apart.contains(&other.no)
            && !other.apart.contains(&self.no)
    }

    /// The entry by which this matter becomes one of danger to life, because of a post received at `received_at` whose
    /// grade was suggested as `grade`; `from` is the matter that was merged with it. A danger that was only `possible` is
    /// told again when it becomes certain. None when it is known already, when the matter has ended, or was a backfill,
    /// which alarms nobody.
    ///
    /// Until a person has set the grade the graver one counts, and deadlines run from that post where that is sooner.
    pub fn endangered(
        &self,
        post: PostRef,
        from: Option<MatterNo>,
        possible: bool,
        grade: Grade,
        received_at: Timestamp,
        policy: &Policy,
    ) -> Option<Event> {
        let known = self.danger && (possible || !self.possible);
        if known || self.backfill || !self.state.is_open() {
            return None;
        }
        // Gravest first: the lesser of two is the graver.
        let grade = self.suggestion.grade.min(grade);
        let mut deadlines = self.deadlines.clone();
        if self.grade.is_none() {
            for fresh in policy.deadlines.of_matter(received_at, grade, true) {
                match deadlines.iter_mut().find(|old| old.kind == fresh.kind && old.assignment.is_none()) {
                    Some(old) if old.is_pending() && fresh.due < old.due => *old = fresh,
                    Some(_) => {}
                    None => deadlines.push(fresh),
                }
            }
        }
        Some(Event::Endangered { post, from, possible, grade, deadlines })
    }

    /// The entries of a merge that is already allowed.
    pub fn merge_events(&self, other: &Matter, posts: Vec<PostRef>, here: &[PostRef]) -> (Event, Event) {
        let fresh = |post: &&PostRef| !here.contains(post) && !self.shown.contains(post);
        let shown = other.shown.iter().filter(fresh).cloned().collect();
        (Event::Absorbed { from: other.no.clone(), posts, shown }, Event::MergedInto { into: self.no.clone() })
    }

    /// The two entries that split `other`, once merged into this matter, off again with its `posts` and those it had
    /// `shown`.
    ///
    /// # Errors
    /// [`Refusal`] when the actor may not or `other` is not merged into this matter.
    pub fn decide_split(
        &self,
        other: &Matter,
        posts: Vec<PostRef>,
        shown: Vec<PostRef>,
        actor: &Actor,
        policy: &Policy,
    ) -> Result<(Event, Event), Refusal> {
        if !actor.role.is_duty() {
            return Err(Refusal::forbidden("只有值班员、带班领导可以拆分事项"));
        }
        if other.state != State::Merged || other.merged_into.as_ref() != Some(&self.no) {
            return Err(Refusal::state(format!("事项 {} 未并入事项 {}，无从拆分", other.no, self.no)));
        }
        let answered = other.responses.iter().any(|one| one.kind != ResponseKind::Holding);
        let state = if answered { State::Responded } else { other.state_of_work() };
        let released = Event::Released { to: other.no.clone(), posts: posts.clone(), shown };
        let deadlines = other.deadlines_again(policy);
        Ok((released, Event::SplitFrom { from: self.no.clone(), posts, state, deadlines }))
    }

    /// The deadlines that ended with the matter, running again from their old beginnings.
    fn deadlines_again(&self, policy: &Policy) -> Vec<crate::Deadline> {
        if self.backfill {
            return Vec::new();
        }
        let (grade, provisional) = (self.grade_in_force(), self.grade.is_none());
        let mut again = policy.deadlines.of_matter(self.received_at, grade, provisional);
        for one in self.assignments.iter().filter(|one| one.state.is_live()) {
            let (rules, calendar) = (&policy.deadlines, &policy.calendar);
            again.extend(rules.of_assignment(one.assigned_at, one.number, grade, provisional, calendar));
        }
        again.retain(|fresh| {
            !self.deadlines.iter().any(|old| old.kind == fresh.kind && old.assignment == fresh.assignment)
        });
        again
    }
}
