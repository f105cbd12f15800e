//! The rules of the architecture that the compiler does not hold: directions between crates, which crate names which
//! library, what lies at the top level, how long a file may be, what may not be written anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Each crate may use those of the lines above its own, never one of its own line.
const LAYERS: [&[&str]; 7] = [
    &["huiyin-proto", "huiyin-domain", "huiyin-text"],
    &["huiyin-catalogue"],
    &["huiyin-matching"],
    &["huiyin-stream", "huiyin-store", "huiyin-search"],
    &["huiyin-ingest", "huiyin-ledger", "huiyin-alerts", "huiyin-briefings"],
    &["huiyin-api", "huiyin-console"],
    &["huiyin"],
];

/// Libraries that one crate alone names, development aside.
const OWNERS: [(&str, &str); 6] = [
    ("sqlx", "huiyin-store"),
    ("rdkafka", "huiyin-stream"),
    ("redb", "huiyin-stream"),
    ("tantivy", "huiyin-search"),
    ("jieba-rs", "huiyin-text"),
    ("axum", "huiyin-api"),
];

/// What may lie at the top level beside files whose names begin with a dot.
const TOP_LEVEL: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "deploy",
    "proto",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "services",
    "tests",
];

const LINES_MAX: usize = 500;
/// A query of more lines than this lives in a file of its own.
const QUERY_LINES_MAX: usize = 3;

#[test]
fn crates_only_use_crates_before_them() {
    let layers: BTreeMap<&str, usize> =
        (0..).zip(LAYERS).flat_map(|(layer, names)| names.iter().map(move |name| (*name, layer))).collect();
    let mut faults = Vec::new();
    for package in members(&metadata().unwrap()) {
        if package.name == "huiyin-tests" {
            continue;
        }
        let Some(layer) = layers.get(package.name.as_str()) else {
            faults.push(format!("{} has no place among the layers", package.name));
            continue;
        };
        let used = package.dependencies.iter().filter(|one| one.kind != DependencyKind::Development);
        for dependency in used.filter(|one| one.name.starts_with("huiyin")) {
            if layers.get(dependency.name.as_str()).is_none_or(|below| below >= layer) {
                faults.push(format!("{} must not use {}", package.name, dependency.name));
            }
        }
    }
    assert_none(faults);
}

#[test]
fn each_heavy_library_is_named_by_its_owner_only() {
    let mut faults = Vec::new();
    for package in members(&metadata().unwrap()) {
        for dependency in package.dependencies.iter().filter(|one| one.kind != DependencyKind::Development) {
            let owner = OWNERS.iter().find(|(library, _)| dependency.name == *library);
            if let Some((library, owner)) = owner.filter(|(_, owner)| package.name != *owner) {
                faults.push(format!("{} names {library}, which only {owner} may", package.name));
            }
        }
    }
    assert_none(faults);
}

#[test]
fn every_crate_inherits_the_lints() {
    let mut faults = Vec::new();
    for package in members(&metadata().unwrap()) {
        let manifest: toml::Table = std::fs::read_to_string(&package.manifest_path).unwrap().parse().unwrap();
        let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool);
        if inherits != Some(true) {
            faults.push(format!("{} does not inherit the workspace's lints", package.name));
        }
    }
    assert_none(faults);
}

#[test]
fn the_top_level_holds_nothing_else() {
    let names: BTreeSet<String> = tracked().unwrap().iter().filter_map(|path| first_part(path)).collect();
    let allowed = |name: &String| name.starts_with('.') || TOP_LEVEL.contains(&name.as_str());
    assert_none(names.into_iter().filter(|name| !allowed(name)).collect());
}

#[test]
fn no_file_is_too_long() {
    let mut faults = Vec::new();
    for (path, text) in texts(is_code).unwrap() {
        let lines = text.lines().count();
        let generated = text.lines().take(3).any(|line| line.contains("This file was auto-generated"));
        if lines > LINES_MAX && !generated {
            faults.push(format!("{path}: {lines} lines, {LINES_MAX} at most"));
        }
    }
    assert_none(faults);
}

