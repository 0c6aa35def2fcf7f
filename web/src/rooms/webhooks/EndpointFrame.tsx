import { ActionIcon, Menu, Switch } from '@mantine/core';
import { IconDots, IconRepeat, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { count } from '../../lib/count';
import { Confirm } from '../../ui/Dialog';
import { TextLink } from '../../ui/LinkButton';
import { Page } from '../../ui/Page';
import { TabNav, type Tab } from '../../ui/TabNav';
import { notifyDone, notifyFailed } from '../../ui/notify';
import { Notices } from './Notices';
import { HealthBadge } from './badges';
import { useDeleteWebhook, useUpdateWebhook, type Webhook } from './queries';
import { KINDS } from './words';

const tabsOf = ({ id: webhookId, kind }: Webhook): readonly Tab[] => {
  const params = { webhookId };
  const settings: readonly Tab[] = [{ label: 'Settings', link: { to: '/webhooks/$webhookId/settings', params } }];
  const overview: readonly Tab[] = [{ label: 'Overview', link: { to: '/webhooks/$webhookId', params } }];
  const security: readonly Tab[] = [{ label: kind === 'http' ? 'Secrets and sign-in' : 'Sign-in', link: { to: '/webhooks/$webhookId/security', params } }];
  if (kind !== 'http') return [...overview, ...settings, ...(kind === 'feed' ? [] : security)];
  return [
    ...overview,
    { label: 'Deliveries', link: { to: '/webhooks/$webhookId/deliveries', params } },
    { label: 'Test', link: { to: '/webhooks/$webhookId/test', params } },
    ...settings,
    ...security,
  ];
};

type Props = { webhook: Webhook; onGone: () => void; onReplay: () => void; children: ReactNode };

function OnOff({ webhook }: { webhook: Webhook }) {
  const update = useUpdateWebhook(webhook);
  return (
    <Switch
      label={webhook.enabled ? 'On' : 'Off'} aria-label="This webhook is on" checked={webhook.enabled} disabled={update.isPending}
      onChange={(event) => update.mutate({ enabled: event.currentTarget.checked }, { onError: notifyFailed })}
    />
  );
}

function More({ webhook, onGone, onReplay }: Omit<Props, 'children'>) {
  const [asking, setAsking] = useState(false);
  const remove = useDeleteWebhook(webhook.id);
  const gone = () => {
    notifyDone(`${webhook.name} is deleted.`);
    onGone();
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label="More actions">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {webhook.kind === 'http' && (
            <Menu.Item onClick={onReplay} leftSection={<IconRepeat size={16} aria-hidden />}>
              Replay events to it
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setAsking(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm opened={asking} onClose={() => setAsking(false)} title={`Delete ${webhook.name}?`} confirm="Delete it" danger busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate(undefined, { onSuccess: gone })}>
        Nothing is sent to it any more, and its secrets are gone for good.{' '}
        {webhook.waiting > 0 ? `${count(webhook.waiting, 'delivery waits', 'deliveries wait')} and will never be made. ` : ''}
        To stop it only for a while, switch it off instead: then what happens meanwhile waits.
      </Confirm>
    </>
  );
}

/** Frame of the pages of one webhook: what it is called, how it is, on or off. */
export function EndpointFrame({ webhook, onGone, onReplay, children }: Props) {
  return (
    <Page
      title={webhook.name} badge={<HealthBadge webhook={webhook} />} subtitle={<span style={{ overflowWrap: 'anywhere' }}>{webhook.description || webhook.url || KINDS[webhook.kind].label}</span>}
      crumbs={[<TextLink key="all" to="/webhooks" size="sm">Webhooks</TextLink>]}
      actions={
        <>
          <OnOff webhook={webhook} />
          <More webhook={webhook} onGone={onGone} onReplay={onReplay} />
        </>
      }
    >
      <TabNav label={`Parts of ${webhook.name}`} tabs={tabsOf(webhook)} />
      <Notices webhook={webhook} />
      {children}
    </Page>
  );
}
