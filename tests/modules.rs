//! The modules of the core know only those below them: no cycle among them, whether files or folders are looked at.
//!
//! The core's functions are called by the module's name, so that its imports tell who calls whom. The simulator and
//! the tests stand beside the core and may look everywhere.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module, by its path below `core`, and the modules that it imports from.
type Imports = BTreeMap<Vec<String>, BTreeSet<Vec<String>>>;

fn core() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core")
}

/// The files of the core itself, by their modules.
fn files(folder: &Path, module: &[String], found: &mut BTreeMap<Vec<String>, PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let inner = [module, std::slice::from_ref(&name)].concat();
        match path.is_dir() {
            true if ["sim", "tests"].contains(&name.as_str()) => {}
            true => files(&path, &inner, found),
            false if name == "tests" => {}
            false if name == "mod" => drop(found.insert(module.to_vec(), path)),
            false => drop(found.insert(inner, path)),
        }
    }
}

/// What a file says outside of its tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a file");
    let tests = ["#[cfg(test)]\nmod tests {", "#[cfg(test)]\npub(super) mod tests {"];
    let end = tests.iter().filter_map(|tests| text.find(tests)).min().unwrap_or(text.len());
    let code = text.get(..end).expect("a beginning");
    code.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// The paths of a `use`, braces opened.
fn paths(tree: &str) -> Vec<String> {
    let Some((before, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        return vec![path.trim().to_string()];
    };
    let inner = rest.rsplit_once('}').expect("a closing brace").0;
    let (mut parts, mut depth, mut part) = (Vec::new(), 0, String::new());
    for character in inner.chars() {
        match character {
            ',' if depth == 0 => parts.push(std::mem::take(&mut part)),
            _ => {
                depth += i32::from(character == '{') - i32::from(character == '}');
                part.push(character);
            }
        }
    }
    parts.push(part);
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| paths(&format!("{}{}", before.trim(), part.trim()))).collect()
}

/// The names below `core` that a path means, seen from a module; None where it leaves the core.
fn below_core(
    path: &str,
    module: &[String],
    children: &BTreeSet<Vec<String>>,
) -> Option<Vec<String>> {
    let mut names: Vec<String> = path.split("::").map(str::to_string).collect();
    let mut base = module.to_vec();
    match names.first().map(String::as_str)? {
        "crate" if names.get(1).is_some_and(|name| name == "core") => {
            names.drain(..2);
            return Some(names);
        }
        "super" => {}
        "self" => drop(names.remove(0)),
        first => {
            let child = [module, &[first.to_string()]].concat();
            return children.contains(&child).then(|| [module, &names].concat());
        }
    }
    while names.first().is_some_and(|name| name == "super") {
        names.remove(0);
        base.pop()?;
    }
    base.extend(names);
    Some(base)
}

/// Every path in a file's code, in `use` or not, that leads to another module of the core.
fn mentions(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices("use ") {
        let before = code.get(..start).and_then(|text| text.chars().next_back());
        if before.is_none_or(|character| character.is_whitespace()) {
            let tree = code.get(start + 4..).and_then(|rest| rest.split(';').next());
            found.extend(tree.into_iter().flat_map(paths));
        }
    }
    // Outside of `use`, the core names other modules by what `use` has brought in; anything else is seen here.
    for word in code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
        if word.starts_with("crate::core::") || word.starts_with("super::super::") {
            found.push(word.to_string());
        }
    }
    found
}

fn imports() -> Imports {
    let mut modules = BTreeMap::new();
    files(&core(), &[], &mut modules);
    assert!(modules.len() > 30, "this is not the core: {modules:?}");
    let known: BTreeSet<Vec<String>> = modules.keys().cloned().collect();
    let mut imports = Imports::new();
    for (module, file) in &modules {
        let uses = imports.entry(module.clone()).or_default();
        for path in mentions(&code(file)) {
            let Some(mut target) = below_core(&path, module, &known) else { continue };
            // The deepest module that the path leads to.
            while !known.contains(&target) {
                target.pop().expect("the core is a module");
            }
            if target != *module {
                uses.insert(target);
            }
        }
    }
    imports
}

/// Modules in a circle, if there is one.
fn cycle(imports: &Imports) -> Option<Vec<String>> {
    fn visit(
        module: &Vec<String>,
        imports: &Imports,
        way: &mut Vec<Vec<String>>,
        done: &mut BTreeSet<Vec<String>>,
    ) -> bool {
        if way.contains(module) {
            way.push(module.clone());
            return true;
        }
        if done.contains(module) {
            return false;
        }
        way.push(module.clone());
        if imports
            .get(module)
            .is_some_and(|uses| uses.iter().any(|it| visit(it, imports, way, done)))
        {
            return true;
        }
        way.pop();
        done.insert(module.clone());
        false
    }
    let (mut way, mut done) = (Vec::new(), BTreeSet::new());
    let found = imports.keys().any(|module| visit(module, imports, &mut way, &mut done));
    found.then(|| way.iter().map(|module| module.join("::")).collect())
}

#[test]
fn no_cycle_among_the_files_of_the_core() {
    let imports = imports();
    let edges: usize = imports.values().map(BTreeSet::len).sum();
    assert!(edges > 100, "the imports are not understood any more: only {edges}");
    assert_eq!(cycle(&imports), None);
}

#[test]
fn no_cycle_among_the_folders_of_the_core() {
    let room = |module: &[String]| module.first().cloned().into_iter().collect::<Vec<String>>();
    let mut rooms = Imports::new();
    for (module, uses) in imports() {
        let entry = rooms.entry(room(&module)).or_default();
        entry.extend(uses.iter().map(|module| room(module)).filter(|to| *to != room(&module)));
    }
    assert_eq!(cycle(&rooms), None);
}

#[test]
fn a_cycle_would_be_found() {
    let module = |name: &str| vec![name.to_string()];
    let uses = |names: &[&str]| names.iter().map(|name| module(name)).collect();
    let mut imports = Imports::from([
        (module("a"), uses(&["b"])),
        (module("b"), uses(&["c"])),
        (module("c"), uses(&[])),
    ]);
    assert_eq!(cycle(&imports), None);
    imports.insert(module("c"), uses(&["a"]));
    assert_eq!(cycle(&imports), Some(["a", "b", "c", "a"].map(str::to_string).to_vec()));
    let tree = "crate::core::{a::{B, c}, d}";
    assert_eq!(paths(tree), ["crate::core::a::B", "crate::core::a::c", "crate::core::d"]);
}

#[test]
fn only_the_face_implements_the_node() {
    let mut modules = BTreeMap::new();
    files(&core(), &[], &mut modules);
    for (module, file) in modules {
        let implements = code(&file).contains("impl Node");
        assert_eq!(implements, module.is_empty(), "impl Node in {}", file.display());
    }
}
