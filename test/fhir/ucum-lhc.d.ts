/** The part of the package that is used here; it ships no types. */
declare module "@lhncbc/ucum-lhc" {
  export const UcumLhcUtils: {
    getInstance(): { validateUnitString(unit: string): { readonly status: "valid" | "invalid" | "error" } };
  };
}
