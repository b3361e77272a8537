import type { Network } from '@/api/types';
import { connectWords, FEATURES, formatFacts, optionRows, optionTakes, quotaWords } from './words';

/** Something to know about a network, as the search finds it. */
export interface Entry {
  platform: Network['platform'];
  /** The anchor of its place on the network's page. */
  anchor: string;
  /** What kind of thing it is, such as "Format". */
  kind: string;
  title: string;
  text: string;
}

/** The anchors of a network's page; none is like a chapter's of a guide. */
export const anchors = {
  glance: 'network-glance',
  limits: 'network-limits',
  permissions: 'network-permissions',
  format: (id: string) => `format-${id}`,
  option: (key: string) => `option-${key}`,
};

export function entriesOf(network: Network): Entry[] {
  const { platform } = network;
  const can = FEATURES.filter(([feature]) => network.features[feature]).map(([, label]) => label);
  return [
    {
      platform,
      anchor: anchors.glance,
      kind: 'At a glance',
      title: network.name,
      text: `${can.join(', ')}. ${connectWords(network)}`,
    },
    ...network.formats.map((format) => ({
      platform,
      anchor: anchors.format(format.id),
      kind: 'Format',
      title: format.name,
      text: formatFacts(format)
        .map(([label, lines]) => `${label}: ${lines.join('; ')}`)
        .join('. '),
    })),
    ...optionRows(network.formats).map(({ option, formats }) => ({
      platform,
      anchor: anchors.option(option.key),
      kind: 'Option',
      title: option.label,
      text: [option.help, optionTakes(option), `For ${formats.join(', ')}`]
        .filter(Boolean)
        .map((part) => part.replace(/\.$/, ''))
        .join('. '),
    })),
    ...network.quotas.map((quota) => ({
      platform,
      anchor: anchors.limits,
      kind: 'Limit',
      title: `Limit of ${quota.counts}`,
      text: quotaWords(quota),
    })),
    ...network.connect.permissions.map(({ scope, why }) => ({
      platform,
      anchor: anchors.permissions,
      kind: 'Permission',
      title: scope,
      text: why,
    })),
  ];
}

/** The entries that contain every typed word; what begins with one of them in its title comes first. */
export function findEntries(
  entries: readonly Entry[],
  names: Record<string, string>,
  query: string,
): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const rank = ({ title }: Entry) =>
    words.some((word) => ` ${title.toLowerCase()}`.includes(` ${word}`)) ? 0 : 1;
  return entries
    .filter((entry) => {
      const text =
        `${names[entry.platform] ?? entry.platform} ${entry.kind} ${entry.title} ${entry.text}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => rank(a) - rank(b));
}
