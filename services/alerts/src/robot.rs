//! What a message looks like in a group chat: 企业微信 (markdown), 钉钉 (markdown), 飞书 (rich text).
//!
//! Titles come from posts: in markdown every character that could make a link, a mention or a picture of them is written
//! in its full-width form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use huiyin_domain::BEIJING;
use jiff::Timestamp;
use reqwest::Url;
use serde_json::{Value, json};

use crate::notice::{Notice, shortened};
use crate::sign::hmac_sha256;

/// Longest instruction, reason or promise in a chat, in characters: with a title of 100, a message stays under the 4,096
/// bytes of a robot of 企业微信.
const WORDS_CHARS_MAX: usize = 200;
/// Longest name of a unit or place in a chat, in characters.
const NAME_CHARS_MAX: usize = 60;

/// Body for a robot of 企业微信.
pub(crate) fn wecom(notice: &Notice) -> Value {
    let lines: Vec<String> = lines(notice).iter().map(|line| format!("> {}", line.markdown(true))).collect();
    let mut text = format!("**{}**\n{}", plain(&headline(notice)), lines.join("\n"));
    if let Some(link) = &notice.data.link {
        text.push_str(&format!("\n[查看事项]({link})"));
    }
    json!({ "msgtype": "markdown", "markdown": { "content": text } })
}

/// Body for a robot of 钉钉.
pub(crate) fn dingtalk(notice: &Notice) -> Value {
    let headline = plain(&headline(notice));
    let lines: Vec<String> = lines(notice).iter().map(|line| format!("- {}", line.markdown(false))).collect();
    let mut text = format!("#### {headline}\n\n{}", lines.join("\n"));
    if let Some(link) = &notice.data.link {
        text.push_str(&format!("\n\n[查看事项]({link})"));
    }
    json!({ "msgtype": "markdown", "markdown": { "title": headline, "text": text } })
}

/// Address for a robot of 钉钉: with a secret, the instant in milliseconds and its signature are part of it.
pub(crate) fn dingtalk_url(url: &Url, secret: &str, now: Timestamp) -> Url {
    let mut signed = url.clone();
    if !secret.is_empty() {
        let millis = now.as_millisecond();
        let sign = STANDARD.encode(hmac_sha256(secret.as_bytes(), format!("{millis}\n{secret}").as_bytes()));
        signed.query_pairs_mut().append_pair("timestamp", &millis.to_string()).append_pair("sign", &sign);
    }
    signed
}

/// Body for a robot of 飞书: with a secret, the instant in seconds and its signature are part of it.
pub(crate) fn feishu(notice: &Notice, secret: &str, now: Timestamp) -> Value {
    let mut rows: Vec<Value> =
        lines(notice).iter().map(|line| json!([{ "tag": "text", "text": line.text() }])).collect();
    if let Some(link) = &notice.data.link {
        rows.push(json!([{ "tag": "a", "text": "查看事项", "href": link }]));
    }
    let content = json!({ "post": { "zh_cn": { "title": headline(notice), "content": rows } } });
    let mut body = json!({ "msg_type": "post", "content": content });
    if !secret.is_empty() {
        let seconds = now.as_second().to_string();
        let sign = STANDARD.encode(hmac_sha256(format!("{seconds}\n{secret}").as_bytes(), b""));
        body["timestamp"] = seconds.into();
        body["sign"] = sign.into();
    }
    body
}

/// One line of a message: a label and what it says.
struct Line {
    label: String,
    text: String,
    urgent: bool,
}

impl Line {
    fn text(&self) -> String {
        if self.label.is_empty() { self.text.clone() } else { format!("{}：{}", self.label, self.text) }
    }

    fn markdown(&self, colours: bool) -> String {
        let text = plain(&self.text);
        let text = match (self.urgent, colours) {
            (true, true) => format!("<font color=\"warning\">{text}</font>"),
            (true, false) => format!("**{text}**"),
            (false, _) => text,
        };
        if self.label.is_empty() { text } else { format!("{}：{text}", self.label) }
    }
}

fn headline(notice: &Notice) -> String {
    shortened(&flat(&notice.headline()), 2 * NAME_CHARS_MAX)
}

fn lines(notice: &Notice) -> Vec<Line> {
    let data = &notice.data;
    let mut lines = Vec::new();
    let mut add = |label: &str, text: &str, chars_max: usize, urgent: bool| {
        let text = shortened(&flat(text), chars_max);
        if !text.is_empty() {
            lines.push(Line { label: label.to_owned(), text, urgent });
        }
    };
    add("编号", &data.matter, NAME_CHARS_MAX, false);
    add("事项", &data.title, 100, false);
    add("等级", &data.grade_name, NAME_CHARS_MAX, matches!(data.grade.as_str(), "extreme" | "major"));
    add("属地", data.place_name.as_deref().unwrap_or_default(), NAME_CHARS_MAX, false);
    let part = match data.part.as_deref() {
        Some("lead") => "第一责任单位",
        Some("assist") => "协同单位",
        _ => "涉及单位",
    };
    add(part, data.unit_name.as_deref().unwrap_or_default(), NAME_CHARS_MAX, false);
    if let Some(deadline) = &data.deadline {
        let due = BEIJING.to_datetime(deadline.due).strftime("%Y年%-m月%-d日 %H:%M").to_string();
        add(&format!("{}时限", deadline.kind_name), &due, NAME_CHARS_MAX, true);
    }
    let instruction = if notice.kind == "matter.supervised" { "督办要求" } else { "交办要求" };
    add(instruction, data.instruction.as_deref().unwrap_or_default(), WORDS_CHARS_MAX, false);
    add("退回原因", data.reason.as_deref().unwrap_or_default(), WORDS_CHARS_MAX, false);
    add("承诺内容", data.commitment.as_deref().unwrap_or_default(), WORDS_CHARS_MAX, false);
    if data.danger {
        add("", "疑涉人身安全，情况紧急时请同时联系 110、119、120", NAME_CHARS_MAX, true);
    }
    lines
}

