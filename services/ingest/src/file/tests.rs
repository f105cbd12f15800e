//! Files of every kind and fault.

use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use tempfile::TempDir;

use super::{FileReader, Mapping, open_file};

fn write(directory: &TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

fn lines(reader: &mut FileReader) -> Vec<String> {
    let mut lines: Vec<String> = reader
        .map(|(line, post)| match post {
            Ok(post) => [line.to_string(), post.id, post.title, post.text, post.time, post.place, post.url]
                .join("|")
                .trim_end_matches('|')
                .to_owned(),
            Err(refused) => format!("{line}!{}!{}", refused.field, refused.reason),
        })
        .collect();
    if let Some(fault) = reader.fault() {
        lines.push(fault.to_string());
    }
    lines
}

fn read(name: &str, content: &[u8], mapping: &str) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = write(&directory, name, content);
    match open_file(&path, &Mapping::parse(mapping).unwrap(), None) {
        Ok(mut reader) => lines(&mut reader),
        Err(fault) => vec![fault.to_string()],
    }
}

#[test]
fn json_lines() {
    let table: [(&str, Vec<u8>, &str, &[&str]); 8] = [
        (
            "a.jsonl",
            b"\xef\xbb\xbf{\"id\":1,\"text\":\"x\"}\r\n\n{\"id\":2,\"text\":\"y\"}".to_vec(),
            "",
            &["1|1||x", "3|2||y"],
        ),
        ("a.jsonl.gz", gzip(b"{\"id\":1,\"text\":\"x\"}\n"), "", &["1|1||x"]),
        ("a.jsonl", b"{\"id\":1,\"body\":\"x\"}".to_vec(), "[columns]\ntext = \"body\"", &["1|1||x"]),
        ("a.jsonl", gbk("{\"id\":1,\"text\":\"路灯不亮\"}\n"), "encoding = \"gbk\"", &["1|1||路灯不亮"]),
        (
            "a.jsonl",
            gbk("{\"id\":0,\"text\":\"x\"}\n{\"id\":1,\"text\":\"路灯不亮\"}\n"),
            "",
            &["文件“a.jsonl”第 2 行不是 UTF-8 编码，看起来是 GBK；另存为 UTF-8，或在映射文件写 encoding = \"gbk\""],
        ),
        (
            "a.jsonl",
            [b"{\"id\":1,\"text\":\"\xe8\xb7\xaf\"}\n{\"id\":2,\"text\":\"\xff\"}\n{x\n".as_slice(), b"{\"id\":3}"]
                .concat(),
            "",
            &["1|1||路", "2!line!这一行不是 UTF-8 编码", "3!line!第 2 列处不是合法的 JSON", "4|3"],
        ),
        (
            "a.jsonl",
            b"\xff\xfe{\0".to_vec(),
            "",
            &[
                "文件“a.jsonl”第 1 行不是 UTF-8 编码（是 UTF-16，即“Unicode 文本”）；另存为 UTF-8，或在映射文件写 encoding = \"gbk\"",
            ],
        ),
        ("a.jsonl", Vec::new(), "", &[]),
    ];
    for (name, content, mapping, expected) in table {
        assert_eq!(read(name, &content, mapping), expected, "{}", String::from_utf8_lossy(&content));
    }
}

#[test]
fn a_long_line_is_refused_and_the_next_is_read() {
    let mut content = format!("{{\"id\":1,\"text\":\"{}\"}}\n", "长".repeat(3 << 20)).into_bytes();
    content.extend(b"{\"id\":2,\"text\":\"y\"}\n");
    assert_eq!(read("a.jsonl", &content, ""), ["1!line!这一行有 9.0 MB，超过 1 MB", "2|2||y"]);

    let mut content = b"id,text\n1,a\n".to_vec();
    content.extend(format!("2,\"{}\nend\"\n3,c\n", "x,".repeat(3 << 20)).as_bytes());
    content.extend(b"4,\"open\n");
    content.extend("x\n".repeat(2 << 20).as_bytes());
    assert_eq!(read("a.csv", &content, ""), ["2|1||a", "3!line!这一行超过 1 MB", "5|3||c", "6!line!这一行超过 1 MB"]);
}

