import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Marked, type Token } from 'marked';
import type { Plugin } from 'vite';
import type { Chapter } from '../src/features/networks/chapter';

const FOLDER = new URL('../../docs/networks/', import.meta.url);
const INDEX = 'virtual:guides';
const GUIDE = 'virtual:guide/';
/** What stands between these is written from the descriptors; the page draws it from them itself. */
const WRITTEN = /<!-- Written by [\s\S]*<!-- End of what is written. -->/;

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replace(/\s/g, '-');
}

/** The page draws the titles of chapters as h3, so those within are h4. Other guides are other pages of the app. */
const marked = new Marked({
  renderer: {
    heading({ tokens, text }) {
      return `<h4 id="${anchor(text)}">${this.parser.parseInline(tokens)}</h4>`;
    },
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      const guide = /^(\w+)\.md(#.*)?$/.exec(href);
      if (guide) return `<a href="/networks/${guide[1]}${guide[2] ?? ''}">${text}</a>`;
      return `<a href="${href}" target="_blank" rel="noreferrer">${text}</a>`;
    },
  },
});

/** The chapters of docs/networks/<name>.md. */
export function chapters(markdown: string): Chapter[] {
  const found: { title: string; tokens: Token[] }[] = [{ title: '', tokens: [] }];
  for (const token of marked.lexer(markdown.replace(WRITTEN, ''))) {
    if (token.type === 'heading' && token.depth === 1) continue;
    if (token.type === 'heading' && token.depth === 2) {
      found.push({ title: token.text, tokens: [] });
    } else {
      found.at(-1)?.tokens.push(token);
    }
  }
  return found
    .filter(({ tokens }) => tokens.some((token) => token.type !== 'space'))
    .map(({ title, tokens }) => ({
      title,
      id: anchor(title),
      html: marked.parser(tokens),
    }));
}

/** Lets the app import the networks' guides: `virtual:guides` knows how to fetch each, as chapters of HTML. */
export function guides(): Plugin {
  return {
    name: 'guides',
    resolveId(id) {
      return id === INDEX || id.startsWith(GUIDE) ? `\0${id}` : undefined;
    },
    load(id) {
      if (id === `\0${INDEX}`) {
        const names = readdirSync(FOLDER)
          .filter((file) => file.endsWith('.md'))
          .map((file) => file.slice(0, -3));
        const entries = names.map((name) => `${name}: () => import('${GUIDE}${name}')`);
        return `export default { ${entries.join(', ')} };`;
      }
      if (!id.startsWith(`\0${GUIDE}`)) return undefined;
      const file = fileURLToPath(new URL(`${id.slice(GUIDE.length + 1)}.md`, FOLDER));
      this.addWatchFile(file);
      return `export default ${JSON.stringify(chapters(readFileSync(file, 'utf8')))};`;
    },
  };
}
