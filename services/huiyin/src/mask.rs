//! `huiyin mask`: what becomes of each line of text before it is stored.

use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context;

/// `huiyin mask`: one line out for each line in.
pub(crate) fn mask() -> anyhow::Result<ExitCode> {
    let (mut input, mut out) = (std::io::stdin().lock(), BufWriter::new(std::io::stdout().lock()));
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if input.read_until(b'\n', &mut line).context("stdin")? == 0 {
            break;
        }
        let text = String::from_utf8_lossy(line.trim_ascii_end());
        if matches!(text, std::borrow::Cow::Owned(_)) {
            eprintln!("第 {number} 行不是 UTF-8 编码，无法识别的字节已替换：请先把文件转换为 UTF-8 再试。");
        }
        let masked = huiyin_text::prepare(&text);
        writeln!(out, "{}", masked.replace('\n', " ")).context("stdout")?;
    }
    out.flush().context("stdout")?;
    Ok(ExitCode::SUCCESS)
}
