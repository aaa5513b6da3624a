//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// WhatsApp ordering and credit for wholesale trade.
#[derive(Debug, Parser)]
#[command(name = "khaacho", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the whole mesh in one process, with embedded defaults
    Up(Up),
    /// Serve one or more roles: gateway, order, credit, inventory, notification, or all
    Serve(Serve),
    /// Run the jobs of all services, without a public port
    Work,
    /// Bring the database up to date
    Migrate,
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Chat as a shop or vendor through the simulator
    Chat(Chat),
    /// Say what messages mean, without a database
    Parse(Parse),
    /// Print the whole story of an order
    Why(Why),
    /// Make API keys
    #[command(subcommand)]
    Apikey(ApikeyCommand),
}

/// Options of `up`.
#[derive(Debug, Args)]
pub struct Up {
    /// Where data live between runs
    #[arg(long, default_value = "./.khaacho")]
    pub data_dir: PathBuf,
    /// Port of the gateway; default $PORT, else 8080
    #[arg(long)]
    pub port: Option<u16>,
    /// Load the demonstration catalogue, vendors and shops (default)
    #[arg(long, overrides_with = "no_demo")]
    pub demo: bool,
    /// Start empty
    #[arg(long)]
    pub no_demo: bool,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Roles, separated by commas
    pub roles: String,
    /// Bring the database up to date first
    #[arg(long)]
    pub migrate: bool,
}

/// `config …`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Check everything and list every mistake
    Validate,
    /// Show every setting with its value; secrets stay hidden
    Summary,
    /// Print a .env.example with every setting
    Example,
}

/// Options of `chat`.
#[derive(Debug, Args)]
pub struct Chat {
    /// Whose phone to use; default: a shop of the demonstration
    #[arg(long)]
    pub from: Option<String>,
    /// Gateway; default: the one that runs on the data directory
    #[arg(long)]
    pub url: Option<String>,
    /// Data directory of `khaacho up`
    #[arg(long, default_value = "./.khaacho")]
    pub data_dir: PathBuf,
    /// One message; without it, lines are read from the terminal
    pub text: Vec<String>,
}

/// Options of `parse`. Without `--score`, JSON lines come in on standard input.
#[derive(Debug, Args)]
pub struct Parse {
    /// Catalogue; default: the one of the demonstration
    #[arg(long, value_name = "FILE.csv")]
    pub catalogue: Option<PathBuf>,
    /// Say with each message why it became these lines and questions
    #[arg(long, conflicts_with_all = ["score", "report"])]
    pub explain: bool,
    /// Compare with labelled messages and print the error rates
    #[arg(long, value_name = "LABELS.jsonl")]
    pub score: Option<PathBuf>,
    /// With --score: list every message that is not as labelled
    #[arg(long, requires = "score")]
    pub faults: bool,
    /// With --score: enlarge the catalogue to so many products, to see how long messages and searches take
    #[arg(long, requires = "score", value_name = "NUMBER")]
    pub products: Option<usize>,
    /// Print the report on the project's own corpora: docs/understanding.md
    #[arg(long, conflicts_with = "score")]
    pub report: bool,
}

/// Options of `why`.
#[derive(Debug, Args)]
pub struct Why {
    /// Order number or id
    pub order: String,
    /// Data directory of `khaacho up`
    #[arg(long, default_value = "./.khaacho")]
    pub data_dir: PathBuf,
}

/// `apikey …`.
#[derive(Debug, Subcommand)]
pub enum ApikeyCommand {
    /// Make a key and print it once
    Create {
        /// owner, finance, operations, support, auditor, vendor or retailer
        #[arg(long, default_value = "owner")]
        role: String,
        /// Account or vendor that the key is confined to, for roles retailer and vendor
        #[arg(long)]
        scope: Option<String>,
        /// What it is for
        #[arg(long, default_value = "made on the command line")]
        name: String,
        /// Data directory of `khaacho up`
        #[arg(long, default_value = "./.khaacho")]
        data_dir: PathBuf,
    },
}
