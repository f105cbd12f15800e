//! Which column of a table is which field.

use super::Mapping;
use crate::FileFault;
use crate::raw::Field;

/// Rows that are searched for the header: exports often have a title and a remark above it.
pub(super) const HEADER_ROWS_MAX: usize = 10;

/// Header names that are understood without a mapping, lower case.
const USUAL: [(Field, &[&str]); 7] = [
    (Field::Source, &["source"]),
    (Field::Id, &["id", "编号", "工单编号", "工单号", "诉求编号", "事项编号", "信件编号", "受理编号"]),
    (Field::Title, &["title", "标题", "诉求标题", "主题", "工单标题", "信件标题", "诉求主题"]),
    (Field::Text, &["text", "content", "内容", "诉求内容", "正文", "工单内容", "信件内容", "来信内容", "问题描述"]),
    (Field::Time, &["time", "时间", "来电时间", "发布时间", "来信时间", "诉求时间", "受理时间"]),
    (Field::Place, &["place", "属地", "所属区域", "地区", "所属地区", "区域"]),
    (Field::Url, &["url", "link", "链接", "网址"]),
];

/// Where each field stands in a row, from 0, in the order of [`Field::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns([Option<usize>; 7]);

impl Columns {
    /// Finds the header among the first rows of a table: its index in `rows`, and the columns.
    ///
    /// # Errors
    /// No row has a column for ids and one for texts, a mapped column is missing, or two columns could be meant.
    pub(super) fn find(file: &str, rows: &[Vec<String>], mapping: &Mapping) -> Result<(usize, Columns), FileFault> {
        if let Some(number) = mapping.header_row {
            let index = usize::try_from(number - 1).unwrap_or(usize::MAX);
            let header = rows.get(index).map_or(&[][..], Vec::as_slice);
            return Ok((index, Columns::of(file, header, mapping)?));
        }
        let mut first = None;
        for (index, header) in rows.iter().enumerate().take(HEADER_ROWS_MAX) {
            if header.iter().all(|name| name.trim().is_empty()) {
                continue;
            }
            match Columns::of(file, header, mapping) {
                Ok(columns) => return Ok((index, columns)),
                // The fullest row is most likely the header that was meant.
                Err(fault) => {
                    let filled = header.iter().filter(|name| !name.trim().is_empty()).count();
                    if first.as_ref().is_none_or(|(most, _)| filled > *most) {
                        first = Some((filled, fault));
                    }
                }
            }
        }
        match first {
            Some((_, fault)) => Err(fault),
            None => Columns::of(file, &[], mapping).map(|columns| (0, columns)),
        }
    }

    fn of(file: &str, header: &[String], mapping: &Mapping) -> Result<Columns, FileFault> {
        let header: Vec<String> = header.iter().map(|name| fold(name)).collect();
        let mut found = [None; 7];
        for ((field, usual), slot) in USUAL.iter().zip(&mut found) {
            let mapped = fold(mapping.columns.of(*field));
            let is_it = |name: &str| if mapped.is_empty() { usual.contains(&name) } else { name == mapped };
            let matches: Vec<usize> =
                header.iter().enumerate().filter(|(_, name)| is_it(name)).map(|(index, _)| index).collect();
            match matches.as_slice() {
                [] if mapped.is_empty() => {}
                [] => return Err(missing(file, &header, format!("映射文件写的列“{mapped}”"), *field)),
                [only] => *slot = Some(*only),
                several => {
                    let names = several.iter().filter_map(|index| header.get(*index));
                    let columns = names.map(|name| format!("“{name}”")).collect::<Vec<_>>().join("和");
                    return Err(FileFault::Ambiguous { file: file.to_owned(), field: field.as_str(), columns });
                }
            }
        }
        let columns = Columns(found);
        if columns.at(Field::Id).is_none() {
            return Err(missing(file, &header, "编号列".to_owned(), Field::Id));
        }
        if columns.at(Field::Text).is_none() && columns.at(Field::Title).is_none() {
            return Err(missing(file, &header, "内容列或标题列".to_owned(), Field::Text));
        }
        Ok(columns)
    }

