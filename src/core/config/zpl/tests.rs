use super::*;
use proptest::prelude::*;

fn item(name: &str, value: &str, children: Vec<Item>) -> Item {
    Item { name: name.into(), value: Some(value.into()), children }
}

fn parent(name: &str, children: Vec<Item>) -> Item {
    Item { name: name.into(), value: None, children }
}

fn tree(items: Vec<Item>) -> Tree {
    Tree { comments: Vec::new(), items }
}

fn read(text: impl AsRef<[u8]>) -> Tree {
    parse(text.as_ref()).expect("a valid text")
}

/// The value of the only item in a text of one line.
fn value(line: impl AsRef<[u8]>) -> Vec<u8> {
    let tree = read(line);
    assert_eq!(tree.items.len(), 1, "{tree:?}");
    tree.items[0].value.clone().expect("an item that was read has a value")
}

fn complaint(text: impl AsRef<[u8]>) -> String {
    parse(text.as_ref()).expect_err("an invalid text").to_string()
}

fn written(tree: &Tree) -> String {
    String::from_utf8(format(tree).expect("a tree that can be written")).expect("UTF-8")
}

fn refusal(tree: &Tree) -> String {
    format(tree).expect_err("a tree that cannot be written").to_string()
}

fn chain(levels: usize) -> Tree {
    let wrap = |inner: Vec<Item>, _| vec![item("a", "", inner)];
    tree((0..levels).fold(Vec::new(), wrap))
}

fn staircase(levels: usize) -> String {
    (0..levels).map(|level| format!("{}a\n", "    ".repeat(level))).collect()
}

#[test]
fn an_empty_text_is_an_empty_tree() {
    assert_eq!(read(""), Tree::default());
    assert_eq!(read("\n   \n\t\n\r\n"), Tree::default());
}

#[test]
fn children_are_indented_by_four_spaces_per_level() {
    let text = "a = 1\n    b = 2\n        c = 3\n    d = 4\ne = 5\n";
    let b = item("b", "2", vec![item("c", "3", vec![])]);
    let a = item("a", "1", vec![b, item("d", "4", vec![])]);
    assert_eq!(read(text), tree(vec![a, item("e", "5", vec![])]));
}

#[test]
fn items_of_the_same_name_are_all_kept_in_order() {
    let binds = vec![item("bind", "1", vec![]), item("bind", "2", vec![])];
    assert_eq!(read("bind = 1\nbind = 2"), tree(binds));
}

#[test]
fn an_item_without_a_value_is_read_with_an_empty_one() {
    for line in ["a", "a ", "a # text", "a#text", "a =", "a = ", "a = ''", "a = \"\"", "a =#b"] {
        assert_eq!(value(line), b"", "{line}");
    }
}

#[test]
fn an_indentation_that_is_no_multiple_of_four_spaces_makes_the_file_invalid() {
    assert_eq!(complaint("a\n\n   b\n"), "line 3: indent by four spaces per level");
    assert_eq!(complaint("a\n     b\n"), "line 2: indent by four spaces per level");
}

#[test]
fn a_tab_as_indentation_makes_the_file_invalid() {
    assert_eq!(complaint("a\n\tb\n"), "line 2: indent by four spaces per level");
    assert_eq!(complaint("a\n    \tb\n"), "line 2: indent by four spaces per level");
}

#[test]
fn a_skipped_level_makes_the_file_invalid() {
    let reason = "indented by more than one level below the item before";
    assert_eq!(complaint("a\n        b\n"), format!("line 2: {reason}"));
    assert_eq!(complaint("    a\n"), format!("line 1: {reason}"));
    assert_eq!(complaint("a\n    b\nc\n        d\n"), format!("line 4: {reason}"));
}

#[test]
fn sixty_four_levels_are_read_and_written_and_no_more() {
    assert_eq!(read(staircase(MAX_DEPTH)), chain(MAX_DEPTH));
    assert_eq!(complaint(staircase(MAX_DEPTH + 1)), "line 65: nested deeper than 64 levels");
    assert_eq!(read(format(&chain(MAX_DEPTH)).expect("writable")), chain(MAX_DEPTH));
    assert!(refusal(&chain(MAX_DEPTH + 1)).ends_with(": nested deeper than 64 levels"));
}

#[test]
fn a_name_may_have_the_characters_zconfig_allows() {
    assert_eq!(read("aZ09$-_@.&+b/c = 1").items[0].name, b"aZ09$-_@.&+b/c");
}