#[test]
fn truncated_gzip_keeps_what_came_before() {
    let mut content = String::new();
    for id in 0..20_000 {
        content.push_str(&format!("{{\"id\":{id},\"text\":\"第{}号\"}}\n", id * 7919 % 10_007));
    }
    let whole = gzip(content.as_bytes());
    for keep in [whole.len() / 2, whole.len() - 9, 30] {
        let read = read("a.jsonl.gz", &whole[..keep], "");
        let fault = read.last().unwrap();
        assert!(fault.contains("中断（压缩内容不完整）"), "{keep}: {fault}");
        assert!(read.iter().rev().skip(1).all(|line| !line.contains('!')), "{keep}");
        assert!(keep < 100 || read.len() > 1_000, "{keep}: {}", read.len());
    }
    assert!(read("a.csv.gz", &gzip(b"id,text\n1,x\n")[..18], "")[0].contains("没有表头"));
}

#[test]
fn csv_files() {
    let table: [(&str, Vec<u8>, &str, &[&str]); 9] = [
        (
            "a.csv",
            "\u{feff}工单编号,诉求标题,诉求内容,来电时间,所属区域,链接\r\n7,题,\"一，\"\"二\"\"\r\n三\",2026/3/5 14:30,青山区,\r\n\r\n8,,四,,,\r\n".as_bytes().to_vec(),
            "",
            &["2|7|题|一，\"二\"\r\n三|2026/3/5 14:30|青山区", "5|8||四"],
        ),
        ("a.csv", b"id;text\n1;a,b\n;\n2;c".to_vec(), "", &["2|1||a,b", "4|2||c"]),
        ("a.tsv", b"id\ttext\n1\ta,b\n".to_vec(), "", &["2|1||a,b"]),
        ("a.csv", gbk("编号,内容\n1,路灯不亮\n"), "encoding = \"gb18030\"", &["2|1||路灯不亮"]),
        ("a.csv", gbk("编号,内容\n1,路灯不亮\n"), "", &["文件“a.csv”第 1 行不是 UTF-8 编码，看起来是 GBK；另存为 UTF-8，或在映射文件写 encoding = \"gbk\""]),
        ("a.csv", "编号,内容\n1,好\n".into(), "encoding = \"gbk\"", &["文件“a.csv”第 1 行不是 GBK 编码，看起来是 UTF-8；另存为 UTF-8，或在映射文件写 encoding = \"utf-8\""]),
        (
            "a.csv",
            b"id,text,note\n1,a\n2,a,b,c\n3\n4,x,\n".to_vec(),
            "",
            &["2|1||a", "3!line!这一行有 4 列，表头有 3 列", "4!line!这一行有 1 列，表头有 3 列", "5|4||x"],
        ),
        ("a.csv", "单号,内容\n1,x\n".into(), "[columns]\nid = \"编号\"", &["文件“a.csv”里没有映射文件写的列“编号”；找到的列：“单号”、“内容”；在映射文件 [columns] 中写 id = \"列名\"；没有编号就先加一列并填上不重复的编号，否则重复导入无法识别"]),
        ("a.csv.gz", gzip(b"id,text\n1,x\n"), "", &["2|1||x"]),
    ];
    for (name, content, mapping, expected) in table {
        assert_eq!(read(name, &content, mapping), expected, "{}", String::from_utf8_lossy(&content));
    }
}

