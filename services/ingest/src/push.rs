//! Posts from the body of an HTTP request.

use crate::json::{Keys, parse_array, parse_object};
use crate::{RawPost, Refused};

/// Longest line of NDJSON or of a file, in bytes.
pub const LINE_BYTES_MAX: usize = 1 << 20;
/// Most posts of one request.
pub const ITEMS_MAX: usize = 10_000;

/// Reads a JSON object, a JSON array or NDJSON (one object a line), each post with the number of its line or item.
///
/// A `content_type` that speaks of NDJSON or JSON lines means lines; everything else is told by the first character.
/// A bad line does not affect the others; an array that is not JSON is refused as a whole. Items beyond
/// [`ITEMS_MAX`] are refused together, as one entry after the last that was read.
pub fn parse_push(content_type: &str, body: &[u8]) -> Vec<(u64, Result<RawPost, Refused>)> {
    let keys = Keys::default();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let content_type = content_type.to_ascii_lowercase();
    let lines =
        ["ndjson", "jsonl", "jsonlines", "json-lines", "json-seq"].iter().any(|kind| content_type.contains(kind));
    if lines {
        return parse_lines(body, &keys);
    }
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => vec![(1, Err(Refused::line("请求里没有内容", "正文写一个 JSON 对象、数组，或每行一个对象")))],
        Some(b'[') => parse_whole_array(body, &keys),
        Some(_) => match utf8(body).and_then(|text| parse_object(text, &keys)) {
            Err(_) if has_second_object(body) => parse_lines(body, &keys),
            whole => vec![(1, whole)],
        },
    }
}

/// Whether a later line starts an object: then these are lines, however they were declared.
fn has_second_object(body: &[u8]) -> bool {
    let mut lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_start).filter(|line| !line.is_empty());
    lines.next();
    lines.any(|line| line.starts_with(b"{"))
}

fn parse_whole_array(body: &[u8], keys: &Keys) -> Vec<(u64, Result<RawPost, Refused>)> {
    match utf8(body).and_then(|text| parse_array(text, keys, ITEMS_MAX)) {
        Err(refused) => vec![(1, Err(refused))],
        Ok((items, more)) => {
            let mut numbered: Vec<_> = (1..).zip(items).collect();
            if more > 0 {
                numbered.push((numbered.len() as u64 + 1, Err(too_many(more))));
            }
            numbered
        }
    }
}

fn parse_lines(body: &[u8], keys: &Keys) -> Vec<(u64, Result<RawPost, Refused>)> {
    let mut posts = Vec::new();
    let lines = (1..).zip(body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii));
    let mut lines = lines.filter(|(_, line)| !line.is_empty());
    while posts.len() < ITEMS_MAX {
        let Some((number, line)) = lines.next() else { return posts };
        posts.push((number, parse_line(line, keys)));
    }
    if let Some((number, _)) = lines.next() {
        posts.push((number, Err(too_many(lines.count() as u64 + 1))));
    }
    posts
}

/// One line of NDJSON in UTF-8.
pub(crate) fn parse_line(line: &[u8], keys: &Keys) -> Result<RawPost, Refused> {
    if line.len() > LINE_BYTES_MAX {
        return Err(too_long(line.len() as u64));
    }
    utf8(line).and_then(|text| parse_object(text, keys))
}

pub(crate) fn too_long(bytes: u64) -> Refused {
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let mebibytes = bytes as f64 / (1 << 20) as f64;
    Refused::line(format!("这一行有 {mebibytes:.1} MB，超过 1 MB"), "检查换行是否丢失、引号是否成对；附件请用链接")
}

fn utf8(bytes: &[u8]) -> Result<&str, Refused> {
    std::str::from_utf8(bytes).map_err(|error| {
        let reason = format!("第 {} 字节起不是 UTF-8 编码", error.valid_up_to() + 1);
        Refused::line(reason, "改用 UTF-8 编码提交（GBK 的文件先另存为 UTF-8）")
    })
}

fn too_many(more: u64) -> Refused {
    Refused::line(format!("一次最多 {ITEMS_MAX} 条，从这一条起 {more} 条没有收"), "分成几次提交")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(posts: Vec<(u64, Result<RawPost, Refused>)>) -> Vec<String> {
        let show = |(line, post): (u64, Result<RawPost, Refused>)| match post {
            Ok(post) => format!("{line}={}", post.id),
            Err(refused) => format!("{line}!{}", refused.reason),
        };
        posts.into_iter().map(show).collect()
    }

    #[test]
    fn bodies() {
        let table: [(&str, &[u8], &[&str]); 12] = [
            ("application/json", br#"{"id":"a","text":"x"}"#, &["1=a"]),
            ("application/json", b"\xef\xbb\xbf{\n \"id\": \"a\",\n \"text\": \"x\"\n}\n", &["1=a"]),
            ("application/json", br#" [{"id":"a"},{"id":2}]"#, &["1=a", "2=2"]),
            ("application/json", b"{\"id\":\"a\"}\n{\"id\":\"b\"}\n", &["1=a", "2=b"]),
            ("", b"{\"id\":\"a\"\n\n{\"id\":\"b\"}", &["1!第 9 列处JSON 没有写完", "3=b"]),
            (
                "application/x-ndjson; charset=utf-8",
                b"{\"id\":\"a\"}\r\n\r\nx\n{\"id\":\"b\"}",
                &["1=a", "3!第 1 列处不是合法的 JSON", "4=b"],
            ),
            (
                "application/x-ndjson",
                b"{\"id\":\"\xc4\xe3\"}\n{\"id\":\"b\"}",
                &["1!第 8 字节起不是 UTF-8 编码", "2=b"],
            ),
            ("application/json", b"[{\"id\":\"a\"},", &["1!第 12 列处JSON 没有写完"]),
            ("application/json", b" \n ", &["1!请求里没有内容"]),
            ("application/json", b"13812345678", &["1!不是一个 JSON 对象"]),
            ("application/json", b"[]", &[]),
            ("application/x-ndjson", b"", &[]),
        ];
        for (content_type, body, expected) in table {
            assert_eq!(shown(parse_push(content_type, body)), expected, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn limits() {
        let mut body = Vec::new();
        body.extend(format!("{{\"id\":\"a\",\"text\":\"{}\"}}\n", "x".repeat(10 << 20)).as_bytes());
        body.extend(b"{\"id\":\"b\"}\n");
        assert_eq!(shown(parse_push("application/x-ndjson", &body)), ["1!这一行有 10.0 MB，超过 1 MB", "2=b"]);

        let lines = "{\"id\":\"a\"}\n".repeat(ITEMS_MAX + 5);
        let array = format!("[{}]", vec!["{\"id\":\"a\"}"; ITEMS_MAX + 5].join(","));
        for (content_type, body) in [("application/x-ndjson", lines), ("application/json", array)] {
            let posts = parse_push(content_type, body.as_bytes());
            assert_eq!(posts.len(), ITEMS_MAX + 1, "{content_type}");
            let (line, last) = posts.last().unwrap();
            assert_eq!(*line, ITEMS_MAX as u64 + 1, "{content_type}");
            assert!(last.as_ref().unwrap_err().reason.contains("5 条没有收"), "{content_type}");
        }
    }
}
