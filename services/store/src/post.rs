//! Posts as stored: masked, every revision beside the first.

use huiyin_domain::{Evidence, MatterNo, PostRef};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::matter_filter::{Bind, contains, push};
use crate::tx::{Tx, time};
use crate::{Cursor, PAGE_ROWS_MAX, Store, StoreError};

/// How a post ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Opened or joined a matter.
    Matter,
    /// Set aside with a reason.
    Aside,
}

impl Fate {
    /// The word used in columns and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Fate::Matter => "matter",
            Fate::Aside => "aside",
        }
    }
}

/// Which posts to list.
#[derive(Clone, Debug, Default)]
pub struct PostFilter {
    /// Of this matter, or shown by it.
    pub matter: Option<MatterNo>,
    /// This post, every revision.
    pub post: Option<PostRef>,
    /// With this fate.
    pub fate: Option<Fate>,
    /// Set aside for this reason.
    pub aside: Option<String>,
    /// From this source.
    pub source: Option<String>,
    /// Title or text contains this.
    pub text: Option<String>,
    /// Where the last page ended.
    pub after: Option<Cursor>,
    /// Rows at most, 1 to [`PAGE_ROWS_MAX`].
    pub limit: u32,
}

/// One page, last received first.
#[derive(Clone, Debug)]
pub struct PostPage {
    /// The posts.
    pub posts: Vec<PostRow>,
    /// Where the next page begins; none on the last.
    pub next: Option<Cursor>,
}

/// One post.
#[derive(Clone, Debug)]
pub struct PostRow {
    /// Source and id.
    pub post: PostRef,
    /// 0 for the first text received, 1 for the next, …
    pub revision: u32,
    /// Masked title; empty once erased or when it had none.
    pub title: String,
    /// Masked text; empty once erased.
    pub text: String,
    /// Link to it.
    pub url: Option<String>,
    /// Place as the source gave it.
    pub place: String,
    /// When it reached us.
    pub received_at: Timestamp,
    /// When its source published it.
    pub published_at: Option<Timestamp>,
    /// How it ended.
    pub fate: Fate,
    /// Why set aside, as a stable word.
    pub aside: Option<String>,
    /// Why, in Chinese.
    pub reason: String,
    /// The matter it belongs to now.
    pub matter: Option<MatterNo>,
    /// What the machine proposed.
    pub assessment: AssessmentRow,
}

/// The machine's proposal for a post, as stored.
#[derive(Clone, Debug)]
pub struct AssessmentRow {
    /// unit, abstain or aside
    pub decision: String,
    /// System, empty when none.
    pub system: String,
    /// Unit id, empty when none.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Ids of units to assist.
    pub assist: Vec<String>,
    /// Code of the place, empty when none.
    pub place: String,
    /// Its full name.
    pub place_name: String,
    /// Grade suggested.
    pub grade: String,
    /// Words of danger to life.
    pub danger: bool,
    /// Catalogue version.
    pub catalogue: String,
    /// Model version.
    pub model: String,
    /// What the proposal rests on.
    pub evidence: Evidence,
}

pub(crate) const SELECT: &str = include_str!("../queries/post/select.sql");

impl Store {
    /// A page of posts.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn posts(&self, filter: &PostFilter) -> Result<PostPage, StoreError> {
        let limit = filter.limit.clamp(1, PAGE_ROWS_MAX);
        let mut binds = Vec::new();
        let mut wheres = conditions(filter, &mut binds)?;
        if let Some(no) = &filter.matter {
            wheres.push(self.of_matter(no, &mut binds).await?);
        }
        let wheres = if wheres.is_empty() { String::new() } else { format!("where {}", wheres.join(" and ")) };
        let rows = push(&mut binds, Bind::Number(i64::from(limit) + 1));
        let sql = format!("{SELECT} {wheres} order by p.received_at desc, p.key desc limit {rows}");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for bind in binds {
            query = bind.onto(query);
        }
        let mut rows = query.fetch_all(&self.pool).await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = match rows.last() {
            Some(last) if more => {
                let key: i64 = last.try_get("key")?;
                Some(Cursor { value: last.try_get("received_at")?, key: key.to_string() })
            }
            _ => None,
        };
        Ok(PostPage { posts: rows.iter().map(post).collect::<Result<_, _>>()?, next })
    }

    /// The posts of a matter: those that belong to it, and those of other matters it shows as a further concern of theirs.
    async fn of_matter(&self, no: &MatterNo, binds: &mut Vec<Bind>) -> Result<String, StoreError> {
        let mark = push(binds, Bind::Text(no.to_string()));
        let shown = self.matter(no).await?.map(|matter| matter.shown).unwrap_or_default();
        if shown.is_empty() {
            return Ok(format!("s.matter = {mark}"));
        }
        // Rows by their key, so that the table is not walked through.
        let mut rows = format!("select source, id from membership where matter = {mark}");
        for post in shown {
            let (source, id) = (push(binds, Bind::Text(post.source)), push(binds, Bind::Text(post.id)));
            rows.push_str(&format!(" union select source, id from post where source = {source} and id = {id}"));
        }
        Ok(format!("(p.source, p.id) in ({rows})"))
    }
}

