//! All routes, and the layers around them.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::{ApiError, Code};
use crate::{
    ApiState, actions, alerts, auth, briefings, claims, commitments, console, directory, events, matters, observe,
    office, openapi, operations, posts, queue, search,
};

/// Answers shorter than this are sent as they are.
const COMPRESS_BYTES_MIN: u64 = 1024;

/// The whole service. A server of one's own passes `ConnectInfo<SocketAddr>` on, as [`crate::serve`] does: it limits logins
/// by address and opens `/metrics` to the machine itself.
pub fn router(state: ApiState) -> Router {
    let (api, _) = documented().split_for_parts();
    let limit = Duration::from_secs(u64::from(state.settings().request_seconds_max));
    let compressed = SizeAbove::new(COMPRESS_BYTES_MIN).and(NotForContentType::const_new("text/event-stream"));
    api.fallback(console::serve)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(move |request, next| in_time(limit, request, next)))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(from_fn(observe::observe))
        .with_state(state)
}

/// The OpenAPI 3.1 document, as pretty JSON.
pub fn openapi_text() -> String {
    let document = documented().into_openapi();
    let mut text = document.to_pretty_json().expect("an OpenAPI document has string keys only");
    text.push('\n');
    text
}

fn documented() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(openapi::Head::openapi())
        .routes(routes!(posts::push::push, posts::list::list))
        .routes(routes!(search::search))
        .routes(routes!(queue::queue))
        .routes(routes!(commitments::commitments))
        .routes(routes!(matters::list::list))
        .routes(routes!(matters::show::show))
        .routes(routes!(matters::entries::entries))
        .routes(routes!(matters::posts::posts))
        .merge(documented_actions())
        .merge(documented_alerts())
        .routes(routes!(events::events))
        .routes(routes!(directory::units::units))
        .routes(routes!(directory::places::places))
        .routes(routes!(directory::systems::systems))
        .routes(routes!(directory::clauses::clause))
        .routes(routes!(office::statistics::statistics))
        .routes(routes!(office::surges::surges))
        .routes(routes!(office::sources::sources))
        .routes(routes!(briefings::show::show))
        .routes(routes!(briefings::download::download))
        .routes(routes!(auth::login::login))
        .routes(routes!(auth::logout::logout))
        .routes(routes!(auth::me::me))
        .routes(routes!(openapi::openapi_json))
        .routes(routes!(operations::health::health))
        .routes(routes!(operations::ready::ready))
        .routes(routes!(operations::metrics::metrics))
}

fn documented_actions() -> OpenApiRouter<ApiState> {
    OpenApiRouter::default()
        .routes(routes!(actions::assign::assign))
        .routes(routes!(actions::grade::grade))
        .routes(routes!(actions::accept::accept))
        .routes(routes!(actions::reject::reject))
        .routes(routes!(actions::respond::respond))
        .routes(routes!(actions::commit::commit))
        .routes(routes!(actions::verify::verify))
        .routes(routes!(actions::act::act))
        .routes(routes!(actions::consult::consult))
        .routes(routes!(actions::supervise::supervise))
        .routes(routes!(actions::extend::extend))
        .routes(routes!(actions::merge::merge))
        .routes(routes!(actions::split::split))
        .routes(routes!(actions::further::further))
        .routes(routes!(actions::dismiss::dismiss))
        .routes(routes!(actions::close::close))
        .routes(routes!(actions::reopen::reopen))
        .routes(routes!(actions::undo::undo))
        .routes(routes!(claims::claim))
        .routes(routes!(claims::release))
}

fn documented_alerts() -> OpenApiRouter<ApiState> {
    OpenApiRouter::default()
        .routes(routes!(alerts::channels::list, alerts::channels::create))
        .routes(routes!(alerts::channel::show, alerts::channel::change, alerts::channel::remove))
        .routes(routes!(alerts::channel::rotate))
        .routes(routes!(alerts::channel::test))
        .routes(routes!(alerts::rules::list, alerts::rules::create))
        .routes(routes!(alerts::rules::change, alerts::rules::remove))
        .routes(routes!(alerts::deliveries::list))
        .routes(routes!(alerts::deliveries::show))
        .routes(routes!(alerts::deliveries::resend))
}

async fn method_not_allowed(method: Method) -> ApiError {
    ApiError::new(Code::MethodNotAllowed, format!("该地址不支持 {method}，可用的方法见响应头 Allow"))
}

/// Answers 503 when a request takes too long; what it was doing is dropped, and a transaction with it.
async fn in_time(limit: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(seconds = limit.as_secs(), "a request was given up");
            let detail = "处理超时，结果未知；请查看最新情况，或以同一 Idempotency-Key 重发";
            ApiError::new(Code::Unavailable, detail).retry_after(5).into_response()
        }
    }
}

/// The panic's own text stays here: it may quote what was being handled.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    let detail = "系统内部错误，操作未完成。请稍后重试；如仍失败，请把响应头 X-Request-Id 告知管理员";
    ApiError::new(Code::Internal, detail).into_response()
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_text() {
        async fn breaks() -> &'static str {
            panic!("secret")
        }
        let router = Router::new().route("/", get(breaks)).layer(CatchPanicLayer::custom(panicked));
        let request = Request::get("/").body(axum::body::Body::empty()).unwrap();
        let response: Response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
    }
    #[tokio::test]
    async fn what_takes_too_long_is_given_up() {
        let limited = from_fn(|request, next| in_time(Duration::ZERO, request, next));
        let router = Router::new().route("/", get(std::future::pending::<()>)).layer(limited);
        let request = Request::get("/").body(axum::body::Body::empty()).unwrap();
        let response: Response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 503);
        assert!(response.headers().contains_key("retry-after"));
    }
}
