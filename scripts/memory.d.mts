export const semiSpace: string;
export const saver: string;
export const allocator: Readonly<Record<string, string>>;
