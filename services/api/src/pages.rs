//! Plain pages for reading, rendered here: the newest matters, one matter, the login form. No script, no inline style.

pub(crate) mod login;
pub(crate) mod matter;
pub(crate) mod queue;

use std::fmt::Write;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use html_escape::encode_double_quoted_attribute;
use huiyin_domain::Actor;

use crate::ApiState;
use crate::auth::Caller;
use crate::problem::ApiError;
use crate::wire::role_chinese;

/// The style sheet of the plain pages.
pub(crate) async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, include_str!("pages/plain.css"))
}

/// A user who is logged in; others are led to the login form.
pub(crate) struct Visitor {
    pub(crate) actor: Actor,
    display_name: String,
}

/// An error as a page.
pub(crate) struct PageError(ApiError);

impl FromRequestParts<ApiState> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Visitor, Response> {
        match Caller::from_request_parts(parts, state).await {
            Ok(Caller { role: Some(role), name, display_name, unit, .. }) => {
                Ok(Visitor { actor: Actor { name, role, unit }, display_name })
            }
            Ok(_) => Err(PageError(ApiError::forbidden("该令牌只能推送网帖")).into_response()),
            Err(error) if error.status() == StatusCode::UNAUTHORIZED => {
                let path = parts.uri.path();
                let target =
                    if path == "/" { "/login".to_owned() } else { format!("/login?next={}", escape_query(path)) };
                Err(Redirect::to(&target).into_response())
            }
            Err(error) => Err(PageError(error).into_response()),
        }
    }
}

impl From<ApiError> for PageError {
    fn from(error: ApiError) -> PageError {
        PageError(error)
    }
}

impl From<huiyin_store::StoreError> for PageError {
    fn from(error: huiyin_store::StoreError) -> PageError {
        PageError(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let body = format!("<h1>{}</h1><p><a href=\"/\">返回事项列表</a></p>", text(self.0.detail()));
        (self.0.status(), page("提示", None, &body)).into_response()
    }
}

/// A whole page. `body` is HTML.
fn page(title: &str, visitor: Option<&Visitor>, body: &str) -> Html<String> {
    let mut html = String::with_capacity(body.len() + 1024);
    html.push_str("<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.push_str(
        "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"stylesheet\" href=\"/assets/plain.css\">",
    );
    // Writing to a String does not fail.
    let _ = write!(
        html,
        "<title>{} · 回音</title></head><body><header><a class=\"brand\" href=\"/\">回音</a>",
        text(title)
    );
    if let Some(visitor) = visitor {
        let role = role_chinese(visitor.actor.role);
        let _ = write!(
            html,
            "<form method=\"post\" action=\"/logout\"><span>{} · {role}</span><button type=\"submit\">退出</button></form>",
            text(&visitor.display_name),
        );
    }
    let _ = write!(html, "</header><main>{body}</main></body></html>");
    Html(html)
}

/// Text as HTML shows it.
fn text(text: &str) -> String {
    html_escape::encode_text(text).into_owned()
}

/// Text for an attribute in double quotes.
fn attribute(text: &str) -> String {
    encode_double_quoted_attribute(text).into_owned()
}

/// Percent-encodes what is not plain in a query.
fn escape_query(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => escaped.push(char::from(byte)),
            _ => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_unescaped() {
        assert_eq!(text("<b>&"), "&lt;b&gt;&amp;");
        assert_eq!(attribute("\"><script>"), "&quot;&gt;&lt;script&gt;");
        assert_eq!(escape_query("/matters/1?a=b&c"), "/matters/1%3Fa%3Db%26c");
    }
}
