//! How many of what was found have which value.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// Values counted for each facet at most, the most frequent ones.
const VALUES_MAX: usize = 200;

/// One value and how often it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// The value, as in the documents.
    pub value: String,
    /// Documents found that have it.
    pub count: u64,
}

/// By what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Posts and matters.
    Kind,
    /// Sources.
    Source,
    /// Prefectures, counties and zones; a document counts for its county and for its prefecture.
    Area,
    /// Systems.
    System,
    /// States of the matter.
    State,
    /// Grades.
    Grade,
    /// Months of receipt, Beijing time, the latest first.
    Month,
}

impl Facet {
    /// All of them.
    pub const ALL: [Facet; 7] =
        [Facet::Kind, Facet::Source, Facet::Area, Facet::System, Facet::State, Facet::Grade, Facet::Month];

    fn field(self) -> &'static str {
        match self {
            Facet::Kind => "kind",
            Facet::Source => "source",
            Facet::Area => "area",
            Facet::System => "system",
            Facet::State => "state",
            Facet::Grade => "grade",
            Facet::Month => "month",
        }
    }
}

/// Counts every facet in one pass; the fruit has the values in the order of [`Facet::ALL`].
pub(crate) struct Facets;

pub(crate) struct SegmentFacets(Vec<(Option<StrColumn>, Vec<u64>)>);

type Counts = Vec<HashMap<String, u64>>;

impl Collector for Facets {
    type Fruit = Vec<Vec<FacetValue>>;
    type Child = SegmentFacets;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentFacets> {
        let column = |facet: &Facet| -> tantivy::Result<(Option<StrColumn>, Vec<u64>)> {
            let column = segment.fast_fields().str(facet.field())?;
            let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
            Ok((column, counts))
        };
        Ok(SegmentFacets(Facet::ALL.iter().map(column).collect::<tantivy::Result<_>>()?))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Counts>>) -> tantivy::Result<Self::Fruit> {
        let mut merged: Counts = vec![HashMap::new(); Facet::ALL.len()];
        for segment in segments {
            for (all, counts) in merged.iter_mut().zip(segment?) {
                counts.into_iter().for_each(|(value, count)| *all.entry(value).or_default() += count);
            }
        }
        Ok(Facet::ALL.iter().zip(merged).map(|(facet, counts)| sorted(*facet, counts)).collect())
    }
}

impl SegmentCollector for SegmentFacets {
    type Fruit = tantivy::Result<Counts>;

    fn collect(&mut self, doc: DocId, _: Score) {
        for (column, counts) in &mut self.0 {
            for ordinal in column.iter().flat_map(|column| column.term_ords(doc)) {
                if let Some(count) = usize::try_from(ordinal).ok().and_then(|ordinal| counts.get_mut(ordinal)) {
                    *count += 1;
                }
            }
        }
    }

    fn harvest(self) -> tantivy::Result<Counts> {
        let named = |(column, counts): (Option<StrColumn>, Vec<u64>)| -> tantivy::Result<HashMap<String, u64>> {
            let mut named = HashMap::new();
            let Some(column) = column else { return Ok(named) };
            for (ordinal, count) in (0_u64..).zip(counts).filter(|(_, count)| *count > 0) {
                let mut value = String::new();
                column.ord_to_str(ordinal, &mut value)?;
                named.insert(value, count);
            }
            Ok(named)
        };
        self.0.into_iter().map(named).collect()
    }
}

fn sorted(facet: Facet, counts: HashMap<String, u64>) -> Vec<FacetValue> {
    let mut values: Vec<FacetValue> = counts.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
    match facet {
        Facet::Month => values.sort_by(|a, b| b.value.cmp(&a.value)),
        _ => values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value))),
    }
    values.truncate(VALUES_MAX);
    values
}
