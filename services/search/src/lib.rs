//! Full-text index of posts and matters.
//!
//! Every text is indexed twice. Its characters, each with its position, decide what is found: a word of a query is found
//! wherever it stands in a title or text, however the sentence around it was cut, unknown names and parts of words
//! included. Its words, as [`Segmenter`] cuts them, decide what comes first. Marks are the places of the same words in the
//! stored text, so what is marked is what was found.
//!
//! Invariants: an index and the positions up to which it follows its sources are committed together, so following again
//! after a crash gives the same index; a directory that is damaged or of another schema is never searched but built anew;
//! there is one writer, with bounded memory. What was masked or erased stays so: the index holds what it is given and, once
//! [`Writer::purge`] returns, nothing that was taken out. It deliberately knows neither the store nor who may see what.

mod cut;
mod document;
mod facet;
mod filter;
mod find;
mod index;
mod pattern;
mod place;
mod query;
mod schema;
mod snippet;
mod steady;
mod writer;

use huiyin_text::Segmenter;

pub use document::{Document, Item, Kind};
pub use facet::{Facet, FacetValue};
pub use filter::Filter;
pub use find::{Found, Hit, Order, Query};
pub use index::{Positions, Search};
pub use place::{areas, with_ancestors};
pub use snippet::Marks;
pub use writer::Writer;

/// Longest query, in characters.
pub const QUERY_CHARS_MAX: usize = 200;
/// Furthest hit that can be asked for.
pub const OFFSET_MAX: usize = 10_000;
/// Hits given at once at most.
pub const HITS_MAX: usize = 200;

/// Why the index did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Over one of the limits; ask for less.
    #[error("search: {what} is over {limit}")]
    Limit {
        /// What was too much.
        what: &'static str,
        /// How much there may be.
        limit: usize,
    },
    /// The directory of the index cannot be used.
    #[error("search: the directory of the index cannot be used")]
    Directory(#[source] std::io::Error),
    /// Another process writes this index.
    #[error("search: another process writes this index; give each process a data directory of its own")]
    Busy,
    /// The index failed.
    #[error("search: the index failed")]
    Index(#[source] tantivy::TantivyError),
}

impl SearchError {
    /// Trying again later may succeed.
    pub fn is_retryable(&self) -> bool {
        !matches!(self, SearchError::Limit { .. })
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> SearchError {
        match error {
            tantivy::TantivyError::LockFailure(..) => SearchError::Busy,
            error => SearchError::Index(error),
        }
    }
}

/// The segmenter of the index: jieba's own words. A catalogue's words are left out, so that a new version of it never asks
/// for another index; names in it are found by their characters.
pub fn segmenter() -> Segmenter {
    Segmenter::new([])
}
