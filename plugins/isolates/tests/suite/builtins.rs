//! Every function that a program can reach is classified in `hazards/builtins.json`: charged by size, of constant cost, or
//! removed. The table and the realm are compared both ways, and what is charged is measured.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use helios_abi::host::Limits;
use libtest_mimic::{Failed, Trial};

use super::{HOSTS, run_with};
use helios_isolates::testing::Setup;

const TABLE: &str = include_str!("../hazards/builtins.json");
const WALK: &str = include_str!("../hazards/walk.js");
const PROBES: &str = include_str!("../hazards/probes.js");

/// Charged functions without a probe: their charge does not hang on a size, or is taken later, in a microtask.
const UNMEASURED: [&str; 16] = [
    "Array.fromAsync",
    "AsyncDisposableStack.prototype.disposeAsync",
    "BigInt.prototype.toLocaleString",
    "Date",
    "Date.now",
    "Date.parse",
    "Date.prototype.toLocaleDateString",
    "Date.prototype.toLocaleString",
    "Date.prototype.toLocaleTimeString",
    "Function.prototype.toString",
    "Math.random",
    "Math.tanh",
    "Number.prototype.toLocaleString",
    "Proxy",
    "Proxy.revocable",
    "String.prototype.concat",
];

/// Functions of the library that are bound, so that they print as V8's own do.
const LIBRARY_BOUND: [&str; 3] = ["addEventListener", "dispatchEvent", "removeEventListener"];
/// Built-ins in whose place the library puts TypeScript.
const LIBRARY_REPLACED: [&str; 1] = ["Math.random"];
/// How the entries of functions of constant cost end that are the realm's own.
const OWN_CONSTANT: [&str; 2] = ["in UTC", "the realm's own"];

pub(super) fn tests() -> Vec<Trial> {
    vec![
        Trial::test(
            "builtins::every_function_of_the_realm_is_classified",
            realm_is_classified,
        ),
        Trial::test(
            "builtins::every_function_of_a_process_is_classified",
            process_is_classified,
        ),
        Trial::test("builtins::an_unclassified_function_is_noticed", unclassified_is_noticed),
        Trial::test("builtins::v8_adds_nothing_to_a_context", v8_adds_nothing),
        Trial::test("builtins::charges_grow_with_size", charges_grow),
        Trial::test("builtins::endless_native_loops_cost_gas", endless_loops_cost_gas),
        Trial::test("builtins::v8_has_no_threads", v8_has_no_threads),
        Trial::test("builtins::versions_name_what_decides", versions_name_what_decides),
        Trial::test("builtins::documentation_is_the_table", documentation_is_the_table),
    ]
}

/// Name -> class and formula.
fn table() -> BTreeMap<String, String> {
    serde_json::from_str(TABLE).expect("the table is JSON")
}

fn class(entry: &str) -> &str {
    entry.split(':').next().unwrap_or(entry)
}

/// Set in the process that evaluates a script in the bare realm: one of its own, because isolates of two snapshots cannot live
/// in one process (`docs/hazards.md`).
const BARE: &str = "HELIOS_TEST_BARE_REALM";

/// In that process: evaluates the script of the standard input, and says whether it did. Call it before any thread exists.
pub(crate) fn run_bare_role() -> bool {
    if std::env::var_os(BARE).is_none() {
        return false;
    }
    helios_isolates::initialize();
    let script = std::io::read_to_string(std::io::stdin()).expect("the script comes");
    match evaluate_here(&script) {
        Ok(text) => print!("{text}"),
        Err(error) => {
            eprint!("{}", error.message().unwrap_or("no message"));
            std::process::exit(1);
        }
    }
    true
}

/// The realm in a context of its own, with gas that never ends; returns what `script` evaluates to, as text.
fn evaluate(script: &str) -> Result<String, Failed> {
    evaluate_as_made(&format!("delete globalThis.WebAssembly; {script}"))
}

/// The same, in a context that has all that V8 put there.
fn evaluate_as_made(script: &str) -> Result<String, Failed> {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let mut command = Command::new(std::env::current_exe()?);
    command
        .env(BARE, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    child
        .stdin
        .take()
        .ok_or("no standard input")?
        .write_all(script.as_bytes())?;
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into())
}

