//! What the store itself promises, on SQLite, or PostgreSQL with `HUIYIN_TEST_POSTGRES` set.

use anyhow::Result;
use huiyin_domain::matter::{Content, Entry, Event};
use huiyin_domain::{Actor, MatterNo, Role};
use huiyin_store::{Checkpoint, NewEntry, Outcome, SourceState, Staff, Store, StoreError, StoreOptions, Token};
use jiff::Timestamp;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).expect("a valid time")
}

fn entry(version: u64) -> NewEntry {
    let entry = Entry {
        matter: MatterNo::new("20261120-00001"),
        version,
        at: at(0),
        actor: Actor::machine(),
        event: Event::Supervised,
        content: Some(Content::text("请限期办理")),
    };
    NewEntry { entry, salt: [7; 32] }
}

fn leaf(_: &[u8], _: &[u8], _: &[u8]) -> [u8; 32] {
    [1; 32]
}

async fn store() -> Result<(Store, String, tempfile::TempDir)> {
    let directory = tempfile::tempdir()?;
    let url = huiyin_store::testing::fresh_url(directory.path()).await?;
    let store = Store::open(StoreOptions { url: url.clone(), connections_max: 4 }).await?;
    Ok((store, url, directory))
}

#[tokio::test]
async fn the_ledger_cannot_be_changed_even_by_sql() -> Result<()> {
    let (store, url, _directory) = store().await?;
    let mut tx = store.begin().await?;
    tx.append(&[entry(1), entry(2)], leaf).await?;
    tx.commit().await?;
    assert_eq!(store.number_entries(10).await?, 2);
    let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await?;
    for sql in [
        "update ledger_entry set facts = '{}' where version = 1",
        "update ledger_entry set at = at + 1",
        "update ledger_entry set number = 9 where version = 1",
        "update ledger_entry set number = null",
        "delete from ledger_entry where version = 2",
        "delete from ledger_entry",
    ] {
        let refused = sqlx::query(sql).execute(&pool).await.expect_err(sql).to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    pool.close().await;
    let entries = store.entries(&MatterNo::new("20261120-00001"), 0, 10).await?;
    assert_eq!(entries.iter().map(|one| one.number).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert_eq!(entries.first().and_then(|one| one.entry.content.clone()), Some(Content::text("请限期办理")));
    Ok(())
}

#[tokio::test]
async fn a_version_is_written_once() -> Result<()> {
    let (store, _, _directory) = store().await?;
    let mut tx = store.begin().await?;
    tx.append(&[entry(1)], leaf).await?;
    tx.commit().await?;
    let mut tx = store.begin().await?;
    assert!(matches!(tx.append(&[entry(1)], leaf).await, Err(StoreError::Raced { .. })));
    drop(tx);
    let mut tx = store.begin().await?;
    tx.append(&[entry(2)], leaf).await?;
    drop(tx);
    assert_eq!(store.entries(&MatterNo::new("20261120-00001"), 0, 10).await?.len(), 1, "what is not committed is gone");
    Ok(())
}

#[tokio::test]
async fn a_position_moves_exactly_once() -> Result<()> {
    let (store, _, _directory) = store().await?;
    let checkpoint = Checkpoint { consumer: "intake", topic: "assessed".into(), shard: 3 };
    for (from, next, moves) in [(0, 10, true), (0, 10, false), (10, 12, true), (11, 20, false)] {
        let mut tx = store.begin().await?;
        assert_eq!(tx.advance(&checkpoint, from, next).await?, moves, "{from} to {next}");
        tx.commit().await?;
    }
    assert_eq!(store.position(&checkpoint).await?, Some(12));
    Ok(())
}

#[tokio::test]
async fn of_each_key_the_newest_posts_are_found() -> Result<()> {
    let (store, url, _directory) = store().await?;
    let pool = sqlx::any::AnyPoolOptions::new().max_connections(1).connect(&url).await?;
    for (key, post) in [(1, 10), (1, 11), (1, 12), (1, 40), (2, 11), (2, 12), (3, 13), (-5, 14), (7, 15)] {
        let sql = "insert into post_band (band, post) values ($1, $2)";
        sqlx::query(sql).bind(key as i64).bind(post as i64).execute(&pool).await?;
    }
    pool.close().await;
    let minus_five = (-5_i64).cast_unsigned();
    let mut tx = store.begin().await?;
    for (posts_max, of_one, of_two) in
        [(1, vec![40], vec![12]), (2, vec![12, 40], vec![11, 12]), (9, vec![10, 11, 12, 40], vec![11, 12])]
    {
        let (by_key, _) = tx.key_hits(&[1, 2, 3, 4, minus_five], posts_max).await?;
        let expected = [(1, of_one), (2, of_two), (3, vec![13]), (minus_five, vec![14])];
        assert_eq!(by_key.into_iter().collect::<Vec<_>>(), expected, "{posts_max}");
    }
    Ok(())
}

#[tokio::test]
async fn a_lease_has_one_holder_until_it_runs_out() -> Result<()> {
    let (store, _, _directory) = store().await?;
    for (holder, now, until, taken) in
        [("a", 0, 10, true), ("b", 5, 15, false), ("a", 6, 16, true), ("b", 15, 25, false), ("b", 16, 26, true)]
    {
        assert_eq!(store.lease("timers", holder, at(now), at(until)).await?, taken, "{holder} at {now}");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_is_kept_once() -> Result<()> {
    let (store, _, _directory) = store().await?;
    let outcome = Outcome { body_digest: vec![1, 2], matter: "m".into(), version: 4 };
    for first in [true, false] {
        let mut tx = store.begin().await?;
        assert_eq!(tx.put_outcome("k", &outcome, at(0)).await?, first);
        tx.commit().await?;
    }
    let mut tx = store.begin().await?;
    assert_eq!(tx.outcome("k").await?, Some(outcome));
    assert_eq!(tx.outcome("other").await?, None);
    Ok(())
}

#[tokio::test]
async fn counts_of_a_source_add_up_and_what_it_had_stays() -> Result<()> {
    let (store, _, _directory) = store().await?;
    let good = SourceState {
        source: "报".into(),
        kind: "feed".into(),
        state: "ok".into(),
        message: String::new(),
        last_try_at: at(0),
        last_ok_at: Some(at(0)),
        last_change_at: Some(at(0)),
        accepted: 3,
        repeated: 1,
        refused: 0,
        cursor: "etag-1".into(),
    };
    let failed = SourceState {
        state: "failed".into(),
        message: "连接超时".into(),
        last_try_at: at(60),
        last_ok_at: None,
        last_change_at: None,
        accepted: 0,
        repeated: 0,
        refused: 2,
        cursor: String::new(),
        ..good.clone()
    };
    store.report_source(&good).await?;
    store.report_source(&failed).await?;
    let expected = SourceState {
        last_ok_at: good.last_ok_at,
        last_change_at: good.last_change_at,
        accepted: 3,
        repeated: 1,
        cursor: "etag-1".into(),
        ..failed
    };
    assert_eq!(store.sources().await?, [expected]);
    Ok(())
}

#[tokio::test]
async fn staff_tokens_and_sessions_come_back_as_they_went() -> Result<()> {
    let (store, url, _directory) = store().await?;
    let staff = Staff {
        name: "zhang".into(),
        display_name: "值班一席".into(),
        password_hash: "$argon2id$x".into(),
        role: Role::Liaison,
        unit: Some(huiyin_domain::UnitId::new("360102-城管")),
        created_at: at(0),
        disabled_at: None,
    };
    store.put_staff(&staff).await?;
    let disabled = Staff { disabled_at: Some(at(5)), ..staff };
    store.put_staff(&disabled).await?;
    assert_eq!(store.staff_list().await?, [disabled]);
    let token = Token {
        name: "hotline".into(),
        digest: [9; 32],
        role: None,
        unit: None,
        may_push: true,
        created_at: at(0),
        revoked_at: None,
    };
    assert!(store.put_token(&token).await?);
    assert!(!store.put_token(&Token { digest: [8; 32], ..token.clone() }).await?, "a name is given once");
    assert!(store.revoke_token("hotline", at(9)).await?);
    assert!(!store.revoke_token("hotline", at(10)).await?);
    let session = huiyin_store::Session { id: "s".into(), staff: "zhang".into(), expires_at: at(100) };
    store.put_session(&session, at(0)).await?;
    assert_eq!(store.session("s", at(99)).await?, Some(session));
    assert_eq!(store.session("s", at(100)).await?, None);
    // Opened a second time, the schema is up to date and everything is there.
    let again = Store::open(StoreOptions { url, connections_max: 1 }).await?;
    assert_eq!(again.token_by_digest(&[9; 32]).await?.and_then(|found| found.revoked_at), Some(at(9)));
    Ok(())
}

#[tokio::test]
async fn other_databases_are_refused_by_name() {
    let options = StoreOptions { url: "mysql://localhost/x".into(), connections_max: 1 };
    assert!(matches!(Store::open(options).await, Err(StoreError::Url)));
}
