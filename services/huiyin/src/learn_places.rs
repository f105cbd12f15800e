//! `huiyin catalogue learn-places`: which place estates, roads, schools and villages lie in, from confirmed matters.

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::Context;
use huiyin_catalogue::{Catalogue, learned_csv};
use huiyin_domain::matter::{Matter, State};
use huiyin_domain::{PlaceCode, PostRef};
use huiyin_matching::localities::{LearnedLocalities, LocalityLearner};
use huiyin_store::{PAGE_ROWS_MAX, PostRow, Store};

use crate::cli::LearnPlacesArgs;
use crate::config::Config;
use crate::{catalogue, node, progress};

/// Only what is learned: the office's own `localities.csv` is never written. It reaches judging when the directory is adopted.
const FILE: &str = "learned.csv";
/// Refused names shown on stderr.
const SHOWN: usize = 20;

/// `huiyin catalogue learn-places DIR`
pub(crate) async fn run(args: &LearnPlacesArgs) -> anyhow::Result<ExitCode> {
    let known = catalogue::load(&args.directory)?;
    let store = node::open_store(&Config::load(&args.node)?).await?;
    let (matters, learned) = learn(&store, &known).await?;
    let path = args.directory.join(FILE);
    let beside = args.directory.join(format!("{FILE}.new"));
    std::fs::write(&beside, learned_csv(&learned.learned)).with_context(|| beside.display().to_string())?;
    std::fs::rename(&beside, &path).with_context(|| path.display().to_string())?;
    for refused in learned.refused.iter().take(SHOWN) {
        let places: Vec<String> = refused.places.iter().map(|(place, count)| format!("{place} {count} 件")).collect();
        eprintln!("“{}”没有收入：各件所在不一（{}）", refused.name, places.join("，"));
    }
    eprintln!("{} 已写好；改 catalogue.toml 的 version 后用 huiyin catalogue adopt 生效", path.display());
    let result = serde_json::json!({
        "confirmed_matters": matters, "localities": learned.learned.len(), "refused": learned.refused.len(),
    });
    println!("{result}");
    Ok(ExitCode::SUCCESS)
}

/// Reads every matter that a unit has accepted, in order of number, each by the post that opened it. Erased posts say
/// nothing.
async fn learn(store: &Store, known: &Catalogue) -> anyhow::Result<(usize, LearnedLocalities)> {
    let bar = progress::spinner("matters read");
    let mut learner = LocalityLearner::default();
    let (mut matters, mut after) = (0, None);
    loop {
        let numbers = store.matter_numbers(after.as_ref(), PAGE_ROWS_MAX).await?;
        let Some(last) = numbers.last() else { break };
        after = Some(last.clone());
        let page = store.matters_numbered(&numbers).await?;
        let confirmed =
            page.iter().filter(|matter| matches!(matter.state, State::Accepted | State::Responded | State::Closed));
        // A post teaches by the matter it belongs to.
        let confirmed = confirmed.filter(|matter| matter.beside.is_none());
        let confirmed: Vec<_> =
            confirmed.filter_map(|matter| Some((matter, confirmed_place(known, matter)?))).collect();
        let first: Vec<PostRef> = confirmed.iter().map(|(matter, _)| matter.first_post.clone()).collect();
        let posts = store.posts_named(&first).await?;
        let posts: HashMap<&PostRef, &PostRow> = posts.iter().map(|post| (&post.post, post)).collect();
        for (matter, place) in confirmed {
            if let Some(post) = posts.get(&matter.first_post) {
                learner.observe(known, &post.title, &post.text, &place);
                matters += 1;
            }
        }
        bar.inc(u64::try_from(numbers.len()).unwrap_or(0));
    }
    bar.finish_and_clear();
    Ok((matters, learner.learned(known)))
}

/// The place as assessed, where the unit that accepted works for it; else the unit's own, which people chose.
fn confirmed_place(known: &Catalogue, matter: &Matter) -> Option<PlaceCode> {
    let unit = matter.lead().and_then(|lead| known.unit_by_id(&lead.unit)).map(|unit| unit.place);
    let assessed = matter.place.clone();
    match (unit, assessed) {
        (Some(unit), Some(assessed)) if known.contains(&unit, &assessed) => Some(assessed),
        (Some(unit), _) => Some(unit),
        (None, assessed) => assessed,
    }
}
