//! The web console's files as data: what `npm run build` left in `web/dist` when this crate was compiled.
//!
//! Without npm the crate compiles all the same and holds a page that says how to build the console. Knows nothing of HTTP:
//! paths in, bytes out.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "web/dist"]
struct Built;

/// Shown while the console was not built.
const PLACEHOLDER: &[u8] = include_bytes!("placeholder.html");

/// The page every address of the console begins with.
pub const INDEX: &str = "index.html";

/// The bytes of one file by its path below `web/dist`, such as `index.html` or `assets/app.js.gz`.
pub fn file(path: &str) -> Option<Cow<'static, [u8]>> {
    let found = Built::get(path).map(|file| file.data);
    found.or_else(|| (path == INDEX).then_some(Cow::Borrowed(PLACEHOLDER)))
}

/// False when only the placeholder is there.
pub fn is_built() -> bool {
    Built::get(INDEX).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_a_first_page() {
        let page = file(INDEX).unwrap();
        assert!(String::from_utf8_lossy(&page).to_lowercase().starts_with("<!doctype html>"));
        assert_eq!(page.as_ref() == PLACEHOLDER, !is_built());
        assert!(file("../src/lib.rs").is_none() && file("nothing.js").is_none());
    }
}
