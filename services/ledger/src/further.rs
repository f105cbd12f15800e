//! Opening a further concern of a post as a matter of its own.

use huiyin_domain::matter::{Content, Decision, Event, Matter, Suggestion};
use huiyin_domain::{Actor, CatalogueVersionId, Further, Grade, MatterNo, PlaceCode, SystemCode};
use huiyin_store::{PostRow, StoreError};

use crate::act::{Change, RACES_MAX, keep, replayed};
use crate::opening::{self, Opening, Proposal};
use crate::{Acted, Idempotency, Ledger, LedgerError};

/// Asks to open a further concern of a matter's first post as a matter of its own.
#[derive(Clone, Debug)]
pub struct FurtherRequest {
    /// The matter the post belongs to.
    pub matter: MatterNo,
    /// The further concern's line of work.
    pub system: SystemCode,
    /// Who asks.
    pub actor: Actor,
    /// The decided version the caller saw, of the matter the post belongs to.
    pub if_match: Option<u64>,
    /// Makes a repeated request harmless.
    pub idempotency: Option<Idempotency>,
}

impl Ledger {
    /// Opens a further concern as a matter of its own, which the answer holds; the post goes on belonging to the first.
    ///
    /// # Errors
    /// [`LedgerError`]; then nothing was written.
    pub async fn open_further(&self, request: FurtherRequest) -> Result<Acted, LedgerError> {
        let mut race = 0;
        loop {
            match self.try_further(&request).await {
                Err(LedgerError::Store(StoreError::Raced { .. })) if race < RACES_MAX => race += 1,
                done => return done,
            }
        }
    }

    async fn try_further(&self, request: &FurtherRequest) -> Result<Acted, LedgerError> {
        let mut tx = self.store.begin().await?;
        if let Some(matter) = replayed(&mut tx, &request.actor, request.idempotency.as_ref()).await? {
            return Ok(Acted { matter, replayed: true, claim_ended: None });
        }
        let first = self.current(&mut tx, &request.matter, request.if_match).await?;
        let post = tx.last_text(&first.first_post).await?;
        let found = post.as_ref().map(|post| post.assessment.evidence.clone()).unwrap_or_default();
        let further = first.decide_further(&request.system, &found, &request.actor)?;
        // Where there is a further concern there is a post that holds it.
        let Some(post) = &post else { return Err(LedgerError::NotFound(request.matter.clone())) };
        let now = self.clock.now();
        let day = opening::day(first.received_at);
        let no = opening::number(&day, tx.numbers(&opening::counter(&day), 1).await?);
        let content = content(post, further);
        let opened = opening(&first, post, further).open(no, content, now, &request.actor, &self.policy)?;
        let mut change = Change::new(first);
        let event = Event::FurtherOpened { system: request.system.clone(), matter: opened.matter.no.clone() };
        change.push(event, Content::default(), now, &request.actor)?;
        self.write(&mut tx, &[&change], false).await?;
        tx.append(&self.salted(&opened.entries), crate::leaf).await?;
        tx.insert_matters(&[&opened.matter]).await?;
        keep(&mut tx, request.idempotency.as_ref(), &request.actor, &opened.matter, now).await?;
        tx.commit().await?;
        self.appended.notify_one();
        Ok(Acted { matter: opened.matter, replayed: false, claim_ended: None })
    }
}

/// The new matter: received when the first one was, so that nobody waits longer for having asked two things at once. Danger
/// and grade are the first concern's.
fn opening(first: &Matter, post: &PostRow, further: &Further) -> Opening {
    let of = &post.assessment;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let unit = further.unit.as_ref();
    let proposal = Proposal {
        suggestion: Suggestion {
            decision: if unit.is_some() { Decision::Unit } else { Decision::Abstain },
            unit: unit.map(|unit| unit.id.clone()),
            unit_name: unit.map(|unit| unit.name.clone()),
            assist: Vec::new(),
            grade: Grade::Ordinary,
            catalogue: CatalogueVersionId::new(&of.catalogue),
            model: of.model.clone(),
        },
        system: Some(further.system.clone()),
        place: some(&of.place).map(PlaceCode::new),
        place_name: some(&of.place_name),
    };
    Opening {
        post: first.first_post.clone(),
        received_at: first.received_at,
        published_at: first.published_at,
        backfill: first.backfill,
        danger: false,
        possible: false,
        proposal,
        follows: None,
        beside: Some(first.no.clone()),
    }
}

/// What is said of it: its own part of the post as title, and the words that led to it.
fn content(post: &PostRow, further: &Further) -> Content {
    let (whole, terms) = (format!("{}\n{}", post.title, post.text), &further.terms);
    let title = part(&whole, terms).unwrap_or(if post.title.trim().is_empty() { &post.text } else { &post.title });
    let reason = (!terms.is_empty()).then(|| format!("依据原帖用语：{}", terms.join("、")));
    Content { title: Some(opening::headline(title)), reason, ..Content::default() }
}

/// From the clause that holds the first of `terms` to the end of its sentence.
fn part<'t>(whole: &'t str, terms: &[String]) -> Option<&'t str> {
    const ENDS: [char; 8] = ['。', '！', '？', '；', '!', '?', ';', '\n'];
    let at = terms.iter().filter_map(|term| whole.find(term.as_str())).min()?;
    let (before, after) = whole.split_at_checked(at)?;
    let clause = |mark: char| ENDS.contains(&mark) || matches!(mark, '，' | ',');
    let from = before.char_indices().rfind(|(_, mark)| clause(*mark)).map_or(0, |(at, mark)| at + mark.len_utf8());
    let to = after.find(ENDS).map_or(whole.len(), |end| at + end);
    Some(whole.get(from..to)?.trim()).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_part_of_the_post_that_says_it() {
        let terms = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let post = "路灯\n青杨路路灯坏了没人修，很黑。顺便问一下，异地医保怎么报销？谢谢";
        assert_eq!(part(post, &terms(&["报销", "医保"])), Some("异地医保怎么报销"));
        assert_eq!(part(post, &terms(&["路灯"])), Some("路灯"));
        assert_eq!(part(post, &terms(&["学位"])), None);
    }
}
