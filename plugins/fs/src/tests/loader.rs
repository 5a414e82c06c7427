//! Programs from files.

use helios_abi::calls::Chmod;
use helios_kernel::{LoadRequest, LoadSource, Loaded, ProgramLoader};

use super::*;
use crate::loader::FsLoader;

fn load_as(world: &mut World, actor: &Actor, source: LoadSource) -> Result<Loaded, SysError> {
    let (node, creds, cwd) = (actor.node, actor.creds.clone(), actor.cwd.clone());
    FsLoader.load(
        world,
        &LoadRequest {
            node,
            creds,
            cwd,
            source,
            argv: vec!["name".into(), "arg".into()],
        },
    )
}

fn load(world: &mut World, node: NodeId, path: &str) -> Result<Loaded, SysError> {
    load_as(world, &user(node, 1000, &[]), LoadSource::Path(path.into()))
}

fn program(world: &mut World, node: NodeId, path: &str, source: &str) {
    write_file(world, node, path, source.as_bytes(), 0o755).unwrap();
}

fn specifiers(loaded: &Loaded) -> Vec<&str> {
    loaded
        .program
        .modules
        .iter()
        .map(|module| module.specifier.as_str())
        .collect()
}

#[test]
fn the_graph_is_resolved_with_cycles_and_symbolic_names() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    program(
        world,
        node,
        "/w/main.ts",
        "import { b } from './b.ts'; import fs from 'helios:fs'; import('./maybe.ts'); b(fs);",
    );
    put(
        world,
        node,
        "/w/b.ts",
        "import './main.ts'; import type { T } from './types.ts'; import '/usr/lib/helios/time.ts'; export const b = 1;",
    );
    let loaded = load(world, node, "/w/main.ts").unwrap();
    assert_eq!(specifiers(&loaded), ["/w/main.ts", "/w/b.ts"]);
    let imports = |at: usize| loaded.program.modules[at].imports.clone();
    let pair = |written: &str, canonical: &str| (written.to_owned(), canonical.to_owned());
    assert_eq!(imports(0), [pair("./b.ts", "/w/b.ts"), pair("helios:fs", "helios:fs")]);
    assert_eq!(
        imports(1),
        [
            pair("./main.ts", "/w/main.ts"),
            pair("/usr/lib/helios/time.ts", "helios:time")
        ]
    );
    assert_eq!(loaded.argv, ["name", "arg"]);
}

#[test]
fn what_is_wrong_names_importer_and_specifier() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    program(world, node, "/w/missing.ts", "import './none.ts';");
    program(world, node, "/w/bare.ts", "import 'lodash';");
    program(world, node, "/w/syntax.ts", "let x = ;");
    program(world, node, "/w/data", "no program");
    put(world, node, "/w/plain.ts", "1;");
    put(world, node, "/w/private.ts", "1;");
    ops::chmod(
        world,
        &Actor::root(node),
        &Chmod {
            path: "/w/private.ts".into(),
            mode: 0o600,
        },
    )
    .unwrap();
    program(world, node, "/w/peeks.ts", "import './private.ts';");
    for (path, expected, words) in [
        ("/w/missing.ts", Errno::ENOENT, &["/w/missing.ts", "./none.ts"][..]),
        ("/w/bare.ts", Errno::ENOEXEC, &["lodash"]),
        ("/w/syntax.ts", Errno::ENOEXEC, &["/w/syntax.ts:1:9"]),
        ("/w/data", Errno::ENOEXEC, &["/w/data"]),
        ("/w/plain.ts", Errno::EACCES, &["/w/plain.ts"]),
        ("/w/peeks.ts", Errno::EACCES, &["./private.ts"]),
        ("/w/none", Errno::ENOENT, &["/w/none"]),
        ("/w", Errno::EACCES, &["/w"]),
    ] {
        let error = load(world, node, path).unwrap_err();
        assert_eq!(error.errno, expected, "{error}");
        assert!(words.iter().all(|word| error.message.contains(word)), "{error}");
    }
}

#[test]
fn interpreters_and_set_id() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    program(world, node, "/w/script", "#!/bin/sh -e\nls\n");
    program(world, node, "/w/ts", "#!/bin/ts\n1;");
    program(world, node, "/w/a", "#!/w/b\n");
    program(world, node, "/w/b", "#!/w/a\n");
    let script = load(world, node, "/w/script").unwrap();
    assert_eq!(
        (script.path.as_str(), script.argv.as_slice()),
        ("/bin/sh", &["/bin/sh", "-e", "/w/script", "arg"].map(String::from)[..])
    );
    assert_eq!(load(world, node, "/w/ts").unwrap().path, "/w/ts");
    assert_eq!(errno(load(world, node, "/w/a")), Errno::ELOOP);
    ops::chmod(
        world,
        &Actor::root(node),
        &Chmod {
            path: "/w/ts".into(),
            mode: 0o6755,
        },
    )
    .unwrap();
    ops::chmod(
        world,
        &Actor::root(node),
        &Chmod {
            path: "/w/script".into(),
            mode: 0o6755,
        },
    )
    .unwrap();
    let set = load(world, node, "/w/ts").unwrap();
    assert_eq!((set.setuid, set.setgid), (Some(0), Some(0)));
    assert_eq!(
        load(world, node, "/w/script").unwrap().setuid,
        None,
        "scripts of an interpreter stay the caller's"
    );
}

