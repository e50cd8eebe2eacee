/** The elements below the root of an export, each complete with its descendants. */
import { limits } from "../limits.ts";
import { GuardedParser } from "./guarded-parser.ts";

export type Attributes = Readonly<Record<string, string | undefined>>;

export interface XmlElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: readonly XmlElement[];
}

interface OpenElement extends XmlElement {
  children: XmlElement[];
}

/** Most records have no children; they share this list, which stays empty. */
const none: XmlElement[] = [];

/** Passes on each element below the root as soon as it is closed. */
export class ElementReader {
  readonly #parser: GuardedParser;
  readonly #open: OpenElement[] = [];
  #depth = 0;
  #descendants = 0;
  /** Descendants that were left out, because their element has too many. */
  #leftOut = 0;

  constructor(root: string, emit: (element: XmlElement) => void) {
    this.#parser = new GuardedParser(root, {
      open: (name, attributes) => this.#begin(name, attributes),
      close: () => this.#end(emit),
    });
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  get parser(): GuardedParser {
    return this.#parser;
  }

  #begin(name: string, attributes: Attributes): void {
    this.#depth += 1;
    if (this.#depth === 1) return;
    const element: OpenElement = { name, attributes, children: none };
    const outer = this.#open.at(-1);
    if (outer === undefined) this.#descendants = 0;
    else this.#add(outer, element);
    this.#open.push(element);
  }

  #add(outer: OpenElement, element: XmlElement): void {
    this.#descendants += 1;
    if (this.#descendants > limits.descendants) this.#leftOut += 1;
    else if (outer.children === none) outer.children = [element];
    else outer.children.push(element);
  }

  #end(emit: (element: XmlElement) => void): void {
    this.#depth -= 1;
    const element = this.#open.pop();
    if (element !== undefined && this.#open.length === 0) emit(element);
  }
}

/** Returns the metadata entries of an element by key. Keys are repeated after a route; the last one counts. */
export function metadataOf(children: readonly XmlElement[]): Map<string, string> {
  const metadata = new Map<string, string>();
  for (const { name, attributes } of children) {
    if (name !== "MetadataEntry") continue;
    const { key, value } = attributes;
    if (key !== undefined && value !== undefined) metadata.set(key, value);
  }
  return metadata;
}

export const childrenNamed = ({ children }: XmlElement, name: string): XmlElement[] =>
  children.filter((child) => child.name === name);
