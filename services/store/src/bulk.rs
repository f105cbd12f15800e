//! Multi-row inserts: five to ten times faster than single rows on both databases.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, Transaction};

use crate::StoreError;

/// Values bound in one statement at most. SQLite's driver looks every numbered parameter up in a list, which takes the
/// square of their number: with 1,600 of them that was a fifth of an import's time.
pub(crate) const VALUES_MAX: usize = 256;

pub(crate) type Bound<'q> = Query<'q, Any, AnyArguments>;

/// Inserts `rows`: `head` is `insert into table (columns)`, `tail` e.g. `on conflict do nothing`; `bind` adds the values of
/// one row, `columns` of them, in order. Returns the rows inserted.
pub(crate) async fn insert<R>(
    tx: &mut Transaction<'static, Any>,
    head: &str,
    tail: &str,
    columns: usize,
    rows: &[R],
    bind: impl for<'q> Fn(Bound<'q>, &R) -> Bound<'q>,
) -> Result<u64, StoreError> {
    let mut left = rows;
    let mut inserted = 0;
    while !left.is_empty() {
        let size = chunk_rows(left.len(), columns);
        let (chunk, rest) = left.split_at(size);
        let sql = format!("{head} values {} {tail}", placeholders(size, columns));
        // Only this crate's own literals and numbered placeholders are in the text.
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for row in chunk {
            query = bind(query, row);
        }
        inserted += query.execute(&mut **tx).await?.rows_affected();
        left = rest;
    }
    Ok(inserted)
}

/// Statements are cached by their text, so rows go in chunks of powers of two only.
fn chunk_rows(rows: usize, columns: usize) -> usize {
    let most = (VALUES_MAX / columns.max(1)).min(rows).max(1);
    1 << most.ilog2()
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn placeholders(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&(row * columns + column + 1).to_string());
        }
        text.push(')');
    }
    text
}

/// `$from, $from+1 …`, `count` of them, for an `in (…)` list.
pub(crate) fn list(from: usize, count: usize) -> String {
    (from..from + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(list(3, 2), "$3, $4");
        for (rows, columns, expected) in [(1, 13, 1), (5, 13, 4), (500, 13, 16), (500, 2, 128), (3, 400, 1)] {
            assert_eq!(chunk_rows(rows, columns), expected, "{rows} rows of {columns}");
        }
    }
}
