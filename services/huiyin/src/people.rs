//! `huiyin user add` and `token add`.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use huiyin_domain::{Clock, Role, UnitId};
use huiyin_store::{Staff, Token};

use crate::cli::{TokenArgs, UserArgs};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::node;

/// `huiyin user add`
pub(crate) async fn add_user(args: UserArgs) -> anyhow::Result<ExitCode> {
    check_name(&args.name)?;
    let (role, unit) = role(&args.role, args.unit.as_deref())?;
    let password = if args.password_stdin { line("the password")? } else { ask()? };
    let password_hash = huiyin_api::hash_password(&password).context("password")?;
    let store = node::open_store(&Config::load(&args.node)?).await?;
    let display_name = args.display.unwrap_or_else(|| args.name.clone());
    let created_at = SystemClock.now();
    let staff =
        Staff { name: args.name.clone(), display_name, password_hash, role, unit, created_at, disabled_at: None };
    let known = store.staff(&args.name).await?.is_some();
    store.put_staff(&staff).await?;
    store.delete_sessions_of(&args.name).await?;
    let done = serde_json::json!({ "name": args.name, "role": role.as_str(), "changed": known });
    println!("{done}");
    Ok(ExitCode::SUCCESS)
}

/// `huiyin token add`
pub(crate) async fn add_token(args: TokenArgs) -> anyhow::Result<ExitCode> {
    check_name(&args.name)?;
    let (role, unit) = match &args.role {
        Some(word) => {
            let (role, unit) = role(word, args.unit.as_deref())?;
            (Some(role), unit)
        }
        None if args.unit.is_some() => bail!("--unit: only a token with --role liaison answers for a unit"),
        None => (None, None),
    };
    if role.is_none() && !args.push {
        bail!("a token needs --push, --role, or both; otherwise it may do nothing");
    }
    let (secret, digest) = huiyin_api::new_token().context("no randomness for the token")?;
    let store = node::open_store(&Config::load(&args.node)?).await?;
    let token = Token {
        name: args.name.clone(),
        digest,
        role,
        unit,
        may_push: args.push,
        created_at: SystemClock.now(),
        revoked_at: None,
    };
    if !store.put_token(&token).await? {
        bail!("{}: a token of this name exists; choose another name", args.name);
    }
    println!("{}", serde_json::json!({ "name": args.name, "token": secret }));
    Ok(ExitCode::SUCCESS)
}

fn check_name(name: &str) -> anyhow::Result<()> {
    let fits = |one: char| one.is_alphanumeric() || matches!(one, '-' | '_' | '.');
    if name.is_empty() || name.chars().count() > 64 || !name.chars().all(fits) {
        bail!("name: use 1 to 64 letters, digits, \"-\", \"_\" or \".\"");
    }
    Ok(())
}

fn role(word: &str, unit: Option<&str>) -> anyhow::Result<(Role, Option<UnitId>)> {
    let Some(role) = Role::parse(word) else {
        let words: Vec<&str> = Role::STAFF.iter().map(|role| role.as_str()).collect();
        bail!("--role: \"{word}\" is none of {}", words.join(", "));
    };
    match (role, unit) {
        (Role::Liaison, None) => bail!("--unit: a liaison answers for one unit; give its id in the catalogue"),
        (Role::Liaison, Some(unit)) => Ok((role, Some(UnitId::new(unit)))),
        (_, Some(_)) => bail!("--unit: only a liaison answers for a unit"),
        (_, None) => Ok((role, None)),
    }
}

fn line(what: &str) -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).with_context(|| format!("{what} cannot be read from stdin"))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn ask() -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        bail!("no terminal to ask for a password: give it on stdin with --password-stdin");
    }
    eprint!("Password (shown while you type): ");
    std::io::stderr().flush()?;
    line("the password")
}
