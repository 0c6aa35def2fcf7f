/** "1 entry", "2 entries": the plural is the singular with an s unless given. */
export const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;
