//! Schema text: errors that can be shown, or a layout whose Rust parses.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| match shm_schema::compile("fuzz.yaml", text) {
    Ok(layout) => {
        let source = shm_rust::source(&layout);
        syn::parse_file(&source).expect("what is generated is Rust");
    }
    Err(errors) => drop(errors.to_string()),
});
