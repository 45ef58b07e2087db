use super::change::{Accepted, Refusal};
use super::*;
use proptest::prelude::*;
use std::collections::HashMap;

/// Each offer is newer than all before it.
fn later(tuples: &TupleSet) -> Stamp {
    Stamp { clock: tuples.end() as u64 + 1, origin: 1 }
}

fn value<'a>(tuples: &'a TupleSet, key: &[u8]) -> Option<&'a [u8]> {
    tuples.get(key).map(|(value, _)| value)
}

fn accept(tuples: &mut TupleSet, key: &str, value: &str) -> bool {
    let stamp = later(tuples);
    let accepted = tuples.offer(key.as_bytes(), value.as_bytes(), stamp, 0);
    matches!(accepted, Ok(Accepted::New { changed: true, .. }))
}

fn listed(tuples: &TupleSet, mut from: usize) -> Vec<String> {
    let mut list = Vec::new();
    while let Some(Found { position, key, value, .. }) = tuples.next(from, Source::MAX, false) {
        list.push(format!("{}={}", String::from_utf8_lossy(key), String::from_utf8_lossy(value)));
        from = position + 1;
    }
    list
}

#[test]
fn a_tuple_is_new_when_its_key_or_its_value_is() {
    let mut tuples = TupleSet::new(1);
    assert!(accept(&mut tuples, "k", "1"));
    assert!(!accept(&mut tuples, "k", "1"));
    assert!(accept(&mut tuples, "k", "2"));
    assert!(accept(&mut tuples, "", ""));
    assert_eq!(tuples.len(), 2);
    assert_eq!(value(&tuples, b"k"), Some(&b"2"[..]));
    assert_eq!(value(&tuples, b""), Some(&b""[..]));
}

#[test]
fn the_larger_stamp_wins_in_any_order() {
    let offers = [("1", 5, 1), ("2", 5, 2), ("3", 4, 9), ("4", 6, 0)];
    for first in 0..offers.len() {
        let mut tuples = TupleSet::new(1);
        for step in 0..offers.len() {
            let (value, clock, origin) = offers[(first + step) % offers.len()];
            assert!(tuples.offer(b"k", value.as_bytes(), Stamp { clock, origin }, 0).is_ok());
        }
        assert_eq!(value(&tuples, b"k"), Some(&b"4"[..]));
    }
}

#[test]
fn of_two_values_with_one_stamp_the_larger_wins_in_any_order() {
    let stamp = Stamp { clock: 1, origin: 1 };
    for values in [[&b"a"[..], b"b"], [b"b", b"a"]] {
        let mut tuples = TupleSet::new(1);
        values.iter().for_each(|value| assert!(tuples.offer(b"k", value, stamp, 0).is_ok()));
        assert_eq!(value(&tuples, b"k"), Some(&b"b"[..]));
    }
}

#[test]
fn equal_sets_have_equal_summaries_whatever_their_history() {
    let mut one = TupleSet::new(1);
    let mut other = TupleSet::new(2);
    let stamp = |clock| Stamp { clock, origin: 1 };
    for (key, value, clock) in [("a", "0", 1), ("a", "1", 3), ("b", "1", 2), ("c", "1", 9)] {
        assert!(one.offer(key.as_bytes(), value.as_bytes(), stamp(clock), 0).is_ok());
    }
    assert_ne!(one.summary(), other.summary());
    for (key, value, clock) in [("c", "1", 9), ("b", "1", 2), ("a", "1", 3), ("x", "1", 4)] {
        assert!(other.offer(key.as_bytes(), value.as_bytes(), stamp(clock), 0).is_ok());
    }
    assert_ne!(one.summary(), other.summary(), "one has a tuple more");
    assert!(one.offer(b"x", b"1", stamp(4), 0).is_ok());
    assert_eq!(one.summary(), other.summary());
    assert!(other.hide(b"x"));
    assert_eq!(one.summary(), other.summary(), "what is gone for the owner is there for peers");
    assert!(other.offer(b"a", b"1", stamp(4), 0).is_ok());
    assert_ne!(one.summary(), other.summary(), "a stamp is part of the tuple");
}

#[test]
fn the_log_lists_each_key_once_in_the_order_of_the_last_change() {
    let mut tuples = TupleSet::new(1);
    for (key, value) in [("a", "1"), ("b", "1"), ("c", "1"), ("a", "2")] {
        accept(&mut tuples, key, value);
    }
    assert_eq!(listed(&tuples, 0), ["b=1", "c=1", "a=2"]);
    assert_eq!(listed(&tuples, 2), ["c=1", "a=2"]);
    assert!(listed(&tuples, tuples.end()).is_empty());
}

