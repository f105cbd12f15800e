//! What the heads make of a text or of parts of it, from one reading.

use std::collections::BinaryHeap;

use super::index::{Features, Known, Reason};
use super::reader::{self, Feature};
use super::{Head, Model, Scored};
use crate::script::Script;

/// The features of a text that some head may know, looked up once; parts of the text are judged from the same look-up.
pub(crate) struct Recognised<'m> {
    model: &'m Model,
    runs: Vec<Known>,
}

/// What a model makes of a text or of a part.
pub(crate) struct Voice<'m> {
    model: &'m Model,
    features: Features,
    /// By number of head in the index; none of those that were not asked.
    scores: Vec<Option<Scored>>,
}

impl<'m> Recognised<'m> {
    pub(super) fn new(model: &'m Model, script: &Script) -> Recognised<'m> {
        let mut candidates = vec![Feature::default(); script.whole().len()];
        let mut count = 0;
        reader::read(script, |feature| {
            if count == candidates.len() {
                candidates.resize(count * 2 + 8, Feature::default());
            }
            // Kept or overwritten: half of them pass, which no processor could foresee in a branch.
            if let Some(slot) = candidates.get_mut(count) {
                *slot = feature;
                count += usize::from(model.index.may_know(feature.key));
            }
        });
        candidates.truncate(count);
        Recognised { model, runs: model.index.look_up(&candidates) }
    }

    /// What the heads of the `wanted` labels make of the whole text.
    pub(crate) fn hear(&self, wanted: impl Fn(&str) -> bool) -> Voice<'m> {
        self.voice(Features::of(&self.runs, |_| true), wanted)
    }

    /// The same of the text without the parts given as bytes from and to.
    pub(crate) fn hear_without(&self, parts: &[(usize, usize)], wanted: impl Fn(&str) -> bool) -> Voice<'m> {
        let apart = |run: &Known| parts.iter().all(|(start, end)| run.end() <= *start || *end <= run.start());
        self.voice(Features::of(&self.runs, apart), wanted)
    }

    /// The same of one part; what stands in the title counts there as text.
    pub(crate) fn hear_part(&self, (start, end): (usize, usize), wanted: impl Fn(&str) -> bool) -> Voice<'m> {
        let inside = |run: &Known| run.is_anywhere() && start <= run.start() && run.end() <= end;
        self.voice(Features::of(&self.runs, inside), wanted)
    }

    fn voice(&self, features: Features, wanted: impl Fn(&str) -> bool) -> Voice<'m> {
        let heads: Vec<Option<&Head>> =
            self.model.indexed().map(|head| Some(head).filter(|head| wanted(head.label()))).collect();
        Voice { scores: self.model.index.score(&heads, &features), model: self.model, features }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::head::HeadParts;
    use crate::model::vocabulary::Vocabulary;

    /// A head that has an opinion on every run of these texts, another one for each class.
    fn head(label: &str, classes: usize, texts: &[&str]) -> Head {
        let mut keys = Vec::new();
        for text in texts {
            reader::read(&Script::new("", text), |feature| keys.push(feature.key));
        }
        let vocabulary = Vocabulary::new(keys);
        let step = |place: usize, class: usize| ((place * 31 + class * 17) % 255) as i8;
        let row = |place: usize| (0..classes).map(|class| (class as u8, step(place, class))).collect();
        Head::new(HeadParts {
            label: label.to_owned(),
            classes: (0..classes).map(|class| class.to_string()).collect(),
            biases: vec![0.1; classes],
            sharpness: 1.0,
            rarities: vec![20; vocabulary.keys().len()],
            rows: (0..vocabulary.keys().len()).map(row).collect(),
            vocabulary,
            scale: 2.0,
        })
    }

    fn scores(voice: &Voice<'_>, label: &str) -> Vec<f64> {
        voice.score(label).unwrap().1.scores.clone()
    }

    /// Of every head, over whole and parts.
    #[test]
    fn parts_say_what_they_say_alone() {
        let (first, second) = ("路灯坏了三天", "停水也没人管,路灯");
        let texts = [first, second];
        let model = Model::new([head("wide", 9, &texts), head("narrow", 3, &texts), head("wider", 20, &texts)]);
        let whole = format!("{first},{second}");
        let script = Script::new("", &whole);
        let recognised = model.recognise(&script);
        let (cut, end) = (1 + first.len(), script.whole().len());
        for label in ["narrow", "wide", "wider"] {
            let alone = |text: &str| scores(&model.recognise(&Script::new("", text)).hear(|_| true), label);
            assert_eq!(scores(&recognised.hear_part((0, cut), |_| true), label), alone(first), "{label}");
            assert_eq!(scores(&recognised.hear_part((cut + 1, end), |_| true), label), alone(second), "{label}");
            assert_eq!(scores(&recognised.hear_without(&[(0, cut)], |_| true), label), alone(second), "{label}");
            assert_eq!(scores(&recognised.hear_without(&[], |_| true), label), alone(&whole), "{label}");
            assert_ne!(alone(first), alone(second), "{label}");
        }
        assert!(recognised.hear(|label| label == "wide").score("narrow").is_none());
    }

    /// Sums of a narrow head are taken in single precision, of any other by its table of steps: both by the same weights.
    #[test]
    fn narrow_and_wide_heads_weigh_alike() {
        let texts = ["路灯坏了三天"];
        let model = Model::new([head("narrow", 8, &texts), head("wide", 9, &texts)]);
        let script = Script::new("", texts[0]);
        let voice = model.recognise(&script).hear(|_| true);
        for (narrow, wide) in scores(&voice, "narrow").iter().zip(scores(&voice, "wide")) {
            assert!((narrow - wide).abs() < 1e-5, "{narrow} {wide}");
        }
    }
}
