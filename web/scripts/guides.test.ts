import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chapters } from './guides';

describe('a guide', () => {
  it('becomes chapters, without its title and the tables that are written', () => {
    const guide = chapters(
      [
        '# X\n\nIntro.',
        '## Register the app\n\n### First\n\n[Meta](facebook.md#register-the-app), [out](https://x.example)',
        '<!-- Written by `me`; do not edit. -->\n\n## What AllIN supports\n\n<!-- End of what is written. -->',
      ].join('\n\n'),
    );
    expect(guide).toEqual([
      { id: '', title: '', html: '<p>Intro.</p>\n' },
      {
        id: 'register-the-app',
        title: 'Register the app',
        html: expect.stringContaining('<h4 id="first">First</h4>'),
      },
    ]);
    expect(guide[1]?.html).toContain('href="/networks/facebook#register-the-app"');
    expect(guide[1]?.html).toContain(
      '<a href="https://x.example" target="_blank" rel="noreferrer">',
    );
  });

  it('leads only to chapters that there are', () => {
    const folder = new URL('../../docs/networks/', import.meta.url);
    const guides = readdirSync(folder).map((file) => ({
      name: file.replace('.md', ''),
      all: chapters(readFileSync(new URL(file, folder), 'utf8')),
    }));
    for (const { name, all } of guides) {
      const html = all.map((chapter) => chapter.html).join('');
      for (const [, to, anchor] of html.matchAll(/href="\/networks\/(\w+)(?:#([^"]*))?"/g)) {
        const target = guides.find((guide) => guide.name === to);
        expect(target, `${name} leads to ${to}`).toBeDefined();
        if (anchor) expect(target?.all.map(({ id }) => id)).toContain(anchor);
      }
    }
  });
});
