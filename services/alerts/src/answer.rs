//! What an answer means.

use huiyin_store::ChannelKind;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::schedule;
use crate::send::Answer;

/// How long a receiver that is too busy, and does not say for how long, is left alone.
const BUSY: SignedDuration = SignedDuration::from_secs(60);
/// Longest text of a receiver quoted in the log, in characters.
const QUOTED_CHARS_MAX: usize = 80;

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It arrived.
    Arrived,
    /// The receiver wants no more (410).
    Gone(String),
    /// The receiver asks to be left alone for a while.
    Busy(SignedDuration, String),
    /// It did not arrive.
    Failed(String),
}

impl Outcome {
    /// What went wrong, in Chinese.
    pub(crate) fn error(&self) -> Option<&str> {
        match self {
            Outcome::Arrived => None,
            Outcome::Gone(error) | Outcome::Busy(_, error) | Outcome::Failed(error) => Some(error),
        }
    }
}

/// Judges an answer by its status, and by what a robot says in its body.
pub(crate) fn judge(kind: ChannelKind, answer: &Answer, now: Timestamp) -> Outcome {
    let Some(status) = answer.status else {
        return Outcome::Failed(answer.error.clone().unwrap_or_else(|| "没有答复".to_owned()));
    };
    match status {
        200..300 if kind == ChannelKind::Webhook => Outcome::Arrived,
        200..300 => robot(kind, &answer.body),
        300..400 => Outcome::Failed(format!("对方要求跳转（HTTP {status}），请改填最终地址")),
        410 => Outcome::Gone("对方表示不再接收（HTTP 410），通道已暂停".to_owned()),
        429 | 503 => {
            let asked = answer.retry_after.as_deref().and_then(|value| schedule::retry_after(value, now));
            Outcome::Busy(asked.unwrap_or(BUSY), format!("对方繁忙（HTTP {status}）"))
        }
        _ => Outcome::Failed(format!("对方返回 HTTP {status}")),
    }
}

/// Robots answer 200 to everything; their body says whether the message was taken.
fn robot(kind: ChannelKind, body: &str) -> Outcome {
    let Ok(said) = serde_json::from_str::<Value>(body) else {
        return Outcome::Failed("机器人的答复无法识别，请检查地址".to_owned());
    };
    let field = |names: [&str; 2]| names.iter().find_map(|name| said.get(*name));
    let code = match kind {
        ChannelKind::Feishu => field(["code", "StatusCode"]),
        _ => field(["errcode", "errcode"]),
    };
    let message = field(if kind == ChannelKind::Feishu { ["msg", "StatusMessage"] } else { ["errmsg", "errmsg"] });
    let message = message.and_then(Value::as_str).unwrap_or_default();
    let message = crate::notice::masked(message, QUOTED_CHARS_MAX);
    match code.and_then(Value::as_i64) {
        Some(0) => Outcome::Arrived,
        Some(code) if is_busy(kind, code) => Outcome::Busy(busy_for(kind), format!("机器人限制发送频率（{code}）")),
        Some(code) => Outcome::Failed(match meaning(kind, code) {
            Some(meaning) => format!("{meaning}（{code}）"),
            None => format!("机器人拒收（{code} {message}）"),
        }),
        None => Outcome::Failed("机器人的答复无法识别，请检查地址".to_owned()),
    }
}

/// Codes for "too many messages", from the robots' documentation.
fn is_busy(kind: ChannelKind, code: i64) -> bool {
    match kind {
        ChannelKind::Wecom => matches!(code, 45_009 | 45_033),
        ChannelKind::Dingtalk => matches!(code, 130_101 | 130_102 | 660_026),
        ChannelKind::Feishu => matches!(code, 9_499 | 11_232),
        ChannelKind::Webhook => false,
    }
}

/// A robot of 钉钉 that got too much says nothing for ten minutes.
fn busy_for(kind: ChannelKind) -> SignedDuration {
    if kind == ChannelKind::Dingtalk { SignedDuration::from_mins(10) } else { BUSY }
}

fn meaning(kind: ChannelKind, code: i64) -> Option<&'static str> {
    Some(match (kind, code) {
        (ChannelKind::Wecom, 93_000 | 93_004 | 93_008) | (ChannelKind::Dingtalk, 300_005 | 400_101 | 400_102) => {
            "机器人地址无效，或机器人已停用、已移出群聊"
        }
        (ChannelKind::Feishu, 19_001) => "机器人地址无效",
        (ChannelKind::Dingtalk, 310_000) => "未通过机器人的安全设置，请检查加签密钥、关键词与IP白名单",
        (ChannelKind::Feishu, 19_021) => "签名校验未通过，请检查密钥与服务器时间",
        (ChannelKind::Feishu, 19_022) => "服务器IP不在机器人的白名单内",
        (ChannelKind::Feishu, 19_024) => "未包含机器人要求的关键词，请改用签名校验",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_judged_by_status_and_by_what_robots_say() {
        let now: Timestamp = "2026-03-05T06:00:00Z".parse().unwrap();
        use ChannelKind::{Dingtalk, Feishu, Webhook, Wecom};
        for (kind, status, body, expected) in [
            (Webhook, 200, "", "arrived"),
            (Webhook, 204, "", "arrived"),
            (Webhook, 301, "", "跳转"),
            (Webhook, 404, "", "HTTP 404"),
            (Webhook, 410, "", "gone"),
            (Webhook, 429, "", "busy 7"),
            (Webhook, 503, "", "busy 7"),
            (Webhook, 500, "", "HTTP 500"),
            (Wecom, 200, r#"{"errcode":0,"errmsg":"ok"}"#, "arrived"),
            (Wecom, 200, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, "地址无效"),
            (Wecom, 200, r#"{"errcode":45009}"#, "busy 60"),
            (Wecom, 200, "<html>", "无法识别"),
            (Wecom, 500, r#"{"errcode":0}"#, "HTTP 500"),
            (Dingtalk, 200, r#"{"errcode":310000,"errmsg":"sign not match"}"#, "安全设置"),
            (Dingtalk, 200, r#"{"errcode":130101}"#, "busy 600"),
            (Dingtalk, 200, r#"{"errcode":1,"errmsg":"拒绝"}"#, "1 拒绝"),
            (Feishu, 200, r#"{"code":0,"msg":"success"}"#, "arrived"),
            (Feishu, 200, r#"{"StatusCode":0,"StatusMessage":"success"}"#, "arrived"),
            (Feishu, 200, r#"{"code":19021,"msg":"sign match fail"}"#, "签名校验"),
            (Feishu, 200, r#"{"code":9499,"msg":"too many"}"#, "busy 60"),
            (Feishu, 200, r#"{"errcode":0}"#, "无法识别"),
        ] {
            let answer =
                Answer { status: Some(status), body: body.into(), retry_after: Some("7".into()), ..Answer::default() };
            let found = match judge(kind, &answer, now) {
                Outcome::Arrived => "arrived".to_owned(),
                Outcome::Gone(_) => "gone".to_owned(),
                Outcome::Busy(wait, _) => format!("busy {}", wait.as_secs()),
                Outcome::Failed(error) => error,
            };
            assert!(found.contains(expected), "{kind:?} {status} {body}: {found}");
        }
    }
}
