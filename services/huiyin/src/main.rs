//! The one binary of Huiyin: command line, roles, configuration, tasks, telemetry.
//!
//! It alone reads files, the environment, the clock and signals, and wires the other crates together. Results go to
//! stdout, messages and progress to stderr; exit 0 done, 1 failed, 2 wrong usage.

mod alerts;
mod assess;
mod bench;
mod briefing;
mod catalogue;
mod cli;
mod clock;
mod config;
mod demo;
mod doctor;
mod health;
mod import;
mod learn;
mod learn_places;
mod ledger;
mod mask;
mod node;
mod people;
mod pipeline;
mod progress;
mod read;
mod remote;
mod replay;
mod run;
mod search;
mod tasks;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{CatalogueCommand, Cli, Command, LedgerCommand, TokenCommand, UserCommand};

/// Judging a post makes and drops many short texts: a tenth of its time was the C library's allocator, by `perf`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start_logs(!matches!(cli.command, Command::Run(_)));
    // reqwest comes without a provider of its own, and sqlx brings ring: one for all.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed before");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("huiyin: the runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("huiyin: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run(args) => run::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Assess(args) => assess::assess(&args),
        Command::Mask => mask::mask(),
        Command::Group(args) => assess::group(&args),
        Command::Train(args) => learn::train(&args).await,
        Command::Evaluate(args) => learn::evaluate(&args),
        Command::Catalogue(CatalogueCommand::Check { directory }) => catalogue::check(&directory),
        Command::Catalogue(CatalogueCommand::Read(args)) => read::run(&args),
        Command::Catalogue(CatalogueCommand::New(args)) => catalogue::make::new(&args),
        Command::Catalogue(CatalogueCommand::Import(args)) => catalogue::make::import(&args),
        Command::Catalogue(CatalogueCommand::Diff { before, after }) => catalogue::make::diff(&before, &after),
        Command::Catalogue(CatalogueCommand::Adopt(args)) if args.dry_run => catalogue::rehearse::run(&args).await,
        Command::Catalogue(CatalogueCommand::LearnPlaces(args)) => learn_places::run(&args).await,
        Command::Catalogue(CatalogueCommand::Adopt(args)) => catalogue::adopt(args).await,
        Command::Ledger(LedgerCommand::Rebuild { node }) => ledger::rebuild(&node).await,
        Command::Counts { node } => ledger::counts(&node).await,
        Command::Briefing(args) => briefing::run(args).await,
        Command::User(UserCommand::Add(args)) => people::add_user(args).await,
        Command::Token(TokenCommand::Add(args)) => people::add_token(args).await,
        Command::Migrate { node } => ledger::migrate(&node).await,
        Command::Doctor { node } => doctor::run(&node).await,
        Command::Bench(args) => bench::run(args).await,
    }
}
