//! CPU work over several threads, results in input order.

/// `work` of every item, in order, on up to `workers` threads. Blocks: call it off the async threads.
///
/// The outcome does not depend on `workers`. A panic in `work` is passed on.
pub fn map_in_order<T: Sync, R: Send>(items: &[T], workers: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    /// Below this a thread costs more than it saves.
    const ITEMS_PER_WORKER_MIN: usize = 16;
    let workers = workers.clamp(1, items.len().div_ceil(ITEMS_PER_WORKER_MIN).max(1));
    if workers == 1 {
        return items.iter().map(work).collect();
    }
    let work = &work;
    std::thread::scope(|scope| {
        let threads: Vec<_> = items
            .chunks(items.len().div_ceil(workers))
            .map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<R>>()))
            .collect();
        let mut results = Vec::with_capacity(items.len());
        for thread in threads {
            match thread.join() {
                Ok(part) => results.extend(part),
                // A defect in `work` is the caller's to see, exactly as on one thread.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept() {
        for items in [0, 1, 15, 16, 17, 100, 1_003] {
            let input: Vec<usize> = (0..items).collect();
            let expected: Vec<usize> = input.iter().map(|item| item * 3).collect();
            for workers in [0, 1, 2, 4, 7] {
                assert_eq!(
                    map_in_order(&input, workers, |item| item * 3),
                    expected,
                    "{items} items, {workers} workers"
                );
            }
        }
    }
}
