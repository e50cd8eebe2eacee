/** Notices a list whose pages repeat or never end: it must not keep a worker, nor spend a provider's calls. */
import { createHash } from "node:crypto";
import type { ProviderRequest, ProviderResponse } from "../providers/provider.ts";

/** A list may have so many pages, where its provider declares no number. */
const mostUsually = 1_000;

export class PageGuard {
  readonly #most: number;
  readonly #asked = new Set<string>();
  readonly #bodies = new Set<string>();
  /** The pages that were read in this try and in those before it. */
  read: number;

  /** @param before the pages that earlier tries have read */
  constructor(before: number, most: number = mostUsually) {
    this.read = before;
    this.#most = most;
  }

  /** Returns what is wrong with asking for this page; null if nothing is. */
  beforeAsking(request: ProviderRequest): string | null {
    const page = JSON.stringify(request);
    if (this.#asked.has(page)) return "a page leads back to an earlier one";
    if (this.read >= this.#most) return `more than ${this.#most} pages`;
    this.#asked.add(page);
    return null;
  }

  /** Returns what is wrong with a page's answer; null if nothing is. Pages without items may be the same. */
  afterReading({ body, next = null }: ProviderResponse, items: number): string | null {
    this.read++;
    const content = createHash("sha256").update(`${next}\n`).update(body).digest("base64");
    if (items > 0 && this.#bodies.has(content)) return "a page is the same as an earlier one";
    this.#bodies.add(content);
    return null;
  }
}
