//! The same posts give the same matters, whatever order they arrive in.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use huiyin_domain::matter::Command;
use huiyin_ledger::MergeRequest;
use huiyin_proto::v1::Assessed;
use huiyin_store::PostFilter;

use crate::world::{LAMP, RUBBISH, World, assign, officer, post};

/// Chains of texts of which neighbours are near repeats and the ends are not, beside posts of their own.
fn posts() -> Vec<Assessed> {
    let mut posts = Vec::new();
    for (name, text) in [("lamp", LAMP), ("rubbish", RUBBISH)] {
        let mut text: Vec<char> = text.chars().collect();
        for step in 0..8_usize {
            let changed: String = text.iter().collect();
            let mut one = post(&format!("{name}-{step}"), &changed);
            // With a title they are letters, which near repeats tie together; short posts go by what they tell.
            if let Some(post) = &mut one.post {
                post.title = "情况反映".into();
            }
            posts.push(one);
            // Four characters more differ with each step.
            for at in 0..4 {
                if let Some(one) = text.get_mut(3 + step * 5 + at) {
                    *one = char::from_u32(0x4e00 + u32::try_from(step * 7 + at).unwrap_or(0)).unwrap_or('一');
                }
            }
        }
    }
    posts
}

/// Sets of posts that share a matter.
async fn groups(world: &World) -> Result<BTreeSet<Vec<String>>> {
    let page = world.store().posts(&PostFilter { limit: 200, ..PostFilter::default() }).await?;
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in page.posts {
        let matter = row.matter.map_or_else(String::new, |no| no.to_string());
        groups.entry(matter).or_default().push(row.post.id);
    }
    Ok(groups
        .into_values()
        .map(|mut ids| {
            ids.sort();
            ids
        })
        .collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn matters_do_not_depend_on_the_order_of_arrival() -> Result<()> {
    let posts = posts();
    let mut expected = None;
    for seed in 0..6_usize {
        let world = World::new().await?;
        let mut shuffled = posts.clone();
        // A permutation of each seed's own: multiplication by a number without common factors, then rotation.
        let count = shuffled.len();
        let factor = [1, 3, 5, 7, 11, 13].get(seed).copied().unwrap_or(1);
        shuffled = (0..count).filter_map(|at| posts.get((at * factor + seed) % count).cloned()).collect();
        // In batches of other sizes, so that posts meet in memory and through SQL.
        for batch in shuffled.chunks(seed + 1) {
            world.take_in(batch).await?;
        }
        let groups = groups(&world).await?;
        assert!(groups.iter().any(|ids| ids.len() > 2), "seed {seed}: nothing was grouped: {groups:?}");
        let expected = expected.get_or_insert_with(|| groups.clone());
        assert_eq!(&groups, expected, "seed {seed}");
        let report = huiyin_ledger::rebuild(world.store(), |_| {}).await?;
        assert!(report.identical, "seed {seed}: {report:?}");
    }
    Ok(())
}

/// Posts that all name one estate, each with a concern of its own, and at both ends two about the same.
fn estate() -> Vec<Assessed> {
    let complaint = |at: u32| {
        let word = |step: u32| char::from_u32(0x5000 + (at * 37 + step * 101) % 8_000).unwrap_or('一');
        format!("砚汀鹭苑{}", (0..40).map(word).collect::<String>())
    };
    let between = (0..150).map(|at| post(&format!("other-{at}"), &complaint(at)));
    let mut posts = vec![post(
        "mixer-first",
        "砚汀鹭苑旁边建搅拌站扰民。我们小区旁边新建了一座混凝土搅拌站，粉尘很大，夜里噪音不断，老人孩子睡不好",
    )];
    posts.extend(between);
    // The same in other words: only the name leads from one to the other.
    posts.push(post("mixer-last", "砚汀鹭苑附近搅拌站粉尘污染。搅拌站离居民楼不到一百米，噪音扰民，希望尽快搬走"));
    posts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_in_very_many_posts_hides_none_of_them() -> Result<()> {
    let mut posts = estate();
    for batch in [posts.len(), 50] {
        let world = World::new().await?;
        for batch in posts.chunks(batch) {
            world.take_in(batch).await?;
        }
        assert_eq!(world.matter_of("mixer-first").await?.no, world.matter_of("mixer-last").await?.no);
        assert!(world.counts().await?.entries > 150, "the others are matters of their own");
        posts.reverse();
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revision_ties_matters_together_as_its_text_would_have() -> Result<()> {
    let revised = post("1", LAMP);
    for order in [["first", "revised", "other"], ["first", "other", "revised"]] {
        let world = World::new().await?;
        for step in order {
            let one = match step {
                "first" => post("1", RUBBISH),
                "revised" => revised.clone(),
                _ => post("2", LAMP),
            };
            world.take_in(&[one]).await?;
        }
        assert_eq!(world.matter_of("1").await?.no, world.matter_of("2").await?.no, "{order:?}");
        assert!(huiyin_ledger::rebuild(world.store(), |_| {}).await?.identical);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_near_to_both_ties_what_was_split_no_more() -> Result<()> {
    // Neighbours are near repeats, the ends are not.
    let mut between: Vec<Assessed> = posts().into_iter().take(8).collect();
    let (last, first) = (between.remove(7), between.remove(0));
    let id = |one: &Assessed| one.post.as_ref().map(|post| post.id.clone()).unwrap_or_default();
    let (first_id, last_id) = (id(&first), id(&last));
    for split in [false, true] {
        let world = World::new().await?;
        world.take_in(&[first.clone(), last.clone()]).await?;
        let (one, two) = (world.matter_of(&first_id).await?.no, world.matter_of(&last_id).await?.no);
        assert_ne!(one, two, "the ends are too far apart");
        if split {
            let request =
                MergeRequest { survivor: one.clone(), other: two, actor: officer(), if_match: None, idempotency: None };
            world.ledger.merge(request.clone()).await?;
            world.ledger.split(request).await?;
        }
        world.take_in(&between).await?;
        let tied = world.matter_of(&first_id).await?.no == world.matter_of(&last_id).await?.no;
        assert_eq!(tied, !split);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_split_or_work_on_the_machine_does_not_merge() -> Result<()> {
    let world = World::new().await?;
    let far =
        "青杨路的另一头有人占道摆摊卖水果，堵得车子开不过去，城管早上来了一趟，中午又回来摆了，能不能派人长期值守。";
    world.take_in(&[post("1", LAMP), post("2", far)]).await?;
    let (one, two) = (world.matter_of("1").await?.no, world.matter_of("2").await?.no);
    let request =
        MergeRequest { survivor: one.clone(), other: two.clone(), actor: officer(), if_match: None, idempotency: None };
    world.ledger.merge(request.clone()).await?;
    assert_eq!(world.matter_of("2").await?.no, one);
    world.ledger.split(request).await?;
    assert_eq!(world.matter_of("2").await?.no, two, "its post went back with it");
    // Now both are worked on: a post that links them joins one and merges nothing.
    world.act(&one, assign("a")).await?;
    world.act(&two, assign("b")).await?;
    world.take_in(&[post("3", LAMP), post("4", far)]).await?;
    assert_eq!((world.matter_of("3").await?.no, world.matter_of("4").await?.no), (one.clone(), two));
    let closed = world.act(&one, Command::Close { text: None }).await;
    assert!(closed.is_err(), "nothing was answered yet");
    assert!(huiyin_ledger::rebuild(world.store(), |_| {}).await?.identical);
    Ok(())
}
