//! The command line. Each command reads its arguments and calls the library; nothing is decided here.

mod commands;

use bellhop::app::{self, Role as ServerRole};
use bellhop::connectors::house::import::COLUMNS_HELP;
use bellhop::domain::people::{Role, Scope};
use bellhop::lab::chaos::{Fault, Plant};
use bellhop::lab::{self, bench};
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// The C library's allocator took a sixth of a turn.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An AI concierge for hotels.
///
/// Exit codes: 0 good, 1 failed, 2 wrong usage or configuration.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open a hotel to try: makes it once and starts everything on SQLite, without network, key or server.
    Demo {
        /// Address and port.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Where database, key and logins are kept.
        #[arg(long, default_value = "./bellhop-data")]
        data: PathBuf,
        /// Begin anew: removes the demo's own files from --data, and refuses a folder that holds anything else.
        #[arg(long)]
        reset: bool,
    },
    /// Run the product; several nodes may share one PostgreSQL.
    ///
    /// On SQLite the tables are brought up to date at the start; on PostgreSQL run `bellhop migrate` first.
    Serve {
        #[command(flatten)]
        config: ConfigArg,
        /// What this node does.
        #[arg(long, value_enum, default_value = "all")]
        role: RoleArg,
    },
    /// Bring the database's tables up to date.
    Migrate {
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Say what is wrong with the configuration and how to mend it; exit 2 when it is wrong.
    CheckConfig {
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Staff.
    #[command(subcommand)]
    User(UserCommand),
    /// Keys of the API.
    #[command(subcommand)]
    ApiKey(ApiKeyCommand),
    /// Bring in what another system knows.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Copy a SQLite database, also while it is served; PostgreSQL has pg_dump.
    Backup {
        #[command(flatten)]
        config: ConfigArg,
        /// The copy; no file may stand there.
        path: PathBuf,
    },
    /// Fill a database with a large hotel, for measuring.
    Seed {
        #[command(flatten)]
        config: ConfigArg,
        #[arg(long, default_value_t = 1_000)]
        conversations: u64,
        /// In all of them together.
        #[arg(long, default_value_t = 10_000)]
        messages: u64,
    },
    /// Measure speed: server, database, and stub model with load, as processes of their own on 127.0.0.1.
    ///
    /// A turn counts when its reply has been read and the database agrees. Uses a database of its own and removes it.
    Bench(BenchArgs),
    /// The stub model and the guests of a bench; started by it.
    #[command(hide = true)]
    BenchLoad {
        #[arg(long)]
        model_latency_ms: u64,
    },
    /// Simulate hotel days in which everything goes wrong that can, and check what is promised; exit 1 on a violation.
    Chaos(ChaosArgs),
    /// Run one deterministic part over labelled rows and print its figures as JSON.
    Measure {
        #[arg(value_parser = PossibleValuesParser::new(lab::measure::TASKS))]
        task: String,
        /// One JSON object per line, each with an `id`.
        file: PathBuf,
        /// Where to write one prediction per row.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Args)]
struct BenchArgs {
    /// Of the closed loop, where each guest's next turn begins when the one before was answered.
    #[arg(long, default_value_t = 10_000)]
    turns: u32,
    /// Guests who write at the same time.
    #[arg(long, default_value_t = 64)]
    concurrency: u32,
    /// How long the stub model thinks before each answer.
    #[arg(long, default_value_t = 0)]
    model_latency_ms: u64,
    /// sqlite, or a PostgreSQL (postgres://…) in which a schema is made and dropped again.
    #[arg(long, default_value = "sqlite")]
    database: String,
    /// Servers on that one database, PostgreSQL only; guests are spread over them.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=16))]
    nodes: u32,
    #[arg(long, value_enum, default_value = "webchat")]
    channel: ChannelArg,
    /// Processors of the server, as taskset takes them; empty: any.
    #[arg(long, default_value = "0")]
    server_cpus: String,
    /// Processors of the stub model and the guests.
    #[arg(long, default_value = "1")]
    load_cpus: String,
    /// After so many turns another guest takes the place.
    #[arg(long, default_value_t = 8)]
    turns_per_guest: u32,
    /// Conversations that are there before, with --seed-messages in all of them.
    #[arg(long, default_value_t = 0)]
    seed_conversations: u64,
    #[arg(long, default_value_t = 0)]
    seed_messages: u64,
    /// Where the run's own folder is made and removed again: on the disk that is to be measured.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
    /// Only the closed loop.
    #[arg(long)]
    quick: bool,
    /// Another build of Bellhop to be measured, for comparison; default: this program.
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
    /// Write the figures here, too.
    #[arg(long, value_name = "PATH")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum ChannelArg {
    Webchat,
    Sms,
}

impl From<BenchArgs> for bench::Options {
    fn from(args: BenchArgs) -> Self {
        bench::Options {
            turns: args.turns,
            concurrency: args.concurrency.max(1),
            model_latency_ms: args.model_latency_ms,
            database: args.database,
            nodes: args.nodes,
            channel: match args.channel {
                ChannelArg::Webchat => bench::Channel::Webchat,
                ChannelArg::Sms => bench::Channel::Sms,
            },
            server_cpus: args.server_cpus,
            load_cpus: args.load_cpus,
            turns_per_guest: args.turns_per_guest.max(1),
            seed: (args.seed_conversations, args.seed_messages),
            folder: args.folder,
            json: args.json,
            quick: args.quick,
            program: args.program,
        }
    }
}

#[derive(Args)]
struct ChaosArgs {
    /// The first seed; the same seed goes the same way.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seeds, from the first on.
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// How many turns guests take, all seeds together.
    #[arg(long, default_value_t = 10_000)]
    turns: u64,
    /// An empty database to run on, `postgres://…` or `sqlite:…`; default: a file of its own for each seed.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How many seeds run at the same time.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Plant a known mistake, which has to be found.
    #[arg(long, value_parser = PossibleValuesParser::new(Plant::ALL.iter().map(|plant| plant.as_str())))]
    plant: Option<String>,
    /// Leave a fault out, to see which one a violation takes; may be given several times.
    #[arg(long, value_parser = PossibleValuesParser::new(Fault::ALL.iter().map(|fault| fault.as_str())))]
    without: Vec<String>,
    /// Print one JSON object in place of the text.
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add a member of staff; the password is printed once.
    Add {
        #[command(flatten)]
        config: ConfigArg,
        #[arg(long)]
        email: String,
        /// As colleagues see it; default: the mail address.
        #[arg(long)]
        name: Option<String>,
        /// Agents work in the inbox; managers edit what the hotel says and sells; admins also people and accounts.
        #[arg(long, value_parser = PossibleValuesParser::new(Role::ALL.iter().map(|role| role.as_str())))]
        role: String,
        /// The one property where the role counts; default: all.
        #[arg(long)]
        property: Option<String>,
    },
}

#[derive(Subcommand)]
enum ApiKeyCommand {
    /// Add a key; it is printed once.
    Add {
        #[command(flatten)]
        config: ConfigArg,
        /// What it is for.
        #[arg(long)]
        name: String,
        /// read, write, admin: each includes those before it.
        #[arg(long, required = true, value_delimiter = ',',
              value_parser = PossibleValuesParser::new(Scope::ALL.iter().map(|scope| scope.as_str())))]
        scopes: Vec<String>,
        /// The one property that it reaches; default: all.
        #[arg(long)]
        property: Option<String>,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Read an arrivals list, for hotels whose stays Bellhop keeps itself; with one fault in it, nothing is imported.
    #[command(after_help = COLUMNS_HELP)]
    Stays {
        #[command(flatten)]
        config: ConfigArg,
        /// The property's name in addresses.
        #[arg(long)]
        property: String,
        /// CSV with a header line.
        file: PathBuf,
        /// Only tell what would be done.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Args)]
struct ConfigArg {
    /// The configuration file; default: bellhop.toml in this folder, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    /// Both of the others.
    All,
    /// Pages, API and webhooks.
    Web,
    /// Answering and sending.
    Worker,
}

impl From<RoleArg> for ServerRole {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::All => ServerRole::All,
            RoleArg::Web => ServerRole::Web,
            RoleArg::Worker => ServerRole::Worker,
        }
    }
}

/// The command was understood, and the configuration or its arguments are wrong; told on standard error.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Wrong(String);

fn main() -> ExitCode {
    let command = Cli::parse().command;
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(if error.is::<Wrong>() { 2 } else { 1 })
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Chaos(args) => chaos(args),
        Command::Measure { task, file, out } => lab::measure::run(&task, &file, out.as_deref()),
        Command::Seed { config, conversations, messages } => {
            in_runtime(commands::seed(config.config, conversations, messages))
        }
        Command::Bench(args) => in_runtime(bench::run(args.into(), app::stop_signal())),
        Command::BenchLoad { model_latency_ms } => {
            let load = bench::serve_load(Duration::from_millis(model_latency_ms));
            // One processor is what the load is given; threads would only hand over to each other.
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(load)
        }
        Command::Demo { listen, data, reset } => in_runtime(commands::demo(listen, data, reset)),
        Command::CheckConfig { config } => commands::check_config(config.config),
        Command::Serve { config, role } => in_runtime(commands::serve(config.config, role.into())),
        Command::Migrate { config } => in_runtime(commands::migrate(config.config)),
        Command::Backup { config, path } => in_runtime(commands::backup(config.config, path)),
        Command::User(UserCommand::Add { config, email, name, role, property }) => {
            in_runtime(commands::add_user(config.config, email, name, role.parse()?, property))
        }
        Command::ApiKey(ApiKeyCommand::Add { config, name, scopes, property }) => {
            let scopes = scopes.iter().map(|scope| scope.parse()).collect::<Result<Vec<Scope>, _>>()?;
            let scope = scopes.into_iter().max().unwrap_or(Scope::Read);
            in_runtime(commands::add_key(config.config, name, scope, property))
        }
        Command::Import(ImportCommand::Stays { config, property, file, dry_run }) => {
            in_runtime(commands::import_stays(config.config, property, file, dry_run))
        }
    }
}

fn chaos(args: ChaosArgs) -> anyhow::Result<()> {
    let ChaosArgs { seed, seeds, turns, database, jobs, plant, without, json } = args;
    let plant = plant.map(|name| name.parse()).transpose()?;
    let without = without.iter().map(|name| name.parse()).collect::<Result<Vec<Fault>, _>>()?;
    let report =
        lab::chaos::run(&lab::chaos::Options { seed, seeds, turns, database, jobs, plant, without })?;
    match json {
        true => println!("{:#}", report.as_json()),
        false => println!("{report}"),
    }
    match report.violations.len() {
        0 => Ok(()),
        count => anyhow::bail!("{count} violations"),
    }
}

fn in_runtime<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