    /// The column of a field, from 0.
    pub(super) fn at(&self, field: Field) -> Option<usize> {
        self.iter().find(|(at, _)| *at == field).map(|(_, index)| index)
    }

    /// The fields that have a column.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Field, usize)> {
        Field::ALL.into_iter().zip(self.0).filter_map(|(field, index)| index.map(|index| (field, index)))
    }

    /// The last column that matters, from 0.
    pub(super) fn last(&self) -> usize {
        self.iter().map(|(_, index)| index).max().unwrap_or(0)
    }
}

fn fold(name: &str) -> String {
    name.chars()
        .filter(|character| !character.is_whitespace() && *character != '\u{feff}')
        .collect::<String>()
        .to_lowercase()
}

fn missing(file: &str, header: &[String], what: String, field: Field) -> FileFault {
    let names: Vec<_> = header.iter().filter(|name| !name.is_empty()).map(|name| format!("“{name}”")).collect();
    let found = if names.is_empty() { "（没有表头）".to_owned() } else { names.join("、") };
    let remedy = match field {
        Field::Id => {
            "在映射文件 [columns] 中写 id = \"列名\"；没有编号就先加一列并填上不重复的编号，否则重复导入无法识别"
                .to_owned()
        }
        field => format!("在映射文件 [columns] 中写 {} = \"列名\"", field.as_str()),
    };
    FileFault::Column { file: file.to_owned(), missing: what, found, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(table: &[&[&str]]) -> Vec<Vec<String>> {
        table.iter().map(|row| row.iter().map(|name| (*name).to_owned()).collect()).collect()
    }

    fn found(table: &[&[&str]], mapping: &str) -> String {
        match Columns::find("a.csv", &rows(table), &Mapping::parse(mapping).unwrap()) {
            Ok((index, columns)) => {
                let shown: Vec<_> = columns.iter().map(|(field, at)| format!("{}{at}", field.as_str())).collect();
                format!("{index}: {}", shown.join(" "))
            }
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn headers() {
        let table: [(&[&[&str]], &str, &str); 10] = [
            (
                &[&["工单编号", "诉求标题", "诉求内容", "来电时间", "所属区域", "网址"]],
                "",
                "0: id0 title1 text2 time3 place4 url5",
            ),
            (&[&["\u{feff}ID", " Text "]], "", "0: id0 text1"),
            (&[&["十一月诉求汇总表"], &[], &["编 号", "主题"]], "", "2: id0 title1"),
            (&[&["单号", "内容"]], "[columns]\nid = \"单号\"", "0: id0 text1"),
            (&[&["汇总"], &["编号", "内容"]], "header_row = 2", "1: id0 text1"),
            (
                &[&["汇总", "甲"], &["编号", "内容"]],
                "header_row = 1",
                "文件“a.csv”里没有编号列；找到的列：“汇总”、“甲”",
            ),
            (
                &[&["单号", "内容"]],
                "",
                "文件“a.csv”里没有编号列；找到的列：“单号”、“内容”；在映射文件 [columns] 中写 id = \"列名\"",
            ),
            (&[&["编号", "姓名"]], "", "没有内容列或标题列；找到的列：“编号”、“姓名”"),
            (&[&["编号", "内容"]], "[columns]\ntime = \"登记时间\"", "没有映射文件写的列“登记时间”"),
            (&[&["编号", "工单编号", "内容"]], "", "“编号”和“工单编号”都可能是 id"),
        ];
        for (table, mapping, expected) in table {
            let found = found(table, mapping);
            assert!(found.contains(expected), "{table:?}: {found}");
        }
        assert!(found(&[], "").contains("（没有表头）"));
    }
}
