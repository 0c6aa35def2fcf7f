import { Alert, Button, Card, Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { showDate } from '../../lib/dates';
import { ErrorNote } from '../../ui/ErrorView';
import { Page } from '../../ui/Page';
import { binder } from '../../ui/fields';
import { notifyDone } from '../../ui/notify';
import { useUpdateTenant, type Tenant } from './queries';
import { localeName, timeIn, zoneChoices } from './zones';

const LOCALE = /^[a-z]{2}(-[A-Z]{2})?$/;

function SettingsForm({ tenant }: { tenant: Tenant }) {
  const update = useUpdateTenant(tenant);
  const form = useForm({
    initialValues: { name: tenant.name, timezone: tenant.timezone, locale: tenant.locale },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give the organisation a name.' : null),
      locale: (value) => (LOCALE.test(value) ? null : 'Give a language such as en, or a language and a country such as en-GB.'),
    },
  });
  const bind = binder(form, update.error);
  const { timezone, locale } = form.values;
  const there = timeIn(timezone);
  return (
    <Card maw={560}>
      <form noValidate onSubmit={form.onSubmit((values) => update.mutate({ ...values, name: values.name.trim() }, { onSuccess: () => notifyDone('The settings are saved.') }))}>
        <Stack>
          <TextInput label="Name" description="Every page shows it, and so do invitations." maxLength={200} {...bind('name')} />
          <TextInput label="Short name" description="Stands in addresses, so it stays as it is." value={tenant.slug} readOnly />
          <Select label="Time zone" description={there === '' ? 'Of your events.' : `Of your events. It is ${there} there now.`} searchable limit={100} nothingFoundMessage="No zone of this name" data={zoneChoices(tenant.timezone)} {...bind('timezone')} />
          <TextInput label="Language" description={LOCALE.test(locale) ? localeName(locale) : 'Such as en or en-GB.'} maxLength={5} {...bind('locale')} />
          <ErrorNote error={update.error} />
          <Group>
            <Button type="submit" loading={update.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

/** What is true of the whole organisation. */
export function SettingsPage({ tenant, mayEdit }: { tenant: Tenant; mayEdit: boolean }) {
  return (
    <Page title="Settings" subtitle={`Of the whole organisation, here since ${showDate(tenant.createdAt)}.`}>
      {mayEdit ? <SettingsForm key={tenant.version} tenant={tenant} /> : <Alert title="Only an admin changes these">Ask an admin of {tenant.name}.</Alert>}
    </Page>
  );
}
