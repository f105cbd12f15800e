//! Folds for cross-validation. Near repeats stay on one side: a copy of a post in both would measure memory.

use std::collections::HashMap;

use huiyin_text::Fingerprint;

/// Similarity from which posts count as repeats of each other.
const REPEAT_MIN: f32 = 0.7;

/// The fold of each post, 0 to `count` − 1. Posts that repeat each other, even through third ones, share a fold; folds
/// are filled evenly. Another `seed` gives other folds.
pub fn folds(fingerprints: &[Fingerprint], count: usize, seed: u64) -> Vec<usize> {
    let groups = repeats(fingerprints);
    let mut members: HashMap<usize, usize> = HashMap::new();
    for group in &groups {
        *members.entry(*group).or_default() += 1;
    }
    let mut order: Vec<(usize, u64, usize)> =
        members.into_iter().map(|(group, size)| (size, mix(seed ^ mix(group as u64 + 1)), group)).collect();
    // Large groups first, the others in an order that only the seed decides.
    order.sort_unstable_by_key(|(size, random, group)| (std::cmp::Reverse(*size), *random, *group));
    let mut filled = vec![0_usize; count.max(1)];
    let mut fold_of: HashMap<usize, usize> = HashMap::new();
    for (size, _, group) in order {
        let least = filled.iter().enumerate().min_by_key(|(_, size)| **size).map_or(0, |(fold, _)| fold);
        if let Some(fold) = filled.get_mut(least) {
            *fold += size;
        }
        fold_of.insert(group, least);
    }
    groups.iter().map(|group| fold_of.get(group).copied().unwrap_or(0)).collect()
}

/// For each post the first one it is connected with.
fn repeats(fingerprints: &[Fingerprint]) -> Vec<usize> {
    let mut first: Vec<usize> = (0..fingerprints.len()).collect();
    let mut by_band: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, fingerprint) in fingerprints.iter().enumerate().filter(|(_, fingerprint)| !fingerprint.is_empty()) {
        for band in fingerprint.bands() {
            let alike = by_band.entry(band).or_default();
            for other in alike.iter() {
                let known = fingerprints.get(*other).is_some_and(|known| known.similarity(fingerprint) >= REPEAT_MIN);
                if known {
                    let (one, two) = (root(&mut first, at), root(&mut first, *other));
                    if let Some(later) = first.get_mut(one.max(two)) {
                        *later = one.min(two);
                    }
                }
            }
            alike.push(at);
        }
    }
    (0..fingerprints.len()).map(|at| root(&mut first, at)).collect()
}

fn root(first: &mut [usize], at: usize) -> usize {
    let mut at = at;
    while let Some(next) = first.get(at).copied().filter(|next| *next != at) {
        at = next;
    }
    at
}

/// The finaliser of SplitMix64.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_share_a_fold_and_folds_are_even() {
        let texts: Vec<String> = (0..40_u32)
            .map(|at| {
                (0..60).filter_map(|c| char::from_u32(0x4E00 + mix(u64::from(at / 2) << 9 | c) as u32 % 900)).collect()
            })
            .collect();
        let fingerprints: Vec<Fingerprint> = texts.iter().map(|text| Fingerprint::of(text)).collect();
        for seed in 0..3 {
            let folds = folds(&fingerprints, 5, seed);
            assert!(folds.chunks(2).all(|pair| pair.first() == pair.last()));
            for fold in 0..5 {
                assert_eq!(folds.iter().filter(|of| **of == fold).count(), 8);
            }
        }
        assert_ne!(folds(&fingerprints, 5, 0), folds(&fingerprints, 5, 1));
        assert!(folds(&[], 5, 0).is_empty());
    }
}
