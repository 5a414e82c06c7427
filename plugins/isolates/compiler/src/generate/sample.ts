/** What one entry of a log says, and where it came from. */
export interface Entry_N {
  readonly time: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  fields?: Record<string, string | number | boolean>;
}

export enum Order_N {
  Ascending = 1,
  Descending = -1,
}

type Key_N = keyof Entry_N;

/** Parses one line of the form `time level text key=value …`; returns null for anything else. */
export function parseLine_N(line: string): Entry_N | null {
  const match = /^(\d+) (debug|info|warn|error) ([^=]*?)((?: [a-z]+=\S+)*)$/.exec(line.trim());
  if (match === null) {
    return null;
  }
  const [, time, level, text, rest] = match;
  const fields: Record<string, string | number | boolean> = {};
  for (const pair of rest.split(' ')) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    const key = pair.slice(0, at);
    const value = pair.slice(at + 1);
    fields[key] = value === 'true' ? true : value === 'false' ? false : /^-?\d+$/.test(value) ? Number(value) : value;
  }
  return { time: Number(time), level: level as Entry_N['level'], text, fields };
}

export class Journal_N {
  static readonly limit = 1000;
  readonly #entries: Entry_N[] = [];
  private dropped = 0;
  onFull?: (count: number) => void;

  constructor(
    private readonly name: string,
    public order: Order_N = Order_N.Ascending,
  ) {}

  get length(): number {
    return this.#entries.length;
  }

  add(...entries: Entry_N[]): this {
    for (const entry of entries) {
      if (this.#entries.length >= Journal_N.limit) {
        this.#entries.shift();
        this.dropped += 1;
        this.onFull?.(this.dropped);
      }
      this.#entries.push({ ...entry, text: entry.text.trimEnd() });
    }
    return this;
  }

  *matching(test: (entry: Entry_N) => boolean): Generator<Entry_N> {
    let index = this.order === Order_N.Ascending ? 0 : this.#entries.length - 1;
    while (index >= 0 && index < this.#entries.length) {
      const entry = this.#entries[index];
      if (test(entry)) {
        yield entry;
      }
      index += this.order;
    }
  }

  count(key: Key_N = 'level'): Map<string, number> {
    const counts = new Map<string, number>();
    for (const entry of this.#entries) {
      const value = String(entry[key]);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return counts;
  }

  toString(): string {
    const lines = [...this.matching(() => true)].map(({ time, level, text }) => `${time} ${level.padEnd(5)} ${text}`);
    return `# ${this.name}: ${this.length} entries, ${this.dropped} dropped\n${lines.join('\n')}`;
  }
}

export async function follow_N(source: AsyncIterable<string>, journal: Journal_N): Promise<number> {
  let bad = 0;
  try {
    for await (const line of source) {
      const entry = parseLine_N(line);
      if (entry) {
        journal.add(entry);
      } else {
        bad++;
      }
    }
  } catch (error) {
    journal.add({ time: 0, level: 'error', text: error instanceof Error ? error.message : String(error) });
  } finally {
    await Promise.resolve();
  }
  return bad;
}

export function checksum_N(bytes: Uint8Array, seed = 0x811c9dc5): number {
  let hash = seed >>> 0;
  for (let index = 0; index < bytes.length; index++) {
    hash ^= bytes[index];
    hash = Math.imul(hash, 0x01000193) >>> 0;
    hash = ((hash << 13) | (hash >>> 19)) >>> 0;
  }
  return hash;
}
