//! A node under test.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Child;

use crate::program::workspace;
use crate::{Client, Program, eventually};

/// How a node is run.
#[derive(Clone, Debug, Default)]
pub struct NodeOptions {
    /// Where its data is, when not in a directory of its own.
    pub data: Option<PathBuf>,
    /// Further lines of its configuration, such as `[log]` and `[store]`.
    pub config: String,
    /// Roles, separated by commas; all when empty.
    pub roles: String,
}

/// A directory with a node's configuration and data, and its process while it runs.
///
/// The directory goes with it, and so does the process.
#[derive(Debug)]
pub struct Node {
    directory: TempDir,
    data: PathBuf,
    roles: String,
    child: Option<Child>,
}

impl Node {
    /// Prepares a node with the shipped catalogue; it does not run yet.
    ///
    /// # Errors
    /// Its directory cannot be made.
    pub fn prepare(options: NodeOptions) -> Result<Node> {
        let directory = tempfile::tempdir()?;
        let data = options.data.unwrap_or_else(|| directory.path().join("data"));
        let catalogue = workspace().join("deploy/catalogue/jiangxi");
        let (tables, fields): (Vec<&str>, Vec<&str>) = match options.config.find('[') {
            Some(at) => {
                (vec![options.config.get(at..).unwrap_or_default()], vec![options.config.get(..at).unwrap_or_default()])
            }
            None => (Vec::new(), vec![options.config.as_str()]),
        };
        let config = format!(
            "listen = \"127.0.0.1:0\"\ndata = {data:?}\n{}\n[catalogue]\ndirectory = {catalogue:?}\n{}\n",
            fields.concat(),
            tables.concat()
        );
        std::fs::write(directory.path().join("config.toml"), config)?;
        Ok(Node { directory, data, roles: options.roles, child: None })
    }

    /// An embedded node in a directory of its own, running.
    ///
    /// # Errors
    /// It does not come up.
    pub async fn start() -> Result<Node> {
        let mut node = Node::prepare(NodeOptions::default())?;
        node.run().await?;
        Ok(node)
    }

    /// Starts its process and waits until it is ready, when it has an API.
    ///
    /// # Errors
    /// It ended, or does not become ready; with its messages.
    pub async fn run(&mut self) -> Result<()> {
        let mut arguments = vec!["run".to_owned(), "--config".to_owned(), self.config()];
        if !self.roles.is_empty() {
            arguments.extend(["--role".to_owned(), self.roles.clone()]);
        }
        let child = Program::huiyin(arguments)?.start(&self.messages_file())?;
        let pid = child.id().context("it ended at once")?;
        self.child = Some(child);
        if !self.roles.is_empty() && !self.roles.contains("api") {
            return Ok(());
        }
        eventually("the node to be ready", async || {
            if let Some(status) = self.child.as_mut().map(Child::try_wait).transpose()?.flatten() {
                bail!("the node ended with {status}:\n{}", self.messages());
            }
            let Ok(file) = self.file() else { return Ok(None) };
            // A node that was killed left its file behind.
            if file["pid"].as_u64() != Some(u64::from(pid)) {
                return Ok(None);
            }
            let client = Client::new(file["url"].as_str().unwrap_or_default(), "")?;
            Ok(client.get("/readyz").await.ok().filter(|answer| answer.status == 200).map(drop))
        })
        .await
        .with_context(|| self.messages())
    }

    /// Ends it as a power cut would.
    ///
    /// # Errors
    /// It does not run.
    pub async fn kill(&mut self) -> Result<()> {
        let mut child = self.child.take().context("the node does not run")?;
        child.kill().await?;
        Ok(())
    }

