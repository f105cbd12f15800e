//! Whatever text comes as a post: the promises of the crate hold, and nothing panics. `HUIYIN_FUZZ_SECONDS` says how
//! long each test looks (64 cases when not given), `HUIYIN_FUZZ_SEED` where it begins; a failure prints both.

#![allow(clippy::panic)] // a finding is told with its seed

use std::time::{Duration, Instant};

use huiyin_text::{Fingerprint, Segmenter, identifier, link, mask, normalise, prepare, prepare_prose};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const CASES_MIN: u32 = 64;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Tries cases until the time is over, each round from a seed of its own.
fn fuzz<S: Strategy>(what: &str, cases: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let begin = Instant::now();
    let budget = Duration::from_secs(setting("HUIYIN_FUZZ_SECONDS", 0));
    let mut seed = setting("HUIYIN_FUZZ_SEED", 1);
    let mut tried = 0;
    // Without a budget always the same cases, however fast the machine.
    while tried < CASES_MIN || begin.elapsed() < budget {
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(seed.to_le_bytes()).for_each(|(byte, of_seed)| *byte = of_seed);
        let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
        if let Err(fault) = runner.run(&cases, &test) {
            panic!("{what}, HUIYIN_FUZZ_SEED={seed}: {fault}");
        }
        seed += 1;
        tried += 32;
    }
    eprintln!("{what}: {tried} cases, {} s, seeds up to {seed}", begin.elapsed().as_secs());
}

#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "13800138000", "１３８００１３８０００", "一三八零零一三八", "138-0013-8000", "0791-88886666", "36010219900101123X", "6222 0202 0000 1111 222",
    "赣A12345", "赣A·D12345", "3栋2单元401室", "４０１室", "我叫张三丰", "本人李四", "联系人：王五", "电话", "微信号abc_123", "QQ：12345678",
    "a@b.cn", "https://t.cn/a1B2c3", "www.example.com/路", "<b>", "</b>", "<script>", "<!--", "&nbsp;", "&amp;lt;", "&#20013;", "<A市>", "1<2",
    "某某小区", "物业不作为", "請問", "馬路", "ＡＢＣ", "①", "㈠", "😀", "👨\u{200d}👩", "\u{200b}", "\u{feff}", "\u{202e}", "é", "e\u{301}",
    "２０１９年５月１日", "2019-05-01", "15时30分", "100元", "〔电话〕", "〔", "〕", "【", "】", "#话题#", "@某人", " ", "\n", "\t", "\u{3000}", "，", "。", "-",
    "零", "幺", "两", "号", "楼", "，电话是", "壹叁捌", "٣", "𝟏𝟑𝟖",
];

/// Texts made of what posts are made of, and of what hides in them.
fn post() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        16 => proptest::sample::select(TOKENS).prop_map(str::to_owned),
        2 => any::<char>().prop_map(String::from),
        2 => "[0-9０-９零一二三四五六七八九幺 -]{1,24}",
        1 => (proptest::sample::select(TOKENS), 2usize..40).prop_map(|(token, times)| token.repeat(times)),
    ];
    proptest::collection::vec(token, 0..80).prop_map(|tokens| tokens.concat())
}

/// Whether a run of eleven digits stands there that is a mobile number, and is no part of a longer one.
fn shows_mobile_number(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|run| matches!(run.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9))
}

#[test]
fn normalising_and_masking_keep_their_promises() {
    fuzz("mask", post(), |raw| {
        let normalised = normalise(&raw);
        prop_assert_eq!(&normalise(&normalised), &normalised, "normalise changes nothing the second time");
        let masked = mask(&normalised);
        let (again, normalised) = (mask(&masked), normalise(&masked));
        prop_assert_eq!(again.as_str(), masked.as_str(), "neither does mask");
        prop_assert_eq!(normalised.as_str(), masked.as_str(), "a masked text is a normalised one");
        prop_assert!(!shows_mobile_number(&masked), "{}", masked.as_str());
        prop_assert!(!shows_mobile_number(&prepare(&raw)));
        let prose = prepare_prose(&raw);
        prop_assert!(!shows_mobile_number(&prose), "{}", prose.as_str());
        Ok(())
    });
}

#[test]
fn words_make_up_the_text() {
    let segmenter = Segmenter::new(["某某小区", "物业不作为", "A市"]);
    fuzz("segment", (post(), any::<bool>()), |(raw, is_prepared)| {
        let text = if is_prepared { prepare(&raw).into_string() } else { raw };
        let mut from = 0;
        for token in segmenter.cut(&text) {
            let stands = text.get(token.start..).is_some_and(|rest| rest.starts_with(token.text));
            prop_assert!(token.start >= from && stands);
            prop_assert!(text.get(from..token.start).is_some_and(|gap| gap.trim().is_empty()), "a word is missing");
            from = token.start + token.text.len();
        }
        prop_assert!(text.get(from..).is_some_and(|rest| rest.trim().is_empty()), "the end is missing");
        let print = Fingerprint::of(&text);
        let read = Fingerprint::from_bytes(&print.to_bytes());
        prop_assert_eq!(read.map(|read| read.to_bytes()), Some(print.to_bytes()));
        Ok(())
    });
}

#[test]
fn ids_and_links_from_outside_are_taken_or_refused() {
    fuzz("identifier", post(), |raw| {
        if let Ok(id) = identifier(&raw) {
            prop_assert_eq!(identifier(&id).ok(), Some(id));
        }
        if let Some(found) = link(&raw) {
            prop_assert_eq!(link(&found), Some(found));
        }
        Ok(())
    });
}
