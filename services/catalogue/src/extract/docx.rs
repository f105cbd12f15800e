//! Word documents (docx): a zip of XML parts.

mod body;
mod numbering;
mod numeral;
mod styles;
mod xml;

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Extracted, Problem, encoding};

/// Largest part unpacked; the text of the largest documents stays far below.
const PART_BYTES_MAX: u64 = 64 << 20;
/// Parts of a package; a document with hundreds of pictures stays below.
const PARTS_MAX: usize = 20_000;

const BODY: &str = "word/document.xml";

/// The text of a document. Numbers that Word makes itself are written out.
pub(super) fn read(bytes: &[u8]) -> Result<Extracted, Problem> {
    let mut package =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| Problem::Damaged { what: "不是完整的压缩包" })?;
    if package.len() > PARTS_MAX {
        return Err(Problem::TooLarge { what: "文件内的部件数", limit: "20000" });
    }
    let path = body_path(&mut package)?;
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let body = part(&mut package, &path)?.ok_or(Problem::Damaged { what: "缺少正文部件" })?;
    let styles = part(&mut package, &format!("{folder}/styles.xml"))?;
    let numbering = part(&mut package, &format!("{folder}/numbering.xml"))?;
    let mut warnings = Vec::new();
    // Without its styles or numbering a document can still be read, only perhaps without its numbers.
    let styles = styles.map(|xml| styles::read(&xml)).transpose().unwrap_or_else(|_| {
        warnings.push("样式部件已损坏，自动编号可能不全，请对照原文核对".to_owned());
        None
    });
    let numbering = numbering.map(|xml| numbering::read(&xml)).transpose().unwrap_or_else(|_| {
        warnings.push("编号部件已损坏，自动编号没有读出，请对照原文核对".to_owned());
        None
    });
    let text = body::read(&body, &styles.unwrap_or_default(), numbering.unwrap_or_default())?;
    Ok(Extracted { text, warnings })
}

/// Where the body is: at its usual place, or where the package's relations say.
fn body_path(package: &mut ZipArchive<Cursor<&[u8]>>) -> Result<String, Problem> {
    if package.index_for_name(BODY).is_some() {
        return Ok(BODY.to_owned());
    }
    let has = |name: &str| package.index_for_name(name).is_some();
    let (format, remedy) = if has("xl/workbook.xml") {
        ("Excel 表格", "请把表格复制到 Word，另存为 docx 再试")
    } else if has("ppt/presentation.xml") {
        ("演示文稿", "请把文字复制到 Word，另存为 docx 再试")
    } else if has("OFD.xml") {
        ("OFD 版式文件", "请用阅读器转换为 PDF 或另存为 Word 再试")
    } else if has("content.xml") {
        ("ODF 文件", "请用办公软件打开，另存为 docx 再试")
    } else {
        let relations = part(package, "_rels/.rels")?;
        return relations
            .and_then(|xml| xml::main_part(&xml))
            .ok_or(Problem::Unsupported { format: "压缩包", remedy: "请先解压，再读其中的文件" });
    };
    Err(Problem::Unsupported { format, remedy })
}

fn part(package: &mut ZipArchive<Cursor<&[u8]>>, path: &str) -> Result<Option<String>, Problem> {
    let file = match package.by_name(path) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword) => return Err(Problem::Encrypted),
        Err(_) => return Err(Problem::Damaged { what: "压缩包内的部件" }),
    };
    let mut bytes = Vec::new();
    // What the package says of the size is not believed.
    file.take(PART_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| Problem::Damaged { what: "压缩包内的部件" })?;
    if bytes.len() as u64 > PART_BYTES_MAX {
        return Err(Problem::TooLarge { what: "解压后的正文", limit: "64 MB" });
    }
    encoding::decode(&bytes).map(Some)
}