/// Nothing in the store, on the wire or in the API says who wrote a post, not even as a hash.
#[test]
fn there_is_no_author() {
    let says_who = ["author", "nickname", "user_id", "userid", "account", "poster", "openid", "writer", "screen_name"];
    let is_schema = |path: &str| {
        path.ends_with(".proto")
            || path.ends_with("openapi.json")
            || (path.ends_with(".sql") && path.contains("migrations/"))
    };
    let mut faults = Vec::new();
    for (path, text) in texts(is_schema).unwrap() {
        for name in schema_names(&path, &text) {
            // A person may be part of a name only where staff is meant: `by`, `staff`, `promised_by`.
            if says_who.iter().any(|word| name.to_ascii_lowercase().contains(word)) {
                faults.push(format!("{path}: {name}"));
            }
        }
    }
    assert_none(faults);
}

#[test]
fn names_of_a_schema_are_found_and_comments_are_not() {
    for (path, text, expected) in [
        (
            "a.proto",
            "// no author\nmessage Post {\n  string source_id = 1; // author\n}",
            vec!["message", "Post", "string", "source_id"],
        ),
        ("a.sql", "-- author\ncreate table post (id text)", vec!["create", "table", "post", "id", "text"]),
        (
            "openapi.json",
            r#"{"description":"no author","Post":{"enum":["author"],"nick":{}}}"#,
            vec!["description", "Post", "enum", "nick"],
        ),
    ] {
        let mut found: Vec<String> = schema_names(path, text);
        found.retain(|name| !name.chars().all(|c| c.is_ascii_digit()));
        assert_eq!(found, expected, "{path}");
    }
}

#[test]
fn only_the_binary_reads_the_clock() {
    let clocks = [concat!("SystemTime", "::now"), concat!("Timestamp", "::now"), concat!("Zoned", "::now")];
    let elsewhere = |path: &str| path.ends_with(".rs") && !path.starts_with("services/huiyin/");
    let mut faults = Vec::new();
    for (path, text) in texts(elsewhere).unwrap() {
        for (line, content) in (1..).zip(text.lines()) {
            if clocks.iter().any(|clock| content.contains(clock)) {
                faults.push(format!("{path}:{line}: {}", content.trim()));
            }
        }
    }
    assert_none(faults);
}

/// A clone works anywhere: no absolute path of one machine, no address of a package registry.
#[test]
fn nothing_names_a_machine_or_a_registry() {
    let directories = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
    let registries = [
        concat!("index.crates", ".io"),
        concat!("static.crates", ".io"),
        concat!("registry.npm", "js.org"),
        concat!("registry.npm", "mirror.com"),
        concat!("repo.maven.", "apache.org"),
        concat!("repo1.", "maven.org"),
        concat!("deb.", "debian.org"),
        concat!("rs", "proxy.cn"),
        concat!("mirrors", "."),
        concat!("artifact", "ory"),
    ];
    let words: Vec<&str> = directories.into_iter().chain(registries).collect();
    let mut faults = Vec::new();
    // A package lock names the public registry by its nature; the address there is not ours.
    for (path, text) in
        texts(|path| !path.ends_with("package-lock.json") && !path.starts_with("deploy/catalogue/")).unwrap()
    {
        for (line, content) in (1..).zip(text.lines()) {
            if let Some(word) = words.iter().find(|word| names_it(content, word)) {
                faults.push(format!("{path}:{line}: {word}"));
            }
        }
    }
    assert_none(faults);
}

/// `services/work/x` is no absolute path: what stands before the slash must not be part of a name.
fn names_it(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !word.starts_with('/')
            || !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}' | '~'))
    })
}

#[test]
fn long_queries_live_in_files() {
    let mut faults = Vec::new();
    for (path, text) in texts(|path| path.starts_with("services/store/") && path.ends_with(".rs")).unwrap() {
        for (line, literal) in literals(&text) {
            let first = literal.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
            let is_query = matches!(first.as_str(), "select" | "insert" | "update" | "delete" | "with" | "create");
            let lines = literal.lines().filter(|line| !line.trim().is_empty()).count();
            if is_query && lines > QUERY_LINES_MAX {
                faults.push(format!("{path}:{line}: a query of {lines} lines"));
            }
        }
    }
    assert_none(faults);
}

