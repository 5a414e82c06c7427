//! Prints the TypeScript declarations of the ABI.

fn main() {
    print!("{}", helios_abi::dts::generate());
}
