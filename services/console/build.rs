//! Sees to it that `web/dist` exists, so that the crate compiles without npm, and that a new build of it is noticed.

use std::path::Path;

fn main() {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/dist");
    // Watching a directory that is not there would build the crate anew every time.
    if let Err(error) = std::fs::create_dir_all(&built) {
        println!("cargo::error={} cannot be made: {error}", built.display());
    }
    println!("cargo::rerun-if-changed=web/dist");
}
