//! Whatever bytes come as a document: an answer or an error, soon, and no panic. `HUIYIN_FUZZ_SECONDS` says how long
//! each test looks (64 cases when not given), `HUIYIN_FUZZ_SEED` where it begins; a failure prints both.

#![allow(clippy::panic)] // a finding is told with its seed

use std::cell::RefCell;
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use huiyin_catalogue::extract::extract;
use huiyin_catalogue::reading::{Lexicon, read};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// No document of the fixtures' size may take longer, also in a build that is not optimised on a busy machine.
const ONE_MAX: Duration = Duration::from_secs(60);

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
        let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
        if let Err(fault) = runner.run(&cases, &test) {
            panic!("{what}, HUIYIN_FUZZ_SEED={seed}: {fault}");
        }
        seed += 1;
        tried += 16;
    }
    eprintln!("{what}: {tried} cases, {} s, seeds up to {seed}", begin.elapsed().as_secs());
}

thread_local! {
    static OWN_FAULT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Extraction turns panics of the PDF parser into errors; those of its own code must not hide among them.
static WATCH: LazyLock<()> = LazyLock::new(|| {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        if !place.contains("hayro") {
            OWN_FAULT.with(|fault| *fault.borrow_mut() = Some(panic.to_string()));
            default(panic);
        }
    }));
});

fn checked(name: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    LazyLock::force(&WATCH);
    let begin = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| extract(name, bytes)));
    let taken = begin.elapsed();
    let fault = OWN_FAULT.with(|fault| fault.borrow_mut().take());
    prop_assert!(fault.is_none() && result.is_ok(), "panicked: {fault:?}");
    prop_assert!(taken < ONE_MAX, "took {taken:?}");
    if let Ok(Ok(extracted)) = result {
        prop_assert!(!extracted.text.trim().is_empty());
        prop_assert!(!extracted.text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')));
    }
    Ok(())
}

/// One change of some bytes.
#[derive(Clone, Debug)]
enum Change {
    Set(u32, u8),
    Insert(u32, Vec<u8>),
    Remove(u32, u16),
    Repeat(u32, u16, u8),
    Cut(u32),
}

fn changes(tokens: &'static [&'static str]) -> impl Strategy<Value = Vec<Change>> {
    let at = any::<u32>();
    let inserted = prop_oneof![
        proptest::collection::vec(any::<u8>(), 1..8),
        proptest::sample::select(tokens).prop_map(|token| token.as_bytes().to_vec()),
    ];
    let change = prop_oneof![
        4 => (at, any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        4 => (at, inserted).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        2 => (at, 1u16..400).prop_map(|(at, count)| Change::Remove(at, count)),
        2 => (at, 1u16..300, 1u8..40).prop_map(|(at, count, times)| Change::Repeat(at, count, times)),
        1 => at.prop_map(Change::Cut),
    ];
    proptest::collection::vec(change, 1..12)
}

fn changed(original: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for change in changes {
        let place = |at: u32| at as usize % bytes.len().max(1);
        match change {
            Change::Set(at, byte) => {
                let at = place(*at);
                bytes.iter_mut().skip(at).take(1).for_each(|slot| *slot = *byte);
            }
            Change::Insert(at, inserted) => {
                let at = place(*at).min(bytes.len());
                bytes.splice(at..at, inserted.iter().copied());
            }
            Change::Remove(at, count) => {
                let at = place(*at);
                bytes.drain(at..(at + usize::from(*count)).min(bytes.len()));
            }
            Change::Repeat(at, count, times) => {
                let at = place(*at);
                let end = (at + usize::from(*count)).min(bytes.len());
                let piece = bytes.get(at..end).unwrap_or_default().repeat(usize::from(*times));
                bytes.splice(at..at, piece);
            }
            Change::Cut(at) => bytes.truncate(place(*at)),
        }
    }
    bytes
}

const DOCX: &[u8] = include_bytes!("fixtures/documents/drainage.docx");
const HTML: &[u8] = include_bytes!("fixtures/documents/drainage.html");
const PDFS: [&[u8]; 2] =
    [include_bytes!("fixtures/documents/drainage.pdf"), include_bytes!("fixtures/documents/drainage_two_columns.pdf")];

const XML_TOKENS: &[&str] = &[
    "<w:tbl>",
    "</w:tbl>",
    "<w:tr>",
    "<w:tc>",
    "</w:tc>",
    "<w:p>",
    "</w:p>",
    "<w:del>",
    "<w:vMerge/>",
    "<w:t>",
    "</w:t>",
    "<w:gridSpan w:val=\"99999999\"/>",
    "<w:numId w:val=\"-1\"/>",
    "<w:ilvl w:val=\"9999\"/>",
    "<w:txbxContent>",
    "&#0;",
    "&amp;",
    "]]>",
    "<!--",
    "<w:start w:val=\"9223372036854775807\"/>",
    "<w:lvlText w:val=\"%9%1%%\"/>",
];
const HTML_TOKENS: &[&str] = &[
    "<table>",
    "</table>",
    "<tr>",
    "<td rowspan=99999 colspan=99999>",
    "</td>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<",
    ">",
    "\"",
    "&nbsp;",
    "&#x110000;",
    "<pre>",
    "<ol start=4294967295>",
    "<li>",
    "=\\\"",
    "\\",
];
const PDF_TOKENS: &[&str] = &[
    "<<",
    ">>",
    "[",
    "]",
    "(",
    ")",
    "stream\n",
    "endstream",
    "endobj",
    " 0 R",
    "/Length 99999999",
    "/Kids[2 0 R]",
    "/Type/Pages",
    "1e38 ",
    "-1 ",
    "BT ",
    "ET ",
    "Tj ",
    "/F1 1e9 Tf ",
    "Do ",
    "q ",
    "Q ",
    "re S ",
    "cm ",
    "BI ID EI",
    "beginbfrange <0000> <FFFFFFFF> <0041> endbfrange ",
];

/// The package with one of its parts changed, so that it still unpacks.
fn repacked(part: usize, changes: &[Change]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(DOCX)).expect("a package");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let chosen = ["word/document.xml", "word/numbering.xml", "word/styles.xml"][part % 3];
    for at in 0..from.len() {
        let mut file = from.by_index(at).expect("a part");
        let name = file.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("unpacked");
        let bytes = if name == chosen { changed(&bytes, changes) } else { bytes };
        to.start_file(name, zip::write::SimpleFileOptions::default()).expect("to memory");
        to.write_all(&bytes).expect("to memory");
    }
    to.finish().expect("to memory").into_inner()
}

