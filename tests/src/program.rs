//! The binary, run as a child process.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// The directory of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("/"))
}

/// The built binary: `HUIYIN_TEST_BINARY`, or `target/debug/huiyin` of the workspace.
///
/// # Errors
/// It has not been built.
pub fn binary() -> Result<PathBuf> {
    let path = match std::env::var_os("HUIYIN_TEST_BINARY") {
        Some(path) => PathBuf::from(path),
        None => workspace().join("target/debug/huiyin"),
    };
    ensure!(path.is_file(), "{} is missing; build it first: cargo build -p huiyin", path.display());
    Ok(path)
}

/// One run of the binary to come.
#[derive(Debug)]
pub struct Program {
    command: Command,
    shown: String,
    input: Vec<u8>,
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Finished {
    shown: String,
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed as its result.
    pub stdout: String,
    /// Its messages.
    pub stderr: String,
}

impl Program {
    /// The binary with these arguments, in the directory of the workspace.
    ///
    /// # Errors
    /// It has not been built.
    pub fn huiyin<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Result<Program> {
        Ok(Program::new(binary()?.as_os_str(), arguments))
    }

    /// Another program.
    pub fn new<A: AsRef<OsStr>>(program: &OsStr, arguments: impl IntoIterator<Item = A>) -> Program {
        let mut command = Command::new(program);
        let mut shown = Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned();
        for argument in arguments {
            shown = format!("{shown} {}", argument.as_ref().to_string_lossy());
            command.arg(argument);
        }
        command.current_dir(workspace()).stdin(Stdio::null()).kill_on_drop(true);
        Program { command, shown, input: Vec::new() }
    }

    /// With an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &OsStr) -> Program {
        self.command.env(name, value);
        self
    }

    /// With this on its standard input.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Program {
        self.input = bytes.into();
        self
    }

    /// Runs it to its end, however that is.
    ///
    /// # Errors
    /// It could not be started.
    pub async fn finish(mut self) -> Result<Finished> {
        if !self.input.is_empty() {
            self.command.stdin(Stdio::piped());
        }
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().with_context(|| format!("starting {}", self.shown))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ends before it read everything is not at fault here; its status says what it made of it.
            let _ = stdin.write_all(&self.input).await;
        }
        let output = child.wait_with_output().await.with_context(|| format!("running {}", self.shown))?;
        Ok(Finished {
            shown: self.shown,
            status: output.status,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Runs it to its end, which has to be a good one.
    ///
    /// # Errors
    /// It failed; with its messages.
    pub async fn succeed(self) -> Result<Finished> {
        let finished = self.finish().await?;
        if !finished.status.success() {
            bail!("{} ended with {}:\n{}{}", finished.shown, finished.status, finished.stdout, finished.stderr);
        }
        Ok(finished)
    }

    /// Starts it with its messages going to a file.
    ///
    /// # Errors
    /// It could not be started.
    pub fn start(mut self, messages: &Path) -> Result<Child> {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(messages)?;
        self.command.stdout(file.try_clone()?).stderr(file);
        self.command.spawn().with_context(|| format!("starting {}", self.shown))
    }
}

impl Finished {
    /// The result: what was printed, or the last line of it, as JSON.
    ///
    /// # Errors
    /// It is not JSON.
    pub fn json(&self) -> Result<Value> {
        let last = self.stdout.trim().lines().last().unwrap_or_default();
        let whole = serde_json::from_str(&self.stdout);
        whole
            .or_else(|_| serde_json::from_str(last))
            .with_context(|| format!("{} printed no JSON:\n{}", self.shown, self.stdout))
    }
}
