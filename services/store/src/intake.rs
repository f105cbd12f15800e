//! What intake reads and writes in bulk, inside its transaction.

use std::collections::BTreeMap;

use huiyin_domain::{MatterNo, PostRef};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use crate::post::{AssessmentRow, Fate};
use crate::tx::Tx;
use crate::{Dialect, StoreError, bulk};

/// A post about to be stored.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// Our running number, from [`Tx::numbers`].
    pub key: i64,
    /// Source and id.
    pub post: PostRef,
    /// Digest of its content.
    pub digest: String,
    /// 0 for the first text received.
    pub revision: u32,
    /// Masked title.
    pub title: String,
    /// Masked text.
    pub text: String,
    /// Link, or empty.
    pub url: String,
    /// Place as the source gave it, or empty.
    pub place: String,
    /// When it reached us.
    pub received_at: Timestamp,
    /// When its source published it.
    pub published_at: Option<Timestamp>,
    /// From a backfill.
    pub backfill: bool,
    /// How it ended.
    pub fate: Fate,
    /// Why set aside; empty otherwise.
    pub aside: String,
    /// Why, in Chinese.
    pub reason: String,
    /// 256 bytes.
    pub fingerprint: Vec<u8>,
    /// Keys by which others find it to be compared with; empty for posts nothing may join.
    pub keys: Vec<u64>,
    /// The machine's proposal.
    pub assessment: AssessmentRow,
}

/// What is stored of a (source, id).
#[derive(Clone, Debug, Default)]
pub struct PriorPost {
    /// Digests of its revisions so far.
    pub digests: Vec<String>,
    /// Set aside (every revision so far) or in a matter.
    pub matter: Option<MatterNo>,
}

/// A stored post that shares a key with one of the batch.
#[derive(Clone, Debug)]
pub struct KeyHit {
    /// Its running number.
    pub key: i64,
    /// Source and id.
    pub post: PostRef,
    /// The matter it belongs to.
    pub matter: MatterNo,
}

/// What grouping compares of a stored post.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Its running number.
    pub key: i64,
    /// Its fingerprint.
    pub fingerprint: Vec<u8>,
    /// Place as assessed; empty when none.
    pub place: String,
    /// Masked title.
    pub title: String,
    /// Masked text.
    pub text: String,
    /// When it reached us.
    pub received_at: Timestamp,
    /// When its source published it.
    pub published_at: Option<Timestamp>,
    /// From a backfill.
    pub backfill: bool,
}

/// Parameters of one `in (…)` list.
const LIST_MAX: usize = bulk::VALUES_MAX;

impl Tx {
    /// What is stored of each of `posts`; those never seen are left out.
    ///
    /// # Errors
    /// What the database said.
    pub async fn prior_posts(&mut self, posts: &[PostRef]) -> Result<BTreeMap<PostRef, PriorPost>, StoreError> {
        let mut found: BTreeMap<PostRef, PriorPost> = BTreeMap::new();
        for chunk in posts.chunks(LIST_MAX / 2) {
            let marks: Vec<String> =
                (0..chunk.len()).map(|row| format!("(${}, ${})", row * 2 + 1, row * 2 + 2)).collect();
            // SQLite wants `values` in front of a list of rows, PostgreSQL takes it too.
            let sql = format!("{} (values {})", include_str!("../queries/post/prior.sql"), marks.join(", "));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for post in chunk {
                query = query.bind(post.source.clone()).bind(post.id.clone());
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                let post = PostRef { source: row.try_get("source")?, id: row.try_get("id")? };
                let prior = found.entry(post).or_default();
                prior.digests.push(row.try_get("digest")?);
                prior.matter = row.try_get::<Option<String>, _>("matter")?.map(MatterNo::new);
            }
        }
        Ok(found)
    }

