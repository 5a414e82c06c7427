//! Sources made to hurt the compiler: it answers each with diagnostics or with code, and never overflows or panics.

use helios_compiler::{CompileOptions, SOURCE_BYTES_MAX, check, compile, generate, imports, strip_only};
use proptest::prelude::*;

/// Text that nests when repeated: the ways in which the grammar recurses.
const NESTING: &[&str] = &[
    "[",
    "(",
    "{",
    "!",
    "-",
    "- ",
    "+ ",
    "~",
    "typeof ",
    "void ",
    "delete ",
    "await ",
    "new ",
    "a=>",
    "async a=>",
    "(a)=>",
    "a=",
    "a?",
    "a?b:",
    "a**",
    "a,",
    "a+",
    "a*",
    "a&&",
    "a??",
    "a||",
    "a.b.",
    "a?.b.",
    "a()",
    "a[",
    "a(",
    "`${",
    "a`${",
    "{a:",
    "({a:",
    "x={a:",
    "if(a)",
    "if(a);else ",
    "if(a){}else ",
    "for(;;)",
    "while(a)",
    "do ",
    "a:",
    "try{",
    "{using a=b;",
    "for(using a=b;;)",
    "for(using a of b)",
    "switch(a){case ",
    "function f(){",
    "function f(){}",
    "class A extends ",
    "class A{a=",
    "class A{a(){",
    "(function(){",
    "()=>{",
    "yield ",
    "throw ",
    "return ",
    "let [",
    "let {a:",
    "let [a=",
    "[a=[",
    "x as ",
    "let a:[",
    "let a:(",
    "let a:{a:",
    "let a:A<",
    "let a:()=>",
    "let a:keyof ",
    "let a:typeof ",
    "let a:A extends B?",
    "let a:A[",
    "type A=B|",
    "type A=`${",
    "type A=A.",
    "a<",
    "<T>",
    "a as A<",
    "namespace A{",
    "namespace A.",
    "declare module A{",
    "import(",
    "a!",
    "a.b",
    "@a ",
    "/a/",
    "export default ",
    "a satisfies ",
    "...",
    "<a>",
    "<a b=",
    "let a:import(\"x\").",
    "abstract class A{",
    "enum A{a=",
    "let a:infer ",
    "let a:new()=>",
    "a<b>(",
    "a?.[",
    "case ",
    "function*f(){",
    "async function f(){",
    "for await(",
    "#a in ",
    "let a:readonly ",
    "let a:unique ",
    "let a:asserts ",
    "new a(",
    "`",
    "/*",
    "super(",
    "a\n",
    "a?b?",
    "(a?",
    "(a:",
    "a?(b:",
    "a?(b)=>",
    "((a)=>",
    "async(",
    "(a,b",
    "{(",
    "[{",
    "a[(",
    "<A,",
    "let a:A<(",
    "a<A<",
    "f<(",
    "class{[",
    "({get a(){",
    "({[",
    "...a,",
    "[...",
    "{}=",
    "{}={}",
    "a={}=",
    "({})=>",
    "class{}=",
    "x<{}",
    "a\u{2028}",
    "\u{feff}",
    "\\u0061=",
];

/// Pieces that a source may be made of, in no order that makes sense.
const PIECES: &[&str] = &[
    "$g",
    "$o",
    "$h",
    "$t",
    "a",
    "b",
    "0",
    "1n",
    "'s'",
    "`t`",
    "`${",
    "}`",
    "/r/g",
    "//c\n",
    "/*c*/",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    ",",
    ";",
    ":",
    "?",
    "?.",
    "??",
    "=",
    "=>",
    "==",
    "+",
    "++",
    "-",
    "*",
    "**",
    "*=",
    "<<=",
    "/",
    "%",
    "!",
    "~",
    "&",
    "|",
    "^",
    "...",
    ".",
    "#p",
    "@d",
    "async",
    "await",
    "yield",
    "function",
    "function*",
    "class",
    "extends",
    "static",
    "get",
    "set",
    "constructor",
    "super",
    "this",
    "new",
    "if",
    "else",
    "for",
    "of",
    "in",
    "while",
    "do",
    "switch",
    "case",
    "default",
    "break",
    "continue",
    "return",
    "throw",
    "try",
    "catch",
    "finally",
    "var",
    "let",
    "const",
    "import",
    "export",
    "from",
    "as",
    "type",
    "interface",
    "enum",
    "namespace",
    "declare",
    "abstract",
    "satisfies",
    "keyof",
    "typeof",
    "infer",
    "is",
    "public",
    "readonly",
    "using",
    "with",
    "debugger",
    "\n",
    " ",
    "\r\n",
    "\0",
    "\u{feff}",
    "\u{2028}",
    "é",
    "😀",
    "\\u{61}",
    "0x",
    "1e",
    "'",
    "\"",
    "`",
    "\\",
];

