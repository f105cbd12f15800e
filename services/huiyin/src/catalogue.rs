//! `huiyin catalogue check` and `adopt`, and reading catalogue directories.

pub(crate) mod make;
pub(crate) mod rehearse;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use huiyin_catalogue::{Catalogue, FILES, Fault};

use crate::cli::AdoptArgs;
use crate::clock::SystemClock;
use crate::config::{Config, LogKind};
use crate::{node, remote};

/// Largest file of a catalogue.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// `huiyin catalogue check DIR`
pub(crate) fn check(directory: &Path) -> anyhow::Result<ExitCode> {
    let (summary, faults) = match Catalogue::from_files(&read_files(directory)?) {
        Ok(catalogue) => (
            serde_json::json!({
                "version": catalogue.version().as_str(),
                "effective_from": catalogue.effective_from().to_string(),
                "digest": catalogue.digest(),
                "places": catalogue.places().count(),
                "systems": catalogue.systems().count(),
                "units": catalogue.units().count(),
                "clauses": catalogue.clauses().count(),
                "terms": catalogue.terms().len(),
                "faults": 0,
            }),
            Vec::new(),
        ),
        Err(faults) => (serde_json::json!({ "faults": faults.len() }), faults),
    };
    print_faults(&faults);
    println!("{summary}");
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `huiyin catalogue adopt DIR`
pub(crate) async fn adopt(args: AdoptArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(&args.node)?;
    if let Err(faults) = Catalogue::from_files(&read_files(&args.directory)?) {
        print_faults(&faults);
        bail!("{}: {} faults; mend them and adopt again", args.directory.display(), faults.len());
    }
    if config.log.kind == LogKind::Embedded && remote::running(&config.data)?.is_some() {
        bail!("a node is running on {}: stop it, adopt, and start it again", config.data.display());
    }
    let log = node::open_log(&config).await?;
    let store = node::open_store(&config).await?;
    let published = node::adopt(&args.directory, args.from, log.log.as_ref(), &store, &SystemClock).await?;
    let result = serde_json::json!({
        "version": published.version.as_str(),
        "effective_from": published.effective_from.to_string(),
        "digest": published.digest,
    });
    println!("{result}");
    Ok(ExitCode::SUCCESS)
}

/// The catalogue in a directory.
///
/// # Errors
/// Names the directory and its faults.
pub(crate) fn load(directory: &Path) -> anyhow::Result<Arc<Catalogue>> {
    match Catalogue::from_files(&read_files(directory)?) {
        Ok(catalogue) => Ok(Arc::new(catalogue)),
        Err(faults) => {
            print_faults(&faults);
            bail!("{}: {} faults; mend them first", directory.display(), faults.len())
        }
    }
}

/// The files of a catalogue directory, by name; those that are missing are for the check to name.
///
/// # Errors
/// Names the directory or file that cannot be read.
pub(crate) fn read_files(directory: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    if !directory.is_dir() {
        bail!("{}: no such directory; a catalogue is a directory with {}", directory.display(), FILES.join(", "));
    }
    let mut files = BTreeMap::new();
    for name in FILES {
        let path = directory.join(name);
        match std::fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
            Ok(found) if found.len() > FILE_BYTES_MAX => {
                bail!("{}: larger than {} MiB", path.display(), FILE_BYTES_MAX >> 20)
            }
            Ok(_) => {}
        }
        let content = std::fs::read(&path).with_context(|| path.display().to_string())?;
        files.insert((*name).to_owned(), content);
    }
    Ok(files)
}

/// A catalogue's files in one gzipped JSON object, for keeping.
///
/// # Errors
/// Out of memory alone.
pub(crate) fn pack(files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    let texts: BTreeMap<&String, std::borrow::Cow<'_, str>> =
        files.iter().map(|(name, content)| (name, String::from_utf8_lossy(content))).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&serde_json::to_vec(&texts)?)?;
    Ok(gzip.finish()?)
}

/// The files of a packed catalogue.
///
/// # Errors
/// What was packed by something else.
pub(crate) fn unpack(packed: &[u8]) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut json = Vec::new();
    let limit = FILE_BYTES_MAX * FILES.len() as u64;
    flate2::read::GzDecoder::new(packed).take(limit).read_to_end(&mut json).context("its files cannot be unpacked")?;
    let texts: BTreeMap<String, String> = serde_json::from_slice(&json).context("its files cannot be read")?;
    Ok(texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect())
}

pub(crate) fn print_faults(faults: &[Fault]) {
    for fault in faults {
        eprintln!("{fault}");
    }
}
