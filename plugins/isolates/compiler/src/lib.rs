//! TypeScript in, metered JavaScript and a source map out.
