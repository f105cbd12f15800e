//! What the store and the ledger refuse or fail at, as problems.

use huiyin_ledger::LedgerError;
use huiyin_store::StoreError;

use crate::problem::{ApiError, Code};
use crate::time::local;
use crate::wire::last_change;

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        if error.is_full() {
            tracing::error!(%error, "the disk of the store is full");
            return ApiError::new(Code::Unavailable, "存储空间已满，操作未完成，请联系管理员").retry_after(60);
        }
        match error.is_retryable() {
            true => ApiError::unavailable("using the store", &error),
            false => ApiError::internal("using the store", &error),
        }
    }
}

impl From<LedgerError> for ApiError {
    fn from(error: LedgerError) -> ApiError {
        match error {
            LedgerError::NotFound(no) => ApiError::new(Code::NotFound, format!("没有事项 {no}，请核对编号")),
            LedgerError::Conflict { current, last } => {
                let last = last.map(|stored| last_change(&stored));
                let who = last.as_ref().map_or_else(String::new, |change| {
                    format!("{} 于 {} {}，", change.by, local(change.at), change.what)
                });
                let detail = format!("该事项已变更：{who}现为版本 {current}；请查看最新情况后再办理");
                ApiError::new(Code::Conflict, detail).changed(current, last)
            }
            LedgerError::KeyReused => {
                let detail = "该 Idempotency-Key 已用于另一个请求，请换一个键；重发原请求时内容须与第一次完全相同";
                ApiError::new(Code::KeyReused, detail).field("Idempotency-Key")
            }
            LedgerError::Refused(refusal) => ApiError::new(Code::Invalid, refusal.message),
            LedgerError::Store(error) => error.into(),
            error if error.is_retryable() => ApiError::unavailable("acting on a matter", &error),
            error => ApiError::internal("acting on a matter", &error),
        }
    }
}
