//! TCP as pure functions of plain state (RFC 9293).
