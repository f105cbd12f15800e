//! The OpenAPI document and the refusals its operations share.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi};

use crate::problem::Problem;

/// Head of the document; the routes add their operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "回音 Huiyin",
        description = "Every public concern gets a responsible unit, a deadline, an answer on the record, and a promise that is kept.\n\nErrors are problem+json with a stable `code` and a Chinese `detail`. Times are RFC 3339; those without a zone are read as +08:00. Authenticate with `Authorization: Bearer hy_…` or the session cookie of `POST /api/v1/login`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem)),
    modifiers(&Schemes),
    security(("token" = []), ("session" = [])),
    tags(
        (name = "posts", description = "网帖: posts in, posts found"),
        (name = "matters", description = "事项: reading"),
        (name = "actions", description = "事项: what is done about them. `If-Match` with the `ETag` guards against deciding on an outdated state; `Idempotency-Key` makes repeating safe."),
        (name = "events", description = "实时事件"),
        (name = "directory", description = "职责目录: units, places and systems for pickers"),
        (name = "office", description = "统计与来源"),
        (name = "alerts", description = "提醒: channels, rules, deliveries"),
        (name = "auth", description = "登录"),
        (name = "operations", description = "运行状态"),
    ),
)]
pub(crate) struct Head;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut Document) {
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("hy_…").build();
        let session = ApiKey::Cookie(ApiKeyValue::new("huiyin_session"));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    }
}

/// This document
///
/// OpenAPI 3.1 of every route under `/api/v1` and of the probes.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "operations",
    security(()),
    responses((status = 200, description = "OpenAPI document", body = Object)),
)]
pub(crate) async fn openapi_json() -> impl IntoResponse {
    static TEXT: LazyLock<String> = LazyLock::new(crate::openapi_text);
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str())
}

/// Refusals of reading.
pub(crate) struct ReadRefusals;

/// Refusals of a month's figures.
pub(crate) struct BriefingRefusals;

/// Refusals of reading one matter.
pub(crate) struct MatterRefusals;

/// Refusals of an action.
pub(crate) struct ActionRefusals;

/// Refusals of changing what is not a matter.
pub(crate) struct ChangeRefusals;

/// Refusals of a push.
pub(crate) struct PushRefusals;

/// Refusals of a live event stream.
pub(crate) struct StreamRefusals;

/// Refusals of a login.
pub(crate) struct LoginRefusals;

/// Refusals of a logout.
pub(crate) struct LogoutRefusals;

type Responses = BTreeMap<String, RefOr<Response>>;

const MALFORMED: (u16, &str) = (400, "Malformed: body, query, path or header; `line` and `field` say where");
const UNAUTHENTICATED: (u16, &str) = (401, "No login or token, or one that does not hold");
const FORBIDDEN: (u16, &str) = (403, "The role or unit may not, or the request may come from another site");
const NOT_FOUND: (u16, &str) = (404, "No such matter, or none the caller may see");
const TOO_LARGE: (u16, &str) = (413, "The body is over the limit");
const MEDIA_TYPE: (u16, &str) = (415, "The content type is not supported");
const TOO_MANY: (u16, &str) = (429, "Too many requests; `Retry-After` says when to come back");
const INTERNAL: (u16, &str) = (500, "A fault of the service");
const UNAVAILABLE: (u16, &str) = (503, "Not available for now; `Retry-After` says when to come back");

impl IntoResponses for ReadRefusals {
    fn responses() -> Responses {
        problems(&[MALFORMED, UNAUTHENTICATED, FORBIDDEN, INTERNAL, UNAVAILABLE])
    }
}

impl IntoResponses for BriefingRefusals {
    fn responses() -> Responses {
        problems(&[
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            (404, "No such file"),
            (422, "The month has not begun"),
            INTERNAL,
            UNAVAILABLE,
        ])
    }
}

impl IntoResponses for MatterRefusals {
    fn responses() -> Responses {
        problems(&[MALFORMED, UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, INTERNAL, UNAVAILABLE])
    }
}

impl IntoResponses for ActionRefusals {
    fn responses() -> Responses {
        problems(&[
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            (
                409,
                "Changed meanwhile (`conflict`) or not possible in this state (`state`): `last_change` says who did what when, `current_version` what to send as `If-Match`",
            ),
            TOO_LARGE,
            MEDIA_TYPE,
            (
                422,
                "A value is refused (`invalid`, `unknown_unit` with `candidates`), or the `Idempotency-Key` was used for another request (`key_reused`)",
            ),
            INTERNAL,
            UNAVAILABLE,
        ])
    }
}

impl IntoResponses for ChangeRefusals {
    fn responses() -> Responses {
        problems(&[
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            NOT_FOUND,
            (409, "Not possible in this state"),
            TOO_LARGE,
            MEDIA_TYPE,
            (422, "A value is refused; `field` says which"),
            INTERNAL,
            UNAVAILABLE,
        ])
    }
}

impl IntoResponses for PushRefusals {
    fn responses() -> Responses {
        problems(&[
            MALFORMED,
            UNAUTHENTICATED,
            FORBIDDEN,
            TOO_LARGE,
            MEDIA_TYPE,
            (422, "Every post was refused; `refused` says why"),
            TOO_MANY,
            INTERNAL,
            UNAVAILABLE,
        ])
    }
}

impl IntoResponses for StreamRefusals {
    fn responses() -> Responses {
        problems(&[MALFORMED, UNAUTHENTICATED, FORBIDDEN, TOO_MANY, INTERNAL, UNAVAILABLE])
    }
}

impl IntoResponses for LoginRefusals {
    fn responses() -> Responses {
        problems(&[
            MALFORMED,
            (401, "Name or password is wrong"),
            (403, "The request comes from another site"),
            TOO_LARGE,
            MEDIA_TYPE,
            TOO_MANY,
            INTERNAL,
            UNAVAILABLE,
        ])
    }
}

impl IntoResponses for LogoutRefusals {
    fn responses() -> Responses {
        problems(&[(403, "The request may come from another site"), INTERNAL, UNAVAILABLE])
    }
}

fn problems(table: &[(u16, &str)]) -> Responses {
    let schema = Ref::from_schema_name("Problem");
    let response = |description: &str| {
        let content = ContentBuilder::new().schema(Some(RefOr::Ref(schema.clone()))).build();
        ResponseBuilder::new().description(description).content("application/problem+json", content).build()
    };
    table.iter().map(|(status, description)| (status.to_string(), RefOr::T(response(description)))).collect()
}
