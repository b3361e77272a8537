//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    allin::cli::main()
}