#[test]
fn literals_are_found() {
    let text =
        "let a = \"one\\\"\"; // \"no\n/* \"no\" */ let b = r#\"two \"lines\"\nhere\"#; let c = '\"'; f(\"three\");";
    assert_eq!(literals(text), [(1, "one\\\"".into()), (2, "two \"lines\"\nhere".into()), (3, "three".into())]);
}

fn assert_none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace")
}

fn metadata() -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).no_deps().other_options(vec!["--locked".into()]);
    command.exec().context("cargo metadata")
}

fn members(metadata: &Metadata) -> Vec<&Package> {
    metadata.workspace_packages()
}

/// The files of the clone, from its root, new ones that nothing ignores included.
fn tracked() -> Result<Vec<String>> {
    let mut command = Command::new("git");
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let output = command.output().context("git ls-files")?;
    ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let list = String::from_utf8(output.stdout).context("a path is not UTF-8")?;
    Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// Path and text of the files of the clone that `wanted` picks; those that are not text are left out.
fn texts(wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for path in tracked()?.into_iter().filter(|path| wanted(path)) {
        // A file that was deleted and is not yet committed is in the list all the same.
        let Ok(bytes) = std::fs::read(root().join(&path)) else { continue };
        if let Ok(text) = String::from_utf8(bytes) {
            found.push((path, text));
        }
    }
    Ok(found)
}

fn first_part(path: &str) -> Option<String> {
    PathBuf::from(path).components().next().map(|part| part.as_os_str().to_string_lossy().into_owned())
}

fn is_code(path: &str) -> bool {
    let script = !path.contains('.') && (path.starts_with("tests/") || path.starts_with("deploy/"));
    let kinds = [".rs", ".ts", ".mjs", ".vue", ".css", ".sh", ".sql", ".proto"];
    (script || kinds.iter().any(|kind| path.ends_with(kind))) && !path.contains("/golden/") && !path.contains("/data/")
}

/// The words of a schema that name something: all but comments in proto and SQL, the keys of JSON.
fn schema_names(path: &str, text: &str) -> Vec<String> {
    if path.ends_with(".json") {
        let mut names = Vec::new();
        if let Ok(value) = serde_json::from_str(text) {
            keys(&value, &mut names);
        }
        return names;
    }
    let comment = if path.ends_with(".sql") { "--" } else { "//" };
    let code = text.lines().map(|line| line.split_once(comment).map_or(line, |(code, _)| code));
    let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn keys(value: &serde_json::Value, names: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                names.push(key.clone());
                keys(value, names);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, names)),
        _ => {}
    }
}

/// The string literals of a Rust file with the line each begins on; escapes are left as they are.
fn literals(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (skipped, literal) = if rest.starts_with("//") {
            (rest.find('\n').unwrap_or(rest.len()), None)
        } else if rest.starts_with("/*") {
            (rest.find("*/").map_or(rest.len(), |at| at + 2), None)
        } else if rest.starts_with("'\"'") {
            (3, None)
        } else if let Some(inner) = rest.strip_prefix('"') {
            let end = end_of_literal(inner);
            (end + 2, inner.get(..end))
        } else if let Some((hashes, inner)) = raw_literal(rest) {
            let close = format!("\"{}", "#".repeat(hashes));
            let end = inner.find(&close).unwrap_or(inner.len());
            (hashes * 2 + end + 3, inner.get(..end))
        } else {
            (first.len_utf8(), None)
        };
        if let Some(literal) = literal {
            found.push((line, literal.to_owned()));
        }
        let (passed, after) = rest.split_at_checked(skipped).unwrap_or((rest, ""));
        line += passed.matches('\n').count();
        rest = after;
    }
    found
}

fn end_of_literal(inner: &str) -> usize {
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    inner.len()
}

/// The number of hashes and what follows the opening quote of `r"`, `r#"` …
fn raw_literal(rest: &str) -> Option<(usize, &str)> {
    let after = rest.strip_prefix('r')?;
    let inner = after.trim_start_matches('#');
    Some((after.len() - inner.len(), inner.strip_prefix('"')?))
}
