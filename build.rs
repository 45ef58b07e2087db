//! Compiles the weak references to CZMQ, and names the shared library.

fn main() {
    println!("cargo:rerun-if-changed=src/driver/ffi/czmq_weak.c");
    cc::Build::new().file("src/driver/ffi/czmq_weak.c").warnings(true).compile("zgossip_czmq_weak");
    // cargo-c passes a soname of its own.
    if std::env::var_os("CARGO_FEATURE_CAPI").is_none() {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libzgossip.so.1");
    }
}
