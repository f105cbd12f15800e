//! The login form.

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, Method, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{PageError, attribute, page, text};
use crate::ApiState;
use crate::auth::{Origin, check_same_site, clear_cookie, close_session, open_session};
use crate::extract::QueryOf;
use crate::problem::{ApiError, Code};

/// Where to go after the login.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Next {
    next: String,
}

/// The form as sent.
#[derive(Deserialize)]
pub(crate) struct LoginForm {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /login`
pub(crate) async fn form(QueryOf(next): QueryOf<Next>) -> Html<String> {
    render("", &next.next, None)
}

/// `POST /login`
pub(crate) async fn submit(
    State(state): State<ApiState>,
    Origin(address): Origin,
    body: Result<Form<LoginForm>, axum::extract::rejection::FormRejection>,
) -> Result<Response, PageError> {
    let Form(form) = body.map_err(|_| ApiError::new(Code::Malformed, "登录表单不完整，请重新填写"))?;
    match open_session(&state, address, &form.name, form.password).await {
        Ok(opened) => Ok(([(header::SET_COOKIE, opened.cookie)], Redirect::to(own_path(&form.next))).into_response()),
        Err(error) => Ok((error.status(), render(&form.name, &form.next, Some(error.detail()))).into_response()),
    }
}

/// `POST /logout`
pub(crate) async fn logout(
    State(state): State<ApiState>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    check_same_site(&method, &headers)?;
    close_session(&state, &headers).await?;
    Ok(([(header::SET_COOKIE, clear_cookie(&state))], Redirect::to("/login")).into_response())
}

fn render(name: &str, next: &str, error: Option<&str>) -> Html<String> {
    let error =
        error.map_or_else(String::new, |error| format!("<p class=\"urgent\" role=\"alert\">{}</p>", text(error)));
    let body = format!(
        "<h1>登录</h1>{error}<form class=\"login\" method=\"post\" action=\"/login\">\
         <label>用户名<input name=\"name\" value=\"{}\" autocomplete=\"username\" required autofocus></label>\
         <label>密码<input name=\"password\" type=\"password\" autocomplete=\"current-password\" required></label>\
         <input type=\"hidden\" name=\"next\" value=\"{}\"><button type=\"submit\">登录</button></form>",
        attribute(name),
        attribute(own_path(next)),
    );
    page("登录", None, &body)
}

/// A path of this service; anything else leads to the first page.
fn own_path(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if next.starts_with('/') && !next.starts_with("//") && plain { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_to_own_pages_only() {
        for (next, expected) in [
            ("/matters/20261122-00001", "/matters/20261122-00001"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\r\nx", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_path(next), expected, "{next:?}");
        }
    }
}
