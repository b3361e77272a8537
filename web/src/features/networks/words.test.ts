import { describe, expect, it } from 'vitest';
import type { Format, Network } from '@/api/types';
import { entriesOf, findEntries } from './search';
import { duration, formatFacts, optionRows, optionTakes, shape } from './words';

const story: Format = {
  id: 'story',
  name: 'Story',
  text: {
    maxCharacters: 0,
    counting: 'graphemes',
    maxBytes: null,
    urlLength: null,
    maxHashtags: null,
    maxMentions: null,
    maxLinks: null,
  },
  media: {
    min: 1,
    max: 1,
    maxVideos: 0,
    mixed: false,
    images: {
      types: ['image/jpeg'],
      maxBytes: 8_000_000,
      maxSide: 1440,
      minSide: 320,
      aspect: { min: 0.5625, max: 1.91 },
    },
    videos: null,
    audio: null,
    documents: null,
    maxAltCharacters: null,
  },
  maxParts: 1,
  options: [
    {
      key: 'place',
      label: 'Place',
      help: 'Where it was taken.',
      required: false,
      kind: { kind: 'link' },
    },
  ],
};
const post: Format = {
  ...story,
  id: 'post',
  name: 'Post',
  text: { ...story.text, maxCharacters: 2200, maxHashtags: 30 },
};
const network = {
  platform: 'instagram',
  name: 'Instagram',
  formats: [post, story],
  quotas: [{ counts: 'posts', limit: 100, windowSeconds: 86_400, per: 'account' }],
  features: { threads: false, altText: true },
  connect: { kind: 'oauth', app: 'operator', permissions: [] },
} as unknown as Network;

describe('what a format takes', () => {
  it('leaves out what it does not take', () => {
    expect(formatFacts(story)).toEqual([
      ['Files', ['1 file']],
      [
        'Images',
        ['JPEG', 'Up to 8 MB', 'From 320 up to 1,440 pixels a side', 'Shapes from 9:16 to 1.91:1'],
      ],
    ]);
    expect(formatFacts(post)[0]).toEqual(['Text', ['Up to 2,200 characters', 'Up to 30 hashtags']]);
  });

  it('is said in round numbers', () => {
    expect([3, 60, 90, 900, 3600, 86_400, 604_800].map(duration)).toEqual([
      '3 s',
      '60 s',
      '90 s',
      '15 min',
      '60 min',
      '24 h',
      '7 days',
    ]);
    expect([0.8, 1, 1.91, 16 / 9, 2 / 3, 0.1].map(shape)).toEqual([
      '4:5',
      '1:1',
      '1.91:1',
      '16:9',
      '2:3',
      '1:10',
    ]);
  });

  it('calls types what people call them', () => {
    const kind = {
      kind: 'file' as const,
      rules: { types: ['application/x-subrip', 'text/vtt', 'application/pdf'], maxBytes: 1 },
    };
    expect(optionTakes({ key: 'c', label: 'C', help: '', required: false, kind })).toBe(
      'A file of the library: SRT, VTT, PDF',
    );
  });

  it('names an option once for all formats that have it', () => {
    expect(optionRows(network.formats)).toMatchObject([{ formats: ['Post', 'Story'] }]);
  });
});

describe('the search', () => {
  const find = (query: string) =>
    findEntries(entriesOf(network), { instagram: 'Instagram' }, query).map(({ title }) => title);

  it('wants every word, of the network, the kind or the text', () => {
    expect(find('instagram story')).toEqual(['Story', 'Place']);
    expect(find('hashtags')).toEqual(['Post']);
    expect(find('100 24 h')).toEqual(['Limit of posts']);
    expect(find('zebra')).toEqual([]);
    expect(find(' ')).toEqual([]);
  });

  it('puts titles before texts', () => {
    expect(find('place').at(0)).toBe('Place');
  });
});
