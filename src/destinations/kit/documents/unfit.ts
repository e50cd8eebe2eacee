/**
 * A document that the store cannot hold in this form: for its shape (a field's name, a number, lists in lists),
 * which the text form helps, or for its size, which only the link form does.
 */
export class Unfit extends Error {
  readonly why: "shape" | "size";

  constructor(why: "shape" | "size", reason: string) {
    super(reason);
    this.why = why;
  }
}
