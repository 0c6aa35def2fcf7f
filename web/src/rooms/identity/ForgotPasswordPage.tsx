import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ErrorNote } from '../../ui/ErrorView';
import { FrontDoor } from '../../ui/FrontDoor';
import { LinkButton, TextLink } from '../../ui/LinkButton';
import { binder } from '../../ui/fields';
import { useForgotPassword } from './queries';

export function ForgotPasswordPage() {
  const forgot = useForgotPassword();
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'Give your e-mail address, such as ana@example.org.') },
  });
  const bind = binder(form, forgot.error);
  if (forgot.isSuccess) {
    return (
      <FrontDoor title="Look into your mail">
        <Stack>
          <Text size="sm">
            If there is an account for <strong>{form.values.email}</strong>, a link to set a new password is on its way. It works once, and not for long.
          </Text>
          <LinkButton to="/sign-in" variant="default" fullWidth>
            Back to signing in
          </LinkButton>
        </Stack>
      </FrontDoor>
    );
  }
  return (
    <FrontDoor title="Forgot your password?" lead="You get a link by e-mail to set a new one." footer={<TextLink to="/sign-in">Back to signing in</TextLink>}>
      <form onSubmit={form.onSubmit(({ email }) => forgot.mutate(email.trim()))} noValidate>
        <Stack>
          <TextInput label="E-mail" type="email" autoComplete="username" {...bind('email')} />
          <ErrorNote error={forgot.error} />
          <Button type="submit" size="md" loading={forgot.isPending} fullWidth>
            Send the link
          </Button>
        </Stack>
      </form>
    </FrontDoor>
  );
}
