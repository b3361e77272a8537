import type { SVGProps } from 'react';
import type { Platform } from '@/api/types';

/** Names as people know them; a network this build does not know shows its identifier. */
export const NETWORK_NAME: Record<Platform, string> = { bluesky: 'Bluesky', mastodon: 'Mastodon' };

/** The colour of a network, as a CSS value. */
export function networkColour(platform: string): string {
  return platform === 'bluesky' || platform === 'mastodon' ? `var(--${platform})` : 'var(--text-2)';
}

interface NetworkIconProps extends SVGProps<SVGSVGElement> {
  platform: string;
  size?: number;
}

/** A simple glyph of our own for each network (a butterfly, a speech bubble with an m; otherwise linked dots). */
export function NetworkIcon({ platform, size = 16, ...rest }: NetworkIconProps) {
  const frame = { width: size, height: size, viewBox: '0 0 24 24', 'aria-hidden': true, ...rest };
  if (platform === 'bluesky') {
    return (
      <svg {...frame} fill="currentColor">
        <path d="M12 10.6C10.4 7.5 7 4.6 4.6 3.7 3 3.1 2 3.9 2 5.6c0 1.5.8 5.6 1.3 6.5.8 1.6 2.7 2.1 4.8 1.8-2.8.5-4.2 1.8-2.5 4 1.9 2.5 4.8 2.6 6.4-1.2 1.6 3.8 4.5 3.7 6.4 1.2 1.7-2.2.3-3.5-2.5-4 2.1.3 4-.2 4.8-1.8.5-.9 1.3-5 1.3-6.5 0-1.7-1-2.5-2.6-1.9-2.4.9-5.8 3.8-7.4 6.9Z" />
      </svg>
    );
  }
  if (platform === 'mastodon') {
    // A solid bubble with the letter cut out of it, so that it also reads at 11 pixels.
    return (
      <svg {...frame} fill="currentColor" fillRule="evenodd">
        <path d="M12 2.2c4.7 0 9 1.8 9 6.9 0 3.9-.6 6.6-2.6 8-1.9 1.3-5.500 1.6-8.4 1.1v1.1c1.500.6 3.800.7 5.700.3v2c-3.600.9-8.300.4-10.700-2.700C3.300 16.700 3 13.200 3 9.100 3 4 7.300 2.200 12 2.200ZM7 14V9.200c0-3.600 4-3.700 5-1.400 1-2.300 5-2.200 5 1.400V14h-2.200V9.500c0-1.500-1.700-1.400-1.700.2v2.400h-2.200V9.700c0-1.6-1.700-1.700-1.700-.2V14H7Z" />
      </svg>
    );
  }
  return (
    <svg {...frame} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
      <circle cx="6" cy="12" r="2.5" />
      <circle cx="18" cy="6" r="2.5" />
      <circle cx="18" cy="18" r="2.5" />
      <path d="m8.3 10.9 7.4-3.8M8.3 13.1l7.4 3.8" />
    </svg>
  );
}
