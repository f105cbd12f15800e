//! One pass over posts in memory.

use std::collections::HashMap;

use huiyin_domain::PlaceCode;
use huiyin_text::Fingerprint;

use super::{Known, PlaceWords, place_words, same_concern};
use crate::assessment::Assessment;

/// Groups a stream of posts into matters. Memory grows by about 1 kB a post.
#[derive(Debug, Default)]
pub struct Grouper {
    posts: Vec<Post>,
    /// For each post the post it was tied to; a post tied to itself stands for its matter, and is its first.
    tied_to: Vec<usize>,
    /// Posts by band of their fingerprint. Only looked up, never walked.
    bands: HashMap<u64, Vec<usize>>,
}

#[derive(Debug)]
struct Post {
    id: String,
    fingerprint: Fingerprint,
    place: Option<PlaceCode>,
    place_words: PlaceWords,
}

impl Grouper {
    /// Without posts.
    pub fn new() -> Grouper {
        Grouper::default()
    }

    /// Adds a post and gives the number of its matter so far: that of the matter's first post, counted from 1. A later
    /// post may tie two matters together; the elder number stays. [`Grouper::finish`] gives the numbers in the end.
    pub fn push(&mut self, id: &str, title: &str, text: &str, assessment: &Assessment) -> usize {
        let number = self.posts.len();
        let post = Post {
            id: id.to_owned(),
            fingerprint: assessment.fingerprint.clone(),
            place: assessment.place.as_ref().map(|place| place.code.clone()),
            place_words: place_words(title, text),
        };
        self.tied_to.push(number);
        self.posts.push(post);
        let Some(post) = self.posts.last() else { return number };
        if post.fingerprint.is_empty() {
            return number + 1;
        }
        let bands = post.fingerprint.bands();
        let mut candidates: Vec<usize> =
            bands.iter().filter_map(|band| self.bands.get(band)).flatten().copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        for candidate in candidates {
            if self.matter(candidate) == self.matter(number) {
                continue;
            }
            let linked = match (self.posts.get(candidate), self.posts.get(number)) {
                (Some(elder), Some(post)) => same_concern(&elder.known(), &post.known()).is_some(),
                _ => false,
            };
            if linked {
                self.tie(candidate, number);
            }
        }
        for band in bands {
            self.bands.entry(band).or_default().push(number);
        }
        self.matter(number) + 1
    }

    /// Every post with the number of its matter, in the order pushed.
    pub fn finish(&self) -> impl Iterator<Item = (&str, usize)> {
        (0..).zip(&self.posts).map(|(number, post)| (post.id.as_str(), self.matter(number) + 1))
    }

    fn matter(&self, number: usize) -> usize {
        let mut number = number;
        // Ties only lead to elder posts, so this ends.
        while let Some(elder) = self.tied_to.get(number).filter(|elder| **elder != number) {
            number = *elder;
        }
        number
    }

    fn tie(&mut self, one: usize, other: usize) {
        let (one, other) = (self.matter(one), self.matter(other));
        let (elder, younger) = (one.min(other), one.max(other));
        if let Some(tied) = self.tied_to.get_mut(younger) {
            *tied = elder;
        }
    }
}

impl Post {
    fn known(&self) -> Known<'_> {
        Known { fingerprint: &self.fingerprint, place: self.place.as_ref(), place_words: &self.place_words }
    }
}
