import { Alert, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay, IconPower } from '@tabler/icons-react';
import { useState } from 'react';
import { count } from '../../lib/count';
import { ErrorNote } from '../../ui/ErrorView';
import { notifyDone } from '../../ui/notify';
import { useResume, type Webhook } from './queries';
import { healthOf, showWaiting } from './words';

/** Asks what becomes of what waited, before sending goes on. */
function ResumeDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [held, setHeld] = useState<'deliver' | 'skip'>('deliver');
  const resume = useResume(webhook.id);
  const done = ({ skipped }: { skipped: number }) => {
    notifyDone(skipped > 0 ? `It is sent to again; ${count(skipped, 'delivery was', 'deliveries were')} skipped.` : 'It is sent to again.');
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Send to {webhook.name} again?</Text>}>
      <Stack>
        <Radio.Group size="md" label={`${showWaiting(webhook)} waiting: what becomes of them`} value={held} onChange={(value) => setHeld(value === 'skip' ? 'skip' : 'deliver')}>
          <Stack gap="sm" mt="xs">
            <Radio value="deliver" label="Deliver them, oldest first" description="The receiver misses nothing." data-autofocus />
            <Radio value="skip" label="Skip them" description="They stay in the list as skipped and can be replayed." />
          </Stack>
        </Radio.Group>
        <ErrorNote error={resume.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={resume.isPending} onClick={() => resume.mutate(held, { onSuccess: done })}>
            Resume
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** What its owner should know of a webhook that is not sent to as usual, and the way out. */
export function Notices({ webhook }: { webhook: Webhook }) {
  const [asking, setAsking] = useState(false);
  const { label, colour, tells } = healthOf(webhook);
  if (label === 'Healthy') return null;
  const titles: Readonly<Record<string, string>> = { Off: 'It is switched off', Paused: 'It was paused', Failing: 'The receiver does not take deliveries' };
  return (
    <>
      <Alert color={colour} icon={webhook.enabled ? <IconAlertTriangle aria-hidden /> : <IconPower aria-hidden />} title={titles[label]}>
        <Stack gap="xs">
          <Text size="sm">
            {tells} {webhook.waiting > 0 && `${showWaiting(webhook)} waiting.`}
          </Text>
          <Group>
            <Button size="xs" variant="default" leftSection={<IconPlayerPlay size={14} aria-hidden />} onClick={() => setAsking(true)}>
              {webhook.enabled ? 'Resume now' : 'Switch it on'}
            </Button>
          </Group>
        </Stack>
      </Alert>
      {asking && <ResumeDialog webhook={webhook} onClose={() => setAsking(false)} />}
    </>
  );
}
