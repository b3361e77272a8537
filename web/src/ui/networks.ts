import { createContext, use } from 'react';

/** How a network looks beside others. */
export interface Brand {
  /** As `#rrggbb`. */
  colour: string;
  /** The `d` of an SVG path in a box of 24 by 24. */
  glyph: string;
}

export interface NetworkLook {
  platform: string;
  name: string;
  brand: Brand;
}

/** What the server says of the networks; empty until it has answered. */
export const NetworksContext = createContext<readonly NetworkLook[]>([]);

export function useNetwork(platform: string): NetworkLook | undefined {
  return use(NetworksContext).find((network) => network.platform === platform);
}

/** The names by which people know networks and accounts on them. */
export function useNames() {
  const networks = use(NetworksContext);
  const network = (platform: string): string =>
    networks.find((item) => item.platform === platform)?.name ??
    platform.charAt(0).toUpperCase() + platform.slice(1);
  return {
    network,
    /** "Ada Lovelace on Bluesky". */
    account: (account: { platform: string; displayName: string; username: string }) =>
      `${account.displayName || account.username} on ${network(account.platform)}`,
    /** "ada.example on Bluesky". */
    target: (target: { platform: string; accountName: string }) =>
      `${target.accountName} on ${network(target.platform)}`,
  };
}
