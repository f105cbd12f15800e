//! A trained linear model: for each label (`topic`, `system`) a head that ranks classes by the features of a text.

mod codec;
mod filter;
mod head;
mod index;
pub(crate) mod reader;
mod recognised;
mod table;
mod tally;
mod vocabulary;

pub use codec::ModelError;
pub(crate) use filter::Filter;
pub(crate) use head::{CLASSES_MAX, HeadParts, RARITY_STEP, times, weight_step};
pub use head::{Head, Ranked};
pub(crate) use index::Reason;
pub(crate) use recognised::{Recognised, Voice};
pub(crate) use tally::Scored;
pub(crate) use vocabulary::Vocabulary;

use crate::alarm::{DANGER, head::DangerHead};
use crate::script::Script;
use index::Index;

/// Heads by label. Immutable: build once, share by `Arc`.
pub struct Model {
    heads: Vec<Head>,
    /// Numbers of the heads in the index, narrow ones first.
    order: Vec<usize>,
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
        let others = kept.iter().enumerate().filter(|(_, head)| head.label() != DANGER);
        let mut order: Vec<usize> = others.map(|(number, _)| number).collect();
        order.sort_by_key(|number| kept.get(*number).is_some_and(|head| !tally::is_narrow(head)));
        let indexed: Vec<&Head> = order.iter().filter_map(|number| kept.get(*number)).collect();
        Model { index: Index::new(&indexed), order, danger, heads: kept, version }
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
        let script = Script::new(title, text);
        if label == DANGER {
            return self.danger.as_ref().map(|danger| danger.rank(&script)).unwrap_or_default();
        }
        let voice = self.recognise(&script).hear(|other| other == label);
        voice.score(label).map(|(head, scored)| head.rank(scored)).unwrap_or_default()
    }

    /// The head that tells danger to life.
    pub(crate) fn danger(&self) -> Option<&DangerHead> {
        self.danger.as_ref()
    }

    /// Reads a text once, for all heads but the one for danger.
    pub(crate) fn recognise(&self, script: &Script) -> Recognised<'_> {
        Recognised::new(self, script)
    }

    /// The heads of the index, by their numbers there.
    fn indexed(&self) -> impl Iterator<Item = &Head> {
        self.order.iter().filter_map(|number| self.heads.get(*number))
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let labels: Vec<&str> = self.heads.iter().map(Head::label).collect();
        f.debug_struct("Model").field("version", &self.version).field("labels", &labels).finish()
    }
}
