//! Prints the text of a document: what the reading grammar gets to see.

use std::process::ExitCode;

fn main() -> ExitCode {
    for name in std::env::args().skip(1) {
        let read = std::fs::read(&name).map_err(|error| error.to_string());
        match read.and_then(|bytes| huiyin_catalogue::extract::extract(&name, &bytes).map_err(|e| e.to_string())) {
            Ok(extracted) => {
                print!("{}", extracted.text);
                extracted.warnings.iter().for_each(|warning| eprintln!("{name}: {warning}"));
            }
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
