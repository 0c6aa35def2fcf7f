import type { ReactNode } from 'react';
import { Page } from '../../ui/Page';
import { TabNav } from '../../ui/TabNav';

const tabs = [
  { label: 'Profile', link: { to: '/account' } },
  { label: 'Security', link: { to: '/account/security' } },
  { label: 'Notifications', link: { to: '/account/notifications' } },
  { label: 'API keys', link: { to: '/account/keys' } },
] as const;

export function AccountFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Page title={title}>
      <TabNav label="Your account" tabs={tabs} />
      {children}
    </Page>
  );
}
