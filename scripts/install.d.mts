export function missing(root: string, wanted: { readonly development: boolean }): string[] | null;
export function install(root: string, args: readonly string[]): Promise<number>;
