/** The largest page the server gives. */
export const PAGE_LIMIT = 200;
/** More than this is no list for one screen; it also stops a cursor that leads nowhere new. */
const MOST_PAGES = 50;

type Page<Item> = Readonly<{ items: readonly Item[]; nextCursor?: string | null }>;

/** All items of a list that is shown, ordered and searched as a whole. */
export async function everyPage<Item>(read: (cursor: string | null) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    // Each page is asked for with the cursor of the one before.
    // oxlint-disable-next-line no-await-in-loop
    const answer: Page<Item> = await read(cursor);
    items.push(...answer.items);
    cursor = answer.nextCursor ?? null;
    if (cursor === null) break;
  }
  return items;
}
