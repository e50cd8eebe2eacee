/** The longest cycle whose length is told, in days. A day's cycle is looked for that far before and after it. */
export const longestCycleDays = 90;
