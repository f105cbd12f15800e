//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::NodeArgs;

/// Huiyin 回音: every public concern gets a responsible unit, a deadline, an answer on the record.
#[derive(Parser, Debug)]
#[command(name = "huiyin", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run a node until it is told to stop
    #[command(after_help = "Example: huiyin run --data /var/lib/huiyin --listen 127.0.0.1:8460")]
    Run(RunArgs),
    /// Play the sample posts and answers into a node of its own and show it
    #[command(after_help = "Example: huiyin demo --data .data/demo --once")]
    Demo(DemoArgs),
    /// Load posts from a csv, xlsx or jsonl file
    #[command(
        after_help = "Example: huiyin import --source 12345热线 --data /var/lib/huiyin --mapping hotline.toml export.xlsx"
    )]
    Import(ImportArgs),
    /// Assess posts from stdin, one JSON line each, without a node
    #[command(after_help = "Example: huiyin assess --catalogue deploy/catalogue/jiangxi < posts.jsonl")]
    Assess(AssessArgs),
    /// Group posts from stdin into matters, one pass in order
    #[command(after_help = "Example: huiyin group < posts.jsonl > matters.jsonl")]
    Group(AssessArgs),
    /// Check and adopt the catalogue
    #[command(subcommand)]
    Catalogue(CatalogueCommand),
    /// Look after the ledger
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Figures of an installation, as JSON
    #[command(after_help = "Example: huiyin counts --data /var/lib/huiyin")]
    Counts {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Write a month's shared-opinion briefing as Word, HTML and Excel
    #[command(
        after_help = "Example: huiyin briefing --month 2026-11 --out briefings --data /var/lib/huiyin --console http://10.0.0.5:8460"
    )]
    Briefing(BriefingArgs),
    /// Users of the installation
    #[command(subcommand)]
    User(UserCommand),
    /// Tokens for programs
    #[command(subcommand)]
    Token(TokenCommand),
    /// Bring the database up to date
    #[command(after_help = "Example: huiyin migrate --config /etc/huiyin.toml")]
    Migrate {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Look at a node's parts and say what is wrong
    #[command(after_help = "Example: huiyin doctor --data /var/lib/huiyin")]
    Doctor {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Measure, with a baseline in the same run
    #[command(after_help = "Example: huiyin bench ingest --posts posts.jsonl")]
    Bench(BenchArgs),
}

/// Roles a process may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Feeds and the external topic
    Collect,
    /// Posts to assessed posts
    Assess,
    /// Assessed posts to matters; deadlines and the ledger's numbers
    Intake,
    /// Messages to units and groups
    Alerts,
    /// HTTP API and page
    Api,
}

impl Role {
    pub(crate) const ALL: [Role; 5] = [Role::Collect, Role::Assess, Role::Intake, Role::Alerts, Role::Api];
}

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// Address to listen on, instead of the configured one; port 0 picks a free one
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
    /// Roles of this process; all when not given
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',')]
    pub(crate) roles: Vec<Role>,
}

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Directory of the demo's node; emptied at the start when it is a demo's
    #[arg(long, default_value = ".data/demo")]
    pub(crate) data: PathBuf,
    /// Directory with posts.jsonl and responses.jsonl
    #[arg(long, default_value = "deploy/sample")]
    pub(crate) sample: PathBuf,
    /// Catalogue directory
    #[arg(long, default_value = "deploy/catalogue/jiangxi")]
    pub(crate) catalogue: PathBuf,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8460")]
    pub(crate) listen: String,
    /// Stop when the sample is fully in the ledger, printing a summary
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// Name of the source, for posts that name none; the one of the mapping file when not given
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// Which columns are which fields (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// Old posts: matters without deadlines and alarms
    #[arg(long)]
    pub(crate) backfill: bool,
    /// Only write them to the log; a node started later takes them in
    #[arg(long)]
    pub(crate) log_only: bool,
    /// csv, xlsx or jsonl, the text ones also gzipped
    pub(crate) file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct AssessArgs {
    /// Catalogue directory
    #[arg(long, default_value = "deploy/catalogue/jiangxi")]
    pub(crate) catalogue: PathBuf,
    /// Take every post as ours wherever it plays: systems are ranked, units may be missing (for measuring)
    #[arg(long)]
    pub(crate) anywhere: bool,
    /// Add weights, places in the text and reasons of every candidate
    #[arg(long)]
    pub(crate) explain: bool,
    /// Threads
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) workers: u16,
}

