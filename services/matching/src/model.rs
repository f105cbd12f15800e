//! A trained linear model: for each label (`topic`, `system`) a head that ranks classes by the features of a text.

mod codec;
mod head;
mod index;
pub(crate) mod reader;
mod vocabulary;

pub use codec::ModelError;
pub(crate) use head::{CLASSES_MAX, HeadParts, RARITY_STEP, times, weight_step};
pub use head::{Head, Ranked};
pub(crate) use index::{Features, Reason, Scored};
pub(crate) use vocabulary::Vocabulary;

use std::collections::BinaryHeap;

use crate::alarm::{DANGER, head::DangerHead};
use index::Index;
use reader::Feature;

/// Heads by label. Immutable: build once, share by `Arc`.
pub struct Model {
    heads: Vec<Head>,
    /// Of all heads but the one for danger, which reads otherwise.
    index: Index,
    danger: Option<DangerHead>,
    version: String,
}

impl Model {
    /// Of these heads; of two with the same label the later one stays.
    pub fn new(heads: impl IntoIterator<Item = Head>) -> Model {
        let mut kept: Vec<Head> = Vec::new();
        for head in heads {
            kept.retain(|other| other.label() != head.label());
            kept.push(head);
        }
        kept.sort_by(|one, other| one.label().cmp(other.label()));
        let version = codec::version(&kept);
        let danger = kept.iter().find(|head| head.label() == DANGER).map(DangerHead::of);
        let others: Vec<Head> = kept.iter().filter(|head| head.label() != DANGER).cloned().collect();
        Model { index: Index::new(&others), danger, heads: kept, version }
    }

    /// What [`to_bytes`](Self::to_bytes) gave.
    ///
    /// # Errors
    /// [`ModelError`] when the bytes are damaged, or written by a version that reads texts differently.
    pub fn from_bytes(bytes: &[u8]) -> Result<Model, ModelError> {
        Ok(Model::new(codec::decode(bytes)?))
    }

    /// The model file: the same bytes for the same heads.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(&self.heads)
    }

    /// Names exactly these weights: `linear-1-` and eight hexadecimal digits. Decisions name it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All heads, in order of label.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// The head of a label.
    pub fn head(&self, label: &str) -> Option<&Head> {
        self.heads.iter().find(|head| head.label() == label)
    }

    /// This model's heads, taken out.
    pub fn into_heads(self) -> Vec<Head> {
        self.heads
    }

    /// Ranks the classes of a label for a masked text, best first. Empty when there is no such head.
    pub fn rank(&self, label: &str, title: &str, text: &str) -> Vec<Ranked> {
        let script = crate::script::Script::new(title, text);
        if label == DANGER {
            return self.danger.as_ref().map(|danger| danger.rank(&script)).unwrap_or_default();
        }
        let features = self.read(script.whole(), title.len());
        let Some((number, head)) = self.numbered(label) else { return Vec::new() };
        head.rank(&self.index.score(number, head, &features))
    }

    /// The head that tells danger to life.
    pub(crate) fn danger(&self) -> Option<&DangerHead> {
        self.danger.as_ref()
    }

    /// The best class of a label, if there is such a head.
    pub(crate) fn best(&self, label: &str, features: &Features) -> Option<String> {
        let (number, head) = self.numbered(label)?;
        head.best(&self.index.score(number, head, features)).map(str::to_owned)
    }

    /// The head of a label with what it makes of a text.
    pub(crate) fn score(&self, label: &str, features: &Features) -> Option<(&Head, Scored)> {
        let (number, head) = self.numbered(label)?;
        Some((head, self.index.score(number, head, features)))
    }

    /// What spoke for each of `classes`.
    pub(crate) fn reasons(&self, scored: &Scored, features: &Features, classes: &[usize]) -> Vec<BinaryHeap<Reason>> {
        self.index.reasons(scored, features, classes)
    }

    /// `whole`: title, line feed, text, ASCII letters in lower case.
    pub(crate) fn read(&self, whole: &str, title_bytes: usize) -> Features {
        let mut candidates = vec![Feature::default(); whole.len()];
        let mut count = 0;
        reader::read(whole, title_bytes, |feature| {
            if count == candidates.len() {
                candidates.resize(count * 2 + 8, Feature::default());
            }
            // Kept or overwritten: half of them pass, which no processor could foresee in a branch.
            if let Some(slot) = candidates.get_mut(count) {
                *slot = feature;
                count += usize::from(self.index.may_know(feature.key));
            }
        });
        candidates.truncate(count);
        self.index.features(&candidates)
    }

    fn numbered(&self, label: &str) -> Option<(usize, &Head)> {
        self.heads.iter().filter(|head| head.label() != DANGER).enumerate().find(|(_, head)| head.label() == label)
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let labels: Vec<&str> = self.heads.iter().map(Head::label).collect();
        f.debug_struct("Model").field("version", &self.version).field("labels", &labels).finish()
    }
}
