//! The owner's commands.

mod execute;
mod parse;

pub(super) use execute::execute;