/// A page whose instructions are not packed, so that changes reach them.
fn open_pdf() -> Vec<u8> {
    let mut content =
        String::from("q 1 0 0 1 0 0 cm 50 50 400 300 re S 50 200 m 450 200 l S 250 50 m 250 350 l S Q BT /F1 12 Tf ");
    for row in 0..30 {
        content += &format!("1 0 0 1 60 {} Tm [<4E0030015E026C34> -120 <52A1>] TJ 200 0 Td (12) ' ", 780 - row * 20);
    }
    content += "ET";
    let map = "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <3000> <9FFF> <3000> endbfrange";
    format!(
        "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
        3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>\
        /XObject<</X 8 0 R>>>>>> endobj\n4 0 obj <</Length {}>> stream\n{content}\nendstream endobj\n\
        5 0 obj <</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[6 0 R]>> endobj\n\
        6 0 obj <</Type/Font/Subtype/CIDFontType2/BaseFont/A/DW 1000/W[1[500 600] 19968 19999 1000]>> endobj\n\
        7 0 obj <</Length {}>> stream\n{map}\nendstream endobj\n\
        8 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 8 0 R>>>>/Length 4>> stream\n/X Do\n\
        endstream endobj\ntrailer <</Root 1 0 R>>\n",
        content.len(),
        map.len()
    )
    .into_bytes()
}

#[test]
fn no_bytes_make_extraction_panic() {
    let names = proptest::sample::select(&["甲.docx", "甲.pdf", "甲.html", "甲.txt", "", "…"][..]);
    let random = (names, any::<[u8; 4]>(), proptest::collection::vec(any::<u8>(), 0..4_000));
    fuzz("random bytes", random, |(name, magic, mut bytes)| {
        let magics: [&[u8]; 6] = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xff\xfe", b"<html><table>", b"\xef\xbb\xbf"];
        let magic = magics[usize::from(magic[0]) % magics.len()];
        bytes.splice(0..0, magic.iter().copied());
        checked(name, &bytes)
    });
}

#[test]
fn no_broken_page_makes_extraction_panic() {
    fuzz("html", changes(HTML_TOKENS), |changes| checked("甲.html", &changed(HTML, &changes)));
}

