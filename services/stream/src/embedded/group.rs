//! Which member of a consumer group reads which partition.

/// One group on one topic, in memory: members live as long as the process. Positions are stored.
#[derive(Debug)]
pub(super) struct Group {
    /// In order of joining.
    members: Vec<u64>,
    last_member: u64,
    owners: Vec<Owner>,
    /// The committed positions, as stored.
    committed: Vec<Option<i64>>,
}

/// Who reads a partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Owner {
    member: Option<u64>,
    /// Changes whenever the partition changes hands, so that a member that lost it and got it back starts again at
    /// the committed position.
    epoch: u64,
}

impl Group {
    /// A group without members; `committed` has one entry per partition.
    pub(super) fn new(committed: Vec<Option<i64>>) -> Group {
        Group { members: Vec::new(), last_member: 0, owners: vec![Owner::default(); committed.len()], committed }
    }

    /// A new member; partitions are shared out anew.
    pub(super) fn join(&mut self) -> u64 {
        self.last_member += 1;
        self.members.push(self.last_member);
        self.share_out();
        self.last_member
    }

    /// A member is gone; its partitions go to the others.
    pub(super) fn leave(&mut self, member: u64) {
        self.members.retain(|other| *other != member);
        self.share_out();
    }

    /// The partitions of `member`, each with its epoch.
    pub(super) fn owned(&self, member: u64) -> impl Iterator<Item = (i32, u64)> {
        (0..)
            .zip(&self.owners)
            .filter(move |(_, owner)| owner.member == Some(member))
            .map(|(p, owner)| (p, owner.epoch))
    }

    /// Whether `partition` is `member`'s.
    pub(super) fn owns(&self, member: u64, partition: i32) -> bool {
        let owner = usize::try_from(partition).ok().and_then(|at| self.owners.get(at));
        owner.is_some_and(|owner| owner.member == Some(member))
    }

    /// The committed position of `partition`.
    pub(super) fn committed(&self, partition: i32) -> Option<i64> {
        usize::try_from(partition).ok().and_then(|at| self.committed.get(at)).copied().flatten()
    }

    /// Note a position that has been stored.
    pub(super) fn set_committed(&mut self, partition: i32, next: i64) {
        if let Some(committed) = usize::try_from(partition).ok().and_then(|at| self.committed.get_mut(at)) {
            *committed = Some(next);
        }
    }

    /// Everyone gets an equal share, the longest-standing members one more if it does not divide; nobody loses a
    /// partition that is within its share.
    fn share_out(&mut self) {
        let share = |at: usize, members: usize, partitions: usize| {
            partitions / members + usize::from(at < partitions % members)
        };
        let mut room: Vec<(u64, usize)> = self.members.iter().copied().zip(0..).collect();
        for (at, entry) in room.iter_mut().enumerate() {
            entry.1 = share(at, self.members.len(), self.owners.len());
        }
        let mut next: Vec<Option<u64>> = self.owners.iter().map(|owner| owner.member).collect();
        for member in &mut next {
            let kept = room.iter_mut().find(|(other, left)| Some(*other) == *member && *left > 0);
            match kept {
                Some((_, left)) => *left -= 1,
                None => *member = None,
            }
        }
        for member in next.iter_mut().filter(|member| member.is_none()) {
            if let Some((free, left)) = room.iter_mut().find(|(_, left)| *left > 0) {
                *member = Some(*free);
                *left -= 1;
            }
        }
        for (owner, member) in self.owners.iter_mut().zip(next) {
            if owner.member != member {
                *owner = Owner { member, epoch: owner.epoch + 1 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(group: &Group) -> Vec<Vec<i32>> {
        group.members.iter().map(|member| group.owned(*member).map(|(partition, _)| partition).collect()).collect()
    }

    #[test]
    fn joining_and_leaving() {
        let mut group = Group::new(vec![None; 5]);
        assert!(shares(&group).is_empty());
        let first = group.join();
        assert_eq!(shares(&group), [vec![0, 1, 2, 3, 4]]);
        let second = group.join();
        assert_eq!(shares(&group), [vec![0, 1, 2], vec![3, 4]]);
        group.join();
        assert_eq!(shares(&group), [vec![0, 1], vec![3, 4], vec![2]]);
        group.leave(first);
        assert_eq!(shares(&group), [vec![0, 3, 4], vec![1, 2]]);
        group.leave(second);
        assert_eq!(shares(&group), [vec![0, 1, 2, 3, 4]]);
    }

    #[test]
    fn more_members_than_partitions() {
        let mut group = Group::new(vec![None]);
        let first = group.join();
        let second = group.join();
        assert!(group.owns(first, 0) && !group.owns(second, 0) && !group.owns(first, 1) && !group.owns(first, -1));
        group.leave(first);
        assert!(group.owns(second, 0));
    }

    #[test]
    fn an_epoch_per_change_of_hands() {
        let mut group = Group::new(vec![Some(7), None]);
        let first = group.join();
        let before: Vec<_> = group.owned(first).collect();
        let second = group.join();
        group.leave(second);
        let after: Vec<_> = group.owned(first).collect();
        assert_eq!(before[0], after[0], "kept throughout");
        assert!(after[1].1 > before[1].1, "lost and regained");
        assert_eq!(group.committed(0), Some(7));
        group.set_committed(1, 3);
        assert_eq!((group.committed(1), group.committed(2)), (Some(3), None));
    }
}
