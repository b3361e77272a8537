/** What the palette needs to know about an entry to find it. */
export interface Command {
  group: string;
  label: string;
  /** Further words it is found by. */
  keywords?: string;
  /** Small text at the right end. */
  note?: string;
}

/** The commands in which every typed word begins a word, in their own order. */
export function matchCommands<C extends Command>(commands: C[], query: string): C[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    const text = ` ${command.label} ${command.keywords ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(` ${word}`));
  });
}
