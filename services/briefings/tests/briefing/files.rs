//! What the files made of the figures hold.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use huiyin_briefings::{
    Briefing, BriefingError, BriefingOptions, Format, MonthFigures, Recipients, month_figures, month_matters,
};

use crate::world::*;

fn briefing(figures: MonthFigures) -> Briefing {
    let options = BriefingOptions {
        office: "霁川省人民政府办公厅".into(),
        issue_number: 11,
        date: "2026-11-22".parse().unwrap(),
        recipients: Recipients::default(),
        console: Some("http://10.0.0.5:8460/".into()),
    };
    Briefing::new(figures, options)
}

fn parts(docx: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut part = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// Panics unless every element that opens closes, in order.
fn assert_well_formed(text: &str, what: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, next) = after.split_once('>').unwrap_or_else(|| panic!("{what}: a tag does not end"));
        rest = next;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        assert!(!tag.contains('<'), "{what}: <{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.trim()), "{what}: </{name}>");
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap_or_default());
        }
    }
    assert!(open.is_empty(), "{what}: left open {open:?}");
    assert!(!text.contains('\u{1}'), "{what}: a character XML does not allow");
}

#[tokio::test]
async fn the_document_has_the_page_the_styles_and_every_figure() {
    let world = world(200).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    let docx = briefing(figures.clone()).write(Format::Docx, &[]).unwrap();
    assert_eq!(docx, briefing(figures.clone()).write(Format::Docx, &[]).unwrap(), "the same figures, the same bytes");
    let parts = parts(&docx);
    let text = |name: &str| String::from_utf8(parts.get(name).unwrap_or_else(|| panic!("{name}")).clone()).unwrap();
    for (name, bytes) in &parts {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            assert_well_formed(std::str::from_utf8(bytes).unwrap(), name);
        }
    }
    let document = text("word/document.xml");
    for piece in [
        // A4; 37 and 28 mm; what is left of 210 × 297 mm by a type area of 156 × 225 mm; 22 lines on 225 mm.
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>",
        "w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\"",
        "w:linePitch=\"579\"",
        "<w:pStyle w:val=\"Heading1\"/>",
        "<w:pStyle w:val=\"Heading2\"/>",
        "<w:tblHeader/>",
        "<w:cantSplit/>",
        "w:color=\"FF0000\"",
        "月度舆情共享通报",
        "第11期",
        "霁川省人民政府办公厅",
        "2026年11月22日印发",
        "一、总体情况",
        "二、舆情特点",
        "三、重点舆情及回应情况",
        "四、各单位回应时限落实情况",
        "五、承诺事项",
        "六、统计口径说明",
    ] {
        assert!(document.contains(piece), "{piece}");
    }
    let styles = text("word/styles.xml");
    for piece in [
        "heading 1",
        "heading 2",
        "heading 3",
        "w:eastAsia=\"仿宋_GB2312\"",
        "w:eastAsia=\"黑体\"",
        "w:eastAsia=\"楷体_GB2312\"",
        "w:eastAsia=\"方正小标宋简体\"",
    ] {
        assert!(styles.contains(piece), "{piece}");
    }
    assert!(text("word/settings.xml").contains("evenAndOddHeaders"));
    assert!(
        text("word/footer1.xml").contains("w:val=\"right\"") && text("word/footer2.xml").contains("w:val=\"left\"")
    );
    let descriptions = document.matches("descr=\"").count();
    assert_eq!((parts.keys().filter(|name| name.starts_with("word/charts/chart")).count(), descriptions), (4, 4));
    for number in 1..=4 {
        let data = parts[&format!("word/embeddings/chart{number}.xlsx")].clone();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(data)).unwrap();
        assert!(book.worksheet_range("Sheet1").unwrap().height() > 1);
    }
    let links = text("word/_rels/document.xml.rels");
    for figure in figures.figures.iter().filter(|figure| figure.value > 0) {
        // Two are told only as what they are part of.
        if ["overdue", "opened"].contains(&figure.key.as_str()) {
            continue;
        }
        let address = format!("http://10.0.0.5:8460{}", figure.query).replace('&', "&amp;");
        assert!(
            links.contains(&address) && document.contains(&format!("{}{}", figure.value, figure.unit)),
            "{}",
            figure.key
        );
    }
}

