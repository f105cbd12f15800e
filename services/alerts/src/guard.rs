//! Which addresses may be spoken to: a channel must not become a way into the machine or its surroundings.
//!
//! Allowed: http and https, without credentials, to public addresses and to private ones (10/8, 172.16/12, 192.168/16,
//! 100.64/10, fc00::/7), since installations stand in intranets. Never: link-local ones, where clouds keep their
//! metadata, other well-known metadata services, multicast, unspecified, reserved and documentation ranges, nor any of
//! these written inside an IPv6 address. Loopback only where the configuration says so, for tests and the demo.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// Longest address of a channel, in bytes.
const URL_BYTES_MAX: usize = 2_000;
/// Metadata services outside link-local ranges: Alibaba Cloud, Oracle Cloud, Azure's wire server, Tencent's of old.
const METADATA_V4: [Ipv4Addr; 4] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(169, 254, 0, 23),
];
/// AWS's metadata service over IPv6.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);

/// Why an address is not spoken to; the text is Chinese, for whoever entered it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// What the configuration allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Loopback addresses may be spoken to.
    pub allow_loopback: bool,
}

impl Guard {
    /// Checks everything about an address that its text shows; names are checked again when they are resolved.
    ///
    /// # Errors
    /// Says what is wrong and what to do.
    pub fn url(self, text: &str) -> Result<Url, Refused> {
        let refused = |message: &str| Err(Refused(message.to_owned()));
        if text.len() > URL_BYTES_MAX {
            return refused("地址过长");
        }
        let Ok(url) = Url::parse(text.trim()) else {
            return refused("地址无法识别，请填写以 http:// 或 https:// 开头的完整地址");
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refused("只支持 http 与 https 地址");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused("地址中不能带用户名和密码");
        }
        let Some(host) = url.host_str() else { return refused("地址缺少主机名") };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            self.address(address)?;
        }
        Ok(url)
    }

    /// Checks one resolved address.
    ///
    /// # Errors
    /// Says which kind of address it is.
    pub fn address(self, address: IpAddr) -> Result<(), Refused> {
        let kind = match address {
            IpAddr::V4(v4) => kind_v4(v4),
            IpAddr::V6(v6) => embedded(v6).map_or_else(|| kind_v6(v6), kind_v4),
        };
        match kind {
            Kind::Usual => Ok(()),
            Kind::Loopback if self.allow_loopback => Ok(()),
            kind => Err(Refused(format!("不允许访问{}地址 {address}", kind.chinese()))),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Usual,
    Loopback,
    LinkLocal,
    Metadata,
    Multicast,
    Reserved,
}

impl Kind {
    fn chinese(self) -> &'static str {
        match self {
            Kind::Usual => "",
            Kind::Loopback => "本机",
            Kind::LinkLocal => "链路本地",
            Kind::Metadata => "云平台元数据",
            Kind::Multicast => "组播或广播",
            Kind::Reserved => "保留",
        }
    }
}

fn kind_v4(address: Ipv4Addr) -> Kind {
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        _ if METADATA_V4.contains(&address) => Kind::Metadata,
        (127, _, _) => Kind::Loopback,
        (169, 254, _) => Kind::LinkLocal,
        (224..=239, _, _) => Kind::Multicast,
        _ if address.is_broadcast() => Kind::Multicast,
        // This network, IETF assignments, documentation, benchmarks, future use.
        (0 | 240..=255, _, _) | (192, 0, 0 | 2) | (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => Kind::Reserved,
        _ => Kind::Usual,
    }
}

fn kind_v6(address: Ipv6Addr) -> Kind {
    let [a, b, c, ..] = address.segments();
    match (a, b, c) {
        _ if address == METADATA_V6 => Kind::Metadata,
        _ if address.is_loopback() => Kind::Loopback,
        (0xfe80..=0xfebf, _, _) => Kind::LinkLocal,
        (0xff00..=0xffff, _, _) => Kind::Multicast,
        // Unspecified and the rest of ::/16, discard, site-local of old, Teredo and its neighbours, documentation, local NAT64.
        (0 | 0x0100, _, _) | (0xfec0..=0xfeff, _, _) | (0x2001, 0..=0x01ff | 0x0db8, _) | (0x0064, 0xff9b, 1) => {
            Kind::Reserved
        }
        _ => Kind::Usual,
    }
}

/// The IPv4 address inside a mapped, compatible, NAT64 or 6to4 one.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let from = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => from(high, low),
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => from(high, low),
        [0x2002, high, low, ..] => from(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_inside_and_around_the_machine_are_refused() {
        for (url, allowed) in [
            ("https://hooks.example.cn/a?key=1", true),
            ("http://10.1.2.3:8080/x", true),
            ("http://172.16.0.9/", true),
            ("http://192.168.1.1/", true),
            ("http://[fd12:3456::1]/", true),
            ("http://[2408:8000::1]/", true),
            ("http://127.0.0.1/", false),
            ("http://127.9.9.9/", false),
            ("http://2130706433/", false),
            ("http://0x7f.1/", false),
            ("http://017700000001/", false),
            ("http://0.0.0.0/", false),
            ("http://[::]/", false),
            ("http://[::1]/", false),
            ("http://[::ffff:127.0.0.1]/", false),
            ("http://[::ffff:a9fe:a9fe]/", false),
            ("http://[::127.0.0.1]/", false),
            ("http://[64:ff9b::7f00:1]/", false),
            ("http://[2002:7f00:1::]/", false),
            ("http://[2001:0:1::1]/", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://100.100.100.200/", false),
            ("http://[fd00:ec2::254]/", false),
            ("http://[fe80::1]/", false),
            ("http://224.0.0.1/", false),
            ("http://255.255.255.255/", false),
            ("http://[ff02::1]/", false),
            ("http://192.0.2.1/", false),
            ("ftp://example.cn/", false),
            ("file:///etc/passwd", false),
            ("gopher://example.cn/", false),
            ("http://user:pass@example.cn/", false),
            ("http://user@example.cn/", false),
            ("example.cn/x", false),
            ("", false),
        ] {
            assert_eq!(Guard::default().url(url).is_ok(), allowed, "{url}");
        }
        assert!(Guard::default().url(&format!("http://example.cn/{}", "a".repeat(3_000))).is_err());
    }

    #[test]
    fn loopback_opens_for_tests_and_nothing_else_with_it() {
        let guard = Guard { allow_loopback: true };
        for (url, allowed) in [
            ("http://127.0.0.1:9/", true),
            ("http://[::1]:9/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://169.254.169.254/", false),
            ("http://[fe80::1]/", false),
            ("http://0.0.0.0/", false),
        ] {
            assert_eq!(guard.url(url).is_ok(), allowed, "{url}");
        }
    }
}
