/** Scrolls a row that is wider than the screen until this item of it is in the middle; the page stays where it is. */
export function revealInRow(item: Element | null | undefined): void {
  const row = item?.parentElement;
  if (!item || !row) return;
  const [a, b] = [item.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += a.left + a.width / 2 - (b.left + b.width / 2);
}
