//! From a kept message to the request that carries it.

use huiyin_store::{ChannelKind, Target};
use jiff::Timestamp;
use reqwest::Url;

use crate::notice::Notice;
use crate::robot;
use crate::send::Outgoing;
use crate::sign::Signer;

/// The request for one try. Signatures carry the instant of the try; id and body are the same every time.
///
/// # Errors
/// What is wrong with the channel or the message, in Chinese.
pub(crate) fn compose(target: &Target, message: &str, payload: &str, now: Timestamp) -> Result<Outgoing, String> {
    if target.kind == ChannelKind::Webhook {
        return webhook(target, message, payload, now);
    }
    let notice: Notice = serde_json::from_str(payload).map_err(|_| "消息内容无法读取".to_owned())?;
    let url = Url::parse(&target.url).map_err(|_| "地址无法识别".to_owned())?;
    let (url, body) = match target.kind {
        ChannelKind::Dingtalk => (robot::dingtalk_url(&url, &target.secret.0, now), robot::dingtalk(&notice)),
        ChannelKind::Feishu => (url, robot::feishu(&notice, &target.secret.0, now)),
        ChannelKind::Wecom | ChannelKind::Webhook => (url, robot::wecom(&notice)),
    };
    Ok(Outgoing { url: url.into(), headers: Vec::new(), body: body.to_string() })
}

fn webhook(target: &Target, message: &str, payload: &str, now: Timestamp) -> Result<Outgoing, String> {
    let seconds = now.as_second();
    let secrets = std::iter::once(&target.secret).chain(&target.old_secret);
    let signatures: Vec<String> = secrets
        .map(|secret| Signer::parse(&secret.0).map(|signer| signer.sign(message, seconds, payload)))
        .collect::<Result<_, _>>()
        .map_err(|_| "签名密钥无法读取，请更换密钥".to_owned())?;
    let headers = vec![
        ("webhook-id", message.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ];
    Ok(Outgoing { url: target.url.clone(), headers, body: payload.to_owned() })
}

#[cfg(test)]
mod tests {
    use huiyin_store::{ChannelSecret, Signing};

    use super::*;

    #[test]
    fn both_secrets_sign_while_one_replaces_the_other() {
        let (new, old) = (Signer::hmac([1; 32]), Signer::hmac([2; 32]));
        let mut target = Target {
            channel: 1,
            kind: ChannelKind::Webhook,
            url: "https://example.cn/".into(),
            signing: Signing::Hmac,
            secret: ChannelSecret(new.to_secret()),
            old_secret: Some(ChannelSecret(old.to_secret())),
            failures: 0,
            failing_since: None,
        };
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let sent = compose(&target, "msg_1", "{}", now).unwrap();
        let header = |name: &str| sent.headers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone());
        let both = [new.sign("msg_1", 1_700_000_000, "{}"), old.sign("msg_1", 1_700_000_000, "{}")].join(" ");
        assert_eq!(header("webhook-signature"), Some(both));
        assert_eq!(header("webhook-id").as_deref(), Some("msg_1"));
        assert_eq!(header("webhook-timestamp").as_deref(), Some("1700000000"));
        target.secret = ChannelSecret("spoilt".into());
        assert!(compose(&target, "msg_1", "{}", now).is_err());
    }
}