fn workbook(fill: impl FnOnce(&mut Workbook) -> Result<(), rust_xlsxwriter::XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn workbooks() {
    let content = workbook(|book| {
        let date = Format::new().set_num_format("yyyy/m/d hh:mm");
        let sheet = book.add_worksheet().set_name("诉求")?;
        sheet.write(0, 0, "三月诉求汇总")?;
        for (column, name) in (0..).zip(["编号", "标题", "内容", "时间", "属地"]) {
            sheet.write(2, column, name)?;
        }
        sheet.write(3, 0, 20_260_301)?.write(3, 1, "路灯")?.write(3, 2, "不亮\n三天")?;
        sheet.write_with_format(3, 3, &ExcelDateTime::from_ymd(2026, 3, 5)?.and_hms(14, 30, 0)?, &date)?;
        sheet.write(5, 0, "乙-2")?.write(5, 2, "积水")?.write(5, 3, 46_086.604_166_666_664)?.write(5, 4, 360_100)?;
        sheet.write(6, 0, 2.026_030_112_345_678_9e18)?.write(6, 2, "丢位")?;
        sheet.write(7, 0, "丙-3")?.write(7, 2, Formula::new("=1/0").set_result("#DIV/0!"))?;
        sheet.write(8, 1, " ")?;
        sheet.write(14, 0, "丁-4")?.write(14, 1, "最后")?;
        book.add_worksheet().set_name("空表")?;
        Ok(())
    });
    let read_rows = read("a.xlsx", &content, "");
    assert_eq!(
        read_rows[..2],
        ["4|20260301|路灯|不亮\n三天|2026-03-05 14:30:00", "6|乙-2||积水|2026-03-05 14:30:00|360100"]
    );
    assert_eq!(read_rows[2], "7!id!id 存成了数字，超过 15 位的部分已经丢失");
    assert_eq!(read_rows.last().unwrap(), "15|丁-4|最后");
    assert_eq!(read("a.xlsx", &content, "sheet = \"诉求\"\nheader_row = 3"), read_rows);
    let table = [
        ("sheet = \"没有\"", "没有工作表“没有”；现有工作表：“诉求”、“空表”"),
        ("sheet = \"空表\"", "没有编号列；找到的列：（没有表头）"),
        ("header_row = 1", "没有编号列；找到的列：“三月诉求汇总”"),
        ("header_row = 40", "（没有表头）"),
    ];
    for (mapping, expected) in table {
        let read = read("a.xlsx", &content, mapping);
        assert!(read[0].contains(expected), "{mapping}: {read:?}");
    }
}

#[test]
fn damaged_workbooks() {
    let whole = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "编号")?.write(0, 1, "内容")?.write(1, 0, "1")?.write(1, 1, "x")?;
        Ok(())
    });
    let table: [(&[u8], &str); 4] = [
        (b"id,text\n1,x\n", "损坏或不是 xlsx 工作簿"),
        (&whole[..whole.len() / 2], "损坏或不是 xlsx 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "旧的 xls 格式或加了密码"),
        (b"", "损坏或不是 xlsx 工作簿"),
    ];
    for (content, expected) in table {
        let read = read("a.xlsx", content, "");
        assert!(read.len() == 1 && read[0].contains(expected), "{read:?}");
    }
    let mut seed: u64 = 11;
    for _ in 0..300 {
        let mut content = whole.clone();
        for _ in 0..8 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = usize::try_from(seed >> 20).unwrap() % content.len();
            content[at] = seed.to_le_bytes()[6];
        }
        let _ = read("a.xlsx", &content, "");
    }
}

#[test]
fn names_and_paths() {
    let directory = tempfile::tempdir().unwrap();
    let other = write(&directory, "a.pdf", b"x");
    for (path, expected) in [
        (directory.path().join("none.csv"), "打不开文件“none.csv”"),
        (directory.path().join("sub"), "看不出文件“sub”是什么格式"),
        (other, "看不出文件“a.pdf”是什么格式"),
    ] {
        let fault = open_file(&path, &Mapping::default(), None).err().unwrap().to_string();
        assert!(fault.contains(expected), "{fault}");
    }
}

#[test]
fn resume_and_progress() {
    let directory = tempfile::tempdir().unwrap();
    let rows: String = (1..=50).map(|id| format!("{id},x{id}\n")).collect();
    let path = write(&directory, "a.csv", format!("id,text\n{rows}").as_bytes());
    let mut reader = open_file(&path, &Mapping::default(), None).unwrap();
    reader.skip_to(40);
    let left = lines(&mut reader);
    assert_eq!((left.len(), left[0].as_str()), (11, "41|40||x40"));
    assert_eq!(reader.bytes_read(), reader.bytes_total());
}

#[test]
fn garbage_never_panics() {
    let pieces = b"\",;\t\n\r{}[]:id text\xe8\xb7\xaf\xc4\xe3\x00\x1f\x8b";
    let mut seed: u64 = 3;
    for round in 0..300_u32 {
        let mut content = Vec::new();
        for _ in 0..400 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            content.push(pieces[usize::try_from(seed >> 33).unwrap() % pieces.len()]);
        }
        let name = ["a.jsonl", "a.csv", "a.xlsx"][usize::try_from(round % 3).unwrap()];
        let content = if round % 2 == 0 { content } else { [b"id,text\n".as_slice(), &content].concat() };
        let _ = read(name, &content, "");
    }
}
