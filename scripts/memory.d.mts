export const semiSpace: string;
export const allocator: Readonly<Record<string, string>>;