#[derive(Subcommand, Debug)]
pub(crate) enum CatalogueCommand {
    /// Check a catalogue directory: every fault with file and line
    #[command(after_help = "Example: huiyin catalogue check deploy/catalogue/jiangxi")]
    Check {
        /// The directory
        directory: PathBuf,
    },
    /// Learn where estates, roads, schools and villages lie from a node's confirmed matters: localities.csv
    #[command(after_help = "Example: huiyin catalogue learn-places my-catalogue --data /var/lib/huiyin")]
    LearnPlaces(LearnPlacesArgs),
    /// Put a catalogue in force from a day on
    #[command(after_help = "Example: huiyin catalogue adopt my-catalogue --from 2026-12-01 --data /var/lib/huiyin")]
    Adopt(AdoptArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LearnPlacesArgs {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// Catalogue directory to write to; what was entered there by hand stays
    pub(crate) directory: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct AdoptArgs {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// The directory
    pub(crate) directory: PathBuf,
    /// First day on which decisions use it, YYYY-MM-DD; the one of its manifest when not given
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<jiff::civil::Date>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum LedgerCommand {
    /// Make the current-state tables again from the entries and compare
    #[command(after_help = "Example: huiyin ledger rebuild --data /var/lib/huiyin")]
    Rebuild {
        #[command(flatten)]
        node: NodeArgs,
    },
}

#[derive(Args, Debug)]
pub(crate) struct BriefingArgs {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// The month, Beijing time
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: huiyin_briefings::Month,
    /// Directory to write to; made when missing
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Address of the console; figures link to their lists there
    #[arg(long, value_name = "URL", value_parser = console_address)]
    pub(crate) console: Option<String>,
    /// The office that issues it; the region's duty office when not given
    #[arg(long)]
    pub(crate) office: Option<String>,
    /// Number of the issue; that of the month in the year when not given
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=9999))]
    pub(crate) issue: Option<u32>,
}

fn console_address(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains([' ', '"', '<', '>', '?', '#']) => Ok(text.to_owned()),
        _ => Err("write it as http://HOST:PORT or https://HOST".to_owned()),
    }
}

#[derive(Subcommand, Debug)]
pub(crate) enum UserCommand {
    /// Make a user or change one
    #[command(after_help = "Example: huiyin user add zhang --role duty_officer --data /var/lib/huiyin")]
    Add(UserArgs),
}

#[derive(Args, Debug)]
pub(crate) struct UserArgs {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// Login name
    pub(crate) name: String,
    /// duty_officer, liaison, leader, auditor or admin
    #[arg(long)]
    pub(crate) role: String,
    /// The unit a liaison answers for, by its id in the catalogue
    #[arg(long)]
    pub(crate) unit: Option<String>,
    /// Name shown
    #[arg(long)]
    pub(crate) display: Option<String>,
    /// Read the password from stdin instead of asking for it
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Subcommand, Debug)]
pub(crate) enum TokenCommand {
    /// Make a token; it is shown once
    #[command(after_help = "Example: huiyin token add hotline --push --data /var/lib/huiyin")]
    Add(TokenArgs),
}

#[derive(Args, Debug)]
pub(crate) struct TokenArgs {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// Name of the token
    pub(crate) name: String,
    /// May push posts
    #[arg(long)]
    pub(crate) push: bool,
    /// May do what this role may
    #[arg(long)]
    pub(crate) role: Option<String>,
    /// The unit a liaison's token answers for
    #[arg(long)]
    pub(crate) unit: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct BenchArgs {
    /// What to measure
    pub(crate) what: Bench,
    /// Posts to measure with, JSON lines; made-up ones when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) posts: Option<PathBuf>,
    /// Catalogue directory
    #[arg(long, default_value = "deploy/catalogue/jiangxi")]
    pub(crate) catalogue: PathBuf,
}

/// What `huiyin bench` measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// Normalise, mask, fingerprint; baseline: jieba-rs `cut` on the same posts
    Text,
    /// The whole assessment; baseline: jieba-rs `cut` on the same posts
    Match,
    /// File to log to ledger; baseline: single-row inserts of the same posts
    Ingest,
    /// HTTP accept to visible matter
    Ledger,
    /// Building and asking the search index; baseline: SQL `like` over the same posts
    Search,
}
