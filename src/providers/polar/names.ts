/** AccessLink v3, the only one of Polar's APIs that is spoken so far; its consent has the same name. */
export const accesslink = "accesslink-v3";
