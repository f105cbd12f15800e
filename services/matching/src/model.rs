//! A trained linear model: for each label (`topic`, `system`) a head that ranks classes by the features of a text.

mod codec;
mod filter;
mod head;
mod index;
pub(crate) mod reader;
mod vocabulary;

pub use codec::ModelError;
pub(crate) use filter::Filter;
pub(crate) use head::{CLASSES_MAX, HeadParts, RARITY_STEP, times, weight_step};
pub use head::{Head, Ranked};
pub(crate) use index::{Reason, Scored};
pub(crate) use vocabulary::Vocabulary;

use std::collections::BinaryHeap;

use crate::alarm::{DANGER, head::DangerHead};
use index::{Features, Index};
use reader::Feature;

/// Heads by label. Immutable: build once, share by `Arc`.
pub struct Model {
    heads: Vec<Head>,
    /// Of all heads but the one for danger, which reads otherwise.
    index: Index,
    danger: Option<DangerHead>,
    version: String,
}

/// What a model makes of one text.
pub(crate) struct Voice<'m> {
    model: &'m Model,
    features: Features,
    /// By number of head; none of those that were not asked.
    scores: Vec<Option<Scored>>,
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
        let voice = self.hear(script.whole(), title.len(), |other| other == label);
        voice.score(label).map(|(head, scored)| head.rank(scored)).unwrap_or_default()
    }

    /// The head that tells danger to life.
    pub(crate) fn danger(&self) -> Option<&DangerHead> {
        self.danger.as_ref()
    }

    /// What the heads of the `wanted` labels make of `whole`: title, line feed, text, ASCII letters in lower case.
    pub(crate) fn hear(&self, whole: &str, title_bytes: usize, wanted: impl Fn(&str) -> bool) -> Voice<'_> {
        let features = self.read(whole, title_bytes);
        let heads: Vec<Option<&Head>> =
            self.indexed().map(|head| Some(head).filter(|head| wanted(head.label()))).collect();
        Voice { scores: self.index.score(&heads, &features), model: self, features }
    }

    fn read(&self, whole: &str, title_bytes: usize) -> Features {
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

    /// The heads of the index, by their numbers there.
    fn indexed(&self) -> impl Iterator<Item = &Head> {
        self.heads.iter().filter(|head| head.label() != DANGER)
    }
}

impl Voice<'_> {
    /// The best class of a label, if there is such a head.
    pub(crate) fn best(&self, label: &str) -> Option<String> {
        let (head, scored) = self.score(label)?;
        head.best(scored).map(str::to_owned)
    }

    /// The head of a label with what it makes of the text.
    pub(crate) fn score(&self, label: &str) -> Option<(&Head, &Scored)> {
        let (head, scored) = self.model.indexed().zip(&self.scores).find(|(head, _)| head.label() == label)?;
        Some((head, scored.as_ref()?))
    }

    /// What spoke for each of `classes`.
    pub(crate) fn reasons(&self, scored: &Scored, classes: &[usize]) -> Vec<BinaryHeap<Reason>> {
        self.model.index.reasons(scored, &self.features, classes)
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let labels: Vec<&str> = self.heads.iter().map(Head::label).collect();
        f.debug_struct("Model").field("version", &self.version).field("labels", &labels).finish()
    }
}
