//! Sources made to hurt the compiler: it answers each with an error or with code, and never overflows or panics.

use helios_compiler::{CompileOptions, compile};

/// Text that nests when repeated: one of each way the grammar can recurse.
const NESTING: &[&str] = &[
    "[", "(", "{", "!", "-", "- ", "+ ", "~", "typeof ", "void ", "delete ", "await ", "new ", "a=>", "async a=>", "(a)=>", "a=", "a?",
    "a?b:", "a**", "a,", "a+", "a&&", "a??", "a||", "a.b.", "a?.b.", "a()", "a[", "a(", "`${", "a`${", "{a:", "({a:", "x={a:",
    "if(a)", "if(a);else ", "for(;;)", "while(a)", "do ", "a:", "{", "try{", "switch(a){case ", "function f(){", "class A extends ",
    "class A{a=", "class A{a(){", "(function(){", "()=>{", "yield ", "throw ", "return ", "let [", "let {a:", "let [a=", "[a=[", "x as ",
    "let a:[", "let a:(", "let a:{a:", "let a:A<", "let a:()=>", "let a:keyof ", "let a:typeof ", "let a:A extends B?", "let a:A[",
    "type A=B|", "type A=`${", "type A=A.", "a<", "<T>", "a as A<", "namespace A{", "namespace A.", "declare module A{", "import(",
    "a!", "a.b", "@a ", "/a/", "export default ", "a satisfies ", "...", "<a>", "<a b=", "let a:import(\"x\").", "abstract class A{",
    "enum A{a=", "let a:infer ", "let a:new()=>", "a<b>(", "a?.[", "case ", "function*f(){", "async function f(){", "for await(", "#a in ",
    "let a:readonly ", "let a:unique ", "let a:asserts ", "new a(", "`", "/*", "super(", "a\n", "-a", "a?b?", "(a?", "(a:", "a?(b:", "a?(b)=>",
    "((a)=>", "async(", "(a,b", "{(", "[{", "a[(", "<A,", "let a:A<(", "a<A<", "f<(", "class{[", "({get a(){", "({[", "...a,", "[...",
];

fn survives(source: &str) {
    let _ = compile(source, &CompileOptions { specifier: "hostile.ts".to_owned(), base_layer: false });
}

#[test]
fn nesting_of_every_kind() {
    let bytes: usize = std::env::var("HOSTILE_BYTES").ok().and_then(|v| v.parse().ok()).unwrap_or(20_000);
    for unit in NESTING {
        eprintln!("{unit:?}");
        let t = std::time::Instant::now();
        survives(&unit.repeat(bytes / unit.len()));
        eprintln!("   {:?}", t.elapsed());
    }
}
