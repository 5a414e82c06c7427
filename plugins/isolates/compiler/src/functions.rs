//! Which text of the source a generated function is, so that `Function.prototype.toString` can return it.

use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};
use oxc_syntax::scope::ScopeFlags;
use serde::{Deserialize, Serialize};

/// A function, method or class in generated code, and where it stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionPlace {
    /// Byte range in the generated code.
    pub generated: (u32, u32),
    /// Byte range in the source; that of the enum for the function around one; `None`
    /// for what the compiler made itself.
    pub source: Option<(u32, u32)>,
    /// Whether it is a class.
    pub is_class: bool,
}

/// One function as the tree has it: its range in the text the tree was parsed from, empty if it was made.
pub(crate) struct Found {
    pub(crate) span: Span,
    pub(crate) is_class: bool,
}

/// All functions of a tree, outer ones first, in the order in which they are printed. `source` is what the tree's
/// spans refer to.
pub(crate) fn find(program: &Program<'_>, source: &str) -> Vec<Found> {
    let mut find = Find {
        source,
        found: Vec::new(),
    };
    find.visit_program(program);
    find.found
}

struct Find<'s> {
    source: &'s str,
    found: Vec<Found>,
}

impl Find<'_> {
    fn add(&mut self, span: Span, is_class: bool) {
        self.found.push(Found { span, is_class });
    }
}

impl<'a> Visit<'a> for Find<'_> {
    fn visit_function(&mut self, it: &Function<'a>, flags: ScopeFlags) {
        self.add(it.span, false);
        walk::walk_function(self, it, flags);
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        self.add(it.span, false);
        walk::walk_arrow_function_expression(self, it);
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        self.add(it.span, true);
        walk::walk_class(self, it);
    }

    /// A method's text starts at its first modifier other than `static` and those of TypeScript.
    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        let (start, key) = (it.span.start, it.key.span().start);
        let modifiers = self.source.get(start as usize..key as usize).unwrap_or_default();
        let dropped = ["static", "public", "private", "protected", "override", "readonly"]
            .iter()
            .filter_map(|word| modifiers.rfind(word).map(|at| at + word.len()))
            .max()
            .unwrap_or(0);
        let gap = modifiers[dropped..].len() - modifiers[dropped..].trim_start().len();
        self.visit_property_key(&it.key);
        let own = self.found.len();
        self.visit_function(&it.value, ScopeFlags::Function);
        if !it.span.is_empty() {
            self.found[own].span = Span::new(start + (dropped + gap) as u32, it.span.end);
        }
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        self.visit_property_key(&it.key);
        let own = self.found.len();
        self.visit_expression(&it.value);
        if it.method || it.kind != PropertyKind::Init {
            self.found[own].span = it.span;
        }
    }
}
