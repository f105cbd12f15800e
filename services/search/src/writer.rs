//! The one writer of an index.

use std::sync::Arc;

use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index, IndexWriter, Term};

use crate::index::payload;
use crate::{Document, Item, Positions, Search, SearchError};

/// Memory for documents that are not yet written out, in bytes.
const HEAP_BYTES: usize = 50_000_000;

/// Puts documents in and takes them out. Nothing of it is found, and nothing survives, before [`Writer::commit`].
pub struct Writer {
    search: Arc<Search>,
    writer: IndexWriter,
}

impl Writer {
    pub(crate) fn new(search: Arc<Search>) -> Result<Writer, SearchError> {
        let writer = open(&search.index)?;
        Ok(Writer { search, writer })
    }

    /// Puts a document in, over the one of the same post or matter.
    ///
    /// # Errors
    /// What the index said: the writer is of no use any more, make another one.
    pub fn put(&mut self, document: &Document) -> Result<(), SearchError> {
        self.remove(&document.item);
        self.writer.add_document(self.search.fields.document(document))?;
        Ok(())
    }

    /// Takes the document of a post or matter out, if there is one.
    pub fn remove(&mut self, item: &Item) {
        self.writer.delete_term(Term::from_field_text(self.search.fields.key, &item.key()));
    }

    /// Takes everything out: the sources are others than those the index followed.
    ///
    /// # Errors
    /// What the index said.
    pub fn restart(&mut self) -> Result<(), SearchError> {
        self.writer.delete_all_documents()?;
        self.commit(Positions::default())
    }

    /// Makes it durable and visible, and the positions with it.
    ///
    /// # Errors
    /// What the index said: nothing since the last commit is kept, make another writer and read on from its positions.
    pub fn commit(&mut self, positions: Positions) -> Result<(), SearchError> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&payload(positions));
        prepared.commit()?;
        self.search.committed(positions)?;
        if let Some(replaced) = self.search.replaced.as_ref().filter(|replaced| positions.built && replaced.exists())
            && let Err(error) = std::fs::remove_dir_all(replaced)
        {
            tracing::warn!(%error, "the damaged search index could not be removed; remove it by hand");
        }
        Ok(())
    }

    /// Rewrites what holds documents taken out, so that nothing of erased texts is left in any file. To be called after
    /// [`Writer::commit`]; otherwise it happens at some later merge.
    ///
    /// # Errors
    /// What the index said; to be called again.
    pub fn purge(&mut self) -> Result<(), SearchError> {
        // Only the ids are kept: files of a segment stay as long as anybody holds what describes it.
        let metas = self.search.index.searchable_segment_metas()?.into_iter();
        let holding: Vec<_> = metas.filter(|meta| meta.num_deleted_docs() > 0).map(|meta| meta.id()).collect();
        for segment in holding {
            // A merge of the writer's own may be at the same segment and rewrites it as well: then there is nothing to do.
            if let Err(error) = self.writer.merge(&[segment]).wait() {
                tracing::debug!(%error, "a segment was merged meanwhile");
            }
        }
        self.search.committed(self.search.positions())?;
        self.writer.garbage_collect_files().wait()?;
        Ok(())
    }

    /// Ends the writer once merges under way are done; without it they are given up and done again later.
    ///
    /// # Errors
    /// What the index said.
    pub fn finish(self) -> Result<(), SearchError> {
        Ok(self.writer.wait_merging_threads()?)
    }
}

/// Writes the positions of an empty index.
pub(crate) fn begin(index: &Index) -> Result<(), SearchError> {
    let mut writer = open(index)?;
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&payload(Positions::default()));
    prepared.commit()?;
    Ok(())
}

fn open(index: &Index) -> Result<IndexWriter, SearchError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(HEAP_BYTES)
        .build();
    Ok(index.writer_with_options(options)?)
}
