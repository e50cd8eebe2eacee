/** Names that come from programs, as words. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `ELAPSED_TIME` is shown as `elapsed time`. */
export const inWords = (name: string): string => name.toLowerCase().replaceAll("_", " ");
