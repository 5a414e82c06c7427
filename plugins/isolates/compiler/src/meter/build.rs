//! The few shapes of code that the meter injects.

use oxc_allocator::ArenaVec;
use oxc_ast::ast::*;
use oxc_span::SPAN;
use oxc_syntax::number::NumberBase;

use super::{Meter, WEIGHT_PER_GAS};
use crate::{GAS_HELPERS, GAS_REFILL, GAS_TEMPORARY, GAS_VARIABLE};

impl<'a> Meter<'a, '_> {
    fn name(&self, name: &'static str) -> Expression<'a> {
        Expression::new_identifier(SPAN, name, &self.ast)
    }

    pub(super) fn number(&self, value: u32) -> Expression<'a> {
        Expression::new_numeric_literal(SPAN, f64::from(value), None, NumberBase::Decimal, &self.ast)
    }

    /// `($g -= n) < 0`
    fn test(&self, weight: u32) -> Expression<'a> {
        let gas = self.number(weight.div_ceil(WEIGHT_PER_GAS).max(1));
        let target = AssignmentTarget::new_assignment_target_identifier(SPAN, GAS_VARIABLE, &self.ast);
        let left = Expression::new_assignment_expression(SPAN, AssignmentOperator::Subtraction, target, gas, &self.ast);
        let zero = self.number(0);
        Expression::new_binary_expression(SPAN, left, BinaryOperator::LessThan, zero, &self.ast)
    }

    fn refill(&self) -> Expression<'a> {
        let callee = self.name(GAS_REFILL);
        Expression::new_call_expression(SPAN, callee, None, ArenaVec::new_in(&self.ast), false, &self.ast)
    }

    /// `if (($g -= n) < 0) $o();`
    pub(super) fn charge_statement(&self, weight: u32) -> Statement<'a> {
        let call = Statement::new_expression_statement(SPAN, self.refill(), &self.ast);
        Statement::new_if_statement(SPAN, self.test(weight), call, None, &self.ast)
    }

    /// `($g -= n) < 0 && $o()`
    pub(super) fn charge_expression(&self, weight: u32) -> Expression<'a> {
        Expression::new_logical_expression(SPAN, self.test(weight), LogicalOperator::And, self.refill(), &self.ast)
    }

    /// `$h.name(arguments)`
    pub(super) fn helper<const N: usize>(&self, name: &'static str, arguments: [Expression<'a>; N]) -> Expression<'a> {
        let property = IdentifierName::new(SPAN, name, &self.ast);
        let helpers = self.name(GAS_HELPERS);
        let callee = Expression::new_static_member_expression(SPAN, helpers, property, false, &self.ast);
        let arguments = ArenaVec::from_iter_in(arguments.into_iter().map(Argument::from), &self.ast);
        Expression::new_call_expression(SPAN, callee, None, arguments, false, &self.ast)
    }

    /// `$h.rest(name)`
    pub(super) fn rest_expression(&self, name: Ident<'a>) -> Expression<'a> {
        let value = Expression::new_identifier(SPAN, name, &self.ast);
        self.helper("rest", [value])
    }

    pub(super) fn rest_statement(&self, name: Ident<'a>) -> Statement<'a> {
        Statement::new_expression_statement(SPAN, self.rest_expression(name), &self.ast)
    }

    /// `$t`
    pub(super) fn temporary(&self) -> Expression<'a> {
        self.name(GAS_TEMPORARY)
    }

    /// `$t = value`
    pub(super) fn store_temporary(&self, value: Expression<'a>) -> Expression<'a> {
        let target = AssignmentTarget::new_assignment_target_identifier(SPAN, GAS_TEMPORARY, &self.ast);
        Expression::new_assignment_expression(SPAN, AssignmentOperator::Assign, target, value, &self.ast)
    }

    /// `(a, b, …)`
    pub(super) fn sequence(&self, parts: impl IntoIterator<Item = Expression<'a>>) -> Expression<'a> {
        Expression::new_sequence_expression(SPAN, ArenaVec::from_iter_in(parts, &self.ast), &self.ast)
    }

    /// `typeof value == "number"`
    pub(super) fn is_number(&self, value: Expression<'a>) -> Expression<'a> {
        let kind = Expression::new_unary_expression(SPAN, UnaryOperator::Typeof, value, &self.ast);
        let number = Expression::new_string_literal(SPAN, "number", None, &self.ast);
        Expression::new_binary_expression(SPAN, kind, BinaryOperator::Equality, number, &self.ast)
    }
}
