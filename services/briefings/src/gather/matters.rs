//! The matters and promises a briefing tells of one by one.

use huiyin_domain::matter::{Matter, ResponseKind};
use huiyin_domain::{BEIJING, DeadlineKind};
use huiyin_store::{PromiseState, Promptness};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{GRAVEST_MAX, PROMISES_MAX, Scope, all};
use crate::slice::Slice;
use crate::words::{channel_chinese, promise_chinese, promptness_chinese};
use crate::{BriefingError, MonthMatter, MonthPromise};

impl Scope<'_> {
    pub(super) async fn gravest(&self) -> Result<Vec<MonthMatter>, BriefingError> {
        let [this, _] = self.slices();
        let found = self.store.gravest_matters(&this.filter, GRAVEST_MAX).await?;
        Ok(found.iter().map(|matter| self.told(matter)).collect())
    }

    fn told(&self, matter: &Matter) -> MonthMatter {
        let response = response_promptness(matter, self.now);
        let answers = || matter.responses.iter().filter(|one| one.kind != ResponseKind::Holding);
        let grade = matter.grade_in_force();
        let region = &self.catalogue.region().name;
        let place = matter.place_name.as_deref();
        let lead = matter.lead().map(|lead| lead.unit_name.clone());
        MonthMatter {
            no: matter.no.to_string(),
            title: shared_title(matter),
            posts: matter.posts_seen(),
            received_at: matter.received_at,
            place_name: place.map(|name| {
                name.strip_prefix(region.as_str()).filter(|rest| !rest.is_empty()).unwrap_or(name).to_owned()
            }),
            system: matter.system.as_ref().map(ToString::to_string),
            unit_name: lead,
            grade: grade.as_str().into(),
            grade_name: grade.chinese().into(),
            danger: matter.danger,
            state: matter.state.as_str().into(),
            state_name: matter.state.chinese().into(),
            response: response.as_str().into(),
            response_name: promptness_chinese(response).into(),
            responded_at: answers().next().map(|answer| answer.at),
            channel_name: answers().next().map(|answer| channel_chinese(answer.channel).to_owned()),
            due: response_due(matter),
            query: format!("/matters/{}", matter.no),
        }
    }

    pub(super) async fn promises(&self) -> Result<Vec<MonthPromise>, BriefingError> {
        let today = BEIJING.to_datetime(self.now).date();
        let (first, next) = (self.month.first_day(), self.month.after().first_day());
        let made = all(self.store, Slice::all(self.now).promised_in(self.month).filter, PROMISES_MAX).await?;
        let due = all(self.store, Slice::all(self.now).promise_due_in(self.month, None).filter, PROMISES_MAX).await?;
        let mut told: Vec<MonthPromise> = Vec::new();
        for matter in made.iter().chain(&due) {
            for promise in &matter.commitments {
                let in_month = (first <= promise.due && promise.due < next)
                    || (self.month.from() <= promise.at && promise.at < self.month.to());
                let known = told.iter().any(|one| one.matter == matter.no.as_str() && one.number == promise.number);
                if !in_month || known {
                    continue;
                }
                let (state, word) = promise_state(promise.kept, promise.due, today);
                told.push(MonthPromise {
                    matter: matter.no.to_string(),
                    title: shared_title(matter),
                    number: promise.number,
                    owner: promise.owner.to_string(),
                    owner_name: self.unit_name(promise.owner.as_str()),
                    text: promise.text.clone(),
                    at: promise.at,
                    due: promise.due,
                    published: promise.published,
                    state: word.into(),
                    state_name: promise_chinese(state).into(),
                });
            }
        }
        told.sort_by(|one, other| (one.due, &one.matter, one.number).cmp(&(other.due, &other.matter, other.number)));
        told.truncate(PROMISES_MAX);
        Ok(told)
    }
}

/// The title as a briefing may share it with every unit: what somebody wrote in danger to life is not passed round.
pub(crate) fn shared_title(matter: &Matter) -> Option<String> {
    let title = matter.title.as_deref()?;
    Some(if matter.danger { "涉及人身安全的事项".to_owned() } else { huiyin_text::readable(title) })
}

/// How the response of a matter stands to its deadlines, as `huiyin-store` judges it in SQL.
pub(crate) fn response_promptness(matter: &Matter, now: Timestamp) -> Promptness {
    let responses = || matter.deadlines.iter().filter(|one| one.kind == DeadlineKind::Response);
    let unmet = || responses().filter(|one| one.met_at.is_none());
    if unmet().any(|one| one.due < now) {
        Promptness::Overdue
    } else if unmet().next().is_some() {
        Promptness::Waiting
    } else if responses().any(|one| one.met_at.is_some_and(|met| met > one.due)) {
        Promptness::Late
    } else if responses().next().is_some() {
        Promptness::InTime
    } else {
        Promptness::NothingDue
    }
}

/// When the response is or was due: the deadline still running, or else the last one.
pub(crate) fn response_due(matter: &Matter) -> Option<Timestamp> {
    let responses = || matter.deadlines.iter().filter(|one| one.kind == DeadlineKind::Response);
    let running = responses().find(|one| one.met_at.is_none());
    running.or_else(|| responses().next_back()).map(|one| one.due)
}

fn promise_state(kept: Option<bool>, due: Date, today: Date) -> (PromiseState, &'static str) {
    let state = match kept {
        Some(true) => PromiseState::Kept,
        Some(false) => PromiseState::Broken,
        None if due < today => PromiseState::Overdue,
        None => PromiseState::Open,
    };
    let word = PromiseState::ALL.into_iter().find(|(one, _)| *one == state).map_or("open", |(_, word)| word);
    (state, word)
}
