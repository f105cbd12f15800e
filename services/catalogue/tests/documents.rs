//! One invented document in every format: each must give the same text and the same clauses.

use huiyin_catalogue::extract::{Extracted, Problem, extract};
use huiyin_catalogue::reading::{Lexicon, ReadClause, read};

const DOCX: &[u8] = include_bytes!("fixtures/documents/drainage.docx");
const HTML: &[u8] = include_bytes!("fixtures/documents/drainage.html");
const PDF: &[u8] = include_bytes!("fixtures/documents/drainage.pdf");
const TWO_COLUMNS: &[u8] = include_bytes!("fixtures/documents/drainage_two_columns.pdf");

const TEXT: &str = "\
云岭市人民政府办公室文件
云政办发〔2031〕17号
云岭市2031年城市内涝治理责任分工方案
为提高城市防汛排涝能力，切实保障人民群众生命财产安全，根据《云岭市排水条例》和省有关部署，结合我市实际，现就城市内涝治理责任分工制定如下方案。
一、总体要求
以上要求一并落实。
坚持统筹规划、建管并重，2031年底前基本消除现有易涝点，逐步建成源头减排、管网排放、蓄排并举、超标应急的排水防涝工程体系。
二、重点任务
（一）排查整治排水管网。对全市雨水管网开展一次全面检测，建立问题台账，结构性缺陷三个月内修复到位，9月底前完成中心城区主干管网疏通。（市住建局牵头，市水利局、各县〔区〕人民政府按职责分工负责）
（二）治理积水路段。对下穿立交、隧道和历年积水路段逐处制定“一点一策”，汛期安排专人值守，配齐移动泵车和警示标志。（市城管局牵头，市公安局、市交通运输局配合）
（三）疏浚城市河道。每年汛前对城区河道、沟渠和调蓄水体清淤一次，严查侵占河道、倾倒渣土等行为。（市水利局、市自然资源局按职责分工负责）
（四）完善应急机制。修订城市防汛应急预案，建立气象、水利、城管信息共享平台，暴雨橙色预警发布后一小时内启动会商。（责任单位：市应急局、市气象局）
三、保障措施
各责任单位要明确专人负责，每月5日前将进展情况报市住建局汇总，市政府督查室适时开展督查。
附件：内涝治理工程清单
序号\t任务\t牵头单位\t责任单位\t完成时限
1\t建成城北调蓄池\t市住建局\t市水利局、市财政局\t2031年11月底前
2\t改造老旧小区雨污管网12公里\t市住建局\t云峰区人民政府\t2031年12月底前
3\t更新排水泵站自控系统，实现远程启停和水位联动\t市城管局\t市大数据局\t持续推进
4\t编制内涝风险图\t市应急局\t/\t年底前
云岭市人民政府办公室
2031年3月12日
";

fn lines_without(parts: &[&str]) -> String {
    let kept = TEXT.lines().filter(|line| !parts.iter().any(|part| line.contains(part)));
    kept.flat_map(|line| [line, "\n"]).collect()
}

fn text(name: &str, bytes: &[u8]) -> Extracted {
    extract(name, bytes).expect(name)
}

fn clauses(text: &str) -> Vec<ReadClause> {
    read(text, &Lexicon::new()).clauses
}

#[test]
fn word_writes_its_own_numbers_out_and_leaves_deleted_text_out() {
    assert_eq!(text("a.docx", DOCX), Extracted { text: TEXT.to_owned(), warnings: Vec::new() });
}

#[test]
fn a_page_gives_the_same_lines() {
    let expected = lines_without(&["以上要求"]);
    assert_eq!(text("a.html", HTML).text, format!("首页 > 政务公开\n{expected}"));
}

#[test]
fn a_pdf_gives_the_same_lines_without_page_numbers_and_running_heads() {
    let left_out = ["以上要求", "为提高城市", "（二）", "（三）", "（四）", "三、", "各责任单位要"];
    let extracted = text("a.pdf", PDF);
    assert_eq!(extracted.text, lines_without(&left_out));
    assert!(extracted.warnings.is_empty(), "{:?}", extracted.warnings);
}

