//! What stands around a place's name and says what the name is there for.

use std::sync::LazyLock;

use huiyin_text::lists::Lists;

use crate::script::Script;

/// The words; what each list is for stands in the file.
pub(super) static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read("place.txt", crate::rules::PLACE));

/// Characters in which a word of `scene_after` must begin.
const SCENE_CHARS: usize = 9;
/// Characters looked at before a name.
const BEFORE_CHARS: usize = 6;
/// Characters between the two names of a journey at most.
const JOURNEY_CHARS_MAX: usize = 12;

/// What a name is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The matter plays there.
    Scene,
    /// Nothing says.
    Plain,
    /// Somebody works, learns or travels there.
    Away,
    /// Somebody lives there or came to.
    Lives,
    /// Where a journey ends.
    Arrived,
    /// Somebody comes from there or is registered there.
    Home,
    /// Named in passing.
    Passing,
}

/// The role of the place named from `start` to `end`. One elsewhere is sooner taken to be named in passing: our posts name
/// many.
pub(super) fn role(script: &Script, start: usize, end: usize, ours: bool) -> Role {
    let before = script.clause_before(start, BEFORE_CHARS);
    let after = script.clause_after(end, SCENE_CHARS + 4);
    let of = after.strip_prefix('的').unwrap_or(after);
    if is_away(before, after) {
        return Role::Away;
    }
    let follows = |list: &str| LISTS.begins(list, after) || LISTS.begins(list, of);
    let people = LISTS.begins("home_after", of) && !(ours && LISTS.begins("not_people", of));
    if LISTS.ends("home_before", before) || people {
        let concerned = of.strip_prefix('人').unwrap_or(of);
        return if LISTS.begins("resident_after", concerned) { Role::Scene } else { Role::Home };
    }
    if LISTS.ends("lives_before", before) {
        return Role::Lives;
    }
    if LISTS.ends("scene_before", before) && !after.starts_with("来的") && !of.starts_with("游客") {
        return Role::Scene;
    }
    if LISTS.ends("passing_before", before) || follows("passing_after") && !(ours && follows("not_passing_after")) {
        return Role::Passing;
    }
    let near: String = after.chars().take(SCENE_CHARS).collect();
    if LISTS.holds("scene_after", &near) { Role::Scene } else { Role::Plain }
}

/// Whether somebody gets from one place to the next one named, and the way itself is not what is meant.
pub(super) fn is_journey(script: &Script, first: (usize, usize), second: (usize, usize)) -> bool {
    let between = script.whole().get(first.1..second.0).unwrap_or("");
    let after = script.clause_after(second.1, 4);
    LISTS.ends("origin", script.clause_before(first.0, 2))
        && between.chars().count() <= JOURNEY_CHARS_MAX
        && LISTS.ends("arrival", between)
        && !LISTS.begins("route_after", after.strip_prefix('的').unwrap_or(after))
}

/// Whether names stand side by side, by what is between them.
pub(super) fn is_joint(between: &str) -> bool {
    LISTS.get("joints").iter().any(|joint| joint == between)
}

/// Whether what goes wrong is of the kind that happens where one works.
pub(super) fn is_about_work(script: &Script) -> bool {
    LISTS.holds("work_matters", script.whole())
}

/// Bytes of what makes a short name part of another name: 路 in 信丰路.
pub(super) fn namesake(script: &Script, name: &str, end: usize) -> Option<usize> {
    let after = script.after(end);
    if name.ends_with(['东', '西', '南', '北']) && LISTS.begins("sides", after) {
        return Some(0);
    }
    if !LISTS.begins("namesakes", after) {
        return None;
    }
    let word = LISTS.get("namesakes").iter().filter(|word| after.starts_with(word.as_str())).map(String::len).max();
    word.filter(|_| !LISTS.begins("not_namesakes", after))
}

/// Whether a short name may be part of the name of a school, a hotel or the like, which need not lie in the place.
pub(super) fn is_weak(script: &Script, end: usize) -> bool {
    let after = script.after(end);
    LISTS.begins("weak_namesakes", after) && !LISTS.begins("not_namesakes", after)
}

/// Whether a short name is no name there: words on both sides take it apart, or a longer word has it inside.
pub(super) fn is_apart(script: &Script, name: &str, start: usize, end: usize) -> bool {
    let crossing = LISTS.get("crossing").iter().any(|word| word == name);
    let verb = LISTS.get("verbs").iter().any(|verb| verb == name);
    // 从上高城区: what only a county has says more than 高城, which stands there by chance.
    let county = !verb && LISTS.begins("bodies_after", script.after(end));
    let before = script.clause_before(start, 2);
    let ground = crossing && LISTS.ends("ground", before) && !before.ends_with("一下");
    ground || !county && huiyin_text::is_apart(script.whole(), start, end, crossing)
}

/// Whether the name may be a person's.
pub(super) fn is_personal(script: &Script, start: usize) -> bool {
    LISTS.ends("surnames", script.clause_before(start, 1))
}

/// Whether what stands around a county's short name says that the county is meant; `alone`: it can be no other place.
pub(super) fn is_worded(script: &Script, start: usize, end: usize, alone: bool) -> bool {
    let before = script.clause_before(start, 2);
    let placed = alone && (before.is_empty() || LISTS.ends("placing_before", before));
    placed || LISTS.begins("county_words", script.after(end))
}

/// The same for a name that is an ordinary word as well.
pub(super) fn is_certain(script: &Script, name: &str, start: usize, end: usize) -> bool {
    let before = script.clause_before(start, BEFORE_CHARS);
    let after = script.clause_after(end, SCENE_CHARS);
    let verb = LISTS.get("verbs").iter().any(|verb| verb == name);
    let placed = !verb && LISTS.ends("placed_before", before) && !LISTS.begins("things_after", after);
    let whole_clause = before.is_empty() && after.is_empty();
    let people = after.starts_with('人') && !LISTS.begins("not_people", after) && before.ends_with('是');
    whole_clause
        || people
        || placed
        || LISTS.ends("certain_before", before)
        || (!verb && LISTS.begins("certain_after", after))
}

/// Bytes of what makes a word the name of a road or an estate: 小区 in 电力小区.
pub(super) fn named_after(script: &Script, start: usize, end: usize) -> Option<usize> {
    let after = script.after(end);
    let kind = LISTS.beginning("named_kinds", after)?;
    let word = script.whole().get(start..end)?;
    let named = LISTS.get("naming_words").iter().any(|naming| naming == word);
    (named && !LISTS.begins("not_named", after)).then_some(kind.len())
}

/// Whether the abbreviation of our province stands for it here.
pub(super) fn is_abbreviation(script: &Script, start: usize, end: usize) -> bool {
    LISTS.ends("abbreviation_before", script.before(start)) && !script.after(end).starts_with('江')
        || LISTS.begins("abbreviation_after", script.after(end))
}

/// The character that stands for a province, by the region's code.
pub(super) fn abbreviation(code: &str) -> Option<&'static str> {
    let province = code.get(..2)?;
    LISTS.get("abbreviations").iter().find_map(|pair| pair.strip_prefix(province))
}

/// Somebody works, learns or travels there: 在南昌打工, 现在南昌上班. Who is back again does not.
fn is_away(before: &str, after: &str) -> bool {
    let doing = |list: &str| after.strip_prefix(LISTS.beginning(list, after)?);
    let away = if LISTS.ends("away_before", before) { doing("away_after") } else { None };
    let back = |rest: &str| LISTS.begins("returned", rest);
    away.or_else(|| doing("works_after")).is_some_and(|rest| !back(rest))
}
