//! How well a model does: folds that keep near repeats together, and figures.

mod figures;
mod folds;

pub use figures::{Abstained, Figures, Judged, LabelFigures};
pub use folds::folds;
