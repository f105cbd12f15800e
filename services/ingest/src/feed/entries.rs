//! The entries of a feed as posts.

use feed_rs::model::Entry;

use crate::RawPost;

/// Most entries of one page that are read.
const ENTRIES_MAX: usize = 1_000;

/// Reads RSS 0.9–2.0, Atom or JSON Feed. Authors are not looked at.
pub(super) fn read(url: &str, body: &[u8]) -> Result<Vec<RawPost>, String> {
    let parser = feed_rs::parser::Builder::new()
        .base_uri(Some(url))
        // Without a guid the link names the entry; an entry with neither cannot be told from others and is refused.
        .id_generator(|links, _, _| links.first().map(|link| link.href.clone()).unwrap_or_default())
        .build();
    let feed = parser.parse(body).map_err(|_| "返回的内容不是 RSS 或 Atom；检查地址是不是订阅地址".to_owned())?;
    Ok(feed.entries.into_iter().take(ENTRIES_MAX).map(post).collect())
}

fn post(entry: Entry) -> RawPost {
    let body = entry.content.and_then(|content| content.body);
    let summary = entry.summary.map(|summary| summary.content);
    let time = entry.published.or(entry.updated);
    RawPost {
        source: String::new(),
        id: entry.id,
        title: entry.title.map(|title| title.content).unwrap_or_default(),
        text: body.or(summary).unwrap_or_default(),
        time: time.map(|at| at.to_rfc3339()).unwrap_or_default(),
        place: String::new(),
        url: entry.links.into_iter().next().map(|link| link.href).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let rss = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>信箱</title>
            <item><title>路灯</title><guid isPermaLink="false">a-1</guid><link>https://example.cn/a/1</link>
              <description>&lt;p&gt;不亮&lt;/p&gt;</description><pubDate>Thu, 05 Mar 2026 14:30:00 +0800</pubDate></item>
            <item><title>无编号</title><link>https://example.cn/a/2</link></item>
            <item><title>什么也没有</title></item></channel></rss>"#;
        let posts = read("https://example.cn/rss", rss.as_bytes()).unwrap();
        let shown: Vec<_> =
            posts.iter().map(|p| [&p.id, &p.title, &p.text, &p.time, &p.url].map(String::as_str)).collect();
        assert_eq!(shown[0], ["a-1", "路灯", "<p>不亮</p>", "2026-03-05T06:30:00+00:00", "https://example.cn/a/1"]);
        assert_eq!(shown[1], ["https://example.cn/a/2", "无编号", "", "", "https://example.cn/a/2"]);
        assert_eq!(shown[2], ["", "什么也没有", "", "", ""]);

        let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>t</title><updated>2026-03-05T06:30:00Z</updated>
            <entry><id>urn:x:1</id><title>积水</title><updated>2026-03-05T06:30:00Z</updated><author><name>甲</name></author>
            <content type="html">&lt;b&gt;桥下&lt;/b&gt;</content><summary>短</summary></entry></feed>"#;
        let posts = read("https://example.cn/atom", atom.as_bytes()).unwrap();
        assert_eq!((posts[0].id.as_str(), posts[0].text.as_str()), ("urn:x:1", "<b>桥下</b>"));
        for bad in ["", "<html><body>login</body></html>", "{\"a\":1}", "<rss><channel>"] {
            let _ = read("https://example.cn/rss", bad.as_bytes());
        }
        assert!(read("https://example.cn/rss", b"<html></html>").is_err());
    }
}
