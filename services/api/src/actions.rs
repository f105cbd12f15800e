//! What is done about a matter: one file an action, and the way they share.
//!
//! A handler takes its request apart, calls the ledger once and gives back the matter with its new `ETag`. Which role
//! may do what, and when, the ledger says.

pub(crate) mod accept;
pub(crate) mod act;
pub(crate) mod assign;
pub(crate) mod close;
pub(crate) mod commit;
pub(crate) mod consult;
pub(crate) mod dismiss;
pub(crate) mod extend;
pub(crate) mod further;
pub(crate) mod grade;
pub(crate) mod merge;
pub(crate) mod reject;
pub(crate) mod reopen;
pub(crate) mod respond;
pub(crate) mod split;
pub(crate) mod supervise;
pub(crate) mod undo;
pub(crate) mod verify;

mod naming;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use huiyin_domain::matter::{Command, Matter, Refusal, RefusalKind};
use huiyin_domain::{Actor, MatterNo, Role};
use huiyin_ledger::{ActRequest, Acted, Idempotency, LedgerError};
use serde::de::DeserializeOwned;

use crate::ApiState;
use crate::claims;
use crate::extract::{JsonBody, PathOf};
use crate::matters::{matter_no, visible};
use crate::problem::{ApiError, Code};
use crate::wire::{MatterView, last_change};

/// Longest `Idempotency-Key`, in bytes.
const KEY_BYTES_MAX: usize = 200;

/// An action as it came in: on which matter, by whom, with what body and under which conditions.
pub(crate) struct Action<T> {
    pub(crate) no: MatterNo,
    pub(crate) actor: Actor,
    pub(crate) body: T,
    pub(crate) if_match: Option<u64>,
    pub(crate) idempotency: Option<Idempotency>,
}

impl<T: DeserializeOwned> FromRequest<ApiState> for Action<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let crate::auth::Actor(actor) = crate::auth::Actor::from_request_parts(&mut parts, state).await?;
        let PathOf(no) = PathOf::<String>::from_request_parts(&mut parts, state).await?;
        let no = matter_no(&no)?;
        let if_match = if_match(&parts.headers)?;
        let key = idempotency_key(&parts.headers)?;
        let body = JsonBody::<T>::from_request(Request::from_parts(parts, body), state).await?;
        let idempotency = key.map(|key| Idempotency { key, body_digest: body.digest });
        Ok(Action { no, actor, body: body.value, if_match, idempotency })
    }
}

impl<T> Action<T> {
    /// Has the ledger do it.
    pub(crate) async fn perform(
        self,
        state: &ApiState,
        command: impl FnOnce(T) -> Command,
    ) -> Result<Response, ApiError> {
        visible(state, &self.no, &self.actor).await?;
        let Action { no, actor, body, if_match, idempotency } = self;
        let request =
            ActRequest { matter: no.clone(), command: command(body), actor: actor.clone(), if_match, idempotency };
        let outcome = state.ledger().act(request).await;
        answer(state, &no, &actor, outcome).await
    }
}

