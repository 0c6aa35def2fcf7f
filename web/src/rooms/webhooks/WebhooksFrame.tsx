import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { Page } from '../../ui/Page';
import { TabNav } from '../../ui/TabNav';

const tabs = [
  { label: 'Webhooks', link: { to: '/webhooks' } },
  { label: 'Given up', link: { to: '/webhooks/dead' } },
  { label: 'Replays', link: { to: '/webhooks/replays' } },
] as const;

/** What all webhooks have in common: the list, what was given up, replays. */
export function WebhooksFrame({ actions, children }: { actions?: ReactNode; children: ReactNode }) {
  return (
    <Page title="Webhooks" subtitle="Other systems hear of what happens here, as it happens." actions={actions}>
      <TabNav label="Webhooks" tabs={tabs} />
      {children}
    </Page>
  );
}

export function NoWebhooks() {
  return (
    <Page title="Webhooks">
      <Alert title="Only admins connect other systems">Ask an admin of your organisation.</Alert>
    </Page>
  );
}
