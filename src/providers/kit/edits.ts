/** Edits at many places of a body at once, made in a copy that shares what is not edited with the original. */
export type Step = string | number;
export type Steps = readonly Step[];

/** The new value at a place. `undefined` removes the field, or the item of an array. */
interface Node {
  to?: { readonly value: unknown };
  readonly inside: Map<Step, Node>;
}

const newNode = (): Node => ({ inside: new Map() });

export class Edits {
  readonly #root = newNode();

  /** Adds an edit. An edit of a value overrides the edits inside it. */
  put(at: Steps, value: unknown): void {
    let node = this.#root;
    for (const step of at) {
      const next = node.inside.get(step) ?? newNode();
      node.inside.set(step, next);
      node = next;
    }
    node.to = { value };
  }

  appliedTo(body: unknown): unknown {
    return applied(body, this.#root);
  }
}

function applied(value: unknown, { to, inside }: Node): unknown {
  if (to !== undefined) return to.value;
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? editedItems(value, inside) : editedFields(value, inside);
}

function editedItems(items: readonly unknown[], edits: ReadonlyMap<Step, Node>): unknown[] {
  return items.flatMap((item, index) => {
    const edit = edits.get(index);
    if (edit === undefined) return [item];
    const edited = applied(item, edit);
    return edited === undefined ? [] : [edited];
  });
}

function editedFields(fields: object, edits: ReadonlyMap<Step, Node>): object {
  const entries = Object.entries(fields).flatMap(([key, field]): [string, unknown][] => {
    const edit = edits.get(key);
    if (edit === undefined) return [[key, field]];
    const edited = applied(field, edit);
    return edited === undefined ? [] : [[key, edited]];
  });
  return Object.fromEntries(entries);
}

/** Returns the value at a place; undefined where there is none. */
export function valueAt(body: unknown, at: Steps): unknown {
  let value = body;
  for (const step of at) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