fn survives(source: &str) {
    let options = CompileOptions {
        specifier: "hostile.ts".to_owned(),
        base_layer: false,
    };
    match compile(source, &options) {
        Ok(compiled) => assert_eq!(compile(source, &options).as_ref(), Ok(&compiled)),
        Err(diagnostics) => {
            let text = diagnostics.to_string();
            assert!(diagnostics.has_errors() && text.contains("hostile.ts:"), "{text}");
            assert!(!text.contains("fault of the compiler"), "{text}\n{source:?}");
        }
    }
}

#[test]
fn nesting_of_every_kind_at_every_size() {
    for bytes in [60, 3_000, 40_000, SOURCE_BYTES_MAX - 1] {
        for unit in NESTING {
            survives(&unit.repeat((bytes / unit.len()).max(1)));
        }
    }
}

#[test]
fn left_deep_chains_are_bounded_too() {
    for unit in [
        ".a", "()", "[0]", "+a", "*a", "!", "?.a", " as A", "`t`", "||a", "in a", "<A>()",
    ] {
        assert!(
            check(&format!("a{}", unit.repeat(5_000)), "a.ts").has_errors(),
            "{unit}"
        );
    }
    assert!(!check(&format!("a{}", "+a".repeat(900)), "a.ts").has_errors());
    assert!(
        !check(&"if (a) {} else ".repeat(900), "a.ts")
            .to_string()
            .contains("nested")
    );
}

#[test]
fn limits_say_so() {
    let long = " ".repeat(SOURCE_BYTES_MAX + 1);
    assert!(
        check(&long, "a.ts")
            .to_string()
            .starts_with("error: the source is longer than 1024 KiB")
    );
    assert!(
        check(&"(".repeat(5_000), "a.ts")
            .to_string()
            .starts_with("error: the code is nested deeper than")
    );
    assert!(
        check(&format!("{}n", "1".repeat(5_000)), "a.ts")
            .to_string()
            .starts_with("error: a BigInt literal has")
    );
    let many = check(&"import './a';\n".repeat(500), "a.ts");
    assert_eq!(many.list.len(), helios_compiler::DIAGNOSTICS_MAX + 1);
}

#[test]
fn odd_text_is_kept() {
    for source in [
        "",
        "\u{feff}",
        "#!/bin/ts",
        "#!/bin/ts\r\n",
        "\0",
        "//",
        "/*",
        "'",
        "`",
        "\r",
        "\u{2028}",
    ] {
        survives(source);
        let _ = (imports(source), strip_only(source));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text(source in "\\PC{0,200}") {
        survives(&source);
    }

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn pieces_in_any_order(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        survives(&pieces.join(" "));
        survives(&pieces.concat());
    }

    #[test]
    fn programs_with_a_hole(seed in 0_u64..1_000, from in 0_usize..4_000, len in 0_usize..20, piece in prop::sample::select(PIECES)) {
        let mut source = generate::program(seed);
        let from = source.floor_char_boundary(from.min(source.len()));
        let to = source.floor_char_boundary((from + len).min(source.len())).max(from);
        source.replace_range(from..to, piece);
        survives(&source);
    }

    #[test]
    fn programs_from_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let source = generate::program_from(&bytes);
        let options = CompileOptions::default();
        prop_assert!(compile(&source, &options).is_ok(), "{}", source);
    }
}

/// A fuzz target: `cargo bolero test fuzz_source`; under `cargo test`, a few hundred inputs.
#[test]
fn fuzz_source() {
    bolero::check!()
        .with_iterations(300)
        .for_each(|bytes: &[u8]| survives(&String::from_utf8_lossy(bytes)));
}

/// A fuzz target: whatever the fuzzer chooses is a valid program, and compiles.
#[test]
fn fuzz_program() {
    bolero::check!().with_iterations(300).for_each(|bytes: &[u8]| {
        compile(&generate::program_from(bytes), &CompileOptions::default()).expect("a generated program is valid");
    });
}
