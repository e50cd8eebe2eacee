/**
 * Names of columns and tables out of a model's own names. They are lower case, so that nobody has to quote
 * them; the words that Terra's sections add and that say nothing (`_data`, `summary`, …) are left out, units
 * never are. One rule for both dialects, so that a query moves from one to the other.
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

/** `strain` and `strain_level` are `strain_level`: what begins with what stands before it says it already. */
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
   * The name itself, cut when it is too long and numbered when it is taken. `endings` are what else has to
   * fit behind it, such as a unit, and be free.
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

/** Two long names that begin alike stay apart by a hash of the whole. */
function shortened(name: string, room: number): string {
  if (name.length <= room) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, hashLength);
  return `${name.slice(0, room - hashLength - 1)}_${hash}`;
}
