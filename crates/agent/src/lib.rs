//! placeholder

pub mod redirect;
