//! What officials do in the sample, through the same commands as everybody.

use std::sync::Arc;

use anyhow::{Context, bail};
use huiyin_domain::matter::{
    AssignTo, AssignmentState, Channel, Command, Event, Matter, Part, ResponseKind, State, StepKind,
};
use huiyin_domain::{Actor, BEIJING, DeadlineKind, MatterNo, Role, UnitId};
use huiyin_ingest::Assessors;
use huiyin_ledger::{ActRequest, Ledger, LedgerError};
use huiyin_store::PostFilter;

use super::sample::Action;

/// Plays the officials.
pub(super) struct Player {
    ledger: Ledger,
    assessors: Arc<Assessors>,
    /// Actions carried out.
    pub(super) done: u64,
    /// Actions the rules refused.
    pub(super) refused: u64,
}

impl Player {
    pub(super) fn new(ledger: Ledger, assessors: Arc<Assessors>) -> Player {
        Player { ledger, assessors, done: 0, refused: 0 }
    }

    /// Carries out one action; the unit is given the matter first when it does not have it.
    pub(super) async fn act(&mut self, action: &Action) -> anyhow::Result<()> {
        let matter = self.matter_of(action).await?;
        let (unit, name) = self.unit(action, &matter)?;
        let liaison = Actor { name: format!("联络员 {name}"), role: Role::Liaison, unit: Some(unit.clone()) };
        if let Some((command, actor)) = self.of_the_office(action, &matter, &unit)? {
            return self.send(&matter.no, command, &actor).await;
        }
        let mut matter = matter;
        let has = |matter: &Matter| matter.assignments.iter().any(|one| one.unit == unit && one.state.is_live());
        if !has(&matter) {
            let lead = AssignTo { unit: unit.clone(), unit_name: name, part: Part::Lead };
            let assign = Command::Assign { units: vec![lead], grade: Some(matter.grade_in_force()), instruction: None };
            self.send(&matter.no, assign, &leader()).await?;
            matter = self.matter_of(action).await?;
        }
        let pending =
            |one: &huiyin_domain::matter::Assignment| one.unit == unit && one.state == AssignmentState::Pending;
        let waits = matter.assignments.iter().any(pending);
        if waits && !matches!(action.action.as_str(), "accept" | "reject") {
            self.send(&matter.no, Command::Accept { assignment: None }, &liaison).await?;
        }
        let command = match action.action.as_str() {
            "accept" if !waits => return Ok(()),
            "accept" => Command::Accept { assignment: None },
            "reject" => {
                Command::Reject { assignment: None, reason: action.reason.clone().unwrap_or(action.text.clone()) }
            }
            "respond" => Command::Respond {
                assignment: None,
                kind: kind(action.kind.as_deref())?,
                channel: channel(&action.channel),
                link: action.link.clone(),
                text: action.text.clone(),
            },
            "commit" => Command::Commit {
                assignment: None,
                due: action.due.context("due: missing")?,
                published: true,
                text: action.text.clone(),
            },
            "act" => Command::Act {
                assignment: None,
                kind: step(action.kind.as_deref())?,
                text: action.text.clone(),
                link: action.link.clone(),
            },
            other => bail!("action: \"{other}\" is unknown"),
        };
        self.send(&matter.no, command, &liaison).await
    }

    /// What the duty office does itself: no assignment is needed for it.
    fn of_the_office(
        &self,
        action: &Action,
        matter: &Matter,
        unit: &UnitId,
    ) -> anyhow::Result<Option<(Command, Actor)>> {
        let reason = || action.reason.clone().unwrap_or(action.text.clone());
        Ok(Some(match action.action.as_str() {
            "close" => (Command::Close { text: text(action) }, officer()),
            "dismiss" => (Command::Dismiss { reason: reason() }, officer()),
            "verify" => {
                let mut owed = matter.commitments.iter().filter(|one| one.owner == *unit && one.kept.is_none());
                let commitment = owed.next().context("verify: the unit has no promise to check")?.number;
                let kept = match action.kind.as_deref() {
                    Some("kept") => true,
                    Some("broken") => false,
                    other => bail!("kind: {other:?} is none of kept, broken"),
                };
                (Command::Verify { commitment, kept, text: action.text.clone() }, officer())
            }
            "consult" => {
                let heard = action.with.iter().map(|name| self.body(name, matter).map(|(unit, _)| unit));
                let units = heard.collect::<anyhow::Result<Vec<_>>>()?;
                (Command::Consult { lead: unit.clone(), units, question: action.text.clone() }, officer())
            }
            "conclude" => {
                let mut open = matter.consultations.iter().filter(|one| one.concluded_at.is_none());
                let consultation = open.next().context("conclude: no consultation is open")?.number;
                (Command::Conclude { consultation, conclusion: action.text.clone() }, officer())
            }
            "supervise" => (Command::Supervise { text: action.text.clone() }, leader()),
            "extend" => {
                let due = action.due.context("due: missing")?.at(18, 0, 0, 0);
                let due = BEIJING.to_timestamp(due).context("due")?;
                let deadline = DeadlineKind::Response;
                (Command::Extend { deadline, assignment: None, due, reason: reason() }, leader())
            }
            _ => return Ok(None),
        }))
    }

