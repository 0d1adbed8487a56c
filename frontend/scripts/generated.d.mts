export function generated(): Promise<Map<string, string>>;
export function placeOf(path: string): URL;
