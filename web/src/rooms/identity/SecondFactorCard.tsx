import { Badge, Button, Card, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { CopyText } from '../../ui/CopyText';
import { FormDialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorView';
import { binder } from '../../ui/fields';
import { notifyDone } from '../../ui/notify';
import { eye } from './NewPasswordFields';
import { RecoveryCodes } from './RecoveryCodes';
import { useConfirm, useDisable, useEnrol, useRenewCodes } from './second-factor';

type Purpose = 'enrol' | 'disable' | 'renew';

const asks: Readonly<Record<Purpose, Readonly<{ title: string; submit: string }>>> = {
  enrol: { title: 'Set up an authenticator app', submit: 'Continue' },
  disable: { title: 'Switch the second factor off?', submit: 'Switch it off' },
  renew: { title: 'New recovery codes', submit: 'Replace the old codes' },
};

function PasswordDialog({ purpose, busy, error, onClose, onPassword }: { purpose: Purpose; busy: boolean; error: unknown; onClose: () => void; onPassword: (password: string) => void }) {
  const form = useForm({ initialValues: { password: '' }, validate: { password: (value) => (value === '' ? 'Give your password.' : null) } });
  const bind = binder(form, error);
  return (
    <FormDialog opened onClose={onClose} {...asks[purpose]} busy={busy} error={error} onSubmit={form.onSubmit(({ password }) => onPassword(password))}>
      <PasswordInput label="Your password, once more" autoComplete="current-password" data-autofocus {...bind('password')} {...eye} />
    </FormDialog>
  );
}

/** The QR code comes as an SVG document; as an image it can run no script. */
const asImage = (svg: string): string => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

function Scan({ enrolment, onCodes }: { enrolment: { secret: string; qrSvg: string }; onCodes: (codes: readonly string[]) => void }) {
  const confirm = useConfirm();
  const form = useForm({
    initialValues: { code: '' },
    validate: { code: (value) => (/^\d{6}$/.test(value.replace(/\s/g, '')) ? null : 'Give the six digits that the app shows now.') },
  });
  const bind = binder(form, confirm.error);
  return (
    <form onSubmit={form.onSubmit(({ code }) => confirm.mutate(code.replace(/\s/g, ''), { onSuccess: ({ codes }) => onCodes(codes) }))} noValidate>
      <Stack>
        <Text size="sm">Scan this with the authenticator app on your phone. It is shown only now.</Text>
        <img src={asImage(enrolment.qrSvg)} alt="QR code for the authenticator app" width={200} height={200} style={{ background: '#fff', padding: 8, borderRadius: 8 }} />
        <Text size="sm">Or type this secret into the app:</Text>
        <CopyText value={enrolment.secret} label="the secret" />
        <TextInput label="Code the app shows now" inputMode="numeric" autoComplete="one-time-code" maw={220} {...bind('code')} />
        <ErrorNote error={confirm.error} />
        <Group>
          <Button type="submit" loading={confirm.isPending}>
            Switch it on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The second factor: off, being set up, or on. */
export function SecondFactorCard({ on }: { on: boolean }) {
  const [purpose, setPurpose] = useState<Purpose | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [enrol, disable, renew] = [useEnrol(), useDisable(), useRenewCodes()];
  const present = { enrol, disable, renew };
  const close = () => {
    if (purpose !== null) present[purpose].reset();
    setPurpose(null);
  };
  const withPassword = (password: string) => {
    if (purpose === 'enrol') enrol.mutate(password, { onSuccess: () => setPurpose(null) });
    if (purpose === 'disable') disable.mutate(password, { onSuccess: () => { close(); notifyDone('The second factor is off.'); } });
    if (purpose === 'renew') renew.mutate(password, { onSuccess: (made) => { setCodes(made.codes); close(); } });
  };
  return (
    <Card maw={560}>
      <Stack>
        {codes !== null && <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />}
        {codes === null && enrol.data !== undefined && !on && <Scan enrolment={enrol.data} onCodes={setCodes} />}
        {codes === null && (on || enrol.data === undefined) && (
          <>
            <Group gap="xs">
              <Text size="sm" fw={600}>
                Authenticator app
              </Text>
              <Badge color={on ? 'teal' : 'gray'}>{on ? 'On' : 'Off'}</Badge>
            </Group>
            <Group>
              {on ? (
                <>
                  <Button variant="default" onClick={() => setPurpose('renew')}>
                    New recovery codes
                  </Button>
                  <Button variant="default" onClick={() => setPurpose('disable')}>
                    Switch it off
                  </Button>
                </>
              ) : (
                <Button onClick={() => setPurpose('enrol')}>Set it up</Button>
              )}
            </Group>
          </>
        )}
      </Stack>
      {purpose !== null && <PasswordDialog purpose={purpose} busy={present[purpose].isPending} error={present[purpose].error} onClose={close} onPassword={withPassword} />}
    </Card>
  );
}
