//! `huiyin catalogue adopt DIR --from DATE --dry-run`: which past matters a catalogue would send elsewhere.
//!
//! Nothing is written. Each matter's first post is assessed under the catalogue in force and under the new one, both on the
//! day the new one would take force and by the node's model, so that what differs is due to the catalogues alone.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use huiyin_catalogue::Catalogue;
use huiyin_domain::Clock;
use huiyin_ingest::{Reception, accept, parse_push};
use huiyin_matching::{Assessment, Assessor, Scope, Subject};
use huiyin_store::{PAGE_ROWS_MAX, Store};
use jiff::civil::Date;
use serde::Serialize;

use crate::catalogue::{load, make, unpack};
use crate::cli::AdoptArgs;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::{learn, node, progress};

/// A matter or post that is judged twice.
struct Case {
    /// Number of the matter, or id of the post.
    no: String,
    title: String,
    text: String,
    place: String,
    /// The unit that leads the matter now, whoever decided so.
    held_by: Option<String>,
}

/// How one was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Judged {
    decision: &'static str,
    unit: Option<String>,
    unit_id: Option<String>,
    clause: Option<String>,
}

/// One that would go elsewhere.
#[derive(Clone, Debug, Serialize)]
struct Rerouted {
    no: String,
    title: String,
    from: Judged,
    to: Judged,
    held_by: Option<String>,
}

#[derive(Debug, Serialize)]
struct Rehearsal {
    from: String,
    to: String,
    on: String,
    /// Version of the model that judged under both catalogues, that of the configured node; the rules' own without one.
    model: String,
    looked_at: usize,
    rerouted: Vec<Rerouted>,
    /// The same unit, resting on another clause.
    other_clause: usize,
}

/// `huiyin catalogue adopt DIR --dry-run`
pub(crate) async fn run(args: &AdoptArgs) -> anyhow::Result<ExitCode> {
    let new = load(&args.directory)?;
    let on = args.from.unwrap_or(new.effective_from());
    let has_node = args.node.data.is_some() || args.node.config.is_some();
    let config = has_node.then(|| Config::load(&args.node)).transpose()?;
    let store = match &config {
        Some(config) => Some(node::open_store(config).await?),
        None => None,
    };
    let old = match (&args.against, &store) {
        (Some(directory), _) => load(directory)?,
        (None, Some(store)) => in_force(store, on).await?,
        (None, None) => bail!("say what to compare with: --data DIR or --config FILE of a node, or --against DIR"),
    };
    // The node's own model judges under both: rehearsed by the catalogue's terms alone, other matters would change hands.
    let model = learn::load(config.as_ref().and_then(|config| config.assess.model.as_deref()))?;
    let before = Assessor::with_model(old.clone(), model.clone());
    let after = Assessor::with_model(new.clone(), model);
    let mut rehearsal = Rehearsal {
        from: old.version().to_string(),
        to: new.version().to_string(),
        on: on.to_string(),
        model: after.model_version().to_owned(),
        looked_at: 0,
        rerouted: Vec::new(),
        other_clause: 0,
    };
    match (&args.posts, &store) {
        (Some(file), _) => {
            for case in posts(file)? {
                rehearsal.look(&before, &after, case, on);
            }
        }
        (None, Some(store)) => matters(store, |case| rehearsal.look(&before, &after, case, on)).await?,
        (None, None) => bail!("say whose matters to look at: --data DIR or --config FILE of a node, or --posts FILE"),
    }
    rehearsal.tell();
    println!("{}", serde_json::to_string(&rehearsal)?);
    Ok(ExitCode::SUCCESS)
}

impl Rehearsal {
    fn look(&mut self, before: &Assessor, after: &Assessor, case: Case, on: Date) {
        let (from, to) = (judge(before, &case, on), judge(after, &case, on));
        self.looked_at += 1;
        if (from.decision, &from.unit_id) != (to.decision, &to.unit_id) {
            self.rerouted.push(Rerouted { no: case.no, title: case.title, from, to, held_by: case.held_by });
        } else if from.clause != to.clause {
            self.other_clause += 1;
        }
    }