    /// Lapsed deadlines and matters with danger to life so far: what an alarm is raised for.
    pub(super) async fn alarms(&self) -> anyhow::Result<u64> {
        let mut after = 0;
        let mut alarms = 0;
        loop {
            let entries = self.ledger.store().entries_numbered(after, 1_000).await?;
            let Some(last) = entries.last() else { return Ok(alarms) };
            after = last.number.unwrap_or(u64::MAX);
            let alarming = |event: &Event| {
                matches!(event, Event::DeadlinePassed { .. } | Event::Opened { danger: true, backfill: false, .. })
            };
            alarms += entries.iter().filter(|one| alarming(&one.entry.event)).count() as u64;
        }
    }

    async fn send(&mut self, no: &MatterNo, command: Command, actor: &Actor) -> anyhow::Result<()> {
        let request =
            ActRequest { matter: no.clone(), command, actor: actor.clone(), if_match: None, idempotency: None };
        match self.ledger.act(request).await {
            Ok(_) => self.done += 1,
            Err(LedgerError::Refused(refusal)) => {
                tracing::warn!(matter = %no, refusal = refusal.message, "a sample action was refused");
                self.refused += 1;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn matter_of(&self, action: &Action) -> anyhow::Result<Matter> {
        let filter = PostFilter { post: Some(action.post.clone()), limit: 1, ..PostFilter::default() };
        let page = self.ledger.store().posts(&filter).await?;
        let mut no = page.posts.first().and_then(|post| post.matter.clone()).context("its post is in no matter")?;
        loop {
            let matter = self.ledger.store().matter(&no).await?.context("its matter is missing")?;
            match (&matter.merged_into, matter.state) {
                (Some(into), State::Merged) => no = into.clone(),
                _ => return Ok(matter),
            }
        }
    }

    fn unit(&self, action: &Action, matter: &Matter) -> anyhow::Result<(UnitId, String)> {
        self.body(&action.unit, matter)
    }

    fn body(&self, name: &str, matter: &Matter) -> anyhow::Result<(UnitId, String)> {
        let today = BEIJING.to_datetime(self.ledger.now()).date();
        let assessor = self.assessors.on(today).context("no catalogue in force")?;
        let bodies = assessor.catalogue().resolve_body(name, matter.place.as_ref(), today);
        let unit = bodies.first().with_context(|| format!("unit: \"{name}\" is not in the catalogue"))?;
        Ok((unit.id.clone(), unit.name.clone()))
    }
}

fn officer() -> Actor {
    Actor { name: "duty".into(), role: Role::DutyOfficer, unit: None }
}

fn leader() -> Actor {
    Actor { name: "leader".into(), role: Role::Leader, unit: None }
}

fn text(action: &Action) -> Option<String> {
    Some(action.text.clone()).filter(|text| !text.is_empty())
}

fn kind(word: Option<&str>) -> anyhow::Result<ResponseKind> {
    match word {
        Some("holding") => Ok(ResponseKind::Holding),
        Some("authoritative") => Ok(ResponseKind::Authoritative),
        Some("final") => Ok(ResponseKind::Final),
        other => bail!("kind: {other:?} is none of holding, authoritative, final"),
    }
}

fn step(word: Option<&str>) -> anyhow::Result<StepKind> {
    match word {
        None => Ok(StepKind::Measure),
        Some("verification") => Ok(StepKind::Verification),
        other => bail!("kind: {other:?} is not verification"),
    }
}

fn channel(words: &str) -> Channel {
    let table = [
        ("发布会", Channel::PressConference),
        ("电话", Channel::Phone),
        ("网站", Channel::Website),
        ("公众号", Channel::SocialMedia),
        ("微", Channel::SocialMedia),
        ("媒体", Channel::Press),
        ("报", Channel::Press),
        ("热线", Channel::Phone),
        ("平台", Channel::Source),
        ("留言", Channel::Source),
        ("信箱", Channel::Source),
        ("论坛", Channel::Source),
        ("原渠道", Channel::Source),
    ];
    let found = table.into_iter().find(|(word, _)| words.contains(word));
    found.map_or(if words.is_empty() { Channel::Source } else { Channel::Other }, |(_, channel)| channel)
}