#[test]
fn a_name_with_any_other_character_makes_the_file_invalid() {
    let reason = "line 1: a name has only letters, digits and the characters $ - _ @ . & + /";
    for line in ["= 1", "\"a\" = 1", "!a", "\u{feff}a"] {
        assert_eq!(complaint(line), reason, "{line}");
    }
    assert!(parse(b"\xe9 = 1").is_err());
}

#[test]
fn a_slash_at_either_end_of_a_name_makes_the_file_invalid() {
    for line in ["/a = 1", "a/ = 1", "/"] {
        assert_eq!(complaint(line), "line 1: a name cannot begin or end with a slash", "{line}");
    }
}

#[test]
fn text_after_a_name_that_is_no_value_makes_the_file_invalid() {
    for line in ["a b", "a b = 1", "a: 1", "a\u{e9} = 1"] {
        let expected = "line 1: a name is followed by '=' or by a comment, by nothing else";
        assert_eq!(complaint(line), expected, "{line}");
    }
}

#[test]
fn a_bare_value_is_trimmed_and_ends_at_a_comment() {
    assert_eq!(value("a=b"), b"b");
    assert_eq!(value("a \t=\x0b\x0c b c \t\r"), b"b c");
    assert_eq!(value("a = b c  # text"), b"b c");
    assert_eq!(value("a = b#text"), b"b");
    assert_eq!(value("a = b\"c'd = e"), b"b\"c'd = e");
    assert_eq!(value(b"a = \xff\xfe\x01"), b"\xff\xfe\x01");
}

#[test]
fn a_comment_in_place_of_a_bare_value_is_the_value_if_white_space_precedes_it() {
    assert_eq!(value("a = # text"), b"# text");
    assert_eq!(value("a =# text"), b"");
}

#[test]
fn a_value_in_quotes_is_kept_as_it_is() {
    assert_eq!(value("a = ' b # \"c\" '"), b" b # \"c\" ");
    assert_eq!(value("a = \" b # 'c' \"  # text"), b" b # 'c' ");
    assert_eq!(value("a = 'b\\'#c"), b"b\\");
}

#[test]
fn text_after_a_value_in_quotes_makes_the_file_invalid() {
    let expected = "line 1: a value in quotes is followed by a comment, by nothing else";
    assert_eq!(complaint("a = 'b' c"), expected);
    assert_eq!(complaint("a = \"b\"\""), expected);
}

#[test]
fn a_missing_closing_quote_makes_the_file_invalid() {
    assert_eq!(complaint("a = \"b'\n\""), "line 1: the closing quote is missing");
    assert_eq!(complaint("a = 'b\""), "line 1: the closing quote is missing");
}

#[test]
fn only_comments_in_the_first_column_are_kept() {
    let tree = read("# one \na # no\n    # no\n#\n    b\n\t# no\n#two");
    assert_eq!(tree.comments, [b" one".as_slice(), b"", b"two"]);
    assert_eq!(tree.items, [item("a", "", vec![item("b", "", vec![])])]);
}

#[test]
fn an_indented_comment_needs_a_multiple_of_four_spaces_but_no_parent() {
    assert_eq!(read("            # text"), Tree::default());
    assert_eq!(complaint("  # text"), "line 1: indent by four spaces per level");
}

#[test]
fn lines_may_end_in_carriage_return_and_line_feed() {
    let text = "#c\r\na\r\n    b = 1\r\n    c = '2'\r\n";
    assert_eq!(read(text), read(text.replace('\r', "")));
}

#[test]
fn a_nul_byte_ends_its_line() {
    assert_eq!(read("a = 1 \0 2\n    b\0!"), read("a = 1\n    b"));
    assert!(parse(b"a = '1\0'").is_err());
}

#[test]
fn a_text_of_megabytes_is_read_in_linear_time() {
    // Quadratic work would not end today.
    assert_eq!(read("a\n    b = 1\n".repeat(MAX_ITEMS / 2)).items.len(), MAX_ITEMS / 2);
    assert_eq!(read("#\n".repeat(500_000)).comments.len(), 500_000);
    assert_eq!(value(format!("a = b{}", " #".repeat(1_000_000))), b"b");
    assert_eq!(complaint(format!("{}a", "    ".repeat(1_000_000))).lines().count(), 1);
}

