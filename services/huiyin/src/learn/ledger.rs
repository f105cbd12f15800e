//! What the ledger teaches: which system answered a matter, and which unit said that it was not its own.

use huiyin_catalogue::Catalogue;
use huiyin_domain::matter::{AssignmentState, Matter, Part};
use huiyin_domain::{BEIJING, Clock, MatterNo, PostRef, UnitId};
use huiyin_store::Store;
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

/// Every matter of a node that a unit accepted or rejected, in order of number.
///
/// # Errors
/// What opening or reading the database said.
pub(super) async fn confirmed(config: &Config) -> anyhow::Result<Vec<Confirmed>> {
    let store = node::open_store(config).await?;
    let found = read(&store).await;
    store.close().await;
    found
}

async fn read(store: &Store) -> anyhow::Result<Vec<Confirmed>> {
    let catalogue = briefing::in_force(store, BEIJING.to_datetime(SystemClock.now()).date()).await?;
    let mut confirmed = Vec::new();
    let mut after: Option<MatterNo> = None;
    loop {
        let numbers = store.matter_numbers(after.as_ref(), PAGE).await?;
        let Some(last) = numbers.last().cloned() else { return Ok(confirmed) };
        let matters = store.matters_numbered(&numbers).await?;
        let first_posts: Vec<PostRef> = matters.iter().map(|matter| matter.first_post.clone()).collect();
        let posts = store.posts_named(&first_posts).await?;
        for matter in &matters {
            let Some(post) = posts.iter().find(|post| post.post == matter.first_post) else { continue };
            let lesson = lesson(&catalogue, matter);
            if (post.title.is_empty() && post.text.is_empty()) || (lesson.0.is_empty() && lesson.1.is_empty()) {
                continue; // erased, or nobody has said anything
            }
            let (class, not) = lesson;
            // What went to and fro before it was settled is the rarer and better lesson.
            let weight = 1.0 + f64::from(matter.bounces.min(3));
            let held_out = !class.is_empty() && is_held_out(&matter.no);
            let post = Labelled { title: post.title.clone(), text: post.text.clone(), class, not, weight };
            confirmed.push(Confirmed { post, held_out });
        }
        after = Some(last);
    }
}

/// The system of the unit that accepted the lead, blank when none did, and those of units that rejected it.
fn lesson(catalogue: &Catalogue, matter: &Matter) -> (String, Vec<String>) {
    let leads = || matter.assignments.iter().filter(|one| one.part == Part::Lead && !one.withdrawn);
    let accepted = leads().rfind(|one| one.state == AssignmentState::Accepted);
    let class = accepted.and_then(|one| system(catalogue, &one.unit, matter)).unwrap_or_default();
    let rejected = leads().filter(|one| one.state == AssignmentState::Rejected);
    let mut not: Vec<String> = rejected.filter_map(|one| system(catalogue, &one.unit, matter)).collect();
    not.retain(|system| *system != class);
    not.dedup();
    (class, not)
}

/// The system in which a unit has to do with a matter: the assessed one where the unit serves it, else its first.
fn system(catalogue: &Catalogue, unit: &UnitId, matter: &Matter) -> Option<String> {
    let unit = catalogue.unit_by_id(unit)?;
    let assessed = matter.system.as_ref().filter(|system| unit.systems.contains(system));
    assessed.or(unit.systems.first()).map(|system| system.as_str().to_owned())
}

/// By the number alone: the same matters for ever.
fn is_held_out(no: &MatterNo) -> bool {
    Sha256::digest(no.as_str().as_bytes()).first().is_some_and(|byte| byte % HELD_OUT_EVERY == 0)
}
