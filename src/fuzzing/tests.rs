use super::*;
use proptest::prelude::*;
use std::path::Path;

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..most)
}

/// Bytes that a configuration is made of.
fn nearly_zpl() -> impl Strategy<Value = Vec<u8>> {
    let token = proptest::sample::select(vec![
        "\n", "\n", "    ", "a", "b/c", "=", " = ", "\"", "'", "#", "\t", "server", "timeout", "7",
        "-1", "\0", "zgossip", "\r",
    ]);
    proptest::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat().into_bytes())
}

/// Each file is one input.
fn run_seeds(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus-seeds").join(target);
    // The seeds are not part of the published crate.
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        run(&std::fs::read(entry.expect("entry").path()).expect("seed"));
    }
}

#[test]
fn the_seeds_of_all_targets_hold() {
    run_seeds("wire_decode", wire_decode);
    run_seeds("zpl", zpl);
    run_seeds("settings", settings);
    run_seeds("node", node);
}

proptest! {
    #[test]
    fn any_frame_is_refused_or_says_the_same_once_written(mut frame in bytes(60), like: bool) {
        if like {
            frame.splice(..0, [0xAA, 0xA0, 2, 1]);
        }
        wire_decode(&frame);
    }

    #[test]
    fn any_extension_is_ignored_or_says_the_same_once_written(
        blocks in proptest::collection::vec((0u8..5, bytes(30)), 0..5),
    ) {
        let mut extension = vec![0x5A, 0x45, 1, 0, 0];
        for (kind, content) in blocks {
            extension.extend([kind, 0, content.len() as u8]);
            extension.extend(content);
        }
        let size = (extension.len() - 5) as u8;
        extension[4] = size;
        wire_decode(&extension);
        wire_decode(&[&[0xAA, 0xA0, 1, 1], &extension[..]].concat());
    }

    #[test]
    fn any_configuration_is_refused_or_reads_back_equal(text in nearly_zpl()) {
        zpl(&text);
    }

    #[test]
    fn any_settings_are_refused_or_read_back_equal(sets in bytes(80)) {
        settings(&sets);
    }
}

proptest! {
    // Each of these is some hundred events.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_node_survives_anything_and_loses_nothing(events in bytes(1500)) {
        node(&events);
    }
}
