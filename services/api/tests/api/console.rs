//! The console's files over HTTP.

use axum::http::{Method, StatusCode};

use crate::world::{Call, World};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
     connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     object-src 'none'; frame-ancestors 'none'";

#[tokio::test]
async fn every_page_is_the_first_page_under_the_policy() {
    let world = World::new().await;
    for path in ["/", "/login", "/queue?view=all", "/matters/20261122-00001", "/briefings/2026-10"] {
        let answer = world.call(Call::get(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.text(), "<!doctype html><title>console</title>", "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(answer.header("content-security-policy"), Some(POLICY));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
    }
}

#[tokio::test]
async fn files_are_packed_for_those_who_take_it_and_kept() {
    let world = World::new().await;
    let plain = world.call(Call::get("/assets/app-1.js")).await;
    assert_eq!((plain.text().as_str(), plain.header("content-encoding")), ("plain()", None));
    let packed = world.call(Call::get("/assets/app-1.js").header("accept-encoding", "gzip, br")).await;
    assert_eq!((packed.text().as_str(), packed.header("content-encoding")), ("packed", Some("gzip")));
    assert_eq!(packed.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(packed.header("content-type"), Some("text/javascript; charset=utf-8"));
    let tag = packed.header("etag").unwrap().to_owned();
    let again =
        world.call(Call::get("/assets/app-1.js").header("accept-encoding", "gzip").header("if-none-match", &tag)).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let world = World::new().await;
    for (method, path) in [
        (Method::GET, "/assets/other.js"),
        (Method::GET, "/api/v2/matters"),
        (Method::GET, "/api"),
        (Method::GET, "/a/../index.html"),
        (Method::POST, "/login"),
    ] {
        let answer = world.call(Call::new(method.clone(), path)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}");
    }
}
