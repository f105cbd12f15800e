//! The mapping file: which column is which, and how the file is written.

use encoding_rs::{Encoding, GB18030};
use serde::Deserialize;

use crate::FileFault;
use crate::raw::Field;

/// What is known about a file beyond its content; everything is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Name of the source of all rows.
    pub source: String,
    /// Encoding of text files; UTF-8 without it.
    pub encoding: Option<TextEncoding>,
    /// Place of rows that give none.
    pub default_place: String,
    /// Sheet of a workbook; the first without it.
    pub sheet: String,
    /// Row of the header from 1; looked for in the first ten rows without it.
    pub header_row: Option<u32>,
    /// Columns by their names in the header, or keys of JSON lines.
    pub columns: MappedColumns,
}

/// The column of each field; blank: found by the usual names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MappedColumns {
    /// Name of the source, row by row.
    pub source: String,
    /// The source's own number of the post.
    pub id: String,
    /// Title.
    pub title: String,
    /// Body.
    pub text: String,
    /// Time of publication.
    pub time: String,
    /// Place.
    pub place: String,
    /// Link.
    pub url: String,
}

/// Encodings of text files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TextEncoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8", alias = "utf8", alias = "UTF-8")]
    Utf8,
    /// GB18030, which holds GBK and GB2312.
    #[serde(rename = "gbk", alias = "gb18030", alias = "gb2312", alias = "GBK", alias = "GB18030", alias = "GB2312")]
    Gbk,
}

impl TextEncoding {
    /// The text, or nothing when the bytes are not in this encoding.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            TextEncoding::Utf8 => std::str::from_utf8(bytes).ok().map(Into::into),
            TextEncoding::Gbk => {
                let gb18030: &'static Encoding = GB18030;
                gb18030.decode_without_bom_handling_and_without_replacement(bytes)
            }
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            TextEncoding::Utf8 => "UTF-8",
            TextEncoding::Gbk => "GBK",
        }
    }
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`FileFault::Mapping`] when it is not TOML or has other keys.
    pub fn parse(toml: &str) -> Result<Mapping, FileFault> {
        let mapping: Mapping = toml::from_str(toml).map_err(|error| {
            let line = error.span().map(|span| toml.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
            let detail = match line {
                Some(line) => format!("第 {line} 行：{}", error.message()),
                None => error.message().to_owned(),
            };
            FileFault::Mapping { detail }
        })?;
        if mapping.header_row == Some(0) {
            return Err(FileFault::Mapping { detail: "header_row 从 1 开始数".to_owned() });
        }
        Ok(mapping)
    }
}

impl MappedColumns {
    /// The name given for a field; blank when none is.
    pub(super) fn of(&self, field: Field) -> &str {
        match field {
            Field::Source => &self.source,
            Field::Id => &self.id,
            Field::Title => &self.title,
            Field::Text => &self.text,
            Field::Time => &self.time,
            Field::Place => &self.place,
            Field::Url => &self.url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let mapping = Mapping::parse("source = \"热线\"\nencoding = \"gb18030\"\n[columns]\nid = \"单号\"\n").unwrap();
        assert_eq!((mapping.source.as_str(), mapping.columns.id.as_str()), ("热线", "单号"));
        assert_eq!(mapping.encoding, Some(TextEncoding::Gbk));
        for (toml, expected) in [
            ("sorce = \"x\"", "第 1 行：unknown field `sorce`"),
            ("\n[columns]\nname = \"x\"", "第 3 行：unknown field `name`"),
            ("encoding = \"latin1\"", "第 1 行：unknown variant `latin1`"),
            ("header_row = 0", "header_row 从 1 开始数"),
            ("source = ", "第 1 行"),
        ] {
            let fault = Mapping::parse(toml).unwrap_err().to_string();
            assert!(fault.contains(expected), "{toml}: {fault}");
        }
    }
}
