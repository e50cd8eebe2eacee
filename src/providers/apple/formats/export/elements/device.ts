/**
 * The source of a record. Its device is a description for programmers: `<<HKDevice: 0x28>, name:Apple Watch,
 * manufacturer:Apple Inc., model:Watch, hardware:Watch6,1, software:11.5, creation date:2025-05-14 22:06:53 +0000>`. The
 * pointer differs from record to record, and values contain commas, so it is read by the keys in their order.
 */
import type { Source } from "../../../healthkit/sample.ts";
import { nameIn } from "../../fields.ts";
import { limits } from "../limits.ts";
import type { Attributes } from "../xml/element.ts";

/** The keys, in the order in which they are written; each may be missing. */
const keys = ["name", "manufacturer", "model", "hardware", "firmware", "software", "localIdentifier", "UDI"];
const last = "creation date";

/** Returns the model of a device text: its hardware (`Watch6,1`), else the model's name; null when neither is told. */
export function modelOf(device: string): string | null {
  const values = deviceValues(device);
  return values.get("hardware") ?? values.get("model") ?? null;
}

function deviceValues(device: string): Map<string, string> {
  const text = `, ${withoutPointer(device).replace(/>\s*$/, "")}`;
  const found: { readonly key: string; readonly at: number }[] = [];
  let from = 0;
  for (const key of [...keys, last]) {
    const at = text.indexOf(`, ${key}:`, from);
    if (at < 0) continue;
    found.push({ key, at });
    from = at + 1;
  }
  return new Map(
    found.map(({ key, at }, index) => {
      const value = text.slice(at + key.length + 3, found[index + 1]?.at).trim();
      return [key, value] as const;
    }),
  );
}

/** The part after `<<HKDevice: 0x…>, `. */
function withoutPointer(device: string): string {
  if (!device.startsWith("<")) return device;
  const at = device.indexOf(">, ");
  return at < 0 ? device : device.slice(at + 3);
}

/** Reads sources; the few of an export are read once. */
export class Sources {
  readonly #known = new Map<string, Source>();

  of({ sourceName, device }: Attributes): Source {
    const told = device === undefined ? "" : withoutPointer(device);
    const key = `${sourceName ?? ""}\n${told}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const source: Source = {
      name: nameIn(sourceName),
      bundleId: null,
      model: device === undefined ? null : modelOf(device),
    };
    if (this.#known.size < limits.interned) this.#known.set(key, source);
    return source;
  }
}
