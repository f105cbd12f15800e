//! A post as its source gave it, and why one is refused.

use serde::Serialize;

/// A post as given, unmasked: it is passed to [`accept`](crate::accept) and never kept. Blank means not given.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawPost {
    /// Name of the source, when the post names one.
    pub source: String,
    /// The source's own number of the post.
    pub id: String,
    /// Title.
    pub title: String,
    /// Body, plain or HTML.
    pub text: String,
    /// When it was published, in one of the forms that [`accept`](crate::accept) reads.
    pub time: String,
    /// Code or name of a place.
    pub place: String,
    /// Link to the post.
    pub url: String,
}

impl RawPost {
    /// Name and value of every field, as messages name them.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("source", &self.source),
            ("id", &self.id),
            ("title", &self.title),
            ("text", &self.text),
            ("time", &self.time),
            ("place", &self.place),
            ("url", &self.url),
        ]
    }

    /// The field of that name.
    pub(crate) fn field_mut(&mut self, field: Field) -> &mut String {
        match field {
            Field::Source => &mut self.source,
            Field::Id => &mut self.id,
            Field::Title => &mut self.title,
            Field::Text => &mut self.text,
            Field::Time => &mut self.time,
            Field::Place => &mut self.place,
            Field::Url => &mut self.url,
        }
    }
}

/// Nothing of an unmasked post gets into a log line by accident.
impl std::fmt::Debug for RawPost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut lengths = f.debug_struct("RawPost");
        for (name, value) in self.fields() {
            lengths.field(name, &format_args!("{} bytes", value.len()));
        }
        lengths.finish()
    }
}

/// One field of a [`RawPost`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Source,
    Id,
    Title,
    Text,
    Time,
    Place,
    Url,
}

impl Field {
    pub(crate) const ALL: [Field; 7] =
        [Field::Source, Field::Id, Field::Title, Field::Text, Field::Time, Field::Place, Field::Url];

    /// As lines and mapping files call it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Field::Source => "source",
            Field::Id => "id",
            Field::Title => "title",
            Field::Text => "text",
            Field::Time => "time",
            Field::Place => "place",
            Field::Url => "url",
        }
    }
}

/// Why a post or a line is not taken, for the official who reads it. Never holds any of the post's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{reason}；{remedy}")]
pub struct Refused {
    /// `id`, `title`, `text`, `time`, `place`, `url`, `source`, or `line` when the line as a whole is at fault.
    pub field: &'static str,
    /// What is wrong, in Chinese.
    pub reason: String,
    /// What to do about it, in Chinese.
    pub remedy: String,
}

impl Refused {
    pub(crate) fn new(field: &'static str, reason: impl Into<String>, remedy: impl Into<String>) -> Refused {
        Refused { field, reason: reason.into(), remedy: remedy.into() }
    }

    /// The line as a whole.
    pub(crate) fn line(reason: impl Into<String>, remedy: impl Into<String>) -> Refused {
        Refused::new("line", reason, remedy)
    }
}
