//! The index: opened, or begun anew where it cannot be used.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use huiyin_text::Segmenter;
use serde::{Deserialize, Serialize};
use tantivy::schema::Schema;
use tantivy::tokenizer::{TextAnalyzer, TokenizerManager};
use tantivy::{Index, IndexReader, ReloadPolicy};

use crate::cut::{Characters, Words};
use crate::schema::{CHARACTERS, Fields, SCHEMA_VERSION, WORDS, schema};
use crate::{SearchError, Writer, writer};

/// Blocks of stored documents kept in memory for each segment, 16 KiB each.
const STORED_BLOCKS_MAX: usize = 16;

/// An index of posts and matters; share it by `Arc`. What [`Writer::commit`] has written is found from then on.
pub struct Search {
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    pub(crate) segmenter: Segmenter,
    positions: RwLock<Positions>,
    /// The index this one replaces, until it is built.
    pub(crate) replaced: Option<PathBuf>,
}

/// Up to where the index follows its sources; committed with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Positions {
    /// Key of the last post read; 0 before the first.
    pub posts: i64,
    /// Number of the last ledger entry read; 0 before the first.
    pub entries: u64,
    /// It once held everything there was: from then on it is searched.
    pub built: bool,
}

/// What is written with each commit.
#[derive(Serialize, Deserialize)]
struct Payload {
    schema: u32,
    positions: Positions,
}

impl Search {
    /// Opens the index in `directory`. One that is missing, damaged or of another schema is begun anew and empty; the
    /// damaged directory is moved aside until the new one is built, then removed: it holds texts that may be erased
    /// meanwhile. Reads the whole index once to check it (1 to 2 s for a gigabyte).
    ///
    /// # Errors
    /// [`SearchError::Directory`] when the directory can be neither used nor made.
    pub fn open(directory: &Path, segmenter: &Segmenter) -> Result<Search, SearchError> {
        let aside = directory.with_extension("damaged");
        match existing(directory) {
            Ok(Some((index, positions))) => match Search::over(index, segmenter, positions) {
                Ok(search) => return Ok(search),
                Err(error) => tracing::warn!(%error, "the search index cannot be read and is built anew"),
            },
            Ok(None) => {}
            Err(fault) => tracing::warn!(fault, "the search index is built anew"),
        }
        if directory.exists() {
            if aside.exists() {
                std::fs::remove_dir_all(&aside).map_err(SearchError::Directory)?;
            }
            std::fs::rename(directory, &aside).map_err(SearchError::Directory)?;
        }
        std::fs::create_dir_all(directory).map_err(SearchError::Directory)?;
        let (schema, _) = schema();
        let index = Index::create_in_dir(directory, schema)?;
        // From here on the directory is a whole index, if an empty one.
        writer::begin(&index)?;
        let mut search = Search::over(index, segmenter, Positions::default())?;
        search.replaced = Some(aside);
        Ok(search)
    }

    /// An empty index in memory: for tests and measuring.
    ///
    /// # Errors
    /// [`SearchError::Index`]
    pub fn open_in_memory(segmenter: &Segmenter) -> Result<Search, SearchError> {
        let (schema, _) = schema();
        Search::over(Index::create_in_ram(schema), segmenter, Positions::default())
    }

    fn over(mut index: Index, segmenter: &Segmenter, positions: Positions) -> Result<Search, SearchError> {
        index.set_tokenizers(tokenizers(segmenter));
        let reader = index
            .reader_builder()
            // Read anew after each commit of our own writer: no thread watches the directory.
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(STORED_BLOCKS_MAX)
            .try_into()?;
        let (_, fields) = schema();
        let segmenter = segmenter.clone();
        Ok(Search { index, reader, fields, segmenter, positions: RwLock::new(positions), replaced: None })
    }

    /// The one writer; a second is refused while it lives.
    ///
    /// # Errors
    /// [`SearchError::Busy`], or what the index said.
    pub fn writer(self: &Arc<Self>) -> Result<Writer, SearchError> {
        Writer::new(self.clone())
    }

    /// Up to where the index follows its sources, as last committed.
    pub fn positions(&self) -> Positions {
        *self.positions.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// It once held everything there was, and may be searched.
    pub fn is_built(&self) -> bool {
        self.positions().built
    }

    /// Documents in it.
    pub fn documents(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Shows what was committed to those who search.
    pub(crate) fn committed(&self, positions: Positions) -> Result<(), SearchError> {
        self.reader.reload()?;
        *self.positions.write().unwrap_or_else(PoisonError::into_inner) = positions;
        Ok(())
    }
}

/// The text committed with the positions.
pub(crate) fn payload(positions: Positions) -> String {
    serde_json::json!(Payload { schema: SCHEMA_VERSION, positions }).to_string()
}

fn tokenizers(segmenter: &Segmenter) -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(WORDS, TextAnalyzer::from(Words(segmenter.clone())));
    manager.register(CHARACTERS, TextAnalyzer::from(Characters));
    manager
}

/// The index of a directory; none where there is none; what is wrong where it cannot be used.
fn existing(directory: &Path) -> Result<Option<(Index, Positions)>, String> {
    if !directory.exists() {
        return Ok(None);
    }
    let index = Index::open_in_dir(directory).map_err(|error| error.to_string())?;
    let ours: Schema = schema().0;
    if index.schema() != ours {
        return Err("it has another schema".into());
    }
    let metas = index.load_metas().map_err(|error| error.to_string())?;
    let payload: Option<Payload> = metas.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let Some(payload) = payload.filter(|payload| payload.schema == SCHEMA_VERSION) else {
        return Err("it is of another version".into());
    };
    let damaged = index.validate_checksum().map_err(|error| error.to_string())?;
    if !damaged.is_empty() {
        return Err(format!("{} of its files are damaged", damaged.len()));
    }
    Ok(Some((index, payload.positions)))
}
