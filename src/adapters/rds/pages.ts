/** Page size of the Describe calls; 100 is the most that AWS gives. */
export const PAGE = 100;

/** One page: what it holds, and the marker of the next one (absent or empty on the last). */
export interface Page<T> {
  readonly found: readonly T[] | undefined;
  readonly marker: string | undefined;
}

/** Reads page after page; `request` holds the size, and the marker from the second page on. */
export async function allPages<T>(
  read: (request: { readonly MaxRecords: number; readonly Marker?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const page = await read({ MaxRecords: PAGE, ...(marker === undefined ? {} : { Marker: marker }) });
    all.push(...(page.found ?? []));
    marker = page.marker || undefined;
  } while (marker !== undefined);
  return all;
}

/** A look that fails must not hide the refusal it was meant to explain. */
export const quietly = <T>(looked: Promise<T>): Promise<T | undefined> => looked.catch(() => undefined);
