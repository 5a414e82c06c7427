//! Each `cases/NAME.ts` compiles to `cases/NAME.out`: the metered code, or the diagnostics as printed.
//!
//! `UPDATE_EXPECT=1 cargo test -p helios_compiler --test cases` rewrites the `.out` files; read the difference.

use std::{fs, path::PathBuf};

use helios_compiler::{CompileOptions, check, compile};

fn compiled(name: &str, source: &str) -> String {
    let options = CompileOptions {
        specifier: format!("/bin/{name}"),
        base_layer: false,
    };
    compile(source, &options).map_or_else(|diagnostics| diagnostics.to_string(), |compiled| compiled.code)
}

#[test]
fn cases_compile_as_expected() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for path in names.iter().filter(|path| path.extension().is_some_and(|e| e == "ts")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = fs::read_to_string(path).unwrap();
        let found = compiled(&name, &source);
        assert_eq!(found, compiled(&name, &source), "{name}: compiled twice, two results");
        assert_eq!(
            check(&source, &name).has_errors(),
            name.starts_with("error_") || name == "reserved_free.ts",
            "{name}"
        );
        let out = path.with_extension("out");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&out, &found).unwrap();
        }
        let expected = fs::read_to_string(&out).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{name}\n--- expected\n{expected}--- found\n{found}"));
        }
        count += 1;
    }
    assert!(count >= 25, "only {count} cases were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