fn evaluate_here(script: &str) -> Result<String, Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/realm");
    let mut files: Vec<_> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "js"));
    files.sort();
    let mut body = String::new();
    for file in files {
        body.push_str(&std::fs::read_to_string(file)?);
    }
    let realm = format!(
        "let $g = 2 ** 50, $t; const $o = () => {{ throw new Error('no gas'); }};
         const $internal = {{ __proto__: null }};
         (function (internal) {{ 'use strict'; {body} }})($internal);"
    );
    // Through a snapshot, as in the host: V8 adds to a context that comes from one.
    let mut creator = v8::Isolate::snapshot_creator(None, None);
    creator.set_microtasks_policy(v8::MicrotasksPolicy::Explicit);
    {
        v8::scope!(let scope, &mut creator);
        let context = v8::Context::new(scope, v8::ContextOptions::default());
        let scope = &mut v8::ContextScope::new(scope, context);
        run_script(scope, &realm)?;
        run_script(
            scope,
            &format!("$internal.before = {WALK}(globalThis).map(([name]) => name)"),
        )?;
        scope.set_default_context(context);
    }
    let blob = creator
        .create_blob(v8::FunctionCodeHandling::Keep)
        .ok_or("V8 makes no snapshot")?;
    let mut isolate = v8::Isolate::new(v8::Isolate::create_params().snapshot_blob(blob));
    isolate.set_microtasks_policy(v8::MicrotasksPolicy::Explicit);
    v8::scope!(let scope, &mut isolate);
    let context = v8::Context::new(scope, v8::ContextOptions::default());
    let scope = &mut v8::ContextScope::new(scope, context);
    run_script(scope, script)
}

fn run_script(scope: &mut v8::PinScope<'_, '_>, text: &str) -> Result<String, Failed> {
    v8::tc_scope!(let scope, scope);
    let source = v8::String::new(scope, text).ok_or("too long a script")?;
    let result = v8::Script::compile(scope, source, None).and_then(|script| script.run(scope));
    match result {
        Some(value) => Ok(value.to_rust_string_lossy(scope)),
        None => {
            let thrown = scope.stack_trace().or(scope.exception());
            Err(thrown
                .map_or_else(String::new, |error| error.to_rust_string_lossy(scope))
                .into())
        }
    }
}

/// Differences between what was reached (name -> whether it is the realm's, where that is known) and the table.
fn differences(reached: &BTreeMap<String, Option<bool>>, table: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, &ours) in reached {
        match (table.get(name).map(|entry| (class(entry), entry.as_str())), ours) {
            (None, _) => found.push(format!("{name} is not classified")),
            (Some(("removed", _)), _) => found.push(format!("{name} is classified as removed, and is there")),
            (Some(("charged", _)), Some(false)) => {
                found.push(format!("{name} is classified as charged, and is V8's own"))
            }
            (Some(("constant", entry)), Some(true)) if !OWN_CONSTANT.iter().any(|end| entry.ends_with(end)) => {
                found.push(format!("{name} is classified as constant, and was replaced"));
            }
            (Some(("charged" | "constant", _)), _) => {}
            (Some((class, _)), _) => found.push(format!("{name} has the unknown class {class}")),
        }
    }
    let missing = table
        .iter()
        .filter(|(name, entry)| class(entry) != "removed" && !reached.contains_key(*name));
    found.extend(missing.map(|(name, entry)| format!("{name} is classified as {}, and is not there", class(entry))));
    found
}

fn report(found: &[String]) -> Result<(), Failed> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("\n{}", found.join("\n")).into())
    }
}

fn walk_realm(before: &str) -> Result<BTreeMap<String, Option<bool>>, Failed> {
    let text = evaluate(&format!(
        "{before}; JSON.stringify(Object.fromEntries({WALK}(globalThis).map(([name, fn]) => [name, $internal.isRealm(fn)])))"
    ))?;
    Ok(serde_json::from_str(&text)?)
}

fn realm_is_classified() -> Result<(), Failed> {
    report(&differences(&walk_realm("")?, &table()))
}

/// What V8 adds to a context that comes from a snapshot would be there twice in one of a snapshot of a process, and missing
/// while that is made. `docs/hazards.md` says what is left.
fn v8_adds_nothing() -> Result<(), Failed> {
    let walk = WALK.trim().trim_end_matches(';');
    let text = evaluate_as_made(&format!(
        "const before = new Set($internal.before);
         const now = {walk}(globalThis).map(([name]) => name);
         const added = now.filter((name) => !before.has(name));
         JSON.stringify([added.length, added.filter((name) => !name.includes('WebAssembly')), now.length - added.length - before.size])"
    ))?;
    let (added, others, gone): (usize, Vec<String>, i64) = serde_json::from_str(&text)?;
    assert_eq!((others, gone), (Vec::new(), 0));
    assert!(
        added > 0,
        "V8 does not add WebAssembly any more: the host need not delete it"
    );
    Ok(())
}

/// The checker must notice what it is there for.
fn unclassified_is_noticed() -> Result<(), Failed> {
    let mut table = table();
    let reached = walk_realm("Object.getPrototypeOf(async function* () {}).extra = Math.abs.bind(null)")?;
    let found = differences(&reached, &table);
    assert_eq!(found, ["%AsyncGeneratorFunction%.prototype.extra is not classified"]);
    table.insert("eval".into(), "constant".into());
    table.insert("Array.prototype.fill".into(), "constant".into());
    table.insert("Math.abs".into(), "charged: 1".into());
    table.insert("Math.ceil".into(), "removed".into());
    assert_eq!(differences(&walk_realm("")?, &table).len(), 4);
    Ok(())
}

