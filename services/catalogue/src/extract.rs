//! Bytes of an official document to its text.
//!
//! What a file is, its first bytes say; its name only decides where they leave it open. The text has one line per
//! paragraph; a row of a table is one line, its cells joined by tabs; what a cell merged over several rows says
//! stands in each of them, so that a blank is a blank of the document.
//! Nothing is corrected or left out that stands in the document, except what is drawn on every page (page numbers,
//! running heads) and what a reader never sees (scripts, deleted revisions).

mod docx;
mod encoding;
mod flow;
mod html;
mod pdf;

/// Largest file read. Official documents with their annexes stay far below.
pub const FILE_BYTES_MAX: usize = 32 << 20;
/// Longest text given back; what unpacks to more is not a document.
const TEXT_BYTES_MAX: usize = 16 << 20;
const TEXT_TOO_LARGE: Problem = Problem::TooLarge { what: "文字", limit: "16 MB" };

/// The text of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extracted {
    /// One line per paragraph or table row, `\n` after each.
    pub text: String,
    /// What a person should check against the original, in Chinese.
    pub warnings: Vec<String>,
}

/// Why a file gave no text, with its name and what to do about it. Final: the same bytes fail again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}：{problem}")]
pub struct ExtractError {
    /// The name the file was given with.
    pub file: String,
    /// What is wrong and how to mend it.
    pub problem: Problem,
}

/// What keeps a file from being read. The texts are Chinese: the reader is the office that keeps the documents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No bytes, or nothing but white space.
    #[error("文件是空的（请确认文件已完整保存）")]
    Empty,
    /// Over a limit of size, also after unpacking.
    #[error("{what}超过上限（{limit}）（请拆分文件，或只保留正文和附件后再试）")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, for people.
        limit: &'static str,
    },
    /// A format this program does not read.
    #[error("不支持{format}（{remedy}）")]
    Unsupported {
        /// Name of the format.
        format: &'static str,
        /// How to get one that is read.
        remedy: &'static str,
    },
    /// Needs a password, or is protected in another way.
    #[error("文件已加密或受保护（请先解除密码，另存一份再试）")]
    Encrypted,
    /// A PDF of pictures.
    #[error("这是扫描件，页面上没有文字（请用文字识别软件转成带文字的 PDF 或 Word，或找电子版原件）")]
    Scanned,
    /// A PDF whose fonts do not say which characters they draw.
    #[error("PDF 的字体没有文字编码，读出来会是乱码（请用 Word 原件，或重新导出为带文字的 PDF）")]
    Unreadable,
    /// Not whole, or not what it pretends to be.
    #[error("文件已损坏：{what}（请重新下载，或用办公软件打开后另存一份）")]
    Damaged {
        /// The part at fault.
        what: &'static str,
    },
    /// Bytes of no known character set.
    #[error("看不出文字编码（请另存为 UTF-8 文本）")]
    UnknownEncoding,
}

/// The text of the document `bytes`, which came under `name` (used for messages and where the bytes leave the format
/// open).
///
/// # Errors
/// Names the file, what is wrong with it and the remedy.
pub fn extract(name: &str, bytes: &[u8]) -> Result<Extracted, ExtractError> {
    read(name, bytes).map_err(|problem| ExtractError { file: name.to_owned(), problem })
}

fn read(name: &str, bytes: &[u8]) -> Result<Extracted, Problem> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Problem::TooLarge { what: "文件", limit: "32 MB" });
    }
    let extracted = match format(bytes) {
        Format::Pdf => pdf::read(bytes)?,
        Format::Zip => docx::read(bytes)?,
        Format::Other(format, remedy) => return Err(Problem::Unsupported { format, remedy }),
        Format::Text => read_text(name, bytes)?,
    };
    if extracted.text.trim().is_empty() {
        return Err(Problem::Empty);
    }
    if extracted.text.len() > TEXT_BYTES_MAX {
        return Err(TEXT_TOO_LARGE);
    }
    Ok(extracted)
}

