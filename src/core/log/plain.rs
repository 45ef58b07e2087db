//! Text that steers nothing: what a peer says is shown in logs and on terminals.
//!
//! The command `zgossip` uses this file as well.

/// The characters of the classes Cf, Zl and Zp (Unicode 15, DerivedGeneralCategory.txt): they are not seen, but turn
/// the direction of what follows, join or part it, or end the line.
const UNSEEN: [(u32, u32); 21] = [
    (0xAD, 0xAD),
    (0x600, 0x605),
    (0x61C, 0x61C),
    (0x6DD, 0x6DD),
    (0x70F, 0x70F),
    (0x890, 0x891),
    (0x8E2, 0x8E2),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x2064),
    (0x2066, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001),
    (0xE0020, 0xE007F),
];

/// Whether a character does something to the text around it instead of being seen.
pub(crate) fn steers(character: char) -> bool {
    let code = u32::from(character);
    let unseen = || UNSEEN.iter().any(|(first, last)| (*first..=*last).contains(&code));
    character.is_control() || code >= 0xAD && unseen()
}

/// The bytes as text on one line: what steers, and what is no UTF-8, byte by byte in hexadecimal digits.
pub(crate) fn plain(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\t' => text.push_str("\\t"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                steering if steers(steering) => {
                    hex(&mut text, steering.encode_utf8(&mut [0; 4]).as_bytes());
                }
                seen => text.push(seen),
            }
        }
        hex(&mut text, chunk.invalid());
    }
    text
}

fn hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    for byte in bytes {
        let digits = [byte >> 4, byte & 15].map(|digit| DIGITS[usize::from(digit)]);
        text.extend(['\\', 'x', digits[0], digits[1]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_parts_or_ends_a_line_is_shown_by_its_bytes() {
        for (bytes, shown) in [
            ("grün \u{4e16}\\ \u{1f600}".as_bytes(), "grün \u{4e16}\\ \u{1f600}"),
            (b"\t\n\r\x1b[2J\x7f", r"\t\n\r\x1b[2J\x7f"),
            ("\u{202e}\u{2066}".as_bytes(), r"\xe2\x80\xae\xe2\x81\xa6"),
            ("\u{200b}\u{2028}\u{9b}".as_bytes(), r"\xe2\x80\x8b\xe2\x80\xa8\xc2\x9b"),
            ("\u{e0041}\u{feff}\u{ad}".as_bytes(), r"\xf3\xa0\x81\x81\xef\xbb\xbf\xc2\xad"),
            (b"\xff\xfea\xc3", r"\xff\xfea\xc3"),
        ] {
            assert_eq!(plain(bytes), shown);
        }
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(UNSEEN.iter().all(|(first, last)| first <= last));
        assert!(UNSEEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }
}
