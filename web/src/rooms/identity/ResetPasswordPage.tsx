import { Button, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ErrorNote } from '../../ui/ErrorView';
import { FrontDoor } from '../../ui/FrontDoor';
import { LinkButton, TextLink } from '../../ui/LinkButton';
import { NewPasswordFields, passwordRules } from './NewPasswordFields';
import { useResetPassword } from './queries';

/** The page behind the link of a reset mail; the token stands behind '#', so no server log ever holds it. */
export function ResetPasswordPage({ token }: { token: string }) {
  const reset = useResetPassword();
  const form = useForm({ initialValues: { password: '', repeat: '' }, validate: passwordRules });
  if (reset.isSuccess || token === '') {
    return (
      <FrontDoor title={token === '' ? 'This link is not complete' : 'Your password is changed'}>
        <Stack>
          <Text size="sm">
            {token === ''
              ? 'Open the link from the mail once more, or ask for another one.'
              : 'You are signed out everywhere. Sign in with the new password.'}
          </Text>
          {token === '' ? <LinkButton to="/forgot-password">Ask for another link</LinkButton> : <LinkButton to="/sign-in">Sign in</LinkButton>}
        </Stack>
      </FrontDoor>
    );
  }
  return (
    <FrontDoor title="Set a new password" footer={<TextLink to="/forgot-password">Ask for another link</TextLink>}>
      <form onSubmit={form.onSubmit(({ password }) => reset.mutate({ token, newPassword: password }))} noValidate>
        <Stack>
          <NewPasswordFields form={form} error={reset.error} />
          <ErrorNote error={reset.error} />
          <Button type="submit" size="md" loading={reset.isPending} fullWidth>
            Set the password
          </Button>
        </Stack>
      </form>
    </FrontDoor>
  );
}