/// The matter after an action, or the problem that stopped it.
pub(crate) async fn answer(
    state: &ApiState,
    no: &MatterNo,
    actor: &Actor,
    outcome: Result<Acted, LedgerError>,
) -> Result<Response, ApiError> {
    let acted = match outcome {
        Ok(acted) => acted,
        Err(LedgerError::Refused(refusal)) => return Err(refused(state, no, refusal).await),
        Err(error) => return Err(error.into()),
    };
    if let Some(no) = &acted.claim_ended {
        claims::tell(state, no, None);
    }
    let mut response = matter_response(&acted.matter, actor, state).await?;
    if acted.replayed {
        response
            .headers_mut()
            .insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// A matter with its `ETag`, who works on it, and what the caller may still take back.
pub(crate) async fn matter_response(matter: &Matter, actor: &Actor, state: &ApiState) -> Result<Response, ApiError> {
    let now = state.now();
    let claim = match actor.role {
        Role::Liaison => None,
        _ => state.store().claim_of(&matter.no, now).await?,
    };
    let undo = state.ledger().undo_offer(matter, actor).await?;
    let heat = state.ledger().heat(std::slice::from_ref(&matter.no)).await?.remove(&matter.no);
    let view = MatterView::of(matter, actor, now).with(claim.as_ref(), undo.as_ref(), heat);
    Ok(([(header::ETAG, etag(matter))], Json(view)).into_response())
}

/// The version of what is decided, as an `ETag`.
pub(crate) fn etag(matter: &Matter) -> HeaderValue {
    HeaderValue::try_from(format!("\"{}\"", matter.decided_version)).expect("digits in quotes make a header value")
}

/// A refusal by the rules; one by state names what changed last.
pub(crate) async fn refused(state: &ApiState, no: &MatterNo, refusal: Refusal) -> ApiError {
    match refusal.kind {
        RefusalKind::Forbidden => ApiError::forbidden(refusal.message),
        RefusalKind::Invalid => {
            // Refusals of a value begin with the field: "reason：不能为空，请填写".
            let field = refusal.message.split_once('：').map(|(field, _)| field.to_owned());
            let error = ApiError::new(Code::Invalid, refusal.message);
            match field.filter(|field| field.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')) {
                Some(field) => error.field(field),
                None => error,
            }
        }
        kind @ (RefusalKind::State | RefusalKind::UndoExpired | RefusalKind::UndoRefused) => {
            let code = match kind {
                RefusalKind::UndoExpired => Code::UndoExpired,
                RefusalKind::UndoRefused => Code::UndoRefused,
                _ => Code::State,
            };
            let error = ApiError::new(code, refusal.message);
            let Ok(Some(matter)) = state.store().matter(no).await else { return error };
            let last = state.store().entry(no, matter.decided_version).await.ok().flatten();
            error.changed(matter.decided_version, last.as_ref().map(last_change))
        }
    }
}

/// The version a request was decided on; none without `If-Match` or with `*`.
fn if_match(headers: &HeaderMap) -> Result<Option<u64>, ApiError> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let inner = text.strip_prefix("W/").unwrap_or(text);
    let version = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(inner).parse();
    version
        .map(Some)
        .map_err(|_| ApiError::new(Code::Malformed, "If-Match 须为事项的 ETag，例如 \"3\"").field("If-Match"))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default();
    let valid = !key.is_empty() && key.len() <= KEY_BYTES_MAX && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !valid {
        let detail = format!("Idempotency-Key 须为 1 至 {KEY_BYTES_MAX} 个可见 ASCII 字符，不含空格");
        return Err(ApiError::new(Code::Malformed, detail).field("Idempotency-Key"));
    }
    Ok(Some(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_entity_tags() {
        for (value, expected) in [
            (None, Ok(None)),
            (Some("*"), Ok(None)),
            (Some("\"12\""), Ok(Some(12))),
            (Some("W/\"12\""), Ok(Some(12))),
            (Some("12"), Ok(Some(12))),
            (Some("\"x\""), Err(())),
            (Some("\"1\", \"2\""), Err(())),
            (Some("-1"), Err(())),
        ] {
            let headers: HeaderMap =
                value.map(|value| (header::IF_MATCH, HeaderValue::from_static(value))).into_iter().collect();
            assert_eq!(if_match(&headers).map_err(|_| ()), expected, "{value:?}");
        }
    }

    #[test]
    fn keys_are_short_and_visible() {
        let long = "k".repeat(201);
        for (key, valid) in [("a1-b2", true), ("", false), ("a b", false), ("键", false), (long.as_str(), false)] {
            let value = HeaderValue::from_bytes(key.as_bytes()).unwrap();
            let headers = HeaderMap::from_iter([(HeaderName::from_static("idempotency-key"), value)]);
            assert_eq!(idempotency_key(&headers).is_ok(), valid, "{key}");
        }
    }
}
