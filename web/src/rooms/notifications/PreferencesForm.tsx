import { Button, Card, Checkbox, Group, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { faultsByField } from '../../api/problem';
import { ErrorNote } from '../../ui/ErrorView';
import { Section } from '../../ui/Page';
import { notifyDone } from '../../ui/notify';
import { useSavePreferences, type Preferences } from './queries';
import { MAIL, isMail } from './words';

type Kind = Preferences['kinds'][number];
type PartProps = { value: Preferences; onChange: (change: Partial<Preferences>) => void };

const mails = Object.entries(MAIL).map(([value, label]) => ({ value, label }));
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

function KindRow({ kind, onChange }: { kind: Kind; onChange: (kind: Kind) => void }) {
  return (
    <Card padding="sm" component="li">
      <Group justify="space-between" gap="sm" role="group" aria-label={kind.title}>
        <Text size="sm" fw={500} style={{ flex: '1 1 240px' }}>
          {kind.title}
        </Text>
        <Group gap="md">
          <Checkbox label="In the app" checked={kind.inApp} onChange={(event) => onChange({ ...kind, inApp: event.currentTarget.checked })} />
          <Select size="sm" w={180} aria-label={`Mail: ${kind.title}`} data={mails} value={kind.mail} onChange={(mail) => isMail(mail) && onChange({ ...kind, mail })} />
        </Group>
      </Group>
    </Card>
  );
}

function Quiet({ value, onChange, faults }: PartProps & { faults: Readonly<Record<string, string>> }) {
  const on = value.quietFrom !== null;
  return (
    <Card>
      <Stack>
        <Switch label="No mails in quiet hours" checked={on} onChange={(event) => onChange(event.currentTarget.checked ? { quietFrom: '22:00', quietTo: '07:00' } : { quietFrom: null, quietTo: null })} />
        {on && (
          <SimpleGrid cols={{ base: 2, sm: 3 }}>
            <TextInput type="time" label="From" value={value.quietFrom ?? ''} error={faults['quietFrom']} onChange={(event) => onChange({ quietFrom: event.currentTarget.value })} />
            <TextInput type="time" label="To" value={value.quietTo ?? ''} error={faults['quietTo']} onChange={(event) => onChange({ quietTo: event.currentTarget.value })} />
          </SimpleGrid>
        )}
        {on && <Checkbox label="Urgent ones may come all the same" checked={value.urgentAnytime} onChange={(event) => onChange({ urgentAnytime: event.currentTarget.checked })} />}
        <Select
          label="Time zone" description="Of the quiet hours and of the daily mail." placeholder="The organisation's" data={zones} searchable clearable clearButtonProps={{ 'aria-label': "The organisation's time zone" }}
          value={value.timeZone} error={faults['timeZone']} onChange={(timeZone) => onChange({ timeZone })} nothingFoundMessage="No zone is called so." w={{ base: '100%', sm: 360 }}
        />
      </Stack>
    </Card>
  );
}

/** Kind by kind: in the app, by mail, or not at all; and when no mail may come. */
export function PreferencesForm({ preferences }: { preferences: Preferences }) {
  const [value, setValue] = useState(preferences);
  const save = useSavePreferences();
  const change = (part: Partial<Preferences>) => setValue((before) => ({ ...before, ...part }));
  const put = (kind: Kind) => change({ kinds: value.kinds.map((each) => (each.kind === kind.kind ? kind : each)) });
  const submit = () =>
    save.mutate(
      { ...value, kinds: value.kinds.map(({ kind, inApp, mail }) => ({ kind, inApp, mail })) },
      { onSuccess: () => notifyDone('Your choices are saved.') },
    );
  return (
    <>
      <Section title="What I am told of" note="In this organisation.">
        <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Kinds of notifications">
          {value.kinds.map((kind) => (
            <KindRow key={kind.kind} kind={kind} onChange={put} />
          ))}
        </Stack>
      </Section>
      <Section title="Quiet hours" note="Mails wait until they end; in the app it shows at once.">
        <Quiet value={value} onChange={change} faults={faultsByField(save.error)} />
      </Section>
      <ErrorNote error={save.error} />
      <Group>
        <Button loading={save.isPending} disabled={JSON.stringify(value) === JSON.stringify(preferences)} onClick={submit}>
          Save
        </Button>
      </Group>
    </>
  );
}