/// The same in a real process: after the snapshot, with the library's globals. Its functions, and a program's, are
/// metered as all TypeScript is; the others are V8's or the realm's and must be in the table.
fn process_is_classified() -> Result<(), Failed> {
    let table = table();
    let source = format!(
        "import {{ stdout }} from 'helios:process';
         const walk: (g: typeof globalThis) => [string, Function][] = {walk};
         const native = walk(globalThis).filter(([, fn]) => /\\{{ \\[native code\\] \\}}$/.test(fn.toString().slice(-20)));
         await stdout.write(native.map(([name]) => name).join('\\n'));",
        walk = WALK[WALK.find("((").unwrap_or(0)..].trim().trim_end_matches(';')
    );
    for (host, make) in HOSTS {
        let transcript = run_with(make, &source, Setup::default());
        if transcript.code != Some(0) {
            return Err(format!("{host}: {transcript}").into());
        }
        let names = transcript.stdout.lines().filter(|name| !LIBRARY_BOUND.contains(name));
        let mut reached: BTreeMap<String, Option<bool>> = names.map(|name| (name.to_owned(), None)).collect();
        reached.extend(LIBRARY_REPLACED.iter().map(|name| ((*name).to_owned(), None)));
        report(&differences(&reached, &table))?;
    }
    Ok(())
}

/// Calls each charged function at two sizes, the second 32 times the first: the charge must grow at least eightfold.
fn charges_grow() -> Result<(), Failed> {
    let text = evaluate(&format!(
        "const probes = {PROBES}; const result = {{}};
         for (const name of Object.keys(probes)) {{
           result[name] = [500, 16000].map((n) => {{ const call = probes[name](n); const before = $g; call(); return before - $g; }});
         }}
         JSON.stringify(result)"
    ))?;
    let measured: BTreeMap<String, [u64; 2]> = serde_json::from_str(&text)?;
    let mut found: Vec<String> = measured
        .iter()
        .filter(|(_, [small, large])| *small == 0 || *large < small * 8)
        .map(|(name, [small, large])| format!("{name} charges {small} and {large}"))
        .collect();
    let table = table();
    let charged: BTreeSet<&str> = table
        .iter()
        .filter(|(_, entry)| class(entry) == "charged")
        .map(|(name, _)| name.as_str())
        .collect();
    for name in &charged {
        if !measured.contains_key(*name) && !UNMEASURED.contains(name) {
            found.push(format!("{name} is charged, and nothing measures it"));
        }
    }
    for name in measured.keys().filter(|name| !charged.contains(name.as_str())) {
        found.push(format!("{name} is measured, and not classified as charged"));
    }
    report(&found)
}

/// Loops of V8's own over an iterator that never ends and runs no code of the program's: they park like any other loop, or
/// fill the heap, and their process alone suffers.
fn endless_loops_cost_gas() -> Result<(), Failed> {
    let head = "const endless = { [Symbol.iterator]: () => ({ next: Object }) };
        const iterator = () => Iterator.from({ next: Object });";
    let limits = Limits {
        heap_bytes: 16 << 20,
        array_buffer_bytes: 16 << 20,
    };
    let setup = || Setup {
        gas: 50_000,
        slices_max: 10,
        limits,
        ..Setup::default()
    };
    let loops = [
        "iterator().forEach(Boolean)",
        "iterator().every(Object)",
        "iterator().some(Boolean)",
        "iterator().find(Boolean)",
        "iterator().reduce(Boolean, 0)",
        "iterator().drop(1e15).next()",
        "iterator().filter(Boolean).next()",
        "Array.from(endless)",
        "new Set(endless)",
        "new Map(endless)",
        "Promise.all(endless)",
        "Object.groupBy(endless, String)",
        "Uint8Array.from(endless)",
        "new Set().union({ size: 1, has: Boolean, keys: () => ({ next: Object }) })",
        "[...endless]",
        "Math.max(...endless)",
        "await Array.fromAsync(endless)",
    ];
    for (host, make) in HOSTS {
        for call in loops {
            let transcript = run_with(make, &format!("{head}\n{call};"), setup());
            if transcript.code.is_some() || transcript.failure.is_some() {
                return Err(format!("{host}: {call} ended: {transcript}").into());
            }
            if transcript.verdict.is_none() && transcript.gas < 450_000 {
                return Err(format!("{host}: {call} used {} gas alone", transcript.gas).into());
            }
        }
    }
    Ok(())
}

