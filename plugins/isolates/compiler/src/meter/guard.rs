//! Guards where a BigInt may grow, and destructuring assignments, which copy what is left.

use oxc_allocator::{CloneIn, GetAllocator, TakeIn};
use oxc_ast::ast::*;
use oxc_ast_visit::{VisitJsMut, walk_js_mut as walk};
use oxc_span::SPAN;

use super::{ALLOCATION_WEIGHT, CALL_WEIGHT, Meter};
use crate::numbers::is_arithmetic;

/// Most unproved `*` under one guard: a value in between is at most this many times the length of its operands.
const PRODUCTS_MAX: u32 = 8;

impl<'a> Meter<'a, '_> {
    /// Meters a tree of operators. One guard at its root stands for all its products.
    pub(super) fn meter_arithmetic(&mut self, it: &mut Expression<'a>, guarded: bool) {
        if let Some(helper) = self.replacement(it) {
            self.replace_operator(it, helper);
            return;
        }
        let mut products = 0;
        if !guarded {
            self.count_products(it, &mut products);
        }
        let covered = guarded || products <= PRODUCTS_MAX;
        // Beyond the bound each operand is a tree of its own, and the root is guarded if it is a product itself.
        let guard = !guarded && products > 0 && (covered || self.is_product(it)) && !self.plain.plain(it, self.scoping);
        match it {
            Expression::BinaryExpression(it) => {
                self.guarded = covered;
                self.visit_expression(&mut it.left);
                self.guarded = covered;
                self.visit_expression(&mut it.right);
                self.guarded = false;
            }
            Expression::UnaryExpression(it) => {
                self.guarded = covered;
                self.visit_expression(&mut it.argument);
                self.guarded = false;
            }
            _ => walk::walk_expression(self, it),
        }
        if guard {
            let value = it.take_in(&self.ast);
            let store = self.store_temporary(value);
            let checked = self.helper("big", [self.temporary()]);
            *it = Expression::new_conditional_expression(
                SPAN,
                self.is_number(store),
                self.temporary(),
                checked,
                &self.ast,
            );
        }
    }

    fn is_product(&self, it: &Expression<'a>) -> bool {
        matches!(it, Expression::BinaryExpression(it) if it.operator == BinaryOperator::Multiplication
            && !self.plain.plain(&it.right, self.scoping) && !self.plain.plain(&it.left, self.scoping))
    }

    /// Counts unproved products in the tree of operators at `it`, and stops beyond [`PRODUCTS_MAX`].
    fn count_products(&self, it: &Expression<'a>, count: &mut u32) {
        if *count > PRODUCTS_MAX || self.replacement(it).is_some() {
            return;
        }
        *count += u32::from(self.is_product(it));
        match it {
            Expression::BinaryExpression(it) => {
                self.count_products(&it.right, count);
                self.count_products(&it.left, count);
            }
            Expression::UnaryExpression(it) => self.count_products(&it.argument, count),
            _ => {}
        }
    }

    /// The helper that stands for an operator whose cost is not bounded by the length of its operands.
    fn replacement(&self, it: &Expression<'a>) -> Option<&'static str> {
        let Expression::BinaryExpression(it) = it else {
            return None;
        };
        let helper = match it.operator {
            BinaryOperator::Exponential => "pow",
            BinaryOperator::ShiftLeft => "shl",
            _ => return None,
        };
        debug_assert!(is_arithmetic(it.operator));
        let plain = self.plain.plain(&it.right, self.scoping) || self.plain.plain(&it.left, self.scoping);
        (!plain).then_some(helper)
    }

    /// `a << b` becomes `$h.shl(a, b)`, and where both are names `(typeof a == "number" ? a << b : $h.shl(a, b))`.
    fn replace_operator(&mut self, it: &mut Expression<'a>, helper: &'static str) {
        let Expression::BinaryExpression(binary) = it else {
            return;
        };
        self.visit_expression(&mut binary.left);
        self.visit_expression(&mut binary.right);
        self.weigh(CALL_WEIGHT);
        let fast = matches!(
            (&binary.left, &binary.right),
            (Expression::Identifier(_), Expression::Identifier(_))
        );
        let fast = fast.then(|| {
            (
                self.copy(&binary.left),
                self.copy(&binary.left),
                self.copy(&binary.right),
            )
        });
        let left = binary.left.take_in(&self.ast);
        let right = binary.right.take_in(&self.ast);
        let call = self.helper(helper, [left, right]);
        let native = it.take_in(&self.ast);
        *it = match (fast, native) {
            (Some((test, left, right)), Expression::BinaryExpression(mut native)) => {
                native.left = left;
                native.right = right;
                let native = Expression::BinaryExpression(native);
                Expression::new_conditional_expression(SPAN, self.is_number(test), native, call, &self.ast)
            }
            _ => call,
        };
    }

    /// A copy of a name, `this`, `super` or literal, still bound to the same declaration.
    fn copy(&self, it: &Expression<'a>) -> Expression<'a> {
        it.clone_in_with_semantic_ids(self.ast.allocator())
    }

    pub(super) fn meter_assignment(&mut self, it: &mut Expression<'a>) {
        self.spell_out(it);
        let Expression::AssignmentExpression(assignment) = it else {
            return;
        };
        let outer = std::mem::take(&mut self.rests);
        self.visit_assignment_target(&mut assignment.left);
        let rests = std::mem::replace(&mut self.rests, outer);
        self.visit_expression(&mut assignment.right);
        if rests.is_empty() {
            return;
        }
        let value = it.take_in(&self.ast);
        let mut parts = vec![self.store_temporary(value)];
        parts.extend(rests.into_iter().map(|name| self.rest_expression(name)));
        parts.push(self.temporary());
        *it = self.sequence(parts);
    }

    /// `x *= y` becomes `x = x * y`, where the product can then be checked before it is stored.
    fn spell_out(&mut self, it: &mut Expression<'a>) {
        let Expression::AssignmentExpression(assignment) = it else {
            return;
        };
        let operator = match assignment.operator {
            AssignmentOperator::Multiplication => BinaryOperator::Multiplication,
            AssignmentOperator::Exponential => BinaryOperator::Exponential,
            AssignmentOperator::ShiftLeft => BinaryOperator::ShiftLeft,
            _ => return,
        };
        if self.plain.plain(&assignment.right, self.scoping) {
            return;
        }
        let Some(read) = self.read_back(&mut assignment.left) else {
            return;
        };
        let right = assignment.right.take_in(&self.ast);
        assignment.operator = AssignmentOperator::Assign;
        assignment.right = Expression::new_binary_expression(SPAN, read, operator, right, &self.ast);
    }

    /// An expression that reads what `target` writes, evaluated right after the target's own parts.
    ///
    /// A target whose object or key is more than a name is first bound: `f()[k()]` becomes `($t = $h.at(f(), k())).v`.
    fn read_back(&mut self, target: &mut AssignmentTarget<'a>) -> Option<Expression<'a>> {
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(name) => Some(Expression::Identifier(
                name.clone_in_with_semantic_ids(self.ast.allocator()),
            )),
            AssignmentTarget::PrivateFieldExpression(member) => Some(Expression::PrivateFieldExpression(
                member.clone_in_with_semantic_ids(self.ast.allocator()),
            )),
            AssignmentTarget::StaticMemberExpression(member) if is_simple(&member.object) => Some(
                Expression::StaticMemberExpression(member.clone_in_with_semantic_ids(self.ast.allocator())),
            ),
            AssignmentTarget::ComputedMemberExpression(member)
                if is_simple(&member.object) && is_simple(&member.expression) =>
            {
                Some(Expression::ComputedMemberExpression(
                    member.clone_in_with_semantic_ids(self.ast.allocator()),
                ))
            }
            AssignmentTarget::StaticMemberExpression(member) => {
                let object = member.object.take_in(&self.ast);
                let key = Expression::new_string_literal(SPAN, member.property.name, None, &self.ast);
                Some(self.bind_target(target, object, key))
            }
            AssignmentTarget::ComputedMemberExpression(member) => {
                if matches!(member.object, Expression::Super(_)) {
                    let (span, message) = (member.span, "the key of this assignment must be a plain name");
                    let help = Some("give it a name first");
                    self.diagnostics.error(self.source, span.start, span.end, message, help);
                    return None;
                }
                let object = member.object.take_in(&self.ast);
                let key = member.expression.take_in(&self.ast);
                Some(self.bind_target(target, object, key))
            }
            _ => None,
        }
    }

    fn bind_target(
        &mut self,
        target: &mut AssignmentTarget<'a>,
        object: Expression<'a>,
        key: Expression<'a>,
    ) -> Expression<'a> {
        self.weigh(CALL_WEIGHT + ALLOCATION_WEIGHT);
        let bound = self.helper("at", [object, key]);
        let store = self.store_temporary(bound);
        let value = || IdentifierName::new(SPAN, "v", &self.ast);
        let member = MemberExpression::new_static_member_expression(SPAN, store, value(), false, &self.ast);
        *target = AssignmentTarget::from(member);
        Expression::new_static_member_expression(SPAN, self.temporary(), value(), false, &self.ast)
    }
}

/// Whether evaluating an expression twice in a row is evaluating it once.
fn is_simple(it: &Expression<'_>) -> bool {
    matches!(
        it,
        Expression::Identifier(_)
            | Expression::ThisExpression(_)
            | Expression::Super(_)
            | Expression::NumericLiteral(_)
            | Expression::StringLiteral(_)
    )
}
