//! Documents of the index from rows of the store.

use huiyin_domain::matter::Matter;
use huiyin_domain::{Grade, PlaceCode, SystemCode, UnitId};
use huiyin_search::{Document, Item};
use huiyin_store::PostRow;

/// What to do with a document.
#[derive(Debug)]
pub(super) enum Change {
    Put(Box<Document>),
    Remove(Item),
}

/// A post, with the matter it belongs to; taken out once its content is erased.
pub(super) fn of_post(post: &PostRow, matter: Option<&Matter>) -> Change {
    let item = Item::Post(post.post.clone());
    if post.title.is_empty() && post.text.is_empty() {
        return Change::Remove(item);
    }
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let assessment = &post.assessment;
    Change::Put(Box::new(Document {
        item,
        matter: post.matter.clone(),
        source: post.post.source.clone(),
        title: post.title.clone(),
        text: post.text.clone(),
        place: given(&assessment.place).map(PlaceCode::new),
        place_name: given(&assessment.place_name),
        system: given(&assessment.system).map(SystemCode::new),
        unit: given(&assessment.unit).map(UnitId::new),
        unit_name: given(&assessment.unit_name),
        given: matter.map(given_to).unwrap_or_default(),
        state: matter.map(|matter| matter.state),
        grade: matter.map(Matter::grade_in_force).or_else(|| Grade::parse(&assessment.grade)),
        fate: Some(post.fate.as_str()),
        aside: post.aside.clone(),
        received_at: post.received_at,
    }))
}

/// A matter: its number, place, units, answers, promises and steps are its text.
pub(super) fn of_matter(matter: &Matter) -> Change {
    let lead = matter.lead();
    let mut units: Vec<&str> = matter.assignments.iter().map(|one| one.unit_name.as_str()).collect();
    units.extend(matter.suggestion.unit_name.as_deref().filter(|_| lead.is_none()));
    let mut seen = std::collections::BTreeSet::new();
    units.retain(|unit| seen.insert(*unit));
    let mut lines = vec![matter.no.to_string()];
    lines.extend(matter.place_name.clone());
    lines.extend(Some(units.join("、")).filter(|units| !units.is_empty()));
    let told = |what: &str, text: &Option<String>| text.as_ref().map(|text| format!("{what}：{text}"));
    lines.extend(matter.responses.iter().filter_map(|one| told("回应", &one.text)));
    lines.extend(matter.commitments.iter().filter_map(|one| told("承诺", &one.text)));
    lines.extend(matter.steps.iter().filter_map(|one| told("举措", &one.text)));
    Change::Put(Box::new(Document {
        item: Item::Matter(matter.no.clone()),
        matter: Some(matter.no.clone()),
        source: matter.first_post.source.clone(),
        title: matter.title.clone().unwrap_or_default(),
        text: lines.join("\n"),
        place: matter.place.clone(),
        place_name: matter.place_name.clone(),
        system: matter.system.clone(),
        unit: lead.map(|lead| lead.unit.clone()).or_else(|| matter.suggestion.unit.clone()),
        unit_name: lead.map(|lead| lead.unit_name.clone()).or_else(|| matter.suggestion.unit_name.clone()),
        given: given_to(matter),
        state: Some(matter.state),
        grade: Some(matter.grade_in_force()),
        fate: None,
        aside: None,
        received_at: matter.received_at,
    }))
}

fn given_to(matter: &Matter) -> Vec<UnitId> {
    let mut units: Vec<UnitId> = matter.assignments.iter().map(|one| one.unit.clone()).collect();
    units.sort_unstable();
    units.dedup();
    units
}
