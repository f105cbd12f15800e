//! Limits failed logins by name and by address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// How long a failure counts.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Most names and addresses remembered; beyond that the oldest are forgotten.
const ENTRIES_MAX: usize = 20_000;

/// Failed logins of the last quarter of an hour. Kept in memory: a restart forgets them.
#[derive(Debug)]
pub(crate) struct Attempts {
    per_name_max: u32,
    per_address_max: u32,
    table: Mutex<HashMap<Key, Count>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Count {
    since: Timestamp,
    number: u32,
}

impl Attempts {
    pub(crate) fn new(per_name_max: u32, per_address_max: u32) -> Attempts {
        Attempts { per_name_max, per_address_max, table: Mutex::new(HashMap::new()) }
    }

    /// Counts an attempt before its password is looked at, so that many at once do not slip through.
    ///
    /// # Errors
    /// The seconds to wait when the name or the address had its failures.
    pub(crate) fn begin(&self, name: &str, address: Option<IpAddr>, now: Timestamp) -> Result<(), u32> {
        let mut table = self.table.lock().expect("no holder of this lock panics");
        let keys = keys(name, address);
        for (key, max) in keys.iter().zip([self.per_name_max, self.per_address_max]) {
            if let Some(count) = table.get(key).filter(|count| count.holds(now) && count.number >= max) {
                let left = WINDOW.as_secs() - now.duration_since(count.since).as_secs();
                return Err(u32::try_from(left).unwrap_or(0).max(1));
            }
        }
        for key in keys {
            let count = table.entry(key).or_insert(Count { since: now, number: 0 });
            if !count.holds(now) {
                *count = Count { since: now, number: 0 };
            }
            count.number += 1;
        }
        if table.len() > ENTRIES_MAX {
            forget(&mut table, now);
        }
        Ok(())
    }

    /// Takes back what [`Attempts::begin`] counted: the password was right.
    pub(crate) fn succeeded(&self, name: &str, address: Option<IpAddr>) {
        let mut table = self.table.lock().expect("no holder of this lock panics");
        for key in keys(name, address) {
            match key {
                Key::Name(_) => {
                    table.remove(&key);
                }
                Key::Address(_) => {
                    if let Some(count) = table.get_mut(&key) {
                        count.number = count.number.saturating_sub(1);
                    }
                }
            }
        }
    }
}

impl Count {
    fn holds(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) < WINDOW
    }
}

fn keys(name: &str, address: Option<IpAddr>) -> Vec<Key> {
    std::iter::once(Key::Name(name.to_owned())).chain(address.map(Key::Address)).collect()
}

fn forget(table: &mut HashMap<Key, Count>, now: Timestamp) {
    table.retain(|_, count| count.holds(now));
    if table.len() > ENTRIES_MAX {
        let mut starts: Vec<Timestamp> = table.values().map(|count| count.since).collect();
        starts.sort_unstable();
        let middle = starts.get(starts.len() / 2).copied().unwrap_or(now);
        table.retain(|_, count| count.since > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_have_their_own_count() {
        let attempts = Attempts::new(2, 3);
        let now: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
        let later = now + SignedDuration::from_mins(15);
        let one = Some(IpAddr::from([10, 0, 0, 1]));
        let two = Some(IpAddr::from([10, 0, 0, 2]));
        assert!(attempts.begin("张", one, now).is_ok());
        assert!(attempts.begin("张", one, now).is_ok());
        assert_eq!(attempts.begin("张", two, now), Err(900), "the name is used up from anywhere");
        assert!(attempts.begin("李", one, now).is_ok());
        assert_eq!(attempts.begin("王", one, now), Err(900), "the address is used up for anyone");
        assert!(attempts.begin("王", None, now).is_ok());
        assert!(attempts.begin("张", one, later).is_ok());
        attempts.succeeded("张", one);
        assert!(attempts.begin("张", one, later).is_ok());
        assert!(attempts.begin("张", one, later).is_ok(), "success clears the name");
    }

    #[test]
    fn the_table_is_bounded() {
        let attempts = Attempts::new(2, 3);
        let now: Timestamp = "2026-11-20T01:00:00Z".parse().unwrap();
        for number in 0..ENTRIES_MAX + 10 {
            attempts.begin(&number.to_string(), None, now).unwrap();
        }
        assert!(attempts.table.lock().unwrap().len() <= ENTRIES_MAX);
    }
}