#[test]
fn no_broken_word_document_makes_extraction_panic() {
    fuzz("docx", (any::<usize>(), any::<bool>(), changes(XML_TOKENS)), |(part, inside, changes)| {
        checked("甲.docx", &if inside { repacked(part, &changes) } else { changed(DOCX, &changes) })
    });
}

#[test]
fn no_broken_pdf_makes_extraction_panic() {
    let open = open_pdf();
    let text = extract("甲.pdf", &open).expect("a document").text;
    assert!(text.contains("一、市水务"), "{text}");
    fuzz("pdf", (0usize..6, changes(PDF_TOKENS)), |(which, changes)| {
        checked("甲.pdf", &changed(PDFS.get(which).copied().unwrap_or(&open), &changes))
    });
}

/// Whole names among what [`document_text`] is made of.
const NAMES: &[&str] = &["市水务局", "市住建局", "各县（区）人民政府", "市政府办公室", "省工信厅"];

/// Texts made of what documents are made of.
fn document_text() -> impl Strategy<Value = String> {
    const TOKENS: &[&str] = &[
        "一、",
        "（一）",
        "1.",
        "第三条",
        "附件1",
        "市水务局",
        "市住建局",
        "各县（区）人民政府",
        "市政府办公室",
        "省工信厅",
        "財政局",
        "牵头",
        "負責",
        "按职责分工负责",
        "责任单位：",
        "牵头单位：",
        "配合",
        "主辦",
        "分别牵头落实",
        "列第一位者为牵头单位，下同",
        "、",
        "，",
        "；",
        "。",
        "（",
        "）",
        "(",
        ")",
        "〔",
        "〕",
        "[",
        "]",
        "|",
        "/",
        "\t",
        "\n",
        "\n\n",
        "\u{3000}",
        " ",
        "　　",
        "序号",
        "任务",
        "完成时限",
        "2031年9月底前",
        "持续推进",
        "年底前",
        "云政办〔2031〕3号",
        "2031年3月5日",
        "和",
        "及",
        "等",
        "加强管理",
        "疏通排水管网",
        "IPv6",
        "（含）",
        "&nbsp;",
        "首页",
        "当前位置：",
        "印发",
        "通知",
        "各",
        "局",
        "委",
        "办",
        "\u{0}",
        "𠀀",
    ];
    let token = prop_oneof![
        20 => proptest::sample::select(TOKENS).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (proptest::sample::select(TOKENS), 2usize..60).prop_map(|(token, times)| token.repeat(times)),
    ];
    proptest::collection::vec(token, 0..400).prop_map(|tokens| tokens.concat())
}

#[test]
fn no_text_makes_reading_panic_or_invent() {
    let lexicon = Lexicon::new();
    fuzz("reading", document_text(), |text| {
        let begin = Instant::now();
        let reading = read(&text, &lexicon);
        let taken = begin.elapsed();
        prop_assert!(taken < ONE_MAX, "took {taken:?}");
        prop_assert_eq!(&reading, &read(&text, &lexicon), "the same text gives the same reading");
        // Pinyin and page numbers may stand between the letters of a name, marks that part names may not.
        let letters = |text: &str| {
            let kept = |c: &char| (c.is_alphanumeric() && *c >= '\u{2e80}') || "、，；。：".contains(*c);
            text.chars().filter(kept).collect::<String>()
        };
        let whole = letters(&text);
        // Two whole names are one only where nothing that shows stands between them.
        let shown = text.replace(['\u{feff}', '\u{ad}', '\u{2060}', '\u{200b}', '\u{200c}', '\u{200d}'], "");
        let stops = shown.split(|c: char| c.is_whitespace() || "|、，；。：".contains(c));
        let solid: Vec<&str> = stops.collect();
        for unit in reading.clauses.iter().flat_map(|clause| clause.lead_units.iter().chain(&clause.responsible_units))
        {
            // A line between may be left out that belongs to the page or the table: two stretches at most.
            let name = letters(unit);
            let stands = name.char_indices().any(|(at, _)| {
                let (one, other) = name.split_at(at);
                whole.find(one).is_some_and(|start| whole.get(start + one.len()..).unwrap_or("").contains(other))
            });
            prop_assert!(stands, "{unit:?} does not stand in the text");
            for (one, other) in NAMES.iter().flat_map(|one| NAMES.iter().map(move |other| (one, other))) {
                let both = format!("{one}{other}");
                let apart = unit.contains(&both) && !solid.iter().any(|part| part.contains(&both));
                prop_assert!(!apart, "{unit} is run together of {one} and {other}");
            }
        }
        Ok(())
    });
}