    /// Tells it to stop and waits until it has.
    ///
    /// # Errors
    /// It does not run, or does not end well; with its messages.
    pub async fn stop(&mut self) -> Result<()> {
        let mut child = self.child.take().context("the node does not run")?;
        let pid = child.id().context("the node ended before it was told to")?;
        Program::new("kill".as_ref(), ["-TERM", &pid.to_string()]).succeed().await?;
        let status = child.wait().await?;
        ensure!(status.success(), "the node ended with {status}:\n{}", self.messages());
        Ok(())
    }

    /// A client with the token of `node.json`, which may push.
    ///
    /// # Errors
    /// It does not run.
    pub fn pusher(&self) -> Result<Client> {
        let file = self.file()?;
        self.client_with(file["token"].as_str().unwrap_or_default())
    }

    /// A client with this token.
    ///
    /// # Errors
    /// It does not run.
    pub fn client_with(&self, token: &str) -> Result<Client> {
        Client::new(&self.url()?, token)
    }

    /// A client with a fresh token of this role; a liaison's needs a unit.
    ///
    /// # Errors
    /// The token cannot be made.
    pub async fn client_as(&self, name: &str, role: &str, unit: Option<&str>) -> Result<Client> {
        self.client_with(&self.token(name, role, unit).await?)
    }

    /// A fresh token of this role that may push as well.
    ///
    /// # Errors
    /// It cannot be made.
    pub async fn token(&self, name: &str, role: &str, unit: Option<&str>) -> Result<String> {
        let mut arguments = vec!["token", "add", name, "--role", role];
        match unit {
            Some(unit) => arguments.extend(["--unit", unit]),
            None => arguments.push("--push"),
        }
        let made = self.command(&arguments).await?;
        Ok(made["token"].as_str().context("no token")?.to_owned())
    }

    /// Address of its API.
    ///
    /// # Errors
    /// It does not run.
    pub fn url(&self) -> Result<String> {
        Ok(self.file()?["url"].as_str().context("node.json has no url")?.to_owned())
    }

    /// Runs a command of the binary on this node and gives back its result.
    ///
    /// # Errors
    /// It failed.
    pub async fn command(&self, arguments: &[&str]) -> Result<Value> {
        self.program(arguments)?.succeed().await?.json()
    }

    /// A command of the binary on this node.
    ///
    /// # Errors
    /// The binary has not been built.
    pub fn program(&self, arguments: &[&str]) -> Result<Program> {
        let config = self.config();
        Program::huiyin(arguments.iter().copied().chain(["--config", config.as_str()]))
    }

    /// The figures of the installation.
    ///
    /// # Errors
    /// They cannot be had.
    pub async fn counts(&self) -> Result<Value> {
        self.command(&["counts"]).await
    }

    /// Waits until `posts` are in the ledger or dead letters, and gives the figures.
    ///
    /// # Errors
    /// They never are.
    pub async fn settled(&self, posts: u64) -> Result<Value> {
        let what = format!("{posts} posts in the ledger");
        let mut last = Value::Null;
        let found = eventually(&what, async || {
            last = self.counts().await?;
            let done = number(&last, "posts") + number(&last, "dead_letters") >= posts;
            Ok(done.then(|| last.clone()))
        });
        let found = found.await;
        found.with_context(|| format!("counts: {last}\n{}", self.messages()))
    }

    /// Its directory for data.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A directory beside the data that goes with the node.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The end of what it said so far.
    #[must_use]
    pub fn messages(&self) -> String {
        let text = std::fs::read_to_string(self.messages_file()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(40)..).unwrap_or_default().join("\n")
    }

    fn messages_file(&self) -> PathBuf {
        self.directory.path().join("messages.log")
    }

    fn config(&self) -> String {
        self.directory.path().join("config.toml").to_string_lossy().into_owned()
    }

    fn file(&self) -> Result<Value> {
        let file = self.data.join("node.json");
        Ok(serde_json::from_slice(
            &std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?,
        )?)
    }
}

fn number(counts: &Value, field: &str) -> u64 {
    counts[field].as_u64().unwrap_or_default()
}
