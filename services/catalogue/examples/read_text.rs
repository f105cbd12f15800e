//! `read_text FILE`: what the grammar reads from a text, as JSON.

#[allow(clippy::unwrap_used)]
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let reading = huiyin_catalogue::reading::read(&text, &huiyin_catalogue::reading::Lexicon::new());
    println!("{}", serde_json::to_string(&reading).unwrap());
}
