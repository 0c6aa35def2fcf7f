import { PasswordInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { faultsByField } from '../../api/problem';
import { binder } from '../../ui/fields';

const MIN_PASSWORD = 12;

export const passwordRules = {
  password: (value: string) =>
    value.length < MIN_PASSWORD ? `Use at least ${MIN_PASSWORD} characters; a few unrelated words are easiest to remember.` : null,
  repeat: (value: string, values: { password: string }) => (value === values.password ? null : 'The two passwords differ.'),
};

/** A password field whose eye can be reached and named. */
export const eye = { visibilityToggleButtonProps: { 'aria-label': 'Show or hide the password', tabIndex: 0 } };

/** A new password, typed twice. */
export function NewPasswordFields<Form extends { password: string; repeat: string }>({ form, error }: { form: UseFormReturnType<Form>; error: unknown }) {
  const bind = binder(form, error);
  const refused = faultsByField(error)['newPassword'];
  const password = bind('password');
  return (
    <>
      <PasswordInput label="New password" description={`At least ${MIN_PASSWORD} characters.`} autoComplete="new-password" {...password} error={password.error ?? refused} {...eye} />
      <PasswordInput label="New password again" autoComplete="new-password" {...bind('repeat')} {...eye} />
    </>
  );
}
