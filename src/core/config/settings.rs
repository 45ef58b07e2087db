//! The settings: a tree of text values, each found by its path.

use super::zpl::{self, Item, Tree};

/// The tree that SET changes, LOAD replaces and SAVE writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    tree: Tree,
    /// How many items the tree has.
    count: usize,
}

impl Settings {
    /// No settings at all.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// What SAVE writes, by [`zpl::format`].
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Set the value at `path`, as `zconfig_put` was observed to: a leading slash is ignored, each segment
    /// means the first item of that name, and items that are missing are made.
    ///
    /// A path with a segment that could not be saved as a name is refused, with the reason, and nothing
    /// changes. Any value is accepted.
    pub(crate) fn put(&mut self, path: &[u8], value: &[u8]) -> Result<(), &'static str> {
        check_path(path)?;
        let count = self.count + self.missing(path);
        if count > zpl::MAX_ITEMS {
            return Err(zpl::TOO_MANY);
        }
        self.count = count;
        let mut items = &mut self.tree.items;
        let mut slot = &mut None;
        for segment in segments(path) {
            let item = find_or_add(items, segment);
            items = &mut item.children;
            slot = &mut item.value;
        }
        *slot = Some(value.to_vec());
        Ok(())
    }

    /// How many items a path has that are not there yet.
    fn missing(&self, path: &[u8]) -> usize {
        let mut items = Some(&self.tree.items);
        segments(path)
            .filter(|segment| {
                let item = items.and_then(|items| first_named(items, segment));
                items = item.map(|item| &item.children);
                item.is_none()
            })
            .count()
    }

    /// The value at `path`, as `zconfig_get` was observed to find it: the path is read as by [`Self::put`],
    /// and only the first item of each name is searched. `None` also where the item at `path` is a mere
    /// parent.
    pub(crate) fn get(&self, path: &[u8]) -> Option<&[u8]> {
        value_at(&self.tree.items, path)
    }

    /// The value at `path` as C's `atoi` reads it: white space, a sign and digits, up to anything else; 0
    /// where there are no digits. A number out of range becomes the nearest one.
    pub(crate) fn number(&self, path: &[u8]) -> Option<i64> {
        self.get(path).map(leading_number)
    }

    /// The first item of that name on the top level.
    pub(crate) fn section(&self, name: &[u8]) -> Option<&Item> {
        first_named(&self.tree.items, name)
    }
}

impl From<Tree> for Settings {
    fn from(tree: Tree) -> Self {
        fn count(items: &[Item]) -> usize {
            items.iter().map(|item| 1 + count(&item.children)).sum()
        }
        Self { count: count(&tree.items), tree }
    }
}

impl Item {
    /// The value at `path` below this item, found as by [`Settings::get`].
    pub(crate) fn get(&self, path: &[u8]) -> Option<&[u8]> {
        value_at(&self.children, path)
    }
}

fn segments(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.strip_prefix(b"/").unwrap_or(path).split(|&byte| byte == b'/')
}

fn check_path(path: &[u8]) -> Result<(), &'static str> {
    for (level, segment) in segments(path).enumerate() {
        if level >= zpl::MAX_DEPTH {
            return Err(zpl::TOO_DEEP);
        }
        if segment.is_empty() {
            return Err("a path cannot be empty or have an empty segment");
        }
        zpl::check_name(segment)?;
    }
    Ok(())
}

fn find_or_add<'a>(items: &'a mut Vec<Item>, name: &[u8]) -> &'a mut Item {
    let position = items.iter().position(|item| item.name == name).unwrap_or_else(|| {
        items.push(Item { name: name.to_vec(), ..Item::default() });
        items.len() - 1
    });
    &mut items[position]
}

fn first_named<'a>(items: &'a [Item], name: &[u8]) -> Option<&'a Item> {
    items.iter().find(|item| item.name == name)
}

fn value_at<'a>(items: &'a [Item], path: &[u8]) -> Option<&'a [u8]> {
    let mut items = items;
    let mut found = None;
    for segment in segments(path) {
        let item = first_named(items, segment)?;
        items = &item.children;
        found = item.value.as_deref();
    }
    found
}

pub(crate) fn leading_number(text: &[u8]) -> i64 {
    let space = text.iter().take_while(|&&byte| zpl::is_space(byte)).count();
    let (sign, digits) = match text.split_at(space).1 {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        digits => (1, digits),
    };
    digits.iter().take_while(|byte| byte.is_ascii_digit()).fold(0_i64, |number, &digit| {
        number.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests;
