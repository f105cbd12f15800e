//! Which documents are looked at.

use std::ops::Bound;

use huiyin_domain::matter::State;
use huiyin_domain::{Grade, MatterNo, PlaceCode, SystemCode, UnitId};
use jiff::Timestamp;
use tantivy::Term;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::document::{Item, Kind};
use crate::schema::Fields;

/// Which documents are looked at; a default one lets all through.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Posts or matters.
    pub kind: Option<Kind>,
    /// This one alone.
    pub item: Option<Item>,
    /// The matter and its posts.
    pub matter: Option<MatterNo>,
    /// From this source.
    pub source: Option<String>,
    /// In this place or below it.
    pub place: Option<PlaceCode>,
    /// Of this system.
    pub system: Option<SystemCode>,
    /// Led by this unit, proposed for it, or ever given to it.
    pub unit: Option<UnitId>,
    /// Of matters ever given to this unit: what its liaison may see.
    pub given: Option<UnitId>,
    /// Of matters in any of these states; all when empty.
    pub states: Vec<State>,
    /// With this grade.
    pub grade: Option<Grade>,
    /// Posts that ended so: `matter` or `aside`.
    pub fate: Option<String>,
    /// Posts set aside for this reason.
    pub aside: Option<String>,
    /// Received at or after.
    pub from: Option<Timestamp>,
    /// Received before.
    pub to: Option<Timestamp>,
}

impl Filter {
    /// Its conditions, each of which has to hold; they add nothing to the score.
    pub(crate) fn conditions(&self, fields: &Fields) -> Vec<Box<dyn Query>> {
        let mut conditions: Vec<Box<dyn Query>> = Vec::new();
        let single = [
            (fields.kind, self.kind.map(|one| one.as_str().to_owned())),
            (fields.key, self.item.as_ref().map(Item::key)),
            (fields.matter, self.matter.as_ref().map(ToString::to_string)),
            (fields.source, self.source.clone()),
            (fields.within, self.place.as_ref().map(ToString::to_string)),
            (fields.system, self.system.as_ref().map(ToString::to_string)),
            (fields.given, self.given.as_ref().map(ToString::to_string)),
            (fields.grade, self.grade.map(|one| one.as_str().to_owned())),
            (fields.fate, self.fate.clone()),
            (fields.aside, self.aside.clone()),
        ];
        conditions.extend(single.into_iter().filter_map(|(field, value)| value.map(|value| is(field, &value))));
        if let Some(unit) = &self.unit {
            conditions.push(any(vec![is(fields.unit, unit.as_str()), is(fields.given, unit.as_str())]));
        }
        if !self.states.is_empty() {
            conditions.push(any(self.states.iter().map(|state| is(fields.state, state.as_str())).collect()));
        }
        if self.from.is_some() || self.to.is_some() {
            let bound = |at: Timestamp| Term::from_field_i64(fields.received_at, at.as_microsecond());
            let from = self.from.map_or(Bound::Unbounded, |at| Bound::Included(bound(at)));
            let to = self.to.map_or(Bound::Unbounded, |at| Bound::Excluded(bound(at)));
            conditions.push(unscored(Box::new(RangeQuery::new(from, to))));
        }
        conditions
    }
}

fn is(field: Field, value: &str) -> Box<dyn Query> {
    unscored(Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic)))
}

fn any(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::union(queries))
}

fn unscored(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}