fn read_text(name: &str, bytes: &[u8]) -> Result<Extracted, Problem> {
    let text = encoding::decode(bytes)?;
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let named_html = matches!(extension.as_deref(), Some("html" | "htm" | "xhtml" | "shtml"));
    if html::is_html(&text, named_html) {
        return Ok(Extracted { text: html::read(&text)?, warnings: Vec::new() });
    }
    let mut plain = text.replace("\r\n", "\n").replace(['\r', '\u{c}', '\u{2028}', '\u{2029}'], "\n");
    plain.retain(|c| c == '\n' || c == '\t' || !c.is_control());
    Ok(Extracted { text: html::decode_entities(&plain), warnings: Vec::new() })
}

enum Format {
    Pdf,
    Zip,
    Text,
    Other(&'static str, &'static str),
}

/// The format, by the first bytes. PDF readers accept up to 1 KiB before the header.
fn format(bytes: &[u8]) -> Format {
    const SAVE_AS_DOCX: &str = "请用办公软件打开，另存为 docx 再试";
    const RECOGNISE: &str = "请用文字识别软件转成带文字的 PDF 或 Word";
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if bytes.get(..bytes.len().min(1024)).is_some_and(|head| head.windows(5).any(|window| window == b"%PDF-")) {
        Format::Pdf
    } else if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        Format::Zip
    } else if starts(b"\xd0\xcf\x11\xe0") {
        Format::Other("旧版 Word、WPS 或加密的办公文件", SAVE_AS_DOCX)
    } else if starts(b"{\\rtf") {
        Format::Other("RTF 文件", SAVE_AS_DOCX)
    } else if starts(b"\x89PNG") || starts(b"\xff\xd8\xff") || starts(b"GIF8") || starts(b"II*\0") || starts(b"MM\0*") {
        Format::Other("图片", RECOGNISE)
    } else if starts(b"Rar!") || starts(b"7z\xbc\xaf") || starts(b"\x1f\x8b") {
        Format::Other("压缩包", "请先解压，再读其中的文件")
    } else {
        Format::Text
    }
}

#[cfg(test)]
mod tests {
    use super::{Extracted, extract};

    #[test]
    fn every_refusal_names_the_file_and_the_remedy() {
        let cases: [(&str, &[u8], &str); 8] = [
            ("空.txt", b" \n", "空.txt：文件是空的"),
            ("甲.doc", b"\xd0\xcf\x11\xe0\xa1\xb1", "另存为 docx"),
            ("甲.docx", b"{\\rtf1", "另存为 docx"),
            ("扫描.pdf", b"\x89PNG\r\n", "文字识别"),
            ("甲.docx", b"PK\x03\x04 not a zip", "文件已损坏"),
            ("甲.pdf", b"%PDF-1.4\nnothing", "文件已损坏"),
            ("乱.txt", b"\x00\x01\x02\xff\xfe\x00\x81\x00", "看不出文字编码"),
            ("包.rar", b"Rar!\x1a", "请先解压"),
        ];
        for (name, bytes, part) in cases {
            let error = extract(name, bytes).expect_err(name).to_string();
            assert!(error.starts_with(name) && error.contains(part), "{name}: {error}");
        }
    }

    #[test]
    fn content_decides_before_the_name() {
        let html = "<html><body><p>一、甲</p><p>二、乙</p></body></html>";
        let read = |name: &str, text: &str| extract(name, text.as_bytes()).expect("text").text;
        assert_eq!(read("甲.txt", html), "一、甲\n二、乙\n");
        assert_eq!(read("甲.html", "1 < 2\n二"), "1 < 2\n二");
    }

    #[test]
    fn plain_text_is_kept_line_by_line() {
        let extracted = extract("甲", "\u{feff}一、甲\r\n\r\n序号\t任务&nbsp;2 m&sup2;\r乙".as_bytes());
        assert_eq!(extracted, Ok(Extracted { text: "一、甲\n\n序号\t任务 2 m²\n乙".to_owned(), warnings: Vec::new() }));
    }
}
