//! Which character set a text is in.

use std::borrow::Cow;

use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use super::Problem;

/// How far into a page its character set is looked for; HTML asks for the first 1,024 bytes, old sites need more.
const DECLARATION_BYTES_MAX: usize = 4_096;
/// What one broken character may leave behind; in a text of some characters an accident, not the wrong set.
const BROKEN_MAX: usize = 3;
/// Marks and words that any Chinese text of some length holds, in both scripts.
const COMMON: &str = "的，。、和及一在有是不了为為";

/// The text of `bytes`: by byte order mark, else UTF-8 when it is valid, else as declared by an HTML page, else UTF-16,
/// GB18030 or Big5, whichever fits without an error and reads like Chinese.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Problem> {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        let body = bytes.get(mark_bytes..).unwrap_or_default();
        return Ok(encoding.decode_without_bom_handling(body).0.into_owned());
    }
    if let Some(encoding) = wide(bytes) {
        return Ok(encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    if let Some(text) = strictly(UTF_8, bytes) {
        return if is_text(&text) { Ok(text.into_owned()) } else { Err(Problem::UnknownEncoding) };
    }
    // A file cut off in the middle of a character, or with a few bytes gone wrong, is still a document. The script and
    // tags of a page read the same in every set, so only the other characters tell how many a few are.
    let tolerantly = |encoding: &'static Encoding| {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        let wrong = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
        let telling = text.chars().filter(|c| !c.is_ascii()).count();
        let few = wrong * 100 <= telling || wrong <= BROKEN_MAX && wrong * 4 <= telling;
        (few && is_text(&text)).then(|| text.into_owned())
    };
    if let Some(text) = tolerantly(UTF_8) {
        return Ok(text);
    }
    [declared(bytes), Some(GB18030), Some(BIG5)]
        .into_iter()
        .flatten()
        .filter_map(|encoding| strictly(encoding, bytes).filter(|text| is_text(text)))
        .reduce(|best, next| if commonness(&next) > commonness(&best) { next } else { best })
        .map(Cow::into_owned)
        .or_else(|| tolerantly(GB18030))
        .ok_or(Problem::UnknownEncoding)
}

fn strictly<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<Cow<'a, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// UTF-16 without a mark: the zero bytes of its digits and line ends give it away, and only the right order of bytes
/// reads like Chinese.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    const PLAIN_MIN: usize = 500;
    let head = bytes.get(..bytes.len().min(4_096) & !1)?;
    if !head.contains(&0) {
        return None;
    }
    let plainness = |encoding| {
        let text = strictly(encoding, head).filter(|text| is_text(text))?;
        let ascii = text.chars().filter(char::is_ascii).count() * 10_000 / text.chars().count().max(1);
        Some(ascii + commonness(&text)).filter(|plain| *plain >= PLAIN_MIN)
    };
    match (plainness(UTF_16LE), plainness(UTF_16BE)) {
        (None, None) => None,
        (little, big) if little >= big => Some(UTF_16LE),
        _ => Some(UTF_16BE),
    }
}

/// What an HTML page says about itself.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(DECLARATION_BYTES_MAX))?).to_ascii_lowercase();
    let (_, after) = head.split_once("charset")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start_matches([' ', '"', '\'']);
    let label: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    let encoding = Encoding::for_label(label.as_bytes())?;
    // Pages that declare GB2312 use characters beyond it; GB18030 holds them all.
    Some(if encoding == GBK { GB18030 } else { encoding })
}

/// Share of everyday characters, for telling GB18030 from Big5: read in the wrong one, a text turns into rare ones.
fn commonness(text: &str) -> usize {
    let common = text.chars().filter(|c| COMMON.contains(*c)).count();
    common * 10_000 / text.chars().count().max(1)
}

fn is_text(text: &str) -> bool {
    let odd = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')).count();
    odd * 50 <= text.chars().count()
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030};

    use super::decode;

    #[test]
    fn every_usual_character_set_is_told() {
        let simplified = "一、市水务局牵头，市住建局、市城管局按职责分工负责。\n完成时限：2031年9月底前";
        let traditional = "一、由市水務局主辦，市住建局、市城管局協辦。\n於一年內辦理完成的事項";
        let wide = |swap: bool, mark: bool| {
            let text = if mark { format!("\u{feff}{simplified}") } else { simplified.to_owned() };
            text.encode_utf16().flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let cases: [(&str, Vec<u8>, &str); 8] = [
            ("UTF-8", simplified.into(), simplified),
            ("UTF-8 with mark", format!("\u{feff}{simplified}").into(), simplified),
            ("UTF-16LE", wide(false, false), simplified),
            ("UTF-16BE", wide(true, false), simplified),
            ("UTF-16LE with mark", wide(false, true), simplified),
            ("UTF-16BE with mark", wide(true, true), simplified),
            ("GB18030", GB18030.encode(simplified).0.into_owned(), simplified),
            ("Big5", BIG5.encode(traditional).0.into_owned(), traditional),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(decode(&bytes).as_deref(), Ok(expected), "{name}");
        }
    }

    #[test]
    fn a_text_cut_in_a_character_is_read_to_there() {
        let text = "市水务局牵头。".repeat(40);
        let cut = text.as_bytes().get(..text.len() - 1).expect("shorter");
        assert!(decode(cut).expect("text").starts_with("市水务局牵头。"));
    }

    #[test]
    fn script_does_not_hide_the_wrong_set() {
        let script = "<script>var a = 1;</script>".repeat(400);
        for (meta, text) in
            [("<meta charset=\"gb2312\">", "市水务局牵头，市城管局配合。"), ("", "市水务局牵头，市城管局配合。")]
        {
            let page = format!("<html>{meta}{script}<p>{text}</p>");
            assert_eq!(decode(&GB18030.encode(&page).0).as_deref(), Ok(page.as_str()), "{meta}");
            // The same page in UTF-8, one byte of it lost.
            let cut = page.as_bytes().iter().copied().filter({
                let mut lost = false;
                move |byte| lost || byte.is_ascii() || std::mem::replace(&mut lost, true)
            });
            let read = decode(&cut.collect::<Vec<u8>>()).expect("text");
            assert!(read.ends_with("水务局牵头，市城管局配合。</p>"), "{meta}");
        }
    }

    #[test]
    fn a_declared_set_is_believed_when_it_fits() {
        let page = "<meta charset=\"gb2312\"><p>朱镕基</p>";
        assert_eq!(decode(&GB18030.encode(page).0).as_deref(), Ok(page));
    }
}
