/**
 * A document that the store cannot hold in this form: because of its shape (a field's name, a number, lists in
 * lists), for which there is the text form, or because of its size, for which there is the link form.
 */
export class Unfit extends Error {
  readonly why: "shape" | "size";

  constructor(why: "shape" | "size", reason: string) {
    super(reason);
    this.why = why;
  }
}
