//! One walk over the parsed source, before anything is changed: bounds its depth, refuses what the machine does not run.

use oxc_allocator::ArenaVec;
use oxc_ast::ast::*;
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};

use crate::{BIGINT_LITERAL_CHARS_MAX, DEPTH_MAX, Diagnostics, INTERNAL_MODULE};

/// What the walk found.
pub(crate) struct Survey<'s> {
    source: &'s str,
    base_layer: bool,
    depth: u32,
    namespaces: u32,
    /// Whether anything is declared with `using`.
    pub(crate) using: bool,
    /// Set once when the tree is deeper than [`DEPTH_MAX`]; nothing below is visited.
    pub(crate) too_deep: Option<Span>,
    /// Complaints.
    pub(crate) diagnostics: Diagnostics,
}

impl<'s> Survey<'s> {
    pub(crate) fn new(source: &'s str, specifier: &str, base_layer: bool) -> Self {
        let diagnostics = Diagnostics::new(specifier);
        Self {
            source,
            base_layer,
            depth: 0,
            namespaces: 0,
            using: false,
            too_deep: None,
            diagnostics,
        }
    }

    fn error(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.diagnostics.error(
            self.source,
            span.start,
            span.end,
            message,
            (!help.is_empty()).then_some(help),
        );
    }

    fn specifier(&mut self, literal: &StringLiteral<'_>) {
        let name = literal.value.as_str();
        if name.starts_with("./") || name.starts_with("../") || name.starts_with('/') {
            let last = name.rsplit('/').next().unwrap_or_default();
            if !last.trim_start_matches('.').contains('.') {
                let help = format!("write `{name}.ts`");
                self.error(
                    literal.span,
                    format!("the import `{name}` does not name its extension"),
                    &help,
                );
            }
        } else if name.is_empty() {
            self.error(literal.span, "an import needs a name", "");
        } else if !self.base_layer && (name == INTERNAL_MODULE || name.starts_with("helios:internal/")) {
            self.error(literal.span, format!("`{name}` belongs to the system library"), "");
        } else if !name.contains(':') {
            let help = "modules of the system are named `helios:NAME`; a file is named by a path that starts with `./`, `../` or `/`";
            self.error(literal.span, format!("there is no module `{name}`"), help);
        }
    }

    fn attributes(&mut self, with: Option<&WithClause<'_>>, phase: Option<ImportPhase>, span: Span) {
        if let Some(with) = with {
            self.error(
                with.span,
                "import attributes are not supported",
                "read the file and parse it instead",
            );
        }
        if phase.is_some() {
            self.error(
                span,
                "`import defer` and `import source` are not supported",
                "use a plain import",
            );
        }
    }

    fn descend(&mut self, span: Span, walk: impl FnOnce(&mut Self)) {
        if self.too_deep.is_some() {
            return;
        }
        if self.depth == DEPTH_MAX {
            self.too_deep = Some(span);
            return;
        }
        self.depth += 1;
        walk(self);
        self.depth -= 1;
    }

    /// Where `using` is lowered: a block, `try` in it, and a block in that where a name is declared again.
    fn descend_lowered(&mut self, span: Span, walk: impl FnOnce(&mut Self)) {
        self.descend(span, |s| s.descend(span, |s| s.descend(span, walk)));
    }
}

/// Whether a declaration is one of `using` or `await using`.
pub(crate) fn is_using(it: &VariableDeclaration<'_>) -> bool {
    matches!(
        it.kind,
        VariableDeclarationKind::Using | VariableDeclarationKind::AwaitUsing
    )
}

