import { Button, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { ErrorNote } from '../../ui/ErrorView';
import type { SecondStep } from './queries';

type Props = { onSubmit: (step: SecondStep) => void; onBack: () => void; busy: boolean; error: unknown };

/** The second step of signing in: a code of the authenticator app, or one of the recovery codes. */
export function SecondStepForm({ onSubmit, onBack, busy, error }: Props) {
  const [recovery, setRecovery] = useState(false);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: {
      code: (value) => {
        if (recovery) return value.trim() === '' ? 'Give one of your recovery codes.' : null;
        return /^\d{6}$/.test(value.replace(/\s/g, '')) ? null : 'Give the six digits that the app shows now.';
      },
    },
  });
  return (
    <form onSubmit={form.onSubmit(({ code }) => onSubmit(recovery ? { kind: 'recovery', code: code.trim() } : { kind: 'app', code: code.replace(/\s/g, '') }))} noValidate>
      <Stack gap="md">
        <TextInput
          // The first step has just gone with its focus; the reader goes on here.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          label={recovery ? 'Recovery code' : 'Code of your authenticator app'}
          description={recovery ? 'Each recovery code works once.' : 'Six digits; a new code every 30 seconds.'}
          inputMode={recovery ? 'text' : 'numeric'} autoComplete="one-time-code"
          key={`${form.key('code')} ${recovery}`} {...form.getInputProps('code')}
        />
        <ErrorNote error={error} />
        <Button type="submit" size="md" loading={busy} fullWidth>
          Continue
        </Button>
        <UnstyledButton
          ta="center" fz="sm" c="var(--mantine-color-anchor)"
          onClick={() => {
            form.reset();
            setRecovery(!recovery);
          }}
        >
          {recovery ? 'Use the authenticator app instead' : 'Use a recovery code instead'}
        </UnstyledButton>
        <UnstyledButton ta="center" onClick={onBack}>
          <Text size="sm" c="dimmed">
            Back to e-mail and password
          </Text>
        </UnstyledButton>
      </Stack>
    </form>
  );
}
