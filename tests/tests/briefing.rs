//! The month's briefing as its office gets it: four files of one content.

use anyhow::{Context, Result};
use huiyin_tests::{Node, NodeOptions, Program, sample_posts, write_jsonl};

#[tokio::test]
async fn a_month_becomes_word_web_page_sheet_and_pdf() -> Result<()> {
    let node = Node::prepare(NodeOptions::default())?;
    let posts = node.directory().join("posts.jsonl");
    write_jsonl(&posts, &sample_posts()?)?;
    node.command(&["import", "--source", "导入", &posts.to_string_lossy()]).await?;
    let out = node.directory().join("briefing");
    let beijing = Program::new("date".as_ref(), ["-u", "-d", "8 hours", "+%Y-%m"]).succeed().await?;
    let month = beijing.stdout.trim();
    let made = node.command(&["briefing", "--month", month, "--out", &out.to_string_lossy()]).await?;
    assert!(made["matters"].as_u64().is_some_and(|matters| matters > 0), "{made}");
    for (kind, begins) in [("docx", &b"PK"[..]), ("xlsx", b"PK"), ("html", b"<!")] {
        let file = made["files"][kind].as_str().with_context(|| format!("{kind}: {made}"))?;
        assert!(std::fs::read(file)?.starts_with(begins), "{file}");
    }
    // The suite's name differs between systems; where there is none, the command says so and makes the others.
    let installed = Program::new("soffice".as_ref(), ["--version"]).finish().await.is_ok();
    let Some(pdf) = made["files"]["pdf"].as_str() else {
        assert!(!installed, "LibreOffice is installed and made no PDF: {made}");
        println!("skipped: no LibreOffice (soffice) here to make the PDF");
        return Ok(());
    };
    assert!(std::fs::read(pdf)?.starts_with(b"%PDF-"), "{pdf}");
    Ok(())
}
