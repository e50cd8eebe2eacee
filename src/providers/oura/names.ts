/** The name of Oura's API, and of the consent that opens it. */
export const ouraApi = "oura-v2";
