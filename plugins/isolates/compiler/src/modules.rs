//! What a module asks for and what it offers.

use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_ecmascript::BoundNames;
use oxc_span::Span;
use serde::{Deserialize, Serialize};

use crate::diagnostics::Place;

/// One import: a static one, a re-export, or `import("…")` with a literal name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The name as written.
    pub specifier: String,
    /// Whether it is an `import()` expression, which may never run.
    pub dynamic: bool,
    /// Line of the name, from 1.
    pub line: u32,
    /// Column of the name in UTF-16 units, from 1.
    pub column: u32,
}

/// One name that a module offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The name, `default`, or `*` for all names of `from`.
    pub name: String,
    /// The module it is passed on from.
    pub from: Option<String>,
}

/// Collects both from a program whose types are stripped, in the order of the text.
pub(crate) fn collect(program: &Program<'_>, source: &str) -> (Vec<Import>, Vec<Export>) {
    let mut found = Collect {
        source,
        imports: Vec::new(),
        exports: Vec::new(),
    };
    found.visit_program(program);
    (found.imports, found.exports)
}

struct Collect<'s> {
    source: &'s str,
    imports: Vec<Import>,
    exports: Vec<Export>,
}

impl Collect<'_> {
    fn import(&mut self, specifier: &str, dynamic: bool, span: Span) {
        let place = Place::of(self.source, span.start, span.end);
        self.imports.push(Import {
            specifier: specifier.to_owned(),
            dynamic,
            line: place.line,
            column: place.column,
        });
    }

    fn export(&mut self, name: &str, from: Option<&str>) {
        self.exports.push(Export {
            name: name.to_owned(),
            from: from.map(str::to_owned),
        });
    }
}

impl<'a> Visit<'a> for Collect<'_> {
    fn visit_import_declaration(&mut self, it: &ImportDeclaration<'a>) {
        self.import(&it.source.value, false, it.source.span);
    }

    fn visit_export_from_declaration(&mut self, it: &ExportFromDeclaration<'a>) {
        self.import(&it.source.value, false, it.source.span);
        for specifier in &it.specifiers {
            self.export(&specifier.exported.name(), Some(&it.source.value));
        }
    }

    fn visit_export_all_declaration(&mut self, it: &ExportAllDeclaration<'a>) {
        self.import(&it.source.value, false, it.source.span);
        let name = it.exported.as_ref().map_or("*".into(), |name| name.name().to_string());
        self.export(&name, Some(&it.source.value));
    }

    fn visit_export_named_declaration(&mut self, it: &ExportNamedDeclaration<'a>) {
        for specifier in &it.specifiers {
            self.export(&specifier.exported.name(), None);
        }
    }

    fn visit_export_declaration(&mut self, it: &ExportDeclaration<'a>) {
        let mut names = Vec::new();
        it.declaration.bound_names(&mut |name| names.push(name.name));
        for name in names {
            self.export(&name, None);
        }
        walk::walk_export_declaration(self, it);
    }

    fn visit_export_default_declaration(&mut self, it: &ExportDefaultDeclaration<'a>) {
        self.export("default", None);
        walk::walk_export_default_declaration(self, it);
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        if let Expression::StringLiteral(literal) = &it.source {
            self.import(&literal.value, true, literal.span);
        }
        walk::walk_import_expression(self, it);
    }
}
