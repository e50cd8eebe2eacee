/** Lines that scroll, and one progress line that stays at the bottom of a terminal. */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  #progress = "";

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  print(text = ""): void {
    this.#clear();
    this.#out.write(`${text}\n`);
    this.#draw();
  }

  /** Shows the progress on a terminal only; a log file gets just the important lines. */
  progress(done: number, total: number, what: string): void {
    const width = 24;
    const filled = total === 0 ? 0 : Math.min(width, Math.round((done / total) * width));
    this.#progress = `[${"#".repeat(filled)}${"-".repeat(width - filled)}] ${done} of ${total} ${what}`;
    this.#clear();
    this.#draw();
  }

  endProgress(): void {
    this.#clear();
    if (!this.#out.isTTY && this.#progress !== "") this.#out.write(`${this.#progress}\n`);
    this.#progress = "";
  }

  #clear(): void {
    if (this.#out.isTTY) this.#out.write("\r\x1b[K");
  }

  #draw(): void {
    if (this.#out.isTTY) this.#out.write(this.#progress);
  }
}
