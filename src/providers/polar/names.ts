/** The names of Polar's two APIs. The consent that opens each has the same name. */
export const accesslink = "accesslink-v3";
export const dynamic = "dynamic-v4";
