const key = "systole-environment";

export const lastEnvironment = (): string | null => localStorage.getItem(key);

export const rememberEnvironment = (devId: string): void => localStorage.setItem(key, devId);
