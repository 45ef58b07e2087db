use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn sketch_of(salt: u64, cells: usize, ids: impl IntoIterator<Item = u64>) -> Sketch {
    let mut sketch = Sketch::new(salt, cells);
    for id in ids {
        sketch.toggle(id);
    }
    sketch
}

/// Calculated from the description in docs/protocol.md by a program that shares nothing with this.
#[test]
fn the_bytes_are_those_of_the_description() {
    let expected = [
        "0123456789abcdef 0008",
        "0000000000000000 00000000",
        "fedcba9876543213 d3dcb118",
        "0000000000000001 85221f4b",
        "fedcba9876543212 56feae53",
        "fedcba9876543211 6ed90aaf",
        "0000000000000002 bd05bbb7",
        "0000000000000003 3827a4fc",
        "fedcba9876543210 ebfb15e4",
    ];
    let sketch = sketch_of(0x0123_4567_89ab_cdef, 8, [1, 2, 0xfedc_ba98_7654_3210]);
    let bytes = sketch.write();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, expected.concat().replace(' ', ""));
    assert_eq!(Sketch::read(&bytes), Some(sketch));
}

#[test]
fn a_sketch_that_cannot_be_is_none() {
    let bytes = |count: u16, cells: usize| {
        let mut bytes = vec![7; 8];
        bytes.extend_from_slice(&count.to_be_bytes());
        bytes.resize(10 + 12 * cells, 1);
        bytes
    };
    assert!(Sketch::read(&bytes(4, 4)).is_some());
    assert!(Sketch::read(&bytes(4, 5)).is_some(), "what is behind is for later versions");
    assert!(Sketch::read(&bytes(4096, 4096)).is_some());
    let bad = [bytes(0, 0), bytes(3, 3), bytes(4, 3), bytes(4100, 4100), vec![7; 9], Vec::new()];
    assert!(bad.iter().all(|bytes| Sketch::read(bytes).is_none()));
}

/// Of many random differences of each size, how many could not be read from sketches of the size that is said
/// to do.
#[test]
fn so_many_cells_do_for_so_many_differences() {
    let mut random = 0_u64;
    let mut next = || {
        random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(random)
    };
    for (differences, cells, runs, most_failures) in
        [(1, 4, 1000, 0), (20, 64, 1000, 12), (100, 192, 1000, 10), (3000, 4096, 20, 0)]
    {
        let mut failures = 0;
        for _ in 0..runs {
            let ids: BTreeSet<u64> = (0..differences).map(|_| next()).collect();
            let told = sketch_of(next(), cells, ids.iter().copied()).decode();
            failures += usize::from(told.is_err());
            assert!(told.is_err() || told == Ok(ids.into_iter().collect()));
        }
        assert!(failures <= most_failures, "{differences}: {failures} of {runs}");
    }
}

#[test]
fn too_many_differences_are_not_told_wrong() {
    for salt in 0..200 {
        let many = (0..500).map(|id| mix(id + 1000 * salt));
        assert!(sketch_of(salt, 64, many).decode().is_err());
    }
}

/// An id is in three of its four cells. Taken out of them it appears in the fourth, and so on.
#[test]
fn cells_that_no_set_can_have_come_to_an_end() {
    for salt in 0..100 {
        let mut sketch = sketch_of(salt, 16, [7]);
        let place = sketch.cells.iter().position(|cell| cell.ids == 7).expect("one of four");
        sketch.cells[place] = Cell::default();
        assert!(sketch.decode().is_err());
    }
}

proptest! {
    #[test]
    fn what_is_told_is_what_differs(
        common in proptest::collection::btree_set(any::<u64>(), 0..300),
        mine in proptest::collection::btree_set(any::<u64>(), 0..30),
        theirs in proptest::collection::btree_set(any::<u64>(), 0..30),
        salt: u64,
        quarter in 1..40_usize,
    ) {
        let of = |own: &BTreeSet<u64>| common.union(own).copied().collect::<BTreeSet<u64>>();
        let (mine, theirs) = (of(&mine), of(&theirs));
        let mut sketch = sketch_of(salt, 4 * quarter, theirs.iter().copied());
        for id in &mine {
            sketch.toggle(*id);
        }
        let differ: Vec<u64> = mine.symmetric_difference(&theirs).copied().collect();
        match sketch.decode() {
            Ok(told) => prop_assert_eq!(told, differ),
            Err(told) => prop_assert!(told <= 4 * quarter && !differ.is_empty()),
        }
    }
}
