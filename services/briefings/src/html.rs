//! The briefing as one page without anything from elsewhere: styles and charts stand in it, and it prints on A4.

use crate::Briefing;
use crate::report::{Align, Block, Run, Table};
use crate::svg::svg;
use crate::xml::{escaped, put};

const STYLE: &str = include_str!("html/page.css");

/// The page.
pub(crate) fn page(briefing: &Briefing) -> String {
    let mut out = String::with_capacity(64 << 10);
    let options = briefing.options();
    put(
        &mut out,
        format_args!(
            "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>{0}</title><style>{STYLE}</style></head>\n<body><main><header><p class=\"name\">{1}</p><p class=\"issue\">{2}</p><p class=\"imprint\"><span>{3}</span><span>{4}</span></p></header>\n<h1>{0}</h1>\n",
            escaped(&briefing.title()),
            Briefing::NAME,
            briefing.issue(),
            escaped(&options.office),
            briefing.date(),
        ),
    );
    let mut charts = 0;
    for section in briefing.sections() {
        put(&mut out, format_args!("<section><h2>{}</h2>\n", escaped(&section.heading)));
        for block in &section.blocks {
            match block {
                Block::Heading(text) => put(&mut out, format_args!("<h3>{}</h3>\n", escaped(text))),
                Block::Paragraph(runs) => put(&mut out, format_args!("<p>{}</p>\n", written(briefing, runs))),
                Block::Table(table) => put_table(&mut out, briefing, table),
                Block::Chart(chart) => {
                    charts += 1;
                    put(
                        &mut out,
                        format_args!(
                            "<figure>{}<figcaption>{}</figcaption></figure>\n",
                            svg(chart, &format!("chart-{charts}")),
                            escaped(&chart.title)
                        ),
                    );
                }
            }
        }
        out.push_str("</section>\n");
    }
    let to = &options.recipients;
    put(
        &mut out,
        format_args!(
            "<footer><p>报：{}</p><p>送：{}</p><p>发：{}</p><p class=\"imprint\"><span>{}</span><span>{}印发</span></p></footer></main></body></html>\n",
            escaped(&to.up),
            escaped(&to.beside),
            escaped(&to.down),
            escaped(&options.office),
            briefing.date(),
        ),
    );
    out
}

fn put_table(out: &mut String, briefing: &Briefing, table: &Table) {
    put(out, format_args!("<table><caption>{}</caption><colgroup>", escaped(&table.caption)));
    for column in &table.columns {
        put(out, format_args!("<col style=\"width:{:.1}%\"/>", f64::from(column.width_mm) / 1.56));
    }
    out.push_str("</colgroup><thead><tr>");
    for column in &table.columns {
        put(out, format_args!("<th scope=\"col\">{}</th>", column.title));
    }
    out.push_str("</tr></thead><tbody>");
    for row in &table.rows {
        out.push_str("<tr>");
        for (column, cell) in table.columns.iter().zip(row) {
            let class = if column.align == Align::Left { " class=\"left\"" } else { "" };
            put(out, format_args!("<td{class}>{}</td>", written(briefing, std::slice::from_ref(cell))));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>\n");
}

fn written(briefing: &Briefing, runs: &[Run]) -> String {
    let mut out = String::new();
    for run in runs {
        match (&run.query, &briefing.options().console) {
            (Some(query), Some(console)) => put(
                &mut out,
                format_args!(
                    "<a href=\"{}{}\">{}</a>",
                    escaped(console.trim_end_matches('/')),
                    escaped(query),
                    escaped(&run.text)
                ),
            ),
            _ => out.push_str(&escaped(&run.text)),
        }
    }
    out
}
