//! What the ledger teaches: which system answered a matter, and which unit said that it was not its own.

use std::collections::BTreeMap;

use huiyin_catalogue::Catalogue;
use huiyin_domain::matter::{Assignment, AssignmentState, Part};
use huiyin_domain::{BEIJING, Clock, MatterNo, PostRef, SystemCode, UnitId};
use huiyin_store::Store;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::labelled::Labelled;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::{briefing, node};

/// Matters read at a time.
const PAGE: u32 = 100;
/// One matter in this many is never learned from, so that models of all times can be compared on it.
const HELD_OUT_EVERY: u8 = 5;

/// A matter whose answering system is known, or at least one that it was not.
pub(super) struct Confirmed {
    pub(super) post: Labelled,
    /// Kept for comparing.
    pub(super) held_out: bool,
}

/// Every matter of a node that a unit accepted or rejected or a leader ruled on, in order of number.
///
/// # Errors
/// What opening or reading the database said.
pub(super) async fn confirmed(config: &Config) -> anyhow::Result<Vec<Confirmed>> {
    let store = node::open_store(config).await?;
    let found = read(&store, config.bounces_max).await;
    store.close().await;
    found
}

/// How many matters teach each system, and how many teach that they are not its own: what an operator checks first.
pub(super) fn taught(confirmed: &[Confirmed]) -> Value {
    let mut taught: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for post in confirmed.iter().map(|one| &one.post) {
        if !post.class.is_empty() {
            taught.entry(&post.class).or_default()[0] += 1;
        }
        for not in &post.not {
            taught.entry(not).or_default()[1] += 1;
        }
    }
    let taught = taught.into_iter().map(|(system, [of, not])| (system.to_owned(), json!({ "of": of, "not": not })));
    Value::Object(taught.collect())
}

async fn read(store: &Store, bounces_max: u32) -> anyhow::Result<Vec<Confirmed>> {
    let catalogue = briefing::in_force(store, BEIJING.to_datetime(SystemClock.now()).date()).await?;
    let mut confirmed = Vec::new();
    let mut after: Option<MatterNo> = None;
    loop {
        let numbers = store.matter_numbers(after.as_ref(), PAGE).await?;
        let Some(last) = numbers.last().cloned() else { return Ok(confirmed) };
        let matters = store.matters_numbered(&numbers).await?;
        let first_posts: Vec<PostRef> = matters.iter().map(|matter| matter.first_post.clone()).collect();
        let posts = store.posts_named(&first_posts).await?;
        // The posts of a merged matter belong to the one it was merged into; a further concern is not what its post is about.
        for matter in matters.iter().filter(|matter| matter.merged_into.is_none() && matter.beside.is_none()) {
            let Some(post) = posts.iter().find(|post| post.post == matter.first_post) else { continue };
            let (class, not) = lesson(&catalogue, &matter.assignments, matter.system.as_ref(), bounces_max);
            if (post.title.is_empty() && post.text.is_empty()) || (class.is_empty() && not.is_empty()) {
                continue; // erased, or nobody has said anything
            }
            // What went to and fro before it was settled is the rarer and better lesson.
            let weight = 1.0 + f64::from(matter.bounces.min(3));
            let held_out = !class.is_empty() && is_held_out(&matter.no);
            let post = Labelled { title: post.title.clone(), text: post.text.clone(), class, not, weight };
            confirmed.push(Confirmed { post, held_out });
        }
        after = Some(last);
    }
}

/// The system of the unit that leads for good, blank when none does yet, and those of units that rejected the lead. For
/// good: it accepted, or a leader ruled that it is the one. A unit the matter was given back to is no example of a wrong one.
fn lesson(
    catalogue: &Catalogue,
    assignments: &[Assignment],
    assessed: Option<&SystemCode>,
    bounces_max: u32,
) -> (String, Vec<String>) {
    let system = |unit: &UnitId| system(catalogue, unit, assessed);
    let leads = || assignments.iter().filter(|one| one.part == Part::Lead && !one.withdrawn);
    let lead = leads().rfind(|one| one.state.is_live());
    let with = lead.and_then(|lead| system(&lead.unit));
    let settled =
        lead.is_some_and(|lead| lead.state == AssignmentState::Accepted || is_ruled(lead, assignments, bounces_max));
    let rejected = leads().filter(|one| one.state == AssignmentState::Rejected);
    let mut not: Vec<String> =
        rejected.filter_map(|one| system(&one.unit)).filter(|one| Some(one) != with.as_ref()).collect();
    not.sort_unstable();
    not.dedup();
    (with.filter(|_| settled).unwrap_or_default(), not)
}

/// Given after as many rejections as leave the choice to a leader alone (裁定).
fn is_ruled(lead: &Assignment, assignments: &[Assignment], bounces_max: u32) -> bool {
    let before = |one: &&Assignment| {
        one.state == AssignmentState::Rejected && one.answered_at.is_some_and(|at| at <= lead.assigned_at)
    };
    bounces_max > 0 && assignments.iter().filter(before).count() >= bounces_max as usize
}

