//! One pass over posts in memory.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{COMPARED_MAX, KEY_POSTS_MAX, Sketch, Source, same_concern};
use crate::assessment::Assessment;

/// Groups a stream of posts into matters. Memory grows by about 5 kB a post.
#[derive(Debug, Default)]
pub struct Grouper {
    posts: Vec<(String, Sketch)>,
    /// For each post the post it was tied to; a post tied to itself stands for its matter, and is its first.
    tied_to: Vec<usize>,
    /// Posts by key, the newest last. Only looked up, never walked.
    by_key: HashMap<u64, Vec<usize>>,
}

impl Grouper {
    /// Without posts.
    pub fn new() -> Grouper {
        Grouper::default()
    }

    /// Adds a post and gives the number of its matter so far: that of the matter's first post, counted from 1. A later
    /// post may tie two matters together; the elder number stays. [`Grouper::finish`] gives the numbers in the end.
    pub fn push(
        &mut self,
        id: &str,
        title: &str,
        text: &str,
        published_at: Option<Timestamp>,
        assessment: &Assessment,
    ) -> usize {
        let sketch = Sketch::new(&Source {
            title,
            text,
            fingerprint: &assessment.fingerprint,
            place: assessment.place.as_ref().map(|place| &place.code),
            at: published_at,
        });
        let number = self.posts.len();
        self.tied_to.push(number);
        let mut compared = 0;
        for candidate in self.candidates(&sketch) {
            if compared == COMPARED_MAX {
                break;
            }
            if self.matter(candidate) == self.matter(number) {
                continue;
            }
            compared += 1;
            if self.posts.get(candidate).is_some_and(|(_, elder)| same_concern(elder, &sketch).is_some()) {
                self.tie(candidate, number);
            }
        }
        for key in sketch.keys() {
            self.by_key.entry(*key).or_default().push(number);
        }
        self.posts.push((id.to_owned(), sketch));
        self.matter(number) + 1
    }

    /// Every post with the number of its matter, in the order pushed.
    pub fn finish(&self) -> impl Iterator<Item = (&str, usize)> {
        (0..).zip(&self.posts).map(|(number, (id, _))| (id.as_str(), self.matter(number) + 1))
    }

    /// The newest posts of each key: those first that share most keys, of these the newest.
    fn candidates(&self, sketch: &Sketch) -> Vec<usize> {
        let newest = |posts: &'_ Vec<usize>| posts.iter().rev().take(KEY_POSTS_MAX).copied().collect::<Vec<_>>();
        let mut posts: Vec<usize> =
            sketch.keys().iter().filter_map(|key| self.by_key.get(key)).flat_map(newest).collect();
        posts.sort_unstable();
        let mut candidates: Vec<(usize, usize)> = posts
            .chunk_by(|one, other| one == other)
            .filter_map(|posts| Some((posts.len(), *posts.first()?)))
            .collect();
        candidates.sort_unstable_by(|one, other| other.cmp(one));
        candidates.into_iter().map(|(_, post)| post).collect()
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
