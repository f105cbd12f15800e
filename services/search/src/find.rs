//! Finding.

use huiyin_domain::matter::State;
use huiyin_domain::{Grade, MatterNo, PlaceCode, SystemCode, UnitId};
use jiff::Timestamp;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader, TantivyDocument, Term};

use crate::document::Item;
use crate::facet::{Facet, FacetValue, Facets};
use crate::filter::Filter;
use crate::pattern::Pattern;
use crate::query::{Parsed, Phrase, parse};
use crate::snippet::{Marks, marks, snippet};
use crate::steady::Steady;
use crate::{HITS_MAX, OFFSET_MAX, QUERY_CHARS_MAX, Search, SearchError};

/// How much a word in a title counts against one in a text.
const TITLE_BOOST: Score = 2.0;
/// How much mere characters count against words of the dictionary.
const CHARACTERS_BOOST: Score = 0.3;

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// As typed, [`QUERY_CHARS_MAX`] characters at most; everything when blank.
    pub text: String,
    /// Which documents are looked at.
    pub filter: Filter,
    /// Which hit comes first.
    pub order: Order,
    /// Hits left out, [`OFFSET_MAX`] at most.
    pub offset: usize,
    /// Hits wanted, 1 to [`HITS_MAX`].
    pub limit: usize,
    /// Facets are counted.
    pub facets: bool,
}

/// Which hit comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The one that says most of what was asked for; of equals the last received.
    #[default]
    Score,
    /// The last received.
    Newest,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Documents that fit.
    pub total: usize,
    /// Those asked for.
    pub hits: Vec<Hit>,
    /// Counts over all that fit; empty when not asked for.
    pub facets: Vec<(Facet, Vec<FacetValue>)>,
}

/// One document found. Offsets count characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What it is about.
    pub item: Item,
    /// The higher the better; 0 without words to look for.
    pub score: f32,
    /// The matter it belongs to, or is.
    pub matter: Option<MatterNo>,
    /// Source of the post, or of the matter's first.
    pub source: String,
    /// Title.
    pub title: String,
    /// Where the words stand in the title.
    pub title_marks: Marks,
    /// The part of the text worth showing.
    pub snippet: String,
    /// Where the words stand in the snippet.
    pub marks: Marks,
    /// Place.
    pub place: Option<PlaceCode>,
    /// Its name at the time.
    pub place_name: Option<String>,
    /// System.
    pub system: Option<SystemCode>,
    /// Unit that leads, or proposed.
    pub unit: Option<UnitId>,
    /// Its name at the time.
    pub unit_name: Option<String>,
    /// State of the matter.
    pub state: Option<State>,
    /// Grade.
    pub grade: Option<Grade>,
    /// How a post ended.
    pub fate: Option<String>,
    /// When it reached us.
    pub received_at: Timestamp,
}

impl Search {
    /// Looks for documents. Takes the time of a few milliseconds: call it off the async threads.
    ///
    /// # Errors
    /// [`SearchError::Limit`], or what the index said.
    pub fn find(&self, query: &Query) -> Result<Found, SearchError> {
        for (what, asked, limit) in [
            ("the query in characters", query.text.chars().count(), QUERY_CHARS_MAX),
            ("the offset", query.offset, OFFSET_MAX),
            ("the number of hits", query.limit, HITS_MAX),
        ] {
            if asked > limit {
                return Err(SearchError::Limit { what, limit });
            }
        }
        let parsed = parse(&query.text, &self.segmenter);
        let condition = self.condition(&parsed, &query.filter);
        let searcher = self.reader.searcher();
        let best = TopDocs::with_limit(query.limit.max(1)).and_offset(query.offset);
        let newest = query.order == Order::Newest || parsed.wanted.is_empty();
        let by_score_and_time = best.tweak_score(move |segment: &SegmentReader| {
            let received = segment.fast_fields().i64("received_at").ok();
            move |doc: DocId, score: Score| {
                let at = received.as_ref().and_then(|column| column.first(doc)).unwrap_or(i64::MIN);
                (if newest { 0.0 } else { score }, at)
            }
        });
        let (total, best, facets) = if query.facets {
            searcher.search(&condition, &(Count, by_score_and_time, Facets))?
        } else {
            let (total, best) = searcher.search(&condition, &(Count, by_score_and_time))?;
            (total, best, Vec::new())
        };
        let patterns: Vec<&Pattern> = parsed.wanted.iter().map(|phrase| &phrase.pattern).collect();
        let hits = best
            .into_iter()
            .filter_map(|((score, _), address)| self.hit(&searcher, address, score, &patterns).transpose())
            .collect::<Result<_, _>>()?;
        Ok(Found { total, hits, facets: Facet::ALL.into_iter().zip(facets).collect() })
    }

