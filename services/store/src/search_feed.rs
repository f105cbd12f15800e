//! What the search index reads: posts by key in their last revision, and matters by number.

use huiyin_domain::matter::Matter;
use huiyin_domain::{MatterNo, PostRef};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::matter::matter;
use crate::matter_filter::{Bind, push};
use crate::post::{SELECT, post};
use crate::{PAGE_ROWS_MAX, PostRow, Store, StoreError, bulk};

/// Posts read at once at most.
const POSTS_MAX: u32 = 1_000;
/// No later text of the post was received.
const LAST: &str =
    "not exists (select 1 from post n where n.source = p.source and n.id = p.id and n.revision > p.revision)";

/// A post in its last revision.
#[derive(Clone, Debug)]
pub struct KeyedPost {
    /// Rises with each revision stored, in the order of their transactions.
    pub key: i64,
    /// The post.
    pub post: PostRow,
}

impl Store {
    /// Up to `limit` posts after `key`, in order, each in its last revision: a follower misses none, since keys are given
    /// out under a lock that lasts until they are committed.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn posts_after(&self, key: i64, limit: u32) -> Result<Vec<KeyedPost>, StoreError> {
        let wheres = format!("p.key > $1 and {LAST} order by p.key limit $2");
        self.keyed(&wheres, vec![Bind::Number(key), Bind::Number(i64::from(limit.clamp(1, POSTS_MAX)))]).await
    }

    /// Up to `limit` posts after `key` that belong to a matter now, in order, each in its last revision.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn posts_of(&self, no: &MatterNo, key: i64, limit: u32) -> Result<Vec<KeyedPost>, StoreError> {
        let wheres = format!("s.matter = $1 and p.key > $2 and {LAST} order by p.key limit $3");
        let limit = Bind::Number(i64::from(limit.clamp(1, POSTS_MAX)));
        self.keyed(&wheres, vec![Bind::Text(no.to_string()), Bind::Number(key), limit]).await
    }

    /// Those of these posts that are stored, each in its last revision, in no order. At most [`PAGE_ROWS_MAX`] are asked for.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn posts_named(&self, posts: &[PostRef]) -> Result<Vec<PostRow>, StoreError> {
        let asked = posts.get(..PAGE_ROWS_MAX as usize).unwrap_or(posts);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut binds = Vec::new();
        let named = asked.iter().map(|post| {
            let source = push(&mut binds, Bind::Text(post.source.clone()));
            let id = push(&mut binds, Bind::Text(post.id.clone()));
            format!("(p.source = {source} and p.id = {id})")
        });
        let named = named.collect::<Vec<_>>().join(" or ");
        let found = self.keyed(&format!("({named}) and {LAST}"), binds).await?;
        Ok(found.into_iter().map(|keyed| keyed.post).collect())
    }

    /// Those of these matters that there are, by number.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn matters_numbered(&self, numbers: &[MatterNo]) -> Result<Vec<Matter>, StoreError> {
        let mut found = Vec::new();
        for chunk in numbers.chunks(100) {
            let sql = format!("select no, body from matter where no in ({}) order by no", bulk::list(1, chunk.len()));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for no in chunk {
                query = query.bind(no.as_str().to_owned());
            }
            for row in query.fetch_all(&self.pool).await? {
                found.push(matter(&row)?);
            }
        }
        Ok(found)
    }

    /// The last key of a post; 0 before the first.
    ///
    /// # Errors
    /// What the database said.
    pub async fn last_post_key(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("select coalesce(max(key), 0) as last from post").fetch_one(&self.pool).await?;
        Ok(row.try_get("last")?)
    }

    async fn keyed(&self, wheres: &str, binds: Vec<Bind>) -> Result<Vec<KeyedPost>, StoreError> {
        let mut query = sqlx::query(AssertSqlSafe(format!("{SELECT} where {wheres}")));
        for bind in binds {
            query = bind.onto(query);
        }
        query.fetch_all(&self.pool).await?.iter().map(keyed).collect()
    }
}

fn keyed(row: &AnyRow) -> Result<KeyedPost, StoreError> {
    Ok(KeyedPost { key: row.try_get("key")?, post: post(row)? })
}
