use super::*;

fn settings(text: &str) -> Settings {
    zpl::parse(text.as_bytes()).expect("a valid text").into()
}

fn put(puts: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::new();
    for (path, value) in puts {
        settings.put(path.as_bytes(), value.as_bytes()).expect("a valid path");
    }
    settings
}

fn saved(settings: &Settings) -> String {
    String::from_utf8(zpl::format(settings.tree()).expect("writable")).expect("UTF-8")
}

#[test]
fn new_settings_have_no_value_at_any_path() {
    assert_eq!(Settings::new().get(b"server/timeout"), None);
    assert_eq!(saved(&Settings::new()), "");
}

#[test]
fn put_makes_the_items_that_are_missing() {
    let settings = put(&[("server/timeout", "1000"), ("server/verbose", "1"), ("echo", "hi")]);
    let expected = "server\n    timeout = \"1000\"\n    verbose = \"1\"\necho = \"hi\"\n";
    assert_eq!(saved(&settings), expected);
}

#[test]
fn put_replaces_the_value_and_keeps_the_children() {
    let settings = put(&[("a/b", "1"), ("a/b", "2"), ("a", "3")]);
    assert_eq!(saved(&settings), "a = \"3\"\n    b = \"2\"\n");
}

#[test]
fn put_and_get_mean_the_first_item_of_each_name() {
    let mut settings = settings("a\n    b = 1\na\n    b = 2\n    c = 3\n");
    assert_eq!(settings.get(b"a/b"), Some(b"1".as_slice()));
    assert_eq!(settings.get(b"a/c"), None);
    settings.put(b"a/c", b"4").expect("a valid path");
    let expected =
        "a = \"\"\n    b = \"1\"\n    c = \"4\"\na = \"\"\n    b = \"2\"\n    c = \"3\"\n";
    assert_eq!(saved(&settings), expected);
}

#[test]
fn a_leading_slash_is_ignored() {
    let settings = put(&[("/a/b", "1")]);
    assert_eq!(saved(&settings), "a\n    b = \"1\"\n");
    assert_eq!(settings.get(b"a/b"), Some(b"1".as_slice()));
    assert_eq!(settings.get(b"/a/b"), Some(b"1".as_slice()));
    assert_eq!(settings.get(b"//a/b"), None);
}

#[test]
fn an_item_with_a_slash_in_its_name_is_not_found_by_path() {
    assert_eq!(settings("a/b = 1\n").get(b"a/b"), None);
}

#[test]
fn a_mere_parent_has_no_value() {
    let settings = put(&[("server/timeout/x", "1")]);
    assert_eq!(settings.get(b"server/timeout"), None);
    assert_eq!(settings.number(b"server/timeout"), None);
    assert_eq!(settings.get(b"server/timeout/"), None);
    assert_eq!(settings.get(b""), None);
}

#[test]
fn a_path_that_could_not_be_saved_is_refused_and_changes_nothing() {
    let paths = ["", "/", "//", "a/", "a//b", "//a", "a/b c", "a/b\n", "a=b", "#", "\u{e9}", "a\0"];
    let mut settings = Settings::new();
    for path in paths {
        let refused = settings.put(path.as_bytes(), b"1");
        assert!(refused.is_err_and(|reason| !reason.is_empty()), "{path:?}");
        assert_eq!(settings, Settings::new(), "{path:?}");
    }
}

#[test]
fn a_path_deeper_than_a_file_may_be_is_refused() {
    let path = |levels: usize| vec!["a"; levels].join("/").into_bytes();
    let mut settings = Settings::new();
    assert_eq!(settings.put(&path(100_000), b"1"), Err(zpl::TOO_DEEP));
    assert_eq!(settings.put(&path(zpl::MAX_DEPTH + 1), b"1"), Err(zpl::TOO_DEEP));
    assert_eq!(settings.put(&path(zpl::MAX_DEPTH), b"1"), Ok(()));
    assert_eq!(zpl::parse(saved(&settings).as_bytes()).map(|tree| tree.items.len()), Ok(1));
}

#[test]
fn a_value_that_cannot_be_saved_is_kept_and_save_names_its_path() {
    let settings = put(&[("a/b", "1\n2")]);
    assert_eq!(settings.get(b"a/b"), Some(b"1\n2".as_slice()));
    let refused = zpl::format(settings.tree()).expect_err("a line break");
    assert!(refused.to_string().starts_with("a/b cannot be saved: "), "{refused}");
}

#[test]
fn a_number_is_read_as_atoi_reads_it() {
    let cases: [(&[u8], i64); 12] = [
        (b"1000", 1000),
        (b" \t\n\x0b\x0c\r42", 42),
        (b"-7", -7),
        (b"+7", 7),
        (b"12ms", 12),
        (b"0x10", 0),
        (b"", 0),
        (b"true", 0),
        (b"- 1", 0),
        (b"+-1", 0),
        (b"99999999999999999999", i64::MAX),
        (b"-99999999999999999999", i64::MIN),
    ];
    for (text, number) in cases {
        let mut settings = Settings::new();
        settings.put(b"n", text).expect("a valid path");
        assert_eq!(settings.number(b"n"), Some(number), "{}", text.escape_ascii());
    }
}

#[test]
fn a_missing_number_is_none() {
    assert_eq!(Settings::new().number(b"server/timeout"), None);
}

#[test]
fn a_section_gives_its_children_in_file_order() {
    let settings = settings("zgossip\n    echo = 1\n    bind\n    echo = 2\nzgossip\n    no\n");
    let section = settings.section(b"zgossip").expect("a section");
    let names: Vec<&[u8]> = section.children.iter().map(|item| item.name.as_slice()).collect();
    assert_eq!(names, [b"echo".as_slice(), b"bind", b"echo"]);
    assert_eq!(settings.section(b"echo"), None);
}

#[test]
fn a_child_of_a_section_gives_the_values_below_it() {
    let settings = settings("zgossip\n    bind\n        endpoint = tcp://*:1\n");
    let bind = &settings.section(b"zgossip").expect("a section").children[0];
    assert_eq!(bind.get(b"endpoint"), Some(b"tcp://*:1".as_slice()));
    assert_eq!(bind.get(b"domain"), None);
}

#[test]
fn a_tree_that_is_full_takes_no_more_items_but_other_values() {
    let text: String = (0..zpl::MAX_ITEMS).map(|number| format!("item{number} = 1\n")).collect();
    let mut settings = settings(&text);
    assert_eq!(settings.put(b"item7", b"2"), Ok(()));
    assert_eq!(settings.put(b"item7/more", b"2"), Err(zpl::TOO_MANY));
    assert_eq!(settings.get(b"item7/more"), None);
    assert!(zpl::parse(format!("{text}more = 1\n").as_bytes()).is_err());
    // A path that lacks two items, where there is room for one.
    let text: String = (1..zpl::MAX_ITEMS).map(|number| format!("item{number} = 1\n")).collect();
    let mut settings = super::tests::settings(&text);
    assert_eq!(settings.put(b"a/b", b"1"), Err(zpl::TOO_MANY));
    assert_eq!(settings.put(b"a", b"1"), Ok(()));
    assert_eq!(settings.put(b"c", b"1"), Err(zpl::TOO_MANY));
}
