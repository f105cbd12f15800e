//! Collects replacements of spans in one text.

/// Spans must come in order; one that starts inside an earlier one is ignored.
pub(super) struct Edits<'t> {
    text: &'t str,
    out: String,
    copied: usize,
}

impl<'t> Edits<'t> {
    pub(super) fn new(text: &'t str) -> Edits<'t> {
        Edits { text, out: String::new(), copied: 0 }
    }

    /// Replaces bytes `start..end`, which lie on character boundaries.
    pub(super) fn replace(&mut self, start: usize, end: usize, token: &str) {
        let Some(before) = self.text.get(self.copied..start) else { return };
        if end <= start {
            return;
        }
        self.out.push_str(before);
        self.out.push_str(token);
        self.copied = end;
    }

    /// The edited text; `None` when nothing was replaced.
    pub(super) fn finish(mut self) -> Option<String> {
        if self.copied == 0 {
            return None;
        }
        self.out.push_str(self.text.get(self.copied..).unwrap_or_default());
        Some(self.out)
    }
}
