//! The way of one post through the rule of responsibility.

use std::sync::Arc;

use huiyin_catalogue::Catalogue;
use huiyin_domain::{Evidence, Grade, PlaceRef, SystemCode};
use huiyin_text::Fingerprint;
use jiff::civil::Date;

use crate::alarm::AlarmIndex;
use crate::assessment::{Aside, Assessment, Decision};
use crate::blend::{CHANCE_MIN, Teller, blend};
use crate::candidate::{Setting, choices};
use crate::clause::ClauseIndex;
use crate::decide::decide;
use crate::duty::{duty, weigh};
use crate::further::{self, Part};
use crate::handling::HandlingIndex;
use crate::lexicon::Sweep;
use crate::locate::{Located, Locator};
use crate::model::{Model, Recognised};
use crate::opinion;
use crate::rules;
use crate::scene::SceneIndex;
use crate::screen::{Look, Screen};
use crate::script::Script;
use crate::subject::{Ground, SubjectIndex};

/// A part of a post is a concern by itself from this score of the terms, or from this chance that a model gives it. Of 11,135
/// invented posts without a further concern 69 get one; of 244 with one, most of them without a word that turns, 53.
const PART_SCORE_MIN: f64 = 3.0;
const PART_CHANCE_MIN: f64 = 0.15;
/// Labels of the heads that tell subjects and systems.
const TOPIC: &str = "topic";
const SYSTEM: &str = "system";

/// Parts whose words count for less than this are not shown to the model at all. On the invented posts of which half was
/// read, first candidate right of 197 and 199 with a scene: 82 and 64 at 0, 86 and 68 at 0.35, 88 and 70 at 0.5.
const BLOTTED_SHARE: f64 = 0.5;

/// Judges posts by one catalogue. Immutable: build once, share by `Arc`.
pub struct Assessor {
    catalogue: Arc<Catalogue>,
    sweep: Sweep,
    subjects: SubjectIndex,
    clauses: ClauseIndex,
    handling: HandlingIndex,
    locator: Locator,
    alarm: AlarmIndex,
    screen: Screen,
    scene: SceneIndex,
    model: Option<Arc<Model>>,
    version: String,
}

/// One post as the machine reads it. Title and text are masked.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Title, possibly empty.
    pub title: &'a str,
    /// Body, possibly empty.
    pub text: &'a str,
    /// Place as the source gave it: a code, a name, or nothing.
    pub place: &'a str,
    /// The day on which the decision is made: decides which units and clauses are in force.
    pub on: Date,
    /// Whose posts are judged.
    pub scope: Scope,
}

/// Whose posts are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Posts about other provinces and cities are set aside.
    Region,
    /// Every post counts as ours wherever it plays: systems are ranked, the unit may be missing. For measuring.
    Anywhere,
}

impl Assessor {
    /// Builds the indexes: some tens of milliseconds for a province.
    pub fn new(catalogue: Arc<Catalogue>) -> Assessor {
        Assessor::with_model(catalogue, None)
    }

    /// The same with a trained model beside the catalogue's terms.
    pub fn with_model(catalogue: Arc<Catalogue>, model: Option<Arc<Model>>) -> Assessor {
        let version = match &model {
            Some(model) => format!("{}+{}", *rules::VERSION, model.version()),
            None => rules::VERSION.clone(),
        };
        let (subjects, clauses) = (SubjectIndex::new(&catalogue), ClauseIndex::new(&catalogue));
        let (handling, locator) = (HandlingIndex::new(&catalogue), Locator::new(&catalogue));
        let (alarm, screen, scene) = (AlarmIndex::new(), Screen::new(), SceneIndex::new());
        let (places, named) = (locator.words(), handling.words());
        let (asides, scenes, turns) = (screen.words(), scene.words(), further::words());
        let sweep =
            Sweep::new([subjects.words(), clauses.words(), named, places, alarm.words(), asides, scenes, turns]);
        Assessor { model, version, sweep, subjects, clauses, handling, locator, alarm, screen, scene, catalogue }
    }

