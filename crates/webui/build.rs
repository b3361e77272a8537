//! Makes sure that there is something to embed, so that the server builds without Node.

use std::{fs, io, path::Path};

const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>AllIN</title>\
    <p>The web UI was not built. Run <code>make build</code>; the API works all the same.";

fn main() -> io::Result<()> {
    let dist = Path::new("../../web/dist");
    let index = dist.join("index.html");
    if !index.exists() {
        fs::create_dir_all(dist)?;
        fs::write(index, PLACEHOLDER)?;
    }
    println!("cargo:rerun-if-changed=../../web/dist");
    Ok(())
}
