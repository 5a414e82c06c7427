//! The compiler: parse, check, strip, meter, print, map.

use helios_compiler::{CompileOptions, compile};

use super::{Bound, Measurement, milliseconds, sample};
use crate::generate;

pub(super) fn measurements() -> Vec<Measurement> {
    vec![Measurement {
        name: "compile",
        about: "TypeScript to metered JavaScript with a source map, per 1,000 lines",
        run: |samples| {
            let source = sample_program();
            let thousands = source.lines().count() as f64 / 1000.0;
            let options = CompileOptions {
                specifier: "/bench.ts".to_owned(),
                base_layer: false,
            };
            vec![sample(
                "compile, per 1,000 lines",
                "ms",
                Bound::AtMost(2.0),
                samples,
                || milliseconds(|| assert!(compile(&source, &options).is_ok(), "the sample compiles")) / thousands,
            )]
        },
    }]
}

/// About two thousand lines of ordinary TypeScript: classes, interfaces, async functions, loops, templates.
fn sample_program() -> String {
    let unit = "\
/** An account in a ledger. */
export interface AccountN {
  readonly id: number;
  owner: string;
  entries: Array<{ amount: number; note?: string }>;
}

export class LedgerN {
  #accounts = new Map<number, AccountN>();
  #next = 1;

  constructor(private readonly limit: number = 1000) {}

  open(owner: string): AccountN {
    if (this.#accounts.size >= this.limit) {
      throw new RangeError(`no room for ${owner}`);
    }
    const account: AccountN = { id: this.#next++, owner, entries: [] };
    this.#accounts.set(account.id, account);
    return account;
  }

  balance(id: number): number {
    let sum = 0;
    for (const entry of this.#accounts.get(id)?.entries ?? []) {
      sum += entry.amount;
    }
    return sum;
  }

  async transfer(from: number, to: number, amount: number): Promise<boolean> {
    const [source, target] = [this.#accounts.get(from), this.#accounts.get(to)];
    if (source === undefined || target === undefined || this.balance(from) < amount) {
      return false;
    }
    await Promise.resolve();
    source.entries.push({ amount: -amount, note: `to ${target.owner}` });
    target.entries.push({ amount, note: `from ${source.owner}` });
    return true;
  }
}
";
    let mut text = String::new();
    for index in 0..45 {
        text.push_str(
            &unit
                .replace("AccountN", &format!("Account{index}"))
                .replace("LedgerN", &format!("Ledger{index}")),
        );
    }
    // A generated scenario adds top-level awaits and imports.
    format!("{}{text}", generate::program(3))
}
