//! scratch
use helios_compiler::*;
#[test]
fn t() {
    for unit in ["a<", "a<A<", "f<(", "(a?", "(", "a?(b:", "[a=[", "async(", "a<b>(", "<T>", "{a:", "a=>"] {
    for n in [10usize, 30, 100, 300, 1000] {
        let s = unit.repeat(n);
        let t = std::time::Instant::now();
        let _ = compile(&s, &CompileOptions::default());
        let a = t.elapsed();
        eprint!("{unit} {n} {a:?}  ");
        if a.as_millis() > 2000 { break; }
    }
    eprintln!();
    }
}
