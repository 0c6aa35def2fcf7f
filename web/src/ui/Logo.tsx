/** The product's mark: three bars of a podium in the tenant's colour. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--mantine-color-brand-6)" />
      <path d="M7 23.5h5V17H7zm6.5 0h5v-15h-5zm6.5 0h5V13h-5z" fill="#fff" />
    </svg>
  );
}
