//! The file of the log: opened once, locked, and opened again after the disk failed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use redb::{Database, DatabaseError};

use crate::LogError;

/// Name of the one file in the log's directory.
const FILE: &str = "log.redb";

type Opener = Box<dyn Fn() -> Result<Database, DatabaseError> + Send + Sync>;

/// The database, and how to open it.
///
/// The storage engine refuses all work after an I/O error (a full disk is one) until it is opened anew, which brings
/// back the last committed state. Callers need not know: the call that failed reports it, the next one opens.
pub(super) struct LogFile {
    directory: PathBuf,
    opener: Opener,
    state: RwLock<State>,
}

enum State {
    Open(Database),
    /// It failed; the next call opens it again.
    Failed,
    Closed,
}

impl LogFile {
    /// Open or create the log in `directory` with a page cache of `cache_bytes`.
    pub(super) fn open(directory: &Path, cache_bytes: usize) -> Result<LogFile, LogError> {
        let path = directory.join(FILE);
        let refused = |source| LogError::Directory { directory: directory.to_owned(), source: Arc::new(source) };
        fs::create_dir_all(directory).map_err(refused)?;
        let file = LogFile::with_opener(
            directory,
            Box::new(move || {
                let mut builder = Database::builder();
                builder.set_cache_size(cache_bytes);
                builder.set_repair_callback(|session| {
                    tracing::info!(progress = session.progress(), "the log was not closed; checking it");
                });
                builder.create(&path)
            }),
        )?;
        // The new file's name must survive a power cut too.
        fs::File::open(directory).and_then(|opened| opened.sync_all()).map_err(refused)?;
        Ok(file)
    }

    pub(super) fn with_opener(directory: &Path, opener: Opener) -> Result<LogFile, LogError> {
        let file = LogFile { directory: directory.to_owned(), opener, state: RwLock::new(State::Failed) };
        file.reopen()?;
        Ok(file)
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Run `work` on the database. `doing` is a verb phrase for the error.
    pub(super) fn run<T>(
        &self,
        doing: &'static str,
        work: impl Fn(&Database) -> Result<T, redb::Error>,
    ) -> Result<T, LogError> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let outcome = match &*state {
            State::Open(database) => work(database),
            State::Closed => return Err(LogError::Closed),
            State::Failed => {
                drop(state);
                self.reopen()?;
                return self.run(doing, work);
            }
        };
        drop(state);
        outcome.map_err(|error| {
            if matches!(error, redb::Error::Io(_) | redb::Error::PreviousIo) {
                let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
                if matches!(*state, State::Open(_)) {
                    *state = State::Failed;
                }
            }
            self.explain(doing, error)
        })
    }

    /// Close the file once running transactions are done; every later call fails.
    pub(super) fn close(&self) -> Result<(), LogError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Closed) {
            State::Open(database) => database.close().map_err(|error| self.explain("be closed", error.into())),
            State::Failed | State::Closed => Ok(()),
        }
    }

    fn reopen(&self) -> Result<(), LogError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Failed) {
            let opened = (self.opener)();
            *state = State::Open(opened.map_err(|error| match error {
                DatabaseError::DatabaseAlreadyOpen => LogError::Locked { directory: self.directory.clone() },
                other => self.explain("be opened", other.into()),
            })?);
        }
        Ok(())
    }

    fn explain(&self, doing: &'static str, error: redb::Error) -> LogError {
        let io = match &error {
            redb::Error::Io(io) => Some(io.kind()),
            _ => None,
        };
        match io {
            Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => LogError::DiskFull { source: Arc::new(error) },
            Some(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotFound) => {
                LogError::Directory { directory: self.directory.clone(), source: Arc::new(error) }
            }
            _ => match error {
                redb::Error::Corrupted(what) => LogError::Damaged { what },
                other => LogError::Storage { doing, source: Arc::new(other) },
            },
        }
    }
}
