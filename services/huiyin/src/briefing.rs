//! `huiyin briefing`: the month's briefing as files.

mod pdf;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use huiyin_briefings::{Briefing, BriefingOptions, Format, Recipients, month_figures, month_matters};
use huiyin_catalogue::Catalogue;
use huiyin_domain::{BEIJING, Clock};
use huiyin_store::Store;

use crate::cli::BriefingArgs;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::{catalogue, node};

/// `huiyin briefing`
pub(crate) async fn run(args: BriefingArgs) -> anyhow::Result<ExitCode> {
    let store = node::open_store(&Config::load(&args.node)?).await?;
    let now = SystemClock.now();
    let today = BEIJING.to_datetime(now).date();
    let catalogue = in_force(&store, today).await?;
    let figures = Box::pin(month_figures(&store, &catalogue, args.month, now)).await?;
    let matters = month_matters(&store, args.month).await?;
    store.close().await;
    let region = catalogue.region();
    let duty_office = || catalogue.duty_office(&region.code).map_or_else(|| region.name.clone(), |office| office.name);
    let options = BriefingOptions {
        office: args.office.unwrap_or_else(duty_office),
        issue_number: args.issue.unwrap_or_else(|| args.month.number()),
        date: today,
        recipients: Recipients::default(),
        console: args.console,
    };
    let out = args.out;
    let month = args.month;
    let written = tokio::task::spawn_blocking(move || -> anyhow::Result<Written> {
        std::fs::create_dir_all(&out).with_context(|| format!("{}: cannot be made", out.display()))?;
        let briefing = Briefing::new(figures, options);
        let mut files = BTreeMap::new();
        for format in Format::ALL {
            let file = out.join(briefing.file_name(format));
            write_whole(&file, &briefing.write(format, &matters)?)?;
            files.insert(format.extension(), file);
        }
        let opened = briefing.figures().figure("opened").map_or(0, |figure| figure.value);
        Ok(Written { opened, files })
    })
    .await?;
    let Written { opened, mut files } = written?;
    if let Some(word) = files.get("docx") {
        match pdf::of_word(word).await {
            Ok(file) => drop(files.insert("pdf", file)),
            Err(error) => eprintln!("no PDF: {error:#}"),
        }
    }
    let files: serde_json::Map<String, serde_json::Value> =
        files.into_iter().map(|(kind, file)| (kind.to_owned(), file.display().to_string().into())).collect();
    println!("{}", serde_json::json!({ "month": month.to_string(), "matters": opened, "files": files }));
    Ok(ExitCode::SUCCESS)
}

/// Matters opened in the month, and the files by extension.
struct Written {
    opened: u64,
    files: BTreeMap<&'static str, PathBuf>,
}

/// The catalogue in force on a day, as the installation keeps it.
pub(crate) async fn in_force(store: &Store, today: jiff::civil::Date) -> anyhow::Result<Arc<Catalogue>> {
    let today = today.to_string();
    let rows = store.catalogues().await?;
    let row = rows.iter().rev().find(|row| row.effective_from <= today).or_else(|| rows.first());
    let Some(row) = row else { bail!("no catalogue yet: `huiyin catalogue adopt` gives the installation one") };
    let files = catalogue::unpack(&row.files).with_context(|| format!("catalogue {}", row.version))?;
    match Catalogue::from_files(&files) {
        Ok(catalogue) => Ok(Arc::new(catalogue)),
        Err(faults) => bail!("catalogue {}: {} faults; adopt a newer version", row.version, faults.len()),
    }
}

/// Writes a file whole or not at all: beside its place first, then over it.
fn write_whole(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let part = PathBuf::from(format!("{}.part", file.display()));
    let written = (|| -> std::io::Result<()> {
        let mut out = std::fs::File::create(&part)?;
        out.write_all(bytes)?;
        out.sync_all()?;
        std::fs::rename(&part, file)
    })();
    if written.is_err() {
        // What is half written helps nobody; that it cannot be removed either is told by the error below.
        let _ = std::fs::remove_file(&part);
    }
    written.with_context(|| format!("{}: cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("通报.docx");
        write_whole(&file, b"one").unwrap();
        write_whole(&file, b"two").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        let missing = directory.path().join("missing").join("通报.docx");
        assert!(write_whole(&missing, b"x").unwrap_err().to_string().contains("cannot be written"));
    }
}
