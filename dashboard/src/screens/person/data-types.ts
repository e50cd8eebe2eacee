export const dataTypes = [
  "activity",
  "sleep",
  "daily",
  "body",
  "nutrition",
  "menstruation",
  "athlete",
] as const;
export type DataType = (typeof dataTypes)[number];
