//! Takes personal data out of a text: numbers that lead to a person, rooms, accounts and names of private persons.
//!
//! A number is known by its form, its check digit and the words before it; a name by what it is made of and what stands around
//! it, which a small linear tagger weighs. Names of officials in office, of units, firms and places stay: they say what the
//! concern is about. `tests/masking.rs` measures both sides.

use std::fmt;
use std::ops::Deref;

use letters::{Letters, Signs};

use crate::normalise::normalise;

mod digits;
mod edits;
mod features;
mod labelled;
mod letters;
mod mail;
mod names;
mod near;
pub(crate) mod numbers;
mod plates;
mod rooms;
mod run;
mod spelled;
mod surnames;
pub mod tagger;

/// Stands for a mobile or landline number.
pub const PHONE: &str = "〔电话〕";
/// Stands for a resident ID, passport or permit number.
pub const ID: &str = "〔证件〕";
/// Stands for a licence plate.
pub const PLATE: &str = "〔车牌〕";
/// Stands for a bank card or another number of 13 digits or more.
pub const CARD: &str = "〔卡号〕";
/// Stands for unit and room; the building before it is kept, it says where.
pub const ROOM: &str = "〔房号〕";
/// Stands for a name.
pub const NAME: &str = "〔姓名〕";
/// Stands for a mail address.
pub const EMAIL: &str = "〔邮箱〕";
/// Stands for an account of a chat or payment service, or a customer number.
pub const ACCOUNT: &str = "〔账号〕";

/// Every token that this crate puts into texts; [`Segmenter`](crate::Segmenter) keeps each whole.
pub const PLACEHOLDERS: [&str; 9] = [PHONE, ID, PLATE, CARD, ROOM, NAME, EMAIL, ACCOUNT, crate::links::LINK];

/// Replacing one thing can uncover another (a name beside a number): passes until nothing changes, at most these.
const PASSES_MAX: usize = 8;

/// Text that went through [`mask`]: the only kind that may be stored, logged, indexed or sent.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Masked(String);

impl Masked {
    /// Text read back from a log or database, which was masked before it was written there.
    pub fn from_stored(text: String) -> Masked {
        Masked(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for Masked {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Masked {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// [`mask`] of [`normalise`]: what happens to every text that comes in.
pub fn prepare(raw: &str) -> Masked {
    if raw.is_empty() {
        return Masked::default(); // most posts have no title or no place
    }
    mask(&normalise(raw))
}

/// Replaces personal data in a normalised text by the tokens of [`PLACEHOLDERS`]. Idempotent; the result is normalised.
/// A text that was not normalised first is masked as far as its spelling lets numbers be seen.
pub fn mask(normalised: &str) -> Masked {
    let mut text = None;
    for _ in 0..PASSES_MAX {
        match pass(text.as_deref().unwrap_or(normalised)) {
            Some(masked) => text = Some(normalise(&masked)),
            None => break,
        }
    }
    Masked(text.unwrap_or_else(|| normalised.to_owned()))
}

/// Numbers first, names lean on their tokens.
fn pass(text: &str) -> Option<String> {
    let letters = Letters::of(text);
    match numbers_masked(text, &letters) {
        None => names::mask_names(text, &letters),
        Some(masked) => names::mask_names(&masked, &Letters::of(&masked)).or(Some(masked)),
    }
}

/// A rule for numbers: whether the signs say that it may find one, and what it makes of a text.
type Rule = (fn(&Letters, &Signs) -> bool, fn(&str) -> Option<String>);

/// Mail before digits (a number may be its name), digits before accounts and rooms, which lean on the tokens.
const RULES: [Rule; 6] = [
    (mail::may_hold, mail::mask_mail),
    (spelled::may_hold, spelled::mask_spelled),
    (digits::may_hold, digits::mask_digits),
    (labelled::may_hold, labelled::mask_labelled),
    (plates::may_hold, plates::mask_plates),
    (rooms::may_hold, rooms::mask_rooms),
];

fn numbers_masked(text: &str, letters: &Letters) -> Option<String> {
    let mut signs = Signs::of(letters);
    let mut changed: Option<(String, Letters)> = None;
    for (may_hold, mask) in RULES {
        let (text, letters) = changed.as_ref().map_or((text, letters), |(text, letters)| (text.as_str(), letters));
        if may_hold(letters, &signs)
            && let Some(masked) = mask(text)
        {
            let letters = Letters::of(&masked);
            signs = Signs::of(&letters);
            changed = Some((masked, letters));
        }
    }
    changed.map(|(text, _)| text)
}

#[cfg(test)]
mod tests;
