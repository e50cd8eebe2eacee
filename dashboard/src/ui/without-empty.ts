/** For addresses: a filter that is not set is not named. */
export const withoutEmpty = <Part extends object>(part: Part): Part =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Part;
