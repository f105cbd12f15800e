//! What must hold of a PDF before its parser sees it: the parser unpacks whole streams, without a limit.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::super::Problem;

/// What all streams together may unpack to.
const UNPACKED_BYTES_MAX: u64 = 256 << 20;
/// Streams packed in streams; one layer is usual.
const LAYERS_MAX: usize = 3;
/// Largest file whose streams cannot be looked into first: protected ones, and those with the LZW of old programs.
const OPAQUE_BYTES_MAX: usize = 4 << 20;

/// Whether the file says that it is encrypted.
pub(super) fn is_protected(bytes: &[u8]) -> bool {
    find(bytes, b"/Encrypt").is_some()
}

/// Unpacks every stream once, to nowhere, and refuses a file that grows beyond all sense.
pub(super) fn check(bytes: &[u8]) -> Result<(), Problem> {
    const TOO_LARGE: Problem = Problem::TooLarge { what: "解压后的 PDF", limit: "256 MB" };
    let opaque = [&b"/LZW"[..], b"/RunLength", b"/RL"].iter().any(|name| find(bytes, name).is_some());
    if (opaque || is_protected(bytes)) && bytes.len() > OPAQUE_BYTES_MAX {
        return Err(Problem::TooLarge { what: "受保护或旧式压缩的 PDF", limit: "4 MB" });
    }
    let mut left = UNPACKED_BYTES_MAX;
    let mut rest = bytes;
    while let Some(at) = find(rest, b"stream") {
        rest = rest.get(at + b"stream".len()..).unwrap_or_default();
        let body = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).or_else(|| rest.strip_prefix(b"\r"));
        let Some(body) = body.filter(|body| is_zlib(body)) else { continue };
        left = left.checked_sub(unpacked_bytes(body, left, LAYERS_MAX).ok_or(TOO_LARGE)?).ok_or(TOO_LARGE)?;
    }
    Ok(())
}

/// How much a stream unpacks to, layer by layer; `None` when that is more than `left`.
fn unpacked_bytes(body: &[u8], left: u64, layers: usize) -> Option<u64> {
    let mut decoder = ZlibDecoder::new(body);
    let mut head = Vec::new();
    // Damaged streams end early; what they held until then counts.
    let _damaged = (&mut decoder).take(64).read_to_end(&mut head);
    if is_zlib(&head) {
        let mut whole = head;
        let _damaged = decoder.take(left + 1).read_to_end(&mut whole);
        let outer = whole.len() as u64;
        if outer > left || layers == 0 {
            return None;
        }
        return Some(outer + unpacked_bytes(&whole, left - outer, layers - 1)?);
    }
    let mut counter = Counter(head.len() as u64);
    let _damaged = std::io::copy(&mut decoder.take(left + 1), &mut counter);
    (counter.0 <= left).then_some(counter.0)
}

struct Counter(u64);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [method, flags, ..] if method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::check;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("to memory");
        encoder.finish().expect("to memory")
    }

    fn file(stream: &[u8], copies: usize) -> Vec<u8> {
        let one = [b"1 0 obj <<>> stream\n", stream, b"\nendstream endobj\n"].concat();
        [b"%PDF-1.7\n".to_vec(), one.repeat(copies)].concat()
    }

    #[test]
    fn bombs_are_refused_and_documents_are_not() {
        let zeros = vec![0; 40 << 20];
        assert!(check(&file(&pack(&zeros), 1)).is_ok());
        assert!(check(&file(&pack(&zeros), 8)).is_err(), "many");
        assert!(check(&file(&pack(&pack(&vec![0; 300 << 20])), 1)).is_err(), "in layers");
        assert!(check(&file(b"x\x9c damaged", 3)).is_ok());
        assert!(check(&[b"%PDF-1.4 /Encrypt ".to_vec(), vec![b' '; 5 << 20]].concat()).is_err());
    }
}
