import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ErrorNote } from '../../ui/ErrorView';
import { TextLink } from '../../ui/LinkButton';

export type Credentials = { email: string; password: string };

type Props = { onSubmit: (credentials: Credentials) => void; busy: boolean; error: unknown };

export function SignInForm({ onSubmit, busy, error }: Props) {
  const form = useForm<Credentials>({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : 'Give your e-mail address, such as ana@example.org.'),
      password: (value) => (value === '' ? 'Give your password.' : null),
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => onSubmit({ ...values, email: values.email.trim() }))} noValidate>
      <Stack gap="md">
        <TextInput label="E-mail" type="email" autoComplete="username" key={form.key('email')} {...form.getInputProps('email')} />
        <PasswordInput label="Password" autoComplete="current-password" key={form.key('password')} {...form.getInputProps('password')} visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }} />
        <ErrorNote error={error} />
        <Button type="submit" size="md" loading={busy} fullWidth>
          Sign in
        </Button>
        <TextLink to="/forgot-password" size="sm" ta="center">
          Forgot your password?
        </TextLink>
      </Stack>
    </form>
  );
}
