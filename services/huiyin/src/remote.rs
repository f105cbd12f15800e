//! How commands find a node that is running on the same data directory.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use huiyin_store::{Store, Token};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::random;
use crate::node::node_file;

/// Tokens of this prefix belong to running nodes and are revoked at the next start.
const LOCAL: &str = "local-";

/// What a running node says of itself, readable by its owner alone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NodeFile {
    /// Where it answers.
    pub(crate) url: String,
    /// Its process.
    pub(crate) pid: u32,
    /// A token that may push posts.
    pub(crate) token: String,
}

/// What was announced, to be taken back.
pub(crate) struct Announced {
    file: PathBuf,
    token: String,
}

impl Announced {
    /// Takes the announcement back.
    pub(crate) async fn withdraw(self, store: &Store, at: Timestamp) {
        if let Err(error) = store.revoke_token(&self.token, at).await {
            tracing::warn!(%error, "the node's own token was not revoked; the next start does it");
        }
        if let Err(error) = std::fs::remove_file(&self.file) {
            tracing::warn!(file = %self.file.display(), %error, "not removed");
        }
    }
}

/// A fresh secret for a token, and its digest.
pub(crate) fn secret() -> (String, [u8; 32]) {
    let secret = format!("hy_{}", hex::encode(random()));
    let digest = Sha256::digest(secret.as_bytes()).into();
    (secret, digest)
}

/// Writes `node.json`, with a token for commands on this machine.
///
/// # Errors
/// Says which file cannot be written.
pub(crate) async fn announce(data: &Path, url: &str, store: &Store, now: Timestamp) -> anyhow::Result<Announced> {
    for old in store.token_list().await? {
        if old.name.starts_with(LOCAL) && old.revoked_at.is_none() {
            store.revoke_token(&old.name, now).await?;
        }
    }
    let (token, digest) = secret();
    let name = format!("{LOCAL}{}", hex::encode(digest.iter().take(6).copied().collect::<Vec<u8>>()));
    let row =
        Token { name: name.clone(), digest, role: None, unit: None, may_push: true, created_at: now, revoked_at: None };
    store.put_token(&row).await?;
    let file = node_file(data);
    let text = serde_json::to_string(&NodeFile { url: url.into(), pid: std::process::id(), token })?;
    let fresh = file.with_extension("json.new");
    let write = || -> std::io::Result<()> {
        let mut out = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(&fresh, &file)
    };
    write().with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(Announced { file, token: name })
}

/// The node running on `data`, if its process still is.
///
/// # Errors
/// Says what is wrong with a `node.json` that cannot be read.
pub(crate) fn running(data: &Path) -> anyhow::Result<Option<NodeFile>> {
    let file = node_file(data);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{}: run as the node's own user", file.display())),
    };
    let Ok(found) = serde_json::from_str::<NodeFile>(&text) else {
        bail!("{}: not what a node writes; remove it if no node is running", file.display());
    };
    // A node that was killed leaves its file behind.
    let alive = Path::new("/proc").join(found.pid.to_string()).join("comm");
    let name = std::fs::read_to_string(alive).unwrap_or_default();
    Ok(name.trim().starts_with("huiyin").then_some(found))
}
