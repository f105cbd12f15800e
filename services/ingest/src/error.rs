//! What can go wrong beyond a single post.

use huiyin_catalogue::Fault;
use huiyin_stream::LogError;

/// What stops a call of this crate. Bad posts do not: see [`Refused`](crate::Refused).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The log failed.
    #[error("the log failed")]
    Log(#[from] LogError),
    /// The input file cannot be read.
    #[error(transparent)]
    File(#[from] FileFault),
    /// The catalogue's files have faults; none is published.
    #[error("the catalogue has {} faults", .0.len())]
    Catalogue(Vec<Fault>),
    /// A catalogue has faults or no assessor could be made of it.
    #[error("catalogue version {version} cannot be used: {reason}")]
    Assessor {
        /// Version of the catalogue.
        version: String,
        /// What is wrong.
        reason: String,
    },
    /// The work was given up because a thread of it ended early: the process is going down, or has a defect.
    #[error("{0} ended early")]
    Abandoned(&'static str),
}

impl IngestError {
    /// Whether the same call may work later without anybody changing its input.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, IngestError::Log(error) if error.is_retryable())
    }
}

/// What is wrong with a whole file. Texts are Chinese: an official reads them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileFault {
    /// It cannot be opened.
    #[error("打不开文件“{file}”；检查路径和读取权限")]
    Open {
        /// Name of the file.
        file: String,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// Its name says no format.
    #[error("看不出文件“{file}”是什么格式；支持 .jsonl、.csv、.xlsx 以及 .jsonl.gz、.csv.gz，其他格式请先另存")]
    Format {
        /// Name of the file.
        file: String,
    },
    /// The mapping file is not valid.
    #[error(
        "映射文件有误：{detail}；可写 source、encoding、default_place、sheet、header_row 和 [columns] 下的 id、title、text、time、place、url"
    )]
    Mapping {
        /// What the TOML reader says, with the line.
        detail: String,
    },
    /// The text is not in the encoding it is read in.
    #[error("文件“{file}”第 {line} 行不是 {expected} 编码{guess}；另存为 UTF-8，或在映射文件写 encoding = \"{}\"", if *.expected == "GBK" { "utf-8" } else { "gbk" })]
    Encoding {
        /// Name of the file.
        file: String,
        /// First line that shows it, from 1.
        line: u64,
        /// The encoding it was read in.
        expected: &'static str,
        /// A guess at the true encoding, or nothing.
        guess: &'static str,
    },
    /// A column is missing.
    #[error("文件“{file}”里没有{missing}；找到的列：{found}；{remedy}")]
    Column {
        /// Name of the file.
        file: String,
        /// The column, by the mapping's name or by its meaning.
        missing: String,
        /// Columns found.
        found: String,
        /// How to map it.
        remedy: String,
    },
    /// Two columns could be meant.
    #[error("文件“{file}”里{columns}都可能是 {field}；在映射文件 [columns] 中写明 {field} = \"列名\"")]
    Ambiguous {
        /// Name of the file.
        file: String,
        /// The field.
        field: &'static str,
        /// The columns.
        columns: String,
    },
    /// The workbook has no such sheet.
    #[error("文件“{file}”里没有工作表“{sheet}”；现有工作表：{found}；在映射文件写 sheet = \"表名\"")]
    Sheet {
        /// Name of the file.
        file: String,
        /// The sheet asked for.
        sheet: String,
        /// Sheets there are.
        found: String,
    },
    /// It is damaged, or not what its name says.
    #[error("文件“{file}”损坏或不是{expected}（{detail}）；用表格软件打开后另存，或重新导出")]
    Broken {
        /// Name of the file.
        file: String,
        /// The format it should have.
        expected: &'static str,
        /// What the reader says.
        detail: String,
    },
    /// It is over a limit.
    #[error("文件“{file}”太大：{what}；另存为 csv 或 jsonl 再导入")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// The limit.
        what: String,
    },
    /// Reading stopped in the middle. What came before was read.
    #[error("文件“{file}”读到第 {line} 行中断（{detail}）；文件可能没有传完整，重新取得文件后再导入，已收下的不会重复")]
    Interrupted {
        /// Name of the file.
        file: String,
        /// Line at which reading stopped, from 1.
        line: u64,
        /// What the reader says.
        detail: String,
    },
}