#[test]
fn what_came_from_a_source_is_not_listed_for_it() {
    let mut tuples = TupleSet::new(1);
    for (key, source) in [(b"a", 1), (b"b", 2), (b"c", 1), (b"d", 0)] {
        assert!(tuples.offer(key, b"v", Stamp::default(), source).is_ok());
    }
    let first = tuples.next(0, 1, false).map(|found| found.position);
    assert_eq!(first, Some(1));
    assert_eq!(tuples.next(2, 1, false).map(|found| found.position), Some(3));
    assert_eq!(tuples.next(0, 2, false).map(|found| found.position), Some(0));
}

#[test]
fn a_key_over_255_bytes_is_refused_before_anything_is_stored() {
    let mut tuples = TupleSet::new(1);
    assert_eq!(tuples.offer(&[b'k'; 256], b"v", Stamp::default(), 0), Err(Refusal::KeyTooLong));
    assert_eq!(tuples.len(), 0);
    assert!(tuples.offer(&[b'k'; 255], b"v", Stamp::default(), 0).is_ok());
}

#[test]
fn a_cursor_still_points_at_the_same_tuples_after_compaction() {
    let mut tuples = TupleSet::new(1);
    for number in 0..100 {
        accept(&mut tuples, &format!("k{number}"), "1");
    }
    let mut cursors = [0, 50, 99, tuples.end(), tuples.end()];
    for number in 0..90 {
        accept(&mut tuples, &format!("k{}", number % 60), &number.to_string());
    }
    let before: Vec<_> = cursors.iter().map(|&cursor| listed(&tuples, cursor)).collect();
    tuples.compact(cursors.iter_mut());
    let after: Vec<_> = cursors.iter().map(|&cursor| listed(&tuples, cursor)).collect();
    assert_eq!(before, after);
    assert_eq!(tuples.end(), tuples.len());
}

#[test]
fn keys_that_share_a_hash_neighbourhood_are_told_apart() {
    // 40,000 keys in a table of 2^16 slots collide by the thousand.
    let mut tuples = TupleSet::new(7);
    for number in 0..40_000 {
        assert!(accept(&mut tuples, &format!("key-{number}"), "v"));
    }
    for number in (0..40_000).step_by(3) {
        assert!(tuples.hide(format!("key-{number}").as_bytes()));
    }
    for number in 0..40_000 {
        let held = value(&tuples, format!("key-{number}").as_bytes()).is_some();
        assert_eq!(held, number % 3 != 0, "key-{number}");
    }
}

proptest! {
    /// Any sequence of changes, removals and compactions leaves what a map would hold.
    #[test]
    fn the_set_equals_a_map(steps in proptest::collection::vec((0..40u8, 0..4u8, 0..10u8), 0..400)) {
        let mut tuples = TupleSet::new(3);
        let mut model: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
        let mut time = 0;
        let mut clock = || {
            time += 1;
            time
        };
        for (key, value, action) in steps {
            let (key, value) = (vec![b'k', key + 1], vec![value + 1]);
            match action {
                0 => prop_assert_eq!(tuples.hide(&key), model.remove(&key).is_some()),
                1 => tuples.compact(std::iter::empty()),
                _ => {
                    let stamp = Stamp { clock: clock(), origin: 1 };
                    let new = matches!(
                        tuples.offer(&key, &value, stamp, 0),
                        Ok(Accepted::New { changed: true, .. })
                    );
                    prop_assert_eq!(new, model.insert(key, value.clone()) != Some(value));
                }
            }
            prop_assert_eq!(tuples.len(), model.len());
        }
        prop_assert_eq!(listed(&tuples, 0).len(), model.len());
        for (key, expected) in &model {
            prop_assert_eq!(value(&tuples, key), Some(expected.as_slice()));
        }
    }
}

#[test]
fn what_is_renewed_is_told_again_and_nothing_else_changes() {
    let mut tuples = TupleSet::new(1);
    for key in ["a", "b", "c", "d"] {
        accept(&mut tuples, key, "1");
    }
    let digest = |position: usize| tuples.at(position).expect("a tuple").digest();
    let (b, c) = (digest(1), digest(2));
    let (before, end) = (tuples.summary(), tuples.end());
    let mut digests = [7, b, c];
    digests.sort_unstable();
    assert_eq!(tuples.renew(&digests).0, [7], "nobody has this one");
    assert_eq!(listed(&tuples, end), ["b=1", "c=1"]);
    assert_eq!(listed(&tuples, 0), ["a=1", "d=1", "b=1", "c=1"]);
    assert_eq!((tuples.summary(), tuples.len()), (before, 4));
    assert!(accept(&mut tuples, "b", "2"));
    assert_eq!(value(&tuples, b"b"), Some(&b"2"[..]));
}
