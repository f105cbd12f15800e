//! The Word briefing as PDF, page for page, by the office suite of the machine.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::Command;

/// Names LibreOffice goes by.
const PROGRAMS: [&str; 2] = ["soffice", "libreoffice"];
/// A briefing takes seconds; an office suite that asks something in a window takes for ever.
const TIME_MAX: Duration = Duration::from_secs(180);

/// Makes the PDF beside a Word file and gives its path.
///
/// # Errors
/// No office suite is installed, or it made nothing; with the remedy.
pub(super) async fn of_word(word: &Path) -> anyhow::Result<PathBuf> {
    let Some(directory) = word.parent() else { bail!("{}: lies in no directory", word.display()) };
    let pdf = word.with_extension("pdf");
    // One of an earlier run would pass for this one's.
    if pdf.exists() {
        std::fs::remove_file(&pdf).with_context(|| format!("{}: cannot be replaced", pdf.display()))?;
    }
    // A profile of its own: another window of the suite, or a first start, must not come between.
    let profile = tempfile::tempdir().context("a directory for the office suite")?;
    let mut problem = None;
    for program in PROGRAMS {
        let mut command = Command::new(program);
        command
            .arg(format!("-env:UserInstallation=file://{}", profile.path().display()))
            .args(["--headless", "--norestore", "--convert-to", "pdf", "--outdir"])
            .args([directory, word])
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let output = match tokio::time::timeout(TIME_MAX, command.output()).await {
            Ok(Ok(output)) => output,
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Ok(Err(error)) => return Err(error).with_context(|| program.to_owned()),
            Err(_) => {
                bail!("{program} did not end within {} s; open the Word file and save it as PDF", TIME_MAX.as_secs())
            }
        };
        if output.status.success() && pdf.is_file() {
            return Ok(pdf);
        }
        problem = Some(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    match problem {
        Some(problem) => bail!("{problem}; open the Word file and save it as PDF"),
        None => bail!("LibreOffice (soffice) is not installed; install it, or open the Word file and save it as PDF"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_no_word_file_says_what_to_do() {
        let directory = tempfile::tempdir().unwrap();
        let error = of_word(&directory.path().join("missing.docx")).await.unwrap_err();
        assert!(error.to_string().contains("PDF"), "{error:#}");
    }
}
