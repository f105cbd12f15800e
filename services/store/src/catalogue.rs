//! Versions of the catalogue, as adopted.

use jiff::Timestamp;
use sqlx::Row;

use crate::tx::time;
use crate::{Store, StoreError};

/// One adopted version; its files are kept whole, so that every decision can be explained later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueRow {
    /// Its name.
    pub version: String,
    /// Day it takes force, `YYYY-MM-DD`.
    pub effective_from: String,
    /// SHA-256 over its files, hex.
    pub digest: String,
    /// When it was adopted.
    pub adopted_at: Timestamp,
    /// The record as it went over the log.
    pub files: Vec<u8>,
}

impl Store {
    /// Keeps a version; false when a version of that name is kept already.
    ///
    /// # Errors
    /// What the database said.
    pub async fn put_catalogue(&self, row: &CatalogueRow) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "insert into catalogue_version (version, effective_from, digest, adopted_at, files) values ($1, $2, $3, $4, $5) on conflict do nothing";
        let done = sqlx::query(sql)
            .bind(&row.version)
            .bind(&row.effective_from)
            .bind(&row.digest)
            .bind(row.adopted_at.as_microsecond())
            .bind(row.files.clone())
            .execute(&mut *tx.tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// All versions, in the order they take force.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn catalogues(&self) -> Result<Vec<CatalogueRow>, StoreError> {
        let sql = "select * from catalogue_version order by effective_from, adopted_at, version";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let version: String = row.try_get("version")?;
                Ok(CatalogueRow {
                    effective_from: row.try_get("effective_from")?,
                    digest: row.try_get("digest")?,
                    adopted_at: time(row.try_get("adopted_at")?, "catalogue_version", "adopted_at", &version)?,
                    files: row.try_get("files")?,
                    version,
                })
            })
            .collect()
    }
}
