//! Fields of the index, and how a document fills them.

use huiyin_domain::BEIJING;
use jiff::Timestamp;
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::document::Document;
use crate::place::{areas, with_ancestors};

/// Rises whenever the same document would be indexed differently; an index of another version is built anew.
pub(crate) const SCHEMA_VERSION: u32 = 1;
/// Names of the tokenizers.
pub(crate) const WORDS: &str = "words";
pub(crate) const CHARACTERS: &str = "characters";
/// Between title and text in the field of characters: no phrase reaches from one into the other.
const BETWEEN: &str = "\n\n\n";

/// The fields. Those named `…_name` and the place itself are only stored; `within` holds a place and those above it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub(crate) key: Field,
    pub(crate) kind: Field,
    pub(crate) matter: Field,
    pub(crate) source: Field,
    pub(crate) title: Field,
    pub(crate) text: Field,
    pub(crate) characters: Field,
    pub(crate) place: Field,
    pub(crate) place_name: Field,
    pub(crate) within: Field,
    pub(crate) area: Field,
    pub(crate) system: Field,
    pub(crate) unit: Field,
    pub(crate) unit_name: Field,
    pub(crate) given: Field,
    pub(crate) state: Field,
    pub(crate) grade: Field,
    pub(crate) fate: Field,
    pub(crate) aside: Field,
    pub(crate) month: Field,
    pub(crate) received_at: Field,
}

/// Schema and fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |stored: bool| {
        let indexing = TextFieldIndexing::default().set_tokenizer(WORDS).set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        if stored { options.set_stored() } else { options }
    };
    let characters = TextFieldIndexing::default()
        .set_tokenizer(CHARACTERS)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let fields = Fields {
        key: builder.add_text_field("key", STRING | STORED),
        kind: builder.add_text_field("kind", STRING | FAST),
        matter: builder.add_text_field("matter", STRING | STORED),
        source: builder.add_text_field("source", STRING | STORED | FAST),
        title: builder.add_text_field("title", words(true)),
        text: builder.add_text_field("text", words(true)),
        characters: builder.add_text_field("characters", TextOptions::default().set_indexing_options(characters)),
        place: builder.add_text_field("place", STORED),
        place_name: builder.add_text_field("place_name", STORED),
        within: builder.add_text_field("within", STRING),
        area: builder.add_text_field("area", STRING | FAST),
        system: builder.add_text_field("system", STRING | STORED | FAST),
        unit: builder.add_text_field("unit", STRING | STORED),
        unit_name: builder.add_text_field("unit_name", STORED),
        given: builder.add_text_field("given", STRING),
        state: builder.add_text_field("state", STRING | STORED | FAST),
        grade: builder.add_text_field("grade", STRING | STORED | FAST),
        fate: builder.add_text_field("fate", STRING | STORED),
        aside: builder.add_text_field("aside", STRING),
        month: builder.add_text_field("month", STRING | FAST),
        received_at: builder.add_i64_field("received_at", INDEXED | STORED | FAST),
    };
    (builder.build(), fields)
}

impl Fields {
    pub(crate) fn document(&self, document: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::new();
        out.add_text(self.key, document.item.key());
        out.add_text(self.kind, document.item.kind().as_str());
        out.add_text(self.source, &document.source);
        out.add_text(self.title, &document.title);
        out.add_text(self.text, &document.text);
        out.add_text(self.characters, format!("{}{BETWEEN}{}", document.title, document.text));
        for (field, value) in [
            (self.matter, document.matter.as_ref().map(|one| one.as_str())),
            (self.place, document.place.as_ref().map(|one| one.as_str())),
            (self.place_name, document.place_name.as_deref()),
            (self.system, document.system.as_ref().map(|one| one.as_str())),
            (self.unit, document.unit.as_ref().map(|one| one.as_str())),
            (self.unit_name, document.unit_name.as_deref()),
            (self.state, document.state.map(|one| one.as_str())),
            (self.grade, document.grade.map(|one| one.as_str())),
            (self.fate, document.fate),
            (self.aside, document.aside.as_deref()),
        ] {
            if let Some(value) = value {
                out.add_text(field, value);
            }
        }
        if let Some(place) = &document.place {
            with_ancestors(place).iter().for_each(|one| out.add_text(self.within, one.as_str()));
            areas(place).iter().for_each(|one| out.add_text(self.area, one.as_str()));
        }
        document.given.iter().for_each(|one| out.add_text(self.given, one.as_str()));
        out.add_text(self.month, month(document.received_at));
        out.add_i64(self.received_at, document.received_at.as_microsecond());
        out
    }
}

/// `2026-11`, Beijing time.
pub(crate) fn month(at: Timestamp) -> String {
    BEIJING.to_datetime(at).strftime("%Y-%m").to_string()
}
