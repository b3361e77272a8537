/** The mark: an A whose crossbar is a dot that has just been set down. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8.5" fill="#0e5263" />
      <path
        d="M8 23 14.6 8.6h2.8L24 23"
        fill="none"
        stroke="#fff"
        strokeWidth="3.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="20" r="2.6" fill="#f6a560" />
    </svg>
  );
}
