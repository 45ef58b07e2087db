//! Compiles the weak references to CZMQ, and names the shared library.

fn main() {
    println!("cargo:rerun-if-changed=src/driver/ffi/czmq_weak.c");
    let mut weak = cc::Build::new();
    weak.file("src/driver/ffi/czmq_weak.c").warnings(true);
    // Debug information without the path of this directory.
    if let Ok(here) = std::env::var("CARGO_MANIFEST_DIR") {
        weak.flag_if_supported(format!("-ffile-prefix-map={here}=."));
    }
    weak.compile("zgossip_czmq_weak");
    // cargo-c passes a soname of its own.
    if std::env::var_os("CARGO_FEATURE_CAPI").is_none() {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libzgossip.so.1");
    }
}