    fn tell(&self) {
        eprintln!(
            "试行 {} → {}（按 {} 计，模型 {}）：看了 {} 件",
            self.from, self.to, self.on, self.model, self.looked_at
        );
        for one in &self.rerouted {
            let clause = one.to.clause.as_deref().map(|clause| format!("　依据 {clause}")).unwrap_or_default();
            let held = one.held_by.as_deref().map(|unit| format!("　现由{unit}办理")).unwrap_or_default();
            eprintln!("  {}　{}　{} → {}{clause}{held}", one.no, one.title, one.from.told(), one.to.told());
        }
        eprintln!(
            "改派 {} 件，只换依据 {} 件，其余 {} 件不变；没有写入任何内容",
            self.rerouted.len(),
            self.other_clause,
            self.looked_at - self.rerouted.len() - self.other_clause
        );
    }
}

impl Judged {
    fn told(&self) -> &str {
        match (&self.unit, self.decision) {
            (Some(unit), _) => unit,
            (None, "aside") => "（不受理）",
            (None, _) => "（值班员研判）",
        }
    }
}

fn judge(assessor: &Assessor, case: &Case, on: Date) -> Judged {
    let subject = Subject { title: &case.title, text: &case.text, place: &case.place, on, scope: Scope::Region };
    let assessment: Assessment = assessor.assess(&subject);
    let clause = assessment.evidence.candidates.first().and_then(|first| first.clauses.first());
    Judged {
        decision: assessment.decision.as_str(),
        unit: assessment.unit.as_ref().map(|unit| unit.name.clone()),
        unit_id: assessment.unit.as_ref().map(|unit| unit.id.to_string()),
        clause: clause
            .filter(|_| assessment.unit.is_some())
            .map(|clause| format!("{} {}", clause.document, clause.clause)),
    }
}

/// The catalogue the node decides by on a day: of those in force by then the one that took force last.
async fn in_force(store: &Store, on: Date) -> anyhow::Result<Arc<Catalogue>> {
    let mut rows = store.catalogues().await?;
    rows.sort_by(|one, other| (&one.effective_from, one.adopted_at).cmp(&(&other.effective_from, other.adopted_at)));
    let day = on.to_string();
    let last = rows.iter().rev().find(|row| row.effective_from <= day).or(rows.first());
    let Some(row) = last else { bail!("the node has no catalogue yet: nothing to compare with") };
    let catalogue = make::catalogue_of(&unpack(&row.files)?).with_context(|| format!("catalogue {}", row.version))?;
    Ok(Arc::new(catalogue))
}

/// Every matter by its first post, oldest number first. Erased ones have no text to judge and are left out.
async fn matters(store: &Store, mut take: impl FnMut(Case)) -> anyhow::Result<()> {
    let bar = progress::spinner("matters judged");
    let mut after = None;
    loop {
        let numbers = store.matter_numbers(after.as_ref(), PAGE_ROWS_MAX).await?;
        let Some(last) = numbers.last() else { break };
        after = Some(last.clone());
        let matters = store.matters_numbered(&numbers).await?;
        let first: Vec<_> = matters.iter().map(|matter| matter.first_post.clone()).collect();
        let posts = store.posts_named(&first).await?;
        // A further concern is not what its post is judged by.
        for matter in matters.into_iter().filter(|matter| matter.beside.is_none()) {
            let Some(post) = posts.iter().find(|post| post.post == matter.first_post) else { continue };
            bar.inc(1);
            if post.text.is_empty() && post.title.is_empty() {
                continue;
            }
            take(Case {
                no: matter.no.to_string(),
                title: matter.title.clone().unwrap_or_else(|| post.title.clone()),
                text: post.text.clone(),
                place: post.place.clone(),
                held_by: matter.lead().map(|lead| lead.unit_name.clone()),
            });
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// Posts of a file, masked like any that come in; lines that cannot be read are named and left out.
fn posts(file: &Path) -> anyhow::Result<Vec<Case>> {
    let content = std::fs::read(file).with_context(|| file.display().to_string())?;
    let reception = Reception {
        received_at: SystemClock.now(),
        source: "file".into(),
        source_fixed: false,
        default_place: String::new(),
        backfill: true,
    };
    let mut cases = Vec::new();
    for (line, raw) in parse_push("application/x-ndjson", &content) {
        match raw.and_then(|raw| accept(&raw, &reception)) {
            Ok(post) => {
                cases.push(Case { no: post.id, title: post.title, text: post.text, place: post.place, held_by: None })
            }
            Err(refused) => {
                eprintln!("{}:{line}: {}: {}；{}", file.display(), refused.field, refused.reason, refused.remedy);
            }
        }
    }
    Ok(cases)
}
