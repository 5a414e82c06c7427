//! The statements of a source as people typed it: what a prompt that runs one input after another must know of each.
//! And of a source that does not parse, whether more text could mend it, so that the prompt asks for another line.

use oxc_allocator::Allocator;
use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_diagnostics::OxcDiagnostic;
use oxc_ecmascript::BoundNames;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::{GetSpan, SourceType, Span};
use oxc_syntax::scope::ScopeFlags;

use crate::compile::{CompileOptions, explain, on_thread};
use crate::diagnostics::Diagnostics;

/// A source, statement by statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outline {
    /// It parses. Whether it compiles is another question: scopes and what this machine refuses are not looked at.
    Whole(Vec<Outlined>),
    /// It does not.
    Broken {
        /// The parser met the end of the text where it wanted more: an unclosed bracket, template or comment, an
        /// operator at the end.
        incomplete: bool,
        /// What is wrong, for people.
        message: String,
    },
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlined {
    /// What it is: `const`, `let`, `var`, `function`, `class`, `enum`, `namespace`, `import`, `export`, `type` (nothing of
    /// it is left when types are stripped), `expression` or `other`.
    pub kind: &'static str,
    /// Where it starts, in UTF-16 units from 0.
    pub start: u32,
    /// Where it ends; an expression's end, without the semicolon.
    pub end: u32,
    /// The values that it binds in its module, in the order of the text: those of `var` in blocks too, types not.
    pub names: Vec<String>,
}

/// Outlines a source. `specifier` is its name in messages.
pub fn outline(source: &str, specifier: &str) -> Outline {
    let options = CompileOptions {
        specifier: specifier.to_owned(),
        base_layer: false,
    };
    let broken = |diagnostics: Diagnostics| Outline::Broken {
        incomplete: false,
        message: diagnostics.to_string(),
    };
    on_thread(source, &options, |source, options| Ok(outline_here(source, options))).unwrap_or_else(broken)
}

fn outline_here(source: &str, options: &CompileOptions) -> Outline {
    let allocator = Allocator::default();
    let parsed = parse(&allocator, source);
    let found = parsed.diagnostics.into_vec();
    if !found.is_empty() {
        return Outline::Broken {
            incomplete: wants_more(source, &found),
            message: explain(source, options, found).to_string(),
        };
    }
    let directives = parsed
        .program
        .directives
        .iter()
        .map(|it| (it.expression.span, "expression", Vec::new()));
    let statements = parsed.program.body.iter().map(|it| {
        let (kind, names) = describe(it);
        (place(it), kind, names)
    });
    let mut units = Units::of(source);
    let outlined = directives.chain(statements).map(|(span, kind, names)| Outlined {
        kind,
        start: units.at(span.start),
        end: units.at(span.end),
        names,
    });
    Outline::Whole(outlined.collect())
}

fn parse<'a>(allocator: &'a Allocator, source: &'a str) -> ParserReturn<'a> {
    // An expression in brackets ends after the bracket, so the parser must keep them.
    let options = ParseOptions {
        parse_regular_expression: true,
        preserve_parens: true,
        ..ParseOptions::default()
    };
    Parser::new(allocator, source, SourceType::ts().with_module(true))
        .with_options(options)
        .parse()
}

/// Whether the first thing that is wrong is that the text ends.
fn wants_more(source: &str, found: &[OxcDiagnostic]) -> bool {
    if ends_there(source, found) {
        return true;
    }
    // Where no body follows an arrow, the parser takes what stands before it for something else, and stumbles there.
    let Some(arrow) = source.rfind("=>") else { return false };
    let (before, after) = source.split_at(arrow + 2);
    let allocator = Allocator::default();
    let rest = parse(&allocator, after);
    if !(rest.diagnostics.is_empty() && rest.program.is_empty()) {
        return false;
    }
    let whole = format!("{before}0{after}");
    let found = parse(&allocator, &whole).diagnostics.into_vec();
    found.is_empty() || ends_there(&whole, &found)
}

