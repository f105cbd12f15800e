//! Taking official documents into a catalogue: from readings to a new version of its files.
//!
//! What an office typed stays as it is: rows, columns and remarks are kept, new rows are added, blank cells filled. Every
//! name is resolved for the place, level and day of its document; what the catalogue does not know becomes a proposal that
//! says so in its remark. The report tells how each name came out.
//!
//! Pure: files in, files out. The new files are checked like any others before they are given back.

use std::collections::BTreeMap;

use huiyin_domain::{CatalogueVersionId, PlaceCode};
use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::fault::Fault;
use crate::manifest;
use crate::reading::Reading;

mod bodies;
mod body;
mod clause;
mod collective;
mod name;
mod paper;
mod report;
mod roll;
mod sheet;
mod take;
mod words;

pub use name::Outcome;
pub use report::{Counts, DocumentReport, NameReport, Report};

pub(crate) use sheet::Sheet;

/// What the office says beside the documents.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The place the documents speak for; read from their issuers when not given.
    pub place: Option<PlaceCode>,
    /// Version of the new catalogue; the number at the end of the old one, one up, when not given.
    pub version: Option<CatalogueVersionId>,
    /// First day of the new version; that of the old one when not given.
    pub effective_from: Option<Date>,
}

/// A new version.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// Its files, sound.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The same, read.
    pub catalogue: Catalogue,
    /// What was done.
    pub report: Report,
}

/// Takes readings, each with the name of the file it came from, into the catalogue of `files`.
///
/// # Errors
/// Faults of the catalogue as it was, of a reading (named by its file), or of what came out.
pub fn take_in(
    files: &BTreeMap<String, Vec<u8>>,
    readings: &[(String, Reading)],
    options: &Options,
) -> Result<Adopted, Vec<Fault>> {
    let mut files = files.clone();
    let mut catalogue = Catalogue::from_files(&files)?;
    let version = options.version.clone().unwrap_or_else(|| next_version(catalogue.version()));
    let mut documents = Vec::new();
    for (file, reading) in readings {
        let taken = take::take(&files, &catalogue, file, reading, options)?;
        files.extend(taken.files);
        documents.push(taken.report);
        catalogue = Catalogue::from_files(&files)?;
    }
    set_manifest(&mut files, &version, options.effective_from);
    let catalogue = Catalogue::from_files(&files)?;
    let counts = Counts::sum(documents.iter().map(|document| document.counts));
    let report = Report { version: version.to_string(), counts, documents };
    Ok(Adopted { files, catalogue, report })
}

/// 2024-1 → 2024-2; a version without a number at its end gets one.
fn next_version(version: &CatalogueVersionId) -> CatalogueVersionId {
    let version = version.as_str();
    let front = version.trim_end_matches(|character: char| character.is_ascii_digit());
    let number = version.strip_prefix(front).and_then(|digits| digits.parse::<u32>().ok());
    CatalogueVersionId::new(match number {
        Some(number) if !front.is_empty() => format!("{front}{}", number.saturating_add(1)),
        _ => format!("{version}.2"),
    })
}

/// Rewrites the lines of the manifest that change and leaves the others alone.
fn set_manifest(files: &mut BTreeMap<String, Vec<u8>>, version: &CatalogueVersionId, from: Option<Date>) {
    let Some(bytes) = files.get(manifest::FILE) else { return };
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().map(|line| match line.split_once('=').map(|(key, _)| key.trim()) {
        Some("version") => format!("version = \"{}\"", version.as_str().replace(['"', '\\'], "")),
        Some("effective_from") if from.is_some() => {
            from.map_or_else(|| line.to_owned(), |day| format!("effective_from = \"{day}\""))
        }
        _ => line.to_owned(),
    });
    let mut lines = lines.collect::<Vec<_>>().join("\n");
    lines.push('\n');
    files.insert(manifest::FILE.to_owned(), lines.into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_count_up() {
        for (version, expected) in
            [("jiangxi-2026.1", "jiangxi-2026.2"), ("v9", "v10"), ("draft", "draft.2"), ("2026", "2026.2")]
        {
            assert_eq!(next_version(&CatalogueVersionId::new(version)).as_str(), expected);
        }
    }
}
