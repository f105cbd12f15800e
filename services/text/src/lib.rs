//! Normalise, mask, fingerprint and segment Chinese posts. Pure and deterministic.
//!
//! The way of a text: [`normalise`] folds widths, scripts, markup and links; [`mask`] takes personal data out and
//! returns a [`Masked`], the only kind of text the rest of the program may store; [`Fingerprint`] finds near repeats;
//! [`Segmenter`] cuts words. Ids and links from outside go through [`identifier`] and [`link`].
//!
//! Invariants
//! - No function panics on any valid UTF-8, and none needs more than time linear in its input.
//! - `normalise` changes nothing the second time; neither does `mask`; a masked text is also a normalised one.
//! - A masked text holds no run of digits that a mobile number, a resident ID number or a bank card would match,
//!   whether written in ASCII, full-width or Chinese digits, with or without spaces and dashes; dates are kept, and so are
//!   numbers that a word before them or letters joined to them make a paper's or a thing's (工单号, XF3601…), unless the check
//!   digit of a resident ID says otherwise.
//! - The same input gives the same output on every machine: no clock, no randomness, no environment.
//!
//! It deliberately knows no place, unit or term of the catalogue: words to keep whole are given to the segmenter.

mod characters;
mod fingerprint;
mod identifier;
mod links;
pub mod lists;
mod markup;
mod mask;
mod normalise;
mod prose;
mod segment;
mod simplify;
pub mod trie;

pub use fingerprint::{BANDS, Fingerprint, ROWS_PER_BAND};
pub use identifier::{IDENTIFIER_BYTES_MAX, IdentifierFault, identifier};
pub use links::{LINK, LINK_BYTES_MAX, link};
#[doc(hidden)]
pub use mask::tagger;
pub use mask::{ACCOUNT, CARD, EMAIL, ID, Masked, NAME, PHONE, PLACEHOLDERS, PLATE, ROOM, mask, prepare};
pub use normalise::normalise;
pub use prose::{prepare_prose, readable};
pub use segment::{Segmenter, Token, is_apart, word_around};