    fn condition(&self, parsed: &Parsed, filter: &Filter) -> Box<dyn tantivy::query::Query> {
        if parsed.typed && parsed.wanted.is_empty() && parsed.excluded.is_empty() {
            return Box::new(EmptyQuery);
        }
        let mut clauses: Vec<(Occur, Box<dyn tantivy::query::Query>)> = Vec::new();
        clauses.extend(parsed.wanted.iter().map(|phrase| (Occur::Must, self.phrase(phrase))));
        clauses.extend(filter.conditions(&self.fields).into_iter().map(|one| (Occur::Must, one)));
        if clauses.is_empty() {
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0))));
        }
        let without = |pattern: &Pattern| Box::new(Steady(self.characters(pattern))) as Box<dyn tantivy::query::Query>;
        clauses.extend(parsed.excluded.iter().map(|pattern| (Occur::MustNot, without(pattern))));
        Box::new(BooleanQuery::new(clauses))
    }

    /// Found by its characters, ranked by its word.
    fn phrase(&self, phrase: &Phrase) -> Box<dyn tantivy::query::Query> {
        let characters = self.characters(&phrase.pattern);
        let Some(word) = &phrase.word else { return characters };
        let term = |field: Field| {
            let term = Term::from_field_text(field, word);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn tantivy::query::Query>
        };
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(BoostQuery::new(characters, CHARACTERS_BOOST))),
            (Occur::Should, Box::new(BoostQuery::new(term(self.fields.title), TITLE_BOOST))),
            (Occur::Should, term(self.fields.text)),
        ]))
    }

    fn characters(&self, pattern: &Pattern) -> Box<dyn tantivy::query::Query> {
        let term = |letter: char| Term::from_field_text(self.fields.characters, letter.encode_utf8(&mut [0; 4]));
        let mut terms: Vec<(usize, Term)> = pattern.letters().map(|(at, letter)| (at, term(letter))).collect();
        match terms.pop() {
            Some((_, only)) if terms.is_empty() => Box::new(TermQuery::new(only, IndexRecordOption::WithFreqs)),
            Some(last) => {
                terms.push(last);
                Box::new(PhraseQuery::new_with_offset(terms))
            }
            None => Box::new(EmptyQuery),
        }
    }

    /// None for a document that this version cannot read.
    fn hit(
        &self,
        searcher: &Searcher,
        address: DocAddress,
        score: Score,
        patterns: &[&Pattern],
    ) -> Result<Option<Hit>, SearchError> {
        let document: TantivyDocument = searcher.doc(address)?;
        let fields = &self.fields;
        let value = |field: Field| document.get_first(field).and_then(|value| value.as_str()).map(str::to_owned);
        let text = |field: Field| value(field).unwrap_or_default();
        let Some(item) = Item::from_key(&text(fields.key)) else { return Ok(None) };
        let received = document.get_first(fields.received_at).and_then(|value| value.as_i64()).unwrap_or_default();
        let title = text(fields.title);
        let (shown, shown_marks) = snippet(&text(fields.text), patterns);
        Ok(Some(Hit {
            item,
            score,
            matter: value(fields.matter).map(MatterNo::new),
            source: text(fields.source),
            title_marks: marks(&title, patterns),
            title,
            snippet: shown,
            marks: shown_marks,
            place: value(fields.place).map(PlaceCode::new),
            place_name: value(fields.place_name),
            system: value(fields.system).map(SystemCode::new),
            unit: value(fields.unit).map(UnitId::new),
            unit_name: value(fields.unit_name),
            state: value(fields.state).and_then(|word| State::parse(&word)),
            grade: value(fields.grade).and_then(|word| Grade::parse(&word)),
            fate: value(fields.fate),
            received_at: Timestamp::from_microsecond(received).unwrap_or_default(),
        }))
    }
}
