//! Staff, tokens and sessions of the installation. Never anything about who wrote a post.

use huiyin_domain::{Role, UnitId};
use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::tx::time;
use crate::{Store, StoreError, bulk};

/// One user of the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Login name.
    pub name: String,
    /// Name shown.
    pub display_name: String,
    /// argon2id in PHC form.
    pub password_hash: String,
    /// What the user may do.
    pub role: Role,
    /// The unit a liaison answers for.
    pub unit: Option<UnitId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
}

/// One token for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its name.
    pub name: String,
    /// SHA-256 of the secret, which is shown once and not kept.
    pub digest: [u8; 32],
    /// What it may do besides pushing posts.
    pub role: Option<Role>,
    /// The unit a liaison's token answers for.
    pub unit: Option<UnitId>,
    /// May push posts.
    pub may_push: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// One login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie, hex: the cookie itself is not kept.
    pub id: String,
    /// Login name.
    pub staff: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Store {
    /// One user by login name.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn staff(&self, name: &str) -> Result<Option<Staff>, StoreError> {
        let row = sqlx::query("select * from staff where name = $1").bind(name).fetch_optional(&self.pool).await?;
        row.as_ref().map(staff).transpose()
    }

    /// All users, by login name.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn staff_list(&self) -> Result<Vec<Staff>, StoreError> {
        sqlx::query("select * from staff order by name").fetch_all(&self.pool).await?.iter().map(staff).collect()
    }

    /// Makes a user or replaces the one of that name.
    ///
    /// # Errors
    /// What the database said.
    pub async fn put_staff(&self, one: &Staff) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let head = "insert into staff (name, display_name, password_hash, role, unit, created_at, disabled_at)";
        let tail = include_str!("../queries/staff_replace.sql");
        bulk::insert(&mut tx.tx, head, tail, 7, std::slice::from_ref(one), |query, one| {
            query
                .bind(one.name.clone())
                .bind(one.display_name.clone())
                .bind(one.password_hash.clone())
                .bind(one.role.as_str())
                .bind(one.unit.as_ref().map(ToString::to_string))
                .bind(one.created_at.as_microsecond())
                .bind(one.disabled_at.map(Timestamp::as_microsecond))
        })
        .await?;
        tx.commit().await
    }

    /// The token whose secret has this SHA-256.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn token_by_digest(&self, digest: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        let sql = "select * from token where digest = $1";
        let row = sqlx::query(sql).bind(digest.to_vec()).fetch_optional(&self.pool).await?;
        row.as_ref().map(token).transpose()
    }

    /// All tokens, by name.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn token_list(&self) -> Result<Vec<Token>, StoreError> {
        sqlx::query("select * from token order by name").fetch_all(&self.pool).await?.iter().map(token).collect()
    }

    /// Makes a token; false when one of that name exists.
    ///
    /// # Errors
    /// What the database said.
    pub async fn put_token(&self, one: &Token) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let head = "insert into token (name, digest, role, unit, may_push, created_at, revoked_at)";
        let done =
            bulk::insert(&mut tx.tx, head, "on conflict do nothing", 7, std::slice::from_ref(one), |query, one| {
                query
                    .bind(one.name.clone())
                    .bind(one.digest.to_vec())
                    .bind(one.role.map(Role::as_str))
                    .bind(one.unit.as_ref().map(ToString::to_string))
                    .bind(i64::from(one.may_push))
                    .bind(one.created_at.as_microsecond())
                    .bind(one.revoked_at.map(Timestamp::as_microsecond))
            })
            .await?;
        tx.commit().await?;
        Ok(done == 1)
    }

    /// Revokes a token; false when there is none of that name in force.
    ///
    /// # Errors
    /// What the database said.
    pub async fn revoke_token(&self, name: &str, at: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "update token set revoked_at = $2 where name = $1 and revoked_at is null";
        let done = sqlx::query(sql).bind(name).bind(at.as_microsecond()).execute(&mut *tx.tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// A session still running at `now`.
    ///
    /// # Errors
    /// What the database said, or [`StoreError::Corrupt`].
    pub async fn session(&self, id: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let sql = "select * from session where id = $1 and expires_at > $2";
        let row = sqlx::query(sql).bind(id).bind(now.as_microsecond()).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Ok(None) };
        let expires_at = time(row.try_get("expires_at")?, "session", "expires_at", "")?;
        Ok(Some(Session { id: row.try_get("id")?, staff: row.try_get("staff")?, expires_at }))
    }

    /// Begins or prolongs a session, and forgets those that ended before `now`.
    ///
    /// # Errors
    /// What the database said.
    pub async fn put_session(&self, one: &Session, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from session where expires_at <= $1")
            .bind(now.as_microsecond())
            .execute(&mut *tx.tx)
            .await?;
        let sql = "insert into session (id, staff, expires_at) values ($1, $2, $3) on conflict (id) do update set expires_at = excluded.expires_at";
        sqlx::query(sql)
            .bind(&one.id)
            .bind(&one.staff)
            .bind(one.expires_at.as_microsecond())
            .execute(&mut *tx.tx)
            .await?;
        tx.commit().await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// What the database said.
    pub async fn delete_session(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from session where id = $1").bind(id).execute(&mut *tx.tx).await?;
        tx.commit().await
    }

    /// Ends every session of a user: a changed password or a disabled user must log in again.
    ///
    /// # Errors
    /// What the database said.
    pub async fn delete_sessions_of(&self, staff: &str) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from session where staff = $1").bind(staff).execute(&mut *tx.tx).await?;
        tx.commit().await
    }
}

fn role(word: &str, table: &'static str, key: &str) -> Result<Role, StoreError> {
    let message = || format!("\"{word}\" is no role");
    Role::parse(word).ok_or_else(|| StoreError::Corrupt { table, column: "role", key: key.into(), message: message() })
}

fn staff(row: &AnyRow) -> Result<Staff, StoreError> {
    let name: String = row.try_get("name")?;
    let disabled: Option<i64> = row.try_get("disabled_at")?;
    Ok(Staff {
        display_name: row.try_get("display_name")?,
        password_hash: row.try_get("password_hash")?,
        role: role(&row.try_get::<String, _>("role")?, "staff", &name)?,
        unit: row.try_get::<Option<String>, _>("unit")?.map(UnitId::new),
        created_at: time(row.try_get("created_at")?, "staff", "created_at", &name)?,
        disabled_at: disabled.map(|at| time(at, "staff", "disabled_at", &name)).transpose()?,
        name,
    })
}

fn token(row: &AnyRow) -> Result<Token, StoreError> {
    let name: String = row.try_get("name")?;
    let digest: Vec<u8> = row.try_get("digest")?;
    let digest = digest.try_into().map_err(|_| StoreError::Corrupt {
        table: "token",
        column: "digest",
        key: name.clone(),
        message: "not 32 bytes".into(),
    })?;
    let revoked: Option<i64> = row.try_get("revoked_at")?;
    let word: Option<String> = row.try_get("role")?;
    Ok(Token {
        digest,
        role: word.map(|word| role(&word, "token", &name)).transpose()?,
        unit: row.try_get::<Option<String>, _>("unit")?.map(UnitId::new),
        may_push: row.try_get::<i64, _>("may_push")? == 1,
        created_at: time(row.try_get("created_at")?, "token", "created_at", &name)?,
        revoked_at: revoked.map(|at| time(at, "token", "revoked_at", &name)).transpose()?,
        name,
    })
}
