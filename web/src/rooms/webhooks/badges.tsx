import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconCheck, IconClock, IconPlayerPause, IconPower, IconRefresh, IconX } from '@tabler/icons-react';
import type { DeliveryState } from './deliveries/search';
import type { Webhook } from './queries';
import { STATES, healthOf } from './words';

const icon = { size: 12, 'aria-hidden': true } as const;

const healthIcons: Readonly<Record<string, typeof IconCheck>> = { Off: IconPower, Paused: IconPlayerPause, Failing: IconAlertTriangle, Healthy: IconCheck };

export function HealthBadge({ webhook }: { webhook: Pick<Webhook, 'enabled' | 'disabledReason' | 'health'> }) {
  const { label, colour } = healthOf(webhook);
  const Icon = healthIcons[label] ?? IconCheck;
  return (
    <Badge color={colour} leftSection={<Icon {...icon} />}>
      {label}
    </Badge>
  );
}

const stateIcons: Readonly<Record<DeliveryState, typeof IconCheck>> = {
  waiting: IconClock, retrying: IconRefresh, succeeded: IconCheck, dead: IconX, cancelled: IconBan, skipped: IconBan,
};

export function StateBadge({ state }: { state: DeliveryState }) {
  const { label, colour } = STATES[state];
  const Icon = stateIcons[state];
  return (
    <Badge color={colour} leftSection={<Icon {...icon} />}>
      {label}
    </Badge>
  );
}
