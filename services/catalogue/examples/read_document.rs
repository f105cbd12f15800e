//! `read_document FILE…`: documents of any format to clauses, one JSON object each.

#[allow(clippy::unwrap_used)]
fn main() {
    let lexicon = huiyin_catalogue::reading::Lexicon::new();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        match huiyin_catalogue::extract::extract(&path, &bytes) {
            Ok(extracted) => {
                let mut reading = huiyin_catalogue::reading::read(&extracted.text, &lexicon);
                reading.warnings.splice(0..0, extracted.warnings);
                println!("{}", serde_json::to_string(&reading).unwrap());
            }
            Err(error) => eprintln!("{error}"),
        }
    }
}
