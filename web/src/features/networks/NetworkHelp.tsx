import { hrefOf } from '@/router/paths';
import { useNames } from '@/ui/networks';

/** Leads to what a network takes, in a window of its own: whoever asks is in the middle of something. */
export function NetworkHelp({ platform }: { platform: string }) {
  const name = useNames().network(platform);
  return (
    <a
      href={hrefOf({ to: '/networks/$id', params: { id: platform } })}
      target="_blank"
      rel="noreferrer"
    >
      What {name} takes
    </a>
  );
}
