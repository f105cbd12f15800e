//! JSON lines.

use std::io::{self, BufRead};

use super::open::OpenedText;
use super::{Mapping, Row, TextEncoding};
use crate::json::{Keys, parse_object};
use crate::push::{LINE_BYTES_MAX, too_long};
use crate::raw::Field;
use crate::{RawPost, Refused};

/// The lines of a file, one object each.
pub(super) struct JsonRows {
    reader: Box<dyn BufRead + Send>,
    encoding: TextEncoding,
    keys: Keys,
    line: u64,
    buffer: Vec<u8>,
}

impl JsonRows {
    pub(super) fn new(opened: OpenedText, mapping: &Mapping) -> JsonRows {
        let mut keys = Keys::default();
        for field in Field::ALL {
            let key = mapping.columns.of(field);
            if !key.is_empty() {
                keys.set(field, key);
            }
        }
        JsonRows { reader: opened.reader, encoding: opened.encoding, keys, line: 0, buffer: Vec::new() }
    }

    /// The next line after line `skip` that holds anything.
    pub(super) fn next_after(&mut self, skip: u64) -> Option<Row> {
        loop {
            let bytes = match read_line(self.reader.as_mut(), &mut self.buffer) {
                Ok(0) => return None,
                Ok(bytes) => bytes,
                Err(error) => return Some(Row::Broken(self.line + 1, error)),
            };
            self.line += 1;
            let line = self.buffer.trim_ascii();
            if self.line <= skip || line.is_empty() {
                continue;
            }
            let post = if bytes > LINE_BYTES_MAX as u64 { Err(too_long(bytes)) } else { self.parse(line) };
            return Some(Row::Post(self.line, post));
        }
    }

    fn parse(&self, line: &[u8]) -> Result<RawPost, Refused> {
        let text = self.encoding.decode(line).ok_or_else(|| {
            let reason = format!("这一行不是 {} 编码", self.encoding.name());
            Refused::line(reason, "另存为 UTF-8，或在映射文件写 encoding = \"gbk\"")
        })?;
        parse_object(&text, &self.keys)
    }
}

/// Reads a line into `buffer`, at most [`LINE_BYTES_MAX`] of it, and says how many bytes it has; 0 at the end.
fn read_line(reader: &mut dyn BufRead, buffer: &mut Vec<u8>) -> io::Result<u64> {
    buffer.clear();
    let mut bytes = 0;
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(bytes);
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(chunk.len(), |end| end + 1);
        let room = LINE_BYTES_MAX.saturating_sub(buffer.len());
        buffer.extend(chunk.iter().take(taken.min(room)));
        reader.consume(taken);
        bytes += taken as u64;
        if end.is_some() {
            return Ok(bytes);
        }
    }
}
