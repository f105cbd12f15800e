//! Model files: a few numbers and strings, little endian, then a sum over everything.
//!
//! `HYML`, version, heads; each head: label, classes, biases, sharpness, scale, features as rising numbers, their
//! rarities, how many weights each has, class and step of every weight.

use super::head::{CLASSES_MAX, Head, HeadParts};
use super::vocabulary::Vocabulary;

const MAGIC: &[u8; 4] = b"HYML";
/// Changes whenever texts are read or weighed differently.
const FORMAT: u8 = 2;
/// Features of a head at most.
const FEATURES_MAX: usize = 1 << 22;

/// Why a model file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Not written by `huiyin train`.
    #[error("not a model file")]
    Foreign,
    /// Written by a version that reads texts differently.
    #[error("model format {0}, this program reads {FORMAT}: train again")]
    Format(u8),
    /// Cut short or changed.
    #[error("model file is damaged")]
    Damaged,
}

/// Names the content of a model.
pub(super) fn version(heads: &[Head]) -> String {
    let bytes = encode(heads);
    let sum = bytes.last_chunk::<8>().map_or(0, |sum| u64::from_le_bytes(*sum));
    format!("linear-{FORMAT}-{:08x}", sum as u32)
}

pub(super) fn encode(heads: &[Head]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(MAGIC);
    out.push(FORMAT);
    out.push(heads.len() as u8);
    for head in heads {
        string(&mut out, &head.label);
        out.push(head.classes.len() as u8);
        for (class, bias) in head.classes.iter().zip(&head.biases) {
            string(&mut out, class);
            out.extend_from_slice(&bias.to_le_bytes());
        }
        out.extend_from_slice(&head.sharpness.to_le_bytes());
        out.extend_from_slice(&head.scale.to_le_bytes());
        let keys = head.vocabulary.keys();
        out.extend_from_slice(&(keys.len() as u32).to_le_bytes());
        keys.iter().for_each(|key| out.extend_from_slice(&key.to_le_bytes()));
        out.extend_from_slice(&head.rarities);
        let mut start = 0;
        for end in &head.ends {
            out.push((end - start) as u8);
            start = *end;
        }
        out.extend(head.weights.iter().flat_map(|(class, step)| [*class, *step as u8]));
    }
    let sum = sum(&out);
    out.extend_from_slice(&sum.to_le_bytes());
    out
}

pub(super) fn decode(bytes: &[u8]) -> Result<Vec<Head>, ModelError> {
    let (head, _) = bytes.split_first_chunk::<5>().ok_or(ModelError::Foreign)?;
    if !head.starts_with(MAGIC) {
        return Err(ModelError::Foreign);
    }
    if head.last() != Some(&FORMAT) {
        return Err(ModelError::Format(head.last().copied().unwrap_or(0)));
    }
    let (content, stored) = bytes.split_last_chunk::<8>().ok_or(ModelError::Damaged)?;
    if sum(content) != u64::from_le_bytes(*stored) {
        return Err(ModelError::Damaged);
    }
    let mut input = Input(content.get(head.len()..).unwrap_or(&[]));
    let count = input.byte()?;
    let heads = (0..count).map(|_| decode_head(&mut input)).collect::<Result<Vec<Head>, ModelError>>()?;
    if input.0.is_empty() { Ok(heads) } else { Err(ModelError::Damaged) }
}

fn decode_head(input: &mut Input<'_>) -> Result<Head, ModelError> {
    let label = input.string()?;
    let classes_count = usize::from(input.byte()?).min(CLASSES_MAX);
    let (mut classes, mut biases) = (Vec::new(), Vec::new());
    for _ in 0..classes_count {
        classes.push(input.string()?);
        biases.push(f32::from_le_bytes(input.four()?));
    }
    let sharpness = f32::from_le_bytes(input.four()?);
    let scale = f32::from_le_bytes(input.four()?);
    let features = u32::from_le_bytes(input.four()?) as usize;
    if features > FEATURES_MAX {
        return Err(ModelError::Damaged);
    }
    let keys = input.take(features * 4)?.as_chunks::<4>().0.iter().map(|key| u32::from_le_bytes(*key)).collect();
    let rarities = input.take(features)?.to_vec();
    let mut end = 0;
    let ends: Vec<u32> = input
        .take(features)?
        .iter()
        .map(|count| {
            end += u32::from(*count);
            end
        })
        .collect();
    let pairs = input.take(end as usize * 2)?.as_chunks::<2>().0;
    let weights: Vec<(u8, i8)> = pairs.iter().map(|[class, step]| (*class, *step as i8)).collect();
    let vocabulary = Vocabulary::new(keys);
    if vocabulary.keys().len() != features || weights.iter().any(|(class, _)| usize::from(*class) >= classes.len()) {
        return Err(ModelError::Damaged);
    }
    let parts = HeadParts { label, classes, biases, sharpness, vocabulary, rarities, rows: Vec::new(), scale };
    Ok(Head::unfinished(parts, ends, weights))
}

struct Input<'b>(&'b [u8]);

impl<'b> Input<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], ModelError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ModelError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, ModelError> {
        self.take(1)?.first().copied().ok_or(ModelError::Damaged)
    }

    fn four(&mut self) -> Result<[u8; 4], ModelError> {
        self.take(4)?.try_into().map_err(|_| ModelError::Damaged)
    }

    fn string(&mut self) -> Result<String, ModelError> {
        let length = usize::from(self.byte()?);
        String::from_utf8(self.take(length)?.to_vec()).map_err(|_| ModelError::Damaged)
    }
}

/// Of at most 255 bytes; [`crate::train`] refuses longer labels.
fn string(out: &mut Vec<u8>, text: &str) {
    out.push(text.len().min(255) as u8);
    out.extend(text.bytes().take(255));
}

/// FNV-1a, 64 bits.
fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}
