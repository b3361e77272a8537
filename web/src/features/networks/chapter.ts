/** One chapter of a network's guide; the first has no title. */
export interface Chapter {
  /** Its anchor, as GitHub makes it of the title. */
  id: string;
  title: string;
  html: string;
}
