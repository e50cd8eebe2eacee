/**
 * Names of columns and tables, made of a model's own names. They are lower case, so that they need no quotes. Words
 * of Terra's sections without meaning (`_data`, `summary`, …) are left out, units never are. There is one rule for
 * both dialects, so that queries work on both.
 */
import { createHash } from "node:crypto";

/** PostgreSQL's limit; MySQL has one more. */
const longest = 63;
const hashLength = 8;

/** Sections whose name adds nothing to what is inside them. */
const silent = new Set(["metadata", "summary", "detailed"]);

/** The prefix that a section adds to the names of its fields. */
export function withSection(prefix: string, section: string): string {
  return silent.has(section) ? prefix : withName(prefix, section.replace(/_data$/, ""));
}

/** `strain` and `strain_level` become `strain_level`: a name that begins with the name before it contains it already. */
export function withName(prefix: string, name: string): string {
  const lower = name.toLowerCase();
  const saysIt = prefix === "" || lower === prefix || lower.startsWith(`${prefix}_`);
  return saysIt ? lower : `${prefix}_${lower}`;
}

/** The names of one table's columns, or of all tables. */
export class Names {
  readonly #taken: Set<string>;

  constructor(reserved: readonly string[] = []) {
    this.#taken = new Set(reserved);
  }

  /**
   * The name itself, cut when it is too long and numbered when it is taken. `endings`, such as a unit, have to
   * fit behind it, and the names with them have to be free.
   */
  claim(wanted: string, endings: readonly string[] = [""]): string {
    const room = longest - Math.max(...endings.map(({ length }) => length));
    const short = shortened(wanted, room);
    for (let number = 1; ; number++) {
      const name = number === 1 ? short : shortened(`${wanted}_${number}`, room);
      const all = endings.map((ending) => `${name}${ending}`);
      if (all.some((one) => this.#taken.has(one))) continue;
      for (const one of all) this.#taken.add(one);
      return name;
    }
  }
}

/** Long names that begin in the same way are kept apart by a hash of the whole name. */
function shortened(name: string, room: number): string {
  if (name.length <= room) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, hashLength);
  return `${name.slice(0, room - hashLength - 1)}_${hash}`;
}
