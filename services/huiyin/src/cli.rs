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
    /// Show lines from stdin as they would be stored: personal data masked
    #[command(after_help = "Example: huiyin mask < lines.txt")]
    Mask,
    /// Learn a model from labelled posts
    #[command(
        after_help = "Example: huiyin train --posts labelled.jsonl --label topic --out model.bin\n         huiyin train --data /var/lib/huiyin --label system --out model.bin"
    )]
    Train(TrainArgs),
    /// Measure a model, or how well one would be learned, on labelled posts
    #[command(after_help = "Example: huiyin evaluate --posts labelled.jsonl --label topic")]
    Evaluate(EvaluateArgs),
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
    /// Trained model, where the file is there
    #[arg(long, value_name = "FILE", default_value = "deploy/model/starter.bin")]
    pub(crate) model: PathBuf,
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
    /// Trained model; without one the catalogue's terms alone decide
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
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

#[derive(Args, Debug)]
pub(crate) struct TrainArgs {
    /// Labelled posts, JSON lines: title, text, the label, and `weight` where a post counts more or less than 1
    #[arg(long, value_name = "FILE", required_unless_present_any = ["data", "config"])]
    pub(crate) posts: Vec<PathBuf>,
    /// Learn from this node's confirmed matters too; a model that does worse on those kept apart is not adopted
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// Field that holds the label
    #[arg(long, value_enum)]
    pub(crate) label: Label,
    /// Model file; the heads of other labels it already has are kept
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Learn only what to change of the head the file already has, as with a node's matters
    #[arg(long)]
    pub(crate) refine: bool,
}

/// What a model can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Label {
    /// The subject of a post
    Topic,
    /// The system that answers
    System,
    /// Whether a life may be at stake: `true` or `false`
    Danger,
}

impl Label {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Label::Topic => "topic",
            Label::System => "system",
            Label::Danger => "danger",
        }
    }
}

#[derive(Args, Debug)]
pub(crate) struct EvaluateArgs {
    /// Labelled posts, JSON lines
    #[arg(long, value_name = "FILE")]
    pub(crate) posts: PathBuf,
    /// Field that holds the label
    #[arg(long, value_enum)]
    pub(crate) label: Label,
    /// Model to measure; without one the posts are folded: learned from all but one fold, measured on it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Folds, near repeats kept together
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=50))]
    pub(crate) folds: u16,
    /// Another number gives other folds
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
}

#[derive(Subcommand, Debug)]
pub(crate) enum CatalogueCommand {
    /// Check a catalogue directory: every fault with file and line
    #[command(after_help = "Example: huiyin catalogue check deploy/catalogue/jiangxi")]
    Check {
        /// The directory
        directory: PathBuf,
    },
    /// Read official documents (txt, html, docx, PDF with text): one JSON object each
    #[command(after_help = "Example: huiyin catalogue read 责任分工.docx > 责任分工.json")]
    Read(ReadArgs),
    /// Begin a catalogue: places, systems and general terms of a region, no unit and no clause
    #[command(after_help = "Example: huiyin catalogue new my-catalogue --region 360783")]
    New(CatalogueNewArgs),
    /// Take official documents into a catalogue, giving a new version of it
    #[command(after_help = "Example: huiyin catalogue import my-catalogue 责任分工.docx --out my-catalogue-2")]
    Import(CatalogueImportArgs),
    /// Compare two catalogue directories
    #[command(after_help = "Example: huiyin catalogue diff my-catalogue my-catalogue-2")]
    Diff {
        /// The earlier directory
        before: PathBuf,
        /// The later one
        after: PathBuf,
    },
    /// Learn where estates, roads, schools and villages lie from a node's confirmed matters: learned.csv
    #[command(after_help = "Example: huiyin catalogue learn-places my-catalogue --data /var/lib/huiyin")]
    LearnPlaces(LearnPlacesArgs),
    /// Put a catalogue in force from a day on
    #[command(after_help = "Example: huiyin catalogue adopt my-catalogue --from 2026-12-01 --data /var/lib/huiyin")]
    Adopt(AdoptArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ReadArgs {
    /// The documents; - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Catalogue whose units' names help to tell names apart
    #[arg(long, value_name = "DIR")]
    pub(crate) catalogue: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct CatalogueNewArgs {
    /// The directory to make
    pub(crate) directory: PathBuf,
    /// Code of the region, GB/T 2260
    #[arg(long, value_name = "CODE")]
    pub(crate) region: String,
    /// Name of the catalogue; the region's name and 职责目录 when not given
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// First day on which decisions use it; today when not given
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<jiff::civil::Date>,
}

#[derive(Args, Debug)]
pub(crate) struct CatalogueImportArgs {
    /// The catalogue to add to; it stays as it is
    pub(crate) directory: PathBuf,
    /// Documents (txt, html, docx, PDF with text), or what `catalogue read` printed (.json, .jsonl)
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Directory to write the new version to
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Its version; the last number of the old one, one up, when not given
    #[arg(long)]
    pub(crate) version: Option<String>,
    /// Code of the place the documents are for, where their issuers do not tell
    #[arg(long, value_name = "CODE")]
    pub(crate) place: Option<String>,
    /// First day of the new version; that of the old one when not given
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<jiff::civil::Date>,
}

#[derive(Args, Debug)]
pub(crate) struct LearnPlacesArgs {
    #[command(flatten)]
    pub(crate) node: NodeArgs,
    /// Catalogue directory to write learned.csv to; localities.csv, the office's own, is not touched
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
    /// Write nothing; list the past matters it would send elsewhere
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// With --dry-run: posts to judge instead of the node's matters, JSON lines
    #[arg(long, value_name = "FILE", requires = "dry_run")]
    pub(crate) posts: Option<PathBuf>,
    /// With --dry-run: catalogue directory to compare with instead of the node's catalogue in force
    #[arg(long, value_name = "DIR", requires = "dry_run")]
    pub(crate) against: Option<PathBuf>,
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
    /// Trained model to assess with
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// Posts to measure with, JSON lines; made-up ones when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) posts: Option<PathBuf>,
    /// Catalogue directory
    #[arg(long, default_value = "deploy/catalogue/jiangxi")]
    pub(crate) catalogue: PathBuf,
    /// For `python`: a Python 3 with jieba and scikit-learn
    #[arg(long, value_name = "PROGRAM", default_value = "python3")]
    pub(crate) python: PathBuf,
}

/// What `huiyin bench` measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// Normalise, mask, fingerprint; baseline: jieba-rs `cut` on the same posts
    Text,
    /// The whole assessment; baseline: jieba-rs `cut` on the same posts
    Match,
    /// The whole assessment; baseline: Python's jieba and scikit-learn on the same posts
    Python,
    /// File to log to ledger; baseline: single-row inserts of the same posts
    Ingest,
    /// HTTP accept to visible matter
    Ledger,
    /// Building and asking the search index; baseline: SQL `like` over the same posts
    Search,
}