/// On one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without anything markdown or a chat would act on.
fn plain(text: &str) -> String {
    let wide = |letter: char| match letter {
        '[' | ']' | '(' | ')' | '<' | '>' | '*' | '_' | '`' | '#' | '~' | '@' | '!' | '|' | '\\' => {
            char::from_u32(u32::from(letter) + 0xfee0).unwrap_or('　')
        }
        other => other,
    };
    text.chars().map(wide).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::{NoticeData, NoticeDeadline};

    fn notice(words: &str) -> Notice {
        let data = NoticeData {
            matter: "20261120-00001".into(),
            title: words.repeat(20),
            grade: "major".into(),
            grade_name: "重大".into(),
            danger: true,
            place_name: Some("霁川省棠溪市柏桥区".repeat(20)),
            unit: Some("990100-城管".into()),
            unit_name: Some("棠溪市城市管理局".repeat(20)),
            part: Some("lead".into()),
            deadline: Some(NoticeDeadline {
                kind: "sign".into(),
                kind_name: "签收".into(),
                due: "2026-11-20T09:30:00Z".parse().unwrap(),
            }),
            instruction: Some(words.repeat(100)),
            reason: Some(words.repeat(100)),
            commitment: Some(words.repeat(100)),
            link: Some("http://10.0.0.8/matters/20261120-00001".into()),
            ..NoticeData::default()
        };
        Notice { kind: "matter.assigned".into(), timestamp: "2026-11-20T01:00:00Z".parse().unwrap(), data }
    }

    #[test]
    fn the_longest_message_fits() {
        let text = wecom(&notice("请于今日内到场处置并反馈"));
        assert!(text["markdown"]["content"].as_str().unwrap().len() <= 4_096);
        assert!(dingtalk(&notice("请于今日内到场处置并反馈")).to_string().len() <= 20_000);
        assert!(feishu(&notice("请于今日内到场处置并反馈"), "", Timestamp::UNIX_EPOCH).to_string().len() <= 20_000);
    }

    #[test]
    fn it_reads_as_an_official_would_write_it() {
        let mut short = notice("路灯");
        short.data = NoticeData {
            title: "文昌路路灯不亮".into(),
            place_name: Some("柏桥区".into()),
            unit_name: Some("棠溪市城市管理局".into()),
            instruction: Some("今日内修复".into()),
            reason: None,
            commitment: None,
            danger: false,
            ..short.data
        };
        let expected = "**【交办】请棠溪市城市管理局签收办理**\n> 编号：20261120-00001\n> 事项：文昌路路灯不亮\n\
            > 等级：<font color=\"warning\">重大</font>\n> 属地：柏桥区\n> 第一责任单位：棠溪市城市管理局\n\
            > 签收时限：<font color=\"warning\">2026年11月20日 17:30</font>\n> 交办要求：今日内修复\n\
            [查看事项](http://10.0.0.8/matters/20261120-00001)";
        assert_eq!(wecom(&short)["markdown"]["content"], expected);
    }

    #[test]
    fn a_title_makes_no_link_mention_or_line_of_its_own() {
        let mut sly = notice("");
        sly.data.title = "[点此](http://x.cn) <@all>\n# 大字 `a` ![](b)".into();
        for text in [wecom(&sly).to_string(), dingtalk(&sly).to_string()] {
            assert!(!text.contains("](http://x.cn") && !text.contains("<@all>") && !text.contains("\\n# 大"), "{text}");
            assert!(text.contains("［点此］"), "{text}");
        }
    }

    /// Signatures computed with Node's crypto module after the robots' own documentation.
    #[test]
    fn signatures_are_as_the_robots_want_them() {
        let url = Url::parse("https://oapi.example.cn/robot/send?access_token=t").unwrap();
        let now = Timestamp::from_millisecond(1_577_262_236_757).unwrap();
        let signed = dingtalk_url(&url, "SEC123", now);
        let expected = "access_token=t&timestamp=1577262236757&sign=Z%2FIOagKYTkrnYtxAsTKneRe0bzmlPCH3ZDJPTD2h9QA%3D";
        assert_eq!(signed.query(), Some(expected));
        assert_eq!(dingtalk_url(&url, "", now), url);
        let body = feishu(&notice("x"), "SEC123", Timestamp::from_second(1_599_360_473).unwrap());
        assert_eq!(body["timestamp"], "1599360473");
        assert_eq!(body["sign"], "40C9JaJl6dtr1NAtKG/LRejFpoLEpOOl5LPCv14+P+I=");
        assert!(feishu(&notice("x"), "", now).get("sign").is_none());
    }
}