/// Every way a tree can nest without bound goes through one of the kinds that call `descend`.
impl<'a> Visit<'a> for Survey<'_> {
    fn visit_expression(&mut self, it: &Expression<'a>) {
        self.descend(it.span(), |s| walk::walk_expression(s, it));
    }

    fn visit_statement(&mut self, it: &Statement<'a>) {
        self.descend(it.span(), |s| walk::walk_statement(s, it));
    }

    fn visit_binding_pattern(&mut self, it: &BindingPattern<'a>) {
        self.descend(it.span(), |s| walk::walk_binding_pattern(s, it));
    }

    fn visit_assignment_target(&mut self, it: &AssignmentTarget<'a>) {
        self.descend(it.span(), |s| walk::walk_assignment_target(s, it));
    }

    fn visit_ts_type(&mut self, it: &TSType<'a>) {
        self.descend(it.span(), |s| walk::walk_ts_type(s, it));
    }

    fn visit_ts_tuple_element(&mut self, it: &TSTupleElement<'a>) {
        self.descend(it.span(), |s| walk::walk_ts_tuple_element(s, it));
    }

    fn visit_ts_type_name(&mut self, it: &TSTypeName<'a>) {
        self.descend(it.span(), |s| walk::walk_ts_type_name(s, it));
    }

    fn visit_ts_import_type_qualifier(&mut self, it: &TSImportTypeQualifier<'a>) {
        self.descend(it.span(), |s| walk::walk_ts_import_type_qualifier(s, it));
    }

    fn visit_ts_namespace_declaration(&mut self, it: &TSNamespaceDeclaration<'a>) {
        self.namespaces += u32::from(!it.declare);
        self.descend(it.span, |s| walk::walk_ts_namespace_declaration(s, it));
        self.namespaces -= u32::from(!it.declare);
    }

    /// The transform would make two variables of it: one inside, one on the namespace.
    fn visit_export_declaration(&mut self, it: &ExportDeclaration<'a>) {
        if let Declaration::VariableDeclaration(variables) = &it.declaration
            && self.namespaces > 0
            && !variables.declare
            && variables.kind != VariableDeclarationKind::Const
        {
            self.error(
                it.span,
                "a namespace can only export variables that are `const`",
                "export a function that sets it",
            );
        }
        walk::walk_export_declaration(self, it);
    }

    fn visit_ts_export_assignment(&mut self, it: &TSExportAssignment<'a>) {
        self.error(it.span, "`export =` is not supported", "write `export default`");
    }

    fn visit_ts_external_module_reference(&mut self, it: &TSExternalModuleReference<'a>) {
        self.error(it.span, "`require` is not supported", "write `import … from`");
    }

    fn visit_decorator(&mut self, it: &Decorator<'a>) {
        self.error(
            it.span,
            "decorators are not supported",
            "call the function on the class instead",
        );
    }

    fn visit_accessor_property(&mut self, it: &AccessorProperty<'a>) {
        self.error(
            it.span,
            "`accessor` fields are not supported",
            "write a getter and a setter",
        );
    }

    fn visit_variable_declaration(&mut self, it: &VariableDeclaration<'a>) {
        self.using |= is_using(it);
        walk::walk_variable_declaration(self, it);
    }

    /// What a list with such a declaration becomes is deeper.
    fn visit_statements(&mut self, it: &ArenaVec<'a, Statement<'a>>) {
        let declares = |it: &&Statement<'a>| matches!(it, Statement::VariableDeclaration(it) if is_using(it));
        match it.iter().find(declares) {
            Some(declaration) => self.descend_lowered(declaration.span(), |s| walk::walk_statements(s, it)),
            None => walk::walk_statements(self, it),
        }
    }

    fn visit_for_statement(&mut self, it: &ForStatement<'a>) {
        match &it.init {
            Some(ForStatementInit::VariableDeclaration(head)) if is_using(head) => {
                self.descend_lowered(it.span, |s| walk::walk_for_statement(s, it));
            }
            _ => walk::walk_for_statement(self, it),
        }
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        match &it.left {
            ForStatementLeft::VariableDeclaration(head) if is_using(head) => {
                self.descend_lowered(it.span, |s| walk::walk_for_of_statement(s, it));
            }
            _ => walk::walk_for_of_statement(self, it),
        }
    }

    fn visit_with_statement(&mut self, it: &WithStatement<'a>) {
        let end = it.span.start + 4;
        self.error(
            Span::new(it.span.start, end),
            "`with` statements are not supported",
            "name the object",
        );
    }

    fn visit_big_int_literal(&mut self, it: &BigIntLiteral<'a>) {
        if it.span.size() as usize > BIGINT_LITERAL_CHARS_MAX {
            let message = format!("a BigInt literal has at most {BIGINT_LITERAL_CHARS_MAX} characters");
            self.error(it.span, message, "");
        }
    }

    fn visit_import_declaration(&mut self, it: &ImportDeclaration<'a>) {
        if !it.import_kind.is_type() {
            self.specifier(&it.source);
            self.attributes(it.with_clause.as_deref(), it.phase, it.span);
        }
        walk::walk_import_declaration(self, it);
    }

    fn visit_export_from_declaration(&mut self, it: &ExportFromDeclaration<'a>) {
        if !it.export_kind.is_type() {
            self.specifier(&it.source);
            self.attributes(it.with_clause.as_deref(), None, it.span);
        }
        walk::walk_export_from_declaration(self, it);
    }

    fn visit_export_all_declaration(&mut self, it: &ExportAllDeclaration<'a>) {
        if !it.export_kind.is_type() {
            self.specifier(&it.source);
            self.attributes(it.with_clause.as_deref(), None, it.span);
        }
        walk::walk_export_all_declaration(self, it);
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        if let Expression::StringLiteral(literal) = &it.source {
            self.specifier(literal);
        }
        if let Some(options) = &it.options {
            self.error(
                options.span(),
                "import attributes are not supported",
                "read the file and parse it instead",
            );
        }
        self.attributes(None, it.phase, it.span);
        walk::walk_import_expression(self, it);
    }

    fn visit_array_pattern(&mut self, it: &ArrayPattern<'a>) {
        if let Some(rest) = &it.rest
            && !matches!(rest.argument, BindingPattern::BindingIdentifier(_))
        {
            self.error(
                rest.span,
                "a rest element must be a plain name here",
                "give it a name and take it apart after",
            );
        }
        walk::walk_array_pattern(self, it);
    }

    fn visit_assignment_target_rest(&mut self, it: &AssignmentTargetRest<'a>) {
        if !matches!(it.target, AssignmentTarget::AssignmentTargetIdentifier(_)) {
            self.error(
                it.span,
                "a rest element must be a plain name here",
                "give it a name and assign it after",
            );
        }
        walk::walk_assignment_target_rest(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        if matches!(
            it.operator,
            AssignmentOperator::Multiplication | AssignmentOperator::Exponential | AssignmentOperator::ShiftLeft
        ) && let AssignmentTarget::PrivateFieldExpression(field) = &it.left
            && !matches!(field.object, Expression::ThisExpression(_) | Expression::Identifier(_))
        {
            self.error(
                it.span,
                "the object of this assignment must be a plain name or `this`",
                "give it a name first",
            );
        }
        walk::walk_assignment_expression(self, it);
    }
}
