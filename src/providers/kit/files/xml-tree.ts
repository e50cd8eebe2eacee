/** Builds an object from the events of an XML parser. */

/** Elements that may occur several times. They become arrays, even where there is only one. */
const repeated = new Set(["activity", "lap", "track", "trk", "trkseg", "next_sport"]);

/**
 * Elements of which only the texts of one descendant are kept, as a list. Nine tenths of a file are points, of which
 * only the times are used.
 */
const condensed = new Map([
  ["track", "time"],
  ["trkseg", "time"],
]);

/** The deepest nesting that is accepted; both formats have about a dozen levels. */
const deepest = 32;

interface Element {
  readonly name: string;
  readonly fields: Map<string, unknown>;
  text: string;
  /** The name of the descendant that is kept, and the texts found so far. */
  readonly kept: { readonly name: string; readonly texts: string[] } | null;
}

const snakeNames = new Map<string, string>();

/** Converts a name: `AverageHeartRateBpm` → `average_heart_rate_bpm`, `TPX` → `tpx`, `t:Lap` → `lap`. */
function snakeName(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const local = name.slice(name.indexOf(":") + 1);
  const made = local.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase();
  if (snakeNames.size < 1000) snakeNames.set(name, made);
  return made;
}

export class XmlTree {
  readonly #open: Element[] = [];
  readonly #document = elementOf("", null);

  /** The outermost element, as a field with its name. */
  get root(): unknown {
    return Object.fromEntries(this.#document.fields);
  }

  /** @throws RangeError when elements are nested deeper than either format has them */
  open(written: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#open.length >= deepest) throw new RangeError("Too many levels");
    const name = snakeName(written);
    const outer = this.#open.at(-1)?.kept ?? null;
    const leaf = outer ? null : condensed.get(name);
    const kept = leaf ? { name: leaf, texts: [] } : outer;
    const element = elementOf(name, kept);
    if (kept === null) addAttributes(element, attributes);
    this.#open.push(element);
  }

  text(text: string): void {
    const element = this.#open.at(-1);
    if (element && (element.kept === null || element.kept.name === element.name)) element.text += text;
  }

  close(): void {
    const element = this.#open.pop();
    if (!element) return;
    const outer = this.#open.at(-1) ?? this.#document;
    if (outer.kept === null) add(outer.fields, element.name, element.kept?.texts ?? contentOf(element));
    else if (outer.kept.name === element.name) outer.kept.texts.push(element.text.trim());
  }
}

const elementOf = (name: string, kept: Element["kept"]): Element => ({
  name,
  fields: new Map(),
  text: "",
  kept,
});

/** Adds the attributes, without namespace declarations: they say nothing about the file. */
function addAttributes({ fields }: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes))
    if (!name.startsWith("xmlns:")) fields.set(snakeName(name), value.trim());
}

/**
 * Returns an element's content: a text, or an object where there is more than text; `#text` holds the text beside other
 * content.
 */
function contentOf({ fields, text }: Element): unknown {
  const said = text.trim();
  if (fields.size === 0) return said;
  if (said !== "") fields.set("#text", said);
  return Object.fromEntries(fields);
}

function add(fields: Map<string, unknown>, name: string, value: unknown): void {
  const before = fields.get(name);
  if (before === undefined) fields.set(name, repeated.has(name) ? [value] : value);
  else if (Array.isArray(before)) before.push(value);
  else fields.set(name, [before, value]);
}
