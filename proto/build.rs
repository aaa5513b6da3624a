//! Compiles every contract below this folder without protoc and keeps one descriptor set, options and comments included.
use std::path::{Path, PathBuf};
use std::{env, fs};

use prost::Message;

#[expect(
    clippy::disallowed_methods,
    reason = "variables that cargo sets for build scripts"
)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    for folder in ["khaacho", "google"] {
        println!("cargo::rerun-if-changed={}", root.join(folder).display());
        collect(&root.join(folder), &mut files)?;
    }
    files.sort();

    let mut compiler = protox::Compiler::new([&root])?;
    compiler
        .include_source_info(true)
        .include_imports(true)
        .open_files(&files)?;
    // Encoded by protox and decoded again: prost's own types would lose the custom options.
    let encoded = compiler.encode_file_descriptor_set();
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("khaacho.descriptors.bin"), &encoded)?;

    let descriptors = tonic_prost_build::FileDescriptorSet::decode(encoded.as_slice())?;
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    config.include_file("khaacho.rs");
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .compile_fds_with_config(descriptors, config)?;
    Ok(())
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, out)?;
        } else if path.extension().is_some_and(|x| x == "proto") {
            out.push(path);
        }
    }
    Ok(())
}
