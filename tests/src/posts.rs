//! Posts to push.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::program::workspace;

/// A post as its source gives it.
pub type Post = Value;

/// Characters that names of estates are made of.
const FIRST: [&str; 15] = ["杏", "桤", "榆", "枫", "槐", "柚", "桂", "梧", "棠", "椿", "榕", "槿", "楠", "樟", "橙"];
const SECOND: [&str; 15] = ["汀", "林", "塘", "港", "陂", "岸", "坪", "堤", "溪", "浦", "湾", "圩", "洲", "埠", "岭"];

/// The posts of `deploy/sample`, as they are.
///
/// # Errors
/// The file cannot be read.
pub fn sample_posts() -> Result<Vec<Post>> {
    let file = workspace().join("deploy/sample/posts.jsonl");
    let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// `count` posts with different ids: the sample again and again, each time about another estate, so that the copies are
/// matters of their own while what belongs together in one copy still does.
///
/// # Errors
/// The sample cannot be read.
pub fn many_posts(count: usize) -> Result<Vec<Post>> {
    let sample = sample_posts()?;
    let mut posts = Vec::with_capacity(count);
    for copy in 0.. {
        for post in &sample {
            if posts.len() == count {
                return Ok(posts);
            }
            let estate = estate(copy);
            let mut post = post.clone();
            post["id"] = format!("{copy}-{}", post["id"].as_str().unwrap_or_default()).into();
            post["text"] = format!("{}（{estate}）", post["text"].as_str().unwrap_or_default()).into();
            posts.push(post);
        }
    }
    Ok(posts)
}

/// A name that no other copy has.
fn estate(copy: usize) -> String {
    let pick = |from: [&'static str; 15], at: usize| from.get(at % 15).copied().unwrap_or_default();
    format!("{}{}花园", pick(FIRST, copy), pick(SECOND, copy / 15 + copy))
}

/// Writes posts as JSON lines.
///
/// # Errors
/// The file cannot be written.
pub fn write_jsonl(file: &Path, posts: &[Post]) -> Result<()> {
    let lines: Vec<String> = posts.iter().map(Value::to_string).collect();
    std::fs::write(file, lines.join("\n") + "\n").with_context(|| format!("{} cannot be written", file.display()))
}
