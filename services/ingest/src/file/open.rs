//! Opening a file: counting what is read, looking through gzip, recognising the encoding.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::TextEncoding;
use crate::FileFault;

/// How much of a file is looked at to recognise its encoding and separator.
const SAMPLE_BYTES: u64 = 64 << 10;
const BUFFER_BYTES: usize = 128 << 10;

/// An open file of any format.
pub(crate) struct Opened {
    pub(super) file: String,
    pub(super) bytes: u64,
    reader: BufReader<Counted>,
}

/// An open text file: its beginning, and everything from its beginning on.
pub(super) struct OpenedText {
    pub(super) file: String,
    pub(super) encoding: TextEncoding,
    pub(super) sample: Vec<u8>,
    pub(super) reader: Box<dyn BufRead + Send>,
}

impl Opened {
    pub(super) fn open(path: &Path, file: String, read: Arc<AtomicU64>) -> Result<Opened, FileFault> {
        let fault = |source| FileFault::Open { file: file.clone(), source };
        let inner = File::open(path).map_err(fault)?;
        let metadata = inner.metadata().map_err(fault)?;
        if metadata.is_dir() {
            return Err(fault(io::Error::new(io::ErrorKind::IsADirectory, "is a directory")));
        }
        let reader = BufReader::with_capacity(BUFFER_BYTES, Counted { inner, read });
        Ok(Opened { file, bytes: metadata.len(), reader })
    }

    /// The whole content, for formats that are read at random.
    pub(super) fn all(self) -> Result<Vec<u8>, FileFault> {
        let mut content = Vec::new();
        let mut reader = self.reader;
        reader.read_to_end(&mut content).map_err(|source| FileFault::Open { file: self.file, source })?;
        Ok(content)
    }

    /// As text in `encoding`, UTF-8 when the mapping names none.
    ///
    /// # Errors
    /// [`FileFault::Encoding`] when the file as a whole is in another encoding. A single bad line is not a fault.
    pub(super) fn text(mut self, encoding: Option<TextEncoding>) -> Result<OpenedText, FileFault> {
        let magic = self.reader.fill_buf().map_err(|source| FileFault::Open { file: self.file.clone(), source })?;
        let mut reader: Box<dyn BufRead + Send> = if magic.starts_with(&[0x1f, 0x8b]) {
            Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(self.reader)))
        } else {
            Box::new(self.reader)
        };
        let mut sample = Vec::new();
        let error = reader.by_ref().take(SAMPLE_BYTES).read_to_end(&mut sample).err();
        if sample.starts_with(b"\xef\xbb\xbf") {
            sample.drain(..3);
        }
        let encoding = encoding.unwrap_or(TextEncoding::Utf8);
        check_encoding(&self.file, &sample, encoding)?;
        let reader = Box::new(Cursor::new(sample.clone()).chain(BufReader::new(After { error, rest: reader })));
        Ok(OpenedText { file: self.file, encoding, sample, reader })
    }
}

/// What an official reads about a failed read.
pub(super) fn chinese(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "压缩内容不完整".to_owned(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => "压缩内容损坏".to_owned(),
        _ => error.to_string(),
    }
}

/// Refuses a file that is in another encoding throughout: lines that are not ASCII exist, and none of them is in the
/// expected one.
fn check_encoding(file: &str, sample: &[u8], expected: TextEncoding) -> Result<(), FileFault> {
    let fault = |line, guess| FileFault::Encoding { file: file.to_owned(), line, expected: expected.name(), guess };
    if sample.starts_with(&[0xff, 0xfe]) || sample.starts_with(&[0xfe, 0xff]) {
        return Err(fault(1, "（是 UTF-16，即“Unicode 文本”）"));
    }
    let mut bad = None;
    let whole = sample.len() < usize::try_from(SAMPLE_BYTES).unwrap_or(usize::MAX);
    let mut lines = (1..).zip(sample.split(|byte| *byte == b'\n')).peekable();
    while let Some((number, line)) = lines.next() {
        // The sample may have cut its last line in the middle of a character.
        if line.is_ascii() || (!whole && lines.peek().is_none()) {
            continue;
        }
        // Nearly all bytes are some GBK text, so a line that is Chinese in UTF-8 is not taken for GBK.
        if expected.decode(line).is_some() && (expected == TextEncoding::Utf8 || !is_chinese_utf8(line)) {
            return Ok(());
        }
        bad = bad.or(Some((number, line)));
    }
    let Some((number, line)) = bad else { return Ok(()) };
    let guess = match expected {
        TextEncoding::Utf8 if TextEncoding::Gbk.decode(line).is_some() => "，看起来是 GBK",
        TextEncoding::Gbk if is_chinese_utf8(line) => "，看起来是 UTF-8",
        TextEncoding::Utf8 | TextEncoding::Gbk => "",
    };
    Err(fault(number, guess))
}

fn is_chinese_utf8(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_ok_and(|text| text.chars().any(|character| character >= '\u{3000}'))
}

/// A file that tells how far it was read.
struct Counted {
    inner: File,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.read.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}

/// The rest of a reader whose beginning was taken as a sample, and the error that taking it met.
struct After {
    error: Option<io::Error>,
    rest: Box<dyn BufRead + Send>,
}

impl Read for After {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.read(buffer),
        }
    }
}