impl Tx {
    /// A stored post in its last revision.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn last_text(&mut self, of: &PostRef) -> Result<Option<PostRow>, StoreError> {
        let sql = format!("{SELECT} where p.source = $1 and p.id = $2 order by p.revision desc limit 1");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(&of.source).bind(&of.id);
        query.fetch_optional(&mut *self.tx).await?.as_ref().map(post).transpose()
    }
}

fn conditions(filter: &PostFilter, binds: &mut Vec<Bind>) -> Result<Vec<String>, StoreError> {
    let mut wheres = Vec::new();
    let texts = [
        ("p.source", filter.post.as_ref().map(|post| post.source.clone())),
        ("p.id", filter.post.as_ref().map(|post| post.id.clone())),
        ("p.fate", filter.fate.map(|fate| fate.as_str().to_owned())),
        ("p.aside", filter.aside.clone()),
        ("p.source", filter.source.clone()),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            let mark = push(binds, Bind::Text(value));
            wheres.push(format!("{column} = {mark}"));
        }
    }
    if let Some(text) = filter.text.as_deref().filter(|text| !text.is_empty()) {
        let mark = push(binds, Bind::Text(contains(text)));
        wheres.push(format!("(lower(c.title) like {mark} escape '!' or lower(c.text) like {mark} escape '!')"));
    }
    if let Some(cursor) = &filter.after {
        let key = cursor.key.parse().unwrap_or(0);
        let (value, key) = (push(binds, Bind::Number(cursor.value)), push(binds, Bind::Number(key)));
        wheres.push(format!("(p.received_at, p.key) < ({value}, {key})"));
    }
    Ok(wheres)
}

pub(crate) fn post(row: &AnyRow) -> Result<PostRow, StoreError> {
    let text = |column: &str| -> Result<String, StoreError> {
        Ok(row.try_get::<Option<String>, _>(column)?.unwrap_or_default())
    };
    let reference = PostRef { source: text("source")?, id: text("id")? };
    let json = |column: &'static str, value: &str| -> Result<serde_json::Value, StoreError> {
        serde_json::from_str(value).map_err(|error| StoreError::Corrupt {
            table: "assessment",
            column,
            key: reference.to_string(),
            message: error.to_string(),
        })
    };
    let assist = json("assist", &text("assist")?)?;
    let assist = assist.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect();
    let published: Option<i64> = row.try_get("published_at")?;
    let aside = text("aside")?;
    Ok(PostRow {
        revision: u32::try_from(row.try_get::<i64, _>("revision")?).unwrap_or(0),
        title: text("title")?,
        text: text("text")?,
        url: Some(text("url")?).filter(|url| !url.is_empty()),
        place: text("given_place")?,
        received_at: time(row.try_get("received_at")?, "post", "received_at", &reference)?,
        published_at: published.map(|at| time(at, "post", "published_at", &reference)).transpose()?,
        fate: if aside.is_empty() { Fate::Matter } else { Fate::Aside },
        aside: Some(aside).filter(|aside| !aside.is_empty()),
        reason: text("reason")?,
        matter: row.try_get::<Option<String>, _>("matter")?.map(MatterNo::new),
        assessment: AssessmentRow {
            decision: text("decision")?,
            system: text("system")?,
            unit: text("unit")?,
            unit_name: text("unit_name")?,
            assist,
            place: text("place")?,
            place_name: text("place_name")?,
            grade: text("grade")?,
            danger: row.try_get::<i64, _>("danger")? == 1,
            catalogue: text("catalogue")?,
            model: text("model")?,
            evidence: evidence(row, &reference)?,
        },
        post: reference,
    })
}

/// What the proposal rests on; of posts stored before it was kept whole, the candidates.
fn evidence(row: &AnyRow, post: &PostRef) -> Result<Evidence, StoreError> {
    let whole: String = row.try_get("evidence")?;
    let corrupt = |column: &'static str| {
        move |error: serde_json::Error| StoreError::Corrupt {
            table: "assessment",
            column,
            key: post.to_string(),
            message: error.to_string(),
        }
    };
    if !whole.is_empty() {
        return serde_json::from_str(&whole).map_err(corrupt("evidence"));
    }
    let candidates: String = row.try_get("candidates")?;
    let candidates = serde_json::from_str(&candidates).map_err(corrupt("candidates"))?;
    Ok(Evidence { candidates, ..Evidence::default() })
}