fn ends_there(source: &str, found: &[OxcDiagnostic]) -> bool {
    let end = source.trim_end().len();
    let first = found
        .iter()
        .min_by_key(|it| it.labels.first().map_or(0, |label| label.offset()));
    first.is_some_and(|it| {
        let from = it.labels.first().map_or(0, |label| label.offset() as usize);
        // A line break ends a string and a regular expression; templates and comments go on after it.
        let goes_on = || ["`", "}", "/*"].iter().any(|open| source[from..].starts_with(open));
        from >= end || (it.message.starts_with("Unterminated") && goes_on())
    })
}

fn place(statement: &Statement<'_>) -> Span {
    match statement {
        Statement::ExpressionStatement(it) => it.expression.span(),
        _ => statement.span(),
    }
}

fn describe(statement: &Statement<'_>) -> (&'static str, Vec<String>) {
    match statement {
        Statement::ExpressionStatement(_) => ("expression", Vec::new()),
        Statement::ImportDeclaration(it) => import(it),
        Statement::ExportDeclaration(it) => exported(declaration(&it.declaration)),
        Statement::ExportDefaultDeclaration(it) => match &it.declaration {
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => ("type", Vec::new()),
            ExportDefaultDeclarationKind::FunctionDeclaration(it) if it.is_typescript_syntax() => ("type", Vec::new()),
            ExportDefaultDeclarationKind::FunctionDeclaration(it) => ("export", bound(&**it)),
            ExportDefaultDeclarationKind::ClassDeclaration(it) => ("export", bound(&**it)),
            _ => ("export", Vec::new()),
        },
        Statement::ExportNamedDeclaration(it) => exporting(it.export_kind),
        Statement::ExportFromDeclaration(it) => exporting(it.export_kind),
        Statement::ExportAllDeclaration(it) => exporting(it.export_kind),
        Statement::TSExportAssignment(_) => ("export", Vec::new()),
        Statement::TSNamespaceExportDeclaration(_) => ("type", Vec::new()),
        _ => match statement.as_declaration() {
            Some(it) => declaration(it),
            None => ("other", hoisted(statement)),
        },
    }
}

fn exported((kind, names): (&'static str, Vec<String>)) -> (&'static str, Vec<String>) {
    (if kind == "type" { kind } else { "export" }, names)
}

fn exporting(kind: ImportOrExportKind) -> (&'static str, Vec<String>) {
    (if kind.is_type() { "type" } else { "export" }, Vec::new())
}

fn import(it: &ImportDeclaration<'_>) -> (&'static str, Vec<String>) {
    if it.import_kind.is_type() {
        return ("type", Vec::new());
    }
    let value = |specifier: &&ImportDeclarationSpecifier<'_>| match specifier {
        ImportDeclarationSpecifier::ImportSpecifier(it) => !it.import_kind.is_type(),
        _ => true,
    };
    let specifiers = it.specifiers.iter().flatten().filter(value);
    ("import", specifiers.map(|it| it.local().name.to_string()).collect())
}

fn declaration(it: &Declaration<'_>) -> (&'static str, Vec<String>) {
    if it.declare() {
        return ("type", Vec::new());
    }
    match it {
        Declaration::VariableDeclaration(it) => match it.kind {
            VariableDeclarationKind::Const => ("const", bound(&**it)),
            VariableDeclarationKind::Let => ("let", bound(&**it)),
            VariableDeclarationKind::Var => ("var", bound(&**it)),
            VariableDeclarationKind::Using | VariableDeclarationKind::AwaitUsing => ("other", bound(&**it)),
        },
        Declaration::FunctionDeclaration(it) if it.is_typescript_syntax() => ("type", Vec::new()),
        Declaration::FunctionDeclaration(it) => ("function", bound(&**it)),
        Declaration::ClassDeclaration(it) => ("class", bound(&**it)),
        Declaration::TSEnumDeclaration(it) => ("enum", vec![it.id.name.to_string()]),
        Declaration::TSNamespaceDeclaration(it) if holds_values(&it.body) => {
            ("namespace", vec![it.id.name.to_string()])
        }
        Declaration::TSImportEqualsDeclaration(it) if !it.import_kind.is_type() => {
            ("import", vec![it.id.name.to_string()])
        }
        _ => ("type", Vec::new()),
    }
}