#[test]
fn the_clauses_do_not_depend_on_the_format() {
    let expected = clauses(TEXT);
    let assigned = |clause: &&ReadClause| !clause.lead_units.is_empty() || !clause.responsible_units.is_empty();
    assert_eq!(expected.iter().filter(assigned).count(), 8, "four items and four rows: {expected:#?}");
    assert_eq!(clauses(&text("a.docx", DOCX).text), expected);
    assert_eq!(clauses(&text("a.html", HTML).text), clauses(&lines_without(&["以上要求"])));
    let named = |clauses: &[ReadClause], key: &str| {
        let clause = clauses.iter().find(|clause| clause.text.contains(key)).expect(key).clone();
        (clause.lead_units, clause.responsible_units, clause.deadline)
    };
    let pdf = clauses(&text("a.pdf", PDF).text);
    assert_eq!(pdf.iter().filter(assigned).count(), 5);
    for key in ["排查整治排水管网", "城北调蓄池", "老旧小区", "排水泵站", "风险图"] {
        assert_eq!(named(&pdf, key), named(&expected, key), "{key}");
    }
    assert_eq!(named(&pdf, "老旧小区").0, ["市住建局"], "the cell merged into the one above");
}

#[test]
fn two_columns_are_never_read_across_and_always_warned_of() {
    let extracted = text("两栏.pdf", TWO_COLUMNS);
    assert!(extracted.warnings.iter().any(|warning| warning.contains("分栏")), "{:?}", extracted.warnings);
    let expected = clauses(&lines_without(&["以上要求", "为提高城市", "（三）", "（四）", "三、"]));
    let found = clauses(&extracted.text);
    for clause in expected.iter().filter(|clause| clause.text.contains("管网。") || clause.text.contains("路段。"))
    {
        assert!(
            found.iter().any(|f| f.text == clause.text && f.lead_units == clause.lead_units),
            "{clause:#?}\n{found:#?}"
        );
    }
}

/// A document of one page in a font every system has, without the table of its objects, which is then searched for.
fn plain_pdf(trailer: &str, content: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n\
        2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
        3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R/F2 7 0 R>>\
        /XObject<</I 8 0 R>>>>>> endobj\n\
        4 0 obj <</Length {}>> stream\n{content}\nendstream endobj\n\
        5 0 obj <</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>> endobj\n\
        6 0 obj <</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light\
        /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>> endobj\n\
        7 0 obj <</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[6 0 R]>> endobj\n\
        8 0 obj <</Type/XObject/Subtype/Image/Width 1/Height 1/Length 1>> stream\nx\nendstream endobj\n\
        trailer <</Root 1 0 R {trailer}>>\n",
        content.len()
    )
    .into_bytes()
}

#[test]
fn every_kind_of_pdf_that_cannot_be_read_says_why() {
    // 一、 in the codes of each font.
    let cases = [
        ("", "BT /F1 16 Tf 80 700 Td <4E003001> Tj ET", Ok("一、\n")),
        ("", "BT /F2 16 Tf 80 700 Td <4E003001> Tj ET", Err(Problem::Unreadable)),
        ("", "q 595 0 0 842 0 0 cm /I Do Q", Err(Problem::Scanned)),
        ("", "", Err(Problem::Empty)),
        (
            "/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<00>/U<00>>>",
            "BT /F1 16 Tf 80 700 Td <4E003001> Tj ET",
            Err(Problem::Encrypted),
        ),
    ];
    for (trailer, content, expected) in cases {
        let found = extract("a.pdf", &plain_pdf(trailer, content));
        let found = found.as_ref().map(|extracted| extracted.text.as_str()).map_err(|error| &error.problem);
        assert_eq!(found, expected.as_ref().map(|text| *text), "{content}");
    }
}