    /// Stored posts of matters that share a key with any of `keys`, by key and in the order stored: of each key the
    /// newest `posts_max`, however many there are: a letter sent a hundred thousand times costs no more than one sent that
    /// often.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn key_hits(
        &mut self,
        keys: &[u64],
        posts_max: usize,
    ) -> Result<(BTreeMap<u64, Vec<i64>>, BTreeMap<i64, KeyHit>), StoreError> {
        let mut by_key: BTreeMap<u64, Vec<i64>> = BTreeMap::new();
        for chunk in keys.chunks(LIST_MAX - 1) {
            let marks: Vec<String> = (0..chunk.len()).map(|row| format!("(${})", row + 2)).collect();
            let sql = include_str!("../queries/post/newest_of_keys.sql").replace("{keys}", &marks.join(", "));
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(i64::try_from(posts_max).unwrap_or(i64::MAX));
            for key in chunk {
                query = query.bind(key.cast_signed());
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                let key: i64 = row.try_get("band")?;
                by_key.entry(key.cast_unsigned()).or_default().push(row.try_get("post")?);
            }
        }
        let mut posts: Vec<i64> = by_key.values().flatten().copied().collect();
        posts.sort_unstable();
        posts.dedup();
        let mut hits = BTreeMap::new();
        for chunk in posts.chunks(LIST_MAX) {
            let sql = format!("{} ({})", include_str!("../queries/post/key_hits.sql"), bulk::list(1, chunk.len()));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for key in chunk {
                query = query.bind(*key);
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                let hit = KeyHit {
                    key: row.try_get("key")?,
                    post: PostRef { source: row.try_get("source")?, id: row.try_get("id")? },
                    matter: MatterNo::new(row.try_get::<String, _>("matter")?),
                };
                hits.insert(hit.key, hit);
            }
        }
        Ok((by_key, hits))
    }

    /// What grouping compares of the stored posts with these running numbers, in no order.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn compared(&mut self, posts: &[i64]) -> Result<Vec<Compared>, StoreError> {
        let mut found = Vec::with_capacity(posts.len());
        for chunk in posts.chunks(LIST_MAX) {
            let sql = format!("{} ({})", include_str!("../queries/post/compared.sql"), bulk::list(1, chunk.len()));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for key in chunk {
                query = query.bind(*key);
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                let key: i64 = row.try_get("key")?;
                let published_at: Option<i64> = row.try_get("published_at")?;
                found.push(Compared {
                    key,
                    fingerprint: row.try_get("fingerprint")?,
                    place: row.try_get("place")?,
                    title: row.try_get("title")?,
                    text: row.try_get("text")?,
                    received_at: crate::tx::time(row.try_get("received_at")?, "post", "received_at", key)?,
                    published_at: published_at
                        .map(|at| crate::tx::time(at, "post", "published_at", key))
                        .transpose()?,
                    backfill: row.try_get::<i64, _>("backfill")? == 1,
                });
            }
        }
        Ok(found)
    }

    /// Stores new posts with content, assessment and keys.
    ///
    /// # Errors
    /// [`StoreError::Raced`] when one of them is stored already; otherwise what the database said.
    pub async fn insert_posts(&mut self, posts: &[NewPost]) -> Result<(), StoreError> {
        let head = "insert into post (key, source, id, digest, revision, received_at, published_at, backfill, fate, aside, reason, fingerprint)";
        let inserted = bulk::insert(&mut self.tx, head, "on conflict do nothing", 12, posts, |query, post| {
            query
                .bind(post.key)
                .bind(post.post.source.clone())
                .bind(post.post.id.clone())
                .bind(post.digest.clone())
                .bind(i64::from(post.revision))
                .bind(post.received_at.as_microsecond())
                .bind(post.published_at.map(Timestamp::as_microsecond))
                .bind(i64::from(post.backfill))
                .bind(post.fate.as_str())
                .bind(post.aside.clone())
                .bind(post.reason.clone())
                .bind(post.fingerprint.clone())
        })
        .await?;
        if inserted != posts.len() as u64 {
            return Err(StoreError::Raced { what: "a post".into() });
        }
        let head = "insert into post_content (post, title, text, url, place)";
        bulk::insert(&mut self.tx, head, "", 5, posts, |query, post| {
            query
                .bind(post.key)
                .bind(post.title.clone())
                .bind(post.text.clone())
                .bind(post.url.clone())
                .bind(post.place.clone())
        })
        .await?;
        let head = "insert into assessment (post, decision, system, unit, unit_name, assist, place, place_name, grade, danger, catalogue, model, candidates, evidence)";
        bulk::insert(&mut self.tx, head, "", 14, posts, |query, post| {
            let of = &post.assessment;
            query
                .bind(post.key)
                .bind(of.decision.clone())
                .bind(of.system.clone())
                .bind(of.unit.clone())
                .bind(of.unit_name.clone())
                .bind(serde_json::Value::from(of.assist.clone()).to_string())
                .bind(of.place.clone())
                .bind(of.place_name.clone())
                .bind(of.grade.clone())
                .bind(i64::from(of.danger))
                .bind(of.catalogue.clone())
                .bind(of.model.clone())
                .bind("[]")
                .bind(serde_json::json!(of.evidence).to_string())
        })
        .await?;
        let keys: Vec<(i64, i64)> =
            posts.iter().flat_map(|post| post.keys.iter().map(|key| (key.cast_signed(), post.key))).collect();
        let head = "insert into post_band (band, post)";
        bulk::insert(&mut self.tx, head, "on conflict do nothing", 2, &keys, |query, (key, post)| {
            query.bind(*key).bind(*post)
        })
        .await?;
        Ok(())
    }

    /// Says which matter posts belong to that belonged to none.
    ///
    /// # Errors
    /// [`StoreError::Raced`] when one of them belongs to a matter by now; otherwise what the database said.
    pub async fn insert_members(&mut self, members: &[(PostRef, MatterNo)]) -> Result<(), StoreError> {
        let head = "insert into membership (source, id, matter)";
        let tail = "on conflict do nothing";
        let done = bulk::insert(&mut self.tx, head, tail, 3, members, |query, (post, matter)| {
            query.bind(post.source.clone()).bind(post.id.clone()).bind(matter.to_string())
        })
        .await?;
        if done != members.len() as u64 {
            return Err(StoreError::Raced { what: "a post's matter".into() });
        }
        Ok(())
    }

    /// Moves posts from one matter to another.
    ///
    /// # Errors
    /// [`StoreError::Raced`] when one of them is not where it was; otherwise what the database said.
    pub async fn move_members(&mut self, posts: &[PostRef], from: &MatterNo, to: &MatterNo) -> Result<(), StoreError> {
        for post in posts {
            let sql = "update membership set matter = $4 where source = $1 and id = $2 and matter = $3";
            let done = sqlx::query(sql)
                .bind(&post.source)
                .bind(&post.id)
                .bind(from.as_str())
                .bind(to.as_str())
                .execute(&mut *self.tx)
                .await?;
            if done.rows_affected() != 1 {
                return Err(StoreError::Raced { what: "a post's matter".into() });
            }
        }
        Ok(())
    }

    /// Says which matter posts belong to, whatever was said before: for the rebuild alone.
    ///
    /// # Errors
    /// What the database said.
    pub async fn overwrite_members(&mut self, members: &[(PostRef, MatterNo)]) -> Result<(), StoreError> {
        let head = "insert into membership (source, id, matter)";
        let tail = "on conflict (source, id) do update set matter = excluded.matter";
        bulk::insert(&mut self.tx, head, tail, 3, members, |query, (post, matter)| {
            query.bind(post.source.clone()).bind(post.id.clone()).bind(matter.to_string())
        })
        .await?;
        Ok(())
    }

    /// The posts that belong to a matter, in order of source and id.
    ///
    /// # Errors
    /// What the database said.
    pub async fn members(&mut self, matter: &MatterNo) -> Result<Vec<PostRef>, StoreError> {
        let sql = "select source, id from membership where matter = $1 order by source, id";
        let rows = sqlx::query(sql).bind(matter.as_str()).fetch_all(&mut *self.tx).await?;
        rows.iter().map(|row| Ok(PostRef { source: row.try_get("source")?, id: row.try_get("id")? })).collect()
    }

    /// Takes posts out of a matter's membership: for the rebuild alone.
    ///
    /// # Errors
    /// What the database said.
    pub async fn remove_members(&mut self, matter: &MatterNo, posts: &[PostRef]) -> Result<(), StoreError> {
        for post in posts {
            sqlx::query("delete from membership where matter = $1 and source = $2 and id = $3")
                .bind(matter.as_str())
                .bind(&post.source)
                .bind(&post.id)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }

    /// Holds back other intakes of this consumer group member's shard while a batch is decided: on PostgreSQL two
    /// intakes may hold one partition for a moment while it changes hands.
    ///
    /// # Errors
    /// What the database said.
    pub async fn lock_shard(&mut self, shard: i32) -> Result<(), StoreError> {
        if self.dialect == Dialect::Postgres {
            sqlx::query("select pg_advisory_xact_lock($1)")
                .bind(i64::from(shard) + 0x4875_6979_0000)
                .execute(&mut *self.tx)
                .await?;
        }
        Ok(())
    }
}