/// Whether a namespace is something when types are stripped.
fn holds_values(body: &TSNamespaceDeclarationBody<'_>) -> bool {
    match body {
        TSNamespaceDeclarationBody::TSNamespaceDeclaration(it) => holds_values(&it.body),
        TSNamespaceDeclarationBody::TSModuleBlock(it) => it.body.iter().any(|it| describe(it).0 != "type"),
    }
}

fn bound<'a>(it: &impl BoundNames<'a>) -> Vec<String> {
    let mut names = Vec::new();
    it.bound_names(&mut |name| names.push(name.name.to_string()));
    names
}

/// The names of `var` inside a statement, which belong to its module.
fn hoisted(statement: &Statement<'_>) -> Vec<String> {
    let mut find = FindVar(Vec::new());
    find.visit_statement(statement);
    find.0
}

struct FindVar(Vec<String>);

impl<'a> Visit<'a> for FindVar {
    fn visit_variable_declaration(&mut self, it: &VariableDeclaration<'a>) {
        if it.kind.is_var() && !it.declare {
            for name in bound(it) {
                if !self.0.contains(&name) {
                    self.0.push(name);
                }
            }
        }
        walk::walk_variable_declaration(self, it);
    }

    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}
    fn visit_arrow_function_expression(&mut self, _: &ArrowFunctionExpression<'a>) {}
    fn visit_class(&mut self, _: &Class<'a>) {}
    fn visit_ts_namespace_declaration(&mut self, _: &TSNamespaceDeclaration<'a>) {}
}

/// Byte offsets as offsets in UTF-16, asked for in the order of the text.
struct Units<'s> {
    source: &'s str,
    byte: usize,
    unit: u32,
}

impl<'s> Units<'s> {
    const fn of(source: &'s str) -> Self {
        Self {
            source,
            byte: 0,
            unit: 0,
        }
    }

    fn at(&mut self, byte: u32) -> u32 {
        let byte = byte as usize;
        if byte < self.byte {
            (self.byte, self.unit) = (0, 0);
        }
        self.unit += self.source[self.byte..byte].encode_utf16().count() as u32;
        self.byte = byte;
        self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `kind text [names]`, a statement a line.
    fn shown(source: &str) -> Vec<String> {
        let units: Vec<u16> = source.encode_utf16().collect();
        let Outline::Whole(statements) = outline(source, "a") else {
            panic!("{source} is broken: {:?}", outline(source, "a"));
        };
        let show = |it: &Outlined| {
            let text = String::from_utf16(&units[it.start as usize..it.end as usize]).unwrap();
            format!("{} {text} [{}]", it.kind, it.names.join(" "))
        };
        statements.iter().map(show).collect()
    }

    #[test]
    fn statements_have_kinds_places_and_names() {
        for (source, expected) in [
            ("", &[][..]),
            ("// nothing\n", &[]),
            ("1 + 1", &["expression 1 + 1 []"]),
            (
                "'use strict'; \"x\"",
                &["expression 'use strict' []", "expression \"x\" []"],
            ),
            (
                "(a, b) ;\n({ c: 1 });",
                &["expression (a, b) []", "expression ({ c: 1 }) []"],
            ),
            ("f() // why\n;g()", &["expression f() []", "expression g() []"]),
            ("a\n++b", &["expression a []", "expression ++b []"]),
            (
                "await f`\u{1f600}`; y",
                &["expression await f`\u{1f600}` []", "expression y []"],
            ),
            (
                "const { a, b: [c = 1, ...d] } = o;",
                &["const const { a, b: [c = 1, ...d] } = o; [a c d]"],
            ),
            ("let x: number, y", &["let let x: number, y [x y]"]),
            ("var v = 1", &["var var v = 1 [v]"]),
            (
                "for (var i = 0; i < 3; i++) { var j; let k; (() => { var l; })(); }",
                &["other for (var i = 0; i < 3; i++) { var j; let k; (() => { var l; })(); } [i j]"],
            ),
            (
                "async function* f() {}\nclass C<T> {}",
                &["function async function* f() {} [f]", "class class C<T> {} [C]"],
            ),
            (
                "abstract class C {} enum E { A } const enum F { B }",
                &[
                    "class abstract class C {} [C]",
                    "enum enum E { A } [E]",
                    "enum const enum F { B } [F]",
                ],
            ),
            (
                "namespace N { export const x = 1 } namespace T { type X = 1 } namespace A.B { f() }",
                &[
                    "namespace namespace N { export const x = 1 } [N]",
                    "type namespace T { type X = 1 } []",
                    "namespace namespace A.B { f() } [A]",
                ],
            ),
            (
                "import d, { a as b, type T } from './x.ts'; import * as n from 'helios:fs'; import './y.ts'",
                &[
                    "import import d, { a as b, type T } from './x.ts'; [d b]",
                    "import import * as n from 'helios:fs'; [n]",
                    "import import './y.ts' []",
                ],
            ),
            (
                "import type { T } from './x.ts'; type U = T; interface I {} declare const q: number;",
                &[
                    "type import type { T } from './x.ts'; []",
                    "type type U = T; []",
                    "type interface I {} []",
                    "type declare const q: number; []",
                ],
            ),
            (
                "function f(a: string): void; function f(a: unknown) {}",
                &[
                    "type function f(a: string): void; []",
                    "function function f(a: unknown) {} [f]",
                ],
            ),
            (
                "export const x = 1; export { x as y }; export default class K {} export type { T } from './t.ts'; export * from './u.ts'",
                &[
                    "export export const x = 1; [x]",
                    "export export { x as y }; []",
                    "export export default class K {} [K]",
                    "type export type { T } from './t.ts'; []",
                    "export export * from './u.ts' []",
                ],
            ),
            ("if (a) b; else c;", &["other if (a) b; else c; []"]),
            (";", &["other ; []"]),
            ("#!/bin/ts\nx", &["expression x []"]),
        ] {
            assert_eq!(shown(source), expected, "{source}");
        }
    }

    #[test]
    fn what_more_text_could_mend_is_incomplete() {
        let broken = |source: &str| match outline(source, "a") {
            Outline::Broken { incomplete, message } => {
                assert!(message.contains("a:"), "{message}");
                Some(incomplete)
            }
            Outline::Whole(_) => None,
        };
        for source in [
            "function f() {",
            "f(",
            "[1, 2",
            "{ a",
            "({ a: 1",
            "1 +",
            "a.",
            "a ?",
            "a ? b",
            "a ? b :",
            "x =",
            "const x =",
            "const",
            "`text",
            "`text ${",
            "`text ${a",
            "/* why",
            "if (a)",
            "if (a) {} else",
            "while (x)",
            "for (;;",
            "class A",
            "class A {",
            "class A { m() {",
            "async () =>",
            "(a, b) =>",
            "f((a) =>\n",
            "(a) => (b) => // c",
            "a &&",
            "!",
            "new",
            "try {",
            "try {}",
            "switch (a) { case 1:",
            "import { a",
            "import { a } from",
            "export",
            "enum E {",
            "interface I {",
            "type T =",
            "type T = {",
            "namespace N {",
            "do {} while",
            "throw",
            "await",
            "f(1,",
            "f(`a${b}",
            "a\n  .b(\n",
            "f() +\n// and\n",
            "x = {\n  a: 1,\n",
            "if (a) { `",
            "const f = async function",
        ] {
            assert_eq!(broken(source), Some(true), "{source}");
        }
        for source in [
            ")",
            "f())",
            "let x = ;",
            "1 2",
            "'text",
            "\"text\\",
            "const 1 = 2",
            "a b c",
            "if a",
            "/[/",
            "x = }",
            "({ a: })",
            "f(]",
            "[1, 2)\n",
            "<div/>",
            "await = 1; f(",
            "a b =>",
            "a b // =>",
            "(a) => ;",
            "(a, b) => )",
            "x = 1 2; (a) =>",
        ] {
            assert_eq!(broken(source), Some(false), "{source}");
        }
    }

    #[test]
    fn no_source_is_too_much_for_it() {
        let deep = "(".repeat(5_000);
        assert!(matches!(outline(&deep, "a"), Outline::Broken { incomplete: false, .. }));
        let many = "x;".repeat(100_000);
        assert!(matches!(outline(&many, "a"), Outline::Whole(list) if list.len() == 100_000));
    }
}
