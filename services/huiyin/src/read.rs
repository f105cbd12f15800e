//! `huiyin catalogue read`: official documents to clauses.

use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use huiyin_catalogue::extract::{FILE_BYTES_MAX, extract};
use huiyin_catalogue::reading::{Lexicon, Reading, read};

use crate::cli::ReadArgs;
use crate::{catalogue, progress};

/// Stands for standard input among the files.
const STDIN: &str = "-";

/// `huiyin catalogue read FILE…`: the documents that can be read are, whatever became of those before them.
pub(crate) fn run(args: &ReadArgs) -> anyhow::Result<ExitCode> {
    let lexicon = match &args.catalogue {
        Some(directory) => Lexicon::with_catalogue(&*catalogue::load(directory)?),
        None => Lexicon::new(),
    };
    let size = |file: &Path| std::fs::metadata(file).map_or(0, |found| found.len());
    let bar = progress::bytes(args.files.iter().map(|file| size(file)).sum());
    let mut failed = false;
    for file in &args.files {
        bar.set_message(file.display().to_string());
        let result = document(file, &lexicon);
        bar.inc(size(file));
        match result {
            Ok(reading) => bar.suspend(|| print(file, &reading))?,
            Err(error) => {
                failed = true;
                bar.suspend(|| eprintln!("{error:#}"));
            }
        }
    }
    bar.finish_and_clear();
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// One document, whatever its format; - is standard input.
///
/// # Errors
/// Names the file and what is wrong with it.
pub(crate) fn document(file: &Path, lexicon: &Lexicon) -> anyhow::Result<Reading> {
    let bytes = bytes(file).with_context(|| file.display().to_string())?;
    let extracted = extract(&file.display().to_string(), &bytes)?;
    let mut reading = read(&extracted.text, lexicon);
    reading.warnings.splice(0..0, extracted.warnings);
    Ok(reading)
}

/// The file, or as much of it as shows that it is too large.
fn bytes(file: &Path) -> std::io::Result<Vec<u8>> {
    let limit = FILE_BYTES_MAX as u64 + 1;
    let mut bytes = Vec::new();
    if file == Path::new(STDIN) {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn print(file: &Path, reading: &Reading) -> anyhow::Result<()> {
    for warning in &reading.warnings {
        eprintln!("{}: {warning}", file.display());
    }
    let mut line = serde_json::to_vec(reading)?;
    line.push(b'\n');
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(&line)?;
    stdout.flush()?;
    Ok(())
}
