//! Generates the Rust of `schemas/weather.yaml` and of what it imports.

fn main() -> Result<(), shm_codegen::BuildError> {
    shm_codegen::build("schemas/weather.yaml")
}