#[test]
fn manifests_are_for_programs_of_root() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    let cat = load(world, node, "/bin/cat").unwrap().manifest.expect("it has one");
    assert!(cat.root_owned);
    assert_eq!(cat.caps.to_texts(), ["fs:read"]);
    program(world, node, "/w/cat", "#!/bin/ts\n1;");
    assert_eq!(
        load(world, node, "/w/cat").unwrap().manifest,
        None,
        "a name alone takes no manifest"
    );
    write_file(world, node, "/etc/caps/cat.json", br#"{"caps": ["disk"]}"#, 0o644).unwrap();
    let error = load(world, node, "/bin/cat").unwrap_err();
    assert!(
        error.message.contains("/etc/caps/cat.json") && error.message.contains("disk"),
        "{error}"
    );
    ops::chmod(
        world,
        &Actor::root(node),
        &Chmod {
            path: "/etc/caps/ls.json".into(),
            mode: 0o666,
        },
    )
    .unwrap();
    assert!(
        !load(world, node, "/bin/ls").unwrap().manifest.unwrap().root_owned,
        "anybody may have written it"
    );
}

#[test]
fn every_program_of_the_base_image_loads() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    for dir in ["/bin", "/sbin"] {
        for entry in ops::readdir(world, &Actor::root(node), dir).unwrap() {
            let path = format!("{dir}/{}", entry.name);
            let loaded = load(world, node, &path).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert!(
                specifiers(&loaded)
                    .iter()
                    .all(|name| !name.starts_with("/usr/lib/helios/"))
            );
        }
    }
}

#[test]
fn code_and_modules_resolve_among_themselves() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    put(world, node, "/w/lib.ts", "export const x = 1;");
    let actor = Actor {
        cwd: "/w".into(),
        ..user(node, 1000, &[])
    };
    let code = load_as(world, &actor, LoadSource::Code("import './lib.ts';".into())).unwrap();
    assert_eq!(specifiers(&code), ["/w/<code>", "/w/lib.ts"]);
    let modules = vec![
        ("app/main.ts".to_owned(), "import './b.ts';".to_owned()),
        ("app/b.ts".to_owned(), String::new()),
    ];
    let given = load_as(world, &actor, LoadSource::Modules(modules)).unwrap();
    assert_eq!(specifiers(&given), ["app/main.ts", "app/b.ts"]);
    // A scope does not leak through imports.
    let caps = CapSet::parse(&["fs:read:/etc"]).unwrap();
    let jailed = Actor {
        creds: Creds {
            caps,
            ..actor.creds.clone()
        },
        ..actor
    };
    assert_eq!(
        errno(load_as(world, &jailed, LoadSource::Code("import './lib.ts';".into()))),
        Errno::EPERM
    );
}

#[test]
fn a_script_starts_where_its_process_works_and_compiles_whole() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    put(world, node, "/w/lib.ts", "import '../w/other.ts'; export const x = 1;");
    put(world, node, "/w/other.ts", "export {};");
    // It parses, so a program that imports it would start; but the compiler refuses the name.
    put(world, node, "/w/refused.ts", "$g = 1;");
    let actor = Actor {
        cwd: "/w".into(),
        ..user(node, 1000, &[])
    };
    let script = |code: &str| LoadSource::Script {
        name: "repl:7".into(),
        code: code.into(),
        known: ["/w/had.ts".to_owned()].into(),
    };
    // What the process has is named and not looked for.
    let had = load_as(world, &actor, script("import './had.ts';")).unwrap();
    assert_eq!(specifiers(&had), ["repl:7"]);
    let loaded = load_as(world, &actor, script("import './lib.ts'; import 'helios:fs';")).unwrap();
    assert_eq!(specifiers(&loaded), ["repl:7", "/w/lib.ts", "/w/other.ts"]);
    let pair = |written: &str, canonical: &str| (written.to_owned(), canonical.to_owned());
    assert_eq!(
        loaded.program.modules[0].imports,
        [pair("./lib.ts", "/w/lib.ts"), pair("helios:fs", "helios:fs")]
    );
    for (code, expected, words) in [
        ("let x = ;", Errno::ENOEXEC, "repl:7:1:9"),
        ("import './refused.ts';", Errno::ENOEXEC, "/w/refused.ts:1:1"),
        ("import 'helios:internal';", Errno::ENOEXEC, "helios:internal"),
        ("import './none.ts';", Errno::ENOENT, "repl:7"),
    ] {
        let error = load_as(world, &actor, script(code)).unwrap_err();
        assert_eq!(error.errno, expected, "{code}");
        assert!(error.message.contains(words), "{code}: {}", error.message);
    }
}

#[test]
fn the_library_cannot_be_shadowed() {
    let (mut app, node) = machine();
    let world = app.world_mut();
    put(world, node, "/usr/lib/helios/fs.ts", "export const evil = 1;");
    program(
        world,
        node,
        "/w/main.ts",
        "import '/usr/lib/helios/fs.ts'; import 'helios:fs';",
    );
    let loaded = load(world, node, "/w/main.ts").unwrap();
    assert_eq!(specifiers(&loaded), ["/w/main.ts"]);
}
