type Filled<Part> = { [Key in keyof Part]?: Exclude<Part[Key], undefined> };

/** Leaves out what is undefined: a filter that is not set is not asked for. */
export const withoutEmpty = <Part extends object>(part: Part): Filled<Part> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Filled<Part>;
