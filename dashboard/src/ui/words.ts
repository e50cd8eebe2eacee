/** Makes words of names that come from programs. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `ELAPSED_TIME` is shown as `elapsed time`. */
export const inWords = (name: string): string => name.toLowerCase().replaceAll("_", " ");
