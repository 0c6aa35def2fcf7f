import { Anchor, Modal, Stack, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';
import { ErrorNote } from '../../ui/ErrorView';
import { RowsLoading } from '../../ui/states';

type Mail = components['schemas']['MailSummary'];

const mailQuery = (mailId: string) =>
  queryOptions({
    queryKey: ['outbox', mailId],
    queryFn: () => take(api.GET('/api/demo/outbox/{mailId}', { params: { path: { mailId } } })),
  });

/** Plain text with its web addresses as links. */
function Linked({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+)/);
  return (
    <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} component="div">
      {parts.map((part, at) =>
        at % 2 === 1 ? (
          <Anchor key={part} href={part} inherit>
            {part}
          </Anchor>
        ) : (
          part
        ),
      )}
    </Text>
  );
}

/** One mail as it was written. */
export function MailDialog({ mail, onClose }: { mail: Mail; onClose: () => void }) {
  const whole = useQuery(mailQuery(mail.id));
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{mail.subject}</Text>} size="lg">
      <Stack>
        <Text size="sm" c="dimmed">
          To {mail.to}
        </Text>
        {whole.isPending && <RowsLoading rows={2} />}
        <ErrorNote error={whole.error} />
        {whole.data !== undefined && <Linked text={whole.data.text ?? 'This mail has been sent; its text is no longer kept.'} />}
      </Stack>
    </Modal>
  );
}
