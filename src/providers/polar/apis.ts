/** AccessLink v3, the only one of Polar's APIs that is spoken so far. */
export const accesslink = "accesslink-v3";