/// V8's worker threads are named after it; there are none.
fn v8_has_no_threads() -> Result<(), Failed> {
    assert!(helios_isolates::FLAGS.contains(&"--single-threaded"));
    for thread in std::fs::read_dir("/proc/self/task")?.flatten() {
        let name = std::fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
        if name.starts_with("V8") {
            return Err(format!("there is a thread {name}").into());
        }
    }
    Ok(())
}

/// A log records everything that decides what a process does; `helios_engine` refuses to rebuild across a difference.
fn versions_name_what_decides() -> Result<(), Failed> {
    let versions = helios_isolates::versions();
    let names: Vec<&str> = versions.keys().map(String::as_str).collect();
    for name in ["abi", "library", "transform", "v8", "v8_flags"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
        assert!(!versions[name].is_empty(), "{name} says nothing");
    }
    assert_eq!(versions["v8"], v8::V8::get_version());
    assert!(versions["v8_flags"].contains("--max-opt=0"));
    Ok(())
}

/// `docs/builtins.md`, made from the table. `UPDATE_CASES=1` writes it.
fn documentation_is_the_table() -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/builtins.md");
    let expected = documentation(&table());
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(&path, &expected)?;
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    if there == expected {
        return Ok(());
    }
    Err("docs/builtins.md is stale: UPDATE_CASES=1 cargo test -p helios_isolates --test isolates builtins".into())
}

/// What the classes of intrinsics cost. The result costs 1 per 16 bytes besides.
const INTRINSIC_PRICES: [(&str, &str); 6] = [
    ("Copy", "1 and 1 per 16 bytes"),
    ("Digest", "16 and 1 per 4 bytes"),
    ("Parse", "40 and 1 per byte"),
    ("Deflate", "400 and 2 per byte"),
    ("Dissect", "800 and 3 per byte"),
    ("Filter", "60, 8 per byte of the filter and 1 per 16 bytes of the frame"),
];

/// The intrinsics' names and classes, as their one file lists them.
fn intrinsics() -> Vec<(&'static str, &'static str)> {
    let source = include_str!("../../src/intrinsics.rs");
    let rows = source.lines().filter_map(|line| {
        let (name, rest) = line.trim().strip_prefix("(\"")?.split_once("\", Class::")?;
        Some((name, rest.split_once(',')?.0))
    });
    rows.collect()
}

fn document_intrinsics(text: &mut String) {
    text.push_str(
        "\n## Intrinsics\n\n\
         Functions of the host that only the library and the realm reach, each a function of its arguments alone. They are listed\n\
         in `plugins/isolates/src/intrinsics.rs`, and there is no other. The result costs 1 per 16 bytes besides.\n\n\
         | function | gas |\n|---|---|\n",
    );
    for (name, class) in intrinsics() {
        let price = INTRINSIC_PRICES.iter().find(|(known, _)| *known == class);
        let (_, price) = price.unwrap_or_else(|| panic!("{name}: nothing is said of the class {class}"));
        text.push_str(&format!("| `{name}` | {price} |\n"));
    }
}

fn documentation(table: &BTreeMap<String, String>) -> String {
    let mut text = String::from(
        "# Built-in functions\n\n\
         Every function that a program can reach in V8's global object, and what it costs. The table is\n\
         `plugins/isolates/tests/hazards/builtins.json`; tests compare it with the realm both ways, and measure what is charged.\n\n\
         - *charged*: the realm's function, which charges gas by size before V8's own does the work (after it, where the\n\
         size is known only then), and throws a `RangeError` above a cap;\n\
         - *constant*: V8's own function; its cost is bounded, or it was paid for when its arguments were made;\n\
         - *removed*: not there.\n\n",
    );
    for (class_name, title) in [("charged", "Charged"), ("constant", "Constant"), ("removed", "Removed")] {
        text.push_str(&format!("## {title}\n\n"));
        let entries = table.iter().filter(|(_, entry)| class(entry) == class_name);
        if class_name == "removed" {
            let mut roots: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (name, _) in entries {
                let bare = name.trim_start_matches("get ").trim_start_matches("set ");
                let root = bare.split(['.', '[']).next().unwrap_or(bare);
                roots.entry(root).or_default().push(name);
            }
            for (root, names) in roots {
                let whole = names.contains(&root) || !table.contains_key(root);
                let list = names
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ");
                text.push_str(&if whole {
                    format!("- `{root}`, all of it\n")
                } else {
                    format!("- {list}\n")
                });
            }
            continue;
        }
        text.push_str("| function | gas |\n|---|---|\n");
        for (name, entry) in entries {
            let formula = entry.split_once(": ").map_or("", |(_, formula)| formula);
            text.push_str(&format!("| `{name}` | {formula} |\n"));
        }
        text.push('\n');
    }
    document_intrinsics(&mut text);
    text
}