    /// The catalogue decisions rest on, for those who keep it.
    pub fn shared_catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.clone()
    }

    /// The catalogue decisions rest on.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Version of the rules and of the model, if there is one; with the catalogue's version it pins a decision.
    pub fn model_version(&self) -> &str {
        &self.version
    }

    /// Judges one post. The same post and versions give the same answer on every machine.
    pub fn assess(&self, post: &Subject<'_>) -> Assessment {
        let mut script = Script::with_words(post.title, post.text, &self.sweep);
        let located = self.locator.locate(&self.catalogue, &script, post.place);
        script.hide(&located.names);
        let scenes = self.scene.scenes(&script);
        script.shade(scenes);
        let fingerprint = Fingerprint::of(script.whole());
        let mut subjects = self.subjects.weigh(&script);
        // Of the line of work the model hears what is left without the scene.
        let dark = script.dark(BLOTTED_SHARE);
        let recognised = self.model.as_ref().map(|model| model.recognise(&script));
        let recognised = recognised.as_ref();
        let voice = recognised.map(|recognised| recognised.hear(|label| dark.is_empty() || label != SYSTEM));
        let topic = voice.as_ref().and_then(|voice| voice.best(TOPIC));
        let alarm = self.alarm.read(&script, self.model.as_ref().and_then(|model| model.danger()));
        let place = located.place.as_ref().and_then(|code| self.catalogue.place(code));
        let place = place.map(|place| PlaceRef { code: place.code.clone(), name: place.name.clone() });
        let aside = |aside, reason: String, grade: Grade| Assessment {
            topic: topic.clone(),
            decision: Decision::Aside(aside),
            reason,
            system: None,
            unit: None,
            assist: Vec::new(),
            place: place.clone(),
            grade,
            danger: false,
            certain: false,
            evidence: Evidence::default(),
            fingerprint: fingerprint.clone(),
        };
        let grounded = !subjects.grounds.is_empty() || !alarm.words.is_empty();
        let ground = subjects.grounds.first().map_or(0.0, |ground| ground.score);
        let look = voice.as_ref().filter(|_| !alarm.danger).and_then(opinion::look);
        let teller = Teller::new(&script);
        let look_words =
            |look: &Look| voice.as_ref().map(|voice| opinion::look_words(look, voice, &teller)).unwrap_or_default();
        if let Some(screened) = self.screen.read(&script, grounded, ground, look.as_ref(), look_words) {
            return aside(screened.aside, screened.reason, Grade::Ordinary);
        }
        let elsewhere = (post.scope == Scope::Region).then(|| self.elsewhere(&located, place.as_ref())).flatten();
        if let Some(name) = elsewhere.as_ref().filter(|_| !alarm.danger) {
            return aside(Aside::Elsewhere, format!("说的是{name}的事，不属本地管辖。"), alarm.grade);
        }
        let rest = recognised.filter(|_| !dark.is_empty());
        let rest = rest.map(|recognised| recognised.hear_without(&dark, |label| label == SYSTEM));
        let of_work = rest.as_ref().or(voice.as_ref());
        let of_work = of_work.and_then(|voice| Some((voice, voice.score(SYSTEM)?)));
        let blended = of_work.is_some();
        if let Some((voice, scored)) = of_work {
            let known = |system: &SystemCode| self.catalogue.system(system).is_some();
            blend(&mut subjects, voice, scored, &teller, CHANCE_MIN, known);
        }
        let demand = voice.as_ref().and_then(|voice| opinion::demand(voice, &teller));
        let (demand, demand_words) = demand.map_or((None, Vec::new()), |(demand, words)| (Some(demand), words));
        let setting = Setting { catalogue: &self.catalogue, place: located.place.as_ref(), on: post.on, blended };
        let leaning = voice.as_ref().and_then(opinion::accusing);
        let handling = self.handling.read(&self.catalogue, &script, located.place.as_ref(), post.on, leaning);
        let heard = self.clauses.hear(&script);
        let mut choices =
            choices(setting, subjects, &handling, |unit, system| self.clauses.bearing(setting, &heard, unit, system));
        let verdict = weigh(setting, &mut choices, duty(setting, &self.clauses, &heard));
        let leads = further::leads(&script, |part| self.ground_of(&script, part, recognised, &teller));
        let needs_unit = post.scope == Scope::Region;
        let mut decided = decide(setting, choices, &verdict, &handling, &located, &leads, needs_unit);
        let further = further::further(setting, leads, decided.system.as_ref());
        if let Some(name) = elsewhere {
            // A life may hang on a place misread: somebody looks at it.
            decided.decision = Decision::Abstain;
            decided.unit = None;
            decided.reason = format!("说的像是{name}的事，但涉及人身安全，请立即核实地点。");
        }
        Assessment {
            topic: topic.clone(),
            decision: decided.decision,
            reason: decided.reason,
            system: decided.system,
            unit: decided.unit,
            assist: decided.assist,
            place,
            grade: alarm.grade,
            danger: alarm.danger,
            certain: alarm.certain,
            evidence: Evidence {
                candidates: decided.candidates,
                danger_words: alarm.words,
                accused: handling.charge.is_some(),
                demand,
                demand_words,
                further,
            },
            fingerprint,
        }
    }

    /// What a part of a post is about by itself.
    fn ground_of(
        &self,
        script: &Script,
        part: Part,
        recognised: Option<&Recognised<'_>>,
        teller: &Teller<'_>,
    ) -> Option<Ground> {
        let mut subjects = self.subjects.weigh_part(script, part);
        let termed: Vec<SystemCode> =
            subjects.grounds.iter().filter(|one| one.score >= PART_SCORE_MIN).map(|one| one.system.clone()).collect();
        if let Some(voice) = recognised.map(|recognised| recognised.hear_part(part, |label| label == SYSTEM))
            && let Some(scored) = voice.score(SYSTEM)
        {
            let known = |system: &SystemCode| self.catalogue.system(system).is_some();
            blend(&mut subjects, &voice, scored, teller, PART_CHANCE_MIN, known);
        }
        let first = subjects.grounds.into_iter().next()?;
        (first.chance >= PART_CHANCE_MIN || termed.contains(&first.system)).then_some(first)
    }

    /// What it is about, when that is no place of the region.
    fn elsewhere(&self, located: &Located, place: Option<&PlaceRef>) -> Option<String> {
        let named = located.elsewhere.as_ref().map(|name| format!("外地（{name}）"));
        named.or_else(|| place.filter(|place| self.is_outside(place)).map(|outside| outside.name.clone()))
    }

    /// Neither in the region nor above it.
    fn is_outside(&self, place: &PlaceRef) -> bool {
        let region = &self.catalogue.region().code;
        !self.catalogue.contains(region, &place.code) && !self.catalogue.contains(&place.code, region)
    }
}

impl std::fmt::Debug for Assessor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assessor").field("catalogue", self.catalogue.version()).field("model", &self.version).finish()
    }
}
