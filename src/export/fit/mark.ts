/** Whether a body is a FIT file: the mark in its header says so, whatever its content type is. */
export const isFit = (body: Buffer): boolean => body.toString("latin1", 8, 12) === ".FIT";
