/** "3.4 MB" of a number of bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.5 && unit < units.length - 1);
  const short = value < 9.95 ? Number(value.toFixed(1)) : Math.round(value);
  return `${short} ${units[unit]}`;
}

/** "1 post", "3 posts", "1,200 posts". */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/** "Ada", "Ada and Bob", "Ada, Bob and 3 more". */
export function listNames(names: string[], shown = 2): string {
  if (names.length <= 1) return names[0] ?? '';
  const rest = names.length - shown;
  if (rest > 0) return `${names.slice(0, shown).join(', ')} and ${rest} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