#[test]
fn a_new_node_is_written_as_zconfig_writes_it() {
    let server = parent("server", vec![item("timeout", "1000", vec![])]);
    assert_eq!(written(&tree(vec![server])), "server\n    timeout = \"1000\"\n");
}

#[test]
fn a_tree_that_was_read_is_written_as_zconfig_writes_it() {
    let text = "a = 1 # dropped\n#one\n    b\n# two\nc = \"it's\"#\n";
    let expected = "#one\n# two\n\na = \"1\"\n    b = \"\"\nc = \"it's\"\n";
    assert_eq!(written(&read(text)), expected);
}

#[test]
fn a_value_with_a_double_quote_is_written_in_single_quotes() {
    assert_eq!(written(&tree(vec![item("a", "say \"b\"", vec![])])), "a = 'say \"b\"'\n");
    assert_eq!(written(&tree(vec![item("a", "it's", vec![])])), "a = \"it's\"\n");
}

#[test]
fn a_value_that_would_not_read_back_is_refused_with_the_path_of_its_item() {
    let refused = |value| refusal(&tree(vec![parent("a", vec![item("b", value, vec![])])]));
    assert_eq!(refused("'\""), "a/b cannot be saved: its value has both kinds of quotes");
    let expected = "a/b cannot be saved: its value has a line break or a NUL byte";
    assert_eq!(refused("1\n2"), expected);
    assert_eq!(refused("1\0"), expected);
}

#[test]
fn the_path_in_a_refusal_is_of_the_item_and_not_of_those_before_it() {
    let before = parent("a", vec![item("b", "1", vec![item("c", "2", vec![])])]);
    let refused = refusal(&tree(vec![before, parent("d", vec![item("e", "\n", vec![])])]));
    assert!(refused.starts_with("d/e cannot"), "{refused}");
}

#[test]
fn a_name_that_would_not_read_back_is_refused() {
    for name in ["", "a b", "/a", "a/", "a\nb", "\u{e9}"] {
        assert!(format(&tree(vec![item(name, "", vec![])])).is_err(), "{name:?}");
    }
    assert!(refusal(&tree(vec![item("a\n", "", vec![])])).starts_with("a\\n cannot be saved: "));
}

#[test]
fn a_comment_that_would_not_read_back_is_refused() {
    for comment in ["a\nb", "a\0", "a ", "\r"] {
        let comments = vec![b"fine".to_vec(), comment.into()];
        let refused = refusal(&Tree { comments, items: vec![] });
        assert!(refused.starts_with("comment 2 cannot be saved: "), "{refused}");
    }
}

/// Bytes with a meaning in ZPL, and some without.
fn text(longest: usize) -> impl Strategy<Value = Vec<u8>> {
    let bytes = b"ab19/$ \t\r\n\x0b\0#='\"\\\xff".to_vec();
    prop::collection::vec(prop::sample::select(bytes), 0..=longest)
}

fn any_item() -> impl Strategy<Value = Item> {
    let name =
        prop_oneof![9 => "[a-z][a-z0-9/]{0,3}[a-z]".prop_map(String::into_bytes), 1 => text(2)];
    let leaf = (name.clone(), prop::option::of(text(6))).prop_map(|(name, value)| Item {
        name,
        value,
        children: Vec::new(),
    });
    leaf.prop_recursive(4, 12, 3, move |inner| {
        let children = prop::collection::vec(inner, 0..=3);
        (name.clone(), prop::option::of(text(3)), children)
            .prop_map(|(name, value, children)| Item { name, value, children })
    })
}

fn any_tree() -> impl Strategy<Value = Tree> {
    let comments = prop::collection::vec(text(3), 0..=2);
    let items = prop::collection::vec(any_item(), 0..=3);
    (comments, items).prop_map(|(comments, items)| Tree { comments, items })
}

fn as_read_back(item: &Item) -> Item {
    Item {
        name: item.name.clone(),
        value: Some(item.value.clone().unwrap_or_default()),
        children: item.children.iter().map(as_read_back).collect(),
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in text(60)) {
        let _ = parse(&text);
    }

    #[test]
    fn whatever_is_written_reads_back_equal(tree in any_tree()) {
        if let Ok(text) = format(&tree) {
            let items = tree.items.iter().map(as_read_back).collect();
            prop_assert_eq!(parse(&text), Ok(Tree { comments: tree.comments, items }));
        }
    }
}
