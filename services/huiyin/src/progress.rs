//! Progress on stderr, when it is a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

fn hidden_unless_terminal(bar: ProgressBar) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}

/// A bar over `bytes` of a file.
pub(crate) fn bytes(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    hidden_unless_terminal(ProgressBar::new(bytes).with_style(style))
}

/// A counter of `what` without a known end.
pub(crate) fn spinner(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {pos} {msg} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    hidden_unless_terminal(ProgressBar::no_length().with_style(style).with_message(what))
}
