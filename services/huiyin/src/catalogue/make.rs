//! `huiyin catalogue new`, `import` and `diff`: making catalogues and comparing them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use huiyin_catalogue::adopting::{Options, take_in};
use huiyin_catalogue::reading::{Lexicon, Reading};
use huiyin_catalogue::{Beginning, Catalogue, Fault, begin};
use huiyin_domain::{BEIJING, CatalogueVersionId, Clock, PlaceCode};

use crate::catalogue::{load, print_faults, read_files};
use crate::cli::{CatalogueImportArgs, CatalogueNewArgs};
use crate::clock::SystemClock;
use crate::read;

/// Places, systems and general terms that are built in, by the names of their files.
const BASE: [(&str, &[u8]); 3] = [
    ("places.csv", include_bytes!("../../../../deploy/catalogue/jiangxi/places.csv")),
    ("systems.csv", include_bytes!("../../../../deploy/catalogue/jiangxi/systems.csv")),
    ("terms.csv", include_bytes!("../../../../deploy/catalogue/jiangxi/terms.csv")),
];

/// `huiyin catalogue new DIR --region CODE`
pub(crate) fn new(args: &CatalogueNewArgs) -> anyhow::Result<ExitCode> {
    let base = BASE.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())).collect();
    let beginning = Beginning {
        region: PlaceCode::new(&args.region),
        name: args.name.clone(),
        effective_from: args.from.unwrap_or_else(|| BEIJING.to_datetime(SystemClock.now()).date()),
    };
    let files = begin(&base, &beginning).map_err(|faults| refused("the built-in data", &faults))?;
    write_files(&args.directory, &files)?;
    let catalogue = load(&args.directory)?;
    eprintln!(
        "{}：新建{}，属地 {} 个，系统 {} 个，词语 {} 个；接着用 huiyin catalogue import 导入职责文件",
        args.directory.display(),
        catalogue.manifest().name,
        catalogue.places().count(),
        catalogue.systems().count(),
        catalogue.terms().len(),
    );
    println!("{}", serde_json::json!({ "version": catalogue.version().as_str(), "region": catalogue.region().name }));
    Ok(ExitCode::SUCCESS)
}

/// `huiyin catalogue import DIR FILE… --out NEWDIR`
pub(crate) fn import(args: &CatalogueImportArgs) -> anyhow::Result<ExitCode> {
    let files = read_files(&args.directory)?;
    let catalogue = load(&args.directory)?;
    let lexicon = Lexicon::with_catalogue(&catalogue);
    let mut readings = Vec::new();
    for file in &args.files {
        readings.extend(readings_of(file, &lexicon)?);
    }
    let options = Options {
        place: args.place.as_ref().map(PlaceCode::new),
        version: args.version.as_ref().map(CatalogueVersionId::new),
        effective_from: args.from,
    };
    let adopted = take_in(&files, &readings, &options).map_err(|faults| refused("import", &faults))?;
    write_files(&args.out, &adopted.files)?;
    eprintln!("{}", adopted.report);
    eprintln!("已写入 {}；先看差异：huiyin catalogue diff {} {0}", args.out.display(), args.directory.display());
    println!("{}", serde_json::to_string(&adopted.report)?);
    Ok(ExitCode::SUCCESS)
}

/// `huiyin catalogue diff A B`
pub(crate) fn diff(before: &Path, after: &Path) -> anyhow::Result<ExitCode> {
    let difference = load(before)?.difference(&*load(after)?);
    eprintln!("{difference}");
    println!("{}", serde_json::to_string(&difference)?);
    Ok(ExitCode::SUCCESS)
}

/// What `catalogue read` printed, one object a line or in an array, or a document that is read now.
fn readings_of(file: &Path, lexicon: &Lexicon) -> anyhow::Result<Vec<(String, Reading)>> {
    let name = file.display().to_string();
    let json = file.extension().is_some_and(|extension| extension == "json" || extension == "jsonl");
    if !json {
        return Ok(vec![(name, read::document(file, lexicon)?)]);
    }
    let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
    let told = |error: serde_json::Error| {
        anyhow::anyhow!("{name}:{}: {error}；应为 huiyin catalogue read 的输出（可改字，保留格式）", error.line())
    };
    if text.trim_start().starts_with('[') {
        let readings: Vec<Reading> = serde_json::from_str(&text).map_err(told)?;
        return Ok(readings.into_iter().map(|reading| (name.clone(), reading)).collect());
    }
    let readings = serde_json::Deserializer::from_str(&text).into_iter::<Reading>();
    readings.map(|reading| Ok((name.clone(), reading.map_err(told)?))).collect()
}

/// Writes a catalogue into a directory that has none yet.
fn write_files(directory: &Path, files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    if files.keys().any(|name| directory.join(name).exists()) {
        bail!("{}: 已有目录文件；换一个空目录", directory.display());
    }
    std::fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
    for (name, content) in files {
        let path = directory.join(name);
        std::fs::write(&path, content).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn refused(what: &str, faults: &[Fault]) -> anyhow::Error {
    print_faults(faults);
    anyhow::anyhow!("{what}: {} faults; mend them and try again", faults.len())
}

/// The catalogue of a directory's files, for comparing with another.
pub(crate) fn catalogue_of(files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<Catalogue> {
    Catalogue::from_files(files).map_err(|faults| refused("catalogue", &faults))
}
