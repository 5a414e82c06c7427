//! Prints what the compiler makes of a TypeScript file: `cargo run -p helios_compiler --example metered -- FILE [--strip]`.

use std::{env, fs, process::ExitCode};

use helios_compiler::{CompileOptions, compile, strip_only};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let Some(specifier) = arguments.next() else {
        eprintln!("usage: metered FILE [--strip]");
        return ExitCode::FAILURE;
    };
    let source = match fs::read_to_string(&specifier) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("{specifier}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let strip = arguments.next().as_deref() == Some("--strip");
    let code = if strip {
        strip_only(&source)
    } else {
        compile(
            &source,
            &CompileOptions {
                specifier,
                base_layer: true,
            },
        )
        .map(|compiled| compiled.code)
    };
    match code {
        Ok(code) => {
            print!("{code}");
            ExitCode::SUCCESS
        }
        Err(diagnostics) => {
            eprint!("{diagnostics}");
            ExitCode::FAILURE
        }
    }
}
