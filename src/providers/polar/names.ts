/** AccessLink v3, the only one of Polar's APIs that is supported so far. Its consent has the same name. */
export const accesslink = "accesslink-v3";
