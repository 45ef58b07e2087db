//! What the owner has configured: settings, keys, and what is bound.

mod access;
mod apply;
mod bindings;
mod configuration;
mod endpoint;
mod keys;
mod settings;
mod zpl;

pub(super) use configuration::{Config, save_failed};
pub(crate) use endpoint::{PortChoice, connect_flaw, is_inproc};
pub(super) use settings::leading_number;