#[tokio::test]
async fn the_page_stands_alone_and_links_each_figure() {
    let world = world(200).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    let page = String::from_utf8(briefing(figures.clone()).write(Format::Html, &[]).unwrap()).unwrap();
    assert_well_formed(&page, "page");
    assert_eq!(page.matches("<svg ").count(), 4);
    for outside in ["<script", "<link", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains(&format!(
        "href=\"http://10.0.0.5:8460{}\"",
        figures.figure("posts").unwrap().query.replace('&', "&amp;")
    )));
    assert!(!page.contains("某人"), "nobody is named");
}

#[tokio::test]
async fn the_annex_reads_back_as_the_figures() {
    let world = world(200).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    let matters = month_matters(&world.store, november()).await.unwrap();
    let opened = figures.figure("opened").unwrap().value;
    assert_eq!(matters.len() as u64, opened);
    let file = briefing(figures.clone()).write(Format::Xlsx, &matters).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let names = ["总体", "分日", "分领域", "分属地", "分来源", "单位时限", "事项清单", "承诺", "台账", "说明"];
    assert_eq!(book.sheet_names(), names);
    let rows = |book: &mut Xlsx<_>, name: &str| -> Vec<Vec<Data>> {
        book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
    };
    let whole = rows(&mut book, "总体");
    for figure in &figures.figures {
        let row = whole.iter().find(|row| row[0] == Data::String(figure.label.clone())).unwrap();
        let number = |value: &Data| match value {
            Data::Float(number) => *number,
            other => panic!("{}: {other:?}", figure.label),
        };
        assert_eq!((number(&row[1]), number(&row[2])), (figure.value as f64, figure.before as f64), "{}", figure.label);
    }
    assert_eq!(rows(&mut book, "分日").len(), figures.daily.len() + 1);
    assert_eq!(rows(&mut book, "单位时限").len(), figures.units.len() + 1);
    assert_eq!(rows(&mut book, "事项清单").len() as u64, opened + 1);
    let ledger = rows(&mut book, "台账");
    let heads: Vec<String> = ledger[0].iter().map(ToString::to_string).collect();
    assert_eq!(
        heads.join(" "),
        "序号 编号 来源 平台 发现时间 发布时间 内容摘要 属地 等级 第一责任单位 协同单位 交办时间 签收时间 回应时限 核查情况 \
         回应时间 回应渠道 回应内容 回应链接 承诺事项 承诺时限 承诺落实 落实公开 后续举措 督办 延期 办结时间 办结方式 回访 \
         是否超时 归档 领域 网帖数 状态"
    );
    assert_eq!(ledger.len() as u64, opened + 1);
    assert_eq!(rows(&mut book, "承诺").len(), figures.commitments.len() + 1);
}

#[tokio::test]
async fn an_empty_month_reads_sensibly_and_a_coming_one_is_refused() {
    let world = world(0).await;
    let figures = Box::pin(month_figures(&world.store, &world.catalogue, november(), now())).await.unwrap();
    assert!(figures.listed().iter().all(|(value, _, _)| *value == 0));
    let briefing = briefing(figures);
    let page = String::from_utf8(briefing.write(Format::Html, &[]).unwrap()).unwrap();
    for text in ["霁川省未收录政务舆情事项", "本月无重点舆情", "本月各单位未作出新的承诺", "本月无到期承诺"]
    {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("NaN") && !page.contains("<svg"));
    for format in Format::ALL {
        assert!(!briefing.write(format, &[]).unwrap().is_empty());
    }
    let coming = Box::pin(month_figures(&world.store, &world.catalogue, november().after(), now())).await;
    assert!(matches!(coming, Err(BriefingError::Future(month)) if month.to_string() == "2026-12"));
}

#[tokio::test]
async fn what_somebody_wrote_in_danger_to_life_is_not_passed_round() {
    let world = world(24).await;
    let figures = month_figures(&world.store, &world.catalogue, november(), now()).await.unwrap();
    let told = |danger: bool| figures.matters.iter().filter(move |one| one.danger == danger);
    assert!(told(true).count() > 0 && told(false).count() > 0);
    assert!(told(true).all(|one| one.title.as_deref() == Some("涉及人身安全的事项")));
    assert!(told(false).all(|one| one.title.as_deref().is_some_and(|title| title.contains("路灯"))));
}
