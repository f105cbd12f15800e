//! One form for every text: what is equal to a reader becomes equal in bytes.

use crate::{characters, links, markup, simplify};

/// Markup hidden in markup (`&amp;lt;b&amp;gt;`) is taken off layer by layer, up to this many layers.
const LAYERS_MAX: usize = 4;

/// Folds widths and compatibility forms (NFKC), traditional characters, HTML and entities, links (to
/// [`LINK`](crate::LINK)), emoji and invisible characters, digits of other scripts and blanks. Line breaks stay, blank
/// lines do not. Never panics, linear, and `normalise(normalise(x)) == normalise(x)`.
pub fn normalise(raw: &str) -> String {
    let mut text = characters::clean(raw);
    if text.contains(['<', '&']) {
        text = without_markup(text);
    }
    if let Some(simplified) = simplify::simplify(&text) {
        text = simplified;
    }
    if let Some(replaced) = links::replace(&text) {
        text = replaced;
    }
    if is_collapsed(&text) { text } else { collapse(&text) }
}

fn without_markup(mut text: String) -> String {
    for _ in 0..LAYERS_MAX {
        match markup::strip(&text) {
            Some(stripped) => text = characters::clean(&stripped),
            None => return text,
        }
    }
    markup::defuse(text)
}

fn is_collapsed(text: &str) -> bool {
    const BLANKS: [char; 2] = [' ', '\n'];
    let is_blank = |b: u8| matches!(b, b' ' | b'\n');
    !text.starts_with(BLANKS)
        && !text.ends_with(BLANKS)
        && !text.as_bytes().windows(2).any(|pair| matches!(pair, [a, b] if is_blank(*a) && is_blank(*b)))
}

/// One blank for a run of blanks, none at either end of a line; one line break for a run of them, none at either end.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending = None;
    for c in text.chars() {
        match c {
            '\n' => pending = Some('\n'),
            ' ' => pending = pending.or(Some(' ')),
            _ => {
                if let Some(blank) = pending.take()
                    && !out.is_empty()
                {
                    out.push(blank);
                }
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::normalise;

    #[test]
    fn folds_a_post() {
        let cases = [
            ("  您好，　请问：\r\n\r\n  路燈壞了  ", "您好, 请问:\n路灯坏了".into()),
            ("<p>第一段</p><p>第二&nbsp;段</p>", "第一段\n第二 段".into()),
            ("&amp;lt;b&amp;gt;黑体&amp;lt;/b&amp;gt;", "黑体".into()),
            ("见 https://example.com/a?b=1&c=2，谢谢", "见 〔链接〕,谢谢".into()),
            ("〔链接〕〔电话〕", "〔链接〕〔电话〕".into()),
            ("关于<A市物业办法>的问题", "关于<A市物业办法>的问题".into()),
            ("高度50m<H≤100m", "高度50m<H≤100m".into()),
            ("", String::new()),
            (" \n ", String::new()),
        ];
        for (input, expected) in cases {
            assert_eq!(normalise(input), expected, "{input:?}");
        }
    }

    #[test]
    fn large_and_hostile_inputs_end() {
        let length = 200_000;
        for unit in ["<", "<b>", "<b", "</i>", "&amp;", "amp;", "&", "<!--", "<script>", "<a '", "&#", "http://", "乾"]
        {
            let text = unit.repeat(length / unit.len());
            let once = normalise(&text);
            assert_eq!(normalise(&once), once, "{unit}");
        }
        for (open, close) in [("<b>", "</i>"), ("<", "b>"), ("&", "amp;"), ("<div>", "</div>")] {
            let text = open.repeat(length / 2 / open.len()) + &close.repeat(length / 2 / close.len());
            let once = normalise(&text);
            assert_eq!(normalise(&once), once, "{open}…{close}");
        }
    }

    /// Pieces from which the steps of normalisation can trip one another up.
    fn tangle() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "<", ">", "b", "/b", "br", "p", "!--", "--", "script", "/", "&", "amp;", "lt;", "gt;", "#38;", "#x3c;",
            "nbsp", ";", "\u{200B}", "\u{301}", "a", "\u{338}", "＜", "＆", " ", "\n", "\r", "http://", "www.", "x.cn",
            "@", "乾", "縣", "隆", "覆", "回", "么", "麼", "①", "😀", "\u{FE0F}", "１", "：", "\u{1160}", "ㅤ", "가",
            "\u{11A8}",
        ]);
        prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        #[test]
        fn twice_is_once(text in any::<String>()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn twice_is_once_for_tangles(text in tangle()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
