/** One message of a FIT file, filled field by field. */
import type { FitEncoderField } from "fit-file-parser";
import type { MessageSpec } from "./profile.ts";
import { encodeField, type FitValue } from "./wire.ts";

export type Values<Field extends string> = Readonly<Partial<Record<Field, FitValue | null>>>;

export class Message<Field extends string = string> {
  readonly spec: MessageSpec<Field>;
  readonly fields: FitEncoderField[] = [];

  constructor(spec: MessageSpec<Field>, values?: Values<Field>) {
    this.spec = spec;
    if (values) this.set(values);
  }

  /** Adds the field. Returns false where the field cannot hold the value; nothing is added then. */
  put(name: Field, value: FitValue): boolean {
    const field = encodeField(this.spec.fields[name], value);
    if (field !== null) this.fields.push(field);
    return field !== null;
  }

  /** Adds the fields that have a value and can hold it. */
  set(values: Values<Field>): this {
    for (const name in values) {
      const value = values[name];
      if (value !== null && value !== undefined) this.put(name, value);
    }
    return this;
  }

  /** The same for messages that have the same fields of the same sizes. */
  get definition(): string {
    let text = `${this.spec.number}`;
    for (const { number, size } of this.fields) text += `,${number}:${size}`;
    return text;
  }
}
