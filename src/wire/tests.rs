use super::*;
use proptest::prelude::*;

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

fn published(key: &[u8], value: &[u8], ttl: u32) -> Vec<u8> {
    let mut frame = Vec::new();
    assert!(encode_publish(&mut frame, key, value, ttl));
    frame
}

/// Frames that the stock actor was observed to send.
#[test]
fn frames_equal_those_of_a_czmq_node() {
    assert_eq!(encode_signal(MessageType::Hello).to_vec(), unhex("aaa00101"));
    assert_eq!(encode_signal(MessageType::Ping).to_vec(), unhex("aaa00301"));
    assert_eq!(encode_signal(MessageType::Pong).to_vec(), unhex("aaa00401"));
    assert_eq!(encode_signal(MessageType::Invalid).to_vec(), unhex("aaa00501"));
    assert_eq!(published(b"k", b"v", 0), unhex("aaa00201 01 6b 00000001 76 00000000"));
    assert_eq!(
        published(b"key", b"value", 0),
        unhex("aaa00201 03 6b6579 00000005 76616c7565 00000000")
    );
    assert_eq!(published(b"own", b"val", 0), unhex("aaa00201036f776e0000000376616c00000000"));
    assert_eq!(published(b"", b"v", 0), unhex("aaa00201 00 00000001 76 00000000"));
    assert_eq!(published(b"k", b"", 0), unhex("aaa00201 01 6b 00000000 00000000"));
    assert_eq!(published(b"k", b"v", 0x01020304), unhex("aaa00201016b000000017601020304"));
}

#[test]
fn a_publish_is_read_back_field_by_field() {
    assert_eq!(
        decode(&unhex("aaa00201016b000000017601020304")),
        Ok(Message::Publish { key: b"k", value: b"v", ttl: 0x01020304 })
    );
}

#[test]
fn bytes_after_the_last_field_are_ignored() {
    assert_eq!(decode(&unhex("aaa00101 ffff")), Ok(Message::Hello));
    assert_eq!(
        decode(&unhex("aaa00201 01 6b 00000001 76 00000000 5a45")),
        Ok(Message::Publish { key: b"k", value: b"v", ttl: 0 })
    );
}

#[test]
fn a_nul_ends_a_key_and_a_value() {
    assert_eq!(
        decode(&unhex("aaa00201 03 6b0079 00000003 760077 00000000")),
        Ok(Message::Publish { key: b"k", value: b"v", ttl: 0 })
    );
}

#[test]
fn each_malformed_frame_names_its_fault() {
    let cases: [(&str, Malformed); 12] = [
        ("", Malformed::Truncated("signature")),
        ("aa", Malformed::Truncated("signature")),
        ("bba00101", Malformed::Signature),
        ("aaa0", Malformed::Truncated("message ID")),
        ("aaa00001", Malformed::Type(0)),
        ("aaa04d01", Malformed::Type(77)),
        ("aaa001", Malformed::Truncated("version")),
        ("aaa00102", Malformed::Version(2)),
        ("aaa00201", Malformed::Truncated("key")),
        ("aaa00201 05 6b", Malformed::Truncated("key")),
        ("aaa00201 01 6b ffffffff 76 00000000", Malformed::Truncated("value")),
        ("aaa00201 01 6b 00000001 76 0000", Malformed::Truncated("ttl")),
    ];
    for (frame, fault) in cases {
        assert_eq!(decode(&unhex(frame)), Err(fault), "frame {frame}");
    }
}

#[test]
fn a_key_that_no_frame_can_carry_is_refused() {
    let mut out = vec![1];
    assert!(!encode_publish(&mut out, &[b'k'; 256], b"v", 0));
    assert_eq!(out, [1]);
    assert!(encode_publish(&mut out, &[b'k'; 255], b"v", 0));
}

proptest! {
    #[test]
    fn any_bytes_decode_or_fail_without_panic(frame in proptest::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(message) = decode(&frame) {
            prop_assert_eq!(frame[2], message.id() as u8);
        }
    }

    #[test]
    fn what_is_encoded_is_decoded(
        key in proptest::collection::vec(1..=255u8, 0..=255),
        value in proptest::collection::vec(1..=255u8, 0..600),
        ttl: u32,
    ) {
        let frame = published(&key, &value, ttl);
        prop_assert_eq!(decode(&frame), Ok(Message::Publish { key: &key, value: &value, ttl }));
        for end in 0..frame.len() {
            prop_assert!(decode(&frame[..end]).is_err());
        }
    }
}
