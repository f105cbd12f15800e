//! What is linked: licences, crates and sources, by the lists of `.deny.toml`, over `cargo metadata` of every platform.
//!
//! The same file serves `cargo deny check licenses bans sources`, which `tests/run` uses as well where it is installed.

use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// The registry that a `Cargo.lock` names when no other is configured.
const REGISTRY: &str = concat!("registry+https://github.com/rust-lang/", "crates", ".io-index");

#[test]
fn every_licence_is_allowed() {
    let rules = rules().unwrap();
    let allowed = strings(&rules, "licenses", "allow");
    let mut faults = Vec::new();
    for package in &metadata().unwrap().packages {
        match &package.license {
            Some(licence) if satisfied(licence, &allowed) => {}
            Some(licence) => faults.push(format!("{} {}: {licence}", package.name, package.version)),
            None => faults.push(format!("{} {}: names no licence", package.name, package.version)),
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn nothing_banned_is_linked() {
    let rules = rules().unwrap();
    let banned = rules.get("bans").and_then(|bans| bans.get("deny")).and_then(toml::Value::as_array).unwrap();
    let banned: Vec<&str> = banned.iter().filter_map(|one| one.get("crate")?.as_str()).collect();
    assert!(!banned.is_empty());
    let metadata = metadata().unwrap();
    let found: Vec<&str> =
        metadata.packages.iter().map(|package| package.name.as_str()).filter(|name| banned.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_source_is_the_public_registry_or_this_repository() {
    let mut faults = Vec::new();
    for package in &metadata().unwrap().packages {
        let ours = package.source.is_none() && package.name.starts_with("huiyin");
        if !ours && package.source.as_ref().is_none_or(|source| source.repr != REGISTRY) {
            faults.push(format!("{} {}: {:?}", package.name, package.version, package.source));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_dependency_has_a_version() {
    let metadata = metadata().unwrap();
    let mut faults = Vec::new();
    for package in metadata.workspace_packages() {
        for dependency in package.dependencies.iter().filter(|one| one.kind != DependencyKind::Unknown) {
            if dependency.path.is_none() && dependency.req.comparators.is_empty() {
                faults.push(format!("{} takes any version of {}", package.name, dependency.name));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn licence_expressions() {
    let allowed = ["MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("MIT AND ISC", true),
        ("(MIT OR GPL-3.0-only) AND ISC", true),
        ("MIT OR GPL-3.0-only AND LGPL-2.1", true),
        ("(MIT OR ISC) AND LGPL-2.1", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("MIT WITH Other-exception", false),
        ("", false),
        ("(MIT", false),
    ] {
        assert_eq!(satisfied(expression, &allowed), expected, "{expression}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace")
}

fn metadata() -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).other_options(vec!["--locked".into()]);
    command.exec().context("cargo metadata")
}

fn rules() -> Result<toml::Table> {
    Ok(std::fs::read_to_string(root().join(".deny.toml"))?.parse()?)
}

fn strings(rules: &toml::Table, table: &str, field: &str) -> Vec<String> {
    let list = rules.get(table).and_then(|table| table.get(field)).and_then(toml::Value::as_array);
    list.into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

/// Whether an SPDX expression can be met with the licences allowed. `/`, the old way to write OR, is read as such.
fn satisfied(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    reader.either() == Some(true) && reader.words.is_empty()
}

/// Reads `either = both (OR both)*`, `both = one (AND one)*`, `one = LICENCE [WITH EXCEPTION] | ( either )`.
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl Reader<'_> {
    fn either(&mut self) -> Option<bool> {
        let mut met = self.both()?;
        while self.take("OR") {
            met |= self.both()?;
        }
        Some(met)
    }

    fn both(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.take("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let met = self.either()?;
            return self.take(")").then_some(met);
        }
        let licence = self.next()?;
        if !self.take("WITH") {
            return Some(self.allowed.contains(&licence));
        }
        let both = format!("{licence} WITH {}", self.next()?);
        Some(self.allowed.contains(&both))
    }

    fn next(&mut self) -> Option<String> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some((*first).to_owned())
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }
}