/// The system in which a unit has to do with a matter: the assessed one where the unit serves it, else its first.
fn system(catalogue: &Catalogue, unit: &UnitId, assessed: Option<&SystemCode>) -> Option<String> {
    let unit = catalogue.unit_by_id(unit)?;
    let assessed = assessed.filter(|system| unit.systems.contains(system));
    assessed.or(unit.systems.first()).map(|system| system.as_str().to_owned())
}

/// By the number alone: the same matters for ever.
fn is_held_out(no: &MatterNo) -> bool {
    Sha256::digest(no.as_str().as_bytes()).first().is_some_and(|byte| byte % HELD_OUT_EVERY == 0)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use AssignmentState::{Accepted, Overridden, Pending, Rejected};
    use Part::{Assist, Lead};

    use super::*;

    const BOUNCES_MAX: u32 = 2;

    /// In the order given, a minute apart; answered half a minute later.
    fn assignments(given: &[(&str, Part, AssignmentState)]) -> Vec<Assignment> {
        let begun: jiff::Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
        let given = (1_u32..).zip(given).map(|(number, (unit, part, state))| {
            let assigned_at = begun + jiff::SignedDuration::from_mins(i64::from(number));
            let answered_at =
                matches!(state, Accepted | Rejected).then(|| assigned_at + jiff::SignedDuration::from_secs(30));
            Assignment {
                number,
                unit: UnitId::new(format!("360783-{unit}")),
                unit_name: (*unit).to_owned(),
                part: *part,
                state: *state,
                assigned_at,
                answered_at,
                reason: None,
                instruction: None,
                withdrawn: false,
            }
        });
        given.collect()
    }

    #[test]
    fn what_a_matter_teaches() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
        let catalogue = crate::catalogue::load(&directory).unwrap();
        for (why, given, class, not) in [
            ("nobody has answered", vec![("城管", Lead, Pending)], "", vec![]),
            ("accepted", vec![("城管", Lead, Accepted), ("住建", Assist, Rejected)], "城管", vec![]),
            ("rejected, nobody else yet", vec![("城管", Lead, Rejected)], "", vec!["城管"]),
            ("rejected, with another", vec![("城管", Lead, Rejected), ("住建", Lead, Pending)], "", vec!["城管"]),
            ("the second accepted", vec![("城管", Lead, Rejected), ("住建", Lead, Accepted)], "住建", vec!["城管"]),
            (
                "given back to the one that rejected",
                vec![("城管", Lead, Rejected), ("城管", Lead, Pending)],
                "",
                vec![],
            ),
            ("moved after it was accepted", vec![("城管", Lead, Overridden), ("水利", Lead, Accepted)], "水利", vec![]),
            (
                "ruled, not accepted yet",
                vec![("城管", Lead, Rejected), ("住建", Lead, Rejected), ("水利", Lead, Pending)],
                "水利",
                vec!["住建", "城管"],
            ),
            (
                "ruled for one that had rejected",
                vec![("城管", Lead, Rejected), ("住建", Lead, Rejected), ("城管", Lead, Pending)],
                "城管",
                vec!["住建"],
            ),
            (
                "ruled for one that had rejected, and accepted",
                vec![("城管", Lead, Rejected), ("住建", Lead, Rejected), ("城管", Lead, Accepted)],
                "城管",
                vec!["住建"],
            ),
            (
                "assisting units rejected after it was given: no ruling",
                vec![("水利", Lead, Pending), ("住建", Assist, Rejected), ("城管", Assist, Rejected)],
                "",
                vec![],
            ),
            ("a unit no catalogue knows", vec![("没有", Lead, Accepted)], "", vec![]),
        ] {
            let found = lesson(&catalogue, &assignments(&given), None, BOUNCES_MAX);
            assert_eq!(found, (class.to_owned(), not.into_iter().map(str::to_owned).collect()), "{why}");
        }
    }

    #[test]
    fn an_undone_assignment_teaches_nothing() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
        let catalogue = crate::catalogue::load(&directory).unwrap();
        let mut given = assignments(&[("城管", Lead, Overridden), ("水利", Lead, Accepted)]);
        given[0].withdrawn = true;
        assert_eq!(lesson(&catalogue, &given, None, BOUNCES_MAX), ("水利".to_owned(), Vec::new()));
    }

    #[test]
    fn about_a_fifth_is_held_out_and_always_the_same() {
        let numbers: Vec<MatterNo> = (1..=1_000).map(|number| MatterNo::new(format!("20261120-{number:05}"))).collect();
        let held_out: Vec<bool> = numbers.iter().map(is_held_out).collect();
        let count = held_out.iter().filter(|held_out| **held_out).count();
        assert!((150..=260).contains(&count), "{count}");
        assert_eq!(held_out, numbers.iter().map(is_held_out).collect::<Vec<_>>());
    }
}
