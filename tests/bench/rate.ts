/** Items per second with a fixed number at a time. */
export async function rate<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<number> {
  const waiting = [...items];
  const startMs = performance.now();
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (1000 * items.length) / (performance.now() - startMs);
}
