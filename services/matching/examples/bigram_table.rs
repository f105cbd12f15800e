//! Counts pairs of characters in posts, one post a line on stdin, and writes the table that grouping ships to stdout:
//! `cargo run --release -p huiyin-matching --example bigram_table < posts.txt > services/matching/src/grouping/bigrams.bin`

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

/// Pairs that no more posts than this have are left out: not to be in the table is what makes a pair rare.
const POSTS_RARE_MAX: u32 = 20;

fn main() -> std::io::Result<()> {
    let mut posts = 0u32;
    let mut counts: BTreeMap<(u16, u16), u32> = BTreeMap::new();
    for line in std::io::stdin().lock().lines() {
        let text = huiyin_text::normalise(&line?).to_lowercase();
        let characters: Vec<char> = text.chars().collect();
        let pairs: BTreeSet<(u16, u16)> = characters
            .windows(2)
            .filter(|pair| pair.iter().all(|one| one.is_alphanumeric()))
            .filter_map(|pair| Some((unit(*pair.first()?)?, unit(*pair.last()?)?)))
            .collect();
        for pair in pairs {
            *counts.entry(pair).or_default() += 1;
        }
        posts += 1;
    }
    let mut out = std::io::stdout().lock();
    for ((one, other), count) in counts.into_iter().filter(|(_, count)| *count > POSTS_RARE_MAX) {
        let weight = (f64::from(posts + 1) / f64::from(count + 1)).ln();
        out.write_all(&one.to_le_bytes())?;
        out.write_all(&other.to_le_bytes())?;
        out.write_all(&[(weight * 16.0).round().clamp(0.0, 255.0) as u8])?;
    }
    out.flush()
}

/// Characters beyond the basic plane are rare anyway.
fn unit(character: char) -> Option<u16> {
    u16::try_from(u32::from(character)).ok()
}
