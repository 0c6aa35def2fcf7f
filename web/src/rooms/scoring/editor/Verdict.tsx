import { Alert, Anchor, List } from '@mantine/core';
import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import { count } from '../../../lib/count';
import { ErrorNote } from '../../../ui/ErrorView';
import type { Fault } from './faults';

type Props = { faults: readonly Fault[]; checking: boolean; error: unknown; onShow: (fault: Fault) => void };

/** Whether the rules can be saved; each fault leads to its place in the text. */
export function Verdict({ faults, checking, error, onShow }: Props) {
  if (faults.length > 0) {
    return (
      <Alert color="red" role="status" icon={<IconAlertCircle aria-hidden />} title={`${count(faults.length, 'fault')} to mend`}>
        <List size="sm" spacing={4}>
          {faults.map((fault) => (
            <List.Item key={`${fault.about} ${fault.detail}`}>
              <Anchor component="button" type="button" size="sm" fw={600} c="inherit" underline="always" onClick={() => onShow(fault)}>
                {fault.about} (line {fault.line})
              </Anchor>
              : {fault.detail}
            </List.Item>
          ))}
        </List>
      </Alert>
    );
  }
  if (error !== null) return <ErrorNote error={error} />;
  return (
    <Alert color={checking ? 'gray' : 'teal'} role="status" icon={<IconCheck aria-hidden />} title={checking ? 'Being checked…' : 'These rules can be saved'}>
      {checking ? 'A moment.' : 'Every part is understood, and the worked examples among them come out as they say.'}
    </Alert>
  );
}
