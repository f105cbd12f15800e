//! What is wrong with a table, where, and how to mend it.

/// One fault of the catalogue's files. Texts are Chinese: the reader is the office that keeps the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the file, such as `places.csv`.
    pub file: String,
    /// Line in the file, from 1 (the header); 0 when the fault is of the whole file.
    pub line: u64,
    /// Column or key, when one cell is at fault.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if let Some(field) = &self.field {
            write!(f, ": {field}")?;
        }
        write!(f, ": {}（{}）", self.message, self.remedy)
    }
}

impl std::error::Error for Fault {}

/// Where a value stands, for faults found after the tables were read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) file: &'static str,
    pub(crate) line: u64,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, spot: Spot, field: &str, message: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Fault {
            file: spot.file.to_owned(),
            line: spot.line,
            field: (!field.is_empty()).then(|| field.to_owned()),
            message: message.into(),
            remedy: remedy.into(),
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order an office reads them: by file, then line, then column; each once.
    pub(crate) fn into_sorted(mut self) -> Vec<Fault> {
        self.0.sort_by(|a, b| (&a.file, a.line, &a.field, &a.message).cmp(&(&b.file, b.line, &b.field, &b.message)));
        self.0.dedup();
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_file_line_and_field() {
        let fault = |line, field: Option<&str>| Fault {
            file: "places.csv".into(),
            line,
            field: field.map(str::to_owned),
            message: "没有这个代码".into(),
            remedy: "改正".into(),
        };
        for (fault, expected) in [
            (fault(12, Some("parent")), "places.csv:12: parent: 没有这个代码（改正）"),
            (fault(12, None), "places.csv:12: 没有这个代码（改正）"),
            (fault(0, None), "places.csv: 没有这个代码（改正）"),
        ] {
            assert_eq!(fault.to_string(), expected);
        }
    }
}
